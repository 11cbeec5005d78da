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
    publisher = briefing.source_by_id[fact.cite[0].source].publisher
    speaker = briefing.entity_by_id[fact.by].name if fact.by else ""
    return FactEntry(
        sentence(briefing, fact),
        f"{speaker}, as given by {publisher}" if speaker else f"{publisher}, in its own voice",
        f"{fact.when.words}{', derived' if fact.derived else ''}" if fact.when else "not dated",
        cited_sources(briefing, fact),
    )
