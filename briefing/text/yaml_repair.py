"""Recognise the most common mistakes in YAML that cannot be parsed, and suggest the correct line.

A slip is no guess: with its line mended the text is read again, and it counts only where the text then reads, or its
next fault stands further down.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, takewhile

END = 10**9  # the line of the first fault of a text that has none
_MOST = 60  # so many ways are tried: each is a reading of the file
_MOST_READ = 10_000_000  # characters, in all of them
_LONGEST = 2_000  # characters of a line that is looked at

_DASH = re.compile(r" *(-)(?=[a-z])")
_COLON = re.compile(r" *(?:- +)?([a-z_]+:)(?=[^\s:/])")
_NO_COLON = re.compile(r" *(?:- +)?([a-z_]+)(?= +\S)")
_FIELD = re.compile(r"(?P<indent>[ \t]*)(?P<key>[a-z_]+):(?: |$)")
_KEY = re.compile(r" *(?:- +)?(?P<key>[a-z_]+):(?: |$)")
_ITEM = re.compile(r"(?P<indent> *)- ")
_RECORD = re.compile(r"(?P<indent> *)- +(?P<key>[a-z_]+):(?: |$)")
_VALUE = re.compile(r"\s*(?:- +)?(?:[\w-]+: +)?(?P<value>\S.*?)(?:\s*| +# .*)")
_COMMENT = re.compile(r"(?<=\S) +(#\S.*)")
_CITATION = re.compile(r"([a-z0-9-]+) *: +([1-9][\d.]*)")
_CLOSING = {"[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Slip:
    """Characters ``start`` of a line to ``end`` of it, or of one ``down`` lines below, what to write in their place
    (empty: nothing that fits there), what is wrong, and how to mend it. Lines and characters count from 0.
    """

    line: int
    start: int
    end: int
    fix: str
    message: str
    hint: str = ""
    far: int = 0  # how much of a change it is, beside others of its kind
    down: int = 0

    def mended(self, lines: list[str]) -> str:
        """The text with what is to be written in its place."""
        last = self.line + self.down
        mended = lines[self.line][: self.start] + self.fix + lines[last][self.end :]
        return "\n".join([*lines[: self.line], mended, *lines[last + 1 :]])


def find_slip(text: str, first: int, fault: int, first_fault: Callable[[str], int]) -> Slip | None:
    """The slip behind a fault at line ``fault``, in a part of the text that begins at line ``first``; None where it is
    none that is known. ``first_fault`` reads a text and tells the line of its first fault.
    """
    lines = text.splitlines()
    if not lines:
        return None
    first, fault = min(first, len(lines) - 1), min(fault, len(lines) - 1)
    above = next((number for number in range(fault - 1, -1, -1) if lines[number].strip()), fault)
    top = next((number for number, line in enumerate(lines) if line.strip() and line[0] != "#"), fault)
    found: list[tuple[int, Slip]] = []
    slips = chain(
        *(_in_folded(lines, number) for number in dict.fromkeys((first, fault, above))),
        *(_in_line(number, lines[number]) for number in dict.fromkeys((first, fault, above))),
        *(_without_colon(lines, number) for number in (fault, above)),
        *(_without_dash(lines, number) for number in dict.fromkeys((fault, above, first, top))),
        sorted(chain(_indented(lines, fault), _indented(lines, above)), key=lambda slip: slip.far),
        sorted(chain(_shifted(lines, fault), _shifted(lines, above)), key=lambda slip: slip.far),
        *(_in_folded(lines, number) for number in range(above - 1, first, -1)),
        *(_in_line(number, lines[number]) for number in range(above - 1, first, -1)),
    )
    for slip, _ in zip(slips, range(min(_MOST, _MOST_READ // len(text))), strict=False):
        left = first_fault(slip.mended(lines))
        if left == END:
            return slip
        found.append((left, slip))
    furthest = max(found, key=lambda one: one[0], default=None)
    return furthest[1] if furthest and furthest[0] > fault else None


def quoted(value: str) -> str:
    """The value in quotes, those of another kind that it has kept within."""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    if re.search(r'["\\]', value):
        value = value.replace("'", "''")
        return f"'{value}'"
    return f'"{value}"'


def _in_line(number: int, line: str) -> Iterator[Slip]:
    if len(line) > _LONGEST:
        return
    if found := _DASH.match(line):
        yield Slip(number, *found.span(1), "- ", "a space is missing behind the dash")
    if found := _COLON.match(line):
        yield Slip(number, *found.span(1), f"{found[1]} ", f"a space is missing behind '{found[1]}'")
    if found := _VALUE.fullmatch(line):
        for fix, message, hint in _in_value(found["value"]):
            yield Slip(number, *found.span("value"), fix, message, hint)
    for found in _COMMENT.finditer(line):
        message = "' #' begins a comment, in the middle of a text that goes on below"
        yield Slip(number, *found.span(1), "", message, "put the whole text in quotes")


def _in_folded(lines: list[str], number: int) -> Iterator[Slip]:
    """Slips of a value that goes on in the lines below."""
    found, field = _VALUE.fullmatch(lines[number]), _KEY.match(lines[number])
    if not found or not field or field.end() > found.start("value"):
        return
    below = list(takewhile(lambda line: line.strip() and _indent(line) > field.start("key"), lines[number + 1 :]))
    if below and not any(map(_KEY.match, below)):
        last = _VALUE.fullmatch(below[-1])
        end = last.end("value") if last else len(below[-1])
        value = "\n".join([lines[number][found.start("value") :], *below[:-1], below[-1][:end]])
        span = f" (lines {number + 1} to {number + 1 + len(below)})"
        for fix, message, hint in _in_value(value):
            yield Slip(number, found.start("value"), end, fix, message, hint + span, down=len(below))


def _without_colon(lines: list[str], number: int) -> Iterator[Slip]:
    if found := _NO_COLON.match(lines[number]):
        around = [key for line in lines[max(0, number - 1) : number + 2] if (key := _KEY.match(line))]
        if any(key.start("key") == found.start(1) for key in around):
            yield Slip(number, *found.span(1), f"{found[1]}:", f"a ':' is missing behind '{found[1]}'")


def _in_value(value: str) -> Iterator[tuple[str, str, str]]:
    sign = value[0]
    close = _CLOSING.get(sign, "")
    if close and close not in value:
        yield value.rstrip(", ") + close, f"what '{sign}' opens here is not closed", f"close it with '{close}'"
    if sign in "\"'" and value.count(sign) == 1:
        yield value + sign, "the quote that is opened here is not closed", f"close it with {sign}"
    if found := _CITATION.fullmatch(value):
        message = "a citation has no space at its colon"
        yield f"{found[1]}:{found[2]}", message, "write it as source:paragraph, as in report:12 or treaty:3.3"
    if found := re.fullmatch(r"- +(\S+)", value):
        yield f"[{found[1]}]", "a list behind a field's name stands in brackets", "or begin it on a line of its own"
    if (
        sign in "\"'" and value.count(sign) > 1 and not re.search(rf"{sign}(?!\w)", value)
    ):  # an apostrophe closes nothing
        yield quoted(value[1:]), "the quote that is opened here is not closed", "put the whole value in other quotes"
    elif sign in "\"'" and value.count(sign) > 1 and (value.count(sign) > 2 or value[-1] != sign):
        yield quoted(value), f"the value goes on behind its second {sign}", "put the whole value in other quotes"
    elif close and close in value and value[-1] != close:
        yield quoted(value), f"the value goes on behind its '{close}'", "put the whole value in quotes"
    elif sign in "@`%&*!|>?,":
        yield quoted(value), f"a value without quotes cannot begin with '{sign}'", "put it in quotes"
    elif re.search(r"\S\s.*:$|:\s", value) and sign not in "\"'[{":
        message = "a colon with a space behind it is that of a field"
        yield quoted(value), message, "put a value that holds ': ' in quotes"


def _without_dash(lines: list[str], number: int) -> Iterator[Slip]:
    field = _FIELD.match(lines[number])
    if field and field["key"] in {"id", *(found["key"] for line in lines if (found := _RECORD.match(line)))}:
        blank = len(field["indent"])
        message, hint = f"a '-' is missing before this '{field['key']}'", "each record of a list begins with a dash"
        for dash in (blank, blank - 2):
            if dash >= 0:
                yield Slip(number, dash, field.end("key"), f"- {field['key']}", message, hint)


def _indented(lines: list[str], number: int) -> Iterator[Slip]:
    """The line as it would stand below others of its kind; where tabs indent it, below the line above."""
    line = lines[number]
    if not line.strip():
        yield Slip(number, 0, len(line), "", "a tab stands on an empty line", "delete it")
        return
    word = line.split()[0]
    blank = line.index(word)
    tabs = "\t" in line[:blank]
    above = next((other for other in reversed(lines[:number]) if other.strip()), "")
    if word == "-":
        columns = {len(found["indent"]) for other in lines if (found := _ITEM.match(other))}
    elif _FIELD.match(line):
        columns = {found.start("key") for other in lines if (found := _KEY.match(other))}
    else:
        columns = {len(above) - len(above.lstrip())}
    beside = len(above) - len(above.lstrip(" -"))
    meant = beside if tabs else blank
    message = "a tab stands where spaces indent" if tabs else "this line is not indented as those beside it"
    for column in columns - {-1 if tabs else blank}:
        start = 0 if tabs else min(blank, column)
        hint = f"indent it by {_spaces(column)}{', not with tabs' * tabs}"
        far = 3 * abs(column - meant) + (column != beside) + (column > meant)
        yield Slip(number, start, blank + len(word), " " * (column - start) + word, message, hint, far)


def _shifted(lines: list[str], number: int) -> Iterator[Slip]:
    """The records around the line, the nearest first, as they would stand where most of their like do."""
    around = len(lines[number]) + 1
    for top in range(number, -1, -1):
        record = _RECORD.match(lines[top])
        if not record or len(record["indent"]) >= around:
            continue
        around = len(record["indent"])
        key = record["key"]
        inside = _within(lines[top + 1 :], around, key)
        stand = Counter(
            len(other["indent"]) for line in lines if (other := _RECORD.match(line)) and other["key"] == key
        )
        for column in stand.keys() - {around}:
            end = f" so that its dash stands in column {column + 1}"
            far = stand[around] - stand[column]
            yield _moved(lines[: top + 1 + len(inside)], top, column - around, "this record stands", end, far)
        column = record.start("key")
        body = _within(lines[top + 1 :], _indent(lines[top + 1]) - 1, key) if top + 1 < len(lines) else []
        if body and _FIELD.match(body[0]) and _indent(body[0]) != column:
            end = f" so that they begin in column {column + 1}, as the '{key}' above"
            yield _moved(lines[: top + 1 + len(body)], top + 1, column - _indent(body[0]), "these lines stand", end, 0)


def _moved(lines: list[str], top: int, by: int, what: str, where: str, far: int) -> Slip:
    """The lines from ``top`` on, moved as a whole by so many columns to the right."""
    block = lines[top:]
    start = min(_indent(block[0]), _indent(block[0]) + by)
    moved = "\n".join(line[max(0, -by) :].rjust(len(line) + by) if line.strip() else line for line in block)
    message = f"{what} {_spaces(abs(by))} too far {'left' if by > 0 else 'right'}"
    hint = f"move lines {top + 1} to {len(lines)}{where}"
    return Slip(top, start, len(block[-1]), moved[start:], message, hint, far, len(block) - 1)


def _within(below: list[str], dash: int, key: str) -> list[str]:
    """The lines of a record below that of its dash, up to the next record that begins with the same field."""
    inside = list(takewhile(lambda line: not line.strip() or _indent(line) > dash, _until(below, key)))
    while inside and not inside[-1].strip():
        inside.pop()
    return inside


def _until(below: list[str], key: str) -> Iterator[str]:
    for line in below:
        if (other := _RECORD.match(line)) and other["key"] == key:
            return
        yield line


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _spaces(count: int) -> str:
    return f"{count} space{'s' * (count != 1)}"
