"""What breaks a file's YAML is told in plain words, at the line where it was written, with the line as it should be."""

import re

import pytest

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
_SHIFTED = "this line is not indented as those beside it"
_NO_DASH = "a '-' is missing before this 'id'"

# what stands there, what was written instead, where it is told and how, and the line that is to be written
SLIPS = [
    (
        "-basin, quay]",
        "-basin, quay",
        "7:16",
        "what '[' opens here is not closed",
        "        about: [harbour-basin, quay]",
    ),
    ("about: [quay]", "about: {quay", "12:16", "what '{' opens here is not closed", "        about: {quay}"),
    ("says: The q", "says:The q", "11:9", "a space is missing behind 'says:'", "        says: The quay grew."),
    ("- id: quay", "- id:quay", "10:9", "a space is missing behind 'id:'", "      - id: quay-longer"),
    ("cite: report:1", "cite:report:1", "9:9", "a space is missing behind 'cite:'", "        cite: report:1"),
    ("when: 1900", "when 1900", "8:9", "a ':' is missing behind 'when'", "        when: 1900"),
    ("- id: quay", "id: quay", "10:7", _NO_DASH, "      - id: quay-longer"),
    ("- id: quay", "  id: quay", "10:7", _NO_DASH, "      - id: quay-longer"),
    ("- id: open", "id: open", "5:7", _NO_DASH, "      - id: opening"),
    ("- id: quay", "-id: quay", "10:7", "a space is missing behind the dash", "      - id: quay-longer"),
    ("- id: open", "-id: open", "5:7", "a space is missing behind the dash", "      - id: opening"),
    (" when: 1900", "when: 1900", "8:8", _SHIFTED, "        when: 1900"),
    (" when: 1900", "  when: 1900", "8:9", _SHIFTED, "        when: 1900"),
    (" - id: quay", "- id: quay", "10:6", _SHIFTED, "      - id: quay-longer"),
    (" - id: quay", "  - id: quay", "10:7", _SHIFTED, "      - id: quay-longer"),
    ("        when", "\twhen", "8:1", "a tab stands where spaces indent", "        when: 1900"),
    ("cite: report:1", "cite: report: 1", "9:15", "a citation has no space at its colon", "        cite: report:1"),
    (
        "cite: report:1",
        "cite: - report:1",
        "9:15",
        "a list behind a field's name stands in brackets",
        "        cite: [report:1]",
    ),
]
VALUES = [
    ('"The quay" grew.', 'the value goes on behind its second "', "'\"The quay\" grew.'"),
    ("'The' quay grew.", "the value goes on behind its second '", "\"'The' quay grew.\""),
    ('"The "long" quay"', 'the value goes on behind its second "', "'The \"long\" quay'"),
    ("'The quay's wall grew.", "the quote that is opened here is not closed", '"The quay\'s wall grew."'),
    ('"The quay grew.', "the quote that is opened here is not closed", '"The quay grew."'),
    ("[The] quay grew.", "the value goes on behind its ']'", '"[The] quay grew."'),
    ("@quay grew.", "a value without quotes cannot begin with '@'", '"@quay grew."'),
    ("*The* quay grew.", "a value without quotes cannot begin with '*'", '"*The* quay grew."'),
    ("Now: the quay grew.", "a colon with a space behind it is that of a field", '"Now: the quay grew."'),
    ("It's more: a quay", "a colon with a space behind it is that of a field", '"It\'s more: a quay"'),
    ("The quay grew:", "a colon with a space behind it is that of a field", '"The quay grew:"'),
]
SLIPS += [("The quay grew.", value, "11:15", message, f"        says: {mended}") for value, message, mended in VALUES]


@pytest.mark.parametrize(("right", "wrong", "place", "message", "mended"), SLIPS, ids=lambda text: text.strip())
def test_a_slip_is_told_where_it_was_made(right: str, wrong: str, place: str, message: str, mended: str) -> None:
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
    assert lines[span.line - 1] == mended
    assert load_yaml("facts/topics/harbour.yml", "\n".join(lines).encode())[1] == []


def test_two_slips_are_mended_one_after_the_other() -> None:
    text = TEXT.replace("says: The quay", "says:The quay").replace("- id: opening", "-id: opening")
    told = []
    while problems := load_yaml("x.yml", text.encode())[1]:
        span = problems[0].place
        told.append(span.line)
        lines = text.splitlines()
        line = lines[span.line - 1]
        lines[span.line - 1] = line[: span.column - 1] + problems[0].fix + line[span.end_column - 1 :]
        text = "\n".join(lines)
    assert told == [5, 11]


