"""What should be looked at again, and since when. The day is an argument; nothing here knows a clock."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from briefing import paths
from briefing.dates import Day, Edtf, later, plain_day
from briefing.model import Briefing, Fact, Place
from briefing.problems import Problem, Severity

# months after which a thing is looked at again, where neither the record nor the briefing says so
AGES = {"standing": 6, "forecast": 12}
AGE_CODES = frozenset(["stale-future"])  # what only time has made wrong
# English, as facts are written: what is still to come when the sentence is read
_TO_COME = re.compile(r"\b(?:will|shall|(?:is|are) (?:to|due to|expected to|set to)|plans? to)\b", re.IGNORECASE)

# what was still to come when the source told of it
_AHEAD = re.compile(rf"{_TO_COME.pattern}|\b(?:would|until|planned|due|scheduled|(?:was|were) to)\b", re.IGNORECASE)


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


def check_tense(briefing: Briefing) -> Iterator[Problem]:
    """``stale-future``: What a fact says is still to come is not dated to a day that has passed (warning).

    facts/topics/harbour.yml
    -       says: The harbour basin will open with a quay in 1900.
    +       says: The harbour basin opened with a quay in 1900.
    """
    for fact in briefing.current_facts:
        told = fact.kind == "report" and not fact.by  # what somebody said then stays what was said
        past = fact.when and briefing.today and fact.when.latest < briefing.today.earliest
        if told and past and (found := _TO_COME.search(fact.says)):
            assert fact.when
            message = f"'{found[0]}' tells of what is to come, and {fact.when.words} has passed"
            place = briefing.find(fact.at("says"), found[0])
            yield Problem(place, "stale-future", message, "say what came of it, or since when", Severity.WARNING)


def check_source_dates(briefing: Briefing) -> Iterator[Problem]:
    """``after-source``: What is told as done (a report, an accusation) was done before the last of its sources was
    published; where one of them has no date, before the briefing's cutoff (warning).

    facts/topics/harbour.yml
            about: [quay]
    -       when: 2112
    -       derived: A year after the stone was ordered.
    +       when: 1912
            cite: report:2
    """
    if briefing.head is None:
        return
    for fact in briefing.current_facts:
        sources = [briefing.source_by_id.get(cited.source) for cited in fact.cite]
        asked = all(cited.source in briefing.pin_of for cited in fact.cite) and not fact.derived
        done = fact.kind in ("report", "accusation") and not _AHEAD.search(fact.says)
        if fact.when is None or asked or not done or fact.id in briefing.failed or None in sources:
            continue
        dates = [source.date for source in sources if source and source.date]
        dated = len(dates) == len(sources)
        limit = max(dates, key=lambda date: date.latest) if dated else briefing.head.cutoff
        if fact.when.earliest > limit.latest:
            what = "when its source was published" if dated else "the briefing's cutoff"
            message = f"{fact.when.words} is later than {limit.words}, {what}"
            help = "correct 'when', or tell it as what is to come ('kind: forecast')"
            yield Problem(fact.at("when"), "after-source", message, help, Severity.WARNING)


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
        page, says = paths.entity(record), f"{record.name}: {record.standing.how}"
        pages = {paths.topic(topic) for topic in briefing.topics if record.id in topic.map} | {paths.PLACES}
    else:
        page, says = paths.fact(record), record.says
        topics = [briefing.topic_of[record.id], *(topic for topic in briefing.topics if topic.id in record.also)]
        named = [briefing.entity_by_id[id] for id in (*record.about, *([record.by] if record.by else []))]
        pages = {paths.topic(topic) for topic in topics} | {paths.entity(entity).partition("#")[0] for entity in named}
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
