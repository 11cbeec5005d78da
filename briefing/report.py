"""Problems as text, as annotations of GitHub's and as JSON; and what else the command line says."""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict

from briefing.load import UNPRINTABLE
from briefing.model import Briefing
from briefing.problems import Problem, Severity
from briefing.rules.evidence import Fit
from briefing.views.coverage import Coverage

_WIDEST = 100  # characters of a line that are shown; a terminal that breaks lines breaks the underlining
_BEFORE = 60  # of these at most so many before the place, where the line is longer
_TAB = "    "


def said_problem(problem: Problem) -> str:
    """In one line: ``file:line:col: severity code message``, and the mend behind a dash."""
    mend = f" — {problem.help}" if problem.help else ""
    return f"{_head(problem)}{mend}"


def shown_problem(problem: Problem, text: str | None) -> str:
    """With the lines around the place from its file's ``text`` (None: not at hand), the place underlined, the help,
    and, where it is known, the line as it should be.
    """
    lines = text.splitlines() if text else []
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
    if problem.help:
        shown.append(f"{'':{width}} = {problem.help}")
    if problem.mend and place.line == place.end_line and place.line <= len(lines):
        line = lines[place.line - 1]
        mended = line[: place.column - 1] + problem.mend + line[place.end_column - 1 :]
        shown.append(f"{'':{width}} = write: {_visible(mended.strip())}")
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
    return f"::{problem.severity} {escaped}::{_escaped(f'{folder}{said_problem(problem)}')}"


def problems_json(briefing: Briefing, problems: Iterable[Problem]) -> str:
    """An object on one line: ``problems``, each with ``severity``, ``code``, ``message``, ``help``, ``mend`` (what to
    write in place of the stretch; ``help`` and ``mend`` may be empty), ``file``, ``line``, ``column``, ``end_line`` and
    ``end_column``; and ``counts`` of the records that were read.

    Lines and columns count from 1, columns in characters; the end is exclusive. A file is told from the briefing's
    folder.
    """
    told = [
        {
            "severity": problem.severity,
            "code": problem.code,
            "message": problem.message,
            "help": problem.help,
            "mend": problem.mend,
            **asdict(problem.place),
        }
        for problem in problems
    ]
    return json.dumps({"problems": told, "counts": dict(_counts(briefing))}, ensure_ascii=False)


def _head(problem: Problem) -> str:
    place = problem.place
    return f"{place.file}:{place.line}:{place.column}: {problem.severity} {problem.code} {problem.message}"


def _cut(line: str, cut: int) -> str:
    kept = line[cut : cut + _WIDEST]
    lead = "…" if cut and kept else ""
    return f"{lead}{_visible(kept)}{'…' if cut + _WIDEST < len(line) else ''}"


def _visible(text: str) -> str:
    """The text with nothing in it that a terminal obeys."""
    return re.sub(f"{UNPRINTABLE.pattern}|[\x85\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", "�", text).replace(
        "\t", _TAB
    )


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


def said_fit(fit: Fit) -> str:
    """How a fact fits what it cites, and the next best; a ``!`` where that is clearly better."""
    other = f", next best {fit.other} with {fit.other_fit:.1f}" if fit.other else ""
    return f"{'!' if fit.clear else ' '} {fit.fact.id}: {fit.source.id}:{fit.cited} fits with {fit.fit:.1f}{other}"


def said_coverage(coverage: Coverage) -> str:
    """``report: 47 of 52 paragraphs cited, 5 declared unused, 0 open``, and a line for each that is not cited."""
    unit = coverage.source.unit or "part"
    total = len(coverage.parts)
    done = 100 * (coverage.cited + coverage.declared) // total if total else 100
    lines = [
        f"{coverage.source.id}: {coverage.cited} of {total} {unit}s cited, {coverage.declared} declared unused,"
        f" {len(coverage.open)} open: {done} %"
    ]
    lines += [f"  {unit} {p.number}: {p.not_used or 'OPEN'}" for p in coverage.parts if not p.facts]
    return "\n".join(lines)


def said_summary(briefing: Briefing, problems: Iterable[Problem]) -> str:
    """``12 facts, 3 sources, 4 actors, 2 places, 5 terms: no problems``."""
    severities = [problem.severity for problem in problems]
    found = [
        _counted(number, name) for name in Severity if (number := sum(severity is name for severity in severities))
    ]
    records = ", ".join(_counted(number, name) for name, number in _counts(briefing))
    return f"{records}: {', '.join(found) or 'no problems'}"


def _counts(briefing: Briefing) -> tuple[tuple[str, int], ...]:
    return (
        ("fact", len(briefing.facts)),
        ("source", len(briefing.sources)),
        ("actor", len(briefing.actors)),
        ("place", len(briefing.places)),
        ("term", len(briefing.terms)),
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
