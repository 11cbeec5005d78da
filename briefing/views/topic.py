"""The page of one topic."""

from collections.abc import Iterator
from dataclasses import dataclass

from briefing.model.briefing import Briefing
from briefing.model.records import Fact, Term, Topic
from briefing.views.maps.map import MapView, map_view
from briefing.views.statement import Answer, Link, Note, Numbering, Sentence, answers, entity_link, sentences
from briefing.views.table import TableView, table_view


@dataclass(frozen=True, slots=True)
class TopicPage:
    """A topic's sections, and the facts from other topics that it also shows."""

    title: str
    asks: str
    bottom_line: tuple[Answer, ...]
    tables: tuple[TableView, ...]
    map: MapView | None
    terms: tuple[tuple[Link, str], ...]
    sections: tuple[tuple[str, tuple[Sentence, ...]], ...]
    elsewhere: tuple[Sentence, ...]
    notes: tuple[Note, ...]


def topic_page(briefing: Briefing, topic: Topic) -> TopicPage:
    """Return the content of a topic's page."""
    elsewhere = tuple(fact for fact in briefing.current_facts if topic.id in fact.also)
    listed_ids = _listed_ids([*_section_facts(briefing, topic), *elsewhere])

    def listed(facts: tuple[Fact, ...]) -> tuple[Sentence, ...]:
        return sentences(briefing, tuple(fact for fact in facts if fact.id in listed_ids))

    sections = [(section.title, listed(section.facts)) for section in topic.sections]
    places = tuple(place for place_id in topic.map for place in briefing.places if place.id == place_id)
    topic_map = None
    if places:
        topic_map = map_view(places, briefing)
    # Numbers follow the order of the page.
    numbering = Numbering(briefing)
    bottom_line = answers(topic.bottom_line, numbering)
    tables = tuple(table_view(table, numbering) for table in topic.tables)
    return TopicPage(
        title=topic.title,
        asks=topic.asks,
        bottom_line=bottom_line,
        tables=tables,
        map=topic_map,
        terms=_terms(briefing, topic),
        sections=tuple((title, facts) for title, facts in sections if facts),
        elsewhere=listed(elsewhere),
        notes=numbering.notes(),
    )


def _section_facts(briefing: Briefing, topic: Topic) -> Iterator[Fact]:
    for section in topic.sections:
        yield from briefing.current(section.facts)


def _listed_ids(facts: list[Fact]) -> set[str]:
    """Return the ids of the facts that a page lists. A fact that responds to another on the page appears under it."""
    page_ids = {fact.id for fact in facts}
    targets_of = {fact.id: page_ids.intersection(fact.targets) for fact in facts}
    listed = {fact_id for fact_id, targets in targets_of.items() if not targets}
    # A response is shown without its own responses. So a fact is also listed if all its targets appear under others,
    # and so is one of two facts that respond to each other.
    for fact_id, targets in targets_of.items():
        if not targets & listed:
            listed.add(fact_id)
    return listed


def _terms(briefing: Briefing, topic: Topic) -> tuple[tuple[Link, str], ...]:
    """Return the terms that the topic's facts are about, with their explanations, by name."""
    used = {entity_id for fact in _section_facts(briefing, topic) for entity_id in fact.about}
    terms = [entity for entity in briefing.entities if isinstance(entity, Term) and entity.id in used]
    return tuple((entity_link(term), term.explains) for term in sorted(terms, key=lambda term: term.name.casefold()))
