"""Recognise the most common mistakes in invalid YAML and suggest the correct line.

Every suggestion is tested: the corrected text is parsed again, and the correction counts only if the text is then valid
or its first fault is further down.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice, takewhile

# The line of the first fault if a text is valid.
END = 10**9
# Each attempt parses the whole file, so both the number of attempts and the characters parsed are limited.
_MOST_ATTEMPTS = 60
_MOST_READ = 10_000_000
# Longer lines are not examined. They are rarely written by hand, and some patterns are slow on them.
_LONGEST = 2_000
# The lines above a fault in which a field name may be its cause.
_FAR = 50

_DASH = re.compile(r" *(-)(?=[a-z])")
_COLON = re.compile(r" *(?:- +)?([a-z_]+:)(?=[^\s:/])")
_NO_COLON = re.compile(r" *(?:- +)?([a-z_]+)(?: *(?P<sign>=>|=|:=|->|→|;)(?= *\S)| +(?P<dash>[-–—])(?= +\S)|(?= +\S))")
_EQUALS = re.compile(r" *(?:- +)?[a-z_]+ *= *\S")
_DOCUMENT = re.compile(r"(?:---|\.\.\.)\s*")
# Other signs that begin the items of a list.
_OTHER_DASH = re.compile(r" *([*+>~=]|->|=>|→|\d{1,2}[.)])(?= +[a-z_]+:(?: |$))")
# A line across the page.
_RULER = re.compile(r"\s*(?:([-=*_~])\1{2,}|```\w*)\s*")
# The beginnings of comments in other languages.
_COMMENT_SIGN = re.compile(r"\s*(?:%|//|/\*|--|<!--)")
_PERCENT = re.compile(r" *(?:- +)?(%[a-z_]+:)(?= |$)")
_CUT_KEY = re.compile(r" *(?:- +)?([a-z_]+)")
# A list of ids or citations, and what follows it.
_LIST = re.compile(r"(?P<list>\[ *[a-z0-9.:-]+(?: *, *[a-z0-9.:-]+)* *\])(?P<rest>.+)")
# A value that is one word, a list or a sentence, or that two spaces follow, and another field.
_SECOND_FIELD = re.compile(
    r"(?P<first>[a-z0-9][\w.:/-]*(?= )|\[[^\[\]]*\](?= )|[^\s\[{\"'].*?(?:(?=  )|[.!?][\"”’]?(?= )))"
    r" +(?P<key>[a-z_]+):(?: |$)"
)
_LINK = re.compile(r"\[[^\[\]]*\]\((https?://(?:[^\s()]|\([^\s()]*\))+|[a-z0-9-]+:[1-9][\d.]*)\)")
# A whole value in typographic quotation marks, or with one at the beginning or the end and a straight one.
IN_TYPOGRAPHIC_QUOTES = re.compile(
    r"(?!\".*\"\Z)[“”„\"][^“”„\"]*[“”\"]|[‘‚](?:[^‘’‚]|’(?=\w))*[‘’]|«[^«»]*»|‹[^‹›]*›", re.DOTALL
)
_QUOTES = "\"'`´‘’“”„«»"
_FIELD = re.compile(r"(?P<indent>[ \t]*)(?P<key>[a-z_]+):(?: |$)")
_KEY = re.compile(r" *(?:- +)?(?P<key>[a-z_]+):(?: |$)")
_ITEM = re.compile(r"(?P<indent> *)- ")
_RECORD = re.compile(r"(?P<indent> *)- +(?P<key>[a-z_]+):(?: |$)")
_VALUE = re.compile(r"\s*(?:- +)?(?:[\w-]+: +)?(?P<value>\S.*?)(?:\s*| +# .*)")
_COMMENT = re.compile(r"(?<=\S) +(#\S.*)")
_CITATION = re.compile(r"([a-z0-9-]+) *: +([1-9][\d.]*)")
_CLOSING = {"[": "]", "{": "}", '"': '"', "'": "'"}


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake and its correction.

    ``fix`` replaces the text from character ``start`` of ``line`` to character ``end`` of the line ``down`` lines
    below. If it is empty, there is no correction to offer. Lines and characters count from 0. ``is_safe`` is that of
    ``problems.Problem``. If the file has other faults, parsing must get past the corrected lines and ``below`` more.
    """

    line: int
    start: int
    end: int
    fix: str
    message: str
    hint: str = ""
    # The size of the change. Among slips of the same kind, the smallest change is tried first.
    far: int = 0
    down: int = 0
    is_safe: bool = False
    below: int = 0

    def apply(self, lines: list[str]) -> str:
        """Return the corrected text."""
        last = self.line + self.down
        line = lines[self.line][: self.start] + self.fix + lines[last][self.end :]
        return "\n".join([*lines[: self.line], line, *lines[last + 1 :]])


