"""Where sources differ: each claim with the facts that correct or dispute it."""

from dataclasses import dataclass

from briefing.model.briefing import Briefing
from briefing.views.statement import ByTopic, by_topic


@dataclass(frozen=True, slots=True)
class Differences:
    """Claims by topic, in reading order: those that a source corrects, disputes, or states more precisely."""

    corrected: ByTopic
    disputed: ByTopic
    refined: ByTopic


def differences(briefing: Briefing) -> Differences:
    """Return every claim to which another fact responds, once each, under the most serious kind of response."""
    corrected, disputed = briefing.corrections_of.keys(), briefing.disputes_of.keys()
    kinds = (corrected, disputed - corrected, briefing.refinements_of.keys() - disputed - corrected)
    return Differences(*(by_topic(briefing, (f for f in briefing.current_facts if f.id in ids)) for ids in kinds))
