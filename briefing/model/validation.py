"""Translate pydantic's errors into problems with a position and a fix."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, replace
from typing import Literal, get_args, get_origin
from unicodedata import normalize

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from briefing.model.fields import SLUG
from briefing.model.pydantic_compat import (
    EXPECTED,
    MISSING,
    NO_CHOICE,
    NO_DECIMAL,
    NO_LIST,
    TOO_LARGE,
    TOO_SHORT,
    TOO_SMALL,
    UNKNOWN_FIELD,
    is_of_name,
    limit,
)
from briefing.model.records import (
    Archived,
    BottomLine,
    BriefingHead,
    NotUsed,
    PinnedPart,
    Question,
    Reading,
    Record,
    RequiredEvidence,
    ReviewInterval,
    Row,
    ViewQuestion,
    fields_that,
    kinds_in,
)
from briefing.problems import Code, Problem, Span, as_code, nearest
from briefing.text.edtf import meant_edtf
from briefing.text.nodes import Mapping, Node, Path, Sequence, Text, follow, place, plain
from briefing.text.normalize import words

_ENTITIES = {"entity", "actor", "place", "term"}
_NO_SLUG = re.compile(r"[^a-z0-9]+")
# The codes of problems with these fields if they are missing or empty.
_EVIDENCE: dict[str, Code] = {"cite": "no-citation", "rests_on": "no-facts"}
_HINTS = {
    "bad-date": "use EDTF, for example 1971, 198X, 2024-12, 2025-01-17, 2010/2016, 2015/.., 1971~",
    "bad-citation": "write source:paragraph, for example report:12 or treaty:3.3",
    "bad-contact": "write an address such as editors@port.example or https://port.example/report?page={address}; the"
    " placeholders for reports are {id}, {address} and {version}",
    "bad-url": "start it with http:// or https://, and leave out spaces",
    "bad-address": "write for example f/some-fact, actors/some-actor or places#some-place",
    "bad-id": "use a few lower-case words and numbers joined by hyphens, for example naval-base-1971",
    "empty-value": "write a value or delete the field",
    "no-reason": "explain why in a few words; if the fact is not retired, delete the line",
}
# Fields that earlier versions had, with what to write instead.
_FORMER_FIELDS: dict[tuple[type[Record], str], str] = {
    (Row, "rests_on"): "move it to the cell that the facts support, as {says: …, rests_on: […]}",
}
# What people write between the items of a list, also in East Asian scripts.
_SEPARATOR = re.compile(r"\s*[,;\u3001\uff0c\uff1b]\s*")
_FILLERS = {"and", "&", "the"}
_CITATION = re.compile(r"[a-z0-9-]+:[1-9]\d{0,5}(?:\.\d{1,4})*", re.ASCII)
_GLUED_COMMENT = re.compile(r"(?P<value>[^\s#]+)(?P<comment>#\s.*)")
_DASHED = re.compile(r"(?:^| )-[a-z]")


def translate_errors(
    model: type[Record], node: Node, details: list[ErrorDetails], ids: MappingABC[str, str]
) -> Iterator[Problem]:
    """Yield the problems of one record, one for each cause.

    Several invalid ids in a list on one line are one problem, whose fix replaces the list. ``ids`` has the ids of
    actors, places and terms by each of their spellings, in lower case.
    """
    details = _without_misspelt(details)
    lists = _lists_of_bad_ids(node, details)
    for path in lists:
        yield _bad_list(node, path, ids)
    for detail in details:
        path, text = detail["loc"], str(detail["input"])
        if detail["type"] == "bad-id" and path[:-1] in lists:
            continue
        problem = _problem(model, node, detail)
        if problem.code in ("bad-id", "bad-citation") and isinstance(path[-1], int) and _DASHED.search(text):
            problem = _without_space(node, path, text, problem)
        elif problem.code == "bad-id":
            meant = _entity_meant(path, text, ids)
            problem = replace(problem, fix="" if meant == text else meant)
        if problem.code in ("bad-id", "bad-citation") and problem.fix.startswith("["):
            problem = _several_items(node, path, text, problem, {*ids.values()})
        yield problem


def _several_items(node: Node, path: Path, text: str, problem: Problem, known: Set[str]) -> Problem:
    """Return the problem of several items in place of one, with a fix that fits the list around it."""
    if not isinstance(path[-1], int):
        return replace(problem, fix="")
    items = _items(problem.fix)
    is_complete = _SEPARATOR.sub(" ", text).split() == items and len({*items}) == len(items)
    is_safe = is_complete and all(item in known or _CITATION.fullmatch(item) for item in items)
    hint = "put a comma between the items of a list, and brackets around it"
    problem = replace(problem, hint=hint, is_safe=is_safe)
    around = follow(node, path[:-1])
    if not isinstance(around, Sequence):
        return problem
    if {*items} & {plain(item) for item in around.items if isinstance(item, Text)}:
        problem = replace(problem, is_safe=False)
    if _on_one_line(around):
        return replace(problem, fix=", ".join(items))
    if around.span.column + 2 == problem.place.column:
        return replace(problem, fix=f"\n{' ' * (around.span.column - 1)}- ".join(items))
    return replace(problem, fix="", is_safe=False)


def _items(flow: str) -> list[str]:
    """Return the items of a list in brackets, or the text if it is none."""
    return flow.strip("[]").split(", ")


def _lists_of_bad_ids(node: Node, details: list[ErrorDetails]) -> list[Path]:
    """Return the lists on one line with more than one invalid id, in the order of their errors."""
    wrong = Counter(detail["loc"][:-1] for detail in details if detail["type"] == "bad-id")
    lists = []
    for path, count in wrong.items():
        found = follow(node, path)
        if count > 1 and isinstance(found, Sequence) and _on_one_line(found):
            lists.append(path)
    return lists


def _bad_list(node: Node, path: Path, ids: MappingABC[str, str]) -> Problem:
    items = plain(follow(node, path))
    assert isinstance(items, list)
    wrong = []
    meant = []
    for item in items:
        if SLUG.fullmatch(str(item)):
            meant.append(str(item))
        else:
            wrong.append(f"'{item}'")
            meant += _items(_entity_meant(path, str(item), ids))
    fix = f"[{', '.join(dict.fromkeys(meant))}]" if all(meant) else ""
    message = f"invalid ids: {', '.join(wrong)}"
    return Problem(place(node, path), "bad-id", message, _HINTS["bad-id"], fix=fix)


def _entity_meant(path: Path, text: str, ids: MappingABC[str, str]) -> str:
    """Return the id that was probably meant; in a field for entities, the id of the one with this spelling."""
    if not fields_that(lambda meaning: meaning.refers_to in _ENTITIES).intersection(path):
        return meant_id(text)
    parts = _parts(text)
    slug = meant_id(text)
    known = {slug} & {*ids.values()}
    words = [word for word in text.split() if word not in _FILLERS]
    # A name has spaces too, but its words are seldom ids.
    if len(words) > 1 and not known and text.casefold() not in ids and {*words} & {*ids.values()}:
        parts = words
    if len(parts) > 1:
        meant = [_entity_meant(path, part, ids) for part in parts]
        return f"[{', '.join(meant)}]" if all(meant) else ""
    spelt = ids.get(nearest(text.casefold(), ids))
    return next(iter(known), "") or spelt or nearest(slug, ids.values())


def field_fault(model: type[Record], name: str, value: object) -> str:
    """Return what is wrong with the value of a field and how to fix it, or an empty text if it is valid."""
    try:
        model.model_validate({name: value})
    except ValidationError as error:
        details = [detail for detail in error.errors(include_url=False) if detail["loc"][:1] == (name,)]
        for detail in details:
            problem = _problem(model, Mapping(Span("")), detail)
            return ": ".join(part for part in (problem.message, problem.hint) if part)
    return ""


@dataclass(frozen=True, slots=True)
class _Error:
    """One of pydantic's errors, with the record in which it was found."""

    model: type[Record]
    node: Node
    detail: ErrorDetails

    @property
    def kind(self) -> str:
        return self.detail["type"]

    @property
    def path(self) -> Path:
        return self.detail["loc"]

    @property
    def value(self) -> object:
        return self.detail["input"]

    @property
    def name(self) -> str:
        """The last step of the path: the name of a field, or the index of an item."""
        return str(self.path[-1]) if self.path else ""

    @property
    def field(self) -> str:
        """The name of the field that contains the value, or the list around it."""
        return next((str(step) for step in reversed(self.path) if isinstance(step, str)), "")

    @property
    def owner(self) -> type[Record]:
        """The kind of record that has the field."""
        return _model_at(self.model, self.path[:-1])

    @property
    def holder(self) -> Node | None:
        """The node around the invalid value."""
        return follow(self.node, self.path[:-1])

    @property
    def span(self) -> Span:
        if is_of_name(self.path):
            holder = follow(self.node, self.path[:1])
            if isinstance(holder, Mapping):
                return holder.keys[str(self.path[-2])]
        return place(self.node, self.path)


