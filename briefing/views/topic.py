"""One topic, one page."""

from dataclasses import dataclass

from briefing.model import Briefing, Term, Topic
from briefing.views.map import MapView, map_view
from briefing.views.sentence import Link, Sentence, entity_link, sentences
from briefing.views.table import TableView, table_view


@dataclass(frozen=True, slots=True)
class TopicPage:
    """A topic's sections, and the facts of other topics that stand here too."""

    title: str
    asks: str
    tables: tuple[TableView, ...]
    map: MapView | None
    terms: tuple[tuple[Link, str], ...]
    sections: tuple[tuple[str, tuple[Sentence, ...]], ...]
    elsewhere: tuple[Sentence, ...]


def topic_page(briefing: Briefing, topic: Topic) -> TopicPage:
    """What a topic's page needs."""
    places = tuple(place for id in topic.map for place in briefing.places if place.id == id)
    return TopicPage(
        title=topic.title,
        asks=topic.asks,
        tables=tuple(table_view(briefing, table) for table in topic.tables),
        map=map_view(places, briefing) if places else None,
        terms=_terms(briefing, topic),
        sections=tuple(
            (section.title, sentences(briefing, facts))
            for section in topic.sections
            if (facts := briefing.current(section.facts))
        ),
        elsewhere=sentences(briefing, tuple(fact for fact in briefing.current_facts if topic.id in fact.also)),
    )


def _terms(briefing: Briefing, topic: Topic) -> tuple[tuple[Link, str], ...]:
    """The terms that the topic's facts are about, with what they mean, by name."""
    used = {id for section in topic.sections for fact in briefing.current(section.facts) for id in fact.about}
    terms = [entity for entity in briefing.entities if isinstance(entity, Term) and entity.id in used]
    return tuple((entity_link(term), term.explains) for term in sorted(terms, key=lambda term: term.name.casefold()))
