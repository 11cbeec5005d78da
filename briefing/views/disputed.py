"""Where sources differ: each claim with those that dispute or correct it under it, topic by topic."""

from collections.abc import Callable
from dataclasses import dataclass

from briefing import paths
from briefing.model import Briefing, Fact
from briefing.views.sentence import Link, Sentence, sentences

Groups = tuple[tuple[Link, tuple[Sentence, ...]], ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """Claims by topic, in reading order: of ``disputed`` a source says otherwise, ``corrected`` are made more exact."""

    disputed: Groups
    corrected: Groups


def differences(briefing: Briefing) -> Differences:
    """Every claim that another fact disputes or corrects, once."""
    return Differences(
        _groups(briefing, lambda fact: fact.id in briefing.disputes_of),
        _groups(briefing, lambda fact: fact.id in briefing.corrections_of and fact.id not in briefing.disputes_of),
    )


def _groups(briefing: Briefing, wanted: Callable[[Fact], bool]) -> Groups:
    return tuple(
        (Link(topic.title, paths.topic(topic)), sentences(briefing, facts))
        for topic in briefing.topics
        if (facts := tuple(fact for section in topic.sections for fact in section.facts if wanted(fact)))
    )
