"""Bytes to values that know their line and column. The only reader of YAML.

Scalars stay text, so that ``no``, ``010``, ``1e3``, ``12:30`` and ``2024-12`` mean what the editor wrote. Anchors,
aliases, merge keys and explicit tags are refused: a fact reads the same wherever it stands.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import yaml

from briefing.problems import Problem, Span

Path = tuple[str | int, ...]  # from a node to one within it: field names and list indexes


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands."""

    span: Span


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A scalar, just as written (an absent value is the empty text)."""

    value: str


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """A list."""

    items: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping(Node):
    """A map; ``keys`` has the place of each key."""

    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Span] = field(default_factory=dict)


def follow(node: Node, path: Path) -> Node:
    """The value at ``path``, or the nearest value around it that exists."""
    for step in path:
        if isinstance(node, Mapping) and step in node.entries:
            node = node.entries[str(step)]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            break
    return node


def place(node: Node, path: Path) -> Span:
    """Where the value at ``path`` stands, or the nearest value around it that exists."""
    return follow(node, path).span


def plain(node: Node) -> object:
    """The value without places: str, list or dict."""
    match node:
        case Text():
            return node.value
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key: plain(value) for key, value in node.entries.items()}
    raise TypeError(node)  # pragma: no cover


class _Loader(yaml.CSafeLoader):
    """A loader that gives no scalar a type."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML's name)


_DEFAULT_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map")}
UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


_KEPT = 64  # files: both sides of a comparison, each asked more than once


def load_yaml(file: str, data: bytes) -> tuple[Node | None, list[Problem]]:
    """Read one file, named ``file`` in problems. The value is None where the file holds none or cannot be read.

    ``encoding``: A file is ``UTF-8``. Save it so in your editor.

    ``yaml-syntax``: A file is YAML. What breaks it most often is a colon with a space in a value without quotes, a
    quote or bracket that is not closed, or a line that is not indented as those beside it.

        facts/glossary.yml
          - id: quay
            name: Quay
            kind: concept
        -   explains: A place: for landing.
        +   explains: A landing place.

    ``yaml-alias``: Every value is written out, so that a record reads the same wherever it stands.

        facts/places.yml
        -   kind: &kind harbour
        -   note: *kind
        +   kind: harbour

    ``yaml-tag``: Values have no tags: a value is what is written.

        facts/glossary.yml
        -   explains: !text A landing place.
        +   explains: A landing place.

    ``duplicate-key``: A record has each field once.

        facts/places.yml
            kind: harbour
        -   kind: port
            country: northland
    """
    node, problems = _load(file, data)
    return node, list(problems)


@lru_cache(_KEPT)
def _load(file: str, data: bytes) -> tuple[Node | None, list[Problem]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        span = span_at(file, data[: error.start].decode("utf-8"))
        return None, [Problem(span, "encoding", "the file is not UTF-8", "save the file as UTF-8")]
    if found := UNPRINTABLE.search(text):
        span = span_at(file, text[: found.start()])
        return None, [
            Problem(span, "yaml-syntax", f"the character U+{ord(found[0]):04X} cannot stand in YAML", "delete it")
        ]
    reader = _Reader(file)
    try:
        root = yaml.compose(text, Loader=_Loader)
        node = reader.read(root) if root else None
        # what an alias stands for is left out, so the rest of the file would be judged wrongly
        return (None if reader.has_aliases else node), reader.problems
    except yaml.MarkedYAMLError as error:
        # what is never closed is mended where it was opened, not where the file ends
        unclosed = error.problem == "found unexpected end of stream"
        mark = error.context_mark if unclosed else error.problem_mark
        span = Span(file, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2) if mark else Span(file)
        # "context, problem" are libyaml's words for one fault
        message = ", ".join(part for part in (error.context, error.problem) if part)
        return None, [Problem(span, "yaml-syntax", message, _mend(text, span))]
    except RecursionError:
        return None, [Problem(Span(file), "yaml-syntax", "the file is nested too deep")]


def span_at(file: str, before: str) -> Span:
    """The place just behind the text ``before``."""
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return Span(file, line, column, line, column + 1)


def _mend(text: str, span: Span) -> str:
    lines = text.splitlines()
    line = lines[span.line - 1] if span.line <= len(lines) else ""
    if line[: len(line) - len(line.lstrip())].count("\t"):
        return "indent with spaces, not with tabs"
    if line.count(": ") > 1:
        return "put a value that holds ': ' in quotes"
    return ""


_DEEPEST = 50  # no fact needs a tenth of it


class _Reader:
    """Turns PyYAML's nodes into ours, collecting what we refuse."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.has_aliases = False
        self._seen: set[int] = set()

    def read(self, node: yaml.Node, depth: int = 0) -> Node:
        span = self._span(node)
        if depth > _DEEPEST:
            raise RecursionError
        if id(node) in self._seen:
            self.has_aliases = True
            self.problems.append(
                Problem(
                    span,
                    "yaml-alias",
                    "anchors and aliases (& and *) are not used in facts",
                    "write the value out",
                )
            )
            return Text(span, "")
        self._seen.add(id(node))
        if node.tag not in _DEFAULT_TAGS:
            self.problems.append(
                Problem(span, "yaml-tag", f"the tag '{node.tag}' is not used in facts", "delete the tag")
            )
        if isinstance(node, yaml.ScalarNode):
            return Text(span, node.value)
        if isinstance(node, yaml.SequenceNode):
            return Sequence(span, tuple(self.read(item, depth + 1) for item in node.value))
        entries: dict[str, Node] = {}
        keys: dict[str, Span] = {}
        for key, key_span, value in self._pairs(node):
            read = self.read(value, depth + 1)
            if key in entries:
                message = f"'{key}' stands twice in one record; the first is on line {keys[key].line}"
                self.problems.append(Problem(key_span, "duplicate-key", message, "delete one of them"))
                continue
            entries[key], keys[key] = read, key_span
        return Mapping(span, entries, keys)

    def _pairs(self, node: yaml.Node) -> Iterator[tuple[str, Span, yaml.Node]]:
        for key, value in node.value:
            span = self._span(key)
            if not isinstance(key, yaml.ScalarNode):
                self.problems.append(Problem(span, "wrong-type", "a field's name must be a word"))
                continue
            yield key.value, span, value

    def _span(self, node: yaml.Node) -> Span:
        start, end = node.start_mark, node.end_mark
        return Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
