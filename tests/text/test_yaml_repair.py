"""Test that mistakes in YAML are reported on the right line with a plain message and a correction."""

import re

import pytest

from briefing.problems import Problem
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
        cite: report:1
      - id: quay-longer
        says: The quay grew.
        about: [quay]
        cite: report:2
"""
_SHIFTED = "this line begins with {} spaces, but should begin with {} spaces"
_WITH_DASH = "'when' has a '-' as if it began a record"
_NO_DASH = "a '-' is missing before this 'id'"

# the right text, the mistake, its position, the message, and the corrected line
SLIPS = [
    (
        "-basin, quay]",
        "-basin, quay",
        "7:16",
        "this '[' is never closed",
        "        about: [harbour-basin, quay]",
    ),
    ("about: [quay]", "about: {quay", "12:16", "this '{' is never closed", "        about: {quay}"),
    ("says: The q", "says:The q", "11:9", "a space is missing after 'says:'", "        says: The quay grew."),
    ("- id: quay", "- id:quay", "10:9", "a space is missing after 'id:'", "      - id: quay-longer"),
    ("cite: report:1", "cite:report:1", "9:9", "a space is missing after 'cite:'", "        cite: report:1"),
    ("when: 1900", "when 1900", "8:9", "a ':' is missing after 'when'", "        when: 1900"),
    ("- id: quay", "id: quay", "10:7", _NO_DASH, "      - id: quay-longer"),
    ("- id: quay", "  id: quay", "10:7", _NO_DASH, "      - id: quay-longer"),
    ("- id: open", "id: open", "5:7", _NO_DASH, "      - id: opening"),
    ("- id: quay", "-id: quay", "10:7", "a space is missing after the dash", "      - id: quay-longer"),
    ("- id: open", "-id: open", "5:7", "a space is missing after the dash", "      - id: opening"),
    (" when: 1900", "when: 1900", "8:8", _SHIFTED.format(7, 8), "        when: 1900"),
    (" when: 1900", "  when: 1900", "8:9", _SHIFTED.format(9, 8), "        when: 1900"),
    (" - id: quay", "- id: quay", "10:6", _SHIFTED.format(5, 6), "      - id: quay-longer"),
    (" - id: quay", "  - id: quay", "10:7", _SHIFTED.format(7, 6), "      - id: quay-longer"),
    ("        when: 1900", "        - when: 1900", "8:9", _WITH_DASH, "        when: 1900"),
    ("        when", "\twhen", "8:1", "this line is indented with a tab", "        when: 1900"),
    ("cite: report:1", "cite: report: 1", "9:15", "a citation cannot contain spaces", "        cite: report:1"),
    (
        "cite: report:1",
        "cite: - report:1",
        "9:15",
        "a list on the same line as its field needs brackets",
        "        cite: [report:1]",
    ),
]
_SECOND = "a line with only '---' is not allowed here"
SLIPS += [
    ("      - id: open", "        id: open", "5:7", _NO_DASH, "      - id: opening"),
    ("- id: quay", "* id: quay", "10:7", "a list cannot have '*' in place of '-'", "      - id: quay-longer"),
    ("when: 1900", "when = 1900", "8:9", "a ':' is missing after 'when'", "        when: 1900"),
    ("when: 1900", "when=1900", "8:9", "a ':' is missing after 'when'", "        when: 1900"),
    ("when: 1900", "when -> 1900", "8:9", "a ':' is missing after 'when'", "        when: 1900"),
    ("when: 1900", "when – 1900", "8:9", "a ':' is missing after 'when'", "        when: 1900"),
    ("when: 1900", "when; 1900", "8:9", "a ':' is missing after 'when'", "        when: 1900"),
    ("when: 1900", "when: ? 1900", "8:15", "the '?' of an uncertain date comes after it", "        when: 1900?"),
    ("- id: quay", "+ id: quay", "10:7", "a list cannot have '+' in place of '-'", "      - id: quay-longer"),
    ("- id: quay", "2. id: quay", "10:7", "a list cannot have '2.' in place of '-'", "      - id: quay-longer"),
    ("cite: report:1", "cite: [R](report:1)", "9:15", "a Markdown link cannot be a value", "        cite: report:1"),
    ("title: The", "%title: The", "1:1", "a line cannot begin with '%'", "title: The harbour"),
    ("when: 1900", "%when: 1900", "8:9", "a line cannot begin with '%'", "        when: 1900"),
    ("[quay]", "[quay].", "12:21", "there is text after the closing ']': .", "        about: [quay]"),
    ("[quay]", "[quay], [basin]", "12:16", "a list can have only one pair of brackets", "        about: [quay, basin]"),
    (
        "- id: quay-longer\n",
        "- id: quay-longer",
        "10:24",
        "the fields 'id' and 'says' are on the same line",
        "      - id: quay-longer\n        says: The quay grew.",
    ),
    (
        "about: [quay]\n        cite: report:2",
        "about: [quay] cite: report:2",
        "12:22",
        "the fields 'about' and 'cite' are on the same line",
        "        about: [quay]\n        cite: report:2",
    ),
    (
        "about: [quay]\n",
        "about: - quay\n          - basin\n",
        "12:14",
        "a list cannot begin on the same line as its field",
        "        about:\n          - quay",
    ),
    (
        "about: [quay]\n",
        "about: - quay\n        - basin\n",
        "12:14",
        "a list cannot begin on the same line as its field",
        "        about:\n        - quay",
    ),
    (
        "cite: report:2",
        "url: [the report](https://port.example/report)",
        "13:14",
        "a Markdown link cannot be a value",
        "        url: https://port.example/report",
    ),
]
VALUES = [
    ("\"The quay grew.'", "the value begins with \" and ends with '", '"The quay grew."'),
    ('"The quay grew.”', 'the value begins with " and ends with ”', '"The quay grew."'),
    ("“Now: the quay grew.”", "typographic quotation marks cannot enclose a value", '"Now: the quay grew."'),
    (r'"C:\Users and quays"', "a backslash has a special meaning in double quotes", r"'C:\Users and quays'"),
    (r'"C:\data"', "a backslash has a special meaning in double quotes", r"'C:\data'"),
    ("- The quay grew.", "a list cannot begin on the same line as its field", '"- The quay grew."'),
    ('"The quay" grew.', 'there is text after the second "', "'\"The quay\" grew.'"),
    ("'The' quay grew.", "there is text after the second '", "\"'The' quay grew.\""),
    ('"The "long" quay"', 'there is text after the second "', "'The \"long\" quay'"),
    ("'The quay's wall grew.", "this quote is never closed", '"The quay\'s wall grew."'),
    ('"The quay grew.', "this quote is never closed", '"The quay grew."'),
    ("[The] quay grew.", "there is text after the closing ']'", '"[The] quay grew."'),
    ("@quay grew.", "an unquoted value cannot begin with '@'", '"@quay grew."'),
    ("*The* quay grew.", "an unquoted value cannot begin with '*'", '"*The* quay grew."'),
    ("Now: the quay grew.", "an unquoted value cannot contain ': ' or end with ':'", '"Now: the quay grew."'),
    ("It's more: a quay", "an unquoted value cannot contain ': ' or end with ':'", '"It\'s more: a quay"'),
    ("The quay grew:", "an unquoted value cannot contain ': ' or end with ':'", '"The quay grew:"'),
]
SLIPS += [
    ("The quay grew.", value, "11:15", message, f"        says: {corrected}") for value, message, corrected in VALUES
]


@pytest.mark.parametrize(("right", "wrong", "place", "message", "corrected"), SLIPS, ids=lambda text: text.strip())
def test_slip_is_reported_and_corrected(right: str, wrong: str, place: str, message: str, corrected: str) -> None:
    assert TEXT.count(right) == 1
    text = TEXT.replace(right, wrong)
    _, problems = load_yaml("facts/topics/harbour.yml", text.encode())
    assert [(problem.code, problem.message) for problem in problems] == [("yaml-syntax", message)]
    span = problems[0].place
    assert f"{span.line}:{span.column}" == place
    assert span.end_line == span.line
    lines = text.splitlines()
    line = lines[span.line - 1]
    lines[span.line - 1] = line[: span.column - 1] + problems[0].fix + line[span.end_column - 1 :]
    assert lines[span.line - 1] == corrected
    assert load_yaml("facts/topics/harbour.yml", "\n".join(lines).encode())[1] == []


@pytest.mark.parametrize("above", ["sections:", "      - id: quay-longer", "        when: 1900"])
def test_second_document_is_deleted(above: str) -> None:
    text = TEXT.replace(above, f"---\n{above}")
    (problem,) = load_yaml("x.yml", text.encode())[1]
    assert (problem.message, problem.hint, problem.is_safe) == (_SECOND, "delete it", True)
    lines, line = text.splitlines(), problem.place.line
    assert lines[line - 1] == "---"
    lines[line - 1 : problem.place.end_line] = [problem.fix]
    assert "\n".join(lines) + "\n" == TEXT


def test_end_of_a_document_at_the_end_of_the_file() -> None:
    (problem,) = load_yaml("x.yml", f"{TEXT}---\n".encode())[1]
    assert (problem.place[1:], problem.message, problem.is_safe) == ((14, 1, 14, 4), _SECOND, True)
    assert load_yaml("x.yml", f"{TEXT}{problem.fix}\n".encode())[1] == []


def test_second_document_with_the_same_fields_is_not_joined() -> None:
    (problem,) = load_yaml("x.yml", f"{TEXT}---\n{TEXT}".encode())[1]
    assert (problem.place.line, problem.message, problem.fix, problem.is_safe) == (14, _SECOND, "", False)
    assert "a file of their own" in problem.hint


def test_text_after_a_list_is_not_lost() -> None:
    problem = _problem_of("[quay]", "[quay] and others")
    assert problem.message == "there is text after the closing ']': and others"
    assert (problem.place[1:], problem.fix) == ((12, 22, 12, 33), "")
    for rest in (" basin", ", basin"):
        problem = _problem_of("[quay]", f"[quay]{rest}")
        assert (problem.place[1:], problem.fix) == ((12, 21, 12, 22 + len(rest)), ", basin]")


@pytest.mark.parametrize("line", ["-----", "=====", "***", "```yaml"])
def test_line_across_the_page_is_deleted(line: str) -> None:
    problem = _problem_of("sections:", f"{line}\nsections:")
    assert (problem.place.line, problem.hint, problem.fix) == (2, "delete it", "sections:")


@pytest.mark.parametrize("line", ["// checked", "<!-- checked -->", "% checked", "/* checked */"])
def test_comment_of_another_language(line: str) -> None:
    problem = _problem_of("        when: 1900", f"        {line}\n        when: 1900")
    assert (problem.message, problem.place[1:3], problem.fix) == ("a comment begins with '#'", (8, 9), "# ")


@pytest.mark.parametrize("line", ["checked", "grew much longer.", "| when | 1900 |"])
def test_line_that_is_not_a_field(line: str) -> None:
    """It may continue the text above, so it is not commented out."""
    problem = _problem_of("        when: 1900", f"        {line}\n        when: 1900")
    assert (problem.message, problem.place[1:3], problem.fix) == ("this line is not a field", (8, 9), "")


def test_a_text_with_a_colon_is_not_taken_for_two_fields() -> None:
    assert _problem_of("The quay grew.", "He said: no").fix == '"He said: no"'


@pytest.mark.parametrize(
    ("end", "column"),
    [("        whe", 9), ('        when: "19', 15), ("        words: [harbour-ba", 16)],
)
def test_file_that_is_cut_off_has_no_fix(end: str, column: int) -> None:
    """Closing the quote or bracket would hide that a part is missing."""
    (problem,) = load_yaml("x.yml", f"{TEXT}{end}".encode())[1]
    assert (problem.place.line, problem.place.column, problem.fix) == (14, column, "")
    assert problem.message.startswith("the file ends in the middle of this line")


def test_only_one_meaning_is_safe() -> None:
    assert _problem_of("when: 1900", "when = 1900").is_safe
    for right, wrong in (("when: 1900", "when 1900"), ("grew.", "grew: much"), ("[quay]", "[quay].")):
        assert not _problem_of(right, wrong).is_safe


def test_field_without_colon_before_a_block_text() -> None:
    assert _problem_of("says: The quay", "says = >-\n          The quay").place.line == 11


def _problem_of(right: str, wrong: str) -> Problem:
    (problem,) = load_yaml("x.yml", TEXT.replace(right, wrong).encode())[1]
    return problem


def test_two_slips_are_corrected_one_after_the_other() -> None:
    text = TEXT.replace("says: The quay", "says:The quay").replace("- id: opening", "-id: opening")
    lines_reported = []
    while problems := load_yaml("x.yml", text.encode())[1]:
        span = problems[0].place
        lines_reported.append(span.line)
        lines = text.splitlines()
        line = lines[span.line - 1]
        lines[span.line - 1] = line[: span.column - 1] + problems[0].fix + line[span.end_column - 1 :]
        text = "\n".join(lines)
    assert lines_reported == [5, 11]


def test_comment_in_the_middle_of_a_text() -> None:
    text = TEXT.replace("The quay grew.", "The quay #2\n          grew.")
    _, problems = load_yaml("x.yml", text.encode())
    assert [(p.place.line, p.place.column, p.hint) for p in problems] == [(11, 24, "put the whole text in quotes")]


def test_list_item_without_space_after_dash() -> None:
    text = TEXT.replace("[quay]", "\n          - quay\n          -harbour")
    _, problems = load_yaml("x.yml", text.encode())
    assert [(p.place.line, p.message, p.fix) for p in problems] == [
        (14, "a space is missing after the dash", "- "),
    ]


def test_tab_on_an_empty_line() -> None:
    text = TEXT.replace("        when: 1900\n", "        when: 1900\n\t\n")
    _, problems = load_yaml("x.yml", text.encode())
    assert [(p.place.line, p.message) for p in problems] == [(9, "an empty line contains a tab")]


def test_each_missing_dash_is_reported() -> None:
    text = "- id: one\n  name: One\n  id: two\n  name: Two\n  id: three\n  name: Three\n"
    node, problems = load_yaml("x.yml", text.encode())
    assert node is None
    assert [(p.place.line, p.place.column, p.fix) for p in problems] == [(3, 1, "- id"), (5, 1, "- id")]


def test_missing_dash_of_the_first_record() -> None:
    text = "# Places\n  id: one\n  name: One\n- id: two\n  name: Two\n"
    _, problems = load_yaml("x.yml", text.encode())
    assert [(p.place.line, p.place.column, p.fix) for p in problems] == [(2, 1, "- id")]


def test_duplicate_key_is_not_a_missing_dash() -> None:
    node, problems = load_yaml("x.yml", b"- id: one\n  name: One\n  id: two\n")
    assert node is not None
    assert [(p.code, p.place.line) for p in problems] == [("duplicate-key", 3)]


@pytest.mark.parametrize("by", [-2, 2, -1, 3])
@pytest.mark.parametrize("record", range(4))
def test_misplaced_record_is_one_slip(record: int, by: int) -> None:
    """The problem spans the misplaced record, not a correct one beside it, and the fix moves all its lines."""
    head, first, second = TEXT.partition("      - id: opening")[0], *re.findall(r" +- id.*\n(?: {8}.*\n)+", TEXT)
    facts = [first, second, second.replace("quay-longer", "quay-wider"), second.replace("quay-longer", "quay-higher")]
    whole = head + "".join(facts)
    assert load_yaml("x.yml", whole.encode())[1] == []
    line = (head + "".join(facts[:record])).count("\n") + 1
    last = line + facts[record].count("\n") - 1
    facts[record] = "".join(" " * by + line if by > 0 else line[-by:] for line in facts[record].splitlines(True))
    problems = load_yaml("x.yml", (head + "".join(facts)).encode())[1]
    spaces = f"{abs(by)} space{'s' * (abs(by) > 1)}"
    assert [(p.place.line, p.place.end_line, p.message, p.hint) for p in problems] == [
        (
            line,
            last,
            f"this record is {spaces} too far {'left' if by < 0 else 'right'}",
            f"move lines {line} to {last} so that its dash is in column 7",
        )
    ]
    lines, place = (head + "".join(facts)).splitlines(), problems[0].place
    lines[line - 1 : last] = [lines[line - 1][: place.column - 1] + problems[0].fix]
    assert "\n".join(lines) + "\n" == whole


@pytest.mark.parametrize(
    ("wrong", "corrected"),
    [
        ('"The" quay\n          grew.', "'\"The\" quay\n          grew.'"),
        ("'The quay\n          grew.", "'The quay\n          grew.'"),
        ("[The] quay\n          grew.", '"[The] quay\n          grew."'),
        ("Now: the quay\n          grew. # once", '"Now: the quay\n          grew."'),
    ],
)
def test_value_on_several_lines_is_corrected_as_a_whole(wrong: str, corrected: str) -> None:
    text = TEXT.replace("The quay grew.", wrong)
    _, problems = load_yaml("x.yml", text.encode())
    assert [(p.place.line, p.place.column, p.place.end_line, p.fix) for p in problems] == [(11, 15, 12, corrected)]
    assert problems[0].hint.endswith("(lines 11 to 12)")


@pytest.mark.parametrize("by", [-2, 2])
def test_misplaced_fields_of_a_record_are_one_slip(by: int) -> None:
    lines = TEXT.splitlines()
    lines[5:9] = [" " * by + line if by > 0 else line[-by:] for line in lines[5:9]]
    (problem,) = load_yaml("x.yml", "\n".join(lines).encode())[1]
    assert problem.message == f"these lines are 2 spaces too far {'left' if by < 0 else 'right'}"
    assert problem.hint == "move lines 6 to 9 so that they begin in column 9, like the 'id' above"
    lines[5:9] = [lines[5][: problem.place.column - 1] + problem.fix]
    assert "\n".join(lines) + "\n" == TEXT
