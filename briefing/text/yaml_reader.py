"""Read YAML into nodes with their line and column. All facts are read here.

Scalars remain text, so that ``no``, ``010``, ``1e3``, ``12:30`` and ``2024-12`` mean what the editor wrote. Anchors,
aliases, merge keys and explicit tags are rejected, so that the meaning of a fact does not depend on other lines.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import yaml

from briefing.problems import Problem, Severity, Span
from briefing.text.characters import BREAK, HIDDEN, UNPRINTABLE, describe, span_at
from briefing.text.lookalikes import Corrected, correct_lookalikes
from briefing.text.nodes import Mapping, Node, Sequence, Text, texts
from briefing.text.yaml_compat import DEFAULT_TAGS, LimitExceeded, compose, explain, fault_mark
from briefing.text.yaml_repair import END, find_slip, quoted

MOST_BYTES = 4_000_000  # per file; with 10,000 facts the largest file has a tenth of this
MOST_BYTES_IN_ALL = 64_000_000
_MOST_CHARACTERS = 100_000  # per text
_CACHED_FILES = 64  # enough for both sides of a comparison, which reads each file more than once


# Git writes these lines around the two versions.
_CONFLICT = re.compile(r"^ *(?:(?:<{7}|>{7}|\|{7})(?: [^\r\n]*)?|={7})(?=\r?$)", re.MULTILINE)


def load_yaml(file: str, data: bytes) -> tuple[Node | None, list[Problem]]:
    """Return the value and the problems of one file, which problems call ``file``.

    The value is None if the file is empty or cannot be read.

    ``data/reading_codes.txt`` explains the codes of the problems.
    """
    node, problems = _load(file, data)
    return node, list(problems)


@lru_cache(_CACHED_FILES)
def _load(file: str, data: bytes) -> tuple[Node | None, list[Problem]]:
    if len(data) > MOST_BYTES:
        return None, [too_large(Span(file), f"the file has more than {MOST_BYTES:,} bytes")]
    encoding = _other_encoding(data)
    if encoding:
        return None, [Problem(Span(file), "encoding", f"the file is {encoding}, not UTF-8", "save the file as UTF-8")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        span = span_at(file, data[: error.start].decode("utf-8"))
        return None, [Problem(span, "encoding", "the file is not UTF-8", "save the file as UTF-8")]
    if found := UNPRINTABLE.search(text):
        span = span_at(file, text[: found.start()])
        return None, [
            Problem(span, "yaml-syntax", f"YAML does not allow this character: {describe(found[0])}", "delete it")
        ]
    if conflicts := [*_find_conflicts(file, text)]:
        return None, conflicts
    corrected = correct_lookalikes(file, text)
    node, problems = _read(file, corrected)
    return node, [*corrected.problems, *problems, *_find_hidden(file, text, node)]


def _read(file: str, corrected: Corrected) -> tuple[Node | None, list[Problem]]:
    reader = _Reader(file, corrected)
    try:
        node = reader.read_text()
        # Checks of the file would report false problems.
        return (None if reader.is_misread else node), reader.problems
    except yaml.MarkedYAMLError as error:
        problem = _syntax_problem(file, corrected.text, error)
    except LimitExceeded as error:
        line, column = error.mark.line + 1, error.mark.column + 1
        problem = too_large(Span(file, line, column, line, column + 1), f"the file {error}")
    if problem.place.line in corrected.shifts:
        # The fix would replace a part of the line that another fix replaces too.
        problem = replace(problem, fix="", is_safe=False)
    return None, [replace(problem, place=corrected.original(problem.place))]


# The first bytes of a text in another encoding: its byte order mark, or none and an ASCII character.
_ENCODINGS = {
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_UTF_16 = re.compile(rb"(?:[^\0]\0){2}|(?:\0[^\0]){2}")


def _other_encoding(data: bytes) -> str:
    """Return the encoding of a file that is not UTF-8, if its first bytes tell, or an empty text."""
    for mark, encoding in _ENCODINGS.items():
        if data.startswith(mark):
            return encoding
    return "UTF-16" if _UTF_16.match(data) else ""


def _find_conflicts(file: str, text: str) -> Iterator[Problem]:
    """Yield a problem for each merge conflict, at its first line."""
    for marks in _marks_of_conflicts(text):
        span = span_at(file, text[: marks[0].start()])._replace(end_column=len(marks[0][0]) + 1)
        last = span_at(file, text[: marks[-1].start()]).line
        *signs, sign = dict.fromkeys(f"'{mark[0].strip()[:7]}'" for mark in marks)
        listed = f"{', '.join(signs)} and {sign}" if signs else sign
        message = "this line marks a merge conflict that has not been resolved"
        hint = f"keep one of the versions in lines {span.line} to {last}, and delete the lines with {listed}"
        yield Problem(span, "merge-conflict", message, hint)


def _marks_of_conflicts(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield the lines that Git wrote around the versions, for each conflict."""
    found: list[re.Match[str]] = []
    for mark in _CONFLICT.finditer(text):
        sign = mark[0].lstrip()[0]
        # Without the line that begins a conflict, an indented line may be part of a text.
        if not found and sign != "<" and mark[0].startswith(" "):
            continue
        if found and sign == "<":
            yield found
            found = []
        found.append(mark)
        if sign == ">":
            yield found
            found = []
    if found:
        yield found


