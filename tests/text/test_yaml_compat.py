"""Contract tests for the undocumented hooks and messages of PyYAML and libyaml that reading facts relies on."""

import pytest
import yaml

from briefing.text import yaml_compat
from briefing.text.yaml_compat import DEEPEST, DEFAULT_TAGS, MOST_VALUES, LimitExceeded, compose, explain
from briefing.text.yaml_reader import load_yaml

ANCHOR = "an unquoted value cannot begin with '&' or '*'"
TAG = "an unquoted value cannot begin with '!'"
DIRECTIVE = "a line cannot begin with '%'"
TAB = "this line is indented with a tab"
UNCLOSED = "this quote is never closed"
BEGINNING = "an unquoted value cannot begin with this character"
MISSING = "a value is missing inside brackets or braces"
# Invalid YAML, libyaml's context and problem, and our line, column and message.
TEXTS = [
    ("a: *b* c", "while scanning an alias", "did not find expected alphabetic or numeric character", 1, 4, ANCHOR),
    ("a: & b", "while scanning an anchor", "did not find expected alphabetic or numeric character", 1, 4, ANCHOR),
    ("a: *b", "", "found undefined alias", 1, 4, ANCHOR),
    ("a: &b c\nd: &b e", "found duplicate anchor; first occurrence", "second occurrence", 2, 4, ANCHOR),
    ("a: ![b]", "while scanning a tag", "did not find expected whitespace or line break", 1, 4, TAG),
    ("a: !<b", "while scanning a tag", "did not find the expected '>'", 1, 4, TAG),
    ("a: !! b", "while parsing a tag", "did not find expected tag URI", 1, 4, TAG),
    ("a: !% b", "while parsing a tag", "did not find URI escaped octet", 1, 4, TAG),
    ("a: !%a1 b", "while parsing a tag", "found an incorrect leading UTF-8 octet", 1, 4, TAG),
    ("a: !b!c d", "while parsing a node", "found undefined tag handle", 1, 4, TAG),
    ("% a", "while scanning a directive", "could not find expected directive name", 1, 1, DIRECTIVE),
    ("%A\n---", "while scanning a directive", "found unknown directive name", 1, 1, DIRECTIVE),
    ("%2#", "while scanning a directive", "found unexpected non-alphabetical character", 1, 1, DIRECTIVE),
    ("%YAML 1.1x", "while scanning a directive", "did not find expected comment or line break", 1, 1, DIRECTIVE),
    ("%YAML", "while scanning a %YAML directive", "did not find expected version number", 1, 1, DIRECTIVE),
    ("%YAML 1", "while scanning a %YAML directive", "did not find expected digit or '.' character", 1, 1, DIRECTIVE),
    ("%TAG", "while scanning a tag directive", "did not find expected '!'", 1, 1, DIRECTIVE),
    ("%TAG !a%", "while parsing a tag directive", "did not find expected '!'", 1, 1, DIRECTIVE),
    ("%TAG ! ", "while parsing a %TAG directive", "did not find expected tag URI", 1, 1, DIRECTIVE),
    ("%TAG !", "while scanning a %TAG directive", "did not find expected whitespace", 1, 1, DIRECTIVE),
    ("%TAG ! b\n%TAG ! b\n---\na", "", "found duplicate %TAG directive", 2, 1, DIRECTIVE),
    ("%YAML 1.1\n%YAML 1.1\n---\na", "", "found duplicate %YAML directive", 2, 1, DIRECTIVE),
    ("%YAML 2.0\n---\na", "", "found incompatible YAML document", 1, 1, DIRECTIVE),
    ("a: [b, , c]", "while parsing a flow node", "did not find expected node content", 1, 8, MISSING),
    ("a: [b,", "while parsing a flow node", "did not find expected node content", 2, 1, MISSING),
    ("a: ] b", "while parsing a block node", "did not find expected node content", 1, 4, BEGINNING),
    ("a: @b", "while scanning for the next token", "found character that cannot start any token", 1, 4, BEGINNING),
    ("a: `b`", "while scanning for the next token", "found character that cannot start any token", 1, 4, BEGINNING),
    (
        "a: b c: d",
        "",
        "mapping values are not allowed in this context",
        1,
        7,
        "a field cannot begin at this ':'",
    ),
    (
        "a: 1\nb\nc: 2",
        "while scanning a simple key",
        "could not find expected ':'",
        3,
        1,
        "': ' is missing after a field name",
    ),
    (
        "a: 'b' c",
        "while parsing a block mapping",
        "did not find expected key",
        1,
        8,
        "expected a field here; check the indentation and the quotes",
    ),
    (
        "- a\nb: c",
        "while parsing a block collection",
        "did not find expected '-' indicator",
        2,
        1,
        "expected '- ' here, or a field indented like those above it",
    ),
    (
        "a: [b}",
        "while parsing a flow sequence",
        "did not find expected ',' or ']'",
        1,
        6,
        "the list is not closed, or a comma is missing",
    ),
    (
        "a: {b: c]",
        "while parsing a flow mapping",
        "did not find expected ',' or '}'",
        1,
        9,
        "the braces are not closed, or a comma is missing",
    ),
    (
        "a: {b:}",
        "while scanning a plain scalar",
        "found unexpected ':'",
        1,
        6,
        "unexpected ':' inside brackets or braces",
    ),
    (
        "a: ? b",
        "",
        "mapping keys are not allowed in this context",
        1,
        4,
        "an unquoted value cannot begin with '? '",
    ),
    (
        "a: - b",
        "",
        "block sequence entries are not allowed in this context",
        1,
        4,
        "a list cannot begin on this line",
    ),
    ("a: b\n\tc", "while scanning a plain scalar", "found a tab character that violates indentation", 2, 1, TAB),
    (
        "a: |\n\tb",
        "while scanning a block scalar",
        "found a tab character where an indentation space is expected",
        2,
        1,
        TAB,
    ),
    ('a: "b\nc: d', "while scanning a quoted scalar", "found unexpected end of stream", 1, 4, UNCLOSED),
    ("a: 'b\n---\nc", "while scanning a quoted scalar", "found unexpected document indicator", 1, 4, UNCLOSED),
    (
        'a: "\\q"',
        "while parsing a quoted scalar",
        "found unknown escape character",
        1,
        5,
        "unknown escape in double quotes",
    ),
    (
        'a: "\\x1"',
        "while parsing a quoted scalar",
        "did not find expected hexdecimal number",
        1,
        7,
        "this escape needs more hexadecimal digits",
    ),
    (
        'a: "\\uD800"',
        "while parsing a quoted scalar",
        "found invalid Unicode character escape code",
        1,
        7,
        "this escape is not a valid character",
    ),
    (
        "a: > b",
        "while scanning a block scalar",
        "did not find expected comment or line break",
        1,
        6,
        "only a comment may follow '|' or '>' on the same line",
    ),
    (
        "a: |0\n b",
        "while scanning a block scalar",
        "found an indentation indicator equal to 0",
        1,
        5,
        "'|' and '>' cannot be followed by 0",
    ),
    (
        "[a]\nb",
        "",
        "did not find expected <document start>",
        2,
        1,
        "this line does not fit the start of the file; check the first lines",
    ),
    (
        "a\n---\nb",
        "expected a single document in the stream",
        "but found another document",
        2,
        1,
        "'---' begins a second document in the file",
    ),
]


