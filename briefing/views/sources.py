"""The list of sources, and the facts that cite each."""

from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import RELIABILITY
from briefing.model.records import Source
from briefing.views.labels import part_label, translate
from briefing.views.statement import Link


@dataclass(frozen=True, slots=True)
class Cited:
    """A part of a source (empty for the whole source) and the facts that cite it."""

    part: str
    facts: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A source. ``base`` is true for a source under analysis."""

    source: Source
    date: str
    base: bool
    reliability: str
    coverage: Link | None
    facts: int
    cited: tuple[Cited, ...]


def source_list(briefing: Briefing) -> tuple[SourceEntry, ...]:
    """Return the sources under analysis, then the others by publisher and title."""
    assert briefing.head
    based_on = briefing.head.based_on
    ordered = sorted(briefing.sources, key=lambda source: (source.id not in based_on, source.publisher, source.title))
    return tuple(
        SourceEntry(
            source=source,
            date=briefing.language.format_date(source.date),
            base=source.id in based_on,
            reliability=translate(briefing.language, RELIABILITY, source.reliability or ""),
            coverage=_coverage_link(briefing, source),
            facts=len(briefing.facts_citing.get(source.id, ())),
            cited=_cited(briefing, source),
        )
        for source in ordered
    )


def _coverage_link(briefing: Briefing, source: Source) -> Link | None:
    if source.id not in briefing.pin_of:
        return None
    return Link(briefing.language.gettext("See which facts cite each part"), routes.coverage(source.id))


def _cited(briefing: Briefing, source: Source) -> tuple[Cited, ...]:
    links: dict[str, list[Link]] = {}
    orders: dict[str, list[int]] = {}
    for fact in briefing.facts_citing.get(source.id, ()):
        for cited in fact.cite:
            if cited.source == source.id:
                label = part_label(source, cited, briefing.language)
                orders.setdefault(label, _part_order(cited.part))
                links.setdefault(label, []).append(Link(fact.says, routes.fact(fact)))
    return tuple(Cited(label, tuple(links[label])) for label in sorted(links, key=lambda label: orders[label]))


def _part_order(part: str) -> list[int]:
    """Return a sort key that puts article 3.10 after 3.9, and the source as a whole before its parts."""
    if not part:
        return []
    return [int(step) for step in part.split(".")]
