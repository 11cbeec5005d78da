"""Test that characters that look like those of YAML, or are invisible, are named at their place and replaced."""

import pytest

from briefing.problems import Problem
from briefing.text.nodes import Mapping, place, plain
from briefing.text.yaml_reader import load_yaml

TEXT = """\
title: The harbour
sections:
  - title: Opening
    facts:
      - id: opening
        says: The harbour basin opened in 1900.
        about: [harbour-basin, quay]
        when: 1900
        cite:
          - report:1
          - report:2
        position: {lat: 59.1, lon: 18.2}
"""
_NO_BREAK = "no-break space (U+00A0)"
_NO_SPACE = f"this is a {_NO_BREAK}, not a space"

# the right text, what is written in its place, the position, the message, and whether the fix is safe
LOOKALIKES = [
    ("        when: 1900", "\u00a0" * 8 + "when: 1900", "8:1", _NO_SPACE, True),
    ("        when: 1900", "  \u00a0\u00a0    when: 1900", "8:3", _NO_SPACE, True),
    (
        "        when: 1900",
        "\u3000" * 8 + "when: 1900",
        "8:1",
        "this is an ideographic space (U+3000), not a space",
        False,
    ),
    ("when: 1900", "when:\u202f1900", "8:14", "this is a narrow no-break space (U+202F), not a space", True),
    ("when: 1900", "when:\u20071900", "8:14", "this is a figure space (U+2007), not a space", True),
    ("- id: opening", "-\u2009id: opening", "5:8", "this is a thin space (U+2009), not a space", True),
    ("- id: opening", "– id: opening", "5:7", "this is an en dash (U+2013), not '-'", True),
    ("- id: opening", "— id: opening", "5:7", "this is an em dash (U+2014), not '-'", True),
    ("- id: opening", "− id: opening", "5:7", "this is a minus sign (U+2212), not '-'", True),
    ("- id: opening", "• id: opening", "5:7", "this is a bullet (U+2022), not '-'", True),
    ("  - report:2", "  – report:2", "11:11", "this is an en dash (U+2013), not '-'", False),
    ("  - report:1", "  • report:1", "10:11", "this is a bullet (U+2022), not '-'", False),
    ("when: 1900", "when：1900", "8:13", "this is a fullwidth colon (U+FF1A), not ':'", True),
    ("when: 1900", "when： 1900", "8:13", "this is a fullwidth colon (U+FF1A), not ':'", True),
    ("sections:", "sections：", "2:9", "this is a fullwidth colon (U+FF1A), not ':'", True),
    ("lat: 59.1", "lat：59.1", "12:23", "this is a fullwidth colon (U+FF1A), not ':'", True),
    ("basin, quay", "basin，quay", "7:30", "this is a fullwidth comma (U+FF0C), not ','", True),
    ("basin, quay", "basin、quay", "7:30", "this is an ideographic comma (U+3001), not ','", True),
    ("[harbour-basin", "［harbour-basin", "7:16", "this is a fullwidth left square bracket (U+FF3B), not '['", True),
    ("quay]", "quay】", "7:36", "this is a right black lenticular bracket (U+3011), not ']'", True),
]


def _fixed(text: str, problem: Problem) -> str:
    lines, at = text.split("\n"), problem.place
    assert at.line == at.end_line
    line = lines[at.line - 1]
    lines[at.line - 1] = line[: at.column - 1] + problem.fix + line[at.end_column - 1 :]
    return "\n".join(lines)


@pytest.mark.parametrize(("right", "written", "where", "message", "is_safe"), LOOKALIKES)
def test_lookalike_is_named_and_replaced(right: str, written: str, where: str, message: str, is_safe: bool) -> None:
    assert TEXT.count(right) == 1
    text = TEXT.replace(right, written)
    node, (problem,) = load_yaml("x.yml", text.encode())
    assert (problem.code, problem.message, problem.is_safe) == ("yaml-syntax", message, is_safe)
    assert f"{problem.place.line}:{problem.place.column}" == where
    assert problem.hint.startswith("write ")
    # The corrected text is parsed, so a look-alike causes no further problems.
    node_meant, _ = load_yaml("x.yml", TEXT.encode())
    assert node and node_meant
    assert plain(node) == plain(node_meant)
    assert load_yaml("x.yml", _fixed(text, problem).encode()) == (node_meant, [])


