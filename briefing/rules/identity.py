"""One id, one record; one path, one page."""

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
    """``page-clash``: no two pages stand at one address, made from facts or written by hand."""
    made: dict[str, Span | None] = {}
    for path, span in paths.planned(briefing):
        if path in made:
            if span and path not in {paths.fact(fact) for fact in briefing.facts} | {
                paths.entity(actor) for actor in briefing.actors
            }:  # two of those share an id, which is told as such
                yield Problem(span, "page-clash", f"every briefing has a page '{path}' of its own", "rename this file")
            continue
        made[path] = span
        if path in briefing.handwritten:
            place = span or Span(f"docs/{path}")
            yield Problem(
                place, "page-clash", f"docs/{path} and a page made from facts share one address", "rename one"
            )
