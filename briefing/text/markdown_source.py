"""Find the front matter, code, markup and links in Markdown source, with their positions.

Python-Markdown renders the site and defines what Markdown means, but it does not record positions. Renaming a link,
moving a page and reporting a line all need positions, so this module parses Markdown source itself. No other module
does. It works in the order of Python-Markdown: fences, raw HTML, blocks, code spans, links.
``tests/text/test_markdown_source.py`` compares the links that both find. For titles, anchors and text see
``briefing.text.markdown_html``.

Not supported: mail addresses in angle brackets, brackets that span the lines of a quotation or the cells of a table,
and targets with unbalanced brackets.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["front matter", "code", "link", "definition", "tag", "attributes", "reference", "address", "number"]


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """A part of the source that is not plain text; ``start`` and ``end`` are offsets in characters.

    A ``link`` is a link or an image. A ``definition`` gives the target of references. A ``tag`` is an HTML tag, which
    may have a target too. The target offsets are both ``end`` if the piece has no target.
    """

    start: int
    end: int
    kind: Kind
    target_start: int
    target_end: int

    @property
    def has_target(self) -> bool:
        """Whether the piece has a target."""
        return self.target_start < self.target_end


# The pattern of MkDocs' ``utils.meta``, extended to accept the line ends of Windows.
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?\n)(?:---|\.\.\.)[ \t]*\r?\n", re.DOTALL)
_FOR_CONTRIBUTORS = re.compile(r"""^audience:[ \t]+(["']?)contributors\1[ \t]*(#.*)?$""", re.MULTILINE)


def split_front_matter(text: str) -> tuple[str, str]:
    """Return the front matter, with its delimiters, and the rest. Together they are the whole text."""
    found = _FRONT_MATTER.match(text)
    end = found.end() if found else 0
    return text[:end], text[end:]


def is_for_contributors(text: str) -> bool:
    """Return whether the front matter of a page has ``audience: contributors``."""
    return bool(_FOR_CONTRIBUTORS.search(split_front_matter(text)[0]))


def format_front_matter(values: Mapping[str, object]) -> str:
    """Return the lines of a front matter without its delimiters. Values are written as JSON, which is valid YAML."""
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())


# Elements that end a paragraph. Their content is HTML, or Markdown if they have the attribute ``markdown``.
BLOCK_ELEMENTS = frozenset(
    "address article aside blockquote body canvas center colgroup dd details div dl dt fieldset figcaption figure"
    " footer form group h1 h2 h3 h4 h5 h6 header hgroup hr html iframe legend li main map math menu nav noscript"
    " object ol option output p pre progress script section style summary table tbody td textarea tfoot th thead tr"
    " ul video".split()
)
_FENCE = re.compile(
    r"^(?P<fence>~{3,}|`{3,}) *(?:\{[^\n]*\}|\.?[\w#.+-]* *(?:hl_lines=(?P<quote>[\"']).*?(?P=quote) *)?)\r?\n"
    r".*?(?<=\n)(?P=fence) *\r?$",
    re.MULTILINE | re.DOTALL,
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(
    rf"{_COMMENT.pattern}|</?(?P<name>[a-zA-Z][\w-]*)(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.DOTALL
)
_HREF = re.compile(r"""\shref=(?:"(?P<double>[^"]+)"|'(?P<single>[^']+)')""")
_MARKDOWN_INSIDE = re.compile(r"\smarkdown\b")
_LINE = re.compile(r"[^\n]+\n?|\n")
_ITEM = re.compile(r"\s*(?!(?:[*-] {0,2}){3,}\s*$)(?:[*+-]|\d+\.) ")
_TITLE = re.compile(r" {0,3}#|\s*(?P<container>!!! ?\w|\?\?\?\+? ?\w)")
_UNDERLINE = re.compile(r"(?:=+|-+) *\r?\n?")
_DEFINITION = re.compile(
    r"^ *\[(?!\^)[^\[\]]*\]: *(?:\n *)?<?(?P<target>\S+?)>? *(?:\n *)?(?:\"[^\n]*\"|'[^\n]*'|\([^\n]*\))? *\r?$",
    re.MULTILINE,
)
_TICKS = re.compile(r"(?<!\\)(?:\\\\)*(?P<ticks>`+)")
_ESCAPED = re.compile(r"\\[\\`*_{}\[\]()>#+\-.!]")
_TARGET = re.compile(
    r"\(\s*(?:<(?P<marked>[^<>]*)>|(?P<plain>(?:[^()]|\([^()]*\))*?))\s*(?:\"[^\"]*\"\s*|'[^']*'\s*)?\)"
)
_AUTOLINK = re.compile(r"<(?P<target>[a-zA-Z][\w+.-]*://[^<>]*)>")
_OTHERS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("reference", re.compile(r"&[#\w]+;")),
    ("attributes", re.compile(r"\{[:#. ][^}\n]*\}")),
    ("address", re.compile(r"https?://\S+")),
    ("number", re.compile(r"^\d+\.(?= )", re.MULTILINE)),
)
BLANK = "\0"  # replaces a character that has been parsed, so that later patterns do not match it


