"""Where sources differ: each claim with the facts that correct or dispute it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import get_args

from briefing.model.briefing import Briefing
from briefing.model.fields import Consequence
from briefing.model.records import Fact
from briefing.views.statement import ByTopic, Response, Sentence, by_topic, sentences

# How many errors the home page shows.
_WORST = 3
_RANKS = get_args(Consequence)


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


def worst_errors(briefing: Briefing) -> tuple[Sentence, ...]:
    """Return the claims of the sources under analysis whose errors matter most, with what corrects them.

    Only corrections with a ``consequence`` count. A claim that is merely disputed may be right.
    """
    found = [
        fact
        for fact in briefing.current_facts
        if briefing.is_base(fact) and any(other.consequence for other in briefing.corrections_of.get(fact.id, ()))
    ]
    worst = sentences(briefing, _by_weight(briefing, found)[:_WORST])
    return tuple(replace(one, note="", because="", beside=tuple(filter(_is_correction, one.beside))) for one in worst)


def _is_correction(response: Response) -> bool:
    return response.how == "corrected" and response.consequence != ""


def _by_weight(briefing: Briefing, facts: Iterable[Fact]) -> list[Fact]:
    """Return the claims by the consequence of their errors.

    Among those with the same one, or without any, come first those on which, or on whose corrections, most of the
    briefing's own statements rest.
    """
    uses = Counter(fact_id for *_, fact_ids in briefing.iter_support() for fact_id in fact_ids)

    def weight(fact: Fact) -> tuple[int, int]:
        responses = _responses(briefing, fact)
        ranks = (_RANKS.index(response.consequence) for response in responses if response.consequence)
        return min(ranks, default=len(_RANKS)), -uses[fact.id] - sum(uses[response.id] for response in responses)

    return sorted(facts, key=weight)


def _responses(briefing: Briefing, fact: Fact) -> list[Fact]:
    relations = (briefing.corrections_of, briefing.disputes_of, briefing.refinements_of)
    return [response for facts in relations for response in facts.get(fact.id, ())]