def _problem(model: type[Record], node: Node, detail: ErrorDetails) -> Problem:
    error = _Error(model, node, detail)
    value = error.value
    if error.kind in _OF_FIELDS:
        return _OF_FIELDS[error.kind](error)
    if isinstance(value, str) and not value.strip() and not is_of_name(error.path):
        return Problem(error.span, "empty-value", "the value is empty", _HINTS["empty-value"])
    if isinstance(value, dict) and error.kind == "bad-citation":
        return _citation_as_field(error, value)
    comment = _glued_comment(error)
    if comment:
        return comment
    if error.kind in EXPECTED:
        return _wrong_type(error)
    return _OF_VALUES.get(error.kind, _own_fault)(error)


def _missing_field(error: _Error) -> Problem:
    code = _EVIDENCE.get(error.name, "missing-field")
    message = f"{noun(error.owner)} needs '{error.name}'"
    return Problem(place(error.node, error.path[:-1]), code, message, f"add '{error.name}: …'")


def _unknown_field(error: _Error) -> Problem:
    owner, holder, name = error.owner, error.holder, error.name
    known = [info.alias or field for field, info in owner.model_fields.items()]
    span = error.span
    if isinstance(holder, Mapping):
        span = holder.keys.get(name, span)
        split = _split_number(holder, name) if name.isdigit() else None
        if split:
            return split
    problem = _misspelt(span, "unknown-field", f"{noun(owner)} has no field '{name}'", name, known)
    if (owner, name) in _FORMER_FIELDS:
        return replace(problem, hint=_FORMER_FIELDS[owner, name], fix="")
    if not problem.hint:
        hint = f"use one of: {', '.join(known)}"
        # Within braces, a comma ends the value, and the rest of the text becomes the name of a field.
        if isinstance(holder, Mapping) and plain(holder.entries.get(name, holder)) == "":
            hint = "put a text with a comma in quotes"
        return replace(problem, hint=hint)
    if isinstance(holder, Mapping) and problem.fix in holder.entries:
        return replace(problem, fix="")
    return problem


