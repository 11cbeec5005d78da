"""The dated facts, in order."""

from collections.abc import Iterable
from dataclasses import dataclass

from briefing.model.briefing import Briefing
from briefing.model.records import Actor, Fact
from briefing.text.edtf import Edtf
from briefing.views.statement import Sentence, sentence


@dataclass(frozen=True, slots=True)
class Moment:
    """A dated fact; ``derived`` says how the date was worked out and is empty where the source prints it.

    ``shape`` is ``day``, ``within`` (some time in a month, year or decade) or ``span`` (from one date to another).
    ``topics``, ``actors`` and ``voices`` hold the ids under which a filter finds it.
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
    """The dated facts among those named, in the timeline's order; ids without a fact or date are passed over."""
    facts = briefing.fact_by_id
    return tuple(one.moment for one in dated(briefing, [facts[id] for id in dict.fromkeys(ids) if id in facts]))


def dated(briefing: Briefing, facts: Iterable[Fact]) -> list[Dated]:
    """Those of the facts that have a date, earliest first; of two that begin together the shorter first."""
    found = sorted(((fact.when, fact) for fact in facts if fact.when), key=lambda pair: (pair[0], pair[1].id))
    return [Dated(when, _moment(briefing, fact, when)) for when, fact in found]


def _moment(briefing: Briefing, fact: Fact, when: Edtf) -> Moment:
    named = dict.fromkeys([*([fact.by] if fact.by else []), *fact.about])
    said = sentence(briefing, fact)
    return Moment(
        when=when.text,
        words=when.words,
        derived=fact.derived or "",
        sentence=said,
        shape="span" if when.is_interval else "day" if when.is_day else "within",
        topics=tuple(dict.fromkeys([briefing.topic_of[fact.id].id, *fact.also])),
        actors=tuple(id for id in named if isinstance(briefing.entity_by_id.get(id), Actor)),
        voices=(said.voice, fact.kind),
    )
