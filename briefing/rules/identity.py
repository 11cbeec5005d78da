"""One id, one record; one path, one page."""

import posixpath
from collections.abc import Iterator

from briefing import paths
from briefing.model import Briefing
from briefing.problems import Problem, Span


def check_ids(briefing: Briefing) -> Iterator[Problem]:
    """``duplicate-id``: an id names one record only, of whatever kind."""
    first: dict[str, Span] = {}
    for record in briefing.records():
        span = record.at("id")
        if record.id in first:
            before = first[record.id]
            message = f"the id '{record.id}' is taken by {before.file}:{before.line}"
            yield Problem(span, "duplicate-id", message, "give one of the two another id")
        else:
            first[record.id] = span


def check_page_paths(briefing: Briefing) -> Iterator[Problem]:
    """``page-clash``: no two pages or files stand at one address, made from facts or put there by hand."""
    made: dict[str, tuple[str, Span | None]] = {}
    for path, span in (*paths.planned(briefing), *paths.planned_files(briefing)):
        address = paths.address(path)
        before, first = made.setdefault(address, (path, span))
        if (before, first) == (path, span):
            continue
        if (span and before != path) or first is None:
            message = f"'/{address}/' is the address of '{before}', a page of its own"
            yield Problem(span or Span(path), "page-clash", message, "give this one another name")
        # else two records of one kind share an id, which is told as such
    for path in sorted(briefing.handwritten):
        if paths.address(path) in made:
            span = made[paths.address(path)][1] or Span(f"docs/{path}")
            what = "page" if path.endswith(".md") else "file"
            message = f"docs/{path} and a {what} made from facts share one address"
            yield Problem(span, "page-clash", message, "rename one")
        elif posixpath.dirname(path) == posixpath.dirname(paths.CHANGES):
            message = f"docs/{path} stands where the pages of changes are made"
            yield Problem(Span(f"docs/{path}"), "page-clash", message, "put it into another folder")
