"""Front matter of hand-written pages that MkDocs would ignore and print on the page."""

from dataclasses import replace

import pytest

from briefing.compile import Inputs, check
from briefing.problems import Problem


def _problems(vasa: Inputs, text: str) -> tuple[Problem, ...]:
    return check(replace(vasa, markdown_pages={"method.md": text})).problems


@pytest.mark.parametrize(
    ("front", "code", "place", "hint"),
    [
        ('title: "Method', "yaml-syntax", (2, 8), "close it"),
        ("title: Method: how", "yaml-syntax", (2, 8), "quotes"),
        ("title: [Method", "yaml-syntax", (2, 8), "close"),
        ("title: Method\n\tdescription: How", "yaml-syntax", (3, 1), "delete the tab"),
        ("title: Method\n  description: How", "yaml-syntax", (3, 1), "delete 2 spaces"),
        ("- title: Method", "wrong-type", (2, 1), "title: Method"),
        ("Method", "wrong-type", (2, 1), "title: Method"),
        ("title: Method\ntitle: How", "duplicate-key", (3, 1), "delete"),
        ("title: Method\n<<<<<<< HEAD\n", "merge-conflict", (3, 1), "versions"),
        ("title: Method\ndate: 2026-02-30", "impossible-date", (3, 7), "quotes"),
        ("title: !ENV Method", "yaml-tag", (2, 8), "quotes"),
    ],
)
def test_broken_front_matter_is_one_problem(
    front: str, code: str, place: tuple[int, int], hint: str, vasa: Inputs
) -> None:
    (problem,) = _problems(vasa, f"---\n{front}\n---\n\n# Method\n\nText.\n")
    assert problem.place.file == "docs/method.md"
    assert (problem.code, (problem.place.line, problem.place.column)) == (code, place)
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: Method\nsteps: 3\n\n# Method\n\nText.\n", 1),
        ("---\ntitle: Method\n---", 1),
        ("---\ntitle: Method\n\n# Method\n\nText of a paragraph.\n\n---\n\nMore.\n", 3),
        ("---\ntitle: Method\n\nText of a\nparagraph.\n\n---\n\nMore.\n", 3),
    ],
)
def test_front_matter_without_end_is_one_problem(text: str, line: int, vasa: Inputs) -> None:
    (problem,) = _problems(vasa, text)
    assert (problem.code, problem.place.line) == ("yaml-syntax", line)
    assert "never closed" in problem.message
    assert "---" in problem.hint


@pytest.mark.parametrize(
    "text",
    [
        "# Method\n",
        "",
        "---\n\n# Method\n",
        "---\n\n---\n\n# Method\n",
        "---\ntitle: Method\n---\n\n# Method\n",
        "---\ntitle: Method\n...\n\n# Method\n",
        "---\r\ntitle: Method\r\n---\r\n\r\n# Method\r\n",
        "---  \n# A comment\ntitle: Method\n\ntags: [a, b]\nhide:\n  - toc\n---\n# Method\n",
        "---\ntitle: &title Method\ndescription: *title\ndate: 2026-02-28\n---\n# Method\n",
        "---\nenv: !!str 5\n---\n# Method\n",
    ],
)
def test_sound_pages_have_no_problem(text: str, vasa: Inputs) -> None:
    assert not _problems(vasa, text)
