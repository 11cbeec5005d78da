"""The current state of affairs, for the strip at the top of pages."""

from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.review_dates import is_overdue
from briefing.views.statement import Link, topic_link


@dataclass(frozen=True, slots=True)
class StatusStrip:
    """The state of the briefing as shown on pages. A field without a value is an empty string."""

    says: str
    evidence: str
    cutoff: str
    reviewed: str
    next_review: str
    facts: str
    topics: tuple[Link, ...]


def status_strip(briefing: Briefing) -> StatusStrip:
    """Return the strip of a briefing without errors. ``evidence`` is the path of the fact that supports the status."""
    head = briefing.head
    assert head
    says = evidence = ""
    if head.status:
        says = head.status.says
        evidence = routes.fact(briefing.fact_by_id[head.status.rests_on[0]])
    return StatusStrip(
        says=says,
        evidence=evidence,
        cutoff=briefing.language.format_date(head.cutoff),
        reviewed=briefing.language.format_date(head.reviewed),
        next_review=_next_review(briefing),
        facts=briefing.language.format_number(len(briefing.current_facts)),
        topics=tuple(map(topic_link, briefing.topics)),
    )


def _next_review(briefing: Briefing) -> str:
    head = briefing.head
    assert head
    date = briefing.language.format_date(head.next_review)
    if is_overdue(briefing, head.next_review):
        return briefing.language.gettext("overdue since %(date)s", date=date)
    return date
