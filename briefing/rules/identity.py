"""Ids and pages are unique."""

import posixpath
import re
from collections.abc import Iterator

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.problems import KnownIds, Problem, Span


def check_ids(briefing: Briefing) -> Iterator[Problem]:
    """One id, one record.

    ``duplicate-id``: An id names one record only, of whatever kind.

        facts/topics/harbour.yml
        -     - id: quay-longer
        +     - id: quay-grew
                says: The quay was made longer.
    """
    first: dict[str, Span] = {}
    for record in briefing.records():
        span = record.at("id")
        if record.id in first:
            before = first[record.id]
            message = f"'{record.id}' is the id of two records; the first is at {before.file}:{before.line}"
            yield Problem(span, "duplicate-id", message, "give one of the two another id", subject=record.id)
        else:
            first[record.id] = span


def check_page_paths(briefing: Briefing) -> Iterator[Problem]:
    """One address, one page.

    ``page-clash``: No two pages or files stand at one address, made from facts or put there by hand.

        facts/topics/harbour.yml
        -     - id: index
        +     - id: quay-longer
    """
    generated: dict[str, tuple[str, Span | None]] = {}
    by_address: dict[str, str] = {}
    for path, span in (*routes.planned(briefing), *routes.planned_files(briefing)):
        address = routes.address(path)
        before, first = generated.setdefault(address, (path, span))
        if (before, first) == (path, span):
            continue
        # Otherwise two records of one kind share an id, which check_ids reports.
        if (span and before != path) or first is None:
            message = f"'/{address}/' is the address of '{before}', a page of its own"
            yield Problem(span or Span(path), "page-clash", message, "give this one another name")
    for path in sorted(briefing.docs_paths):
        # Generated addresses are in lower case, and some file systems ignore case.
        address = routes.address(path).lower()
        if by_address.setdefault(address, path) != path:
            message = f"docs/{path} and docs/{by_address[address]} share one address, for the letters' case at most"
            yield Problem(Span(f"docs/{path}"), "page-clash", message, "rename one")
        if address in generated:
            span = generated[address][1] or Span(f"docs/{path}")
            what = "page" if path.endswith(".md") else "file"
            message = f"docs/{path} and a {what} made from facts share one address"
            yield Problem(span, "page-clash", message, "rename one")
        # Which of these pages there are depends on the history, which no rule sees.
        elif posixpath.dirname(path) == posixpath.dirname(routes.CHANGES):
            message = f"docs/{path} stands where the pages of changes are made"
            yield Problem(Span(f"docs/{path}"), "page-clash", message, "put it into another folder")


def check_moved(briefing: Briefing) -> Iterator[Problem]:
    """Old addresses lead on for ever.

    ``moved-nowhere``: An old address leads to what is there now.

        facts/briefing.yml
          moved:
        -   f/harbour-built: f/harbour-open
        +   f/harbour-built: f/harbour-opened

    ``retired-id``: An id that was another record's before is not taken again.

        facts/briefing.yml
          moved:
        -   f/quay-grew: f/harbour-opened
        +   f/harbour-built: f/harbour-opened
    """
    if briefing.head is None:
        return
    entries = {routes.entity(entity) for entity in briefing.entities}
    entries |= {routes.source(source.id) for source in briefing.sources}
    entries |= {f"{routes.BRIEF}#{judgment.id}" for judgment in briefing.head.judgments}
    entries |= {f"{routes.DISPUTED}#{question.id}" for question in briefing.head.open_questions}
    entries |= {f"{routes.VIEWS}#{question.id}" for question in briefing.head.views}
    old = {routes.at(address) for address in briefing.head.moved}
    there = (entries | {path for path, _ in routes.planned(briefing)}) - old
    known = KnownIds({path.replace(".md", "", 1) for path in there})
    retired: dict[str, str] = {}
    for before, now in briefing.head.moved.items():
        # An address without a folder or an entry is that of a topic: its id is a file's name, apart from all others.
        if re.search("[/#]", before):
            retired[_id(before)] = now
        if routes.at(now) not in there and _id(now) not in briefing.failed and not briefing.unread:
            span = briefing.head.at("moved", before)
            hint = "name what is there now"
            meant = known.nearest(now)
            if meant:
                hint = f"did you mean '{meant}'?"
            yield Problem(span, "moved-nowhere", f"nothing stands at '{now}'", hint, subject=_id(now))
    spans = [(record.at("id"), record.id, retired.get(record.id)) for record in briefing.records()]
    spans += [(topic.at(), topic.id, briefing.head.moved.get(topic.id)) for topic in briefing.topics]
    for span, taken_id, successor in spans:
        if successor:
            message = f"the id '{taken_id}' was that of '{successor}', and its old address leads there"
            yield Problem(span, "retired-id", message, "take another id")


def _id(address: str) -> str:
    return re.split("[/#]", address)[-1]
