"""Format a difference between two states as text, Markdown and JSON."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from textwrap import wrap

from briefing.model.history import LOSSES_FIRST
from briefing.reporting.difference import ClassedChange, Difference
from briefing.reporting.problems import format_count, format_problem_line, old_names
from briefing.text.characters import printable

_NOT_COMPARED = "sentences not compared, because one of the two states cannot be rendered"
# The number of pages to list. A sentence in the status bar changes on every page.
_PAGES_NAMED = 5
# A code block in a comment on GitHub has room for slightly more characters per line.
_WIDTH = 88


def format_difference(found: Difference) -> str:
    """Return a difference as text: records, losses first, then the sentences that readers see, then problems."""
    lines = [_format_totals(found)]
    for classed in found.changes:
        lines += ["", f"{_format_change(classed)}: {classed.change.says}"]
        lines += [f"    {line}" for line in _format_fields(classed)]
    for where, before, after in _sentences(found):
        lines += ["", f"{where}:"]
        if before:
            lines.append(f"  - {before}")
        if after:
            lines.append(f"  + {after}")
    if found.problems:
        lines += ["", *(format_problem_line(problem) for problem in found.problems)]
    return printable("\n".join(lines))


def format_difference_as_markdown(found: Difference) -> str:
    """Return a difference as Markdown for a pull request comment: problems, then records, then sentences.

    Text from facts is always in code, so that none of it is markup, and wrapped, so that it needs no scrolling.
    """
    lines = ["## What this changes for readers", "", _format_totals(found)]
    if found.problems:
        wrapped = [line for problem in found.problems for line in _wrapped("", format_problem_line(problem))]
        lines += ["", "### Problems", "", *_fenced("text", wrapped)]
    if found.changes:
        lines += ["", "### Records"]
    for classed in found.changes:
        lines += ["", f"{_code(_format_change(classed))}", "", *_fenced("diff", list(_signed_fields(classed)))]
    # Sentences that change on the same pages share a block.
    together: dict[str, list[str]] = {}
    for where, before, after in _sentences(found):
        together.setdefault(where, []).extend(_signed(before, after))
    if together:
        lines += ["", "### Sentences"]
    for where, signed in together.items():
        lines += ["", f"{_code(where)}", "", *_fenced("diff", signed)]
    return printable("\n".join(lines))


def format_difference_as_json(found: Difference) -> str:
    """Return a difference as JSON: ``changes``, ``problems`` and ``pages``, which is null if they were not compared."""
    changes = [
        {
            **{name: value for name, value in asdict(classed.change).items() if name != "when"},
            "classes": classed.classes,
            "fields": [{**asdict(change), "classes": classes} for change, classes in classed.fields],
        }
        for classed in found.changes
    ]
    pages = None
    if found.pages is not None:
        pages = [
            {
                "path": page.path,
                "title": page.title,
                "sentences": [{"before": before, "after": after} for before, after in page.sentences],
            }
            for page in found.pages
        ]
    problems = [{**asdict(problem), **old_names(problem)} for problem in found.problems]
    return json.dumps({"changes": changes, "pages": pages, "problems": problems}, ensure_ascii=False, indent=2)


def _format_totals(found: Difference) -> str:
    parts: list[str] = []
    numbers = Counter(classed.change.what for classed in found.changes)
    for what in LOSSES_FIRST:
        if numbers[what]:
            # Write the noun once: "2 records removed, 1 changed".
            count = str(numbers[what]) if parts else format_count(numbers[what], "record")
            parts.append(f"{count} {what}")
    records = ", ".join(parts) or "no records changed"
    sentences = _NOT_COMPARED
    if found.pages is not None:
        # A sentence that changes on several pages counts once.
        number = len({pair for page in found.pages for pair in page.sentences})
        sentences = f"{format_count(number, 'sentence')} on {format_count(len(found.pages), 'page')}"
    problems = "no problems"
    if found.problems:
        problems = format_count(len(found.problems), "problem")
    return f"{records}; {sentences}; {problems}"


def _format_change(classed: ClassedChange) -> str:
    change = classed.change
    line = f"{change.what}: {change.kind} {change.id}"
    if change.was:
        line += f" (was {change.was})"
    if classed.classes:
        line += f" [{', '.join(classed.classes)}]"
    return line


def _format_fields(classed: ClassedChange) -> Iterator[str]:
    for field_change, _ in classed.fields:
        before = "; ".join(field_change.before) or "nothing"
        after = "; ".join(field_change.after) or "nothing"
        if classed.change.what == "added":
            yield f"{field_change.field}: {after}"
        else:
            yield f"{field_change.field}: {before} → {after}"


def _signed_fields(classed: ClassedChange) -> Iterator[str]:
    """Yield the fields of a change as lines of a diff. The record's text comes first, unless it is one of them."""
    change = classed.change
    if not any((change.says,) in (field_change.before, field_change.after) for field_change, _ in classed.fields):
        mark = {"added": "+ ", "removed": "- "}.get(change.what, "  ")
        yield from _wrapped(mark, change.says)
    for field_change, _ in classed.fields:
        if field_change.before:
            yield from _wrapped("- ", f"{field_change.field}: {'; '.join(field_change.before)}")
        if field_change.after:
            yield from _wrapped("+ ", f"{field_change.field}: {'; '.join(field_change.after)}")


def _signed(before: str, after: str) -> Iterator[str]:
    if before:
        yield from _wrapped("- ", before)
    if after:
        yield from _wrapped("+ ", after)


def _wrapped(mark: str, text: str) -> list[str]:
    # Repeat the mark on each line, so that GitHub colours all of them.
    return wrap(
        text,
        _WIDTH,
        initial_indent=mark,
        subsequent_indent=f"{mark}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _sentences(found: Difference) -> Iterator[tuple[str, str, str]]:
    """Yield each changed sentence once: the pages it is on, then the text before and after."""
    where: dict[tuple[str, str], list[str]] = {}
    for page in found.pages or ():
        # The title of a fact's page is the sentence itself, so use the address instead.
        name = f"/{page.path.removesuffix('.md')}/" if page.is_fact else page.title
        for pair in page.sentences:
            where.setdefault(pair, []).append(name)
    for (before, after), names in where.items():
        pages = ", ".join(names[:_PAGES_NAMED])
        if len(names) > _PAGES_NAMED:
            pages += f" and {len(names) - _PAGES_NAMED} more"
        yield f"on {pages}", before, after


def _code(text: str) -> str:
    return f"`{' '.join(text.replace('`', ' ').split())}`"


def _fenced(language: str, lines: list[str]) -> list[str]:
    """Return the lines as a code block, with a fence longer than any in the lines."""
    longest = max((len(run) for run in re.findall("`+", " ".join(lines))), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *lines, fence]