def test_no_break_space_after_a_value_is_a_warning() -> None:
    text = TEXT.replace("report:2", "report:2\u00a0\u00a0")
    node, (problem,) = load_yaml("x.yml", text.encode())
    assert node
    assert (problem.code, problem.severity, problem.place[1:3]) == ("hidden-character", "warning", (11, 20))
    assert problem.message == f"the line ends with an invisible character: {_NO_BREAK}"
    assert problem.is_safe
    assert _fixed(text, problem) == TEXT
    assert plain(node)["sections"][0]["facts"][0]["cite"] == ["report:1", "report:2"]  # type: ignore[index]


def test_no_break_space_after_a_field_name_is_one_problem() -> None:
    text = TEXT.replace("sections:", "sections:\u00a0")
    _, (problem,) = load_yaml("x.yml", text.encode())
    assert (problem.code, problem.place[1:]) == ("hidden-character", (2, 9, 2, 11))
    assert _fixed(text, problem) == TEXT


def test_all_lookalikes_and_other_problems_are_reported_together() -> None:
    text = TEXT.replace("- id", "– id").replace("when: 1900", "when：1900").replace("  about", "\u00a0\u00a0about")
    text = text.replace("report:2", "report:2\u00a0").replace("lon: 18.2", "lat: 18.2")
    _, problems = load_yaml("x.yml", text.encode())
    assert [(p.code, p.place.line) for p in problems] == [
        ("yaml-syntax", 5),
        ("yaml-syntax", 7),
        ("yaml-syntax", 8),
        ("hidden-character", 11),
        ("duplicate-key", 12),
    ]


def test_values_beside_a_lookalike_have_the_columns_of_the_file() -> None:
    node, _ = load_yaml("x.yml", "a：one\nb: [c，d\u200b, e]\n".encode())
    assert isinstance(node, Mapping)
    assert place(node, ("a",))[1:] == (1, 3, 1, 6)
    assert place(node, ("b", 1))[1:] == (2, 7, 2, 9)
    assert place(node, ("b", 2))[1:] == (2, 11, 2, 12)


@pytest.mark.parametrize(
    "text",
    [
        "says: It grew by 10\u00a0000 m – and more.\n",
        "says: The quay\n  – and the basin – grew.\n",
        "says:\n  – The quay grew, he said.\n",
        "says: >-\n  – note: a text\n  when：a text\n",
        'says: "The quay\n  • grew\n  when：later"\n',
        "says: Le quai\n  grandit：il est long\n",
        "title: “Quay” of the port\n",
        "aliases: [Iran–Iraq war, No.\u00a05 Squadron, 佩泽，x, Foo：Bar]\n",
        "aliases:\n  - 北京：x\n",
        "id: a – b\n",
        "# –\u00a0a comment：\u00a0\n",
    ],
)
def test_lookalikes_in_texts_are_left_alone(text: str) -> None:
    assert load_yaml("x.yml", text.encode())[1] == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a\u200bb", [("there is an invisible character here: zero width space (U+200B)", (1, 4, 1, 6), "a", True)]),
        ("\u2060ab", [("there is an invisible character here: word joiner (U+2060)", (1, 3, 1, 5), " ", True)]),
        (
            "a\u200bb\u00adc\u2060\u200bd",
            [
                ("there is an invisible character here: zero width space (U+200B)", (1, 4, 1, 6), "a", True),
                ("there is an invisible character here: soft hyphen (U+00AD)", (1, 6, 1, 8), "b", True),
                (
                    "there are invisible characters here: word joiner (U+2060) and zero width space (U+200B)",
                    (1, 8, 1, 11),
                    "c",
                    True,
                ),
            ],
        ),
        # Without these, the text may look different.
        (
            "a\u202eb",
            [("there is an invisible character here: right-to-left override (U+202E)", (1, 4, 1, 6), "a", False)],
        ),
        ("ก\u200bข", [("there is an invisible character here: zero width space (U+200B)", (1, 4, 1, 6), "ก", False)]),
    ],
)
def test_each_hidden_character_is_reported(written: str, expected: list[tuple[object, ...]]) -> None:
    text = f"a: {written}\n"
    _, problems = load_yaml("x.yml", text.encode())
    assert [(p.message, p.place[1:], p.fix, p.is_safe) for p in problems] == expected
    while problems:
        text = _fixed(text, problems[0])
        problems = load_yaml("x.yml", text.encode())[1]
    assert text.isascii() or "ก" in text


@pytest.mark.parametrize(
    "text", ["wh\u200ben: 1900\n", "\u200bwhen: 1900\n", "when: 19\u200b00\n", "when: 1900\u200b\n"]
)
def test_hidden_character_in_the_structure_has_no_other_effect(text: str) -> None:
    node, (problem,) = load_yaml("x.yml", f"{text}id: one\n".encode())
    assert problem.code == "hidden-character"
    assert node
    assert plain(node) == {"when": "1900", "id": "one"}