def too_large(span: Span, message: str) -> Problem:
    """Return the problem that something exceeds a limit."""
    return Problem(span, "too-large", message, "split it, or remove what readers do not need")


def find_unloadable(file: str, text: str, node: Node) -> Iterator[Problem]:
    """Yield a problem if a text that ``load_yaml`` reads as ``node`` cannot be read by MkDocs.

    MkDocs converts values. It does not know all tags, and refuses what looks like a date that does not exist.
    """
    try:
        yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        span = Span(file, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2) if mark else Span(file)
        yield Problem(span, "yaml-tag", "MkDocs does not know this YAML tag", "put the value in quotes")
    except ValueError:
        # A name of a field may be the wrong value, too.
        span = next((one.span for one in texts(node) if _is_impossible(one.value)), node.span)
        message = "YAML takes this for a date, but there is no such date"
        yield Problem(span, "impossible-date", message, "correct it, or put it in quotes")


def _is_impossible(value: str) -> bool:
    try:
        yaml.load(value, Loader=yaml.CSafeLoader)
    except ValueError:
        return True
    except yaml.YAMLError:
        pass
    return False


_ESCAPED = re.compile(r"\\[xuU]")
_HIDDEN_RUN = re.compile(f"(?:{HIDDEN.pattern})+")
# Without one of these, a text may look different: marks of the writing direction, of annotations and of variants; and
# those beside letters of scripts that put no spaces between words.
_EFFECTIVE = re.compile(
    "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufe00-\ufe0e\ufff9-\ufffb\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
)


def _find_hidden(file: str, text: str, node: Node | None) -> Iterator[Problem]:
    """Yield a problem for each run of invisible characters, in comments too, and for each text with an escaped one."""
    if text.isascii() and "\\" not in text:
        return
    if HIDDEN.search(text):
        for number, line in enumerate(BREAK.split(text), 1):
            for found in _HIDDEN_RUN.finditer(line):
                yield _hidden_run(file, number, line, found)
    if node and _ESCAPED.search(text):
        for one in texts(node):
            if (escaped := HIDDEN.search(one.value)) and escaped[0] not in text:
                yield _hidden_problem(one.span, escaped[0])


def _hidden_run(file: str, number: int, line: str, found: re.Match[str]) -> Problem:
    start, end = found.span()
    problem = _hidden_problem(Span(file, number, start + 1, number, end + 1), found[0])
    # An empty fix would mean that there is none, so it includes a character beside the hidden ones.
    if start:
        start -= 1
    else:
        end += 1
    fix = line[start : found.start()] + line[found.end() : end]
    if not fix:
        return problem
    place = Span(file, number, start + 1, number, end + 1)
    return replace(problem, place=place, fix=fix, is_safe=not _EFFECTIVE.search(line, start, end))


