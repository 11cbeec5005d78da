"""What can be wrong with a briefing, how badly, and where. User mistakes are values of this module, never
exceptions.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import NamedTuple
from warnings import warn

__all__ = ["Problem", "Severity", "Span"]

# Comparing misspelt ids with known ones takes up to two seconds for this many pairs.
_MOST_COMPARISONS = 100_000


class Severity(StrEnum):
    """``error`` keeps the site from being published; ``warning`` does so only where a build is strict."""

    ERROR = "error"
    WARNING = "warning"


class Span(NamedTuple):
    """A stretch of a file. Lines and columns count from 1, columns in characters; the end is exclusive."""

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong. ``hint`` says what to do about it and may be empty; ``fix`` is the text to write in
    place of ``place``, where it is known.

    ``subject`` is the id that the problem is about: where an id is named that no record has, that id, otherwise the id
    of the record in which the problem is, where known. ``expected`` is the id that should be there instead, where
    known.
    """

    place: Span
    code: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    fix: str = ""
    # The message has these, too. They take no part in order and equality, so that output does not depend on them.
    subject: str = field(default="", compare=False)
    expected: str = field(default="", compare=False)

    @property
    def help(self) -> str:
        """The old name of ``hint``, until version 0.3."""
        warn("Problem.help is now Problem.hint; the old name goes in 0.3", DeprecationWarning, stacklevel=2)
        return self.hint

    @property
    def mend(self) -> str:
        """The old name of ``fix``, until version 0.3."""
        warn("Problem.mend is now Problem.fix; the old name goes in 0.3", DeprecationWarning, stacklevel=2)
        return self.fix


def nearest(word: str, candidates: Iterable[str]) -> str:
    """The candidate most like ``word``, or an empty text where none is near."""
    return next(iter(_near(word, candidates, 1)), "")


def _near(word: str, candidates: Iterable[str], most: int) -> list[str]:
    spellings = {candidate.lower(): candidate for candidate in sorted(candidates)}
    return [spellings[found] for found in get_close_matches(word.lower(), spellings, n=most, cutoff=0.6)]


class KnownIds:
    """The ids that a field may name, and the nearest of them to one that is misspelt.

    Where thousands of ids are misspelt, comparing each of them with thousands of others takes minutes. So only the
    first different ones are compared, as many as ``_MOST_COMPARISONS`` allow; the others have no nearest id. The answer
    for an id stays the same. Each run of a rule has its own object, so that what it suggests does not depend on other
    rules.
    """

    def __init__(self, ids: Set[str]) -> None:
        self._ids = ids
        self._most = _MOST_COMPARISONS // max(1, len(ids))
        self._near: dict[str, list[str]] = {}

    def __contains__(self, wanted: str) -> bool:
        return wanted in self._ids

    def nearest(self, wanted: str, other_than: str = "") -> str:
        """The known id that is most like ``wanted`` and is not ``other_than``; empty where none is near or compared."""
        if wanted not in self._near and len(self._near) < self._most:
            # Two, so that one is left where the other is ``other_than``.
            self._near[wanted] = _near(wanted, self._ids, 2)
        return next((near for near in self._near.get(wanted, ()) if near != other_than), "")


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """``did you mean '…'?`` for the nearest candidate, or an empty text."""
    found = nearest(word, candidates)
    return f"did you mean '{found}'?" if found else ""


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of the problems forbids publishing."""
    return any(problem.severity is Severity.ERROR for problem in problems)
