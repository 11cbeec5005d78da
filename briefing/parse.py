"""Located values to the model. Every record is read for itself, so that a broken one never hides another."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, TypeVar, get_args
from unicodedata import normalize

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from briefing.dates import meant_edtf
from briefing.load import (
    MOST_BYTES_IN_ALL,
    Mapping,
    Node,
    Path,
    Sequence,
    Text,
    follow,
    load_yaml,
    place,
    plain,
    too_large,
)
from briefing.model import (
    FORMAT,
    SLUG,
    Actor,
    Asked,
    BottomLine,
    Briefing,
    Entity,
    Fact,
    Head,
    Judgment,
    NotUsed,
    Pin,
    PinnedPart,
    Place,
    Question,
    Record,
    Section,
    Source,
    Term,
    Topic,
)
from briefing.problems import Problem, Span, did_you_mean, nearest
from briefing.words import words

R = TypeVar("R", bound=Record)

_HEAD = "facts/briefing.yml"
_LISTS: dict[str, type[Record]] = {
    "facts/sources.yml": Source,
    "facts/actors.yml": Actor,
    "facts/places.yml": Place,
    "facts/glossary.yml": Term,
}
_TOPICS = "facts/topics"
_PINS = "facts/pins"
# the fields whose items are records that are read one by one
_PARTS: dict[type[Record], dict[str, type[Record]]] = {
    Topic: {"bottom_line": BottomLine, "sections": Section},
    Section: {"facts": Fact},
    Head: {"bottom_line": BottomLine, "judgments": Judgment, "open_questions": Question, "views": Asked},
}
# the fields that name actors, places and terms
_NAMING_ENTITIES = {"about", "by", "country", "map", "see"}
_SPELLINGS = ("name", "aliases", "metonyms")
_ALL_PARTS = {name for parts in _PARTS.values() for name in parts}
_NO_SLUG = re.compile(r"[^a-z0-9]+")


def parse(files: MappingABC[str, bytes], handwritten: frozenset[str]) -> tuple[Briefing, list[Problem]]:
    """The briefing that ``files`` (by path from the briefing's folder) describe, and what is wrong with them.

    ``missing-file``: A briefing has a file facts/briefing.yml with its title, question and topics.

    ``unknown-file``: A file has one of the names that the check knows: briefing.yml, sources.yml, actors.yml,
    places.yml, glossary.yml, or a topic's own in facts/topics.

    ``empty-file``: A file holds records. Delete one that is not needed.

        facts/places.yml
        - # Places follow.
        + - id: harbour-basin
        +   name: Harbour basin
        +   kind: harbour
        +   country: northland
        +   position: {lat: 59.1, lon: 18.2, precision: exact, from: chart}

    ``unknown-field``: A record has only the fields that its kind has.

        facts/glossary.yml
            kind: concept
        -   explain: A landing place.
        +   explains: A landing place.

    ``missing-field``: A record has the fields that its kind needs; a source whose parts are cited has ``unit`` and
    ``count``.

        facts/sources.yml
            unit: paragraph
        +   count: 4
            reliability: B

    ``wrong-type``: A value is of the kind that its field takes: a text, a number, a list or a record.

        facts/sources.yml
        -   count: four
        +   count: 4

    ``unknown-value``: Some fields take only one of a few words.

        facts/briefing.yml
        -     likelihood: probable
        +     likelihood: likely

    ``empty-value``: A field says something, or is left out.

        facts/places.yml
            kind: harbour
        -   note:
            country: northland

    ``out-of-range``: A number lies where it can: a latitude between ``-90`` and ``90``, a count above ``0``.

        facts/places.yml
        -   position: {lat: 91, lon: 18.2, precision: exact, from: chart}
        +   position: {lat: 59.1, lon: 18.2, precision: exact, from: chart}

    ``bad-id``: An id is lower-case words and numbers joined by hyphens. It becomes an address.

        facts/topics/harbour.yml
        -     - id: Quay longer
        +     - id: quay-longer

    ``bad-name``: A name has at least one letter or digit.

        facts/glossary.yml
        -   name: "+"
        +   name: Quay

    ``bad-date``: A date is written as EDTF: ``1971``, ``198X``, ``2024-12``, ``2025-01-17``, ``2010/2016``,
    ``2015/..``, ``1971~``.

        facts/topics/harbour.yml
        -       when: in 1912
        +       when: 1912

    ``bad-address``: An address is that of a fact, an actor, a topic, or of an entry on a page.

        facts/briefing.yml
          moved:
        -   harbour built: f/harbour-opened
        +   f/harbour-built: f/harbour-opened

    ``unreal-date``: A date is a day that a calendar has, and an interval ends after it starts.

        facts/briefing.yml
        - cutoff: 2026-02-30
        + cutoff: 2026-01-01

    ``bad-citation``: A citation is a source's id, and behind a colon the number of the part.

        facts/topics/harbour.yml
                when: 1912
        -       cite: report, 2
        +       cite: report:2

    ``bad-url``: An address starts with http:// or https:// and has no spaces.

        facts/sources.yml
        -   url: survey.example/chart
        +   url: https://survey.example/chart

    ``no-reason``: ``retired`` says in a sentence why the fact no longer stands; readers of its page are told so.

        facts/topics/harbour.yml
        -       retired: yes
        +       retired: Another fact says by how much.

    ``unprintable``: A text has no control characters, as they slip in from other programs.

        facts/glossary.yml
        -   explains: "A landing\\x07 place."
        +   explains: A landing place.

    ``no-citation``: A fact cites at least one source.

        facts/topics/harbour.yml
                when: 1912
        +       cite: report:2
                refines: [harbour-opened]

    ``no-facts``: What rests on facts names at least one.

        facts/topics/harbour.yml
              - cells: [Opening, 1900]
        -       rests_on: []
        +       rests_on: [harbour-opened]
    """
    return _Parser(files, handwritten).parse()


_NUMBER = re.compile(r"[1-9]\d*", re.ASCII)


def newer_format(files: MappingABC[str, bytes]) -> Problem | None:
    """The problem where the facts are in a format that this version does not know; of these nothing can be judged.

    ``newer-format``: ``format`` is one that the installed version reads. What is written in a newer one would be judged
    by rules that it does not follow, so nothing else is told until ``briefing`` is upgraded.

        facts/briefing.yml
        - format: 2
        + format: 1
    """
    node, _ = load_yaml(_HEAD, files.get(_HEAD, b""))
    asked = node.entries.get("format") if isinstance(node, Mapping) else None
    if not isinstance(asked, Text) or not _NUMBER.fullmatch(asked.value):
        return None
    if len(asked.value) < 10 and int(asked.value) <= FORMAT:
        return None
    message = f"the facts are in a newer format than {FORMAT}, which this version reads"
    return Problem(asked.span, "newer-format", message, "upgrade briefing")


@dataclass
class _Parser:
    files: MappingABC[str, bytes]
    handwritten: frozenset[str]
    problems: list[Problem] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    id_of: dict[str, str] = field(default_factory=dict)  # of an actor, place or term, by each of its spellings

    def parse(self) -> tuple[Briefing, list[Problem]]:
        self._need_size()
        nodes = {file: self._load(file) for file in sorted(self.files) if self._is_known(file)}
        if _HEAD not in nodes:
            nodes[_HEAD] = self._missing(_HEAD)
        self.id_of = _spelt(nodes)
        head = self._record(Head, nodes[_HEAD])
        topics = [
            topic
            for file, node in nodes.items()
            if PurePosixPath(file).parent == PurePosixPath(_TOPICS)
            and (topic := self._record(Topic, node, id=PurePosixPath(file).stem))
        ]
        pins = [
            pin
            for file, node in nodes.items()
            if PurePosixPath(file).parent == PurePosixPath(_PINS) and (pin := self._record(Pin, node))
        ]
        if head:  # a reader's order is the briefing's, not the file system's
            order = {name: number for number, name in enumerate(head.topics)}
            topics.sort(key=lambda topic: order.get(topic.id, len(order)))
        briefing = Briefing(
            head=head,
            topics=tuple(topics),
            sources=self._records(Source, nodes),
            actors=self._records(Actor, nodes),
            places=self._records(Place, nodes),
            terms=self._records(Term, nodes),
            pins=tuple(pins),
            files=self.files,
            failed=frozenset(self.failed),
            unread=frozenset(self.unread),
            handwritten=self.handwritten,
        )
        return briefing, self.problems

    def _need_size(self) -> None:
        """Leave out what is more than all facts may have together."""
        read = 0
        for file in sorted(self.files):
            read += len(self.files[file])
            if read > MOST_BYTES_IN_ALL:
                self.problems.append(too_large(Span(file), f"the facts have more than {MOST_BYTES_IN_ALL:,} bytes"))
                self.files = {other: data for other, data in self.files.items() if other < file}
                self.unread.add(file)
                return

    def _is_known(self, file: str) -> bool:
        path = PurePosixPath(file)
        if file == _HEAD or file in _LISTS or (str(path.parent) in (_TOPICS, _PINS) and path.suffix == ".yml"):
            return True
        with_suffix = str(path.with_suffix(".yml"))
        meant = with_suffix if path.suffix == ".yaml" else nearest(file, [_HEAD, *_LISTS]) or file
        self.unread.add(meant)  # what it holds is not missed elsewhere
        help = f"did you mean '{meant}'?" if meant != file else f"one page's facts go into {_TOPICS}/<page>.yml"
        self.problems.append(Problem(Span(file), "unknown-file", "this is not a file of a briefing", help))
        return False

    def _missing(self, file: str) -> Node:
        help = "write its title, question and topics there"
        self.problems.append(Problem(Span(file), "missing-file", f"the briefing has no {file}", help))
        self.unread.add(file)
        return Mapping(Span(file))

    def _load(self, file: str) -> Node:
        node, problems = load_yaml(file, self.files[file])
        self.problems += problems
        if node is None:
            if not problems:
                self.problems.append(Problem(Span(file), "empty-file", "the file is empty", "fill it or delete it"))
            self.unread.add(file)
            return (Sequence if file in _LISTS else Mapping)(Span(file))
        return node

    def _records(self, model: type[R], nodes: MappingABC[str, Node]) -> tuple[R, ...]:
        file = next(file for file, kind in _LISTS.items() if kind is model)
        node = nodes.get(file, Sequence(Span(file)))
        if not isinstance(node, Sequence):
            self._wrong_type(node, "a list of records, each starting with '- '")
            self.unread.add(file)
            return ()
        return tuple(record for item in node.items if (record := self._record(model, item)))

    def _record(self, model: type[R], node: Node, **given: str) -> R | None:
        if node.span.file in self.unread:
            return None
        if not isinstance(node, Mapping):
            self._wrong_type(node, "fields, each as 'name: value'")
            self._give_up(node)
            return None
        value: dict[str, Any] = dict(given)
        parts = _PARTS.get(model, {})
        for key, child in node.entries.items():
            if key in parts and isinstance(child, Sequence):
                value[key] = [part for item in child.items if (part := self._record(parts[key], item))]
            elif key in given:
                message = f"{_noun(model)} has no field '{key}'"
                self.problems.append(Problem(node.keys[key], "unknown-field", message, f"the file's name is its {key}"))
            else:
                value[key] = plain(child)
        try:
            return model.located(node, value)
        except ValidationError as error:
            details = error.errors(include_url=False)
        self.problems += self._told(model, node, _told_once(details))
        self._give_up(node)
        # without the fields at fault the record may still stand, so that the rules see all the others
        faulty = {detail["loc"][0] for detail in details if detail["loc"]}
        try:
            return model.located(node, {name: part for name, part in value.items() if name not in faulty})
        except ValidationError:
            return None

    def _told(self, model: type[Record], node: Node, details: list[ErrorDetails]) -> Iterator[Problem]:
        """The problems of one record. Several names in a list of ids are one, mended in the list."""
        bad = [detail["loc"] for detail in details if detail["type"] == "bad-id"]
        lists = {path for path, count in Counter(path[:-1] for path in bad).items() if count > 1}
        lists = {
            path for path in lists if isinstance(follow(node, path), Sequence) and _on_one_line(follow(node, path))
        }
        for path in lists:
            items = plain(follow(node, path))
            assert isinstance(items, list)
            meant = [item if SLUG.fullmatch(str(item)) else self._meant_id(path, str(item)) for item in items]
            wrong = ", ".join(f"'{item}'" for item in items if not SLUG.fullmatch(str(item)))
            mend = f"[{', '.join(dict.fromkeys(meant))}]" if all(meant) else ""
            message = f"{wrong}: an id is lower-case words and numbers joined by hyphens"
            yield Problem(place(node, path), "bad-id", message, _HELP["bad-id"], mend=mend)
        for detail in details:
            if detail["loc"][:-1] in lists and detail["type"] == "bad-id":
                continue
            problem = _problem(model, node, detail)
            path, text = detail["loc"], str(detail["input"])
            if problem.code in ("bad-id", "bad-citation") and isinstance(path[-1], int) and _DASHED.search(text):
                yield _without_space(node, path, text, problem)
            elif problem.code == "bad-id":
                meant_one = self._meant_id(path, text)
                yield replace(problem, mend="" if meant_one == text else meant_one)
            else:
                yield problem

    def _meant_id(self, path: Path, text: str) -> str:
        """The id that a text was to be: where entities are named, that of the one which the text spells."""
        if not _NAMING_ENTITIES.intersection(path):
            return meant_id(text)
        if "," in text:
            ids = [self._meant_id(path, part.strip()) for part in text.split(",")]
            return f"[{', '.join(ids)}]" if all(ids) else ""
        slug = meant_id(text)
        known = {slug} & {*self.id_of.values()}
        spelt = self.id_of.get(nearest(text.casefold(), self.id_of))
        return next(iter(known), "") or spelt or nearest(slug, self.id_of.values())

    def _give_up(self, node: Node) -> None:
        if (
            isinstance(node, Mapping)
            and not {*node.entries} & _ALL_PARTS
            and isinstance(id := node.entries.get("id"), Text)
        ):
            self.failed.add(meant_id(id.value))
        else:
            self.unread.add(node.span.file)

    def _wrong_type(self, node: Node, expected: str) -> None:
        self.problems.append(Problem(node.span, "wrong-type", f"expected {expected}"))


def field_fault(model: type[Record], name: str, value: object) -> str:
    """What is wrong with a value for one field of a kind of record, and how to mend it; empty where nothing is."""
    try:
        model.model_validate({name: value})
    except ValidationError as error:
        details = [detail for detail in error.errors(include_url=False) if detail["loc"][:1] == (name,)]
        for detail in details:
            problem = _problem(model, Mapping(Span("")), detail)
            return ": ".join(part for part in (problem.message, problem.help) if part)
    return ""


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
        needing = _noun(_model_at(model, path[:-1]))
        return Problem(place(node, path[:-1]), code, f"{needing} needs '{name}'", f"add '{name}: …'")
    if kind == "extra_forbidden":
        owner = _model_at(model, path[:-1])
        known = [info.alias or field for field, info in owner.model_fields.items()]
        holder = follow(node, path[:-1])
        span = holder.keys.get(name, span) if isinstance(holder, Mapping) else span
        if name.isdigit() and isinstance(holder, Mapping) and (split := _split_number(holder, name)):
            return split
        problem = _misspelt(span, "unknown-field", f"{_noun(owner)} has no field '{name}'", name, known)
        if not problem.help:
            return replace(problem, help=f"it has: {', '.join(known)}")
        taken = isinstance(holder, Mapping) and problem.mend in holder.entries
        return replace(problem, mend="") if taken else problem
    if isinstance(value, str) and not value.strip() and path[-1:] != ("[key]",):
        return Problem(span, "empty-value", "nothing is written here", _HELP["empty-value"])
    if kind == "literal_error":
        choices = str(detail["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        problem = _misspelt(span, "unknown-value", f"'{name}' cannot be{shown}", str(value), choices)
        return problem if problem.help else replace(problem, help=f"one of: {', '.join(choices)}")
    if kind == "too_short":
        return Problem(span, _EVIDENCE.get(name, "empty-value"), f"'{name}' names nothing", "add at least one")
    if kind in ("greater_than_equal", "less_than_equal"):
        limit = next(iter(detail["ctx"].values()))
        words = "less" if kind.startswith("greater") else "more"
        return Problem(span, "out-of-range", f"{shown.strip()} is {words} than {limit:g}")
    if isinstance(value, dict) and "cite" in path:  # account: 5
        meant = _meant_citation(", ".join(f"{source}:{part}" for source, part in value.items()))
        message = "a citation is a source's id, a colon and a number, without a space"
        return Problem(span, "bad-citation", message, _HELP["bad-citation"], mend=meant)
    if kind in _EXPECTED:
        help = "begin each record in it with '- '" if kind == "tuple_type" and isinstance(value, dict) else ""
        mend = _meant_number(value, kind) if "number" in _EXPECTED[kind] and isinstance(value, str) else ""
        return Problem(span, "wrong-type", f"'{_field(path)}' must be {_EXPECTED[kind]}", help, mend=mend)
    mend = _MEND[kind](value) if kind in _MEND and isinstance(value, str) else ""
    mend = "" if mend == value else mend
    return Problem(span, kind, f"{detail['msg']}{':' + shown if shown else ''}", _HELP.get(kind, ""), mend=mend)


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
    help = f"write {value.value}.{name}"
    return Problem(
        place, "wrong-type", f"'{before}' has a comma; a decimal has a point", help, mend=f"{value.value}.{name}"
    )


def _meant_number(text: str, kind: str) -> str:
    """The number that a text means: a numeral, or one with a comma for its point."""
    if kind == "float_parsing" and re.fullmatch(r"-?\d+,\d+", text):
        return text.replace(",", ".")
    found = words(text)
    return found[0].forms[0] if len(found) == 1 and found[0].forms[0].isdigit() else ""


_DASHED = re.compile(r"(?:^| )-[a-z]")


def _without_space(node: Node, path: Path, text: str, problem: Problem) -> Problem:
    """The problem of an item that is read as text, since no space stands behind its dash."""
    holder = follow(node, path[:-2])
    key = holder.keys.get(str(path[-2])) if isinstance(holder, Mapping) else None
    alone = key is None or key.line < problem.place.line
    mend = f"{'- ' * alone}{text[1:]}" if _DASHED.match(text) and " " not in text else ""
    help = "each item of a list begins with '- ', on a line of its own"
    return replace(problem, message="a space is missing behind the dash", help=help, mend=mend)


def _spelt(nodes: MappingABC[str, Node]) -> dict[str, str]:
    """The id of each actor, place and term by its name and each other spelling that no other has, in lower case."""
    found: dict[str, set[str]] = {}
    for node in (node for file, node in nodes.items() if issubclass(_LISTS.get(file, Record), Entity)):
        for record in node.items if isinstance(node, Sequence) else ():
            entity = plain(record) if isinstance(record, Mapping) else {}
            assert isinstance(entity, dict)
            for name in _SPELLINGS if isinstance(entity.get("id"), str) else ():
                values = entity.get(name, [])
                for value in values if isinstance(values, list) else [values]:
                    found.setdefault(str(value).casefold(), set()).add(entity["id"])
    return {spelling: ids.pop() for spelling, ids in found.items() if len(ids) == 1}


def _on_one_line(node: Node) -> bool:
    return node.span.line == node.span.end_line


def _misspelt(span: Span, code: str, message: str, word: str, known: Iterable[str]) -> Problem:
    known = tuple(known)
    return Problem(span, code, message, did_you_mean(word, known), mend=nearest(word, known))


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


_HELP = {
    "bad-date": "write it as EDTF: 1971, 198X, 2024-12, 2025-01-17, 2010/2016, 2015/.., 1971~",
    "bad-citation": "write it as source:paragraph, as in report:12 or treaty:3.3",
    "bad-address": "as in f/old-id: f/new-id, actors/old-id: actors/new-id or places#old-id: places#new-id",
    "bad-id": "as in naval-base-1971",
    "empty-value": "write a value or delete the field",
    "no-reason": "say why in a few words, or delete the line: the fact stands without it",
}


def _told_once(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out what is missing only because it is misspelt: that is one fault, told at the misspelt field."""
    missing = {detail["loc"] for detail in details if detail["type"] == "missing"}
    meant = set()
    for detail in details:
        if detail["type"] == "extra_forbidden":
            *around, name = detail["loc"]
            beside = [str(path[-1]) for path in missing if path[:-1] == tuple(around)]
            meant.add((*around, nearest(str(name), beside)))
    return [detail for detail in details if detail["type"] != "missing" or detail["loc"] not in meant]


def _noun(model: type[Record]) -> str:
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
            model = next(_kinds(model.model_fields[step].annotation), model)
    return model


def _kinds(annotation: object) -> Iterator[type[Record]]:
    """The kinds of record that a type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        yield annotation
    for part in get_args(annotation):
        yield from _kinds(part)
