"""Edit the source text of facts and preserve comments, quoting and line breaks.

These functions take files by their path in the briefing's folder and return the changed files. They do not write to
disk. The caller checks the result before it writes it.
"""

import re
import textwrap
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, count

from briefing.editing.references import Named, addresses, uses
from briefing.model.briefing import Briefing
from briefing.model.fields import SLUG
from briefing.model.records import Source, Topic
from briefing.problems import Problem, Span
from briefing.text.characters import BREAK
from briefing.text.markdown_source import find_links
from briefing.text.nodes import Mapping as Map
from briefing.text.nodes import Node, Sequence, Text, texts
from briefing.text.yaml_reader import load_yaml

HEAD = "facts/briefing.yml"
SETTINGS = "mkdocs.yml"  # MkDocs, ProperDocs and Zensical all read it
_BOM = b"\xef\xbb\xbf"


class EditFault(ValueError):
    """The edit cannot be made; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The result of an edit: new contents by path, and renamed files (old path: new path).

    ``places`` are the positions of the changes in the original files.
    """

    files: Mapping[str, bytes]
    moved: Mapping[str, str] = field(default_factory=dict)
    places: tuple[Span, ...] = ()

    def applied(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return all files after the edit."""
        return {path: data for path, data in {**files, **self.files}.items() if path not in self.moved}


@dataclass
class _File:
    """The text of a file and the pieces to replace in it."""

    name: str
    data: bytes
    pieces: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = self.data.decode("utf-8-sig")
        self.starts = [0, *(found.end() for found in BREAK.finditer(self.text))]
        found = BREAK.search(self.text)
        self.newline = found[0] if found else "\n"

    def offset(self, line: int, column: int) -> int:
        if line > len(self.starts):  # YAML assumes a line break at the end of the file
            return len(self.text)
        return min(self.starts[line - 1] + column - 1, len(self.text))

    def slice(self, span: Span) -> tuple[int, int]:
        return self.offset(span.line, span.column), self.offset(span.end_line, span.end_column)

    def replace_within(self, span: Span, old: str, new: str) -> None:
        """Replace the first ``old`` within ``span`` by ``new``."""
        start, end = self.slice(span)
        found = self.text.find(old, start, end)
        if found < 0:  # the value contains escapes
            raise EditFault(f"{span.file}:{span.line}: first write '{old}' there without escapes")
        self.pieces.append((found, found + len(old), new))

    def insert(self, offset: int, lines: list[str]) -> None:
        """Insert whole lines after the line that contains ``offset``."""
        number = max(index for index, start in enumerate(self.starts) if start <= offset)
        text = "".join(f"{line}{self.newline}" for line in lines)
        if number + 1 < len(self.starts):
            at = self.starts[number + 1]
        else:
            at = len(self.text)
            # The last line of the file may lack a line break.
            if self.text[self.starts[-1] :]:
                text = self.newline + text
        self.pieces.append((at, at, text))

    def result(self) -> bytes:
        text = self.text
        for start, end, new in sorted(self.pieces, reverse=True):
            text = text[:start] + new + text[end:]
        if self.data.startswith(_BOM):
            return _BOM + text.encode()
        return text.encode()


def apply_fixes(files: Mapping[str, bytes], problems: Iterable[Problem]) -> tuple[Edit, list[Problem]]:
    """Apply the fixes of these problems, and return the edit and the problems whose fixes it contains.

    Positions refer to ``files``, so of fixes that overlap only the first is applied: check the result again. A problem
    without a fix, or in a file that is not given, is left out.
    """
    opened: dict[str, _File] = {}
    applied: list[Problem] = []
    end = 0
    for problem in sorted(problems, key=lambda one: (one.place, -len(one.fix))):
        place = problem.place
        if not problem.fix or place.file not in files:
            continue
        if place.file not in opened:
            opened[place.file] = _File(place.file, files[place.file])
            end = 0
        file = opened[place.file]
        start, stop = file.slice(place)
        if start >= end:
            file.pieces.append((start, stop, problem.fix))
            applied.append(problem)
            end = stop
    return Edit({path: file.result() for path, file in opened.items()}), applied


def _node(file: _File) -> Node:
    node, _ = load_yaml(file.name, file.data)
    if node is None:
        raise EditFault(f"{file.name} cannot be read")
    return node


def rename(files: Mapping[str, bytes], briefing: Briefing, record: Named, new: str) -> Edit:
    """Change the id of ``record`` to ``new`` in ``facts/``, in links in ``docs/`` and in the navigation of mkdocs.yml.

    Also add a redirect from the old address to the new one in ``moved`` of facts/briefing.yml. Raises EditFault if
    ``new`` is not a valid id or is already used.
    """
    old = record.id
    _need_free(briefing, new)
    opened = {path: _File(path, data) for path, data in files.items()}
    facts = {path: data for path, data in files.items() if path.startswith("facts/")}
    places: list[Span] = []
    for use in uses(facts, record):
        opened[use.place.file].replace_within(use.place, old, new)
        places.append(use.place)
    moved_files = _files_of(briefing, record, new)
    if isinstance(record, Source):
        for path in moved_files:  # the first line of a pin names its source
            pin = opened[path]
            pin.pieces += [
                (m.start(1), m.end(1), new) for m in re.finditer(rf"\A# [^\n]*'({re.escape(old)})'", pin.text)
            ]
    now = {address: _renamed(address, new) for address in addresses(briefing, record)}
    for file in opened.values():
        if file.name.endswith(".md"):
            file.pieces += _links(file.text, now)
    if SETTINGS in opened:
        _rename_in_navigation(opened[SETTINGS], now)
    _add_redirects(opened[HEAD], now)
    changed = {
        moved_files.get(path, path): file.result()
        for path, file in opened.items()
        if file.pieces or path in moved_files
    }
    return Edit(changed, moved_files, tuple(places))


def _need_free(briefing: Briefing, new: str) -> None:
    if not SLUG.fullmatch(new):
        raise EditFault(f"'{new}' is not a valid id: use lower-case words and numbers joined by hyphens")
    for other in (*briefing.records(), *briefing.topics):
        if other.id == new:
            place = other.at() if isinstance(other, Topic) else other.at("id")
            raise EditFault(f"the id '{new}' is already used at {place.file}:{place.line}")
    if new in former_ids(briefing):
        raise EditFault(f"the id '{new}' was used before, and its address is now a redirect ('moved' in {HEAD})")


def former_ids(briefing: Briefing) -> frozenset[str]:
    """Return the former ids of renamed records, which cannot be used again."""
    if briefing.head is None:
        return frozenset()
    return frozenset(re.split("[/#]", address)[-1] for address in briefing.head.moved)


def _renamed(address: str, new: str) -> str:
    return re.sub(r"[^/#]+\Z", new, address)


def _files_of(briefing: Briefing, record: Named, new: str) -> dict[str, str]:
    """Return the files named after the record, with their new paths."""
    if isinstance(record, Topic):
        return {record.at().file: f"facts/topics/{new}.yml"}
    if isinstance(record, Source) and record.id in briefing.pin_of:
        return {briefing.pin_of[record.id].at().file: f"facts/pins/{new}.yml"}
    return {}


_TARGET = re.compile(r"(?:\.{0,2}/)*(?P<page>.*?)(?:\.md|\.json|/index\.html|/)?(?P<query>\?[^#]*)?(?P<id>#.*)?")


def _links(text: str, now: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Yield the replacements for links of a page to addresses that have changed."""
    for link in find_links(text):
        target = _TARGET.fullmatch(text, link.target_start, link.target_end)
        if target is None or "://" in target[0]:
            continue
        page, whole = target["page"], f"{target['page']}{target['id'] or ''}"
        if page in now:
            yield *target.span("page"), now[page]
        elif whole in now:
            yield *target.span("id"), f"#{now[whole].partition('#')[2]}"


def _rename_in_navigation(file: _File, now: Mapping[str, str]) -> None:
    node, _ = load_yaml(file.name, file.data)
    if not isinstance(node, Map) or "nav" not in node.entries:
        return
    for page in texts(node.entries["nav"]):
        address = page.value.removesuffix(".md")
        if address in now and page.value != address:
            file.replace_within(page.span, address, now[address])


def _add_redirects(file: _File, now: Mapping[str, str]) -> None:
    """Add redirects for the old addresses to ``moved``, and update redirects that lead to them."""
    node = _node(file)
    assert isinstance(node, Map)
    moved = node.entries.get("moved")
    if not isinstance(moved, Map):
        file.insert(len(file.text), ["moved:", *(f"  {old}: {new}" for old, new in now.items())])
        return
    for value in moved.entries.values():
        if isinstance(value, Text) and value.value in now:
            file.replace_within(value.span, value.value, now[value.value])
    if file.text[file.slice(moved.span)[0]] == "{":
        _, end = file.slice(moved.span)
        pairs = ", ".join(f"{old}: {new}" for old, new in now.items())
        if moved.entries:
            pairs = f", {pairs}"
        file.pieces.append((end - 1, end - 1, pairs))
    else:
        indent = " " * (next(iter(moved.keys.values())).column - 1)
        file.insert(_end(file, moved), [f"{indent}{old}: {new}" for old, new in now.items()])


def _end(file: _File, node: Node) -> int:
    """Return the offset of the last character of a value, ignoring white space after it."""
    while isinstance(node, Sequence | Map):
        if file.text[file.slice(node.span)[0]] in "[{":
            break
        inner = node.items if isinstance(node, Sequence) else tuple(node.entries.values())
        if not inner:
            break
        node = inner[-1]
    start, end = file.slice(node.span)
    return start + max(len(file.text[start:end].rstrip()) - 1, 0)


Fields = Mapping[str, str | tuple[str, ...]]
_WIDTH = 110


def add_fact(files: Mapping[str, bytes], topic: Topic, fields: Fields) -> tuple[Edit, Span]:
    """Add a fact at the end of a topic's last section. Return the edit and the lines of the new fact.

    Raises EditFault if that section has no facts, or has them in square brackets.
    """
    file = _File(topic.at().file, files[topic.at().file])
    root = _node(file)
    facts = _last_facts(root)
    if not isinstance(facts, Sequence) or not facts.items or file.text[file.slice(facts.span)[0]] == "[":
        raise EditFault(f"{file.name}: write the first fact of the last section by hand, under 'facts:' and after '- '")
    first = facts.items[0].span
    dash = file.text[file.starts[first.line - 1] :].index("-")
    lines = fact_lines(fields, dash, first.column - 1)
    end = _end(file, facts)
    file.insert(end, lines)
    line = sum(start <= end for start in file.starts) + 1
    return Edit({file.name: file.result()}), Span(file.name, line, dash + 1, line + len(lines) - 1, 1)


def _last_facts(topic: Node) -> Node | None:
    """Return the facts of a topic's last section, or None if there are none."""
    if not isinstance(topic, Map):
        return None
    sections = topic.entries.get("sections")
    if not isinstance(sections, Sequence) or not sections.items:
        return None
    last = sections.items[-1]
    if not isinstance(last, Map):
        return None
    return last.entries.get("facts")


def fact_lines(fields: Fields, dash: int, column: int) -> list[str]:
    """Return a fact as lines of YAML, with its dash and its fields indented this far. Empty fields are left out."""
    indent = " " * column
    lines = []
    for name, value in fields.items():
        if not value:
            continue
        if isinstance(value, tuple):
            text = f"[{', '.join(value)}]"
            if name == "cite" and len(value) == 1:
                text = value[0]
            lines.append(f"{indent}{name}: {text}")
            continue
        plain = f"{name}: {value}"
        node, problems = load_yaml("", plain.encode())
        as_is = (
            not problems and isinstance(node, Map) and node.entries.get(name) == Text(node.entries[name].span, value)
        )
        if as_is and column + len(plain) <= _WIDTH:
            lines.append(f"{indent}{plain}")
        else:
            lines.append(f"{indent}{name}: >-")
            lines += textwrap.wrap(
                value,
                _WIDTH,
                initial_indent=f"{indent}  ",
                subsequent_indent=f"{indent}  ",
                break_long_words=False,
                break_on_hyphens=False,
            )
    lines[0] = f"{' ' * dash}-{lines[0][dash + 1 :]}"
    return lines


_ENOUGH_WORDS = 4
_LONG_WORD = 4


def suggest_id(sentence: str, taken: Collection[str]) -> str:
    """Return an unused id of up to four significant words of a sentence: long words and numbers."""
    text = unicodedata.normalize("NFKD", sentence).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", re.sub("'s?", "", text))
    significant = [word for word in words if len(word) >= _LONG_WORD or word[0].isdigit()] or words or ["fact"]
    wanted = "-".join(significant[:_ENOUGH_WORDS])
    free = chain([wanted], (f"{wanted}-{number}" for number in count(2)))
    return next(one for one in free if one not in taken)