def _unknown_value(error: _Error) -> Problem:
    choices = [*_choices(error.owner.model_fields[error.field].annotation)]
    message = f"invalid value{_shown(error.value)} for '{error.field}'"
    problem = _misspelt(error.span, "unknown-value", message, str(error.value), choices)
    return problem if problem.hint else replace(problem, hint=f"use one of: {', '.join(choices)}")


def _empty_list(error: _Error) -> Problem:
    code = _EVIDENCE.get(error.name, "empty-value")
    return Problem(error.span, code, f"'{error.name}' is empty", "add at least one item")


def _too_small(error: _Error) -> Problem:
    message = f"'{error.field}' must be at least {limit(error.detail):g}, not {error.value}"
    return Problem(error.span, "out-of-range", message)


def _too_large(error: _Error) -> Problem:
    message = f"'{error.field}' must be at most {limit(error.detail):g}, not {error.value}"
    return Problem(error.span, "out-of-range", message)


def _citation_as_field(error: _Error, value: MappingABC[str, object]) -> Problem:
    """Return the problem of a citation with a space after its colon, which YAML reads as a field."""
    meant = _meant_citation(", ".join(f"{source}:{part}" for source, part in value.items()))
    message = "unexpected space after the colon of a citation"
    return Problem(error.span, "bad-citation", message, _HINTS["bad-citation"], fix=meant)


def _glued_comment(error: _Error) -> Problem | None:
    """Return the problem of a value that is valid without the comment after it."""
    found = _GLUED_COMMENT.fullmatch(error.value) if isinstance(error.value, str) else None
    around = error.holder
    # A list of one item may be written as that item.
    if isinstance(around, Text):
        around = follow(error.node, error.path[:-2])
    # Within brackets or braces, the comment would contain the closing one.
    if not found or around is None or _on_one_line(around) or field_fault(error.owner, error.field, found["value"]):
        return None
    message = "a '#' needs a space before it to start a comment"
    fix = f"{found['value']} {found['comment']}"
    return Problem(error.span, "yaml-syntax", message, "add a space before it", fix=fix, is_safe=True)


def _wrong_type(error: _Error) -> Problem:
    expected = EXPECTED[error.kind]
    hint = fix = ""
    if error.kind == NO_LIST and isinstance(error.value, dict):
        hint = "begin each record of a list with '- '"
    if "number" in expected and isinstance(error.value, str):
        fix = _meant_number(error.value, decimal=error.kind == NO_DECIMAL)
    return Problem(error.span, "wrong-type", f"'{error.field}' must be {expected}", hint, fix=fix)


def _own_fault(error: _Error) -> Problem:
    """Return the problem that one of our validators found. The error has its code and message."""
    message = error.detail["msg"]
    if shown := _shown(error.value):
        message += f":{shown}"
    fix = ""
    if error.kind in _FIXERS and isinstance(error.value, str):
        fix = _FIXERS[error.kind](error.value)
    code = as_code(error.kind)
    return Problem(error.span, code, message, _HINTS.get(code, ""), fix="" if fix == error.value else fix)


# Functions for errors in the fields of a record, and for errors in the value of a field.
_OF_FIELDS = {MISSING: _missing_field, UNKNOWN_FIELD: _unknown_field}
_OF_VALUES = {NO_CHOICE: _unknown_value, TOO_SHORT: _empty_list, TOO_SMALL: _too_small, TOO_LARGE: _too_large}


