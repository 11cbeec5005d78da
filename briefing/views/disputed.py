"""Where sources differ: each claim with the facts that correct or dispute it."""

from dataclasses import dataclass

from briefing.model.briefing import Briefing
from briefing.views.statement import ByTopic, by_topic


@dataclass(frozen=True, slots=True)
class Differences:
    """Claims by topic, in reading order: corrected by a source, disputed by one, made more exact."""

    corrected: ByTopic
    disputed: ByTopic
    refined: ByTopic


def differences(briefing: Briefing) -> Differences:
    """Every claim beside which another fact stands, once: under the weightiest of the three."""
    corrected, disputed = briefing.corrections_of.keys(), briefing.disputes_of.keys()
    kinds = (corrected, disputed - corrected, briefing.refinements_of.keys() - disputed - corrected)
    return Differences(*(by_topic(briefing, (f for f in briefing.current_facts if f.id in ids)) for ids in kinds))
