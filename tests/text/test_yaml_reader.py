"""Test reading YAML: scalars remain text, every value has a position, and no input raises an exception."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text.nodes import Mapping, Node, Sequence, place, plain
from briefing.text.yaml_reader import load_yaml


def test_scalars_remain_text() -> None:
    written = ["no", "010", "1e3", "12:30", "2024-12", "2025-01-17", "null", "~", "1_000", "0x1F", ".inf"]
    node, problems = load_yaml("x.yml", "\n".join(f"- {text}" for text in written).encode())
    assert problems == []
    assert node is not None
    assert plain(node) == written


def test_every_value_has_a_position() -> None:
    node, _ = load_yaml("x.yml", b"a: 1\nb:\n  - c: two\n    d: [x, y]\n")
    assert node is not None
    span = place(node, ("b", 0, "d", 1))
    assert (span.line, span.column, span.end_column) == (4, 12, 13)
    missing = place(node, ("b", 0, "nothing here"))
    assert (missing.line, missing.column) == (3, 5)


def test_lines_end_at_yaml_line_breaks() -> None:
    for ending in ("\n", "\r\n", "\r", "\x85"):
        _, (problem,) = load_yaml("x.yml", f"a: b{ending}c: d\x07".encode())
        assert problem.place == ("x.yml", 2, 5, 2, 6)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encoding_is_named(encoding: str) -> None:
    _, (problem,) = load_yaml("x.yml", "title: The harbour\n".encode(encoding))
    assert (problem.code, problem.message) == ("encoding", f"the file is {encoding[:6].upper()}, not UTF-8")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("base", [[], ["||||||| base", "a: 0"]])
def test_each_merge_conflict_is_one_problem(base: list[str], ending: str) -> None:
    conflict = ["<<<<<<< HEAD", "a: 1", *base, "=======", "a: 2", ">>>>>>> other"]
    _, problems = load_yaml("facts/pins/report.yml", ending.join(["x: 1", *conflict, "y: 1", *conflict, ""]).encode())
    lines = [2, 2 + len(conflict) + 1]
    assert [(p.code, p.place[1:]) for p in problems] == [("merge-conflict", (n, 1, n, 13)) for n in lines]


def test_remains_of_a_merge_conflict_are_reported() -> None:
    for rest in ("||||||| base", "=======", ">>>>>>> other"):
        _, (problem,) = load_yaml("x.yml", f"a: 1\n{rest}\n".encode())
        assert (problem.code, problem.place.line) == ("merge-conflict", 2)


def test_text_that_begins_with_an_exclamation_mark_is_put_in_quotes() -> None:
    _, (problem,) = load_yaml("x.yml", b"says: !Light and more\n")
    assert (problem.code, problem.fix, problem.is_safe) == ("yaml-tag", '"!Light and more"', False)


def test_fault_at_end_of_file_has_a_position_in_the_file() -> None:
    _, (problem,) = load_yaml("x.yml", b"a: b\nTj")
    assert problem.place == ("x.yml", 2, 1, 2, 3)


@pytest.mark.parametrize(
    ("text", "about_colons"),
    [
        ("a: b\n--- c\n...\nd", False),
        ("? a\n: b\n- c\n", False),
        ("a\nb: c\n", False),
        ("- a\nb: c\n", True),
        ("a: [b}\n", True),
    ],
)
def test_syntax_error_has_a_plain_message(text: str, about_colons: bool) -> None:
    """The message is not libyaml's, and the hint mentions colons only if one may be the cause."""
    _, (problem,) = load_yaml("x.yml", text.encode())
    assert problem.message
    assert not re.search("did not find|while parsing|not allowed in this context|found", problem.message)
    assert ("': '" in problem.hint) == about_colons


def test_field_name_that_is_not_a_word_is_reported_and_skipped() -> None:
    node, (problem,) = load_yaml("x.yml", b"a: b\n? [c]\n: d\ne: f\n")
    assert (problem.code, problem.place) == ("wrong-type", ("x.yml", 2, 3, 2, 6))
    assert node is not None
    assert plain(node) == {"a": "b", "e": "f"}


def test_file_with_an_overlong_text_is_not_read() -> None:
    node, (problem,) = load_yaml("x.yml", b"a: b\nc: " + b"x" * 100_001 + b"\ne: " + b"y" * 100_000)
    assert (problem.code, problem.place) == ("too-large", ("x.yml", 2, 4, 2, 100_005))
    assert node is None


