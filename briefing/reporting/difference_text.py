"""A difference between two states as text, Markdown and JSON."""

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

_NOT_COMPARED = "the sentences were not compared: one of the two states makes no pages"
# A sentence on the status bar changes on every page.
_PAGES_NAMED = 5
# A code block in a comment on GitHub shows somewhat more characters a line.
_WIDTH = 88


def format_difference(found: Difference) -> str:
    """A difference as text: what changed, losses first; the sentences that change for readers; the problems."""
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
    """A difference for a comment on a change: problems, records, and then where readers meet them.

    What facts say stands in code only, so that none of it is markup, in lines that can be read without scrolling.
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
    """A difference as JSON: ``changes`` and ``problems`` always, ``pages`` null where they were not compared."""
    changes = [
        {
            **asdict(classed.change),
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
            # "2 records removed, 1 changed": what is counted is said once.
            count = str(numbers[what]) if parts else format_count(numbers[what], "record")
            parts.append(f"{count} {what}")
    records = ", ".join(parts) or "no record changed"
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
    """The fields of a change as lines of a diff, under what the record says where that is not among them."""
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
    # Each line has the mark, which colours it as removed or added.
    return wrap(
        text,
        _WIDTH,
        initial_indent=mark,
        subsequent_indent=f"{mark}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _sentences(found: Difference) -> Iterator[tuple[str, str, str]]:
    """Each sentence that changes once, before and after, with the pages on which it does."""
    where: dict[tuple[str, str], list[str]] = {}
    for page in found.pages or ():
        # The title of a fact's page is its sentence, which is what changes.
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
    """The lines as a block of code, fenced so that nothing in it ends the block."""
    longest = max((len(run) for run in re.findall("`+", " ".join(lines))), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *lines, fence]