def _hidden_problem(span: Span, chars: str) -> Problem:
    names = " and ".join(describe(char) for char in dict.fromkeys(chars))
    what = "is an invisible character" if len(set(chars)) == 1 else "are invisible characters"
    return Problem(span, "hidden-character", f"there {what} here: {names}", "delete it", Severity.WARNING)


# libyaml may silently drop three things that an editor wrote: an anchor, a comment without a space before it, and a
# comment below a block text. (An alias needs an anchor before it.) Scanning takes as long as parsing, so only files
# that match this pattern are scanned. The pattern begins with a set of characters because beginning with the
# alternatives would be twenty times slower.
_MAY_DROP = re.compile(
    r"""[&#|>](?:
        (?<=&)(?<![^\s,\[{:?]&)[\w-]      # an anchor
        |(?<=["'\[\]{},:|>+\d-][#])       # a comment without a space before it
        |(?<=[|>])[-+\d]*\s+[#]           # a comment below a block text
    )""",
    re.VERBOSE,
)
_REFERENCE = re.compile(r"[a-z0-9][a-z0-9.:-]*")
_BLOCK_HEADER = re.compile(r"[|>][-+\d]*")
_COMMENT_LINE = re.compile(r" *(?=#)")
# An anchor or alias, with its name as in YAML 1.2, and the first word of the value after it.
_MARK = re.compile(r"(?P<mark>[&*][^\s,\[\]{}]+)(?:[ \t]+(?P<word>[^\s#,:\]}]\S*))?")


def _find_dropped_text(file: str, text: str) -> Iterator[Problem]:
    """Yield a problem for each anchor and alias, and for each comment that libyaml accepts against YAML 1.2."""
    if not (("&" in text or "#" in text) and _MAY_DROP.search(text)):
        return
    tokens = list(yaml.scan(text, Loader=yaml.CSafeLoader))
    aliased = {token.value for token in tokens if isinstance(token, yaml.AliasToken)}
    parent = 0  # the column of the field or dash before the next value
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
        message = f"'{mark}' is a YAML alias; facts cannot use aliases"
        hint = "write out the value, or put it in quotes if it really begins with '*'"
        return Problem(span, "yaml-alias", message, hint)
    message = f"'{mark}' is a YAML anchor; facts cannot use anchors"
    hint = "delete it, or put the value in quotes if it really begins with '&'"
    if not is_aliased and re.compile(r"\s*[,\]]").match(text, found.end("mark")):
        return Problem(span, "yaml-alias", message, "delete the '&'", fix=mark[1:])
    if is_aliased or not found["word"]:
        return Problem(span, "yaml-alias", message, hint)
    # An empty fix would mean that there is none, so it includes the first word of the value.
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
    message = "a '#' needs a space before it to start a comment"
    hint = "add a space before it to begin a comment, or put the whole text in quotes"
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
        return Problem(span, "yaml-syntax", slip.message, slip.hint, fix=slip.fix, is_safe=slip.is_safe)
    mark = fault_mark(error) or mark
    lines = BREAK.split(text)
    number = min(mark.line, len(lines) - 1)  # libyaml counts the end of a text without a last line break as a new line
    column = min(mark.column, len(lines[number])) if number == mark.line else len(lines[number])
    span = Span(file, number + 1, column + 1, number + 1, column + 2)
    message, hint = explain(error)
    if not hint and ": " in lines[number]:
        hint = "put a value that contains ': ' in quotes"
    return Problem(span, "yaml-syntax", message, hint)


def _first_fault(text: str) -> int:
    """Return the line, counted from 0, of the first fault that YAML or this module finds in a text."""
    reader = _Reader("", Corrected(text))
    try:
        reader.read_text()
    except yaml.MarkedYAMLError as error:
        return error.problem_mark.line if error.problem_mark else 0
    except LimitExceeded:
        return 0
    return min((problem.place.line - 1 for problem in reader.problems), default=END)


