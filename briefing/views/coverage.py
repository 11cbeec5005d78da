"""Which facts cite which part of a pinned source, and why the other parts are not cited."""

from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.records import Source
from briefing.text.language import N_
from briefing.views.statement import Link

# By the unit of the source. A source without a unit is divided into parts.
_TITLES = {
    "paragraph": N_("%(publisher)s, paragraph by paragraph"),
    "article": N_("%(publisher)s, article by article"),
    "page": N_("%(publisher)s, page by page"),
    "": N_("%(publisher)s, part by part"),
}
_PARTS = {
    "paragraph": N_("Paragraph %(number)s"),
    "article": N_("Article %(number)s"),
    "page": N_("Page %(number)s"),
    "": N_("Part %(number)s"),
}


@dataclass(frozen=True, slots=True)
class CoveredPart:
    """A part of a source: the facts that cite it, or the reason why none does. Both are empty if no reason is given."""

    number: int
    label: str
    facts: tuple[Link, ...]
    not_used: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """A pinned source and its parts."""

    title: str
    source: Source
    link: Link
    parts: tuple[CoveredPart, ...]

    @property
    def cited(self) -> int:
        """The number of parts that facts cite."""
        return sum(bool(part.facts) for part in self.parts)

    @property
    def declared(self) -> int:
        """The number of parts that are declared unused."""
        return sum(bool(part.not_used) for part in self.parts)

    @property
    def open(self) -> tuple[CoveredPart, ...]:
        """The parts that no fact cites and that are not declared unused."""
        return tuple(part for part in self.parts if not part.facts and not part.not_used)


def coverage(briefing: Briefing, source: Source) -> Coverage:
    """Return which facts cite which part of a pinned source."""
    citing = briefing.facts_by_part(source.id)
    reasons = {number: entry.because for entry in source.not_used for number in entry.parts}
    unit = source.unit or ""
    language = briefing.language
    return Coverage(
        language.gettext(_TITLES[unit], publisher=source.publisher),
        source,
        Link(f"{source.publisher}: {source.title}", routes.source(source.id)),
        tuple(
            CoveredPart(
                part.number,
                language.gettext(_PARTS[unit], number=str(part.number)),
                tuple(Link(fact.says, routes.fact(fact)) for fact in citing.get(part.number, ())),
                reasons.get(part.number, ""),
            )
            for part in briefing.pin_of[source.id].parts
        ),
    )
