"""Where sources differ: each claim beside those that correct or dispute it, by who makes them."""

from dataclasses import dataclass

from briefing import paths
from briefing.model import Briefing, Fact
from briefing.views.sentence import Link, Sentence, entity_link, sentence, source_link


@dataclass(frozen=True, slots=True)
class Claim:
    """One side: who claims what by which sources, and how it stands to the first side (empty for that one)."""

    claimant: str
    sentence: Sentence
    sources: tuple[Link, ...]
    stance: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """A claim and the others beside it."""

    id: str
    claims: tuple[Claim, ...]


def disputes(briefing: Briefing) -> tuple[tuple[Link, tuple[Dispute, ...]], ...]:
    """The disputes topic by topic, in reading order."""
    groups = []
    for topic in briefing.topics:
        found = tuple(
            _dispute(briefing, fact)
            for section in topic.sections
            for fact in briefing.current(section.facts)
            if fact.id in briefing.corrections_of or fact.id in briefing.disputes_of
        )
        if found:
            groups.append((Link(topic.title, paths.topic(topic)), found))
    return tuple(groups)


def _dispute(briefing: Briefing, fact: Fact) -> Dispute:
    others = [
        *(_claim(briefing, other, "corrects") for other in briefing.corrections_of.get(fact.id, ())),
        *(_claim(briefing, other, "disputes") for other in briefing.disputes_of.get(fact.id, ())),
    ]
    return Dispute(fact.id, (_claim(briefing, fact, ""), *others))


def _claim(briefing: Briefing, fact: Fact, stance: str) -> Claim:
    publisher = briefing.source_by_id[fact.cite[0].source].publisher
    speaker = entity_link(briefing.entity_by_id[fact.by]).text if fact.by else ""
    return Claim(
        f"{speaker} ({publisher})" if speaker else publisher,
        sentence(briefing, fact),
        tuple(source_link(briefing, cited) for cited in fact.cite),
        stance,
    )
