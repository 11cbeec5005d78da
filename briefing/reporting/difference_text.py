"""A difference between two states as text, Markdown and JSON."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from textwrap import wrap

from briefing.model.history import LOSSES_FIRST
from briefing.reporting.difference import ClassedChange, Difference
from briefing.reporting.problems import format_count, format_problem_line, old_names
from briefing.text.characters import printable

_NOT_COMPARED = "the sentences were not compared: one of the two states makes no pages"
_PAGES_NAMED = 5
_WIDTH = 88  # of a code block in a comment on GitHub, with room to spare


def format_difference(found: Difference) -> str:
    """A difference as text: what changed, losses first; the sentences that change for readers; the problems."""
    lines = [_format_totals(found)]
    for classed in found.changes:
        lines += ["", f"{_format_change(classed)}: {classed.change.says}"]
        lines += [f"    {line}" for line in _format_fields(classed)]
    for where, before, after in _sentences(found):
        lines += ["", f"{where}:"]
        lines += [f"  {sign} {text}" for sign, text in (("-", before), ("+", after)) if text]
    lines += ["", *(format_problem_line(problem) for problem in found.problems)] if found.problems else []
    return printable("\n".join(lines))


def format_difference_as_markdown(found: Difference) -> str:
    """A difference for a comment on a change: problems, records, and then where readers meet them.

    What facts say stands in code only, so that none of it is markup, in lines that can be read without scrolling.
    """
    lines = ["## What this changes for readers", "", _format_totals(found)]
    if found.problems:
        said = [line for problem in found.problems for line in _wrapped("", format_problem_line(problem))]
        lines += ["", "### Problems", "", *_fenced("text", said)]
    if found.changes:
        lines += ["", "### Records"]
    for classed in found.changes:
        lines += ["", f"{_code(_format_change(classed))}", "", *_fenced("diff", list(_signed_fields(classed)))]
    together: dict[str, list[str]] = {}  # sentences that change on the same pages
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
            "fields": [{**asdict(one), "classes": classes} for one, classes in classed.fields],
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
    for what in LOSSES_FIRST:
        if number := sum(classed.change.what == what for classed in found.changes):
            parts.append(f"{number if parts else format_count(number, 'record')} {what}")
    told = ", ".join(parts) or "no record changed"
    if found.pages is None:
        sentences = _NOT_COMPARED
    else:
        number = len({pair for page in found.pages for pair in page.sentences})
        sentences = f"{format_count(number, 'sentence')} on {format_count(len(found.pages), 'page')}"
    return f"{told}; {sentences}; {format_count(len(found.problems), 'problem') if found.problems else 'no problems'}"


def _format_change(classed: ClassedChange) -> str:
    change = classed.change
    was = f" (was {change.was})" if change.was else ""
    classes = f" [{', '.join(classed.classes)}]" if classed.classes else ""
    return f"{change.what}: {change.kind} {change.id}{was}{classes}"


def _format_fields(classed: ClassedChange) -> Iterator[str]:
    for one, _ in classed.fields:
        before, after = ("; ".join(values) or "nothing" for values in (one.before, one.after))
        yield f"{one.field}: {after}" if classed.change.what == "added" else f"{one.field}: {before} → {after}"


def _signed_fields(classed: ClassedChange) -> Iterator[str]:
    """The fields of a change as lines of a diff, under what the record says where that is not among them."""
    change = classed.change
    if not any((change.says,) in (one.before, one.after) for one, _ in classed.fields):
        sign = {"added": "+", "removed": "-"}.get(change.what, " ")
        yield from _wrapped(f"{sign} ", change.says)
    for one, _ in classed.fields:
        before, after = (f"{one.field}: {'; '.join(values)}" if values else "" for values in (one.before, one.after))
        yield from _signed(before, after)


def _signed(before: str, after: str) -> Iterator[str]:
    for sign, text in (("- ", before), ("+ ", after)):
        if text:
            yield from _wrapped(sign, text)


def _wrapped(sign: str, text: str) -> list[str]:
    return wrap(
        text,
        _WIDTH,
        initial_indent=sign,
        subsequent_indent=f"{sign}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _sentences(found: Difference) -> Iterator[tuple[str, str, str]]:
    """Each sentence that changes once, before and after, with the pages on which it does."""
    where: dict[tuple[str, str], list[str]] = {}
    for page in found.pages or ():
        for pair in page.sentences:
            where.setdefault(pair, []).append(page.title if not page.is_fact else f"/{page.path.removesuffix('.md')}/")
    for (before, after), titles in where.items():
        named = ", ".join(titles[:_PAGES_NAMED])
        more = f" and {len(titles) - _PAGES_NAMED} more" if len(titles) > _PAGES_NAMED else ""
        yield f"on {named}{more}", before, after


def _code(text: str) -> str:
    return f"`{' '.join(text.replace('`', ' ').split())}`"


def _fenced(language: str, lines: list[str]) -> list[str]:
    """The lines as a block of code, fenced so that nothing in it ends the block."""
    longest = max((len(run) for run in re.findall("`+", " ".join(lines))), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *lines, fence]
