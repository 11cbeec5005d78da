"""The current state of affairs and the date of the information, for the line at the top of pages."""

from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.review_dates import is_overdue
from briefing.views.statement import Link, topic_link


@dataclass(frozen=True, slots=True)
class StatusStrip:
    """The status with the path of the fact behind it, the date of the information, and the topics.

    ``says`` and ``evidence`` are empty if the briefing has no status. ``as_of`` follows a status, and ``cutoff`` is
    the same date as a line of its own.
    """

    says: str
    evidence: str
    as_of: str
    cutoff: str
    topics: tuple[Link, ...]


def status_strip(briefing: Briefing) -> StatusStrip:
    """Return the strip of a briefing without errors."""
    head = briefing.head
    assert head
    says = evidence = ""
    if head.status:
        says = head.status.says
        evidence = routes.fact(briefing.fact_by_id[head.status.rests_on[0]])
    t = briefing.language
    date = t.format_date(head.cutoff)
    return StatusStrip(
        says=says,
        evidence=evidence,
        as_of=t.gettext("as of %(date)s", date=date),
        cutoff=t.gettext("Information as of %(date)s", date=date),
        topics=tuple(map(topic_link, briefing.topics)),
    )


def next_review(briefing: Briefing) -> str:
    """Return the date of the briefing's next review, or since when it is overdue; empty if there is none."""
    head = briefing.head
    assert head
    date = briefing.language.format_date(head.next_review)
    if is_overdue(briefing, head.next_review):
        return briefing.language.gettext("overdue since %(date)s", date=date)
    return date
