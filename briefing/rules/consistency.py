"""Check a record against itself. These rules need no source, so they apply to every fact, judgment and place."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date as calendar_date
from functools import lru_cache

from briefing.evidence.cited_texts import cited_texts
from briefing.evidence.last_result import cache_last
from briefing.evidence.logic_words import STOP_WORDS
from briefing.evidence.matching import MONTHS, WEEKDAYS
from briefing.evidence.names import names_in
from briefing.evidence.outlines import land_named
from briefing.model.briefing import Briefing
from briefing.model.records import Fact
from briefing.problems import Problem, Severity
from briefing.text.edtf import Edtf
from briefing.text.language import ENGLISH
from briefing.text.normalize import forms, stem, words

_MONTH = "|".join(MONTHS)
# 17 January 2025, January 17, 2025, January 2025, 17 January; a year or a decade after a preposition and the like.
_DATE = re.compile(
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?\b(?P<month>{_MONTH})\b(?: (?P<later_day>\d{{1,2}})\b(?!\d))?"
    r"(?:,? (?P<year>\d{4})\b)?|\b(?:in|of|since|by|from|until|till|to|early|late|mid|before|after|during|around|about|"
    r"spring|summer|autumn|winter)[ -](?:the )?(?P<only_year>1[0-9]\d\d|20\d\d)(?P<decade>s)?\b(?![,.]\d|[–/-]\d)"
)
_RANGE = re.compile(
    r"\b(?:from|between) (?P<from>1\d{3}|20\d\d) (?:to|until|and) (?P<to>1\d{3}|20\d\d)\b|"
    r"\b(?P<start>1\d{3}|20\d\d)[–-](?P<end>1\d{3}|20\d\d)\b"
)
# The years of the solar and the lunar Hijri calendar in modern times.
_OTHER_CALENDARS = range(1270, 1480)
# A derivation says from what the date follows: a date or number, or a word for a step from one.
_REASON = re.compile(
    rf"\d|\b(?:{_MONTH}|{'|'.join(WEEKDAYS)}|publi(?:shed|cation)|issue|dated?|day|week|month|year|later|earlier|before|"
    r"after|following|previous|next|same|anniversary|calendar|one|two|three|four|five|six|seven|eight|nine|ten|half|"
    r"season|spring|summer|autumn|winter)\b",
    re.IGNORECASE,
)
# An outline is simplified, and a position may be at sea off the coast. In degrees.
_TOLERANCE = 0.3

# The largest number of years that a derivation counts. A larger number is a year.
_MOST_STEPS = 1000
# A stem that so small a share of the facts have shows that two of them are about the same.
_RARE = 0.04

_CACHED_TEXTS = 1 << 12
_RELATIONS = ("corrects", "refines", "disputes", "supersedes")


def check_dates(briefing: Briefing) -> Iterator[Problem]:
    """Report facts whose sentence, date and derivation do not fit together.

    ``date-mismatch``: No date in the sentence fits ``when``.

    Readers see the sentence; the timeline, the calendar and the data use ``when``. One of them is wrong.

        facts/topics/harbour.yml
        -       says: The survey of the harbour basin ended on 2 July 1905.
        +       says: The survey of the harbour basin ended on Friday, 2 June 1905.
                about: [harbour-basin]
                when: 1905-06-02

    ``weekday-mismatch``: The weekday in the sentence is not that of the date.

    The date or the weekday is wrong.

        facts/topics/harbour.yml
        -       says: The survey of the harbour basin ended on Monday, 2 June 1905.
        +       says: The survey of the harbour basin ended on Friday, 2 June 1905.

    ``reversed-range``: A range of years ends before it begins.

    The years may be in the wrong order, or one of them is wrong.

        facts/topics/harbour.yml
        -       says: The survey of the harbour basin ran from 1905 to 1903.
        +       says: The survey of the harbour basin ran from 1903 to 1905.

    ``other-calendar`` (warning): The year in ``when`` may be one of the solar or lunar Hijri calendar, and the sentence
    does not contain it.

    A year that a source gives in another calendar has to be converted.

        facts/topics/harbour.yml
        -       when: 1282
        +       when: 1903/1905
    """
    for fact in briefing.current_facts:
        if fact.id in briefing.failed:
            continue
        yield from _reversed_ranges(briefing, fact)
        if fact.when is None:
            continue
        found = list(_DATE.finditer(fact.says))
        years = {int(match["year"] or match["only_year"] or 0) for match in found}
        year = fact.when.earliest[0]
        if year in _OTHER_CALENDARS and year not in years:
            message = f"{year} may be a year of the solar or lunar Hijri calendar"
            hint = "convert it to the Gregorian calendar, or give the year in the sentence"
            yield Problem(fact.at("when"), "other-calendar", message, hint, Severity.WARNING)
        elif (
            found and not any(_fits(match, fact.when) for match in found) and not years & _source_years(briefing, fact)
        ):
            said = " and ".join(f"'{match[0].strip()}'" for match in found)
            message = f"the sentence has {said}, but 'when' is {ENGLISH.format_date(fact.when)}"
            place = briefing.find(fact.at("says"), found[0][0].strip())
            yield Problem(place, "date-mismatch", message, "correct the sentence or 'when'")
        else:
            yield from _weekdays(briefing, fact, fact.when)


def _source_years(briefing: Briefing, fact: Fact) -> set[int]:
    """Return the years in which the cited sources were published. A sentence may name its source by the year."""
    sources = (briefing.source_by_id.get(one.source) for one in fact.cite)
    return {source.date.earliest[0] for source in sources if source and source.date}


def _fits(match: re.Match[str], when: Edtf) -> bool:
    """Return whether a date in a sentence may be, contain or lie in ``when``, as far as both are precise."""
    first, last = when.earliest, when.latest
    year = int(match["year"] or match["only_year"] or 0)
    if year and not first[0] <= year + (9 if match["decade"] else 0) <= last[0] + (9 if match["decade"] else 0):
        return False
    if not match["month"] or first[:2] != last[:2]:
        # Before or after the months of an interval within a year.
        month = MONTHS.index(match["month"]) + 1 if match["month"] else 0
        return not month or first[0] != last[0] or first[1] <= month <= last[1]
    if MONTHS.index(match["month"]) + 1 != first[1]:
        return False
    day = match["day"] or match["later_day"]
    return not day or first[2] <= int(day) <= last[2]


def _weekdays(briefing: Briefing, fact: Fact, when: Edtf) -> Iterator[Problem]:
    said = re.findall(rf"\b({'|'.join(WEEKDAYS)})\b", fact.says)
    if len(said) != 1 or not when.is_plain_day:
        return
    right = WEEKDAYS[calendar_date(*when.earliest).weekday()]
    if right != said[0]:
        place = briefing.find(fact.at("says"), said[0])
        message = f"{ENGLISH.format_date(when)} was a {right}, not a {said[0]}"
        yield Problem(place, "weekday-mismatch", message, "correct the weekday or 'when'")


def _reversed_ranges(briefing: Briefing, fact: Fact) -> Iterator[Problem]:
    for match in _RANGE.finditer(fact.says):
        first, last = (int(match[one] or match[other]) for one, other in (("from", "start"), ("to", "end")))
        if last < first:
            place = briefing.find(fact.at("says"), match[0])
            message = f"the range '{match[0]}' ends before it begins"
            yield Problem(place, "reversed-range", message, "correct the years or their order")


def check_derivations(briefing: Briefing) -> Iterator[Problem]:
    """Report derived dates whose reason does not say how they follow from the source.

    ``unexplained-derivation``: ``derived`` does not name what the date follows from, or the year in ``when`` is neither
    in the sentence, the reason or a cited paragraph, nor near the date of a cited source.

    A derived date is not looked up in the source, so a reader needs the steps to check it.

        facts/topics/harbour.yml
        -       derived: Worked out.
        +       derived: A year after 1905, when the survey ended.
    """
    for fact in briefing.current_facts:
        if not fact.derived or fact.when is None or fact.id in briefing.failed:
            continue
        span = fact.at("derived")
        hint = "say which date or words of the source it follows from, and how"
        if not _REASON.search(fact.derived):
            message = "the reason does not say what the date follows from"
            yield Problem(span, "unexplained-derivation", message, hint)
            continue
        dates = (briefing.source_by_id[one.source].date for one in fact.cite if one.source in briefing.source_by_id)
        known = {year for date in dates if date for year in range(date.earliest[0] - 1, date.latest[0] + 2)}
        text = f"{fact.says} {fact.derived}"
        said = {
            int(found[1]) + step
            for found in re.finditer(r"\b(\d{4})(s?)\b", text)
            for step in range(10 if found[2] else 1)
        }
        # "Three years before" counts from a year.
        steps = {int(part) for word in words(text) for part in word.parts if part.isdigit() and int(part) < _MOST_STEPS}
        known |= {year + sign * step for year in (*known, *said) for step in {0, 1, *steps} for sign in (-1, 1)}
        for date in (fact.when.earliest, fact.when.latest):
            if _is_in_source(briefing, fact, date[0]):
                continue
            if known and 0 < date[0] < 9999 and date[0] not in known:
                message = f"neither the sentence, the reason nor the date of a cited source leads to {date[0]}"
                yield Problem(span, "unexplained-derivation", message, hint)
                break


def _is_in_source(briefing: Briefing, fact: Fact, year: int) -> bool:
    cited = cited_texts(briefing)
    return any(cited.texts[source].has(number, (str(year),)) for source, number in cited.parts(fact))


def check_speakers(briefing: Briefing) -> Iterator[Problem]:
    """Report facts whose sentence does not name the speaker.

    ``speaker-not-named`` (warning): The fact has ``by``, but its sentence has no name of this actor.

    Readers would take a claim for a statement of the briefing.

        facts/topics/trade.yml
        -       says: The basin is “a door to the sea”.
        +       says: The Port Authority calls the basin “a door to the sea”.
    """
    names = names_in(briefing)
    for fact in briefing.current_facts:
        speaker = briefing.entity_by_id.get(fact.by or "")
        # An unnamed speaker ("an officer") can be called many things. The rules on references report a wrong id.
        if not speaker or not speaker.name.istitle() or briefing.failed & {fact.id, fact.by}:
            continue
        spellings = names.of[speaker.id]
        said = forms(fact.says)
        if not any(said.issuperset(spelling) for spelling in spellings):
            message = f"the sentence does not name the speaker '{fact.by}'"
            yield Problem(fact.at("says"), "speaker-not-named", message, "say who says so", Severity.WARNING)


def check_positions(briefing: Briefing) -> Iterator[Problem]:
    """Report places whose position is not in their country.

    ``position-outside-country``: The position is clearly outside the outline of the place's country.

    The map would show the place where it is not. Latitude and longitude may have been swapped.

        facts/places.yml
        -   position: {lat: 18.2, lon: 59.1, precision: exact, from: chart}
        +   position: {lat: 59.1, lon: 18.2, precision: exact, from: chart}
    """
    for place in briefing.places:
        state = briefing.entity_by_id.get(place.country or "")
        land = land_named(state.spellings) if state else None
        if place.position is None or land is None or state is None:
            continue
        at = place.position
        if not land.is_near(at.lat, at.lon, _TOLERANCE):
            message = f"{at.lat}, {at.lon} is not in {state.name}"
            hint = "correct the position or the country"
            if land.is_near(at.lon, at.lat, _TOLERANCE):
                hint = "swap latitude and longitude"
            yield Problem(place.at("position", "lat"), "position-outside-country", message, hint)


def check_targets(briefing: Briefing) -> Iterator[Problem]:
    """Report facts that correct, clarify, dispute or supersede a fact on something else.

    ``unrelated-target`` (warning): The fact and the one that it corrects, clarifies, disputes or supersedes are about
    different things and share no word.

    Readers would be shown a correction of something that it does not correct.

        facts/topics/harbour.yml
        -       refines: [door-to-the-sea]
        +       refines: [harbour-opened]
    """
    for fact in briefing.current_facts:
        for relation in _RELATIONS:
            for index, target_id in enumerate(getattr(fact, relation)):
                target = briefing.fact_by_id.get(target_id)
                if target is None or fact.id in briefing.failed:
                    continue
                shared = _content(fact.says) & _content(target.says)
                one, other = _subjects(fact), _subjects(target)
                # A fact without subjects can only share words.
                near = not one or not other or one & other or not shared.isdisjoint(_rare(briefing.facts))
                if not (shared and near):
                    message = f"the fact has neither a subject nor a rare word in common with '{target_id}'"
                    hint = "write the id of the fact that is meant"
                    yield Problem(fact.at(relation, index), "unrelated-target", message, hint, Severity.WARNING)


def _subjects(fact: Fact) -> set[str | None]:
    return {*fact.about, fact.by} - {None}


@cache_last
def _rare(facts: tuple[Fact, ...]) -> frozenset[str]:
    count = Counter(part for fact in facts for part in _content(fact.says))
    most = max(4, int(_RARE * len(facts)))
    return frozenset(part for part, times in count.items() if times <= most)


@lru_cache(_CACHED_TEXTS)
def _content(text: str) -> frozenset[str]:
    parts = (part for word in words(text) for part in word.parts)
    return frozenset(stem(part, "en") for part in parts if part not in STOP_WORDS and len(part) > 2)
