"""Report each cause once, and leave out the problems that follow from it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import TypeVar

from briefing.model.briefing import Briefing
from briefing.model.fields import Citation
from briefing.model.records import Actor, Entity, Fact, Identified, Place, Record, Source, Term
from briefing.model.validation import meant_id
from briefing.problems import Problem, Span
from briefing.rules.references import references

_NAMING: dict[type[Record], set[str]] = {Fact: {"unknown-fact"}, Source: {"unknown-source"}}
_NAMING_ENTITIES = {"unknown-entity", "unknown-actor", "unknown-place", "unknown-term"}
# Only for these can the record's own id be the one that is misspelt. A topic's id is the name of its file, and a
# question is written before any fact answers it: that no fact refers to it does not make its id wrong.
_MISSPELT = {"unknown-fact", "unknown-source", "unknown-entity"}
# From this many references to one id on, the record is missing, and one problem is enough. Answers to a question are
# copied from fact to fact, so two that agree are already one mistake.
_MANY = 4
_MANY_ANSWERS = 2

R = TypeVar("R", Source, Actor, Place, Term)


def _named(briefing: Briefing) -> set[str]:
    """Return every id that a record refers to. Topics are left out: they are files, and may have the ids of others."""
    named = set[str]()
    for _, _, kind, target in references(briefing):
        if isinstance(target, Citation):
            named.add(target.source)
        elif kind != "topic":
            named.add(target)
    return named


def report_once(briefing: Briefing, problems: Iterable[Problem]) -> list[Problem]:
    """Problems of references, with one for each cause.

    A record that is missing altogether is reported at the first of the places that name it.

    ``misspelt-id``: Where nothing names a record, and what names its like finds none, the record's own id is wrong.

        facts/topics/harbour.yml
        -     - id: harbour-opend
        +     - id: harbour-opened
                says: The harbour basin opened with a quay in 1900.
    """
    named = _named(briefing)
    unnamed = {record.id: record for record in briefing.records() if record.id not in named}
    by_name = {meant_id(record.name): record for record in unnamed.values() if isinstance(record, Entity)}
    reported: list[Problem] = []
    problems = sorted(_without_overwritten(briefing, list(problems)), key=lambda problem: (_cause(problem), problem))
    for (code, wanted), same_cause in groupby(problems, key=_cause):
        group = list(same_cause)
        first = group[0]
        record: Identified | None = None
        if code in _MISSPELT and len(group) > 1:
            record = unnamed.get(first.expected)
        many = _MANY_ANSWERS if code == "unknown-question" else _MANY
        # One reference to an id is enough where the record's name makes the same id.
        if code == "unknown-entity":
            record = by_name.get(wanted, record)
        if record:
            reported.append(_misspelt(record, group, wanted))
        elif code and len(group) >= many:
            reported.append(replace(first, message=f"{first.message}, which {len(group)} places name"))
        else:
            reported += group
    return reported


def _misspelt(record: Identified, group: list[Problem], wanted: str) -> Problem:
    where = f"{group[0].place.file}:{group[0].place.line}"
    places = "a place names" if len(group) == 1 else f"{len(group)} places name"
    message = f"nothing names '{record.id}', but {places} '{wanted}', as {where}"
    hint = f"did you mean '{wanted}'?"
    problem = Problem(record.at("id"), "misspelt-id", message, hint, fix=wanted)
    return replace(problem, subject=record.id, expected=wanted)


def _cause(problem: Problem) -> tuple[str, str]:
    """The code and the id that several references to what is missing have in common; empty for other problems."""
    if not problem.code.startswith("unknown-"):
        return "", ""
    code = "unknown-entity" if problem.code in _NAMING_ENTITIES else problem.code
    return code, problem.subject


def as_meant(briefing: Briefing, problems: Iterable[Problem]) -> Briefing:
    """Return the briefing with the ids of sources and entities as they are meant, where reported as misspelt."""
    meant = {problem.place: problem.expected for problem in problems if problem.code == "misspelt-id"}
    if not meant:
        return briefing
    return replace(
        briefing,
        sources=_with_meant_ids(briefing.sources, meant),
        actors=_with_meant_ids(briefing.actors, meant),
        places=_with_meant_ids(briefing.places, meant),
        terms=_with_meant_ids(briefing.terms, meant),
    )


def _with_meant_ids(records: tuple[R, ...], meant: Mapping[Span, str]) -> tuple[R, ...]:
    changed: list[R] = []
    for record in records:
        meant_id = meant.get(record.at("id"))
        if meant_id:
            record = record.model_copy(update={"id": meant_id})
        changed.append(record)
    return tuple(changed)


def _without_overwritten(briefing: Briefing, problems: list[Problem]) -> list[Problem]:
    """Where one id stands twice and what names another finds none, the one has overwritten the other: one problem."""
    doubles = [problem for problem in problems if problem.code == "duplicate-id"]
    # With two of them it cannot be said which has overwritten what is missing.
    if len(doubles) != 1:
        return problems
    double = doubles[0]
    record = next(record for record in briefing.records() if record.at("id") == double.place)
    codes = _NAMING.get(type(record), _NAMING_ENTITIES)
    unresolved = [problem for problem in problems if problem.code in codes]
    ids = {problem.subject for problem in unresolved}
    if len(ids) != 1:
        return problems
    places = "1 place names" if len(unresolved) == 1 else f"{len(unresolved)} places name"
    hint = f"{double.hint}: '{ids.pop()}', perhaps, which no record has and {places}"
    others = [problem for problem in problems if problem not in (double, *unresolved)]
    return [*others, replace(double, hint=hint)]
