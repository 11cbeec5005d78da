"""The list of sources, and the facts that cite each."""

from collections.abc import Iterable
from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import RELIABILITY
from briefing.model.records import Source
from briefing.text.language import N_
from briefing.text.personal_names import display_name
from briefing.views.filters import Filter, Option, options
from briefing.views.labels import part_label, translate
from briefing.views.statement import Link

# It sorts after the grades, which are letters.
UNGRADED = "ungraded"
_ROLES = {
    "base": N_("Under analysis"),
    "cited": N_("Cited by facts"),
    "position": N_("Position of a place only"),
}


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

    @property
    def author(self) -> str:
        """The author, with the given name first, or an empty string."""
        return display_name(self.source.author or "")

    @property
    def grade(self) -> str:
        """The letter that filters and sorting use."""
        return self.source.reliability or UNGRADED

    @property
    def role(self) -> str:
        """What the source is used for: a key of ``_ROLES``."""
        if self.base:
            return "base"
        if self.facts:
            return "cited"
        return "position"


@dataclass(frozen=True, slots=True)
class SourceList:
    """The sources under analysis and the others, with the choices to narrow or sort them by."""

    base: tuple[SourceEntry, ...]
    others: tuple[SourceEntry, ...]
    filters: tuple[Filter, ...]

    @property
    def count(self) -> int:
        """How many sources there are."""
        return len(self.base) + len(self.others)


def source_list(briefing: Briefing) -> SourceList:
    """The sources by publisher and title."""
    entries = _entries(briefing)
    base = tuple(entry for entry in entries if entry.base)
    others = tuple(entry for entry in entries if not entry.base)
    return SourceList(base, others, _filters(briefing, entries))


def _filters(briefing: Briefing, entries: Iterable[SourceEntry]) -> tuple[Filter, ...]:
    t = briefing.language.gettext
    grades = [
        (grade, t("%(grade)s: %(meaning)s", grade=grade, meaning=t(meaning))) for grade, meaning in RELIABILITY.items()
    ]
    grades.append((UNGRADED, t("Not graded")))
    roles = [(role, t(name)) for role, name in _ROLES.items()]
    return (
        Filter("grade", t("Grade"), t("All grades"), options(grades, (entry.grade for entry in entries))),
        Filter("role", t("Role"), t("All roles"), options(roles, (entry.role for entry in entries))),
        Filter("sort", t("Sort by"), t("Publisher"), (Option("grade", t("Grade"), None),), sorts=True),
    )


def _entries(briefing: Briefing) -> tuple[SourceEntry, ...]:
    assert briefing.head
    based_on = briefing.head.based_on
    ordered = sorted(briefing.sources, key=lambda source: (source.publisher, source.title))
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
                label = part_label(source, cited.part, briefing.language)
                orders.setdefault(label, _part_order(cited.part))
                links.setdefault(label, []).append(Link(fact.says, routes.fact(fact)))
    return tuple(Cited(label, tuple(links[label])) for label in sorted(links, key=lambda label: orders[label]))


def _part_order(part: str) -> list[int]:
    """Return a sort key that puts article 3.10 after 3.9, and the source as a whole before its parts."""
    if not part:
        return []
    return [int(step) for step in part.split(".")]
