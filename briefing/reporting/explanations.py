"""What each problem code means, with an example that fails and one that passes.

Both come from the docstring of the function that reports the code. Codes that are reported while files are read come
from no one function, but from many types of fields and pydantic's errors; theirs are in ``data/reading_codes.txt``. An
explanation has this form:

    ``some-code``: What holds where nothing is wrong.

        facts/glossary.yml
          - id: quay
        -   fails: a line that fails
        +   passes: what to write instead

The example is a piece of one file; a line without a sign is in both versions.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from inspect import getsource
from textwrap import dedent

from briefing.exports.editor_schemas import editor_schemas
from briefing.model.parser import newer_format
from briefing.pages.templates import Renderer
from briefing.reporting.difference import unexplained
from briefing.rules import CAUSES, RULES
from briefing.rules.prose import check_loose_ends
from briefing.rules.quotation import check_wording
from briefing.rules.root_causes import report_once

_CODE = re.compile(r"^``([a-z0-9-]+)``: ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A code: what holds where it is not reported; a piece of ``file`` that fails, and the same when it passes. Where
    no piece of a file can show it, these are empty.
    """

    code: str
    says: str
    file: str = ""
    fails: str = ""
    passes: str = ""


_PAGE_HEAD = """\
---
title: Codes of problems
description: What each code that the check reports means, with what fails and what passes.
book: false
---

# Codes of problems

What `briefing check` may report. `briefing check --explain CODE` says the same in the terminal.
"""


@cache
def explanations() -> Mapping[str, Explanation]:
    """Every code that can be reported, in alphabetical order."""
    reporters: tuple[Callable[..., object], ...] = (
        newer_format,
        *CAUSES,
        report_once,
        *RULES,
        check_loose_ends,
        check_wording,
        Renderer.plan,
        editor_schemas,
        unexplained,
    )
    texts = [(files("briefing") / "data" / "reading_codes.txt").read_text(encoding="utf-8")]
    texts += [_docstring(reporter) for reporter in reporters]
    found = [explanation for text in texts for explanation in _read(text)]
    return {explanation.code: explanation for explanation in sorted(found, key=lambda explanation: explanation.code)}


def format_explanation(explanation: Explanation) -> str:
    """Return it as text for a terminal."""
    lines = [f"{explanation.code}: {explanation.says}"]
    if explanation.file:
        lines += ["", f"Fails, in {explanation.file}:", "", _indented(explanation.fails)]
        lines += ["", "Passes:", "", _indented(explanation.passes)]
    return "\n".join(lines)


def render_codes_page() -> str:
    """The page of all codes, in Markdown."""
    parts = [_PAGE_HEAD]
    for explanation in explanations().values():
        parts.append(f"## {explanation.code}\n\n{explanation.says.replace('``', '`')}\n")
        if explanation.file:
            # The names of these languages to Pygments, which colours the page.
            language = explanation.file.rpartition(".")[2].replace("j2", "jinja").replace("yml", "yaml")
            pieces = ((f"Fails, in `{explanation.file}`:", explanation.fails), ("Passes:", explanation.passes))
            for heading, piece in pieces:
                parts.append(f"{heading}\n\n```{language}\n{piece}\n```\n")
    return "\n".join(parts)


def _docstring(function: Callable[..., object]) -> str:
    """A function's docstring, from its source: ``python -OO`` keeps none in memory."""
    (definition,) = ast.parse(dedent(getsource(function))).body
    assert isinstance(definition, ast.FunctionDef)
    return ast.get_docstring(definition) or ""


def _read(text: str) -> Iterator[Explanation]:
    _, *parts = _CODE.split(text)
    for code, part in zip(parts[::2], parts[1::2], strict=True):
        # An example with an empty line in it is split, too, and joined again below.
        paragraphs = part.strip().split("\n\n")
        says = " ".join(paragraphs[0].split())
        if len(paragraphs) == 1:
            yield Explanation(code, says)
            continue
        file, *lines = dedent("\n\n".join(paragraphs[1:])).splitlines()
        fails, passes = ("\n".join(line[2:] for line in lines if not line.startswith(other)) for other in "+-")
        yield Explanation(code, says, file, dedent(fails), dedent(passes))


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
