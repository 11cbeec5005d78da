"""Check that ids and addresses of pages are unique."""

import posixpath
import re
from collections.abc import Iterator

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.problems import KnownIds, Problem, Span


def check_ids(briefing: Briefing) -> Iterator[Problem]:
    """Report ids that more than one record has.

    ``duplicate-id``: Two records, possibly of different kinds, have the same id.

    References to the id would be ambiguous, and readers could be led to the wrong record.

        facts/topics/harbour.yml
        -     - id: quay-longer
        +     - id: quay-grew
                says: The quay was made longer.
    """
    first: dict[str, Span] = {}
    copies = copied_topics(briefing)
    for file, original in copies.items():
        message = f"every fact of this file is in '{original}' too"
        hint = "delete this file if it is a copy; otherwise give its facts other ids, and add it to 'topics'"
        yield Problem(Span(file), "duplicate-id", message, hint)
    for record in briefing.records():
        span = record.at("id")
        if span.file in copies:
            continue
        if record.id in first:
            before = first[record.id]
            message = f"'{record.id}' is the id of two records; the first is at {before.file}:{before.line}"
            yield Problem(span, "duplicate-id", message, "change one of the two ids", subject=record.id)
        else:
            first[record.id] = span


def copied_topics(briefing: Briefing) -> dict[str, str]:
    """Return the files of topics that are not listed and whose facts all have the ids of facts in one other file, each
    with that file.
    """
    if briefing.head is None:
        return {}
    ids = {
        topic.at().file: {fact.id for section in topic.sections for fact in section.facts} for topic in briefing.topics
    }
    listed = [topic.at().file for topic in briefing.topics if topic.id in briefing.head.topics]
    return {
        file: original
        for file, copied in ids.items()
        for original in listed
        if file not in listed and copied and copied <= ids[original]
    }


