"""The dated facts, in order."""

from collections.abc import Iterable
from dataclasses import dataclass

from briefing.model.briefing import Briefing
from briefing.model.records import Actor, Fact
from briefing.text.edtf import Edtf
from briefing.views.statement import Sentence, sentence


@dataclass(frozen=True, slots=True)
class Moment:
    """A dated fact. ``derived`` explains how the date was worked out, and is empty if the source gives it.

    ``shape`` is ``day``, ``within`` (some time in a month, year or decade) or ``span`` (from one date to another).
    ``topics``, ``actors`` and ``voices`` hold the ids that filters use.
    """

    when: str
    words: str
    derived: str
    sentence: Sentence
    shape: str
    topics: tuple[str, ...]
    actors: tuple[str, ...]
    voices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """A moment with its date."""

    when: Edtf
    moment: Moment


def milestones(briefing: Briefing, ids: Iterable[str]) -> tuple[Moment, ...]:
    """Return the dated facts with these ids, in the order of the timeline. Ids without a fact or a date are skipped."""
    facts = briefing.fact_by_id
    named = [facts[fact_id] for fact_id in dict.fromkeys(ids) if fact_id in facts]
    return tuple(one.moment for one in dated(briefing, named))


def dated(briefing: Briefing, facts: Iterable[Fact]) -> list[Dated]:
    """Return the facts that have a date, earliest first. Of two that begin together, the shorter comes first."""
    # Equal dates are ordered by id, so that the same facts give the same page.
    found = sorted(((fact.when, fact) for fact in facts if fact.when), key=lambda pair: (pair[0], pair[1].id))
    return [Dated(when, _moment(briefing, fact, when)) for when, fact in found]


def _moment(briefing: Briefing, fact: Fact, when: Edtf) -> Moment:
    # A dictionary keeps each actor once and in order, with the speaker first.
    named = dict.fromkeys(fact.about)
    if fact.by:
        named = {fact.by: None} | named
    shown = sentence(briefing, fact)
    return Moment(
        when=when.text,
        words=briefing.language.format_date(when),
        derived=fact.derived or "",
        sentence=shown,
        shape=_shape(when),
        topics=tuple(dict.fromkeys([briefing.topic_of[fact.id].id, *fact.also])),
        actors=tuple(entity_id for entity_id in named if isinstance(briefing.entity_by_id.get(entity_id), Actor)),
        voices=(shown.voice, fact.kind),
    )


def _shape(when: Edtf) -> str:
    if when.is_interval:
        return "span"
    if when.is_day:
        return "day"
    return "within"
