"""Where sources differ: each claim with the facts that correct or dispute it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from briefing.model.briefing import Briefing
from briefing.model.records import Fact
from briefing.views.statement import ByTopic, Sentence, by_topic, sentences


@dataclass(frozen=True, slots=True)
class Differences:
    """Claims that a source corrects, disputes, or states more precisely.

    Those corrected are in the order of weight, the others by topic in reading order.
    """

    corrected: tuple[Sentence, ...]
    disputed: ByTopic
    refined: ByTopic


def differences(briefing: Briefing) -> Differences:
    """Return every claim to which another fact responds, once each, under the most serious kind of response."""
    corrected, disputed = briefing.corrections_of.keys(), briefing.disputes_of.keys()
    refined = briefing.refinements_of.keys() - disputed - corrected
    return Differences(
        sentences(briefing, _by_weight(briefing, (fact for fact in briefing.current_facts if fact.id in corrected))),
        by_topic(briefing, (fact for fact in briefing.current_facts if fact.id in disputed - corrected)),
        by_topic(briefing, (fact for fact in briefing.current_facts if fact.id in refined)),
    )


def _by_weight(briefing: Briefing, facts: Iterable[Fact]) -> list[Fact]:
    """Return the claims, those first on which most of the briefing's own statements rest, or on their corrections."""
    uses = Counter(fact_id for *_, fact_ids in briefing.iter_support() for fact_id in fact_ids)

    def weight(fact: Fact) -> int:
        return uses[fact.id] + sum(uses[response.id] for response in briefing.corrections_of[fact.id])

    return sorted(facts, key=weight, reverse=True)