@pytest.mark.parametrize(
    ("text", "place", "fix"),
    [
        ("a: &note The article\n", (1, 4, 1, 13), "The"),
        ("a: &an:chor value\n", (1, 4, 1, 18), "value"),  # suite case Y2GN
        ("a: &northland\n", (1, 4, 1, 14), ""),
        ("a: [&tartus]\n", (1, 5, 1, 12), "tartus"),
        ("a: [&tartus , b]\n", (1, 5, 1, 12), "tartus"),
        ("a: {&b : c}\n", (1, 5, 1, 7), ""),
        ("é: &a # b\n", (1, 4, 1, 6), ""),
        ("- &x id: a\r\n  b: c\r\n", (1, 3, 1, 9), "id:"),
        ("a:\n  &b\n  c: d\n", (2, 3, 2, 5), ""),
        ("a: &b |\n  c\n", (1, 4, 1, 8), "|"),
    ],
)
def test_anchor_without_alias_is_a_problem(text: str, place: tuple[int, ...], fix: str) -> None:
    """YAML drops the name of an anchor. If there is nothing else, the whole value is lost."""
    node, (problem,) = load_yaml("x.yml", text.encode())
    assert node is None
    assert (problem.code, problem.place, problem.fix) == ("yaml-alias", ("x.yml", *place), fix)
    if fix:
        lines = text.splitlines()
        lines[0] = lines[0][: place[1] - 1] + fix + lines[0][place[3] - 1 :]
        assert load_yaml("x.yml", "\n".join(lines).encode())[1] == []


def test_anchor_and_aliases_are_reported_separately() -> None:
    """An anchor with an alias has no fix, because deleting the anchor would break the alias."""
    _, problems = load_yaml("x.yml", b"a: &b c\nd: [*b, *b]\n")
    assert [(p.code, p.place.line, p.place.column, p.fix) for p in problems] == [
        ("yaml-alias", 1, 4, ""),
        ("yaml-alias", 2, 5, ""),
        ("yaml-alias", 2, 9, ""),
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('a: "b"# c d\n', (1, 7, 1, 12)),  # suite case SU5Z
        ("a: 'b'#c\r\nd: e\r\n", (1, 7, 1, 9)),
        ("[ a, b, c, ]#invalid\n", (1, 13, 1, 21)),  # 9JBA
        ("a: [b,#c\n  d]\n", (1, 7, 1, 9)),  # CVW2
        ("a: [#b\n  c]\n", (1, 5, 1, 7)),
        ("a: {b: c}#d\n", (1, 10, 1, 12)),
        ("é: ># b\n  c\n", (1, 5, 1, 8)),  # X4QW
        ("a: |2-#b\n  c\n", (1, 7, 1, 9)),
        ("%YAML 1.1#...\n---\na: b\n", (1, 10, 1, 14)),  # MUS6/00
        ("a: >\n   \n # b\n", (3, 2, 3, 5)),  # S98Z
        ("- a: >\n    \n   # b\n", (3, 4, 3, 7)),
    ],
)
def test_comment_that_yaml_forbids_is_a_problem(text: str, place: tuple[int, ...]) -> None:
    """libyaml accepts it as a comment, so part of a value could be lost."""
    node, (problem,) = load_yaml("x.yml", text.encode())
    assert node is None
    assert (problem.code, problem.place) == ("yaml-syntax", ("x.yml", *place))
    assert problem.hint


def test_other_ampersands_and_number_signs_are_accepted() -> None:
    text = """\
# a "quoted"#comment, and &anchor
a: Smith &Sons [&c]#1
b: "&c #d"  # comment
c: |  # comment
  e &f
  # g
# comment
d: [C#, 'x' , http://example.org/#y]  # comment
e: >

# comment
f: b
g:
- h: >

  # comment
- i
"""
    node, problems = load_yaml("x.yml", text.encode())
    assert problems == []
    assert node is not None
    assert plain(node) == {
        "a": "Smith &Sons [&c]#1",
        "b": "&c #d",
        "c": "e &f\n# g\n",
        "d": ["C#", "x", "http://example.org/#y"],
        "e": "",
        "f": "b",
        "g": [{"h": ""}, "i"],
    }


# Most random bytes are not UTF-8, and most random texts are one plain value.
pieces = st.sampled_from(
    ["a", "b: ", "- ", "\n", "\n  ", "[", "]", "{", "}", ", ", "'", '"', "#", "&a ", "*a", "!b ", "|", "%", "\t", "é"]
)


@pytest.mark.slow
@given(st.binary(max_size=200) | st.lists(pieces, max_size=20).map(lambda parts: "".join(parts).encode()))
def test_any_bytes_give_a_value_or_problems(data: bytes) -> None:
    node, problems = load_yaml("x.yml", data)
    assert node is None or isinstance(node, Node)
    for problem in problems:
        assert problem.place.line >= 1
        assert problem.place.column >= 1


yaml_values = st.recursive(
    st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1),
    lambda inner: st.lists(inner, min_size=1) | st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), inner),
    max_leaves=12,
)


@pytest.mark.slow
@given(yaml_values)
def test_values_come_back_unchanged(value: object) -> None:
    import json

    node, problems = load_yaml("x.yml", json.dumps(value).encode())
    assert problems == []
    assert node is not None
    assert plain(node) == value
    assert isinstance(node, Mapping | Sequence) == isinstance(value, dict | list)