def check_page_paths(briefing: Briefing) -> Iterator[Problem]:
    """Report pages and files that have the same address.

    ``page-path-conflict``: Two pages or files of the site have the same address. Each may be generated from facts or
    written by hand.

    One would overwrite the other, which readers would never see.

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
        # Otherwise two records of one kind have the same id, which check_ids reports.
        if (span and before != path) or first is None:
            message = f"the address '/{address}/' already belongs to the page '{before}'"
            yield Problem(span or Span(path), "page-path-conflict", message, "rename this one")
    for path in sorted(briefing.docs_paths):
        # Generated addresses are in lower case, and some file systems ignore case.
        address = routes.address(path).lower()
        if by_address.setdefault(address, path) != path:
            message = f"docs/{path} and docs/{by_address[address]} have the same address if case is ignored"
            yield Problem(Span(f"docs/{path}"), "page-path-conflict", message, "rename one of them")
        if address in generated:
            span = generated[address][1] or Span(f"docs/{path}")
            what = "page" if path.endswith(".md") else "file"
            message = f"docs/{path} has the same address as a {what} made from facts"
            yield Problem(span, "page-path-conflict", message, "rename one of them")
        # The history decides which of these pages exist, and rules do not see it.
        elif posixpath.dirname(path) == posixpath.dirname(routes.CHANGES):
            message = f"docs/{path} is in the folder where the pages of changes are generated"
            yield Problem(Span(f"docs/{path}"), "page-path-conflict", message, "move it to another folder")


def check_moved(briefing: Briefing) -> Iterator[Problem]:
    """Report redirects in ``moved`` that do not work.

    ``broken-redirect``: ``moved`` redirects an old address to a page or entry that does not exist.

    Readers who follow an old link would find nothing.

        facts/briefing.yml
          moved:
        -   f/harbour-built: f/harbour-open
        +   f/harbour-built: f/harbour-opened

    ``reused-id``: According to ``moved``, the id of this record or topic used to belong to another.

    Old links to that id would lead readers to the wrong record or topic.

        facts/briefing.yml
          moved:
        -   f/quay-grew: f/harbour-opened
        +   f/harbour-built: f/harbour-opened
    """
    if briefing.head is None:
        return
    entries = {routes.entity(entity) for entity in briefing.entities}
    entries |= {routes.source(source.id) for source in briefing.sources}
    # The home page shows each judgment in short.
    for judgment in briefing.head.judgments:
        entries |= {routes.judgment(judgment.id), f"{routes.BRIEF}#{judgment.id}"}
    entries |= {f"{routes.DISPUTED}#{question.id}" for question in briefing.head.open_questions}
    entries |= {f"{routes.VIEWS}#{question.id}" for question in briefing.head.views}
    old = {routes.at(address) for address in briefing.head.moved}
    there = (entries | {path for path, _ in routes.planned(briefing)}) - old
    known = KnownIds({path.replace(".md", "", 1) for path in there})
    retired: dict[str, str] = {}
    for before, now in briefing.head.moved.items():
        # An address without a folder or an entry is that of a topic. Ids of topics are names of files and may equal
        # those of other records.
        if re.search("[/#]", before):
            retired[_id(before)] = now
        if routes.at(now) not in there and _id(now) not in briefing.failed and not briefing.unread:
            span = briefing.head.at("moved", before)
            hint = "redirect to a page or entry that exists"
            meant = known.nearest(now)
            if meant:
                hint = f"did you mean '{meant}'?"
            yield Problem(span, "broken-redirect", f"no page or entry exists at '{now}'", hint, subject=_id(now))
    spans = [(record.at("id"), record.id, retired.get(record.id)) for record in briefing.records()]
    spans += [(topic.at(), topic.id, briefing.head.moved.get(topic.id)) for topic in briefing.topics]
    for span, taken_id, successor in spans:
        if successor:
            message = f"'moved' redirects the id '{taken_id}' to '{successor}'"
            yield Problem(span, "reused-id", message, "choose another id")


def check_published(briefing: Briefing) -> Iterator[Problem]:
    """Report published records that are no longer there.

    ``missing-published``: A record on the list of published ids (``facts/published.yml``) does not exist, and ``moved``
    does not redirect its address.

    Readers and other sites may link to it. A fact that is no longer true is retired; it is not deleted.

        facts/published.yml
        -   - {kind: fact, id: quay-widened, address: f/quay-widened}
        +   - {kind: fact, id: survey-ran, address: f/survey-ran}
    """
    if briefing.published is None or briefing.head is None or briefing.unread or briefing.failed:
        return
    present = {record.id for record in (*briefing.records(), *briefing.topics, *briefing.head.withheld)}
    moved = briefing.head.moved
    for index, record in enumerate(briefing.published.records):
        if record.id in present or record.address in moved:
            continue
        message = f"the {record.kind.replace('-', ' ')} '{record.id}' has been published but no longer exists"
        restore = "restore it and retire it with 'retired'" if record.kind == "fact" else "restore it"
        hint = (
            f"if its id was changed, change it back; otherwise {restore}, or redirect its address in 'moved':"
            f" {record.address}"
        )
        span = briefing.published.at("records", index)
        yield Problem(span, "missing-published", message, hint, subject=record.id)


def check_withheld(briefing: Briefing) -> Iterator[Problem]:
    """Report facts that are withheld and still there.

    ``withheld-fact``: The fact is on the list of facts that were withdrawn for legal reasons (``withheld``), but its
    text is still in the briefing.

    Readers would go on seeing what must not be shown.

        facts/briefing.yml
          withheld:
        -   - {id: quay-longer, date: 1913-02-01, because: A court ordered it.}
        +   - {id: quay-cost, date: 1913-02-01, because: A court ordered it.}
    """
    for withheld in briefing.head.withheld if briefing.head else ():
        fact = briefing.fact_by_id.get(withheld.id)
        if fact:
            hint = "delete the fact, or take it off the list 'withheld'"
            yield Problem(fact.at("id"), "withheld-fact", f"the fact '{fact.id}' must not be shown", hint)


def _id(address: str) -> str:
    return re.split("[/#]", address)[-1]