def _shown(value: object) -> str:
    """Return a text in quotes after a space, or an empty text for any other value."""
    return f" '{value}'" if isinstance(value, str) and value else ""


def _split_number(holder: Mapping, name: str) -> Problem | None:
    """Return the problem of a number that a comma splits between braces, as in ``{lat: 48,86}``."""
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
        place, "wrong-type", f"'{before}' has a decimal comma instead of a point", hint, fix=f"{value.value}.{name}"
    )


def _meant_number(text: str, *, decimal: bool) -> str:
    """Return the number that a text means, such as a number word, or one with a decimal comma."""
    if decimal and re.fullmatch(r"-?\d+,\d+", text):
        return text.replace(",", ".")
    found = words(text)
    return found[0].forms[0] if len(found) == 1 and found[0].forms[0].isdigit() else ""


def _without_space(node: Node, path: Path, text: str, problem: Problem) -> Problem:
    """Return the problem of an item that is read as text because its dash has no space after it."""
    holder = follow(node, path[:-2])
    key = holder.keys.get(str(path[-2])) if isinstance(holder, Mapping) else None
    alone = key is None or key.line < problem.place.line
    fix = f"{'- ' * alone}{text[1:]}" if _DASHED.match(text) and " " not in text else ""
    hint = "begin each item of a list with '- ' on a new line"
    return replace(problem, message="missing space after '-'", hint=hint, fix=fix)


def _on_one_line(node: Node) -> bool:
    return node.span.line == node.span.end_line


def _misspelt(span: Span, code: Code, message: str, word: str, known: Iterable[str]) -> Problem:
    meant = nearest(word, known)
    return Problem(span, code, message, f"did you mean '{meant}'?" if meant else "", fix=meant)


def meant_id(text: str) -> str:
    """Return the id, or the list of ids, closest to a text."""
    # These are several ids without the brackets of a list.
    parts = _parts(text)
    if len(parts) > 1:
        return f"[{', '.join(map(meant_id, parts))}]"
    return _NO_SLUG.sub("-", normalize("NFKD", text).encode("ascii", "ignore").decode().lower()).strip("-")


def _parts(text: str) -> list[str]:
    """Return the parts of a text between separators of a list."""
    return [part for part in _SEPARATOR.split(text.strip()) if part]


def _meant_citation(text: str) -> str:
    # These are several citations without the brackets of a list.
    parts = _parts(text)
    if len(parts) == 1 and all(map(_CITATION.fullmatch, text.split())):
        parts = text.split()
    if len(parts) > 1:
        meant = [_meant_citation(part) for part in parts]
        return f"[{', '.join(meant)}]" if all(meant) else ""
    match = re.fullmatch(r"([a-z0-9-]+)\W+([1-9]\d{0,5}(?:\.\d{1,4})*)", text, re.ASCII)
    return f"{match[1]}:{match[2]}" if match else ""


_FIXERS = {"bad-date": meant_edtf, "impossible-date": meant_edtf, "bad-id": meant_id, "bad-citation": _meant_citation}


def _without_misspelt(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out fields that are missing because they are misspelt. One problem, at the misspelt field, is enough."""
    missing = {detail["loc"] for detail in details if detail["type"] == MISSING}
    meant = set()
    for detail in details:
        if detail["type"] == UNKNOWN_FIELD:
            *around, name = detail["loc"]
            if beside := [str(path[-1]) for path in missing if path[:-1] == tuple(around)]:
                meant.add((*around, nearest(str(name), beside)))
    return [detail for detail in details if detail["type"] != MISSING or detail["loc"] not in meant]


def noun(model: type[Record]) -> str:
    """Return what an editor calls a kind of record."""
    names = {
        BriefingHead: "briefing.yml",
        BottomLine: "a sentence of the bottom line",
        Question: "an open question",
        ViewQuestion: "a question of 'views'",
        ReviewInterval: "an entry of 'ages'",
        NotUsed: "an entry of 'not_used'",
        Archived: "'archived'",
        Reading: "'seen'",
        RequiredEvidence: "'evidence'",
        PinnedPart: "a part of a pin",
    }
    name = model.__name__.lower()
    return names.get(model, f"an {name}" if name[0] in "aeiou" else f"a {name}")


def _model_at(model: type[Record], path: Path) -> type[Record]:
    """Return the kind of record at ``path`` within ``model``."""
    for step in path:
        if isinstance(step, str) and step in model.model_fields:
            model = next(kinds_in(model.model_fields[step].annotation), model)
    return model


def _choices(annotation: object) -> Iterator[str]:
    """Yield the words that a type allows."""
    for part in get_args(annotation):
        if get_origin(annotation) is Literal:
            yield part
        else:
            yield from _choices(part)
