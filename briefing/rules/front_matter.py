"""Check the front matter of hand-written pages.

MkDocs ignores a front matter that it cannot read and prints it on the page.
"""

import re
from collections.abc import Iterator, Mapping

from briefing.problems import Problem, Span
from briefing.text import nodes
from briefing.text.markdown_source import split_front_matter
from briefing.text.nodes import Node
from briefing.text.yaml_reader import find_unloadable, load_yaml

_START = re.compile(r"---[ \t]*\r?\n")
_FIELD = re.compile(r"[ \t]*[\w-]+[ \t]*:(?:[ \t]|\r?\n|$)")
_EMPTY_LINE = re.compile(r"\n[ \t]*\r?\n")
# Facts cannot use these, but MkDocs reads them.
_ALLOWED = {"yaml-alias", "yaml-tag"}


def check_front_matter(pages: Mapping[str, str]) -> Iterator[Problem]:
    """Report front matter that cannot be read (yaml-syntax, wrong-type and other codes of reading)."""
    for path, text in sorted(pages.items()):
        yield from _check_page(f"docs/{path}", text)


def _check_page(file: str, text: str) -> Iterator[Problem]:
    start = _START.match(text)
    if not start:
        return
    head, _ = split_front_matter(text)
    if not head:
        # Without fields, it is a line across the page.
        if _FIELD.match(text, start.end()):
            yield _unclosed(Span(file, 1, 1, 1, 4))
        return
    # An empty line in place of the first delimiter keeps the numbers of the lines.
    fields = "\n" + head[start.end() :].rstrip().removesuffix("---").removesuffix("...")
    node, problems = _read(file, fields)
    empty_line = _line_of_end(file, fields) if problems else 0
    if problems and 0 < empty_line < problems[0].place.line:
        yield _unclosed(Span(file, empty_line, 1, empty_line, 1))
    elif problems:
        yield from problems
    elif node and not isinstance(node, nodes.Mapping):
        hint = "write for example 'title: Method'; to draw a line across the page, write '***'"
        yield Problem(node.span, "wrong-type", "expected fields, each as 'name: value'", hint)
    elif node:
        yield from find_unloadable(file, fields, node)


def _read(file: str, fields: str) -> tuple[Node | None, list[Problem]]:
    node, problems = load_yaml(file, fields.encode())
    return node, [problem for problem in problems if problem.code not in _ALLOWED]


def _unclosed(span: Span) -> Problem:
    message = "the front matter that begins on line 1 is never closed"
    return Problem(span, "yaml-syntax", message, "end it with a line '---' below its last field")


def _line_of_end(file: str, fields: str) -> int:
    """Return the line that ends the front matter if its last delimiter is a later line across the page, or else 0."""
    found = _EMPTY_LINE.search(fields, 1)
    if not found or _FIELD.match(fields[found.end() :].lstrip("\r\n")):
        return 0
    node, problems = _read(file, fields[: found.start() + 1])
    if problems or not isinstance(node, nodes.Mapping):
        return 0
    return fields.count("\n", 0, found.start() + 1) + 1
