"""Turn nodes into records. Each record is read by itself, so that a broken one never hides another."""

import re
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, TypeVar

from pydantic import ValidationError

from briefing.model.briefing import Briefing
from briefing.model.records import (
    FORMAT,
    Actor,
    Entity,
    Head,
    Pin,
    Place,
    Record,
    Section,
    Source,
    Term,
    Topic,
    parts_of,
)
from briefing.model.validation import meant_id, noun, translate_errors
from briefing.problems import Problem, Span, nearest
from briefing.text.nodes import Mapping, Node, Sequence, Text, plain
from briefing.text.yaml_reader import MOST_BYTES_IN_ALL, load_yaml, too_large

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
_ALL_PARTS = {name for model in (Topic, Section, Head) for name in parts_of(model)}


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
        self.id_of = _ids_by_name(nodes)
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
        beside = (_HEAD, *_LISTS) if path.parent == PurePosixPath(_HEAD).parent else ()
        meant = with_suffix if path.suffix == ".yaml" else nearest(file, beside) or file
        self.unread.add(file if meant in self.files else meant)  # what it holds is not missed elsewhere
        hint = f"did you mean '{meant}'?" if meant != file else f"one page's facts go into {_TOPICS}/<page>.yml"
        self.problems.append(Problem(Span(file), "unknown-file", "this is not a file of a briefing", hint))
        return False

    def _missing(self, file: str) -> Node:
        hint = "write its title, question and topics there"
        self.problems.append(Problem(Span(file), "missing-file", f"the briefing has no {file}", hint))
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
        parts = parts_of(model)
        for key, child in node.entries.items():
            if key in parts and isinstance(child, Sequence):
                value[key] = [part for item in child.items if (part := self._record(parts[key], item))]
            elif key in given:
                message = f"{noun(model)} has no field '{key}'"
                self.problems.append(Problem(node.keys[key], "unknown-field", message, f"the file's name is its {key}"))
            else:
                value[key] = plain(child)
        try:
            return model.located(node, value)
        except ValidationError as error:
            details = error.errors(include_url=False)
        id = value.get("id")
        subject = id if isinstance(id, str) else ""
        self.problems += [
            replace(problem, subject=subject) for problem in translate_errors(model, node, details, self.id_of)
        ]
        self._give_up(node)
        # without the fields at fault the record may still stand, so that the rules see all the others
        faulty = {detail["loc"][0] for detail in details if detail["loc"]}
        try:
            return model.located(node, {name: part for name, part in value.items() if name not in faulty})
        except ValidationError:
            return None

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


def _ids_by_name(nodes: MappingABC[str, Node]) -> dict[str, str]:
    """The id of each actor, place and term by its name and each other spelling that no other has, in lower case."""
    found: dict[str, set[str]] = {}
    for node in (node for file, node in nodes.items() if issubclass(_LISTS.get(file, Record), Entity)):
        for record in node.items if isinstance(node, Sequence) else ():
            entity = plain(record) if isinstance(record, Mapping) else {}
            assert isinstance(entity, dict)
            for name in Entity.SPELLINGS if isinstance(entity.get("id"), str) else ():
                values = entity.get(name, [])
                for value in values if isinstance(values, list) else [values]:
                    found.setdefault(str(value).casefold(), set()).add(entity["id"])
    return {spelling: ids.pop() for spelling, ids in found.items() if len(ids) == 1}
