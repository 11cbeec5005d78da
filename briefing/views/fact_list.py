"""The list of all facts, topic by topic."""

from dataclasses import dataclass

from briefing.model.briefing import Briefing
from briefing.model.records import Fact
from briefing.views.statement import Link, Sentence, cited_sources, sentence, topic_link


@dataclass(frozen=True, slots=True)
class FactEntry:
    """A fact with its main details: the speaker (may be empty), the date, and each source with its web address (may
    be empty).
    """

    sentence: Sentence
    speaker: str
    when: str
    sources: tuple[tuple[Link, str], ...]


def fact_list(briefing: Briefing) -> tuple[tuple[Link, tuple[FactEntry, ...]], ...]:
    """Return the facts of each topic, in reading order."""
    return tuple(
        (
            topic_link(topic),
            tuple(_entry(briefing, fact) for section in topic.sections for fact in briefing.current(section.facts)),
        )
        for topic in briefing.topics
    )


def _entry(briefing: Briefing, fact: Fact) -> FactEntry:
    return FactEntry(
        sentence(briefing, fact), _speaker(briefing, fact), _when(briefing, fact), cited_sources(briefing, fact)
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
