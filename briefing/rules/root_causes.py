"""Report each cause once, and leave out the problems that follow from it."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import TypeVar

from briefing.model.briefing import Briefing
from briefing.model.fields import Citation
from briefing.model.records import Actor, Entity, Fact, Place, Record, Source, Term
from briefing.model.validation import meant_id
from briefing.problems import Problem
from briefing.rules.references import references

_NAMING: dict[type[Record], set[str]] = {Fact: {"unknown-fact"}, Source: {"unknown-source"}}
_NAMING_ENTITIES = {"unknown-entity", "unknown-actor", "unknown-place", "unknown-term"}
# only these may find that the id of the record is the one that is misspelt: a topic's id is the name of its file, and a
# question is listed before any fact answers it, so that no fact names it says nothing against its id
_MISSPELT = {"unknown-fact", "unknown-source", "unknown-entity"}
# from this many references to one id on, it is the record that is missing, and one problem says so; answers to a
# question are copied from fact to fact, so two that agree are one mistake
_MANY = 4
_MANY_ANSWERS = 2

R = TypeVar("R", Source, Actor, Place, Term)


def _named(briefing: Briefing) -> set[str]:
    """Every id that one record names of another; topics are files, and their ids are apart from these."""
    return {
        target.source if isinstance(target, Citation) else target
        for _, _, kind, target in references(briefing)
        if kind != "topic"
    }


def report_once(briefing: Briefing, problems: Iterable[Problem]) -> list[Problem]:
    """Problems of references, with one for each cause.

    A record that is missing altogether is told at the first of the places that name it.

    ``misspelt-id``: Where nothing names a record, and what names its like finds none, the record's own id is wrong.

        facts/topics/harbour.yml
        -     - id: harbour-opend
        +     - id: harbour-opened
                says: The harbour basin opened with a quay in 1900.
    """
    named = _named(briefing)
    records = {record.id: record for record in briefing.records() if record.id not in named}
    by_name = {meant_id(record.name): id for id, record in records.items() if isinstance(record, Entity)}
    told: list[Problem] = []
    for (code, wanted), found in groupby(
        sorted(_without_overwritten(briefing, list(problems)), key=lambda p: (_cause(p), p)), key=_cause
    ):
        group = list(found)
        first = group[0]
        # an id that is as the record's name has it is right, though nothing else would name it
        of_name = by_name.get(wanted, "") if code == "unknown-entity" else ""
        if code in _MISSPELT and (of_name or (first.expected in records and len(group) > 1)):
            record = records[of_name or first.expected]
            where = f"{first.place.file}:{first.place.line}"
            places = f"{len(group)} places name" if len(group) > 1 else "a place names"
            message = f"nothing names '{record.id}', but {places} '{wanted}', as {where}"
            hint = f"did you mean '{wanted}'?"
            problem = Problem(record.at("id"), "misspelt-id", message, hint, fix=wanted)
            told.append(replace(problem, subject=record.id, expected=wanted))
        elif code and len(group) >= (_MANY_ANSWERS if code == "unknown-question" else _MANY):
            told.append(replace(first, message=f"{first.message}, which {len(group)} places name"))
        else:
            told += group
    return told


def _cause(problem: Problem) -> tuple[str, str]:
    """The code and the id that several references to what is missing have in common; empty for other problems."""
    if not problem.code.startswith("unknown-"):
        return "", ""
    code = "unknown-entity" if problem.code in _NAMING_ENTITIES else problem.code
    return code, problem.subject


def as_meant(briefing: Briefing, told: Iterable[Problem]) -> Briefing:
    """The briefing with the ids of sources and entities as they are meant, where they are told as misspelt."""
    meant = {problem.place: problem.expected for problem in told if problem.code == "misspelt-id"}

    def mended(records: tuple[R, ...]) -> tuple[R, ...]:
        return tuple(
            record.model_copy(update={"id": id}) if (id := meant.get(record.at("id"))) else record for record in records
        )

    if not meant:
        return briefing
    return replace(
        briefing,
        sources=mended(briefing.sources),
        actors=mended(briefing.actors),
        places=mended(briefing.places),
        terms=mended(briefing.terms),
    )


def _without_overwritten(briefing: Briefing, problems: list[Problem]) -> list[Problem]:
    """Where one id stands twice and what names another finds none, the one has overwritten the other: one problem."""
    doubles = [problem for problem in problems if problem.code == "duplicate-id"]
    if len(doubles) != 1:
        return problems
    double = doubles[0]
    record = next(record for record in briefing.records() if record.at("id") == double.place)
    codes = _NAMING.get(type(record), _NAMING_ENTITIES)
    missed = [problem for problem in problems if problem.code in codes]
    ids = {problem.subject for problem in missed}
    if len(ids) != 1:
        return problems
    places = f"{len(missed)} place{'s name' if len(missed) > 1 else ' names'}"
    hint = f"{double.hint}: '{ids.pop()}', perhaps, which no record has and {places}"
    return [*(problem for problem in problems if problem not in (double, *missed)), replace(double, hint=hint)]
