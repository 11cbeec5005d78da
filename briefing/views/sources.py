"""The list of sources, and the facts that cite each."""

from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import RELIABILITY
from briefing.model.records import Source
from briefing.views.statement import Link, part_label


@dataclass(frozen=True, slots=True)
class Cited:
    """A part of a source (empty for the whole) and the facts that cite it."""

    part: str
    facts: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A source; ``base`` where the briefing is about what it says."""

    source: Source
    date: str
    base: bool
    reliability: str
    coverage: Link | None
    facts: int
    cited: tuple[Cited, ...]


def source_list(briefing: Briefing) -> tuple[SourceEntry, ...]:
    """The sources under analysis first, then the others by publisher and title."""
    assert briefing.head
    based_on = briefing.head.based_on
    ordered = sorted(briefing.sources, key=lambda source: (source.id not in based_on, source.publisher, source.title))
    return tuple(
        SourceEntry(
            source=source,
            date=source.date.words if source.date else "",
            base=source.id in based_on,
            reliability=RELIABILITY[source.reliability] if source.reliability else "",
            coverage=Link("paragraph by paragraph", routes.coverage(source.id))
            if source.id in briefing.pin_of
            else None,
            facts=len(briefing.facts_citing.get(source.id, ())),
            cited=_cited(briefing, source),
        )
        for source in ordered
    )


def _cited(briefing: Briefing, source: Source) -> tuple[Cited, ...]:
    parts: dict[str, tuple[list[int], list[Link]]] = {}
    for fact in briefing.facts_citing.get(source.id, ()):
        for cited in fact.cite:
            if cited.source == source.id:
                order = [int(step) for step in cited.part.split(".")] if cited.part else []
                parts.setdefault(part_label(source, cited), (order, []))[1].append(Link(fact.says, routes.fact(fact)))
    return tuple(Cited(label, tuple(links)) for label, (_, links) in sorted(parts.items(), key=lambda item: item[1][0]))
