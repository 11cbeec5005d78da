"""Find characters in the structure of a YAML file that look like those of YAML, such as a no-break space in an
indentation or an en dash before a record.

YAML takes them for letters. It reports their effects, often on another line, or nothing. They are therefore replaced
before a file is parsed. In the text of a value they may be meant, so they stay there.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from briefing.problems import Problem, Severity, Span
from briefing.text.characters import BREAK, HIDDEN, describe
from briefing.text.yaml_compat import lines_of_text

# The characters that look like each character of YAML.
_KINDS = {
    " ": "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000",
    "-": "\u00b7\u2010-\u2015\u2022\u2023\u2043\u2212\u2219\u25aa\u25cf\u25e6\ufe63\uff0d",
    ":": "\u2236\ua789\ufe13\ufe55\uff1a",
    ",": "\u3001\uff0c\uff1b",
    "[": "\u3010\u3014\uff3b",
    "]": "\u3011\u3015\uff3d",
    "{": "\uff5b",
    "}": "\uff5d",
}
_BLANK = re.compile(f"[{_KINDS[' ']}]")
_LOOKALIKE = re.compile(f"[{''.join(_KINDS.values())}]|{HIDDEN.pattern}")
_MEANT = {
    code: meant
    for meant, chars in _KINDS.items()
    for first, last in re.findall("(.)(?:-(.))?", chars)
    for code in range(ord(first), ord(last or first) + 1)
}
# An ideographic space is as wide as two letters. It may have been typed for one space or for two.
_WIDE = "\u3000"
# Longer lines are not examined. They are rarely written by hand, and the patterns are slow on them.
_LONGEST = 2_000
_BREAK = re.compile(f"({BREAK.pattern})")
# These match lines in which look-alikes are replaced by what they look like, and hidden characters by NUL.
_HEAD = re.compile(r"(?P<indent>[ \0]*)(?P<dashes>(?:-[ \0]*)*)(?:(?P<key>[a-z_][a-z_\0]*)[ \0]*(?P<colon>:)[ \0]*)?")
# Lists of ids and citations, and positions. Other lists have texts, in which look-alikes may be meant.
_FLOW = re.compile(r"[\[{][a-z0-9.:, \0{}\[\]-]*[\]}](?: +#.*| *)")
_SEPARATOR = re.compile(r"(?<=[\[\]{},:]) +| +(?=[\[\]{},:])|[\0\[\]{},:]")
_WORD = re.compile(r"[\w.:/~?%+\0-]+(?: +#.*| *)")
_BLANK_END = re.compile(r"(?<=[^ \0])[ \0]+$")
_COMMENT = re.compile(r"(?:.* )?#")


@dataclass(frozen=True, slots=True)
class Corrected:
    """A text without look-alikes in its structure, and the problems of those that were replaced.

    ``shifts`` has pairs for each line in which columns have moved: from this column on, this number must be added to
    get the column in the original text. Lines and columns count from 1.
    """

    text: str
    problems: tuple[Problem, ...] = ()
    shifts: Mapping[int, list[tuple[int, int]]] = field(default_factory=dict)

    def original(self, span: Span) -> Span:
        """Return the place of a span in the original text."""
        column = self._original(span.line, span.column)
        return span._replace(column=column, end_column=self._original(span.end_line, span.end_column))

    def _original(self, line: int, column: int) -> int:
        return column + sum(by for start, by in self.shifts.get(line, ()) if start <= column)


@dataclass(frozen=True, slots=True)
class _Change:
    """A correction in one line: ``fix`` replaces the characters from ``start`` to ``end``, which count from 0.

    ``is_safe`` is that of ``problems.Problem``.
    """

    start: int
    end: int
    fix: str
    is_safe: bool = True


def correct_lookalikes(file: str, text: str) -> Corrected:
    """Return the text with the structure that was meant.

    Hidden characters are removed from the structure too. They cause no problem here, because ``yaml_reader`` reports
    them wherever they are.
    """
    if text.isascii():
        return Corrected(text)
    parts = _BREAK.split(text)
    lines = parts[::2]
    changes: dict[int, list[_Change]] = {}
    for number, line in enumerate(lines):
        if not line.isascii() and len(line) <= _LONGEST and _LOOKALIKE.search(line):
            found = sorted(_find_changes(lines, number), key=lambda change: change.start)
            if found:
                changes[number] = found
    if not changes:
        return Corrected(text)
    # A text in quotes or below '|' may have a line that looks like a field or an item.
    for number in lines_of_text(_apply(parts, changes)) & changes.keys():
        if not _BLANK.match(lines[number]):
            del changes[number]
    problems = []
    shifts = {}
    for number, found in changes.items():
        line = lines[number]
        problems += [_problem(file, number, line, change) for change in found if not _is_hidden(line, change)]
        shifts[number + 1] = [*_find_shifts(line, found)]
    return Corrected(_apply(parts, changes), tuple(problems), shifts)


def _apply(parts: list[str], changes: Mapping[int, list[_Change]]) -> str:
    """Return the corrected text. ``parts`` are its lines and, after each, its line break."""
    corrected = parts.copy()
    for number, found in changes.items():
        line = parts[2 * number]
        for change in reversed(found):
            line = line[: change.start] + change.fix + line[change.end :]
        corrected[2 * number] = line
    return "".join(corrected)


def _find_shifts(line: str, changes: list[_Change]) -> Iterator[tuple[int, int]]:
    added = 0
    for change in changes:
        more = len(change.fix) - (change.end - change.start)
        added += more
        if more and change.end < len(line):
            yield change.end + added + 1, -more


def _find_changes(lines: list[str], number: int) -> Iterator[_Change]:
    line = lines[number]
    skeleton = _skeleton(line)
    end = len(skeleton)
    blank_end = _BLANK_END.search(skeleton)
    if blank_end and _BLANK.search(line, blank_end.start()) and not _COMMENT.match(skeleton):
        end = blank_end.start()
        yield _Change(end, len(line), "")
    head, is_safe = _structure(lines, number)
    # A field name with nothing after it ends with the same blanks as its line.
    head = min(head, end)
    yield from _changes_within(line, skeleton, 0, head, is_safe)
    value = skeleton[head:end]
    if _FLOW.fullmatch(value):
        for part in _SEPARATOR.finditer(skeleton, head, end):
            # A colon in a list is part of a citation.
            if part[0] != ":" or "{" in value:
                yield from _changes_within(line, skeleton, *part.span())
    elif _WORD.fullmatch(value):
        yield from (_Change(at, at + 1, "") for at in range(head, end) if skeleton[at] == "\0")


def _structure(lines: list[str], number: int) -> tuple[int, bool]:
    """Return the length of the indentation, the dashes and the field name with which a line begins, and whether they
    cannot be part of a text.
    """
    line, skeleton = lines[number], _skeleton(lines[number])
    head = _HEAD.match(skeleton)
    assert head  # The pattern matches any text.
    colon = head.start("colon")
    # Without a space after it, an ordinary colon is part of a value, as in a citation.
    if head["key"] and (line[colon] != ":" or skeleton[colon + 1 : colon + 2] in ("", " ", "\0")):
        if head["dashes"] or _is_beside_fields(lines, number, head.start("key")):
            return head.end(), True
    elif head["dashes"] and (line[head.start("dashes")] == "-" or _is_item(lines, number)):
        return head.end("dashes"), False
    return head.end("indent"), True


def _is_beside_fields(lines: list[str], number: int, column: int) -> bool:
    """Return whether the next line above or below that is not indented further has a field in this column, or whether
    the one above is the field around this one.
    """
    above, below = (_next_line(lines, number, step, column) for step in (-1, 1))
    for other in (above, below):
        head = _HEAD.match(other)
        if head and head["key"] and head.start("key") == column:
            return True
    return above.rstrip(" \0").endswith(":")


def _is_item(lines: list[str], number: int) -> bool:
    """Return whether a line that begins with a look-alike of a dash is an item of a list, and not a text."""
    column, item = _item(_skeleton(lines[number]))
    above, below = _next_line(lines, number, -1), _next_line(lines, number, 1)
    if column in (_item(above)[0], _item(below)[0]):
        return True
    return above.rstrip(" \0").endswith(":") and bool(_WORD.fullmatch(item))


def _item(skeleton: str) -> tuple[int, str]:
    """Return the column of the dash and the text after it, or -1 and an empty text if there is no dash."""
    found = re.match(r"([ \0]*)-[ \0]+(.*)", skeleton)
    return (len(found[1]), found[2]) if found else (-1, "")


def _next_line(lines: list[str], number: int, step: int, furthest: int = _LONGEST) -> str:
    """Return the skeleton of the next line in one direction, or an empty text.

    Blank lines, comments, and lines that are indented further than the column ``furthest`` do not count.
    """
    number += step
    while 0 <= number < len(lines):
        line = lines[number].lstrip()
        if line and line[0] != "#" and len(lines[number]) - len(line) <= furthest:
            return _skeleton(lines[number])
        number += step
    return ""


def _skeleton(line: str) -> str:
    """Return a line with each look-alike replaced by what it looks like, and each hidden character by NUL."""
    return HIDDEN.sub("\0", line).translate(_MEANT)


def _changes_within(line: str, skeleton: str, start: int, end: int, is_dash_safe: bool = True) -> Iterator[_Change]:
    at = start
    while at < end:
        first = at
        meant = skeleton[at]
        at += 1
        if meant == line[first]:
            continue
        if meant == "\0":
            yield _Change(first, at, "")
        elif meant == " ":
            # Spaces in a row are one problem.
            while at < end and skeleton[at] == " ":
                at += 1
            yield _Change(first, at, " " * (at - first), _WIDE not in line[first:at])
        else:
            if meant in ",-:" and skeleton[at : at + 1] not in ("", " "):
                meant += " "
            yield _Change(first, at, meant, meant[0] != "-" or is_dash_safe)


def _is_hidden(line: str, change: _Change) -> bool:
    return not change.fix and HIDDEN.fullmatch(line, change.start, change.end) is not None


def _problem(file: str, number: int, line: str, change: _Change) -> Problem:
    if not change.fix:
        # An empty fix would mean that there is none, so it includes the last character of the value.
        span = Span(file, number + 1, change.start, number + 1, change.end + 1)
        char = next(char for char in line[change.start :] if _BLANK.match(char))
        message = f"the line ends with an invisible character: {describe(char)}"
        fix = line[change.start - 1]
        return Problem(span, "hidden-character", message, "delete it", Severity.WARNING, fix, is_safe=True)
    span = Span(file, number + 1, change.start + 1, number + 1, change.end + 1)
    wanted = f"'{change.fix.strip()}'" if change.fix.strip() else "a space"
    found = describe(line[change.start])
    article = "an" if found[0] in "aeiou" else "a"
    message = f"this is {article} {found}, not {wanted}"
    hint = f"write {wanted} instead"
    return Problem(span, "yaml-syntax", message, hint, fix=change.fix, is_safe=change.is_safe)
