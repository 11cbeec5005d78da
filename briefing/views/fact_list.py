"""The list of all facts, topic by topic."""

from dataclasses import dataclass

from briefing.model.briefing import Briefing
from briefing.model.records import Fact
from briefing.views.filters import MANY, Filter, kind_filter, topic_filter
from briefing.views.statement import Link, Sentence, sentence, source_link, topic_link


@dataclass(frozen=True, slots=True)
class FactEntry:
    """A fact with its kind, speaker (may be empty), date, and sources with their web addresses (may be empty)."""

    sentence: Sentence
    kind: str
    speaker: str
    when: str
    sources: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """The facts in a topic's file, in reading order."""

    id: str
    link: Link
    facts: tuple[FactEntry, ...]


@dataclass(frozen=True, slots=True)
class FactList:
    """Every fact, topic by topic. A list of many facts is ``folded`` and has filters."""

    topics: tuple[TopicFacts, ...]
    count: int
    filters: tuple[Filter, ...]
    folded: bool


def fact_list(briefing: Briefing) -> FactList:
    """Return the facts of each topic, in reading order."""
    topics = tuple(
        TopicFacts(
            topic.id,
            topic_link(topic),
            tuple(_entry(briefing, fact) for section in topic.sections for fact in briefing.current(section.facts)),
        )
        for topic in briefing.topics
    )
    facts = briefing.current_facts
    filters = (
        topic_filter(
            briefing.language,
            [(topic.id, topic.title) for topic in briefing.topics],
            [briefing.topic_of[fact.id].id for fact in facts],
        ),
        kind_filter(briefing.language, [fact.kind for fact in facts]),
    )
    return FactList(topics, len(facts), filters, len(facts) > MANY)


def _entry(briefing: Briefing, fact: Fact) -> FactEntry:
    return FactEntry(
        sentence(briefing, fact),
        fact.kind,
        _speaker(briefing, fact),
        _when(briefing, fact),
        tuple(source_link(briefing, cited) for cited in fact.cite),
    )


def _speaker(briefing: Briefing, fact: Fact) -> str:
    if not fact.by:
        return ""
    return briefing.entity_by_id[fact.by].name


def _when(briefing: Briefing, fact: Fact) -> str:
    t = briefing.language
    if fact.when is None:
        return t.gettext("undated")
    if fact.derived:
        return t.gettext("%(date)s (derived)", date=t.format_date(fact.when))
    return t.format_date(fact.when)