@pytest.mark.parametrize(("text", "context", "problem", "line", "column", "message"), TEXTS)
def test_libyaml_error_is_explained(
    text: str, context: str, problem: str, line: int, column: int, message: str
) -> None:
    with pytest.raises(yaml.MarkedYAMLError) as raised:
        compose(text)
    error = raised.value
    assert (error.context or "", error.problem) == (context, problem)
    mark = yaml_compat.fault_mark(error)
    assert mark is not None
    assert (mark.line + 1, mark.column + 1) == (line, column)
    assert explain(error)[0] == message


def test_every_known_libyaml_message_has_an_example() -> None:
    assert {context for _, context, *_ in TEXTS} >= {*yaml_compat._BY_CONTEXT}
    assert {problem for _, _, problem, *_ in TEXTS} >= {*yaml_compat._BY_PROBLEM}


def test_unknown_libyaml_message_is_shown_unchanged() -> None:
    error = yaml.MarkedYAMLError("while reading", None, "found something new")
    assert explain(error) == ("while reading, found something new", "")


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        (
            "about: [a, , b]\n",
            (1, 12),
            "delete the extra comma, or close every bracket and brace",
        ),
        ("says: [a, *Treaty* of 1971]\n", (1, 11), "put the value in quotes"),
        ('says: "a \\\\ path\\q"\n', (1, 17), "write \\\\ for a backslash, or use single quotes"),
    ],
)
def test_problem_has_position_and_hint(text: str, place: tuple[int, int], hint: str) -> None:
    _, (problem,) = load_yaml("x.yml", text.encode())
    assert problem.code == "yaml-syntax"
    assert (problem.place.line, problem.place.column, problem.hint) == (*place, hint)


def test_untagged_scalar_is_text() -> None:
    """PyYAML calls ``resolve`` only for the tag of an untagged node."""
    root = compose("[no, 010, 1e3, 12:30, 2024-12-01, ~, .inf, {a: [b]}, !!int 1]")
    assert isinstance(root, yaml.SequenceNode)
    assert {root.tag, *(item.tag for item in root.value[:-1])} <= DEFAULT_TAGS
    assert [item.tag for item in root.value[:7]] == ["tag:yaml.org,2002:str"] * 7
    assert root.value[-1].tag == "tag:yaml.org,2002:int"


@pytest.mark.slow
def test_values_are_counted_before_they_are_parsed() -> None:
    """PyYAML calls ``descend_resolver`` before a value and ``ascend_resolver`` after it."""
    assert compose("[" * DEEPEST + "]" * DEEPEST)
    with pytest.raises(LimitExceeded, match="nested too deeply") as raised:
        compose("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1))
    assert raised.value.mark.column == DEEPEST - 1
    root = ",".join("a" * (MOST_VALUES - 1))
    assert compose(f"[{root}]")
    with pytest.raises(LimitExceeded, match="200,000 values"):
        compose(f"[{root},a]")
