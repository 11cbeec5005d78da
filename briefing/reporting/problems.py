"""Problems as text, JSON and GitHub annotations."""

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from briefing.model.briefing import Briefing
from briefing.problems import Problem, Severity
from briefing.text.characters import UNSEEN, printable

MOST_TOLD = 200  # problems
_LONGEST = 500  # characters of a message; it may quote a text
_WIDEST = 100  # characters of a line that are shown; a terminal that breaks lines breaks the underlining
_BEFORE = 60  # of these at most so many before the place, where the line is longer
_TAB = "    "


def limit_problems(problems: Iterable[Problem]) -> tuple[list[Problem], str]:
    """The problems that are told one by one, and a line on all others (empty: there are none). Where they are too many,
    warnings give way to errors.
    """
    problems = list(problems)
    if len(problems) <= MOST_TOLD:
        return problems, ""
    first = sorted(problems, key=lambda problem: problem.severity is not Severity.ERROR)[:MOST_TOLD]
    return sorted(first), f"{len(problems) - MOST_TOLD:,} more problems: briefing check --format json tells all"


def format_problem_line(problem: Problem) -> str:
    """In one line: ``file:line:col: severity code message``, and the mend behind a dash."""
    fix = f" — {_plain(problem.hint)}" if problem.hint else ""
    return f"{_head(problem)}{fix}"


def format_problem(problem: Problem, text: str | None) -> str:
    """With the lines around the place from its file's ``text`` (None: not at hand), the place underlined, the help,
    and, where it is known, the line as it should be.
    """
    lines = _lines(text) if text else []
    place = problem.place
    width = len(str(min(place.line + 1, len(lines))))
    shown = [_head(problem)]
    if place.line <= len(lines):
        start, cut = place.column - 1, max(0, place.column - 1 - _BEFORE)
        cut = cut if len(lines[place.line - 1]) > _WIDEST else 0
        for number in range(max(1, place.line - 1), min(place.line + 1, len(lines)) + 1):
            line = lines[number - 1]
            shown.append(f"{number:>{width}} | {_cut(line, cut)}".rstrip())
            if number == place.line:
                end = place.end_column - 1 if place.end_line == place.line else len(line)
                end = min(end, cut + _WIDEST)
                before, under = _visible(line[cut:start]), _visible(line[start:end].rstrip())
                lead = " " * (_columns(before) + (cut > 0))
                shown.append(f"{'':{width}} | {lead}{'^' * max(1, _columns(under))}")
    if problem.hint:
        shown.append(f"{'':{width}} = {_plain(problem.hint)}")
    if problem.fix and place.line == place.end_line and place.line <= len(lines):
        line = lines[place.line - 1]
        mended = line[: place.column - 1] + problem.fix + line[place.end_column - 1 :]
        shown.append(f"{'':{width}} = write: {_cut(mended.strip(), 0)}")
    return "\n".join(shown)


def github_annotation(problem: Problem, folder: str = "") -> str:
    """A workflow command, as GitHub documents them; ``folder`` leads from the repository's root to the briefing.

    Columns are told only for a place on one line: GitHub takes no others.
    """
    place = problem.place
    file = f"{folder}{place.file}"
    properties = {"title": problem.code, "file": file, "line": place.line, "endLine": place.end_line}
    if place.line == place.end_line:
        properties |= {"col": place.column, "endColumn": place.end_column}
    escaped = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in properties.items())
    return f"::{problem.severity} {escaped}::{_escaped(f'{folder}{format_problem_line(problem)}')}"


def problems_json(briefing: Briefing, problems: Iterable[Problem]) -> str:
    """An object on one line: ``problems`` and ``counts`` of the records that were read.

    A problem has ``severity``, ``code``, ``message``, ``hint`` (what to do about it), ``fix`` (the text to write in
    place of the stretch), ``subject`` (the id that the problem is about), ``expected`` (the id that should be there
    instead; these four may be empty), ``file``, ``line``, ``column``, ``end_line`` and ``end_column``. ``help`` and
    ``mend`` are the old names of ``hint`` and ``fix``.

    Lines and columns count from 1, columns in characters; the end is exclusive. A file is told from the briefing's
    folder.
    """
    told = [
        {
            "severity": problem.severity,
            "code": problem.code,
            "message": problem.message,
            "hint": problem.hint,
            "fix": problem.fix,
            **old_names(problem),
            "subject": problem.subject,
            "expected": problem.expected,
            **problem.place._asdict(),
        }
        for problem in problems
    ]
    return json.dumps({"problems": told, "counts": dict(_counts(briefing))}, ensure_ascii=False)


def old_names(problem: Problem) -> dict[str, str]:
    """``hint`` and ``fix`` under the names that they had in version 0.1, until 0.3."""
    return {"help": problem.hint, "mend": problem.fix}


def _head(problem: Problem) -> str:
    place = problem.place
    said = f"{problem.severity} {problem.code} {_plain(problem.message)}"
    return f"{_plain(place.file)}:{place.line}:{place.column}: {said}"


@lru_cache(4)
def _lines(text: str) -> list[str]:
    """Of a text in which there may be many problems."""
    return text.splitlines()


def _cut(line: str, cut: int) -> str:
    kept = line[cut : cut + _WIDEST]
    lead = "…" if cut and kept else ""
    return f"{lead}{_visible(kept)}{'…' if cut + _WIDEST < len(line) else ''}"


def _visible(text: str) -> str:
    """The text with nothing in it that a terminal obeys or does not show; each character keeps its column."""
    return UNSEEN.sub("�", text).replace("\t", _TAB)


def _plain(text: str) -> str:
    """The text on one line, with what a terminal obeys or does not show as U+XXXX."""
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return re.sub("[\t\n]", lambda found: f"U+{ord(found[0]):04X}", printable(text))


def _columns(text: str) -> int:
    """How many columns of a terminal the text takes: two for a wide sign, none for a combining one."""
    return sum(
        0 if unicodedata.category(sign) in ("Mn", "Me", "Cf") else 1 + (unicodedata.east_asian_width(sign) in "WF")
        for sign in text
    )


def _escaped(text: str, more: str = "") -> str:
    for sign in f"%\r\n{more}":  # % first: the others make some
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


def format_summary(briefing: Briefing, problems: Iterable[Problem]) -> str:
    """``12 facts, 3 sources, 4 actors, 2 places, 5 terms: no problems``."""
    severities = [problem.severity for problem in problems]
    found = [
        format_count(number, name) for name in Severity if (number := sum(severity is name for severity in severities))
    ]
    records = ", ".join(format_count(number, name) for name, number in _counts(briefing))
    return f"{records}: {', '.join(found) or 'no problems'}"


def format_history_fault(fault: str) -> str:
    """Return the line that says why a site has no history although there is a repository."""
    return f"the site has no history of its facts: {fault}"


def _counts(briefing: Briefing) -> tuple[tuple[str, int], ...]:
    return (
        ("fact", len(briefing.facts)),
        ("source", len(briefing.sources)),
        ("actor", len(briefing.actors)),
        ("place", len(briefing.places)),
        ("term", len(briefing.terms)),
    )


def format_count(number: int, noun: str) -> str:
    """``1 fact``, ``2 facts``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
