"""Read YAML into nodes that know their line and column. The only reader of facts.

Scalars stay text, so that ``no``, ``010``, ``1e3``, ``12:30`` and ``2024-12`` mean what the editor wrote. Anchors,
aliases, merge keys and explicit tags are refused: a fact reads the same wherever it stands.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import yaml

from briefing.problems import Problem, Severity, Span
from briefing.text.characters import BREAK, HIDDEN, UNPRINTABLE, span_at
from briefing.text.nodes import Mapping, Node, Sequence, Text, texts
from briefing.text.yaml_compat import DEFAULT_TAGS, LimitExceeded, compose, explain, fault_mark
from briefing.text.yaml_repair import END, find_slip

MOST_BYTES = 4_000_000  # of a file; the largest of 10,000 facts have a tenth of it
MOST_BYTES_IN_ALL = 64_000_000
_MOST_SIGNS = 100_000  # of a text
_KEPT = 64  # files: both sides of a comparison, each asked more than once


def load_yaml(file: str, data: bytes) -> tuple[Node | None, list[Problem]]:
    """Read one file, named ``file`` in problems. The value is None where the file holds none or cannot be read.

    ``encoding``: A file is ``UTF-8``. Save it so in your editor.

    ``unreadable-file``: What lies in ``facts/``, ``docs/`` and ``templates/`` are files that can be read, within the
    briefing's folder, also where a symbolic link leads to them. Their names have no control characters.

    ``yaml-syntax``: A file is YAML. What breaks it most often is a colon with a space in a value without quotes, a
    quote or bracket that is not closed, a dash that is missing before a record, or a line that is not indented as
    those beside it.

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

    ``too-large``: A file has ``4 MB`` and ``200,000`` values at most, a text ``100,000`` characters, and values stand
    ``50`` deep at most; all facts together have ``64 MB``. What is larger is not read. Divide it: a topic is a file, a
    fact a sentence.

        facts/glossary.yml
        -   explains: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
        +   explains: A landing place.

    ``hidden-character``: What is written can be seen. Some characters show nothing, or turn the order of others around,
    so that a reader and a machine do not read the same; often they come along when a text is copied. A joiner may
    stand where a script needs it, as within a Persian word or an Indic one (warning).

        facts/glossary.yml
        -   explains: "A landing\\u200b place."
        +   explains: A landing place.
    """
    node, problems = _load(file, data)
    return node, list(problems)


@lru_cache(_KEPT)
def _load(file: str, data: bytes) -> tuple[Node | None, list[Problem]]:
    if len(data) > MOST_BYTES:
        return None, [too_large(Span(file), f"the file has more than {MOST_BYTES:,} bytes")]
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
        root = compose(text)
        node = reader.read(root) if root else None
        reader.problems += _hidden(file, text, node)
        # where an alias stands for something or a record is two, the rest of the file would be judged wrongly
        return (None if reader.is_misread else node), reader.problems
    except yaml.MarkedYAMLError as error:
        return None, [_syntax_problem(file, text, error)]
    except LimitExceeded as error:
        line, column = error.mark.line + 1, error.mark.column + 1
        span = Span(file, line, column, line, column + 1)
        return None, [too_large(span, f"the file {error}")]


def too_large(span: Span, message: str) -> Problem:
    """That something holds more than is read."""
    return Problem(span, "too-large", message, "divide it, or leave out what no reader needs")


_ESCAPED = re.compile(r"\\[xuU]")


def _hidden(file: str, text: str, node: Node | None) -> Iterator[Problem]:
    """What cannot be seen in a file: as it stands, comments included, or written as an escape in a text."""
    if text.isascii() and "\\" not in text:
        return
    if HIDDEN.search(text):
        for number, line in enumerate(text.splitlines(), 1):
            if found := HIDDEN.search(line):
                yield _not_seen(Span(file, number, found.start() + 1, number, found.end() + 1), found[0])
    if node and _ESCAPED.search(text):
        for one in texts(node):
            if (found := HIDDEN.search(one.value)) and found[0] not in text:
                yield _not_seen(one.span, found[0])


def _not_seen(span: Span, sign: str) -> Problem:
    message = f"the character U+{ord(sign):04X} cannot be seen"
    return Problem(span, "hidden-character", message, "delete it", Severity.WARNING)


def _syntax_problem(file: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    mark, context = error.problem_mark, error.context_mark or error.problem_mark
    if mark is None or context is None:
        return Problem(Span(file), "yaml-syntax", str(error.problem))
    slip = find_slip(text, context.line, mark.line, _first_fault)
    if slip:
        end = slip.end if slip.down else max(slip.end, slip.start + 1)
        span = Span(file, slip.line + 1, slip.start + 1, slip.line + slip.down + 1, end + 1)
        return Problem(span, "yaml-syntax", slip.message, slip.hint, fix=slip.fix)
    mark = fault_mark(error) or mark
    lines = BREAK.split(text)
    number = min(mark.line, len(lines) - 1)  # the end of a text without a last line break counts as a line of its own
    column = min(mark.column, len(lines[number])) if number == mark.line else len(lines[number])
    span = Span(file, number + 1, column + 1, number + 1, column + 2)
    message, hint = explain(error)
    if not hint and ": " in lines[number]:
        hint = "put a value that holds ': ' in quotes"
    return Problem(span, "yaml-syntax", message, hint)


def _first_fault(text: str) -> int:
    """The line of the first thing in a text, counted from 0, that YAML or this module refuses."""
    reader = _Reader("")
    try:
        if root := compose(text):
            reader.read(root)
    except yaml.MarkedYAMLError as error:
        return error.problem_mark.line if error.problem_mark else 0
    except LimitExceeded:
        return 0
    return min((problem.place.line - 1 for problem in reader.problems), default=END)


class _Reader:
    """Turns PyYAML's nodes into ours, collecting what we refuse."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.is_misread = False
        self._seen: set[int] = set()

    def read(self, node: yaml.Node, dash: int = 0) -> Node:
        """The node; ``dash`` is the column of the dash before it, where it is an item below others."""
        span = self._span(node)
        if id(node) in self._seen:
            self.is_misread = True
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
        if node.tag not in DEFAULT_TAGS:
            self.problems.append(
                Problem(span, "yaml-tag", f"the tag '{node.tag}' is not used in facts", "delete the tag")
            )
        if isinstance(node, yaml.ScalarNode):
            if len(node.value) > _MOST_SIGNS:
                self.problems.append(too_large(span, f"the text has more than {_MOST_SIGNS:,} characters"))
                return Text(span, "")
            return Text(span, node.value)
        if isinstance(node, yaml.SequenceNode):
            dash = 0 if node.flow_style else span.column
            return Sequence(span, tuple(self.read(item, dash) for item in node.value))
        entries: dict[str, Node] = {}
        keys: dict[str, Span] = {}
        again: list[tuple[str, Span]] = []
        for key, key_span, value in self._pairs(node):
            read = self.read(value)
            if key in entries:
                again.append((key, key_span))
                continue
            entries[key], keys[key] = read, key_span
        self._report_doubled(again, keys, dash)
        return Mapping(span, entries, keys)

    def _report_doubled(self, again: list[tuple[str, Span]], keys: dict[str, Span], dash: int) -> None:
        """Fields that stand in a record twice; where its first and others do, these are another record's."""
        first = next(iter(keys), "")
        if dash and len(again) > 1 and again[0][0] == first:
            self.is_misread = True
            for key, at in again:
                if key == first:
                    span = Span(self.file, at.line, dash, at.end_line, at.end_column)
                    message = f"a '-' is missing before this '{key}'"
                    hint = "each record of a list begins with a dash"
                    fix = f"-{' ' * (at.column - dash - 1)}{key}"
                    self.problems.append(Problem(span, "yaml-syntax", message, hint, fix=fix))
            return
        for key, at in again:
            message = f"'{key}' stands twice in one record; the first is on line {keys[key].line}"
            self.problems.append(Problem(at, "duplicate-key", message, "delete one of them"))

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