def find_slip(text: str, first: int, fault: int, first_fault: Callable[[str], int]) -> Slip | None:
    """Return the slip that causes the fault at line ``fault``, or None if it is not a known one.

    The part that YAML was parsing begins at line ``first``. ``first_fault`` returns the line of a text's first fault.
    """
    lines = text.splitlines()
    if not lines:
        return None
    first, fault = min(first, len(lines) - 1), min(fault, len(lines) - 1)
    document = _second_document(lines, fault)
    # If the text above the line is valid, nothing else can be the cause.
    if document and first_fault("\n".join(lines[: document.line])) == END:
        return replace(document, is_safe=bool(document.fix) and first_fault(document.apply(lines)) == END)
    above = next((number for number in range(fault - 1, -1, -1) if lines[number].strip()), fault)
    top = next((number for number, line in enumerate(lines) if line.strip() and line[0] != "#"), fault)
    # The first record of a list begins below a field without a value.
    starts = [number for number in range(fault - 1, first, -1) if lines[number - 1].endswith(":")][:3]
    # A block text may follow '=' on lines that YAML reads without a fault.
    equals = [number for number in range(fault, max(-1, fault - _FAR), -1) if _EQUALS.match(lines[number])][:3]
    # The most certain repairs come first. YAML often reports a mistake one line too late, or only at the end of a value
    # that begins on the first line, so these lines are examined too.
    slips = chain(
        _cut_off(text, lines),
        *(_rulers(lines, number) for number in dict.fromkeys((fault, above))),
        *(_list_on_line(lines, number) for number in dict.fromkeys((first, fault, above))),
        *(_in_folded(lines, number) for number in dict.fromkeys((first, fault, above))),
        *(_in_line(lines, number) for number in dict.fromkeys((first, fault, above))),
        *(_with_dash(lines, number) for number in dict.fromkeys((fault, above))),
        *(_without_colon(lines, number) for number in dict.fromkeys((fault, above, *equals))),
        *(_without_dash(lines, number) for number in dict.fromkeys((fault, above, first, top, *starts))),
        sorted(chain(_indented(lines, fault), _indented(lines, above)), key=lambda slip: slip.far),
        sorted(chain(_shifted(lines, fault), _shifted(lines, above)), key=lambda slip: slip.far),
        *(_in_folded(lines, number) for number in range(above - 1, first, -1)),
        *(_in_line(lines, number) for number in range(above - 1, first, -1)),
        *(_stray_line(lines, number) for number in dict.fromkeys((fault, above))),
    )
    furthest = fault
    best: Slip | None = None
    for slip in islice(slips, min(_MOST_ATTEMPTS, _MOST_READ // len(text))):
        left = first_fault(slip.apply(lines))
        if left == END:
            return slip
        # The file may have several mistakes, so a repair counts if parsing then gets further.
        if left > max(furthest, slip.line + slip.down + slip.below):
            furthest = left
            # The text that is left may have problems because of the repair.
            best = replace(slip, is_safe=False)
    return best


def _second_document(lines: list[str], fault: int) -> Slip | None:
    """Return the first line up to the fault that begins or ends a document, except a first line."""
    number = next((number for number in range(1, fault + 1) if _DOCUMENT.fullmatch(lines[number])), 0)
    if not number:
        return None
    slip = _line_to_delete(lines, number)
    again = _fields_of_file(lines[:number]) & _fields_of_file(lines[number:])
    if again:
        hint = f"the file has '{min(again)}' above and below it: move the lines below to a file of their own"
        return Slip(number, 0, len(lines[number]), "", slip.message, hint)
    return slip


def _line_to_delete(lines: list[str], number: int) -> Slip:
    """Return the slip of a line that should not be there."""
    # An empty fix would mean that there is none, so the fix includes the next line with a text, if there is one.
    below = next((after for after in range(number + 1, len(lines)) if lines[after].strip()), number)
    fix = lines[below] if below > number else " "
    message = f"a line with only '{lines[number].strip()}' is not allowed here"
    return Slip(number, 0, len(lines[below]), fix, message, "delete it", down=below - number)


def _rulers(lines: list[str], number: int) -> Iterator[Slip]:
    if _RULER.fullmatch(lines[number]):
        yield _line_to_delete(lines, number)


def _stray_line(lines: list[str], number: int) -> Iterator[Slip]:
    """Yield a line that is neither a field nor an item."""
    line = lines[number]
    if _COMMENT_SIGN.match(line):
        start = _indent(line)
        yield Slip(number, start, start, "# ", "a comment begins with '#'", "write '#' before it, or delete it")
    elif line.strip() and not re.search(r": |:$|^\s*-(?: |$)", line):
        hint = "indent it further if it continues the text above; write '#' before it if it is a comment; or delete it"
        yield Slip(number, _indent(line), len(line), "", "this line is not a field", hint)


def _fields_of_file(lines: list[str]) -> set[str]:
    """Return the names of the fields that are not indented."""
    return {field["key"] for field in map(_FIELD.match, lines) if field and not field["indent"]}


def _cut_off(text: str, lines: list[str]) -> Iterator[Slip]:
    """Yield the last line if the file ends in the middle of it. What is missing is unknown, so there is no fix."""
    if text.endswith(("\n", "\r")):
        return
    number, line = len(lines) - 1, lines[-1]
    message = "the file ends in the middle of this line, so lines may be missing below it too"
    found = _CUT_KEY.fullmatch(line)
    if found:
        yield Slip(number, *found.span(1), "", message, "restore what is missing, or delete the line")
    value = _VALUE.fullmatch(line)
    close = _CLOSING.get(value["value"][0], "") if value else ""
    if value and close and close not in value["value"][1:]:
        yield Slip(number, *value.span("value"), "", message, f"restore what is missing, and end it with {close}")


def quoted(value: str) -> str:
    """Return the value in quotes, of a kind that leaves the quotes inside it unchanged where possible."""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    if re.search(r'["\\]', value):
        value = value.replace("'", "''")
        return f"'{value}'"
    return f'"{value}"'


def _in_line(lines: list[str], number: int) -> Iterator[Slip]:
    line = lines[number]
    if len(line) > _LONGEST:
        return
    sign = _OTHER_DASH.match(line)
    if sign:
        message = f"a list cannot have '{sign[1]}' in place of '-'"
        yield Slip(number, *sign.span(1), "-", message, "write '-' instead")
    percent = _PERCENT.match(line)
    if percent:
        yield Slip(number, *percent.span(1), percent[1][1:], "a line cannot begin with '%'", "delete the '%'")
    dash = _DASH.match(line)
    if dash:
        yield Slip(number, *dash.span(1), "- ", "a space is missing after the dash")
    colon = _COLON.match(line)
    if colon:
        yield Slip(number, *colon.span(1), f"{colon[1]} ", f"a space is missing after '{colon[1]}'")
    value = _VALUE.fullmatch(line)
    # Without a field or a dash, the line is not a value, unless the field is above.
    is_value = re.match(r"\s*(?:- +|[\w-]+: )", line) or (number and lines[number - 1].rstrip().endswith(":"))
    if value and is_value:
        yield from _joined_fields(number, value)
        yield from _after_list(number, value)
        for fix, message, hint in _in_value(value["value"]):
            yield Slip(number, *value.span("value"), fix, message, hint)
    for comment in _COMMENT.finditer(line):
        message = "' #' begins a comment in the middle of the text"
        yield Slip(number, *comment.span(1), "", message, "put the whole text in quotes")


def _list_on_line(lines: list[str], number: int) -> Iterator[Slip]:
    """Yield the first item of a list if it is on the line of the field, and the others are below."""
    field = _KEY.match(lines[number])
    item = re.match(r" *- ", lines[number][field.end() :]) if field else None
    below = _ITEM.match(lines[number + 1]) if number + 1 < len(lines) else None
    if field and item and below and len(below["indent"]) >= field.start("key"):
        message = "a list cannot begin on the same line as its field"
        fix = f":\n{below['indent']}- "
        yield Slip(number, field.end("key"), field.end() + item.end(), fix, message, "start it on the next line")


def _joined_fields(number: int, value: re.Match[str]) -> Iterator[Slip]:
    """Yield the second of two fields on one line: ``id: opening  says: It opened.``"""
    key = _KEY.match(value.string)
    found = _SECOND_FIELD.match(value["value"])
    if key and found:
        start, end = (value.start("value") + at for at in (found.end("first"), found.start("key")))
        message = f"the fields '{key['key']}' and '{found['key']}' are on the same line"
        hint = f"begin a new line before '{found['key']}'"
        yield Slip(number, start, end, f"\n{' ' * key.start('key')}", message, hint)


def _after_list(number: int, value: re.Match[str]) -> Iterator[Slip]:
    """Yield what follows the closing bracket of a list of ids or citations."""
    found = _LIST.fullmatch(value["value"])
    if not found or _LINK.fullmatch(value["value"]):
        return
    start, end = (value.start("value") + at for at in found.span("rest"))
    message = f"there is text after the closing ']': {found['rest'].strip()}"
    if re.fullmatch(r" *[].,:;]+", found["rest"]):
        # An empty fix would mean that there is none, so it includes the bracket.
        yield Slip(number, start - 1, end, "]", message, "delete it")
    elif re.fullmatch(r"(?:,? *\[[^\[\]]*\])+", found["rest"]):
        joined = re.sub(r"\],? *\[", ", ", value["value"])
        yield Slip(number, *value.span("value"), joined, "a list can have only one pair of brackets", "join the lists")
    elif item := re.fullmatch(r",? *([a-z0-9.:-]+)", found["rest"]):
        yield Slip(number, start - 1, end, f", {item[1]}]", message, "put it inside the brackets")
    else:
        hint = "delete it; if the value is a text, put the whole text in quotes"
        yield Slip(number, start, end, "", message, hint)


def _in_folded(lines: list[str], number: int) -> Iterator[Slip]:
    """Yield the slips in a value that continues on the lines below."""
    found = _VALUE.fullmatch(lines[number])
    field = _KEY.match(lines[number])
    # If nothing follows the colon, the value may begin below, but it does not continue there.
    if not found or not field or field.end() > found.start("value"):
        return
    below = list(takewhile(lambda line: line.strip() and _indent(line) > field.start("key"), lines[number + 1 :]))
    # Lines with fields do not continue a text.
    if below and not any(map(_KEY.match, below)):
        last = _VALUE.fullmatch(below[-1])
        end = last.end("value") if last else len(below[-1])
        value = "\n".join([lines[number][found.start("value") :], *below[:-1], below[-1][:end]])
        span = f" (lines {number + 1} to {number + 1 + len(below)})"
        for fix, message, hint in _in_value(value):
            yield Slip(number, found.start("value"), end, fix, message, hint + span, down=len(below))


def _without_colon(lines: list[str], number: int) -> Iterator[Slip]:
    found = _NO_COLON.match(lines[number])
    if not found:
        return
    sign = found["sign"] or found["dash"]
    is_known = any(key and key["key"] == found[1] for key in map(_KEY.match, lines))
    if not sign and not is_known and len(lines[number].split()) > 2:
        return
    # Any sentence begins with a word. It is probably a field name if fields begin in the same column beside it.
    column = found.start(1)
    above, below = reversed(lines[:number]), lines[number + 1 :]
    around = (next((line for line in side if _is_outer(line, column)), "") for side in (above, below))
    if any(key and key.start("key") == column for key in map(_KEY.match, around)):
        message = f"a ':' is missing after '{found[1]}'"
        hint = f"write ':' instead of '{sign}'" if sign else ""
        fix = f"{found[1]}:"
        if sign and not lines[number].startswith(" ", found.end()):
            fix += " "
        yield Slip(number, found.start(1), found.end(), fix, message, hint, is_safe=sign == "=")


def _is_outer(line: str, column: int) -> bool:
    """Return whether a line is not blank, not a comment, and not indented further than the column."""
    return line.strip() != "" and line.lstrip()[0] != "#" and _indent(line) <= column


def _in_value(value: str) -> Iterator[tuple[str, str, str]]:
    char = value[0]
    close = _CLOSING[char] if char in "[{" else ""
    if close and close not in value:
        yield value.rstrip(", ") + close, f"this '{char}' is never closed", f"close it with '{close}'"
    if char in "\"'" and value.count(char) == 1:
        if value[-1] in _QUOTES and len(value) > 1:
            message = f"the value begins with {char} and ends with {value[-1]}"
            yield value[:-1] + char, message, f"end it with {char}"
        yield value + char, "this quote is never closed", f"close it with {char}"
    typographic = IN_TYPOGRAPHIC_QUOTES.fullmatch(value)
    if typographic:
        message = "typographic quotation marks cannot enclose a value"
        yield quoted(typographic[0][1:-1]), message, "use straight ones"
    if re.fullmatch(r'"[^"]*\\[^"]*"', value) and "\\\\" not in value:
        message = "a backslash has a special meaning in double quotes"
        yield quoted(value), message, "use single quotes"
    citation = _CITATION.fullmatch(value)
    if citation:
        message = "a citation cannot contain spaces"
        yield f"{citation[1]}:{citation[2]}", message, "write it as source:paragraph, such as report:12 or treaty:3.3"
    item = re.fullmatch(r"- +(\S+)", value)
    if item:
        message = "a list on the same line as its field needs brackets"
        yield f"[{item[1]}]", message, "put it in brackets, or start it on the next line"
    elif value.startswith("- "):
        message = "a list cannot begin on the same line as its field"
        yield quoted(value), message, "put a text that begins with a dash in quotes"
    link = _LINK.fullmatch(value)
    if link:
        yield link[1], "a Markdown link cannot be a value", "write only what is in the round brackets"
    if char in "\"'" and value.count(char) > 1:
        yield from _in_quotes(value)
    elif close and close in value and value[-1] != close:
        yield quoted(value), f"there is text after the closing '{close}'", "put the whole value in quotes"
    elif uncertain := re.fullmatch(r"\? +(\d{4}(?:-\d\d){0,2})", value):
        yield f"{uncertain[1]}?", "the '?' of an uncertain date comes after it", f"write {uncertain[1]}?"
    elif re.match(r"\?(?: |$)", value):
        yield "", "a '?' alone or before a space has a special meaning", "delete the field if its value is not known"
    elif char in "@`%&*!|>?,":
        yield quoted(value), f"an unquoted value cannot begin with '{char}'", "put it in quotes"
    elif re.search(r"\S\s.*:$|:\s", value) and char not in "\"'[{]}" and not _COLON.match(value):
        message = "an unquoted value cannot contain ': ' or end with ':'"
        yield quoted(value), message, "put the value in quotes"


def _in_quotes(value: str) -> Iterator[tuple[str, str, str]]:
    """Yield the slips in a value that begins with a quote and contains it again."""
    quote = value[0]
    hint = "put the whole value in the other kind of quotes"
    # A quote followed by a letter is an apostrophe, as in 'the harbour's basin, so it does not close the value.
    if not re.search(rf"{quote}(?!\w)", value):
        yield quoted(value[1:]), "this quote is never closed", hint
    elif value.count(quote) > 2 or value[-1] != quote:
        yield quoted(value), f"there is text after the second {quote}", hint


def _with_dash(lines: list[str], number: int) -> Iterator[Slip]:
    """Yield a field of a record that has a dash as if it began one."""
    record = _RECORD.match(lines[number])
    above = next((key for key in map(_KEY.match, reversed(lines[:number])) if key), None)
    if not record or not above or above.start("key") != len(record["indent"]):
        return
    others = {other["key"] for other in map(_RECORD.match, lines[:number] + lines[number + 1 :]) if other}
    if record["key"] not in others:
        start, end = len(record["indent"]), record.end("key")
        message = f"'{record['key']}' has a '-' as if it began a record"
        yield Slip(number, start, end, record["key"], message, "delete the '-' and the space after it")


def _without_dash(lines: list[str], number: int) -> Iterator[Slip]:
    field = _FIELD.match(lines[number])
    if not field:
        return
    # A record may begin with any field, but the records of a list nearly always begin with the same one.
    first_keys = {record["key"] for record in map(_RECORD.match, lines) if record}
    is_first = number > 0 and lines[number - 1].endswith(":")
    if field["key"] not in {"id", *first_keys} and not is_first:
        return
    blank = len(field["indent"])
    message = f"a '-' is missing before this '{field['key']}'"
    # The field is either in the column of the missing dash or in its proper column, two to the right.
    for dash in (blank, blank - 2):
        if dash >= 0:
            hint = f"write '- ' {'before it' if dash == blank else 'in place of the 2 spaces before it'}"
            yield Slip(number, dash, field.end("key"), f"- {field['key']}", message, hint)


def _indented(lines: list[str], number: int) -> Iterator[Slip]:
    """Yield the line indented like others of its kind; replace tabs in its indentation."""
    line = lines[number]
    if not line.strip():
        yield Slip(number, 0, len(line), "", "an empty line contains a tab", "delete the tab")
        return
    word = line.split()[0]
    blank = line.index(word)
    above = next((other for other in reversed(lines[:number]) if other.strip()), "")
    beside = len(above) - len(above.lstrip(" -"))
    columns = _columns_of_kind(lines, line, above)
    if "\t" in line[:blank]:
        # The intended width of a tab is unknown, so the whole indentation is replaced.
        for column in columns:
            hint = f"delete the tab, and begin the line with {_spaces(column)}" if column else "delete the tab"
            far = _distance(beside, column, beside)
            yield Slip(number, 0, blank + len(word), " " * column + word, "this line is indented with a tab", hint, far)
        return
    for column in columns - {blank}:
        start = min(blank, column)
        fix = " " * (column - start) + word
        message = f"this line begins with {_spaces(blank)}, but should begin with {_spaces(column)}"
        hint = f"{'add' if column > blank else 'delete'} {_spaces(abs(column - blank))}"
        # If one of the next lines has the same fault, none of them is the cause.
        far = _distance(blank, column, beside)
        yield Slip(number, start, blank + len(word), fix, message, hint, far, below=3)


def _columns_of_kind(lines: list[str], line: str, above: str) -> set[int]:
    """Return the columns in which lines of the same kind (an item, a field, other text) begin."""
    if line.split()[0] == "-":
        return {len(item["indent"]) for item in map(_ITEM.match, lines) if item}
    if _FIELD.match(line):
        return {key.start("key") for key in map(_KEY.match, lines) if key}
    return {len(above) - len(above.lstrip())}


def _distance(now: int, column: int, beside: int) -> int:
    """Return the cost of moving a line to a column.

    Small moves cost less. Of two equal moves, one that aligns the line with the line above costs less, then one to the
    left.
    """
    distance = 3 * abs(column - now)
    if column != beside:
        distance += 1
    if column > now:
        distance += 1
    return distance


def _shifted(lines: list[str], number: int) -> Iterator[Slip]:
    """Yield the records around the line, innermost first, moved to the columns of similar records."""
    around = len(lines[number]) + 1
    for top in range(number, -1, -1):
        record = _RECORD.match(lines[top])
        # A record contains the records passed so far only if its dash is further left.
        if not record or len(record["indent"]) >= around:
            continue
        around = len(record["indent"])
        yield from _shifted_record(lines, top, record)
        yield from _shifted_fields(lines, top, record)


def _shifted_record(lines: list[str], top: int, record: re.Match[str]) -> Iterator[Slip]:
    """Yield the record that begins at line ``top``, aligned with others that begin with the same field."""
    column_now = len(record["indent"])
    inside = _within(lines[top + 1 :], column_now, record["key"])
    alike = [other for other in map(_RECORD.match, lines) if other and other["key"] == record["key"]]
    columns = Counter(len(other["indent"]) for other in alike)
    for column in columns.keys() - {column_now}:
        end = f" so that its dash is in column {column + 1}"
        far = columns[column_now] - columns[column]
        yield _moved(lines[: top + 1 + len(inside)], top, column - column_now, "this record is", end, far)


def _shifted_fields(lines: list[str], top: int, record: re.Match[str]) -> Iterator[Slip]:
    """Yield the other lines of the record that begins at line ``top``, aligned with the field after its dash."""
    if top + 1 == len(lines):
        return
    column = record.start("key")
    body = _within(lines[top + 1 :], _indent(lines[top + 1]) - 1, record["key"])
    if body and _FIELD.match(body[0]) and _indent(body[0]) != column:
        end = f" so that they begin in column {column + 1}, like the '{record['key']}' above"
        yield _moved(lines[: top + 1 + len(body)], top + 1, column - _indent(body[0]), "these lines are", end, 0)


def _moved(lines: list[str], top: int, by: int, what: str, where: str, far: int) -> Slip:
    """Return a slip that moves all lines from ``top`` on ``by`` columns to the right, or to the left if negative."""
    block = lines[top:]
    start = min(_indent(block[0]), _indent(block[0]) + by)
    moved = "\n".join(_move(line, by) for line in block)
    direction = "left" if by > 0 else "right"
    message = f"{what} {_spaces(abs(by))} too far {direction}"
    hint = f"move lines {top + 1} to {len(lines)}{where}"
    return Slip(top, start, len(block[-1]), moved[start:], message, hint, far, len(block) - 1)


def _move(line: str, by: int) -> str:
    if not line.strip():
        return line
    if by < 0:
        return line[-by:]
    return " " * by + line


def _within(below: list[str], dash: int, key: str) -> list[str]:
    """Return the lines of a record after its first, up to the next record that begins with the same field."""
    inside = list(takewhile(lambda line: not line.strip() or _indent(line) > dash, _until(below, key)))
    while inside and not inside[-1].strip():
        inside.pop()
    return inside


def _until(below: list[str], key: str) -> Iterator[str]:
    for line in below:
        other = _RECORD.match(line)
        if other and other["key"] == key:
            return
        yield line


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _spaces(count: int) -> str:
    if count == 0:
        return "no space"
    return "1 space" if count == 1 else f"{count} spaces"
