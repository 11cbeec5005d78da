"""YAML to located values: scalars mean what was written, every value knows its place, nothing is thrown."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text.nodes import Mapping, Node, Sequence, place, plain
from briefing.text.yaml_reader import load_yaml


def test_scalars_stay_as_written() -> None:
    written = ["no", "010", "1e3", "12:30", "2024-12", "2025-01-17", "null", "~", "1_000", "0x1F", ".inf"]
    node, problems = load_yaml("x.yml", "\n".join(f"- {text}" for text in written).encode())
    assert problems == []
    assert node is not None
    assert plain(node) == written


def test_every_value_knows_its_place() -> None:
    node, _ = load_yaml("x.yml", b"a: 1\nb:\n  - c: two\n    d: [x, y]\n")
    assert node is not None
    span = place(node, ("b", 0, "d", 1))
    assert (span.line, span.column, span.end_column) == (4, 12, 13)
    missing = place(node, ("b", 0, "nothing here"))
    assert (missing.line, missing.column) == (3, 5)


def test_a_line_ends_where_yaml_ends_it() -> None:
    for ending in ("\n", "\r\n", "\r", "\x85"):
        _, (problem,) = load_yaml("x.yml", f"a: b{ending}c: d\x07".encode())
        assert problem.place == ("x.yml", 2, 5, 2, 6)


def test_a_fault_at_the_end_of_a_file_stands_in_it() -> None:
    _, (problem,) = load_yaml("x.yml", b"a: b\ntj")
    assert problem.place == ("x.yml", 2, 3, 2, 4)


@pytest.mark.parametrize(
    ("text", "about_colons"),
    [
        ("a: b\n--- c\n...\nd", False),
        ("? a\n: b\n- c\n", False),
        ("a\nb: c\n", True),
        ("- a\nb: c\n", True),
        ("a: [b}\n", True),
    ],
)
def test_what_yaml_cannot_be_read_for_is_told_in_plain_words(text: str, about_colons: bool) -> None:
    """Not in those of the reader of YAML; and colons are spoken of only where one may be at fault."""
    _, (problem,) = load_yaml("x.yml", text.encode())
    assert problem.message
    assert not re.search("did not find|while parsing|not allowed in this context|found", problem.message)
    assert ("': '" in problem.hint) == about_colons


def test_a_field_whose_name_is_no_word_is_told_and_the_others_are_read() -> None:
    node, (problem,) = load_yaml("x.yml", b"a: b\n? [c]\n: d\ne: f\n")
    assert (problem.code, problem.place) == ("wrong-type", ("x.yml", 2, 3, 2, 6))
    assert node is not None
    assert plain(node) == {"a": "b", "e": "f"}


def test_a_text_that_is_too_long_is_told_at_its_place_and_not_read() -> None:
    node, (problem,) = load_yaml("x.yml", b"a: b\nc: " + b"x" * 100_001 + b"\ne: " + b"y" * 100_000)
    assert (problem.code, problem.place) == ("too-large", ("x.yml", 2, 4, 2, 100_005))
    assert node is not None
    assert plain(node) == {"a": "b", "c": "", "e": "y" * 100_000}


@given(st.binary(max_size=200))
def test_any_bytes_give_values_or_problems(data: bytes) -> None:
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


@given(yaml_values)
def test_values_come_back_as_they_were_written(value: object) -> None:
    import json

    node, problems = load_yaml("x.yml", json.dumps(value).encode())
    assert problems == []
    assert node is not None
    assert plain(node) == value
    assert isinstance(node, Mapping | Sequence) == isinstance(value, dict | list)