class _Reader:
    """Converts PyYAML's nodes into ours and collects problems.

    ``is_misread`` means that two records were read as one, or that a text was left out.
    """

    def __init__(self, file: str, corrected: Corrected) -> None:
        self.file = file
        self.corrected = corrected
        self.problems: list[Problem] = []
        self.is_misread = False

    def read_text(self) -> Node | None:
        """Return the value of the whole file, or None if it is empty or libyaml drops a part of it."""
        root = compose(self.corrected.text)
        # If a part is missing, checks would report false problems. A value with an alias may even contain itself.
        for problem in _find_dropped_text(self.file, self.corrected.text):
            self.problems.append(replace(problem, place=self.corrected.original(problem.place)))
        return self.read(root) if root and not self.problems else None

    def read(self, node: yaml.Node, dash: int = 0) -> Node:
        """Convert a node. ``dash`` is the column of the dash before it, or 0 if it is not an item of a block list."""
        span = self._span(node)
        if node.tag not in DEFAULT_TAGS:
            self._report_tag(node, span)
        if isinstance(node, yaml.ScalarNode):
            if len(node.value) > _MOST_CHARACTERS:
                self.problems.append(too_large(span, f"the text has more than {_MOST_CHARACTERS:,} characters"))
                self.is_misread = True
                return Text(span, "")
            return Text(span, node.value)
        if isinstance(node, yaml.SequenceNode):
            dash = 0 if node.flow_style else span.column
            return Sequence(span, tuple(self.read(item, dash) for item in node.value))
        entries: dict[str, Node] = {}
        keys: dict[str, Span] = {}
        duplicates: list[tuple[str, Span]] = []
        for key, key_span, value in self._pairs(node):
            read = self.read(value)
            if key in entries:
                duplicates.append((key, key_span))
                continue
            entries[key], keys[key] = read, key_span
        self._report_duplicates(duplicates, keys, dash)
        return Mapping(span, entries, keys)

    def _report_tag(self, node: yaml.Node, span: Span) -> None:
        hint = "delete the tag, or put the value in quotes if it really begins with '!'"
        fix = ""
        # A tag with one '!' is more likely to be the first word of a text.
        if isinstance(node, yaml.ScalarNode) and not node.style and not node.tag.startswith("tag:"):
            fix = quoted(self.corrected.text[node.start_mark.index : node.end_mark.index])
            if _REFERENCE.fullmatch(node.tag, 1) and not node.value:
                hint, fix = "delete the '!'", node.tag[1:]
            # Without its only word, the value would be empty, which is a second problem.
            self.is_misread = self.is_misread or not node.value
        message = f"facts cannot use YAML tags such as '{node.tag}'"
        self.problems.append(Problem(span, "yaml-tag", message, hint, fix=fix))

    def _report_duplicates(self, duplicates: list[tuple[str, Span]], keys: dict[str, Span], dash: int) -> None:
        """Report duplicate keys. If the first key and others are repeated, the record probably lacks a dash."""
        first = next(iter(keys), "")
        if dash and len(duplicates) > 1 and duplicates[0][0] == first:
            self.is_misread = True
            for key, at in duplicates:
                if key == first:
                    span = Span(self.file, at.line, dash, at.end_line, at.end_column)
                    message = f"a '-' is missing before this '{key}'"
                    hint = f"write '-' in place of the first of the {at.column - dash} spaces before it"
                    fix = f"-{' ' * (at.column - dash - 1)}{key}"
                    self.problems.append(Problem(span, "yaml-syntax", message, hint, fix=fix))
            return
        for key, at in duplicates:
            message = f"duplicate key '{key}'; the first is on line {keys[key].line}"
            self.problems.append(Problem(at, "duplicate-key", message, "delete one of them"))

    def _pairs(self, node: yaml.Node) -> Iterator[tuple[str, Span, yaml.Node]]:
        for key, value in node.value:
            span = self._span(key)
            if not isinstance(key, yaml.ScalarNode):
                self.problems.append(Problem(span, "wrong-type", "a field name must be a word"))
                continue
            yield key.value, span, value

    def _span(self, node: yaml.Node) -> Span:
        start, end = node.start_mark, node.end_mark
        span = Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        return self.corrected.original(span) if self.corrected.shifts else span
