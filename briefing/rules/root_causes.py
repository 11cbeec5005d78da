"""Report each cause once, without the problems that it causes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import TypeVar

from briefing.model.briefing import Briefing
from briefing.model.records import Actor, Citation, Entity, Fact, Identified, Place, Record, Source, Term
from briefing.model.suggestions import meant_id
from briefing.problems import Code, Problem, Span, sort_key
from briefing.rules.references import references

_NAMING: dict[type[Record], set[Code]] = {Fact: {"unknown-fact"}, Source: {"unknown-source"}}
_NAMING_ENTITIES: set[Code] = {"unknown-entity", "unknown-actor", "unknown-place", "unknown-term"}
# With these codes, the record's own id may be the misspelt one. A topic's id is the name of its file. A question exists
# before any fact answers it, so a lack of references does not make its id wrong.
_MISSPELT: set[Code] = {"unknown-fact", "unknown-source", "unknown-entity"}
# With this many references to one id, the record must be missing, and one problem is enough. Editors copy answers to a
# question from fact to fact, so two equal ones are already one mistake.
_MANY = 4
_MANY_ANSWERS = 2

R = TypeVar("R", Source, Actor, Place, Term)


def _named(briefing: Briefing) -> set[str]:
    """Return every id that a record refers to, except ids of topics, which may equal those of other records."""
    named = set[str]()
    for _, _, kind, target in references(briefing):
        if isinstance(target, Citation):
            named.add(target.source)
        elif kind != "topic":
            named.add(target)
    return named


def report_once(briefing: Briefing, found: Iterable[Problem]) -> list[Problem]:
    """Return the problems of references, one for each cause.

    A missing record is reported at the first reference to it.

    ``misspelt-id``: Nothing refers to this id, but other records refer to a similar one that does not exist.

    Most likely the id is misspelt here, and those references lead nowhere.

    Fix: check it first; the id may be right and the references misspelt.

        facts/topics/harbour.yml
        -     - id: harbour-opend
        +     - id: harbour-opened
                says: The harbour basin opened with a quay in 1900.
    """
    named = _named(briefing)
    unnamed = {record.id: record for record in briefing.records() if record.id not in named}
    by_name = {meant_id(record.name): record for record in unnamed.values() if isinstance(record, Entity)}
    reported: list[Problem] = []
    problems = _without_overwritten(briefing, list(found))
    problems.sort(key=lambda problem: (_cause(problem), sort_key(problem)))
    for (code, wanted), same_cause in groupby(problems, key=_cause):
        group = list(same_cause)
        first = group[0]
        record: Identified | None = None
        if code in _MISSPELT and len(group) > 1:
            record = unnamed.get(first.expected)
        many = _MANY_ANSWERS if code == "unknown-question" else _MANY
        # One reference is enough if the id made from the record's name is the same.
        if code == "unknown-entity":
            record = by_name.get(wanted, record)
        # An id that has been published is right.
        if record and record.id not in briefing.published_ids:
            reported.append(_misspelt(record, group, wanted))
        elif code and len(group) >= many:
            reported.append(replace(first, message=f"{first.message} ({_format_count(len(group))} to it)"))
        else:
            reported += group
    return reported


def _misspelt(record: Identified, group: list[Problem], wanted: str) -> Problem:
    where = f"{group[0].place.file}:{group[0].place.line}"
    count = _format_count(len(group))
    message = f"nothing refers to '{record.id}'; '{wanted}' does not exist but has {count}, the first at {where}"
    hint = f"did you mean '{wanted}'?"
    problem = Problem(record.at("id"), "misspelt-id", message, hint, fix=wanted)
    return replace(problem, subject=record.id, expected=wanted)


def _format_count(count: int) -> str:
    return "1 reference" if count == 1 else f"{count} references"


def _cause(problem: Problem) -> tuple[str, str]:
    """Return the code and the id that references to one missing record have in common; empty for other problems."""
    if not problem.code.startswith("unknown-"):
        return "", ""
    code = "unknown-entity" if problem.code in _NAMING_ENTITIES else problem.code
    return code, problem.subject


def as_meant(briefing: Briefing, problems: Iterable[Problem]) -> Briefing:
    """Return the briefing with the ids of sources and entities corrected if they are reported as misspelt."""
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
    """Join a duplicate id and the references to an id without a record: an editor has overwritten the one id with the
    other.
    """
    doubles = [problem for problem in problems if problem.code == "duplicate-id"]
    # With two duplicates, it is unclear which of them has replaced the missing id.
    if len(doubles) != 1:
        return problems
    double = doubles[0]
    record = next((record for record in briefing.records() if record.at("id") == double.place), None)
    if record is None:
        return problems
    codes = _NAMING.get(type(record), _NAMING_ENTITIES)
    unresolved = [problem for problem in problems if problem.code in codes]
    ids = {problem.subject for problem in unresolved}
    if len(ids) != 1:
        return problems
    hint = f"{double.hint}, perhaps to '{ids.pop()}', which does not exist ({_format_count(len(unresolved))} to it)"
    others = [problem for problem in problems if problem not in (double, *unresolved)]
    return [*others, replace(double, hint=hint)]
