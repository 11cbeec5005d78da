"""Where sources differ: each claim with what other facts say of it under it, topic by topic."""

from collections.abc import Callable
from dataclasses import dataclass

from briefing import paths
from briefing.model import Briefing, Fact
from briefing.views.sentence import Link, Sentence, sentences

Groups = tuple[tuple[Link, tuple[Sentence, ...]], ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """Claims by topic, in reading order: corrected by a source, disputed by one, made more exact."""

    corrected: Groups
    disputed: Groups
    refined: Groups


def differences(briefing: Briefing) -> Differences:
    """Every claim beside which another fact stands, once: under the weightiest of the three."""
    corrected, disputed = set(briefing.corrections_of), set(briefing.disputes_of)
    refined = set(briefing.refinements_of)
    return Differences(
        _groups(briefing, lambda fact: fact.id in corrected),
        _groups(briefing, lambda fact: fact.id in disputed - corrected),
        _groups(briefing, lambda fact: fact.id in refined - disputed - corrected),
    )


def _groups(briefing: Briefing, wanted: Callable[[Fact], bool]) -> Groups:
    return tuple(
        (Link(topic.title, paths.topic(topic)), sentences(briefing, facts))
        for topic in briefing.topics
        if (
            facts := tuple(
                fact for section in topic.sections for fact in briefing.current(section.facts) if wanted(fact)
            )
        )
    )
