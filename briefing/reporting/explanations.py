"""Explain each problem code, with an example that fails and one that passes.

The explanation of a code is in the docstring of the function that reports it. Codes that are reported while files are
read come from many types of fields and from pydantic's errors, not from one function; ``data/reading_codes.txt``
explains these. An explanation has this form:

    ``some-code`` (warning): What is wrong, as an editor meets it.

    Why it matters to a reader or an editor.

    Fix: check it first; why the suggested fix may be wrong.

        facts/glossary.yml
          - id: quay
        -   fails: a line that fails
        +   passes: what to write instead

An error has no ``(warning)``. Only a code whose problems can have a ``fix`` has the paragraph ``Fix:``, which may also
begin with ``safe``. The example is part of one file. It is left out if part of a file cannot show the problem. A line
without a sign is in both versions.
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
from briefing.problems import RENAMED_CODES, Code, Severity, as_code
from briefing.reporting.difference import unconfirmed_additions, unexplained, unlisted
from briefing.rules import CAUSES, RULES
from briefing.rules.closest_sentences import check_sentences
from briefing.rules.prose import check_loose_ends
from briefing.rules.quotation import check_wording
from briefing.rules.root_causes import report_once

_ADVICE = {
    "safe": "The suggested fix is safe to apply",
    "check it first": "Check the suggested fix before you apply it",
}
_CODE = re.compile(r"^``([a-z0-9-]+)``(?: \((warning|note)\))?: ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means: the fault, why it matters, and whether a suggested fix is safe to apply.

    ``fails`` is a part of ``file`` that has the problem, and ``passes`` the same part without it. All three are empty
    if part of a file cannot show the problem. ``fix`` is empty if problems with this code suggest no fix.
    """

    code: Code
    severity: Severity
    fault: str
    why: str
    fix: str = ""
    file: str = ""
    fails: str = ""
    passes: str = ""

    @property
    def paragraphs(self) -> list[str]:
        """The explanation without its example, in Markdown."""
        paragraphs = [self.fault, self.why]
        if self.fix:
            advice, _, reason = self.fix.partition("; ")
            paragraphs.append(f"{_ADVICE[advice]}: {reason}")
        return paragraphs


_PAGE_HEAD = """\
---
title: Problem codes
description: What each problem code means, why it matters, and what to write instead.
audience: contributors
---

# Problem codes

If `briefing check` or a build has reported a problem, find its code below: the section explains what is wrong and why
it matters, and shows an example that fails and one that passes. `briefing check --explain CODE` prints the same
explanation in a terminal.

An error prevents publishing; a warning does so only in a strict build. If the check suggests a fix, the section says
whether it is safe to apply without checking it first.
"""


@cache
def explanations() -> Mapping[str, Explanation]:
    """Return the explanations of all codes, in alphabetical order."""
    reporters: tuple[Callable[..., object], ...] = (
        newer_format,
        *CAUSES,
        report_once,
        *RULES,
        check_loose_ends,
        check_wording,
        check_sentences,
        Renderer.plan,
        editor_schemas,
        unexplained,
        unconfirmed_additions,
        unlisted,
    )
    texts = [(files("briefing") / "data" / "reading_codes.txt").read_text(encoding="utf-8")]
    texts += [_docstring(reporter) for reporter in reporters]
    found = [explanation for text in texts for explanation in _read(text)]
    return {explanation.code: explanation for explanation in sorted(found, key=lambda explanation: explanation.code)}


def explain(name: str) -> str:
    """Return the explanation of a code as text for a terminal. The name may be an old one.

    Raises KeyError if there is no such code.
    """
    if name in RENAMED_CODES:
        code = RENAMED_CODES[name]
        return f"{name} is now called {code}.\n\n{_format_explanation(explanations()[code])}"
    return _format_explanation(explanations()[name])


def _format_explanation(explanation: Explanation) -> str:
    label = "" if explanation.severity is Severity.ERROR else f" ({explanation.severity})"
    text = f"{explanation.code}{label}: " + "\n\n".join(explanation.paragraphs)
    if explanation.file:
        text += f"\n\nFails, in {explanation.file}:\n\n{_indented(explanation.fails)}"
        text += f"\n\nPasses:\n\n{_indented(explanation.passes)}"
    return text


def render_codes_page() -> str:
    """Return the page of all codes, in Markdown."""
    old_names: dict[str, list[str]] = {}
    for old, new in RENAMED_CODES.items():
        old_names.setdefault(new, []).append(old)
    parts = [_PAGE_HEAD]
    for code, explanation in explanations().items():
        former = old_names.get(code, [])
        # The old names stay anchors, so that links to them still lead here.
        anchors = "".join(f'<a id="{name}"></a>' for name in former)
        parts.append(f"## {anchors}{code}\n")
        if former:
            parts.append(f"Formerly {' and '.join(f'`{name}`' for name in former)}.\n")
        paragraphs = explanation.paragraphs
        if explanation.severity is not Severity.ERROR:
            paragraphs[0] = f"{explanation.severity.capitalize()}: {paragraphs[0]}"
        parts += [f"{paragraph}\n" for paragraph in paragraphs]
        if explanation.file:
            # Pygments, which colours the page, knows the languages by these names.
            language = explanation.file.rpartition(".")[2].replace("j2", "jinja").replace("yml", "yaml")
            pieces = ((f"Fails, in `{explanation.file}`:", explanation.fails), ("Passes:", explanation.passes))
            for heading, piece in pieces:
                parts.append(f"{heading}\n\n```{language}\n{piece}\n```\n")
    return "\n".join(parts)


def _docstring(function: Callable[..., object]) -> str:
    """Return a function's docstring from its source, because ``python -OO`` removes docstrings from memory."""
    (definition,) = ast.parse(dedent(getsource(function))).body
    assert isinstance(definition, ast.FunctionDef)
    return ast.get_docstring(definition) or ""


def _read(text: str) -> Iterator[Explanation]:
    _, *parts = _CODE.split(text)
    for code, severity, part in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        # The example is the only part that is indented.
        prose, _, example = part.partition("\n\n    ")
        paragraphs = [" ".join(paragraph.split()).replace("``", "`") for paragraph in prose.strip().split("\n\n")]
        fix = paragraphs.pop().removeprefix("Fix: ") if paragraphs[-1].startswith("Fix: ") else ""
        fault, why = paragraphs
        # An example cannot be empty, so partition found the indentation that it begins with.
        file, *lines = dedent(f"    {example}").strip().splitlines() or [""]
        fails, passes = (dedent(_without(lines, sign)) for sign in "+-")
        yield Explanation(as_code(code), Severity(severity or "error"), fault, why, fix, file, fails, passes)


def _without(lines: list[str], sign: str) -> str:
    """Return an example without the lines that have this sign, and without the signs."""
    return "\n".join(line[2:] for line in lines if not line.startswith(sign))


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
