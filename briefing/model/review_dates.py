"""When a fact or a place is due for review. The day is an argument; nothing here reads a clock."""

from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.records import Fact, Place
from briefing.text.edtf import Day, Edtf, later, plain_day

# months after which a thing is looked at again, where neither the record nor the briefing says so
AGES = {"standing": 6, "forecast": 12}


@dataclass(frozen=True, slots=True)
class Due:
    """A fact, or a place for its standing, that is to be looked at again by a day.

    ``page`` is where it stands; ``pages`` and ``judgments`` count what rests on it.
    """

    id: str
    says: str
    page: str
    by: Edtf
    overdue: bool
    pages: int
    judgments: int


def review_by(briefing: Briefing, record: Fact | Place) -> Edtf | None:
    """By when a fact, or a place's standing, is to be looked at again; None where it does not age.

    A record's own ``review_by`` goes first. Otherwise the age of its kind counts from the day that it tells of or,
    where that is later, from the review of the whole briefing; only days of the years 1 to 9999 count.
    """
    standing = record.standing if isinstance(record, Place) else None
    if isinstance(record, Place) and standing is None:
        return None
    own = standing.review_by if standing else record.review_by if isinstance(record, Fact) else None
    if own:
        return own
    months = _ages(briefing).get("standing" if standing else record.kind)
    if months is None:
        return None
    since = _since(briefing, record)
    day = later(since, months) if since else None
    return plain_day(day) if day and day[0] <= 9999 else None


def is_overdue(briefing: Briefing, by: Edtf | None) -> bool:
    """Whether the day of the briefing is past; never where it has none."""
    return by is not None and briefing.today is not None and briefing.today.earliest > by.latest


def due(briefing: Briefing, until: Day) -> tuple[Due, ...]:
    """All that is due by a day: what is overdue first, then by how much rests on it, then by date."""
    records: list[Fact | Place] = [*briefing.current_facts, *briefing.places]
    found = [
        _due(briefing, record, by) for record in records if (by := review_by(briefing, record)) and by.earliest <= until
    ]
    return tuple(sorted(found, key=lambda one: (not one.overdue, -one.judgments, -one.pages, one.by, one.id)))


def _ages(briefing: Briefing) -> dict[str, int]:
    own = briefing.head.ages if briefing.head else ()
    return {**AGES, **{age.of: age.months for age in own}}


def _since(briefing: Briefing, record: Fact | Place) -> Day | None:
    if isinstance(record, Fact):
        dated = record.as_of or record.when or briefing.source_by_id[record.cite[0].source].date
    else:
        dated = record.standing.as_of if record.standing else None
    reviewed = briefing.head.reviewed or briefing.head.cutoff if briefing.head else None
    days = [date.latest if date.latest[0] <= 9999 else date.earliest for date in (dated, reviewed) if date]
    return max((day for day in days if 0 < day[0] <= 9999), default=None)


def _due(briefing: Briefing, record: Fact | Place, by: Edtf) -> Due:
    if isinstance(record, Place):
        assert record.standing
        page, says = routes.entity(record), f"{record.name}: {record.standing.how}"
        pages = {routes.topic(topic) for topic in briefing.topics if record.id in topic.map} | {routes.PLACES}
    else:
        page, says = routes.fact(record), record.says
        topics = [briefing.topic_of[record.id], *(topic for topic in briefing.topics if topic.id in record.also)]
        named = [briefing.entity_by_id[id] for id in (*record.about, *([record.by] if record.by else []))]
        pages = {routes.topic(topic) for topic in topics} | {
            routes.entity(entity).partition("#")[0] for entity in named
        }
        pages |= {page}
    judgments = briefing.head.judgments if briefing.head else ()
    return Due(
        record.id,
        says,
        page,
        by,
        is_overdue(briefing, by),
        len(pages),
        sum(record.id in judgment.rests_on for judgment in judgments),
    )