def test_a_text_that_a_comment_cuts_in_two() -> None:
    text = TEXT.replace("The quay grew.", "The quay #2\n          grew.")
    _, problems = load_yaml("x.yml", text.encode())
    assert [(p.place.line, p.place.column, p.hint) for p in problems] == [(11, 24, "put the whole text in quotes")]


def test_an_item_of_a_list_without_its_space() -> None:
    text = TEXT.replace("[quay]", "\n          - quay\n          -harbour")
    _, problems = load_yaml("x.yml", text.encode())
    assert [(p.place.line, p.message, p.fix) for p in problems] == [
        (14, "a space is missing behind the dash", "- "),
    ]


def test_an_empty_line_with_a_tab() -> None:
    text = TEXT.replace("        when: 1900\n", "        when: 1900\n\t\n")
    _, problems = load_yaml("x.yml", text.encode())
    assert [(p.place.line, p.message) for p in problems] == [(9, "a tab stands on an empty line")]


def test_each_record_without_its_dash_is_told() -> None:
    text = "- id: one\n  name: One\n  id: two\n  name: Two\n  id: three\n  name: Three\n"
    node, problems = load_yaml("x.yml", text.encode())
    assert node is None
    assert [(p.place.line, p.place.column, p.fix) for p in problems] == [(3, 1, "- id"), (5, 1, "- id")]


def test_the_first_record_of_a_file_without_its_dash() -> None:
    text = "# Places\n  id: one\n  name: One\n- id: two\n  name: Two\n"
    _, problems = load_yaml("x.yml", text.encode())
    assert [(p.place.line, p.place.column, p.fix) for p in problems] == [(2, 1, "- id")]


def test_a_field_that_stands_twice_is_no_missing_dash() -> None:
    node, problems = load_yaml("x.yml", b"- id: one\n  name: One\n  id: two\n")
    assert node is not None
    assert [(p.code, p.place.line) for p in problems] == [("duplicate-key", 3)]


@pytest.mark.parametrize("by", [-2, 2, -1, 3])
@pytest.mark.parametrize("record", range(4))
def test_a_whole_record_at_a_wrong_depth_is_one_slip(record: int, by: int) -> None:
    """Told at the record itself, not at a right one beside it, with all of its lines to be moved."""
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
            f"this record stands {spaces} too far {'left' if by < 0 else 'right'}",
            f"move lines {line} to {last} so that its dash stands in column 7",
        )
    ]
    lines, place = (head + "".join(facts)).splitlines(), problems[0].place
    lines[line - 1 : last] = [lines[line - 1][: place.column - 1] + problems[0].fix]
    assert "\n".join(lines) + "\n" == whole


@pytest.mark.parametrize(
    ("wrong", "mended"),
    [
        ('"The" quay\n          grew.', "'\"The\" quay\n          grew.'"),
        ("'The quay\n          grew.", "'The quay\n          grew.'"),
        ("[The] quay\n          grew.", '"[The] quay\n          grew."'),
        ("Now: the quay\n          grew. # once", '"Now: the quay\n          grew."'),
    ],
)
def test_a_value_over_several_lines_is_mended_as_a_whole(wrong: str, mended: str) -> None:
    text = TEXT.replace("The quay grew.", wrong)
    _, problems = load_yaml("x.yml", text.encode())
    assert [(p.place.line, p.place.column, p.place.end_line, p.fix) for p in problems] == [(11, 15, 12, mended)]
    assert problems[0].hint.endswith("(lines 11 to 12)")


@pytest.mark.parametrize("by", [-2, 2])
def test_the_lines_below_a_dash_at_a_wrong_depth_are_one_slip(by: int) -> None:
    lines = TEXT.splitlines()
    lines[5:9] = [" " * by + line if by > 0 else line[-by:] for line in lines[5:9]]
    (problem,) = load_yaml("x.yml", "\n".join(lines).encode())[1]
    assert problem.message == f"these lines stand 2 spaces too far {'left' if by < 0 else 'right'}"
    assert problem.hint == "move lines 6 to 9 so that they begin in column 9, as the 'id' above"
    lines[5:9] = [lines[5][: problem.place.column - 1] + problem.fix]
    assert "\n".join(lines) + "\n" == TEXT
