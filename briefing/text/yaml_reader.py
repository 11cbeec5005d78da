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

    ``data/reading_codes.txt`` explains the codes of the problems.
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
        node = reader.read_text(text)
        reader.problems += _hidden(file, text, node)
        # where a record is two, the rest of the file would be judged wrongly
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


def _not_seen(span: Span, char: str) -> Problem:
    message = f"the character U+{ord(char):04X} cannot be seen"
    return Problem(span, "hidden-character", message, "delete it", Severity.WARNING)


# Where libyaml may drop what an editor wrote and report no error: an anchor, a comment without a space before it, and
# a comment below a block text. An alias needs an anchor before it. Only a file with such characters is scanned, since
# that takes as long as reading it. The pattern begins with a set of characters because one that begins with an
# alternative takes twenty times as long.
_MAY_DROP = re.compile(
    r"""[&#|>](?:
        (?<=&)(?<![^\s,\[{:?]&)[\w-]      # an anchor
        |(?<=["'\[\]{},:|>+\d-][#])       # a comment without a space before it
        |(?<=[|>])[-+\d]*\s+[#]           # a comment below a block text
    )""",
    re.VERBOSE,
)
_BLOCK_HEADER = re.compile(r"[|>][-+\d]*")
_COMMENT_LINE = re.compile(r" *(?=#)")
# an anchor or alias by its name in YAML 1.2, and the first word of a value behind it
_MARK = re.compile(r"(?P<mark>[&*][^\s,\[\]{}]+)(?:[ \t]+(?P<word>[^\s#,:\]}]\S*))?")


def _find_dropped_text(file: str, text: str) -> Iterator[Problem]:
    """Yield a problem for each anchor and alias, and for each comment that YAML 1.2 forbids and libyaml accepts."""
    if not (("&" in text or "#" in text) and _MAY_DROP.search(text)):
        return
    tokens = list(yaml.scan(text, Loader=yaml.CSafeLoader))
    aliased = {token.value for token in tokens if isinstance(token, yaml.AliasToken)}
    parent = 0  # the column of the field or dash that the next value belongs to
    for token in tokens:
        start, end = token.start_mark, token.end_mark
        if isinstance(token, yaml.KeyToken | yaml.BlockEntryToken):
            parent = start.column
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            yield _mark_problem(file, text, token, is_aliased=token.value in aliased)
        elif isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            yield from _find_block_comments(file, text, token, parent)
        elif end.column and text.startswith("#", end.index):
            yield _glued_comment(file, text, end.index)


def _mark_problem(file: str, text: str, token: yaml.AnchorToken | yaml.AliasToken, *, is_aliased: bool) -> Problem:
    found = _MARK.match(text, token.start_mark.index)
    assert found
    mark = found["mark"]
    line, column = token.start_mark.line + 1, token.start_mark.column + 1
    span = Span(file, line, column, line, column + len(mark))
    if isinstance(token, yaml.AliasToken):
        message = f"'{mark}' is a YAML alias; facts do not use aliases"
        hint = "write the value out, or put a value that begins with '*' in quotes"
        return Problem(span, "yaml-alias", message, hint)
    message = f"'{mark}' is a YAML anchor; facts do not use anchors"
    hint = "delete it, or put a value that begins with '&' in quotes"
    if is_aliased or not found["word"]:
        return Problem(span, "yaml-alias", message, hint)
    # an empty fix would mean that there is none, so that the first word of the value is part of it
    span = span._replace(end_column=column + len(found[0]))
    return Problem(span, "yaml-alias", message, hint, fix=found["word"])


def _find_block_comments(file: str, text: str, token: yaml.ScalarToken, parent: int) -> Iterator[Problem]:
    header = _BLOCK_HEADER.match(text, token.start_mark.index)
    assert header
    if text.startswith("#", header.end()):
        yield _glued_comment(file, text, header.end())
    below = _COMMENT_LINE.match(text, token.end_mark.index)
    if below and not token.value.strip() and len(below[0]) > parent:
        message = "this line is read as a comment because a blank line above it is indented further"
        hint = "delete the spaces on the blank lines above it"
        yield Problem(_rest_of_line(file, text, below.end()), "yaml-syntax", message, hint)


def _glued_comment(file: str, text: str, start: int) -> Problem:
    message = "a '#' without a space before it is neither part of the value nor a comment"
    hint = "put a space before it to begin a comment, or put the whole text in quotes"
    return Problem(_rest_of_line(file, text, start), "yaml-syntax", message, hint)


def _rest_of_line(file: str, text: str, start: int) -> Span:
    span = span_at(file, text[:start])
    return span._replace(end_column=span.column + len(BREAK.split(text[start:], 1)[0]))


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
        reader.read_text(text)
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

    def read_text(self, text: str) -> Node | None:
        """Return the value of a whole file; None where there is none or libyaml drops a part of it."""
        root = compose(text)
        # With a part missing, the rest would be judged wrongly. And a value with an alias may hold itself.
        self.problems += _find_dropped_text(self.file, text)
        return self.read(root) if root and not self.problems else None

    def read(self, node: yaml.Node, dash: int = 0) -> Node:
        """The node; ``dash`` is the column of the dash before it, where it is an item below others."""
        span = self._span(node)
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
