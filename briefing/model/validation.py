"""Translate pydantic's errors into problems with a position and a fix."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingABC
from dataclasses import replace
from typing import Literal, get_args, get_origin
from unicodedata import normalize

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from briefing.model.fields import SLUG
from briefing.model.records import BottomLine, Head, NotUsed, PinnedPart, Question, Record, fields_that, kinds_in
from briefing.problems import Problem, Span, nearest
from briefing.text.edtf import meant_edtf
from briefing.text.nodes import Mapping, Node, Path, Sequence, Text, follow, place, plain
from briefing.text.normalize import words

_ENTITIES = {"entity", "actor", "place", "term"}
_NO_SLUG = re.compile(r"[^a-z0-9]+")
# pydantic's kinds of error that mean "not that kind of value", and what an editor should write
_EXPECTED = {
    "string_type": "text",
    "tuple_type": "a list",
    "list_type": "a list",
    "model_type": "fields, each as 'name: value'",
    "model_attributes_type": "fields, each as 'name: value'",
    "dict_type": "fields, each as 'name: value'",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_parsing_size": "a smaller number",
    "float_parsing": "a number",
    "float_type": "a number",
    "finite_number": "a number",
}
# what it means that these fields are missing or empty
_EVIDENCE = {"cite": "no-citation", "rests_on": "no-facts"}
_HINTS = {
    "bad-date": "write it as EDTF: 1971, 198X, 2024-12, 2025-01-17, 2010/2016, 2015/.., 1971~",
    "bad-citation": "write it as source:paragraph, as in report:12 or treaty:3.3",
    "bad-address": "as in f/old-id: f/new-id, actors/old-id: actors/new-id or places#old-id: places#new-id",
    "bad-id": "as in naval-base-1971",
    "empty-value": "write a value or delete the field",
    "no-reason": "say why in a few words, or delete the line: the fact stands without it",
}
_DASHED = re.compile(r"(?:^| )-[a-z]")


def translate_errors(
    model: type[Record], node: Node, details: list[ErrorDetails], ids: MappingABC[str, str]
) -> Iterator[Problem]:
    """The problems of one record, one a cause. Several names in a list of ids are one, mended in the list. ``ids`` are
    those of actors, places and terms, by each of their spellings in lower case.
    """
    details = _without_misspelt(details)
    bad = [detail["loc"] for detail in details if detail["type"] == "bad-id"]
    lists = {path for path, count in Counter(path[:-1] for path in bad).items() if count > 1}
    lists = {path for path in lists if isinstance(follow(node, path), Sequence) and _on_one_line(follow(node, path))}
    for path in lists:
        items = plain(follow(node, path))
        assert isinstance(items, list)
        meant = [item if SLUG.fullmatch(str(item)) else _entity_meant(path, str(item), ids) for item in items]
        wrong = ", ".join(f"'{item}'" for item in items if not SLUG.fullmatch(str(item)))
        fix = f"[{', '.join(dict.fromkeys(meant))}]" if all(meant) else ""
        message = f"{wrong}: an id is lower-case words and numbers joined by hyphens"
        yield Problem(place(node, path), "bad-id", message, _HINTS["bad-id"], fix=fix)
    for detail in details:
        if detail["loc"][:-1] in lists and detail["type"] == "bad-id":
            continue
        problem = _problem(model, node, detail)
        path, text = detail["loc"], str(detail["input"])
        if problem.code in ("bad-id", "bad-citation") and isinstance(path[-1], int) and _DASHED.search(text):
            yield _without_space(node, path, text, problem)
        elif problem.code == "bad-id":
            meant_one = _entity_meant(path, text, ids)
            yield replace(problem, fix="" if meant_one == text else meant_one)
        else:
            yield problem


def _entity_meant(path: Path, text: str, ids: MappingABC[str, str]) -> str:
    """The id that a text was to be: where entities are named, that of the one which the text spells."""
    if not fields_that(lambda meaning: meaning.refers_to in _ENTITIES).intersection(path):
        return meant_id(text)
    if "," in text:
        meant = [_entity_meant(path, part.strip(), ids) for part in text.split(",")]
        return f"[{', '.join(meant)}]" if all(meant) else ""
    slug = meant_id(text)
    known = {slug} & {*ids.values()}
    spelt = ids.get(nearest(text.casefold(), ids))
    return next(iter(known), "") or spelt or nearest(slug, ids.values())


def field_fault(model: type[Record], name: str, value: object) -> str:
    """What is wrong with a value for one field of a kind of record, and how to mend it; empty where nothing is."""
    try:
        model.model_validate({name: value})
    except ValidationError as error:
        details = [detail for detail in error.errors(include_url=False) if detail["loc"][:1] == (name,)]
        for detail in details:
            problem = _problem(model, Mapping(Span("")), detail)
            return ": ".join(part for part in (problem.message, problem.hint) if part)
    return ""


def _problem(model: type[Record], node: Node, detail: ErrorDetails) -> Problem:
    path: Path = detail["loc"]
    name = str(path[-1]) if path else ""
    kind = detail["type"]
    span = place(node, path)
    if path[-1:] == ("[key]",) and isinstance(holder := follow(node, path[:1]), Mapping):
        span = holder.keys[str(path[-2])]
    value = detail["input"]
    shown = f" '{value}'" if isinstance(value, str) and value else ""
    if kind == "missing":
        code = _EVIDENCE.get(name, "missing-field")
        needing = noun(_model_at(model, path[:-1]))
        return Problem(place(node, path[:-1]), code, f"{needing} needs '{name}'", f"add '{name}: …'")
    if kind == "extra_forbidden":
        owner = _model_at(model, path[:-1])
        known = [info.alias or field for field, info in owner.model_fields.items()]
        holder = follow(node, path[:-1])
        span = holder.keys.get(name, span) if isinstance(holder, Mapping) else span
        if name.isdigit() and isinstance(holder, Mapping) and (split := _split_number(holder, name)):
            return split
        problem = _misspelt(span, "unknown-field", f"{noun(owner)} has no field '{name}'", name, known)
        if not problem.hint:
            return replace(problem, hint=f"it has: {', '.join(known)}")
        taken = isinstance(holder, Mapping) and problem.fix in holder.entries
        return replace(problem, fix="") if taken else problem
    if isinstance(value, str) and not value.strip() and path[-1:] != ("[key]",):
        return Problem(span, "empty-value", "nothing is written here", _HINTS["empty-value"])
    if kind == "literal_error":
        field = _field(path)
        choices = [*_choices(_model_at(model, path[:-1]).model_fields[field].annotation)]
        problem = _misspelt(span, "unknown-value", f"'{field}' cannot be{shown}", str(value), choices)
        return problem if problem.hint else replace(problem, hint=f"one of: {', '.join(choices)}")
    if kind == "too_short":
        return Problem(span, _EVIDENCE.get(name, "empty-value"), f"'{name}' names nothing", "add at least one")
    if kind in ("greater_than_equal", "less_than_equal"):
        limit = next(iter(detail["ctx"].values()))
        words = "less" if kind.startswith("greater") else "more"
        return Problem(span, "out-of-range", f"{shown.strip()} is {words} than {limit:g}")
    if isinstance(value, dict) and "cite" in path:  # account: 5
        meant = _meant_citation(", ".join(f"{source}:{part}" for source, part in value.items()))
        message = "a citation is a source's id, a colon and a number, without a space"
        return Problem(span, "bad-citation", message, _HINTS["bad-citation"], fix=meant)
    if kind in _EXPECTED:
        hint = "begin each record in it with '- '" if kind == "tuple_type" and isinstance(value, dict) else ""
        fix = _meant_number(value, kind) if "number" in _EXPECTED[kind] and isinstance(value, str) else ""
        return Problem(span, "wrong-type", f"'{_field(path)}' must be {_EXPECTED[kind]}", hint, fix=fix)
    fix = _MEND[kind](value) if kind in _MEND and isinstance(value, str) else ""
    fix = "" if fix == value else fix
    return Problem(span, kind, f"{detail['msg']}{':' + shown if shown else ''}", _HINTS.get(kind, ""), fix=fix)


def _split_number(holder: Mapping, name: str) -> Problem | None:
    """The problem of a number that its comma cuts in two between braces, as in ``{lat: 48,86}``."""
    names = [*holder.entries]
    before = names[names.index(name) - 1]
    value, span = holder.entries[before], holder.keys[name]
    if (
        not isinstance(value, Text)
        or value.span[3:] != (span.line, span.column - 1)
        or not value.value.strip("-").isdigit()
    ):
        return None
    place = Span(span.file, value.span.line, value.span.column, span.end_line, span.end_column)
    hint = f"write {value.value}.{name}"
    return Problem(
        place, "wrong-type", f"'{before}' has a comma; a decimal has a point", hint, fix=f"{value.value}.{name}"
    )


def _meant_number(text: str, kind: str) -> str:
    """The number that a text means: a numeral, or one with a comma for its point."""
    if kind == "float_parsing" and re.fullmatch(r"-?\d+,\d+", text):
        return text.replace(",", ".")
    found = words(text)
    return found[0].forms[0] if len(found) == 1 and found[0].forms[0].isdigit() else ""


def _without_space(node: Node, path: Path, text: str, problem: Problem) -> Problem:
    """The problem of an item that is read as text, since no space stands behind its dash."""
    holder = follow(node, path[:-2])
    key = holder.keys.get(str(path[-2])) if isinstance(holder, Mapping) else None
    alone = key is None or key.line < problem.place.line
    fix = f"{'- ' * alone}{text[1:]}" if _DASHED.match(text) and " " not in text else ""
    hint = "each item of a list begins with '- ', on a line of its own"
    return replace(problem, message="a space is missing behind the dash", hint=hint, fix=fix)


def _on_one_line(node: Node) -> bool:
    return node.span.line == node.span.end_line


def _misspelt(span: Span, code: str, message: str, word: str, known: Iterable[str]) -> Problem:
    meant = nearest(word, known)
    return Problem(span, code, message, f"did you mean '{meant}'?" if meant else "", fix=meant)


def meant_id(text: str) -> str:
    """The id, or the list of ids, that a text comes nearest to."""
    if "," in text:  # several ids, without the brackets of a list
        return f"[{', '.join(meant_id(part) for part in text.split(','))}]"
    return _NO_SLUG.sub("-", normalize("NFKD", text).encode("ascii", "ignore").decode().lower()).strip("-")


def _meant_citation(text: str) -> str:
    if "," in text:  # several citations, without the brackets of a list
        meant = [_meant_citation(part.strip()) for part in text.split(",")]
        return f"[{', '.join(meant)}]" if all(meant) else ""
    match = re.fullmatch(r"([a-z0-9-]+)\W+([1-9]\d{0,5}(?:\.\d{1,4})*)", text, re.ASCII)
    return f"{match[1]}:{match[2]}" if match else ""


_MEND = {"bad-date": meant_edtf, "unreal-date": meant_edtf, "bad-id": meant_id, "bad-citation": _meant_citation}


def _without_misspelt(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out what is missing only because it is misspelt: that is one fault, told at the misspelt field."""
    missing = {detail["loc"] for detail in details if detail["type"] == "missing"}
    meant = set()
    for detail in details:
        if detail["type"] == "extra_forbidden":
            *around, name = detail["loc"]
            if beside := [str(path[-1]) for path in missing if path[:-1] == tuple(around)]:
                meant.add((*around, nearest(str(name), beside)))
    return [detail for detail in details if detail["type"] != "missing" or detail["loc"] not in meant]


def noun(model: type[Record]) -> str:
    """What an editor calls a kind of record."""
    names = {
        Head: "briefing.yml",
        BottomLine: "a sentence of the bottom line",
        Question: "an open question",
        NotUsed: "an entry of 'not_used'",
        PinnedPart: "a part of a pin",
    }
    name = model.__name__.lower()
    return names.get(model, f"an {name}" if name[0] in "aeiou" else f"a {name}")


def _field(path: Path) -> str:
    return next((str(step) for step in reversed(path) if isinstance(step, str)), "")


def _model_at(model: type[Record], path: Path) -> type[Record]:
    """The kind of record at ``path`` within ``model``."""
    for step in path:
        if isinstance(step, str) and step in model.model_fields:
            model = next(kinds_in(model.model_fields[step].annotation), model)
    return model


def _choices(annotation: object) -> Iterator[str]:
    """The words that a type takes."""
    for part in get_args(annotation):
        if get_origin(annotation) is Literal:
            yield part
        else:
            yield from _choices(part)
