"""The page of one topic."""

from dataclasses import dataclass

from briefing.model.briefing import Briefing
from briefing.model.records import Fact, Term, Topic
from briefing.views.maps.map import MapView, map_view
from briefing.views.statement import Answer, Link, Sentence, answers, entity_link, sentences
from briefing.views.table import TableView, table_view


@dataclass(frozen=True, slots=True)
class TopicPage:
    """A topic's sections, and the facts of other topics that stand here too."""

    title: str
    asks: str
    bottom_line: tuple[Answer, ...]
    tables: tuple[TableView, ...]
    map: MapView | None
    terms: tuple[tuple[Link, str], ...]
    sections: tuple[tuple[str, tuple[Sentence, ...]], ...]
    elsewhere: tuple[Sentence, ...]


def topic_page(briefing: Briefing, topic: Topic) -> TopicPage:
    """What a topic's page needs."""
    places = tuple(place for id in topic.map for place in briefing.places if place.id == id)
    elsewhere = tuple(fact for fact in briefing.current_facts if topic.id in fact.also)
    shown = _shown([*(fact for section in topic.sections for fact in briefing.current(section.facts)), *elsewhere])

    def listed(facts: tuple[Fact, ...]) -> tuple[Sentence, ...]:
        return sentences(briefing, tuple(fact for fact in facts if fact.id in shown))

    return TopicPage(
        title=topic.title,
        asks=topic.asks,
        bottom_line=answers(briefing, topic.bottom_line),
        tables=tuple(table_view(briefing, table) for table in topic.tables),
        map=map_view(places, briefing) if places else None,
        terms=_terms(briefing, topic),
        sections=tuple((section.title, facts) for section in topic.sections if (facts := listed(section.facts))),
        elsewhere=listed(elsewhere),
    )


def _shown(facts: list[Fact]) -> set[str]:
    """Those of a page's facts that stand in its lists: one that has a target among them stands under it."""
    here = {fact.id for fact in facts}
    against = {fact.id: here.intersection(fact.targets) for fact in facts}
    shown = {id for id, targets in against.items() if not targets}
    for id, targets in against.items():  # against a fact that itself stands under another, or against each other
        if not targets & shown:
            shown.add(id)
    return shown


def _terms(briefing: Briefing, topic: Topic) -> tuple[tuple[Link, str], ...]:
    """The terms that the topic's facts are about, with what they mean, by name."""
    used = {id for section in topic.sections for fact in briefing.current(section.facts) for id in fact.about}
    terms = [entity for entity in briefing.entities if isinstance(entity, Term) and entity.id in used]
    return tuple((entity_link(term), term.explains) for term in sorted(terms, key=lambda term: term.name.casefold()))
