"""Translate pydantic's errors into problems with a position and a fix."""

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from briefing.model.fields import SLUG, Meaning
from briefing.model.pydantic_compat import (
    EXPECTED,
    MISSING,
    NO_CHOICE,
    NO_DECIMAL,
    NO_LIST,
    NO_WHOLE,
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
    Topic,
    ViewQuestion,
    kinds_in,
    meanings,
)
from briefing.model.suggestions import (
    Known,
    Suggestion,
    copied_from,
    describe_letters,
    is_same,
    meant_id,
    suggest_citation,
    suggest_degrees,
    suggest_number,
    suggest_reference,
    suggest_url,
)
from briefing.problems import Code, Problem, Span, as_code
from briefing.text.edtf import SEASONS, meant_edtf
from briefing.text.nodes import Mapping, Node, Path, Sequence, Text, follow, place, plain

# The codes of problems with these fields if they are missing or empty.
_EVIDENCE: dict[str, Code] = {"cite": "no-citation", "rests_on": "no-facts"}
_HINTS = {
    "bad-date": "write for example 1971, 198X, 18XX, 2024-12, 2024-22 (summer), 2025-01-17, 2010/2016, 2015/.. (from"
    " 2015 on), ../2015 (up to 2015), 1971~ (about), 1971? (uncertain), 1971% (both), -0043 (44 BC)",
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
# A sign typed in place of a letter, another field on the same line, or a sentence.
_NO_ID = re.compile(r"\w[^\w\s.,'’&/()-]+\w|: |(?:\S+\s+){8}")
_GLUED_COMMENT = re.compile(r"(?P<value>[^\s#]+)(?P<comment>#\s.*)")
# Longer texts are not examined. Some patterns are slow on them.
_LONGEST = 500
_DASHED = re.compile(r"(?:^| )-[a-z]")


def translate_errors(model: type[Record], node: Node, details: list[ErrorDetails], known: Known) -> Iterator[Problem]:
    """Yield the problems of one record, one for each cause.

    Several invalid ids in a list on one line are one problem, whose fix replaces the list.
    """
    details = _without_misspelt(details, known)
    lists = _lists_of_bad_ids(node, details)
    for path in lists:
        yield _bad_list(node, path, known)
    for detail in details:
        path, text = detail["loc"], str(detail["input"])
        if detail["type"] == "bad-id" and path[:-1] in lists:
            continue
        problem = _problem(model, node, detail, known)
        if problem.code in ("bad-id", "bad-citation") and isinstance(path[-1], int) and _DASHED.search(text):
            problem = _without_space(node, path, text, problem)
        yield problem


def _lists_of_bad_ids(node: Node, details: list[ErrorDetails]) -> list[Path]:
    """Return the lists on one line with more than one invalid id, in the order of their errors."""
    wrong = Counter(detail["loc"][:-1] for detail in details if detail["type"] == "bad-id")
    lists = []
    for path, count in wrong.items():
        found = follow(node, path)
        if count > 1 and isinstance(found, Sequence) and _on_one_line(found):
            lists.append(path)
    return lists


def _bad_list(node: Node, path: Path, known: Known) -> Problem:
    items = plain(follow(node, path))
    assert isinstance(items, list)
    wrong = []
    meant = []
    is_safe = True
    for item in items:
        if SLUG.fullmatch(str(item)):
            meant.append(str(item))
        else:
            wrong.append(f"'{item}'")
            suggestion = _suggest_id(str(path[-1]), str(item), known)
            meant += suggestion.values
            is_safe = is_safe and suggestion.is_safe
    fix = f"[{', '.join(dict.fromkeys(meant))}]" if all(meant) else ""
    message = f"invalid ids: {', '.join(wrong)}"
    is_safe = is_safe and bool(fix) and len(items) == len({*meant})
    hint = describe_letters(" ".join(map(str, items))) or _offer(fix, is_safe=is_safe) or _HINTS["bad-id"]
    return Problem(place(node, path), "bad-id", message, hint, fix=fix, is_safe=is_safe)


def _suggest_id(field: str, text: str, known: Known) -> Suggestion:
    """Suggest what a field for ids should have; if it refers to other records, the id of one of these."""
    kind = meanings().get(field, Meaning()).refers_to
    if kind:
        return suggest_reference(text, kind, known)
    return Suggestion("" if _NO_ID.search(text) else meant_id(text))


def field_fault(model: type[Record], name: str, value: object) -> str:
    """Return what is wrong with the value of a field and how to fix it, or an empty text if it is valid."""
    try:
        model.model_validate({name: value})
    except ValidationError as error:
        details = [detail for detail in error.errors(include_url=False) if detail["loc"][:1] == (name,)]
        for detail in details:
            problem = _problem(model, Mapping(Span("")), detail, Known())
            return ": ".join(part for part in (problem.message, problem.hint) if part)
    return ""


@dataclass(frozen=True, slots=True)
class _Error:
    """One of pydantic's errors, with the record in which it was found."""

    model: type[Record]
    node: Node
    detail: ErrorDetails
    known: Known

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
    def field_path(self) -> Path:
        """The path of that field."""
        return self.path[: 1 + max(number for number, step in enumerate(self.path) if isinstance(step, str))]

    @property
    def owner(self) -> type[Record]:
        """The kind of record that has the field."""
        return _model_at(self.model, self.path[:-1])

    @property
    def holder(self) -> Node:
        """The node around the invalid value."""
        return follow(self.node, self.path[:-1])

    @property
    def hint(self) -> str:
        """The instruction that a validator of ours gives with the error, or an empty text."""
        return str(self.detail.get("ctx", {}).get("hint", ""))

    @property
    def span(self) -> Span:
        if is_of_name(self.path):
            holder = follow(self.node, self.path[:1])
            if isinstance(holder, Mapping):
                return holder.keys[str(self.path[-2])]
        return place(self.node, self.path)

    def is_fixed_by(self, value: str | list[str]) -> bool:
        """Return whether the field has fewer errors with this value in place of the invalid one."""
        model = _model_at(self.model, self.field_path[:-1])
        within = self.path[len(self.field_path) :]
        written = plain(follow(self.node, (*self.field_path, *within[:1])))
        # The other items of a list may have thousands of errors.
        if within:
            written, within = [written], (0, *within[1:])
        new = _replaced(written, within, value)
        return _count_errors(model, self.field, new) < _count_errors(model, self.field, written)


def _replaced(written: object, path: Path, value: str | list[str]) -> object:
    """Return what is written with another value at ``path``. Several values replace one item of a list."""
    if not path:
        return value
    # A list of one item may be written as that item.
    items = written if isinstance(written, list) else [written]
    index = int(path[0])
    new = value if isinstance(value, list) and len(path) == 1 else [_replaced(items[index], path[1:], value)]
    return [*items[:index], *new, *items[index + 1 :]]


def _count_errors(model: type[Record], field: str, value: object) -> int:
    try:
        model.model_validate({field: value})
    except ValidationError as error:
        return sum(detail["loc"][:1] == (field,) for detail in error.errors(include_url=False))
    return 0


def _problem(model: type[Record], node: Node, detail: ErrorDetails, known: Known) -> Problem:
    error = _Error(model, node, detail, known)
    value = error.value
    if error.kind in _OF_FIELDS:
        return _OF_FIELDS[error.kind](error)
    if error.model is Topic and error.path == ("id",):
        return _bad_file_name(error)
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


def _bad_file_name(error: _Error) -> Problem:
    """Return the problem of a file whose name is not an id. Only the name can be changed, not a text in the file."""
    meant = meant_id(str(error.value))
    message = f"{error.detail['msg']}: '{error.value}', the name of the file"
    hint = "rename the file: use a few lower-case words and numbers joined by hyphens"
    original = copied_from(meant)
    if original and original in error.known.ids.get("topic", ()):
        hint = f"delete it if it is a copy of '{original}.yml'; otherwise rename it, and give its facts other ids"
    elif original and original in error.known.listed:
        hint = f"rename the file to '{original}.yml'"
    elif meant != error.value and meant in error.known.ids.get("topic", ()):
        hint = f"delete the file, or rename it; '{meant}.yml' exists already"
    elif error.is_fixed_by(meant):
        hint = f"rename the file to '{meant}.yml'"
    return Problem(Span(error.node.span.file), "bad-id", message, hint)


def _missing_field(error: _Error) -> Problem:
    code = _EVIDENCE.get(error.name, "missing-field")
    message, hint = f"{noun(error.owner)} needs '{error.name}'", f"add '{error.name}: …'"
    if error.holder.span.end_line == error.known.unended.get(error.holder.span.file):
        hint = f"the file seems to be cut off here: restore the rest, or {hint}"
    return Problem(place(error.node, error.path[:-1]), code, message, hint)


def _unknown_field(error: _Error) -> Problem:
    owner, holder, name = error.owner, error.holder, error.name
    known, message = _field_names(owner), f"{noun(owner)} has no field '{name}'"
    span = error.span
    if isinstance(holder, Mapping):
        span = holder.keys.get(name, span)
        split = _split_number(holder, name) if name.isdigit() else None
        if split:
            return split
    if (owner, name) in _FORMER_FIELDS:
        return Problem(span, "unknown-field", message, _FORMER_FIELDS[owner, name])
    meant = error.known.nearest(name, frozenset(known))
    if meant:
        is_there = isinstance(holder, Mapping) and meant in holder.entries
        is_safe = not is_there and is_same(name, meant) and not _count_errors(owner, meant, error.value)
        hint = f"did you mean '{meant}'?"
        return Problem(span, "unknown-field", message, hint, fix="" if is_there else meant, is_safe=is_safe)
    hint = f"use one of: {', '.join(known)}"
    # Within braces, a comma ends the value, and the rest of the text becomes the name of a field.
    if isinstance(holder, Mapping) and plain(holder.entries.get(name, holder)) == "":
        hint = "put a text with a comma in quotes"
    return Problem(span, "unknown-field", message, hint)


@cache
def _field_names(model: type[Record]) -> tuple[str, ...]:
    return tuple(info.alias or field for field, info in model.model_fields.items())


def _unknown_value(error: _Error) -> Problem:
    choices = [*_choices(error.owner.model_fields[error.field].annotation)]
    message = f"invalid value{_shown(error.value)} for '{error.field}'"
    written = str(error.value)
    meant = error.known.nearest(written, frozenset(choices))
    if not meant:
        return Problem(error.span, "unknown-value", message, f"use one of: {', '.join(choices)}")
    is_safe = is_same(written, meant)
    return Problem(error.span, "unknown-value", message, f"did you mean '{meant}'?", fix=meant, is_safe=is_safe)


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
    message = "unexpected space after the colon of a citation"
    problem = Problem(error.span, "bad-citation", message, _HINTS["bad-citation"])
    written = ", ".join(f"{source}:{part}" for source, part in value.items())
    return _with_suggestion(problem, error, suggest_citation(written, error.known))


# Numbers, by the error for a value that is none.
_EXAMPLES = {
    NO_WHOLE: "it in digits, for example 12",
    NO_DECIMAL: "decimal degrees, for example 48.86; those of the south and the west are negative",
}


def _glued_comment(error: _Error) -> Problem | None:
    """Return the problem of a value that is valid without the comment after it."""
    found = _GLUED_COMMENT.fullmatch(error.value) if isinstance(error.value, str) else None
    around = error.holder
    # A list of one item may be written as that item.
    if isinstance(around, Text):
        around = follow(error.node, error.path[:-2])
    # Within brackets or braces, the comment would contain the closing one.
    if not found or _on_one_line(around) or field_fault(error.owner, error.field, found["value"]):
        return None
    message = "a '#' needs a space before it to start a comment"
    fix = f"{found['value']} {found['comment']}"
    return Problem(error.span, "yaml-syntax", message, "add a space before it", fix=fix, is_safe=True)


def _wrong_type(error: _Error) -> Problem:
    expected = EXPECTED[error.kind]
    hint = ""
    if error.kind == NO_LIST and isinstance(error.value, dict):
        hint = "begin each record of a list with '- '"
    if error.kind in _EXAMPLES:
        hint = f"write {_EXAMPLES[error.kind]}"
    problem = Problem(error.span, "wrong-type", f"'{error.field}' must be {expected}", hint)
    if error.kind in _EXAMPLES and isinstance(error.value, str) and len(error.value) <= _LONGEST:
        return _with_suggestion(problem, error, _suggest_number(error, error.value))
    return problem


def _suggest_number(error: _Error, text: str) -> Suggestion:
    if error.kind != NO_DECIMAL:
        return suggest_number(text, is_whole=True)
    is_latitude = error.path[-1] in ("lat", 0)
    found = suggest_number(text, is_whole=False)
    return found if found.value else suggest_degrees(text, "NS" if is_latitude else "EW")


def _own_fault(error: _Error) -> Problem:
    """Return the problem that one of our validators found. The error has its code and message."""
    message = error.detail["msg"]
    if shown := _shown(error.value):
        message += f":{shown}"
    code = as_code(error.kind)
    problem = Problem(error.span, code, message, error.hint or _HINTS.get(code, ""))
    text = error.value
    if not isinstance(text, str) or len(text) > _LONGEST or is_of_name(error.path):
        return problem
    if code in ("bad-date", "impossible-date"):
        return _with_suggestion(problem, error, _suggest_date(error, text))
    if code == "bad-url":
        return _with_suggestion(problem, error, suggest_url(text))
    if code not in ("bad-id", "bad-citation"):
        return problem
    suggestion = suggest_citation(text, error.known)
    if code == "bad-id":
        suggestion = _suggest_id(error.field, text, error.known)
    return _with_suggestion(problem, error, replace(suggestion, hint=suggestion.hint or describe_letters(text)))


def _suggest_date(error: _Error, text: str) -> Suggestion:
    field = error.owner.model_fields.get(error.field)
    is_period = re.search(r"\d|centur|decade|year", text, re.IGNORECASE)
    if not is_period and field and not field.is_required():
        return Suggestion(hint=f"if the date is not known, delete the field; if it is, {_HINTS['bad-date']}")
    meant, is_safe = meant_edtf(text)
    if not meant:
        return Suggestion()
    meaning = ""
    # EDTF has no form that leaves the year out.
    if re.match("(?:before|after) ", text, re.IGNORECASE):
        meaning = ", which includes that year"
    elif "X" in meant:
        meaning = ", with the letter X for each unknown digit"
    elif season := SEASONS.get(int(meant[5:]) if re.fullmatch(r"\d{4}-\d\d", meant) else 0):
        meaning = f", which is {season} {meant[:4]}; if the source gives only the year, write {meant[:4]}"
    return Suggestion(meant, is_safe, f"write {meant}{meaning}")


def _with_suggestion(problem: Problem, error: _Error, suggestion: Suggestion) -> Problem:
    """Return the problem with what is suggested, if that removes it."""
    value = suggestion.value
    if suggestion.hint:
        problem = replace(problem, hint=suggestion.hint, expected=suggestion.source)
    if not value or value == error.value or not error.is_fixed_by(value):
        return problem
    # The list may already contain it.
    around = plain(error.holder)
    is_safe = suggestion.is_safe and not (isinstance(around, list) and value in around)
    shown = value if isinstance(value, str) else f"[{', '.join(value)}]"
    hint = suggestion.hint or _offer(shown, is_safe=is_safe)
    if isinstance(value, list) and not isinstance(error.holder, Sequence):
        hint += ", with brackets around the list"
    return replace(problem, hint=hint, fix=_format_value(error, value), is_safe=is_safe)


def _offer(value: str, *, is_safe: bool) -> str:
    """Return the instruction to write a value, or an empty text if there is none."""
    if not value:
        return ""
    return f"write {value}" if is_safe else f"did you mean '{value}'?"


def _format_value(error: _Error, value: str | list[str]) -> str:
    """Return a value as YAML, to be written in place of the invalid one."""
    if isinstance(value, str):
        return value
    holder = error.holder
    if not isinstance(holder, Sequence):
        return f"[{', '.join(value)}]"
    if _is_in_brackets(holder):
        return ", ".join(value)
    indent = " " * (holder.span.column - 1)
    return f"\n{indent}- ".join(value)


def _is_in_brackets(items: Sequence) -> bool:
    """Return whether a list is written in brackets, not with dashes."""
    span, first, last = items.span, items.items[0].span, items.items[-1].span
    if _on_one_line(items):
        return span.end_column > last.end_column
    return first.line > span.line or first.column == span.column + 1


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
    message = f"'{before}' has a decimal comma instead of a point"
    return Problem(place, "wrong-type", message, hint, fix=f"{value.value}.{name}", is_safe=True)


def _without_space(node: Node, path: Path, text: str, problem: Problem) -> Problem:
    """Return the problem of an item that is read as text because its dash has no space after it."""
    holder = follow(node, path[:-2])
    key = holder.keys.get(str(path[-2])) if isinstance(holder, Mapping) else None
    # An item of a list has its own dash already.
    alone = isinstance(follow(node, path[:-1]), Text) and (key is None or key.line < problem.place.line)
    fix = f"{'- ' * alone}{text[1:]}" if _DASHED.match(text) and " " not in text else ""
    hint = "begin each item of a list with '- ' on a new line"
    return replace(problem, message="missing space after '-'", hint=hint, fix=fix, is_safe=False)


def _on_one_line(node: Node) -> bool:
    return node.span.line == node.span.end_line


def _without_misspelt(details: list[ErrorDetails], known: Known) -> list[ErrorDetails]:
    """Leave out fields that are missing because they are misspelt. One problem, at the misspelt field, is enough."""
    missing: dict[Path, list[str]] = {}
    for detail in details:
        if detail["type"] == MISSING:
            missing.setdefault(detail["loc"][:-1], []).append(str(detail["loc"][-1]))
    meant = set()
    for detail in details:
        around = detail["loc"][:-1]
        if detail["type"] == UNKNOWN_FIELD and around in missing:
            meant.add((*around, known.nearest(str(detail["loc"][-1]), frozenset(missing[around]))))
    return [detail for detail in details if detail["type"] != MISSING or detail["loc"] not in meant]


@cache
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
