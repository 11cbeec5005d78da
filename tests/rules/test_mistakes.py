"""Each mistake is reported once, at its line and column, with the closest correct word, and hides no other."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import mistakes
import pytest
from briefing_folders import MISTAKES
from support import ROOT, VASA, copy_briefing, run_briefing

from briefing.compile import Inputs, check, check_past
from briefing.evidence.change_classes import CLASSES
from briefing.model.parser import parse
from briefing.problems import CODES, RENAMED_CODES, Problem, Span, as_code
from briefing.project.reader import read_inputs
from briefing.reporting.explanations import explanations
from briefing.rules import CAUSES, RULES

CASES = sorted(MISTAKES.glob("*.yml"))
# No single file can show these. They have tests of their own: on pins, on settings of VS Code, on a briefing without
# its first file, on differences, and on files that are not or cannot be read.
WITHOUT_EXAMPLE = {
    "closer-paragraph",
    "denied-in-source",
    "hedged-in-source",
    "ignored-file",
    "json-syntax",
    "misattributed-quotation",
    "missing-file",
    "names-reversed",
    "opposite-word",
    "unattributed",
    "unconfirmed-addition",
    "unexplained-change",
    "unlisted-published",
    "unreadable-file",
}


def _header(case: Path) -> list[str]:
    """Return the comments at the top of an example: the file that it replaces, and the problems to find."""
    lines = case.read_bytes().decode("latin-1").splitlines()
    return [line.removeprefix("# ").removeprefix("file: ") for line in lines if line.startswith("# ")]


def _codes(case: Path) -> set[str]:
    return set(re.findall(r"\d+:\d+ (?:error|warning) (\S+)", "\n".join(_header(case))))


@pytest.fixture(scope="module")
def sound() -> Inputs:
    return read_inputs(MISTAKES / "base")


def test_base_of_examples_has_no_problems(sound: Inputs) -> None:
    assert check(sound).problems == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_example_is_named_after_its_code(case: Path) -> None:
    assert any(f"{case.stem}-".startswith(f"{code}-") for code in _codes(case))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_example(case: Path, sound: Inputs) -> None:
    """Each example replaces one file. The comments at its top name that file, the problems to find and, after an arrow,
    the text that fixes them.
    """
    file, *expected = _header(case)
    found = check(Inputs({**sound.facts, file: case.read_bytes()}, {})).problems
    assert [line for problem in found for line in _format_problem(problem, file)] == expected


@pytest.mark.slow
def test_suggested_fix_removes_the_problem(sound: Inputs) -> None:
    """And it causes no other problem."""
    fixed = set()
    for case in CASES:
        data = case.read_bytes()
        file = _header(case)[0]
        before = check(Inputs({**sound.facts, file: data}, {})).problems
        for problem in before:
            if not problem.fix:
                continue
            place = problem.place
            facts = {**sound.facts, file: data}
            lines = facts[place.file].decode().splitlines()
            rest = lines[place.end_line - 1][place.end_column - 1 :]
            lines[place.line - 1 : place.end_line] = [lines[place.line - 1][: place.column - 1] + problem.fix + rest]
            after = check(Inputs({**facts, place.file: "\n".join(lines).encode()}, {})).problems
            # The list may already contain the right one.
            wrong = {p.place for p in after if p.code != "duplicate-reference"}
            assert wrong < {p.place for p in before}, case
            fixed.add(case)
    assert fixed == {case for case in CASES if any(" -> " in line for line in _header(case))}


def _format_problem(problem: Problem, file: str) -> list[str]:
    place = problem.place
    where = "" if place.file == file else f"{place.file}:"
    line = f"{where}{place.line}:{place.column} {problem.severity} {problem.code}"
    line += f" -> {problem.fix}" if problem.fix else ""
    return [line, f"  {problem.hint}"] if "did you mean" in problem.hint else [line]


@pytest.mark.parametrize(
    ("case", "ids"),
    [
        # The subject is the record, whichever step finds the problem.
        ("duplicate-key", [("opening", "")]),
        ("missing-field-says", [("opening", "")]),
        ("unused-actor", [("harbour-master", "")]),
        # Here it is a topic.
        ("wrong-cell-count", [("harbour", "")]),
        # A sentence of the bottom line has no id.
        ("unsupported", [("", "")]),
        # Here it is the undefined id.
        ("unknown-source-of-a-role", [("repport", "report")]),
        ("unknown-place", [("harbour-basins", "harbour-basin")]),
        ("unknown-actor-country", [("sweden", "")]),
        ("misspelt-id-of-source", [("reprot", "report")]),
    ],
)
def test_problem_has_subject_and_expected_id(case: str, ids: list[tuple[str, str]], sound: Inputs) -> None:
    path = MISTAKES / f"{case}.yml"
    found = check(replace(sound, facts={**sound.facts, _header(path)[0]: path.read_bytes()})).problems
    assert [(problem.subject, problem.expected) for problem in found] == ids


def test_order_and_equality_ignore_ids() -> None:
    one, other = (Problem(Span("a.yml"), "bad-id", "wrong", subject=id, expected=id) for id in ("a", "b"))
    assert one == other
    assert len({one, other}) == 1
    assert not (one < other or other < one)


def test_text_is_a_code_only_by_its_present_name() -> None:
    assert [as_code(text) for text in CODES] == [*CODES]
    for text in (*RENAMED_CODES, "no-such-code"):
        with pytest.raises(KeyError):
            as_code(text)


def test_every_code_has_an_example() -> None:
    """The explanations have examples too, which ``tests/reporting/test_explanations.py`` checks."""
    shown = {code for case in CASES for code in _codes(case)}
    shown |= {explanation.code for explanation in explanations().values() if explanation.file}
    assert set(CODES) - shown == WITHOUT_EXAMPLE


def test_misnamed_file_is_one_problem(sound: Inputs) -> None:
    for right, wrong in (
        ("facts/sources.yml", "facts/source.yml"),
        ("facts/topics/harbour.yml", "facts/topics/harbour.yaml"),
    ):
        facts = {wrong if file == right else file: data for file, data in sound.facts.items()}
        found = check(Inputs(facts, {})).problems
        assert [(p.place.file, p.code, p.hint) for p in found] == [(wrong, "unknown-file", f"rename it to '{right}'")]


def test_unknown_file_is_not_read(sound: Inputs) -> None:
    found = check(Inputs({**sound.facts, "facts/diary.yml": b"a: [\n"}, {})).problems
    assert [(p.place, p.code) for p in found] == [(Span("facts/diary.yml"), "unknown-file")]


def test_missing_record_is_one_problem(sound: Inputs) -> None:
    """Four records refer to the source, and all of them are right."""
    facts = {**sound.facts, "facts/sources.yml": sound.facts["facts/sources.yml"].replace(b"id: report", b"id: ledger")}
    found = check(Inputs(facts, {})).problems
    assert [p.message for p in found] == ["there is no source 'report' (4 references to it)"]


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("briefing", "", "profile: {title: T, columns: [A, B], rows: [{cells: [a, {says: b, rests_on: [%s, %s]}]}]}\n"),
        ("briefing", "", "contrast: {title: T, sides: [{title: A, facts: [%s, %s]}]}\n"),
        ("briefing", "", "status: {says: It holds., rests_on: [%s, %s]}\n"),
        (
            "topics/harbour",
            "sections:",
            "tables: [{title: T, columns: A, rows: [{cells: [{says: a, rests_on: [%s, %s]}]}]}]\n",
        ),
        ("places", "  position:", "  standing: {how: confirmed, as_of: 1900, rests_on: [%s, %s]}\n"),
    ],
)
def test_fact_listed_twice_is_one_problem_in_any_list(sound: Inputs, file: str, before: str, after: str) -> None:
    _is_doubled(sound, file, before, after, "opening")


@pytest.mark.parametrize(
    ("file", "before", "after", "item"),
    [
        ("actors", "  roles:", "  aliases: [%s, %s]\n", "Port"),
        ("actors", "  roles:", "  metonyms: [%s, %s]\n", "The Port"),
        ("actors", "", "    - {says: owns the quay, cite: [%s, %s]}\n", "report:1"),
        ("topics/harbour", "        when:", "        words: [%s, %s]\n", "quay"),
        ("briefing", "", "evidence_for: [%s, %s]\n", "date"),
    ],
)
def test_item_listed_twice_is_one_problem(sound: Inputs, file: str, before: str, after: str, item: str) -> None:
    _is_doubled(sound, file, before, after, item)


def _is_doubled(inputs: Inputs, file: str, before: str, after: str, item: str) -> None:
    """Assert that ``after``, inserted before ``before`` or at the end of the file, is reported at its second item."""
    file, written = f"facts/{file}.yml", after % (item, item)
    text = inputs.facts[file].decode()
    text = text.replace(before, written + before, 1) if before else text + written
    (problem,) = check(replace(inputs, facts={**inputs.facts, file: text.encode()})).problems
    line = text[: text.index(written)].count("\n") + 1
    assert (problem.code, problem.place.file, problem.place.line) == ("duplicate-reference", file, line)
    assert problem.place.column == written.rindex(item) + 1


def test_cells_of_a_table_may_repeat(sound: Inputs) -> None:
    file = "facts/briefing.yml"
    table = b"profile: {title: T, columns: [A, B, C], rows: [{cells: [a, {says: yes, rests_on: opening}, yes]}]}\n"
    assert check(replace(sound, facts={**sound.facts, file: sound.facts[file] + table})).problems == ()


@pytest.fixture(scope="module")
def explained() -> Inputs:
    return read_inputs(ROOT / "tests" / "explained")


def _with_answers(inputs: Inputs, *answers: str) -> Inputs:
    """Return the inputs with one more fact for each of ``answers``, and without the other answers."""
    file = "facts/topics/trade.yml"
    text = inputs.facts[file].decode().replace("        answers: [what-for]\n", "")
    for number, answer in enumerate(answers):
        text += f"      - id: hope-{number}\n        says: The Port Authority hopes for more trade.\n"
        text += f"        about: [port-authority]\n        cite: report:3\n        answers: [{answer}]\n"
    return replace(inputs, facts={**inputs.facts, file: text.encode()})


@pytest.mark.parametrize("count", [1, 2, 3, 4, 9])
def test_misspelt_question_is_one_problem_with_a_suggestion(explained: Inputs, count: int) -> None:
    """Even if many facts misspell it in the same way: a question without answers may have the right id."""
    (problem,) = check(_with_answers(explained, *["what-fore"] * count)).problems
    assert (problem.code, problem.place.file, problem.place.line) == ("unknown-question", "facts/topics/trade.yml", 22)
    assert (problem.subject, problem.expected, problem.fix) == ("what-fore", "what-for", "what-for")
    assert problem.hint == "did you mean 'what-for'?"
    assert (" references to it)" in problem.message) == (count > 1)


def test_each_wrong_question_is_reported_separately(explained: Inputs) -> None:
    wrong = ("what-fore", "what-fro", "zebra", "whatfor", "giraffe")
    found = check(_with_answers(explained, *wrong)).problems
    assert [(p.code, p.subject) for p in found] == [("unknown-question", id) for id in wrong]
    assert [p.fix for p in found] == ["what-for", "what-for", "", "what-for", ""]


def test_each_wrong_paragraph_is_reported_separately(explained: Inputs) -> None:
    file = "facts/topics/harbour.yml"
    text = re.sub(r"report:(\d)", r"report:1\1", explained.facts[file].decode())
    text = text.replace("cite: [report:12]", "cite: [report:13, report:14]")
    found = check(replace(explained, facts={**explained.facts, file: text.encode()})).problems
    wanted = ["report:11", "report:12", "report:12", "report:13", "report:14"]
    assert [p.subject for p in found if p.code == "unknown-paragraph"] == wanted


def test_misspelt_topic_does_not_rename_a_record_with_its_id(explained: Inputs) -> None:
    """Ids of topics may equal those of other records."""
    facts = {
        "facts/actors.yml": b"- id: harbour\n  name: The Harbour\n  kind: group\n",
        "facts/topics/trade.yml": b"        also: [harbor]\n",
    }
    facts = {file: explained.facts[file] + more for file, more in facts.items()}
    facts["facts/topics/trade.yml"] = facts["facts/topics/trade.yml"].replace(b"[harbour]", b"[harbor]")
    found = check(replace(explained, facts={**explained.facts, **facts})).problems
    assert [(p.code, p.fix) for p in found if p.severity == "error"] == [("unknown-topic", "harbour")] * 2


def test_misspelt_reference_hides_no_problem_of_its_target(explained: Inputs) -> None:
    files = {
        "facts/briefing.yml": ("rests_on: [harbour-opened]", "rests_on: [harbor-opened]"),
        "facts/topics/harbour.yml": ("with a quay in 1900.", "with a quay in 1901."),
    }
    facts = {file: explained.facts[file].decode().replace(*edit).encode() for file, edit in files.items()}
    found = check(replace(explained, facts={**explained.facts, **facts})).problems
    assert {p.code for p in found} >= {"unknown-fact", "not-in-source"}


@pytest.mark.parametrize("field", ["unit", "count", "unit|count"])
def test_source_without_count_is_one_problem(vasa: Inputs, field: str) -> None:
    """Many facts cite its paragraphs, and a pin counts them."""
    file = "facts/sources.yml"
    lines = vasa.facts[file].decode().splitlines()
    rest = "\n".join(line for line in lines if not re.match(rf"  ({field}): ", line))
    found = check(Inputs({**vasa.facts, file: rest.encode()}, {})).problems
    assert [(p.code, p.place.line) for p in found] == [("missing-field", 1)]


def test_misspelt_id_with_many_references_is_one_problem(vasa: Inputs) -> None:
    for file, id, wrong in (
        ("facts/sources.yml", b"id: account", b"id: acount"),
        ("facts/actors.yml", b"id: sweden", b"id: swedem"),
        ("facts/actors.yml", b"id: anders-franzen", b"id: anders-franzem"),
        ("facts/places.yml", b"id: stockholm", b"id: stokholm"),
    ):
        data = vasa.facts[file].replace(id, wrong, 1)
        found = check(Inputs({**vasa.facts, file: data}, {})).problems
        assert [(p.code, p.place.file, p.fix) for p in found] == [("misspelt-id", file, id[4:].decode())]


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("\n          -vasa", "- vasa"),
        (" -vasa", "vasa"),
        ("\n          -vasa\n          -gunport", ""),
    ],
)
def test_missing_space_after_dash_is_reported(vasa: Inputs, written: str, fix: str) -> None:
    file = "facts/topics/loss.yml"
    text = vasa.facts[file].decode().replace(" [gustav-ii-adolf, henrik-hybertsson, vasa]", written)
    found = check(Inputs({**vasa.facts, file: text.encode()}, {})).problems
    assert [(p.code, p.message, p.place.line, p.fix) for p in found] == [
        ("bad-id", "missing space after '-'", 8 + written.startswith("\n"), fix)
    ]


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("[vasa, Henrik Hybertsson, King Gustav II Adolf]", "[vasa, henrik-hybertsson, gustav-ii-adolf]"),
        ("[Gustavus Adolphus, vasa]", "gustav-ii-adolf"),
        ("Hybertsson, vasa", "[henrik-hybertsson, vasa]"),
        ("[Vasa, Henrik Hybertsson, the king]", "[vasa, henrik-hybertsson, gustav-ii-adolf]"),
        # A valid id stays as it is.
        ("[keel, Henrik Hybertsson, The Vasa]", "[keel, henrik-hybertsson, vasa]"),
        ("[Nobody Whosoever, Vasa]", ""),
    ],
)
def test_names_in_place_of_ids_are_replaced_by_ids(vasa: Inputs, written: str, fix: str) -> None:
    file = "facts/topics/loss.yml"
    text = vasa.facts[file].decode().replace("[gustav-ii-adolf, henrik-hybertsson, vasa]", written)
    found = check(Inputs({**vasa.facts, file: text.encode()}, {})).problems
    assert [(p.code, p.place.line, p.fix) for p in found] == [("bad-id", 8, fix)]


@pytest.mark.parametrize(
    ("right", "wrong", "fixed", "is_safe"),
    [
        ("[harbour-basin, quay, port-authority]", "[harbour-basin; quay]", "[harbour-basin, quay]", True),
        ("[harbour-basin, quay, port-authority]", "harbour-basin quay", "[harbour-basin, quay]", True),
        ("[harbour-basin, quay, port-authority]", "harbour-basin and quay", "[harbour-basin, quay]", False),
        (
            "[harbour-basin, quay, port-authority]",
            "[quay; quay, port-authority]",
            "[quay, quay, port-authority]",
            False,
        ),
        (
            "[harbour-basin, quay, port-authority]",
            "\n          - quay; harbour-basin",
            "\n          - quay\n          - harbour-basin",
            True,
        ),
        ("report:1", "report:1; report:2", "[report:1, report:2]", True),
        ("report:1", "[report:1 report:2]", "[report:1, report:2]", True),
        ("when: 1900", "when: 1900# the year", "when: 1900 # the year", True),
    ],
)
def test_fix_of_a_list_keeps_every_item(sound: Inputs, right: str, wrong: str, fixed: str, is_safe: bool) -> None:
    file = "facts/topics/harbour.yml"
    text = sound.facts[file].decode()
    written = text.replace(right, wrong)
    problem = check(replace(sound, facts={**sound.facts, file: written.encode()})).problems[0]
    assert problem.is_safe == is_safe
    lines, at = written.split("\n"), problem.place
    line = lines[at.line - 1]
    lines[at.line - 1] = line[: at.column - 1] + problem.fix + line[at.end_column - 1 :]
    assert "\n".join(lines) == text.replace(right, fixed)
    found = check(replace(sound, facts={**sound.facts, file: "\n".join(lines).encode()})).problems
    assert problem.code not in {other.code for other in found}


@pytest.mark.parametrize(
    ("file", "right", "wrong", "expected"),
    [
        ("sources", "count: 9", "count: nine", ("wrong-type", "9")),
        ("sources", "count: 9", "count: Nine.", ("wrong-type", "9")),
        ("sources", "count: 9", 'count: "1,200"', ("wrong-type", "1200")),
        ("sources", "count: 9", "count: many", ("wrong-type", "")),
        ("sources", "count: 9", "count:", ("empty-value", "")),
        ("places", "lat: 59.1", "lat: 59,1", ("wrong-type", "59.1")),
        ("places", "lat: 59.1", "lat: -59,1", ("wrong-type", "-59.1")),
        ("places", "lat: 59.1", "lat: '59,1'", ("wrong-type", "59.1")),
        ("places", "lat: 59.1", "lat: 59.1, 7", ("unknown-field", "")),
        ("topics/harbour", "when: 1900", "when:", ("empty-value", "")),
        ("topics/harbour", "when: 1900", "by:", ("empty-value", "")),
        ("topics/harbour", "when: 1900", "kind:", ("empty-value", "")),
        ("topics/harbour", "cite: report:1", "cite: re--port:1", ("bad-citation", "report:1")),
        ("briefing", "topics: [harbour]", "topics: []", ("empty-value", "")),
        ("briefing", "question:", "moved: {f/x: ''}\nquestion:", ("empty-value", "")),
        ("briefing", "question:", "moved: {'': f/opening}\nquestion:", ("bad-address", "")),
    ],
)
def test_numbers_and_empty_values(sound: Inputs, file: str, right: str, wrong: str, expected: tuple[str, str]) -> None:
    file = f"facts/{file}.yml"
    text = sound.facts[file].decode()
    assert text.count(right) == 1
    found = check(Inputs({**sound.facts, file: text.replace(right, wrong).encode()}, {})).problems
    assert [(p.code, p.fix) for p in found] == [expected]


def test_wrong_word_in_a_list_is_reported_with_the_accepted_words(sound: Inputs) -> None:
    file = "facts/briefing.yml"
    for written, hint in (
        ("dat", "did you mean 'date'?"),
        ("zzz", f"use one of: {', '.join(CLASSES)}"),
    ):
        text = sound.facts[file].decode() + f"evidence_for: [number, {written}]\n"
        (problem,) = check(replace(sound, facts={**sound.facts, file: text.encode()})).problems
        assert (problem.message, problem.hint) == (f"invalid value '{written}' for 'evidence_for'", hint)


@pytest.mark.parametrize(
    ("lat", "message"),
    [("-91", "'lat' must be at least -90, not -91"), ("90.5", "'lat' must be at most 90, not 90.5")],
)
def test_number_out_of_range_is_reported_with_its_limit(sound: Inputs, lat: str, message: str) -> None:
    facts = {**sound.facts, "facts/places.yml": sound.facts["facts/places.yml"].replace(b"59.1", lat.encode())}
    assert [p.message for p in check(Inputs(facts, {})).problems] == [message]


@pytest.mark.parametrize(
    ("written", "codes"),
    [(reason, ["no-reason"]) for reason in ("yes", "true", "x", "2026-01-01", "20 May 2026")]
    + [("Told twice.", ["based-on-retired"])],
)
def test_retired_fact_needs_a_reason(vasa: Inputs, written: str, codes: list[str]) -> None:
    file, old = "facts/topics/loss.yml", "        when: 1627\n"
    text = vasa.facts[file].decode().replace(old, f"{old}        retired: {written}\n")
    found = check(Inputs({**vasa.facts, file: text.encode()}, {})).problems
    assert [p.code for p in found if p.code != "uncited-paragraph"] == codes


@pytest.mark.slow
def test_duplicate_id_is_one_problem(vasa: Inputs) -> None:
    """Whatever depends on it, and whichever of the two records the other rules would use."""
    file = "facts/topics/loss.yml"
    ids = re.findall(r"- id: (\S+)", vasa.facts[file].decode())
    named = {id for *_, ids in check(vasa).briefing.iter_support() for id in ids}
    named |= {id for fact in check(vasa).briefing.facts for id in (*fact.targets, *fact.supersedes)}
    assert not named.isdisjoint(ids[1:])
    for id in ids[1:]:
        text = vasa.facts[file].decode().replace(f"- id: {id}\n", f"- id: {ids[0]}\n")
        found = check(Inputs({**vasa.facts, file: text.encode()}, {})).problems
        first = text[: text.index(f"- id: {ids[0]}")].count("\n") + 1
        wanted = f"'{ids[0]}' is the id of two records; the first is at {file}:{first}"
        assert [(p.code, p.message) for p in found] == [("duplicate-id", wanted)]
        assert ("which does not exist" in found[0].hint) == (id in named)


@pytest.mark.parametrize(
    ("right", "wrong", "home"),
    [
        (
            "about: [harbour-basin",
            "about: [zzz, harbour-basin",
            "facts/actors.yml, facts/places.yml or facts/glossary.yml",
        ),
        ("cite: report:1", "cite: [report:1, zzz:1]", "facts/sources.yml"),
        ("when: 1900", "also: zzz", "facts/topics (one file per topic)"),
        ("when: 1900", "by: zzz", "facts/actors.yml"),
        ("when: 1900", "refines: zzz", "facts/topics ('briefing add fact' adds one)"),
        ("when: 1900", "answers: zzz", "'views' of facts/briefing.yml"),
    ],
)
def test_unknown_id_without_a_similar_one_gets_the_file_to_look_in(
    sound: Inputs, right: str, wrong: str, home: str
) -> None:
    file = "facts/topics/harbour.yml"
    text = sound.facts[file].decode().replace(right, wrong)
    found = check(Inputs({**sound.facts, file: text.encode()}, {})).problems
    hint = f"use an existing id from {home}, or add one there"
    assert [(p.hint, p.fix) for p in found] == [(hint, "")]


def _with_misspelt_references(inputs: Inputs, count: int, last: str = "") -> Inputs:
    """Return the inputs with ``count`` more facts that each refer to another wrong id, followed by ``last``."""
    file = "facts/topics/harbour.yml"
    text = inputs.facts[file].decode()
    for number in range(count):
        text += f"      - {{id: quay-{number}, says: The quay grew., about: quay, cite: report:1"
        text += f", refines: quai-{number}}}\n"
    return replace(inputs, facts={**inputs.facts, file: f"{text}{last}".encode()})


@pytest.mark.slow
def test_suggestion_does_not_depend_on_other_misspelt_ids(sound: Inputs) -> None:
    last = "      - {id: last, says: The quay grew., about: quay, cite: report:1, also: [harbur]}\n"
    found = check(_with_misspelt_references(sound, 350, last)).problems
    assert [p.expected for p in found if p.code == "unknown-topic"] == ["harbour"]


@pytest.mark.slow
def test_rules_are_deterministic(sound: Inputs) -> None:
    briefing, _ = parse(_with_misspelt_references(sound, 350).facts, frozenset())
    for rule in (*CAUSES, *RULES):
        fresh = replace(briefing)
        assert [*rule(fresh)] == [*rule(fresh)], rule


@pytest.mark.slow
def test_equal_misspelt_ids_get_the_same_suggestion(sound: Inputs) -> None:
    """Even if there are too many different misspelt ids to give each one a suggestion."""
    inputs = _with_misspelt_references(sound, 350)
    file = "facts/topics/harbour.yml"
    text = re.sub(r"quai-(1|200|340)\}", "openig}", inputs.facts[file].decode())
    found = check(replace(inputs, facts={**inputs.facts, file: text.encode()})).problems
    assert [p.expected for p in found if p.subject == "openig"] == ["opening"] * 3
    assert 100 < sum(bool(p.expected) for p in found) < 320


def test_briefing_without_its_first_file(sound: Inputs) -> None:
    facts = {file: data for file, data in sound.facts.items() if not file.endswith("briefing.yml")}
    assert [(p.code, p.place.file) for p in check(Inputs(facts, {})).problems] == [
        ("missing-file", "facts/briefing.yml")
    ]


def test_twelve_faults_in_five_files_are_reported_in_one_run_and_in_order(request: pytest.FixtureRequest) -> None:
    folder = ROOT / "tests" / "twelve-faults"
    done = run_briefing("check", str(folder))
    assert done.returncode == 1
    if request.config.getoption("--update-golden"):
        (folder / "expected.txt").write_text(done.stdout, encoding="utf-8")
    assert done.stdout == (folder / "expected.txt").read_text()
    files = re.findall(r"^(facts/\S+?):\d+:\d+: ", done.stdout, re.MULTILINE)
    assert len(files) == 12
    assert len(set(files)) == 5


@pytest.mark.parametrize(
    ("pages", "reported"),
    [
        ({"method.md", "Method.md"}, "docs/method.md"),
        ({"changes/mine.md"}, "docs/changes/mine.md"),
        ({"method.md", "changes.css"}, ""),
    ],
)
def test_hand_written_page_needs_a_unique_address(sound: Inputs, pages: set[str], reported: str) -> None:
    found = check(Inputs(sound.facts, {}, dict.fromkeys(pages, ""))).problems
    assert [(p.place, p.code) for p in found] == ([(Span(reported), "page-path-conflict")] if reported else [])


def test_hand_written_page_is_never_silently_replaced(sound: Inputs) -> None:
    found = check(Inputs(sound.facts, {}, {"harbour.md": "", "views.md": ""})).problems
    assert [(p.place.file, p.code) for p in found] == [
        ("docs/views.md", "page-path-conflict"),
        ("facts/topics/harbour.yml", "page-path-conflict"),
    ]


@pytest.mark.parametrize("path", ["harbour/index.md", "actors.md", "timeline/index.md"])
def test_pages_conflict_by_address_not_by_file_name(sound: Inputs, path: str) -> None:
    assert [p.code for p in check(Inputs(sound.facts, {}, {path: ""})).problems] == ["page-path-conflict"]


def test_actor_cannot_have_the_address_of_the_list_of_actors(sound: Inputs) -> None:
    facts = {file: data.replace(b"port-authority", b"index") for file, data in sound.facts.items()}
    assert [p.code for p in check(Inputs(facts, {})).problems] == ["page-path-conflict"]


@pytest.mark.slow
@pytest.mark.parametrize("file", ["docs/method.md", "templates/fact.md.j2", "facts/actors.yml"])
def test_file_that_is_not_utf8_is_reported_with_its_position(tmp_path: Path, file: str) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    (folder / file).write_bytes("title: caf\xe9".encode("latin-1"))
    for command in ("check", "build", "coverage"):
        done = run_briefing(command, str(folder))
        assert done.returncode == 1
        assert f"{file}:1:11: error encoding" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_citation_with_thousands_of_digits_is_one_problem(sound: Inputs) -> None:
    facts = dict(sound.facts)
    harbour = facts["facts/topics/harbour.yml"]
    facts["facts/topics/harbour.yml"] = harbour.replace(b"report:1", b"report:" + b"9" * 5000)
    assert [p.code for p in check(Inputs(facts, {})).problems] == ["bad-citation"]


def test_deep_nesting_is_one_problem(sound: Inputs) -> None:
    facts = {**sound.facts, "facts/actors.yml": b"- id: " + b"[" * 700 + b"]" * 700}
    assert {p.code for p in check(Inputs(facts, {})).problems} == {"too-large"}


def test_only_the_first_problems_of_a_file_are_listed(sound: Inputs) -> None:
    fields = "".join(f"  nmae{number}: Port\n" for number in range(2_000)).encode()
    facts = {**sound.facts, "facts/actors.yml": sound.facts["facts/actors.yml"] + fields}
    problems = [p for p in check(Inputs(facts, {})).problems if p.place.file == "facts/actors.yml"]
    assert Counter(p.code for p in problems) == {"unknown-field": 500, "too-large": 1}
    last = problems[-1]
    assert (last.code, last.place.line) == ("too-large", problems[-2].place.line + 1)


@pytest.mark.parametrize(
    ("written", "code"), [("1", ""), ("01", ""), ("2", "newer-format"), ("9" * 5000, "newer-format")]
)
def test_newer_format_is_the_only_problem(sound: Inputs, written: str, code: str) -> None:
    """Whatever else files of a later version may contain."""
    file = "facts/briefing.yml"
    facts = {**sound.facts, file: sound.facts[file] + f"format: {written}\n".encode()}
    if code:
        facts |= {"facts/sources.yml": b"unheard: of", "facts/rivers.yml": b"- [", "facts/topics/harbour.yml": b""}
    for outcome in (check(Inputs(facts, {}), {"report": "."}), check_past(Inputs(facts, {}))):
        assert [problem.code for problem in outcome.problems] == [code] * bool(code)


@pytest.mark.parametrize(
    ("right", "commented"),
    [
        ("1900.", "1900.  # from the log"),
        ("1900.", "1900. # From the log."),
        ("when: 1900", "when: 1900 #from the log"),
        ("title: Opening", "title: Opening # or another."),
        ("The harbour basin opened with a quay in 1900.", '"The harbour basin #2 opened with a quay in 1900" #log'),
        ("The harbour basin opened", "The harbour basin#2 opened"),
        ("cite: report:1", "cite: report:1 #2"),
    ],
)
def test_real_comments_are_accepted(sound: Inputs, right: str, commented: str) -> None:
    file = "facts/topics/harbour.yml"
    text = sound.facts[file].decode()
    assert text.count(right) == 1
    assert check(Inputs({**sound.facts, file: text.replace(right, commented).encode()}, {})).problems == ()


def test_each_mistake_is_one_change_to_a_briefing_without_problems(vasa: Inputs) -> None:
    assert not check(vasa).problems
    all_names = [*mistakes.MISTAKES, *mistakes.ENCODINGS, *mistakes.FILE_NAMES]
    assert len({name for name, *_ in all_names}) == len(all_names)
    assert {file for _, file, *_ in all_names} <= vasa.facts.keys()
    for mistake in mistakes.MISTAKES:
        assert vasa.facts[mistake.file].decode().count(mistake.old) == 1, mistake.name
        assert mistake.old != mistake.new
