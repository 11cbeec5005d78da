"""When a fact, a place or the briefing is due for review. The day is an argument; nothing here reads a clock."""

from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.records import BriefingHead, Fact, Judgment, Place
from briefing.text.edtf import Day, Edtf, later, plain_day

# Months after which a record is due for review, where neither the record nor the briefing says otherwise.
DEFAULT_INTERVALS = {"standing": 6, "forecast": 12}


@dataclass(frozen=True, slots=True)
class Due:
    """A fact, a place's standing or the briefing itself, due for review by a day.

    ``page`` is where it stands; ``pages`` and ``judgments`` count what rests on it. The id of the briefing is the name
    of its file, which no record can have.
    """

    id: str
    says: str
    page: str
    by: Edtf
    overdue: bool
    pages: int
    judgments: int


def review_by(briefing: Briefing, record: Fact | Place) -> Edtf | None:
    """Return the day by which a fact, or a place's standing, is to be reviewed; None if it does not age or is retired.

    A record's own ``review_by`` takes precedence. Otherwise its age counts from ``known_as_of``. When the briefing as
    a whole was reviewed does not matter: that does not make the evidence for a record any newer.
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
    """Return as of when a record is known to hold: its ``as_of``, otherwise the date of the newest source it cites.

    None if it has no ``as_of`` and none of its sources has a date: then nothing shows how old it is.
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
    """Return whether a day has passed; never if the briefing is read without a day of its own."""
    return by is not None and briefing.today is not None and briefing.today.earliest > by.latest


def due(briefing: Briefing, until: Day) -> tuple[Due, ...]:
    """Return all that is due by a day: first what is overdue, then by how much rests on it, then by date."""
    records: list[Fact | Place] = [*briefing.current_facts, *briefing.places]
    dated = [(record, review_by(briefing, record)) for record in records]
    found = [_due(briefing, record, by) for record, by in dated if by and by.earliest <= until]
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
        # What is of the past does not change any more.
        if record.standing is None or record.standing.how == "historical":
            return None
        return intervals["standing"]
    if record.kind in intervals:
        months = intervals[record.kind]
    elif record.as_of or record.kind == "report":
        months = intervals["standing"]
    else:
        return None
    # With `as_of` an editor says that a report is of how things are, whatever its date.
    if record.kind == "report" and not record.as_of and _is_settled(record, known):
        return None
    return months


def _is_settled(report: Fact, known: Edtf | None) -> bool:
    """Return whether a report is of a past event: one with an end, which had begun when its source reported it.

    Every other report says how things are ("X is Y"), or what is planned, and may have changed since.
    """
    # An open interval ends in the year 10**12.
    if report.when is None or report.when.latest[0] > 9999:
        return False
    return known is None or report.when.earliest <= known.latest


def _last_day(date: Edtf) -> Day:
    """Return the last day that a date may mean; of an open interval the first."""
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
    affected = sum(record.id in judgment.rests_on for judgment in judgments)
    return Due(record.id, says, page, by, is_overdue(briefing, by), len(pages), affected)


def _pages_of(briefing: Briefing, fact: Fact) -> set[str]:
    """Return its own page, those of its topics and those of the actors, places and terms that it names."""
    pages = {routes.fact(fact), routes.topic(briefing.topic_of[fact.id])}
    pages |= {routes.topic(topic) for topic in briefing.topics if topic.id in fact.also}
    named = [*fact.about]
    if fact.by:
        named.append(fact.by)
    for entity_id in named:
        # Places and terms are entries on a page that they share, which counts once.
        page, _, _ = routes.entity(briefing.entity_by_id[entity_id]).partition("#")
        pages.add(page)
    return pages


def _due_briefing(briefing: Briefing, head: BriefingHead, by: Edtf) -> Due:
    says = f"The briefing itself: {head.title}"
    pages = sum(1 for _ in routes.planned(briefing))
    return Due("briefing.yml", says, routes.BRIEF, by, is_overdue(briefing, by), pages, len(head.judgments))
