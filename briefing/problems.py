"""Problems of a briefing: their codes, severities and positions. A user's mistake is a value of this module, never an
exception.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Literal, NamedTuple, get_args
from warnings import warn

__all__ = ["Problem", "Severity", "Span"]

# Every code that a problem can have. ``reporting.explanations`` collects what each one means.
Code = Literal[
    "bad-address",
    "bad-citation",
    "bad-contact",
    "bad-date",
    "bad-id",
    "bad-name",
    "bad-parts",
    "bad-pin",
    "bad-url",
    "based-on-retired",
    "better-paragraph",
    "bottom-line-too-long",
    "broken-redirect",
    "changed-paragraph",
    "circular-succession",
    "closer-paragraph",
    "comment-in-text",
    "common-word",
    "copied",
    "damaged-characters",
    "date-after-source",
    "date-mismatch",
    "denied-in-source",
    "double-negation",
    "duplicate-id",
    "duplicate-key",
    "duplicate-reference",
    "empty-file",
    "empty-value",
    "encoding",
    "evidence-for-unknown",
    "hedged-in-source",
    "hidden-character",
    "idle-consequence",
    "ignored-file",
    "impossible-date",
    "insufficient-evidence",
    "json-syntax",
    "kind-mismatch",
    "likelihood-in-prose",
    "likelihood-mismatch",
    "long-quotation",
    "merge-conflict",
    "misattributed-quotation",
    "misquoted",
    "missing-field",
    "missing-file",
    "missing-published",
    "misspelt-id",
    "mixed-scripts",
    "name-not-in-about",
    "names-exchanged",
    "names-reversed",
    "newer-format",
    "no-citation",
    "no-facts",
    "no-horizon",
    "no-reason",
    "not-a-sentence",
    "not-in-source",
    "not-unused",
    "nothing-to-check",
    "numbers-exchanged",
    "opposite-word",
    "other-calendar",
    "out-of-range",
    "outdated-tense",
    "page-path-conflict",
    "position-outside-country",
    "quotes-around-value",
    "read-too-early",
    "redundant-citation",
    "relates-to-retired",
    "reused-id",
    "reversed-range",
    "said-by-another",
    "self-reference",
    "speaker-not-named",
    "template-error",
    "template-leftover",
    "text-mismatch",
    "title-as-quotation",
    "too-large",
    "too-much-quoted",
    "translation-differs",
    "unattributed",
    "uncited-name",
    "uncited-number",
    "uncited-paragraph",
    "unconfirmed-addition",
    "unconfirmed-count",
    "unconfirmed-negation",
    "unconfirmed-quotation",
    "unexplained-change",
    "unexplained-derivation",
    "ungraded",
    "unknown-actor",
    "unknown-entity",
    "unknown-fact",
    "unknown-field",
    "unknown-file",
    "unknown-name",
    "unknown-paragraph",
    "unknown-place",
    "unknown-question",
    "unknown-source",
    "unknown-term",
    "unknown-topic",
    "unknown-value",
    "unlisted-published",
    "unlisted-topic",
    "unprintable",
    "unreadable-file",
    "unrelated-target",
    "unsupported",
    "unsupported-clause",
    "unsupported-logic",
    "unsupported-negation",
    "unsupported-title",
    "unused-actor",
    "unused-allowance",
    "unused-place",
    "unused-question",
    "unused-source",
    "unused-term",
    "weekday-mismatch",
    "withheld-fact",
    "wrong-cell-count",
    "wrong-type",
    "yaml-alias",
    "yaml-syntax",
    "yaml-tag",
]
CODES: tuple[Code, ...] = get_args(Code)
_CODE_NAMED: Mapping[str, Code] = {code: code for code in CODES}

# The old names of codes. A link or a command that uses one still finds its explanation.
RENAMED_CODES: Mapping[str, Code] = {
    "after-source": "date-after-source",
    "allowed-in-vain": "unused-allowance",
    "cited-after-all": "not-unused",
    "hangs-on-retired": "relates-to-retired",
    "idle-citation": "redundant-citation",
    "loose-name": "uncited-name",
    "loose-number": "uncited-number",
    "moved-nowhere": "broken-redirect",
    "no-hard-word": "nothing-to-check",
    "other-text": "text-mismatch",
    "page-clash": "page-path-conflict",
    "rests-on-retired": "based-on-retired",
    "retired-id": "reused-id",
    "stale-future": "outdated-tense",
    "uneven-row": "wrong-cell-count",
    "unreal-date": "impossible-date",
}

# Comparing this many pairs of misspelt and known ids takes up to a second. Preparing an id for that takes as long as
# some comparisons.
_MOST_COMPARISONS = 100_000
_PREPARATION = 20


def as_code(text: str) -> Code:
    """Return the code with this name, which is not an old one. Raises KeyError if there is none."""
    return _CODE_NAMED[text]


class Severity(StrEnum):
    """``error`` prevents publishing; ``warning`` prevents it only in a strict build; ``note`` never does.

    A rule that is new, or that is often wrong, gives notes.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Span(NamedTuple):
    """A stretch of a file. Lines and columns count from 1, columns in characters; the end is exclusive."""

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong. ``hint`` is an instruction; ``fix`` is the text that replaces ``place``. Either may be
    empty.

    A fix is safe if it removes the problem, adds none, and keeps everything that was written: its author could have
    meant nothing else. ``is_safe`` is False for every other fix, which is only suggested.

    ``subject`` is the id that the problem is about: an undefined id that a record refers to, otherwise the id of the
    record that has the problem. ``expected`` is the id that should replace it. Both are empty if unknown.
    """

    place: Span
    code: Code
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    fix: str = ""
    # The message contains these too. Order and equality ignore them, so that output does not depend on them.
    subject: str = field(default="", compare=False)
    expected: str = field(default="", compare=False)
    is_safe: bool = field(default=False, compare=False)

    @property
    def help(self) -> str:
        """The old name of ``hint``; removed in version 0.3."""
        warn("Problem.help is now Problem.hint; version 0.3 removes the old name", DeprecationWarning, stacklevel=2)
        return self.hint

    @property
    def mend(self) -> str:
        """The old name of ``fix``; removed in version 0.3."""
        warn("Problem.mend is now Problem.fix; version 0.3 removes the old name", DeprecationWarning, stacklevel=2)
        return self.fix


def sort_key(problem: Problem) -> tuple[Span, str, str, str, str, str]:
    """Return what problems are ordered by. Sorting many of them by it takes a fifth of the time."""
    return problem.place, problem.code, problem.message, problem.hint, problem.severity, problem.fix


def nearest(word: str, candidates: Iterable[str]) -> str:
    """Return the candidate most like ``word``, or an empty string if none is close."""
    return next(iter(_near(word, candidates, 1)), "")


def _near(word: str, candidates: Iterable[str], most: int) -> list[str]:
    spellings = {candidate.lower(): candidate for candidate in sorted(candidates)}
    return [spellings[found] for found in get_close_matches(word.lower(), spellings, n=most, cutoff=0.6)]


class KnownIds:
    """The ids that a field may refer to, or other words that may be written, and the one closest to a misspelt one.

    Comparing thousands of misspelt ids with thousands of known ones takes minutes. Only the first distinct ones are
    compared, up to ``_MOST_COMPARISONS``; the rest get no suggestion. Each id always gets the same answer. Each run of
    a rule or of the parser creates its own objects, so that its suggestions do not depend on others.
    """

    def __init__(self, ids: Set[str]) -> None:
        self._ids = ids
        self._most = _MOST_COMPARISONS // (_PREPARATION + len(ids))
        self._near: dict[str, list[str]] = {}

    def __contains__(self, wanted: str) -> bool:
        return wanted in self._ids

    def nearest(self, wanted: str, other_than: str = "") -> str:
        """Return the known id most like ``wanted``, except ``other_than``; empty if none is close or was compared."""
        if wanted not in self._near and len(self._near) < self._most:
            # Two, so that one remains if the other is ``other_than``.
            self._near[wanted] = _near(wanted, self._ids, 2)
        return next((near for near in self._near.get(wanted, ()) if near != other_than), "")


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Return ``did you mean '…'?`` with the closest candidate, or an empty string."""
    found = nearest(word, candidates)
    return f"did you mean '{found}'?" if found else ""


def has_errors(problems: Iterable[Problem]) -> bool:
    """Return whether any of the problems prevents publishing."""
    return any(problem.severity is Severity.ERROR for problem in problems)