def blank(text: str) -> str:
    """Return the text with every character replaced by a blank, except line feeds."""
    return re.sub(r"[^\n]", BLANK, text)


def find_links(text: str) -> Iterator[Piece]:
    """Yield every piece with a target: links, images, definitions of references, and tags with ``href``."""
    return (piece for piece in scan(text) if piece.has_target)


def scan(text: str) -> tuple[Piece, ...]:
    """Return the pieces of the source in order of position. An image may lie inside a link."""
    scanner = _Scanner(text)
    scanner.scan(text)
    return tuple(sorted(scanner.pieces))


class _Scanner:
    """Collects pieces. Each method parses a part of the source and returns it with the parsed characters blanked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[Piece] = []

    def scan(self, text: str) -> None:
        head, _ = split_front_matter(text)
        rest = self._take("front matter", 0, len(head)) + text[len(head) :]
        fences = [found.span() for found in _FENCE.finditer(rest)]
        rest = self._take_all("code", _FENCE, rest)
        parts = []
        end = 0
        # Fences are already parsed. Each one separates the text before it from the text after it.
        for start, next_start in sorted([*fences, *_raw_html(rest)]):
            if start < end:  # a fence within raw HTML
                continue
            parts += [self._blocks(rest[end:start], end), self._tags(rest[start:next_start], start)]
            end = next_start
        parts.append(self._blocks(rest[end:], end))
        rest = "".join(parts)
        for kind, pattern in _OTHERS:
            rest = self._take_all(kind, pattern, rest)

    def _take(self, kind: Kind, start: int, end: int, target: tuple[int, int] | None = None) -> str:
        if start < end:
            self.pieces.append(Piece(start, end, kind, *(target or (end, end))))
        return blank(self.text[start:end])

    def _take_all(self, kind: Kind, pattern: re.Pattern[str], part: str, offset: int = 0) -> str:
        """Take every match of the pattern in a part of the source that begins at ``offset``."""

        def take(found: re.Match[str]) -> str:
            target = None
            if "target" in pattern.groupindex:
                target = (offset + found.start("target"), offset + found.end("target"))
            return self._take(kind, offset + found.start(), offset + found.end(), target)

        return pattern.sub(take, part)

    def _blocks(self, part: str, offset: int) -> str:
        """Parse a part without raw HTML, block by block."""
        read = []
        for start, end, is_code in _split_blocks(part):
            if is_code:
                read.append(self._take("code", offset + start, offset + end))
            else:
                read.append(self._block(part[start:end], offset + start))
        return "".join(read)

    def _block(self, block: str, offset: int) -> str:
        block = self._take_all("definition", _DEFINITION, block, offset)
        block = self._code_spans(block, offset)
        block = self._take_all("tag", _COMMENT, block, offset)
        block = _ESCAPED.sub(lambda found: blank(found[0]), block)
        if "[" in block:
            # Links come first, because brackets in the text of an image are not links.
            block = self._links(block, offset, is_image=False)
            block = self._links(block, offset, is_image=True)
        block = self._take_all("link", _AUTOLINK, block, offset)
        return self._tags(block, offset)

    def _code_spans(self, block: str, offset: int) -> str:
        at = 0
        while found := _TICKS.search(block, at):
            start, size, at = found.start("ticks"), len(found["ticks"]), found.end()
            runs = list(re.finditer("`+", block[at:]))
            exact = next((run for run in runs if len(run[0]) == size), None)
            # If no closing run has as many ticks as the opening one, the longest run closes the code.
            last = exact or max(runs, key=lambda run: len(run[0]), default=None)
            if last is None or len(last[0]) > size:
                continue
            end = at + last.end()
            block = block[:start] + self._take("code", offset + start, offset + end) + block[end:]
            at = end
        return block

    def _links(self, block: str, offset: int, *, is_image: bool) -> str:
        at = 0
        while (opening := block.find("[", at)) >= 0:
            at = opening + 1
            if (block[opening - 1 : opening] == "!") != is_image:
                continue
            closing = _closing_bracket(block, opening)
            found = _TARGET.match(block, closing + 1) if closing else None
            if found is None:
                continue
            start, at = opening - is_image, found.end()
            target = found.span("marked" if found["marked"] is not None else "plain")
            self._take("link", offset + start, offset + at, (offset + target[0], offset + target[1]))
            # The text in the brackets is parsed later. In an image it becomes an attribute, so it cannot have tags.
            text = block[opening + 1 : closing]
            if is_image:
                text = _TAG.sub(lambda found: blank(found[0]), text)
            block = f"{block[:start]}{BLANK * (opening + 1 - start)}{text}{blank(block[closing:at])}{block[at:]}"
        return block

    def _tags(self, part: str, offset: int) -> str:
        def take(found: re.Match[str]) -> str:
            href = _HREF.search(found[0]) if found["name"] else None
            target = None
            if href:
                start, end = href.span("double" if href["double"] else "single")
                target = (offset + found.start() + start, offset + found.start() + end)
            return self._take("tag", offset + found.start(), offset + found.end(), target)

        return _TAG.sub(take, part)


def _raw_html(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each block of raw HTML, which begins on a new line and ends at its closing tag."""
    end = 0
    for found in _TAG.finditer(text):
        indent = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        if found.start() < end or indent.strip() or len(indent) > 3 or not _is_raw_block(found):
            continue
        end = _closing_tag(text, found)
        yield found.start(), end


