"""The current state of affairs, for the strip at the top of pages."""

from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.review_dates import is_overdue
from briefing.views.statement import Link, date_words, topic_link


@dataclass(frozen=True, slots=True)
class StatusStrip:
    """What every page says of the briefing; texts are empty where the briefing does not say."""

    says: str
    evidence: str
    cutoff: str
    reviewed: str
    next_review: str
    overdue: bool
    facts: int
    topics: tuple[Link, ...]


def status_strip(briefing: Briefing) -> StatusStrip:
    """The strip of a briefing without errors; ``evidence`` is the path of the fact behind the status."""
    head = briefing.head
    assert head
    says = evidence = ""
    if head.status:
        says = head.status.says
        evidence = routes.fact(briefing.fact_by_id[head.status.rests_on[0]])
    return StatusStrip(
        says=says,
        evidence=evidence,
        cutoff=head.cutoff.words,
        reviewed=date_words(head.reviewed),
        next_review=date_words(head.next_review),
        overdue=is_overdue(briefing, head.next_review),
        facts=len(briefing.current_facts),
        topics=tuple(map(topic_link, briefing.topics)),
    )
