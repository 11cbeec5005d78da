"""Problems as text, JSON and GitHub annotations."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache

from briefing.model.briefing import Briefing
from briefing.problems import Problem, Severity, Span
from briefing.text.characters import UNSEEN, printable

# The number of problems to print. A longer list is not read, and most of the others have the same few causes.
MOST_SHOWN = 200
# The maximum length of a message, which may quote a text.
_LONGEST = 500
# The maximum length of a source line. If the terminal wrapped it, the underlining would be in the wrong place.
_WIDEST = 100
# The maximum length of the text before the marked place, if the line is cut.
_BEFORE = 60
_TAB = "    "


def limit_problems(problems: Iterable[Problem]) -> tuple[list[Problem], str]:
    """Return the problems to print, and a line about the rest (empty if there are none). If there are too many,
    errors come before warnings, and warnings before notes.
    """
    problems = list(problems)
    if len(problems) <= MOST_SHOWN:
        return problems, ""
    order = list(Severity)
    first = sorted(problems, key=lambda problem: order.index(problem.severity))[:MOST_SHOWN]
    return sorted(first), f"{len(problems) - MOST_SHOWN:,} more problems; list all with: briefing check --format json"


def format_problem_line(problem: Problem) -> str:
    """Return a problem as one line: ``file:line:col: severity code message — hint``."""
    if not problem.hint:
        return _head(problem)
    return f"{_head(problem)} — {_plain(problem.hint)}"


def format_problems(problems: Iterable[Problem], text_of: Callable[[str], str | None]) -> list[str]:
    """Return what ``format_problem`` returns for each problem. A corrected line has the fixes of all its problems.

    ``text_of`` returns the text of a file, or None if it is not available.
    """
    problems = list(problems)
    fixable: dict[tuple[str, int], list[Problem]] = {}
    for problem in problems:
        fixable.setdefault(problem.place[:2], []).append(problem)
    return [format_problem(problem, text_of(problem.place.file), fixable[problem.place[:2]]) for problem in problems]


def format_problem(problem: Problem, text: str | None, of_line: Iterable[Problem] = ()) -> str:
    """Return a problem with the lines around its place, underlined, the hint and, if known, the corrected line.

    ``text`` is the text of the file; None if it is not available. ``of_line`` are the problems of the same line, which
    are corrected too: otherwise an editor who copies one corrected line after the other would undo the first.
    """
    lines = _lines(text) if text else []
    place = problem.place
    width = len(str(min(place.line + 1, len(lines))))
    # A file that is missing or empty has no such line.
    is_shown = place.line <= len(lines)
    shown = [_head(problem)]
    cut = 0
    if is_shown:
        if len(lines[place.line - 1]) > _WIDEST:
            cut = max(0, place.column - 1 - _BEFORE)
        for number in range(max(1, place.line - 1), min(place.line + 1, len(lines)) + 1):
            line = lines[number - 1]
            shown.append(f"{number:>{width}} | {_cut(line, cut)}".rstrip())
            if number == place.line:
                shown.append(f"{'':{width}} | {_underlining(line, place, cut)}")
    if problem.hint:
        shown.append(f"{'':{width}} = {_plain(problem.hint)}")
    if _is_corrected(problem) and is_shown:
        shown.append(f"{'':{width}} = corrected:")
        corrected = _correct_line(lines[place.line - 1], [problem, *of_line])
        first, *new = corrected.split("\n")
        shown.append(f"{place.line:>{width}} | {_cut(first, cut)}".rstrip())
        # A new line replaces none.
        shown += [f"{'+':>{width}} | {_cut(line, cut)}".rstrip() for line in new]
    return "\n".join(shown)


def _is_corrected(problem: Problem) -> bool:
    return bool(problem.fix) and problem.place.line == problem.place.end_line


def _correct_line(line: str, problems: Iterable[Problem]) -> str:
    """Return the line with the fixes of its problems. Of two that overlap, the first is applied."""
    applied: list[Problem] = []
    for problem in filter(_is_corrected, problems):
        start, end = problem.place.column, problem.place.end_column
        if all(end <= other.place.column or start >= other.place.end_column for other in applied):
            applied.append(problem)
    for problem in sorted(applied, key=lambda one: one.place, reverse=True):
        line = line[: problem.place.column - 1] + problem.fix + line[problem.place.end_column - 1 :]
    return line


def _underlining(line: str, place: Span, cut: int) -> str:
    """Return the underlining of a place in a line that is shown without its first ``cut`` characters."""
    start = place.column - 1
    end = cut + _WIDEST
    if place.end_line == place.line:
        end = min(end, place.end_column - 1)
    lead = _columns(_visible(line[cut:start]))
    # The ellipsis takes up a column.
    if cut:
        lead += 1
    # The place is empty if something is missing there.
    width = max(1, _columns(_visible(line[start:end].rstrip())))
    return " " * lead + "^" * width


def github_annotation(problem: Problem, folder: str = "") -> str:
    """Return a problem as a GitHub workflow command. ``folder`` is the path from the repository's root to the briefing.

    Columns are included only if the place is on one line, as GitHub requires.
    """
    place = problem.place
    file = f"{folder}{place.file}"
    properties = {"title": problem.code, "file": file, "line": place.line, "endLine": place.end_line}
    if place.line == place.end_line:
        properties |= {"col": place.column, "endColumn": place.end_column}
    escaped = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in properties.items())
    level = "notice" if problem.severity is Severity.NOTE else problem.severity
    return f"::{level} {escaped}::{_escaped(f'{folder}{format_problem_line(problem)}')}"


def problems_json(briefing: Briefing, problems: Iterable[Problem]) -> str:
    """Return a JSON object on one line: ``problems``, and ``counts`` of the records that were read.

    A problem has ``severity``, ``code``, ``message``, ``hint`` (what to do), ``fix`` (the text that replaces the
    marked place), ``is_safe`` (whether ``check --fix`` applies the fix without asking), ``subject`` (the id that the
    problem is about), ``expected`` (the correct id), ``file``, ``line``, ``column``, ``end_line`` and ``end_column``.
    Any of ``hint``, ``fix``, ``subject`` and ``expected`` may be empty.
    ``help`` and ``mend`` are the old names of ``hint`` and ``fix``.

    Lines and columns count from 1, columns in characters; the end is exclusive. Paths are relative to the briefing's
    folder.
    """
    listed = [
        {
            "severity": problem.severity,
            "code": problem.code,
            "message": problem.message,
            "hint": problem.hint,
            "fix": problem.fix,
            "is_safe": problem.is_safe,
            **old_names(problem),
            "subject": problem.subject,
            "expected": problem.expected,
            **problem.place._asdict(),
        }
        for problem in problems
    ]
    return json.dumps({"problems": listed, "counts": dict(_counts(briefing))}, ensure_ascii=False)


def old_names(problem: Problem) -> dict[str, str]:
    """Return ``hint`` and ``fix`` under their names from version 0.1. Version 0.3 will drop these."""
    return {"help": problem.hint, "mend": problem.fix}


def _head(problem: Problem) -> str:
    place = problem.place
    where = f"{_plain(place.file)}:{place.line}:{place.column}"
    return f"{where}: {problem.severity} {problem.code} {_plain(problem.message)}"


# A file may have many problems, and they are sorted by file.
@lru_cache(4)
def _lines(text: str) -> list[str]:
    return text.splitlines()


def _cut(line: str, cut: int) -> str:
    shown = _visible(line[cut : cut + _WIDEST])
    if cut and shown:
        shown = f"…{shown}"
    if cut + _WIDEST < len(line):
        shown += "…"
    return shown


def _visible(text: str) -> str:
    """Return the text with control and invisible characters replaced. Each other character keeps its column."""
    return UNSEEN.sub("�", text).replace("\t", _TAB)


def _plain(text: str) -> str:
    """Return the text on one line, with control and invisible characters as U+XXXX."""
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}…"
    # `printable` leaves these alone, but they would break the line or shift the rest of it.
    return re.sub("[\t\n]", lambda found: f"U+{ord(found[0]):04X}", printable(text))


def _columns(text: str) -> int:
    """Return the width of a text in terminal columns: two for a wide character, none for a combining one."""
    columns = 0
    for char in text:
        if unicodedata.category(char) in ("Mn", "Me", "Cf"):
            continue
        # Wide and fullwidth characters (Unicode Standard Annex 11).
        columns += 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
    return columns


def _escaped(text: str, more: str = "") -> str:
    # Escape the percent sign first, because the other replacements contain it.
    for char in f"%\r\n{more}":
        text = text.replace(char, f"%{ord(char):02X}")
    return text


def format_summary(briefing: Briefing, problems: Iterable[Problem]) -> str:
    """Return a line such as ``12 facts, 3 sources, 4 actors, 2 places, 5 terms: no problems``."""
    numbers = Counter(problem.severity for problem in problems)
    found = [format_count(numbers[severity], severity) for severity in Severity if numbers[severity]]
    records = ", ".join(format_count(number, name) for name, number in _counts(briefing))
    return f"{records}: {', '.join(found) or 'no problems'}"


def format_unread(briefing: Briefing) -> str:
    """Return a line about the files with records that could not be read, or an empty text if there are none."""
    unread = sorted(briefing.unread.intersection(briefing.files))
    if not unread:
        return ""
    files = unread[0] if len(unread) == 1 else f"{unread[0]} and {format_count(len(unread) - 1, 'other file')}"
    return f"not everything in {files} could be read, so some records are not checked or counted here:"


def format_history_fault(fault: str) -> str:
    """Return the line that explains why a site has no history although there is a repository."""
    return f"the site will not show the history of its facts: {fault}"


def _counts(briefing: Briefing) -> tuple[tuple[str, int], ...]:
    return (
        ("fact", len(briefing.facts)),
        ("source", len(briefing.sources)),
        ("actor", len(briefing.actors)),
        ("place", len(briefing.places)),
        ("term", len(briefing.terms)),
    )


def format_count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 fact``, ``2 facts``."""
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"
