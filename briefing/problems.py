"""What can be wrong, how badly, and where. A user's mistake is a value of this module, never an exception."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import NamedTuple

__all__ = ["Problem", "Severity", "Span"]


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
    """One thing that is wrong. ``help`` says how to mend it and may be empty; ``mend`` is what can be written in place
    of ``place``, where that is known.

    ``subject`` is the id that the problem is about: where an id is named that no record has, that id, otherwise the id
    of the record in which the problem is, where known. ``expected`` is the id that should be there instead, where
    known.
    """

    place: Span
    code: str
    message: str
    help: str = ""
    severity: Severity = Severity.ERROR
    mend: str = ""
    # the message has these, too: they take no part in order and equality, so that output does not depend on them
    subject: str = field(default="", compare=False)
    expected: str = field(default="", compare=False)


def nearest(word: str, candidates: Iterable[str]) -> str:
    """The candidate most like ``word``, or an empty text where none is near."""
    spellings = {candidate.lower(): candidate for candidate in sorted(candidates)}
    found = get_close_matches(word.lower(), spellings, n=1, cutoff=0.6)
    return spellings[found[0]] if found else ""


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """``did you mean '…'?`` for the nearest candidate, or an empty text."""
    found = nearest(word, candidates)
    return f"did you mean '{found}'?" if found else ""


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of the problems forbids publishing."""
    return any(problem.severity is Severity.ERROR for problem in problems)
