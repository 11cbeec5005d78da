"""Turn nodes into records. Each is read separately, so that an invalid one never hides another."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from briefing.model.briefing import Briefing
from briefing.model.fields import Kind
from briefing.model.records import (
    FORMAT,
    Actor,
    BriefingHead,
    Entity,
    Pin,
    Place,
    Publication,
    Record,
    Section,
    Source,
    Term,
    Topic,
    parts_of,
)
from briefing.model.suggestions import Known, copied_from, meant_id, source_key
from briefing.model.validation import noun, translate_errors
from briefing.problems import Problem, Span, nearest
from briefing.text.nodes import Mapping, Node, Sequence, Text, follow, place, plain
from briefing.text.yaml_reader import MOST_BYTES_IN_ALL, load_yaml, too_large

R = TypeVar("R", bound=Record)

_HEAD = "facts/briefing.yml"
PUBLISHED = "facts/published.yml"
_LISTS: dict[str, type[Record]] = {
    "facts/sources.yml": Source,
    "facts/actors.yml": Actor,
    "facts/places.yml": Place,
    "facts/glossary.yml": Term,
}
_TOPICS = "facts/topics"
_PINS = "facts/pins"
# Problems with the fields of a file. An editor needs no more at once, and finding 100,000 would take seconds.
_MOST_PROBLEMS = 500
# The fields with which names in sentences are found. A sentence may also name a publisher.
_NAMES: dict[type[Record], frozenset[str]] = {
    Source: frozenset({"publisher"}),
    **{model: frozenset(model.SPELLINGS) for model in _LISTS.values() if issubclass(model, Entity)},
}
# No other record refers to a sentence of a bottom line.
_ALL_PARTS = {name for model in (Topic, Section, BriefingHead) for name in parts_of(model)} - {"bottom_line"}


def parse(
    files: MappingABC[str, bytes], docs_paths: frozenset[str], *, past: bool = False
) -> tuple[Briefing, list[Problem]]:
    """Read the briefing from ``files``, by path from the briefing's folder. Return it with its problems.

    ``docs_paths`` has the paths of the pages and files in ``docs/`` and is passed on. A record with a problem keeps its
    valid fields if they are enough for a record; ``failed`` or ``unread`` of the briefing lists it or its file.
    ``past`` also accepts fields that only earlier versions had.
    ``data/reading_codes.txt`` explains the codes.
    """
    return _Parser(files, docs_paths, past).parse()


_NUMBER = re.compile(r"[1-9]\d*", re.ASCII)


def newer_format(files: MappingABC[str, bytes]) -> Problem | None:
    """Return the problem that this version does not support the format of the facts, or None.

    ``newer-format``: The facts are written for a newer version of ``briefing`` than the one that is installed.

    The newer version's rules may differ, so this version checks nothing else. Upgrade ``briefing``.

        facts/briefing.yml
        - format: 2
        + format: 1
    """
    node, _ = load_yaml(_HEAD, files.get(_HEAD, b""))
    if not isinstance(node, Mapping):
        return None
    written = node.entries.get("format")
    if not isinstance(written, Text) or not _NUMBER.fullmatch(written.value):
        return None
    # Python refuses to convert thousands of digits. A number that long is a newer format anyway.
    if len(written.value) < 10 and int(written.value) <= FORMAT:
        return None
    message = f"the facts are in a newer format than {FORMAT}, the newest that this version supports"
    return Problem(written.span, "newer-format", message, "upgrade briefing")


@dataclass
class _Parser:
    files: MappingABC[str, bytes]
    docs_paths: frozenset[str]
    past: bool = False
    problems: list[Problem] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    has_all_names: bool = True
    # The number of problems with the fields of each file.
    found: Counter[str] = field(default_factory=Counter)
    # The ids of actors, places and terms by each of their spellings.
    id_of: dict[str, str] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)

    @cached_property
    def known(self) -> Known:
        """What the files contain. Only suggestions need it."""
        # libyaml counts the end of a text without a last line break as a new line.
        unended = {file: data.count(b"\n") + 2 for file, data in self.files.items() if not data.endswith(b"\n")}
        return replace(_find_known(self.nodes), unended=unended)

    def parse(self) -> tuple[Briefing, list[Problem]]:
        self._need_size()
        nodes = {file: self._load(file) for file in sorted(self.files) if self._is_known(file)}
        if _HEAD not in nodes:
            nodes[_HEAD] = self._missing(_HEAD)
        self.nodes = nodes
        head = self._record(BriefingHead, nodes[_HEAD])
        topics: list[Topic] = []
        for file in _files_in(_TOPICS, nodes):
            topic = self._record(Topic, nodes[file], id=PurePosixPath(file).stem)
            if topic:
                topics.append(topic)
        pins: list[Pin] = []
        for file in _files_in(_PINS, nodes):
            pin = self._record(Pin, nodes[file])
            if pin:
                pins.append(pin)
        published = None
        if PUBLISHED in nodes:
            published = self._record(Publication, nodes[PUBLISHED])
        # The head of the briefing sets the order of topics, while files are sorted by name.
        if head:
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
            published=published,
            files=self.files,
            failed=frozenset(self.failed),
            unread=frozenset(self.unread),
            has_all_names=self.has_all_names and self.unread.isdisjoint(_LISTS),
            docs_paths=self.docs_paths,
        )
        return briefing, self.problems

    def _need_size(self) -> None:
        """Leave out the files that exceed the limit for all facts together."""
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
        if file in (_HEAD, PUBLISHED, *_LISTS) or (str(path.parent) in (_TOPICS, _PINS) and path.suffix == ".yml"):
            return True
        meant = _file_meant(path)
        hint = f"put each page's facts in {_TOPICS}/<page>.yml"
        if meant in self.files:
            hint = f"move its content to '{meant}', and delete it"
        elif meant:
            hint = f"rename it to '{meant}'"
        self.problems.append(Problem(Span(file), "unknown-file", "unknown file in 'facts'", hint))
        # Its records exist under another file name, so they are not reported as missing.
        if meant and meant not in self.files:
            self.unread.add(meant)
        else:
            self.unread.add(file)
        return False

    def _missing(self, file: str) -> Node:
        hint = "write the title, question and topics there"
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
            # An empty value of the right kind causes no further problems.
            return Sequence(Span(file)) if file in _LISTS else Mapping(Span(file))
        return node

    def _records(self, model: type[R], nodes: MappingABC[str, Node]) -> tuple[R, ...]:
        file = next(file for file, kind in _LISTS.items() if kind is model)
        node = nodes.get(file, Sequence(Span(file)))
        if not isinstance(node, Sequence):
            self._wrong_type(node, "a list of records, each starting with '- '")
            self.unread.add(file)
            return ()
        return tuple(self._each_record(model, node.items))

    def _each_record(self, model: type[R], nodes: Iterable[Node]) -> Iterator[R]:
        for node in nodes:
            record = self._record(model, node)
            if record:
                yield record

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
                value[key] = [*self._each_record(parts[key], child.items)]
            elif key in given:
                message = f"{noun(model)} has no field '{key}'"
                self.problems.append(
                    Problem(node.keys[key], "unknown-field", message, f"delete it: the file name is the {key}")
                )
            else:
                value[key] = plain(child)
        try:
            return model.located(node, value, past=self.past)
        except ValidationError as error:
            details = error.errors(include_url=False)
        record_id = value.get("id")
        self._report(model, node, details, record_id if isinstance(record_id, str) else "")
        self._give_up(node)
        # The record may be valid without the faulty fields. Rules can then check the others.
        faulty = {str(detail["loc"][0]) for detail in details if detail["loc"]}
        record: R | None = None
        try:
            sound = {name: part for name, part in value.items() if name not in faulty}
            record = model.located(node, sound, past=self.past)
        except ValidationError:
            pass
        # An unknown field may be a misspelt 'aliases'.
        if model in _NAMES and (record is None or not faulty <= model.model_fields.keys() - _NAMES[model]):
            self.has_all_names = False
        return record

    def _report(self, model: type[Record], node: Node, details: list[ErrorDetails], record_id: str) -> None:
        file = node.span.file
        left = max(0, _MOST_PROBLEMS - self.found[file])
        self.found[file] += len(details)
        for problem in translate_errors(model, node, details[:left], self.known):
            self.problems.append(replace(problem, subject=record_id))
        if 0 < left < len(details):
            message = f"the file has more than {_MOST_PROBLEMS:,} problems; only the first ones are listed"
            at = place(node, details[left]["loc"])
            self.problems.append(Problem(at, "too-large", message, "correct these first"))

    def _give_up(self, node: Node) -> None:
        # A record that contains others, or has no known id, may hide any record of its file.
        if isinstance(node, Mapping) and not _ALL_PARTS.intersection(node.entries):
            written_id = node.entries.get("id")
            if isinstance(written_id, Text):
                self.failed.add(meant_id(written_id.value))
                return
        self.unread.add(node.span.file)
        # A topic whose file has an invalid name exists under the right one, so that is not reported as missing.
        path = PurePosixPath(node.span.file)
        if str(path.parent) == _TOPICS:
            meant = meant_id(path.stem)
            self.unread |= {str(path.with_stem(stem)) for stem in (meant, copied_from(meant)) if stem}

    def _wrong_type(self, node: Node, expected: str) -> None:
        self.problems.append(Problem(node.span, "wrong-type", f"expected {expected}"))


# The kinds of records in each list.
_KINDS: dict[str, Kind] = {
    "facts/sources.yml": "source",
    "facts/actors.yml": "actor",
    "facts/places.yml": "place",
    "facts/glossary.yml": "term",
}


def _find_known(nodes: MappingABC[str, Node]) -> Known:
    # The nodes are used because the records, whose problems need these ids, have not been read yet.
    ids: dict[Kind, frozenset[str]] = {kind: frozenset(_ids_in(nodes.get(file))) for file, kind in _KINDS.items()}
    topics = _files_in(_TOPICS, nodes)
    ids["entity"] = ids["actor"] | ids["place"] | ids["term"]
    ids["topic"] = frozenset(PurePosixPath(file).stem for file in topics)
    ids["fact"] = frozenset(id for file in topics for id in _ids_in(nodes[file]))
    ids["question"] = frozenset(_ids_in(follow(nodes[_HEAD], ("views",))))
    by_title: dict[str, str] = {}
    parts: dict[str, tuple[str, int]] = {}
    for source in _plain_records(nodes.get("facts/sources.yml")):
        source_id, unit, count = (source.get(name) for name in ("id", "unit", "count"))
        if not isinstance(source_id, str):
            continue
        archived = source.get("archived")
        copy = archived.get("url") if isinstance(archived, dict) else None
        named = (source.get("title"), source.get("url"), copy)
        by_title |= {source_key(str(name)): source_id for name in named if name}
        if isinstance(unit, str) and isinstance(count, str) and _NUMBER.fullmatch(count) and len(count) < 10:
            parts[source_id] = unit, int(count)
    topic_list = plain(follow(nodes[_HEAD], ("topics",)))
    listed = frozenset(map(str, topic_list)) if isinstance(topic_list, list) else frozenset()
    return Known(ids, _ids_by_name(nodes), by_title, parts, listed)


def _ids_in(node: Node | None) -> Iterator[str]:
    """Yield each id in a value, at any depth."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _ids_in(item)
    elif isinstance(node, Mapping):
        for name, value in node.entries.items():
            if name == "id" and isinstance(value, Text):
                yield value.value
            else:
                yield from _ids_in(value)


