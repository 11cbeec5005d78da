"""The list of all facts, topic by topic."""

from dataclasses import dataclass

from briefing.model.briefing import Briefing
from briefing.model.records import Fact
from briefing.views.statement import Link, Sentence, cited_sources, sentence, topic_link


@dataclass(frozen=True, slots=True)
class FactEntry:
    """A fact with what its own page says of it in short; each source with its address on the web (perhaps empty)."""

    sentence: Sentence
    whose: str
    when: str
    sources: tuple[tuple[Link, str], ...]


def fact_list(briefing: Briefing) -> tuple[tuple[Link, tuple[FactEntry, ...]], ...]:
    """The facts of each topic, in reading order."""
    return tuple(
        (
            topic_link(topic),
            tuple(_entry(briefing, fact) for section in topic.sections for fact in briefing.current(section.facts)),
        )
        for topic in briefing.topics
    )


def _entry(briefing: Briefing, fact: Fact) -> FactEntry:
    return FactEntry(sentence(briefing, fact), _whose(briefing, fact), _when(fact), cited_sources(briefing, fact))


def _whose(briefing: Briefing, fact: Fact) -> str:
    publisher = briefing.source_by_id[fact.cite[0].source].publisher
    if fact.by:
        return f"{briefing.entity_by_id[fact.by].name}, as given by {publisher}"
    return f"{publisher}, in its own voice"


def _when(fact: Fact) -> str:
    if fact.when is None:
        return "not dated"
    if fact.derived:
        return f"{fact.when.words}, derived"
    return fact.when.words