def _is_raw_block(tag: re.Match[str]) -> bool:
    """Whether the match is a comment, or the opening tag of a block without Markdown."""
    if not tag["name"]:
        return True
    is_block = tag["name"].lower() in BLOCK_ELEMENTS and not tag[0].startswith("</")
    return is_block and not _MARKDOWN_INSIDE.search(tag["attributes"])


def _closing_tag(text: str, opening: re.Match[str]) -> int:
    """Return the end of the element that a tag opens, or the end of the text if it is never closed."""
    if not opening["name"] or opening["name"].lower() == "hr" or opening["attributes"].endswith("/"):
        return opening.end()
    depth = 0
    for found in _TAG.finditer(text, opening.start()):
        if found["name"] and found["name"].lower() == opening["name"].lower():
            depth += -1 if found[0].startswith("</") else 1
            if depth == 0:
                return found.end()
    return len(text)


def _closing_bracket(block: str, opening: int) -> int:
    """Return the offset of the closing bracket, or 0 if there is none."""
    depth = 0
    for found in re.finditer(r"[\[\]]", block[opening:]):
        depth += 1 if found[0] == "[" else -1
        if depth == 0:
            return opening + found.start()
    return 0


def _split_blocks(part: str) -> Iterator[tuple[int, int, bool]]:
    """Yield the start and end of each paragraph, item and title, and whether it is code. Together they are the part.

    A block is code if it is indented further than the containers around it allow.
    """
    depth = 0  # the number of containers (items, admonitions) around a paragraph; each indents it by four
    start = 0
    is_open = is_list = is_second_line = False
    for line in _LINE.finditer(part):
        text = line[0].expandtabs(4)
        if not text.strip():
            is_open = False
            continue
        level = (len(text) - len(text.lstrip())) // 4
        title = _TITLE.match(text)
        item = _ITEM.match(text) if is_list or not is_open else None
        is_code = not is_open and level > depth
        if is_open and is_second_line and _UNDERLINE.fullmatch(text):  # the line before is a title
            is_open = is_second_line = False
            continue
        if is_open and not title and not item:
            is_second_line = False
            continue
        if start < line.start():
            yield start, line.start(), False
        start = line.start()
        if is_code:
            yield start, line.end(), True
            start = line.end()
            continue
        if not _DEFINITION.match(part, line.start()):  # a definition does not separate its neighbours
            depth = min(level, depth) + (1 if item or (title and title["container"]) else 0)
        is_second_line = not is_open
        is_list = bool(item)
        is_open = not title
    if start < len(part):
        yield start, len(part), False


def without_allowed(text: str, allowed: Iterable[str]) -> tuple[str, list[str]]:
    """Return a text with spaces in place of the allowed pieces of text, and those that it contains."""
    used = []
    for entry in sorted(allowed, key=len, reverse=True):
        text, count = re.subn(rf"(?<!\w){re.escape(entry)}(?!\w)", blank(entry), text)
        if count:
            used.append(entry)
    return text, used