def _plain_records(node: Node | None) -> Iterator[dict[str, object]]:
    for item in node.items if isinstance(node, Sequence) else ():
        record = plain(item)
        if isinstance(record, dict):
            yield record


def _ids_by_name(nodes: MappingABC[str, Node]) -> dict[str, str]:
    """Return the id of each actor, place and term by each of its unambiguous spellings, in lower case."""
    found: dict[str, set[str]] = {}
    for file, node in nodes.items():
        if not issubclass(_LISTS.get(file, Record), Entity):
            continue
        for entity in _plain_records(node):
            entity_id = entity.get("id")
            if isinstance(entity_id, str):
                for spelling in _spellings(entity):
                    found.setdefault(spelling.casefold(), set()).add(entity_id)
    return {spelling: ids.pop() for spelling, ids in found.items() if len(ids) == 1}


def _spellings(entity: dict[str, object]) -> Iterator[str]:
    for name in Entity.SPELLINGS:
        values = entity.get(name, [])
        # A list of one item may be written as that item.
        if isinstance(values, list):
            yield from map(str, values)
        else:
            yield str(values)


def _files_in(folder: str, files: Iterable[str]) -> list[str]:
    return [file for file in files if PurePosixPath(file).parent == PurePosixPath(folder)]


def _file_meant(path: PurePosixPath) -> str:
    """Return the path of the file that was probably meant, or an empty text."""
    if path.suffix == ".yaml":
        return str(path.with_suffix(".yml"))
    if path.parent == PurePosixPath(_HEAD).parent:
        return nearest(str(path), (_HEAD, PUBLISHED, *_LISTS))
    folder = nearest(str(path.parent), (_TOPICS, _PINS))
    return f"{folder}/{path.name}" if folder else ""
