"""Work out when a fact, a place or the briefing is due for review. The day is an argument, not the clock's."""

from collections.abc import Iterator
from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.records import BriefingHead, Fact, Judgment, Place
from briefing.text.edtf import Day, Edtf, later, plain_day

# Default months until a record is due for review. The record or the briefing may set others.
DEFAULT_INTERVALS = {"standing": 6, "forecast": 12}


@dataclass(frozen=True, slots=True)
class Due:
    """A fact, the status of a place, a judgment or the briefing itself, due for review by a day.

    A judgment without an outcome is due at its horizon, and at the date of each indicator without an observation.

    ``page`` is the page that shows it. ``pages`` and ``judgments`` count the pages and judgments that depend on it. The
    id of the briefing is its file name, which no record can have.
    """

    id: str
    says: str
    page: str
    by: Edtf
    overdue: bool
    pages: int
    judgments: int


def review_by(briefing: Briefing, record: Fact | Place) -> Edtf | None:
    """Return the day by which a fact or the status of a place is due; None if it does not age or is retired.

    A record's own ``review_by`` takes precedence. Otherwise its age counts from ``known_as_of``. A review of the
    whole briefing does not count, because it does not make the evidence for a record any newer.
    """
    if isinstance(record, Fact) and not briefing.is_current(record):
        return None
    own = record.standing if isinstance(record, Place) else record
    if own and own.review_by:
        return own.review_by
    known = known_as_of(briefing, record)
    months = _months(briefing, record, known)
    # Only days of the years 1 to 9999 can be written as a plain day.
    if known is None or not months or not 0 < _last_day(known)[0] <= 9999:
        return None
    day = later(_last_day(known), months)
    if day[0] > 9999:
        return None
    return plain_day(day)


def known_as_of(briefing: Briefing, record: Fact | Place) -> Edtf | None:
    """Return the date as of which a record is true: its ``as_of``, or the date of the newest source it cites.

    None if there is neither an ``as_of`` nor a source with a date, so that the age is unknown.
    """
    if isinstance(record, Place):
        if record.standing is None:
            return None
        return record.standing.as_of
    if record.as_of:
        return record.as_of
    dates = [briefing.source_by_id[cited.source].date for cited in record.cite]
    return max(filter(None, dates), key=_last_day, default=None)


def is_overdue(briefing: Briefing, by: Edtf | None) -> bool:
    """Return whether a day has passed. False if the briefing has no current day."""
    return by is not None and briefing.today is not None and briefing.today.earliest > by.latest


def due(briefing: Briefing, until: Day) -> tuple[Due, ...]:
    """Return everything due by a day, sorted by overdue first, then by what depends on it, then by date."""
    records: list[Fact | Place] = [*briefing.current_facts, *briefing.places]
    dated = [(record, review_by(briefing, record)) for record in records]
    found = [_due(briefing, record, by) for record, by in dated if by and by.earliest <= until]
    found += [item for item in _due_judgments(briefing) if item.by.earliest <= until]
    head = briefing.head
    if head and head.next_review and head.next_review.earliest <= until:
        found.append(_due_briefing(briefing, head, head.next_review))
    return tuple(sorted(found, key=lambda item: (not item.overdue, -item.judgments, -item.pages, item.by, item.id)))


def _months(briefing: Briefing, record: Fact | Place, known: Edtf | None) -> int | None:
    """Return after how many months a record is due for review; None or 0 if it does not age."""
    intervals = dict(DEFAULT_INTERVALS)
    if briefing.head:
        intervals.update((interval.of, interval.months) for interval in briefing.head.ages)
    if isinstance(record, Place):
        # A historical status does not change any more.
        if record.standing is None or record.standing.how == "historical":
            return None
        return intervals["standing"]
    if record.kind in intervals:
        months = intervals[record.kind]
    elif record.as_of or record.kind == "report":
        months = intervals["standing"]
    else:
        return None
    # An `as_of` marks a report about the present, whatever its date.
    if record.kind == "report" and not record.as_of and _is_settled(record, known):
        return None
    return months


def _is_settled(report: Fact, known: Edtf | None) -> bool:
    """Return whether a report is about a past event: one with an end, which had begun when its source reported it.

    Every other report is about the present ("X is Y") or a plan, and may be out of date.
    """
    # An open interval ends in the year 10**12.
    if report.when is None or report.when.latest[0] > 9999:
        return False
    return known is None or report.when.earliest <= known.latest


def _last_day(date: Edtf) -> Day:
    """Return the last day that a date may mean, or the first day of an open interval."""
    if date.latest[0] > 9999:
        return date.earliest
    return date.latest


def _due(briefing: Briefing, record: Fact | Place, by: Edtf) -> Due:
    if isinstance(record, Place):
        assert record.standing
        page = routes.entity(record)
        says = f"{record.name}: {record.standing.how}"
        pages = {routes.PLACES, *(routes.topic(topic) for topic in briefing.topics if record.id in topic.map)}
    else:
        page = routes.fact(record)
        says = record.says
        pages = _pages_of(briefing, record)
    judgments: tuple[Judgment, ...] = ()
    if briefing.head:
        judgments = briefing.head.judgments
    affected = sum(record.id in judgment.fact_ids for judgment in judgments)
    return Due(record.id, says, page, by, is_overdue(briefing, by), len(pages), affected)


def _pages_of(briefing: Briefing, fact: Fact) -> set[str]:
    """Return the pages of a fact, of its topics, and of the actors, places and terms that it names."""
    pages = {routes.fact(fact), routes.topic(briefing.topic_of[fact.id])}
    pages |= {routes.topic(topic) for topic in briefing.topics if topic.id in fact.also}
    named = [*fact.about]
    if fact.by:
        named.append(fact.by)
    for entity_id in named:
        # Places and terms are entries on shared pages, which count once.
        page, _, _ = routes.entity(briefing.entity_by_id[entity_id]).partition("#")
        pages.add(page)
    return pages


def _due_judgments(briefing: Briefing) -> Iterator[Due]:
    for judgment in briefing.head.judgments if briefing.head else ():
        if judgment.outcome:
            continue
        dates = [
            (f"What to watch: {one.says} ({one.where})", one.until) for one in judgment.indicators if not one.observed
        ]
        if isinstance(judgment.horizon, Edtf):
            dates.append((f"How did it turn out? {judgment.says}", judgment.horizon))
        for says, by in dates:
            # Both the home page and the page of judgments show it.
            yield Due(judgment.id, says, routes.judgment(judgment.id), by, is_overdue(briefing, by), 2, 1)


def _due_briefing(briefing: Briefing, head: BriefingHead, by: Edtf) -> Due:
    says = f"The briefing itself: {head.title}"
    pages = sum(1 for _ in routes.planned(briefing))
    return Due("briefing.yml", says, routes.BRIEF, by, is_overdue(briefing, by), pages, len(head.judgments))
