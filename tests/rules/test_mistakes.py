"""A mistake is told once, at its line and column, with the nearest right word, and hides no other."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from briefing_folders import MISTAKES
from support import ROOT, VASA, copy_briefing, run_briefing

from briefing.compile import Inputs, check, check_past
from briefing.model.parser import parse
from briefing.problems import Problem, Span
from briefing.project.reader import read_inputs
from briefing.rules import CAUSES, RULES

CASES = sorted(MISTAKES.glob("*.yml"))


@pytest.fixture(scope="module")
def sound() -> Inputs:
    return read_inputs(MISTAKES / "base")


def test_the_briefing_that_the_examples_break_is_sound(sound: Inputs) -> None:
    assert check(sound).problems == ()


def test_there_are_examples() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_example(case: Path, sound: Inputs) -> None:
    """Each example stands in for one file; the comments at its top say which, what is wrong with it, and behind an
    arrow what is to be written there instead, where that is known.
    """
    data = case.read_bytes()
    header = [line[2:] for line in data.decode("latin-1").splitlines() if line.startswith("# ")]
    file = header[0].removeprefix("file: ")
    found = check(Inputs({**sound.facts, file: data}, {})).problems
    assert [line for problem in found for line in _said(problem, file)] == header[1:]


def test_a_mend_mends(sound: Inputs) -> None:
    """What is told to be written instead is right: the fault is gone, and no other has come of it."""
    mended = 0
    for case in CASES:
        data = case.read_bytes()
        file = data.decode("latin-1").splitlines()[0].removeprefix("# file: ")
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
            wrong = {p.place for p in after if p.code != "duplicate-reference"}  # the right one may stand there, too
            assert wrong < {p.place for p in before}, case
            mended += 1
    assert mended >= 20


def _said(problem: Problem, file: str) -> list[str]:
    place = problem.place
    where = "" if place.file == file else f"{place.file}:"
    line = f"{where}{place.line}:{place.column} {problem.severity} {problem.code}"
    line += f" -> {problem.fix}" if problem.fix else ""
    return [line, f"  {problem.hint}"] if "did you mean" in problem.hint else [line]


@pytest.mark.parametrize(
    ("case", "ids"),
    [
        ("duplicate-key", [("opening", "")]),  # the record, whichever step finds the fault
        ("missing-field-says", [("opening", "")]),
        ("unused-actor", [("harbour-master", "")]),
        ("uneven-row", [("harbour", "")]),  # a topic
        ("unsupported", [("", "")]),  # a sentence without an id
        ("unknown-source-of-a-role", [("repport", "report")]),  # what is named and does not exist
        ("unknown-place", [("harbour-basins", "harbour-basin")]),
        ("unknown-actor-country", [("sweden", "")]),
        ("misspelt-id-of-source", [("reprot", "report")]),
    ],
)
def test_a_problem_says_which_id_it_is_about(case: str, ids: list[tuple[str, str]], sound: Inputs) -> None:
    data = (MISTAKES / f"{case}.yml").read_bytes()
    file = data.decode().splitlines()[0].removeprefix("# file: ")
    found = check(replace(sound, facts={**sound.facts, file: data})).problems
    assert [(problem.subject, problem.expected) for problem in found] == ids


def test_ids_take_no_part_in_order_and_equality() -> None:
    one, other = (Problem(Span("a.yml"), "some-code", "wrong", subject=id, expected=id) for id in ("a", "b"))
    assert one == other
    assert len({one, other}) == 1
    assert not (one < other or other < one)


def test_every_code_is_shown_by_an_example_or_a_test() -> None:
    package = "".join(file.read_text() for file in (ROOT / "briefing").rglob("*.py"))
    codes = set(re.findall(r'(?:Problem|PydanticCustomError|_unknown)\([^"]*?"((?:[a-z]+-)+[a-z]+)"', package))
    codes |= {"bad-date", "unreal-date", "missing-field", "no-citation", "no-facts"}  # chosen among at one place
    headers = "".join("".join(case.read_bytes().decode("latin-1").splitlines(True)[:6]) for case in CASES)
    shown = headers + "".join(
        file.read_text() for file in (ROOT / "tests").rglob("test_*.py") if file != Path(__file__)
    )
    assert len(codes) >= 40
    assert sorted(code for code in codes if not re.search(rf"\b{code}\b", shown)) == []


def test_a_file_of_a_wrong_name_is_one_problem(sound: Inputs) -> None:
    for right, wrong in (
        ("facts/sources.yml", "facts/source.yml"),
        ("facts/topics/harbour.yml", "facts/topics/harbour.yaml"),
    ):
        facts = {wrong if file == right else file: data for file, data in sound.facts.items()}
        found = check(Inputs(facts, {})).problems
        assert [(p.place.file, p.code, p.hint) for p in found] == [(wrong, "unknown-file", f"did you mean '{right}'?")]


def test_a_file_that_the_check_does_not_know_is_not_read(sound: Inputs) -> None:
    found = check(Inputs({**sound.facts, "facts/diary.yml": b"a: [\n"}, {})).problems
    assert [(p.place, p.code) for p in found] == [(Span("facts/diary.yml"), "unknown-file")]


def test_a_record_that_is_missing_is_one_problem(sound: Inputs) -> None:
    """Four places name the source; none is wrong."""
    facts = {**sound.facts, "facts/sources.yml": sound.facts["facts/sources.yml"].replace(b"id: report", b"id: ledger")}
    found = check(Inputs(facts, {})).problems
    assert [p.message for p in found] == ["there is no source 'report', which 4 places name"]


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("briefing", "", "profile: {title: T, columns: [A, B], rows: [{cells: [a, b], rests_on: [%s, %s]}]}\n"),
        ("briefing", "", "contrast: {title: T, sides: [{title: A, facts: [%s, %s]}]}\n"),
        ("briefing", "", "status: {says: It holds., rests_on: [%s, %s]}\n"),
        ("topics/harbour", "sections:", "tables: [{title: T, columns: A, rows: [{cells: a, rests_on: [%s, %s]}]}]\n"),
        ("places", "  position:", "  standing: {how: confirmed, as_of: 1900, rests_on: [%s, %s]}\n"),
    ],
)
def test_a_fact_listed_twice_is_one_problem_wherever_facts_are_listed(
    sound: Inputs, file: str, before: str, after: str
) -> None:
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
def test_what_is_listed_twice_is_one_problem(sound: Inputs, file: str, before: str, after: str, item: str) -> None:
    _is_doubled(sound, file, before, after, item)


def _is_doubled(inputs: Inputs, file: str, before: str, after: str, item: str) -> None:
    """Whether ``after``, written in front of ``before`` or at the end of the file, is reported at its second item."""
    file, written = f"facts/{file}.yml", after % (item, item)
    text = inputs.facts[file].decode()
    text = text.replace(before, written + before, 1) if before else text + written
    (problem,) = check(replace(inputs, facts={**inputs.facts, file: text.encode()})).problems
    line = text[: text.index(written)].count("\n") + 1
    assert (problem.code, problem.place.file, problem.place.line) == ("duplicate-reference", file, line)
    assert problem.place.column == written.rindex(item) + 1


def test_what_may_recur_in_a_table_is_no_double(sound: Inputs) -> None:
    file = "facts/briefing.yml"
    table = b"profile: {title: T, columns: [A, B, C], rows: [{cells: [a, yes, yes], rests_on: opening}]}\n"
    assert check(replace(sound, facts={**sound.facts, file: sound.facts[file] + table})).problems == ()


@pytest.fixture(scope="module")
def format_explanation() -> Inputs:
    return read_inputs(ROOT / "tests" / "explained")


def _with_answers(inputs: Inputs, *answers: str) -> Inputs:
    """With one more fact for each of ``answers``, and with no other fact that answers a question."""
    file = "facts/topics/trade.yml"
    text = inputs.facts[file].decode().replace("        answers: [what-for]\n", "")
    for number, answer in enumerate(answers):
        text += f"      - id: hope-{number}\n        says: The Port Authority hopes for more trade.\n"
        text += f"        about: [port-authority]\n        cite: report:3\n        answers: [{answer}]\n"
    return replace(inputs, facts={**inputs.facts, file: text.encode()})


@pytest.mark.parametrize("count", [1, 2, 3, 4, 9])
def test_a_misspelt_question_is_one_problem_that_names_the_right_one(format_explanation: Inputs, count: int) -> None:
    """However many facts misspell it alike: that nothing answers a question yet says nothing against its id."""
    (problem,) = check(_with_answers(format_explanation, *["what-fore"] * count)).problems
    assert (problem.code, problem.place.file, problem.place.line) == ("unknown-question", "facts/topics/trade.yml", 22)
    assert (problem.subject, problem.expected, problem.fix) == ("what-fore", "what-for", "what-for")
    assert problem.hint == "did you mean 'what-for'?"
    assert ("which " in problem.message) == (count > 1)


def test_each_wrong_question_is_a_problem_of_its_own(format_explanation: Inputs) -> None:
    wrong = ("what-fore", "what-fro", "zebra", "whatfor", "giraffe")
    found = check(_with_answers(format_explanation, *wrong)).problems
    assert [(p.code, p.subject) for p in found] == [("unknown-question", id) for id in wrong]
    assert [p.fix for p in found] == ["what-for", "what-for", "", "what-for", ""]


def test_each_wrong_paragraph_is_a_problem_of_its_own(format_explanation: Inputs) -> None:
    file = "facts/topics/harbour.yml"
    text = re.sub(r"report:(\d)", r"report:1\1", format_explanation.facts[file].decode())
    text = text.replace("cite: [report:12]", "cite: [report:13, report:14]")
    found = check(replace(format_explanation, facts={**format_explanation.facts, file: text.encode()})).problems
    wanted = ["report:11", "report:12", "report:12", "report:13", "report:14"]
    assert [p.subject for p in found if p.code == "unknown-paragraph"] == wanted


def test_a_record_with_the_id_of_a_topic_is_not_renamed_for_it(format_explanation: Inputs) -> None:
    """The ids of topics are apart from all others."""
    facts = {
        "facts/actors.yml": b"- id: harbour\n  name: The Harbour\n  kind: group\n",
        "facts/topics/trade.yml": b"        also: [harbor]\n",
    }
    facts = {file: format_explanation.facts[file] + more for file, more in facts.items()}
    facts["facts/topics/trade.yml"] = facts["facts/topics/trade.yml"].replace(b"[harbour]", b"[harbor]")
    found = check(replace(format_explanation, facts={**format_explanation.facts, **facts})).problems
    assert [(p.code, p.fix) for p in found if p.severity == "error"] == [("unknown-topic", "harbour")] * 2


def test_a_misspelt_reference_hides_no_problem_of_the_record_that_was_meant(format_explanation: Inputs) -> None:
    files = {
        "facts/briefing.yml": ("rests_on: [harbour-opened]", "rests_on: [harbor-opened]"),
        "facts/topics/harbour.yml": ("with a quay in 1900.", "with a quay in 1901."),
    }
    facts = {file: format_explanation.facts[file].decode().replace(*edit).encode() for file, edit in files.items()}
    found = check(replace(format_explanation, facts={**format_explanation.facts, **facts})).problems
    assert {p.code for p in found} >= {"unknown-fact", "not-in-source"}


@pytest.mark.parametrize("field", ["unit", "count", "unit|count"])
def test_a_source_that_loses_its_count_is_one_problem(vasa: Inputs, field: str) -> None:
    """Many facts cite its paragraphs, and a pin counts them."""
    file = "facts/sources.yml"
    lines = vasa.facts[file].decode().splitlines()
    rest = "\n".join(line for line in lines if not re.match(rf"  ({field}): ", line))
    found = check(Inputs({**vasa.facts, file: rest.encode()}, {})).problems
    assert [(p.code, p.place.line) for p in found] == [("missing-field", 1)]


def test_a_misspelt_id_of_what_all_facts_need_is_one_problem(vasa: Inputs) -> None:
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
    ("written", "mend"),
    [
        ("\n          -vasa", "- vasa"),
        (" -vasa", "vasa"),
        ("\n          -vasa\n          -gunport", ""),
    ],
)
def test_a_dash_without_its_space_is_told_as_such(vasa: Inputs, written: str, mend: str) -> None:
    file = "facts/topics/loss.yml"
    text = vasa.facts[file].decode().replace(" [gustav-ii-adolf, henrik-hybertsson, vasa]", written)
    found = check(Inputs({**vasa.facts, file: text.encode()}, {})).problems
    assert [(p.code, p.message, p.place.line, p.fix) for p in found] == [
        ("bad-id", "a space is missing behind the dash", 8 + written.startswith("\n"), mend)
    ]


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("[vasa, Henrik Hybertsson, King Gustav II Adolf]", "[vasa, henrik-hybertsson, gustav-ii-adolf]"),
        ("[Gustavus Adolphus, vasa]", "gustav-ii-adolf"),
        ("Hybertsson, vasa", "[henrik-hybertsson, vasa]"),
        ("[Vasa, Henrik Hybertsson, the king]", "[vasa, henrik-hybertsson, gustav-ii-adolf]"),
        ("[keel, Henrik Hybertsson, The Vasa]", "[keel, henrik-hybertsson, vasa]"),  # what has the form of an id stays
        ("[Nobody Whosoever, Vasa]", ""),
    ],
)
def test_names_in_place_of_ids_are_mended_by_the_ids_of_whom_they_name(vasa: Inputs, written: str, mend: str) -> None:
    file = "facts/topics/loss.yml"
    text = vasa.facts[file].decode().replace("[gustav-ii-adolf, henrik-hybertsson, vasa]", written)
    found = check(Inputs({**vasa.facts, file: text.encode()}, {})).problems
    assert [(p.code, p.place.line, p.fix) for p in found] == [("bad-id", 8, mend)]


@pytest.mark.parametrize(
    ("file", "right", "wrong", "told"),
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
        ("topics/harbour", "cite: report:1", "cite: re--port:1", ("bad-citation", "")),
        ("briefing", "topics: [harbour]", "topics: []", ("empty-value", "")),
        ("briefing", "question:", "moved: {f/x: ''}\nquestion:", ("empty-value", "")),
        ("briefing", "question:", "moved: {'': f/opening}\nquestion:", ("bad-address", "")),
    ],
)
def test_numbers_and_empty_values(sound: Inputs, file: str, right: str, wrong: str, told: tuple[str, str]) -> None:
    file = f"facts/{file}.yml"
    text = sound.facts[file].decode()
    assert text.count(right) == 1
    found = check(Inputs({**sound.facts, file: text.replace(right, wrong).encode()}, {})).problems
    assert [(p.code, p.fix) for p in found] == [told]


def test_a_wrong_word_in_a_list_names_the_field_and_the_words_it_takes(sound: Inputs) -> None:
    file = "facts/briefing.yml"
    for written, help in (
        ("dat", "did you mean 'date'?"),
        ("zzz", "one of: retirement, date, number, party, attribution, kind, citation, wording"),
    ):
        text = sound.facts[file].decode() + f"evidence_for: [number, {written}]\n"
        (problem,) = check(replace(sound, facts={**sound.facts, file: text.encode()})).problems
        assert (problem.message, problem.hint) == (f"'evidence_for' cannot be '{written}'", help)


@pytest.mark.parametrize(("lat", "told"), [("-91", "'-91' is less than -90"), ("90.5", "'90.5' is more than 90")])
def test_a_number_beyond_its_limits_is_told_with_the_one_it_passes(sound: Inputs, lat: str, told: str) -> None:
    facts = {**sound.facts, "facts/places.yml": sound.facts["facts/places.yml"].replace(b"59.1", lat.encode())}
    assert [p.message for p in check(Inputs(facts, {})).problems] == [told]


@pytest.mark.parametrize(
    ("written", "told"),
    [(reason, ["no-reason"]) for reason in ("yes", "true", "x", "2026-01-01", "20 May 2026")]
    + [("Told twice.", ["rests-on-retired"])],
)
def test_a_fact_is_retired_for_a_reason(vasa: Inputs, written: str, told: list[str]) -> None:
    file, old = "facts/topics/loss.yml", "        when: 1627\n"
    text = vasa.facts[file].decode().replace(old, f"{old}        retired: {written}\n")
    found = check(Inputs({**vasa.facts, file: text.encode()}, {})).problems
    assert [p.code for p in found if p.code != "uncited-paragraph"] == told


def test_an_id_of_two_records_is_one_problem(vasa: Inputs) -> None:
    """Whatever rests on it, and whichever of the two the other rules would look at."""
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
        assert ("perhaps, which no record has" in found[0].hint) == (id in named)


@pytest.mark.parametrize(
    ("right", "wrong", "home"),
    [
        (
            "about: [harbour-basin",
            "about: [zzz, harbour-basin",
            "facts/actors.yml, facts/places.yml or facts/glossary.yml",
        ),
        ("cite: report:1", "cite: [report:1, zzz:1]", "facts/sources.yml"),
        ("when: 1900", "also: zzz", "facts/topics, a file each"),
        ("when: 1900", "by: zzz", "facts/actors.yml"),
        ("when: 1900", "refines: zzz", "facts/topics ('briefing add fact' writes one)"),
        ("when: 1900", "answers: zzz", "'views' of facts/briefing.yml"),
    ],
)
def test_an_id_that_is_like_no_other_is_told_with_where_to_look(
    sound: Inputs, right: str, wrong: str, home: str
) -> None:
    file = "facts/topics/harbour.yml"
    text = sound.facts[file].decode().replace(right, wrong)
    found = check(Inputs({**sound.facts, file: text.encode()}, {})).problems
    help = f"those that there are stand in {home}: name one, or add it there"
    assert [(p.hint, p.fix) for p in found] == [(help, "")]


def _with_misspelt_references(inputs: Inputs, count: int, last: str = "") -> Inputs:
    """With ``count`` facts that each name another fact by a different wrong id, and ``last`` at the end of them."""
    file = "facts/topics/harbour.yml"
    text = inputs.facts[file].decode()
    for number in range(count):
        text += f"      - {{id: quay-{number}, says: The quay grew., about: quay, cite: report:1"
        text += f", refines: quai-{number}}}\n"
    return replace(inputs, facts={**inputs.facts, file: f"{text}{last}".encode()})


def test_a_suggestion_does_not_depend_on_what_else_is_misspelt(sound: Inputs) -> None:
    last = "      - {id: last, says: The quay grew., about: quay, cite: report:1, also: [harbur]}\n"
    found = check(_with_misspelt_references(sound, 350, last)).problems
    assert [p.expected for p in found if p.code == "unknown-topic"] == ["harbour"]


def test_a_rule_finds_the_same_each_time(sound: Inputs) -> None:
    briefing, _ = parse(_with_misspelt_references(sound, 350).facts, frozenset())
    for rule in (*CAUSES, *RULES):
        fresh = replace(briefing)
        assert [*rule(fresh)] == [*rule(fresh)], rule


def test_the_same_misspelt_id_gets_the_same_suggestion_everywhere(sound: Inputs) -> None:
    """Also where so many different ids are misspelt that not all of them get one."""
    inputs = _with_misspelt_references(sound, 350)
    file = "facts/topics/harbour.yml"
    text = re.sub(r"quai-(1|200|340)\}", "openig}", inputs.facts[file].decode())
    found = check(replace(inputs, facts={**inputs.facts, file: text.encode()})).problems
    assert [p.expected for p in found if p.subject == "openig"] == ["opening"] * 3
    assert 100 < sum(bool(p.expected) for p in found) < 320


def test_a_briefing_without_its_first_file(sound: Inputs) -> None:
    facts = {file: data for file, data in sound.facts.items() if not file.endswith("briefing.yml")}
    assert [(p.code, p.place.file) for p in check(Inputs(facts, {})).problems] == [
        ("missing-file", "facts/briefing.yml")
    ]


def test_twelve_faults_in_five_files_are_told_in_one_run_and_in_order(request: pytest.FixtureRequest) -> None:
    folder = ROOT / "tests" / "twelve-faults"
    done = run_briefing("check", str(folder))
    assert done.returncode == 1
    if request.config.getoption("--update-golden"):
        (folder / "expected.txt").write_text(done.stdout, encoding="utf-8")
    assert done.stdout == (folder / "expected.txt").read_text()
    told = re.findall(r"^(facts/\S+?):\d+:\d+: ", done.stdout, re.MULTILINE)
    assert len(told) == 12
    assert len(set(told)) == 5


@pytest.mark.parametrize(
    ("pages", "told"),
    [
        ({"method.md", "Method.md"}, "docs/method.md"),
        ({"changes/mine.md"}, "docs/changes/mine.md"),
        ({"method.md", "changes.css"}, ""),
    ],
)
def test_a_page_written_by_hand_has_an_address_of_its_own(sound: Inputs, pages: set[str], told: str) -> None:
    found = check(Inputs(sound.facts, {}, dict.fromkeys(pages, ""))).problems
    assert [(p.place, p.code) for p in found] == ([(Span(told), "page-clash")] if told else [])


def test_a_page_written_by_hand_never_gives_way_to_a_made_one(sound: Inputs) -> None:
    found = check(Inputs(sound.facts, {}, {"harbour.md": "", "views.md": ""})).problems
    assert [(p.place.file, p.code) for p in found] == [
        ("docs/views.md", "page-clash"),
        ("facts/topics/harbour.yml", "page-clash"),
    ]


@pytest.mark.parametrize("path", ["harbour/index.md", "actors.md", "timeline/index.md"])
def test_pages_clash_by_address(sound: Inputs, path: str) -> None:
    assert [p.code for p in check(Inputs(sound.facts, {}, {path: ""})).problems] == ["page-clash"]


def test_an_actor_cannot_stand_where_the_list_of_actors_is(sound: Inputs) -> None:
    facts = {file: data.replace(b"port-authority", b"index") for file, data in sound.facts.items()}
    assert [p.code for p in check(Inputs(facts, {})).problems] == ["page-clash"]


@pytest.mark.parametrize("file", ["docs/method.md", "templates/fact.md.j2", "facts/actors.yml"])
def test_a_file_that_is_not_utf8_is_told_with_its_place(tmp_path: Path, file: str) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    (folder / file).write_bytes("title: caf\xe9".encode("latin-1"))
    for command in ("check", "build", "coverage"):
        done = run_briefing(command, str(folder))
        assert done.returncode == 1
        assert f"{file}:1:11: error encoding" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_a_citation_of_thousands_of_digits_is_one_problem(sound: Inputs) -> None:
    facts = dict(sound.facts)
    harbour = facts["facts/topics/harbour.yml"]
    facts["facts/topics/harbour.yml"] = harbour.replace(b"report:1", b"report:" + b"9" * 5000)
    assert [p.code for p in check(Inputs(facts, {})).problems] == ["bad-citation"]


def test_deep_nesting_is_one_problem(sound: Inputs) -> None:
    facts = {**sound.facts, "facts/actors.yml": b"- id: " + b"[" * 700 + b"]" * 700}
    assert {p.code for p in check(Inputs(facts, {})).problems} == {"too-large"}


@pytest.mark.parametrize(
    ("written", "code"), [("1", ""), ("01", ""), ("2", "newer-format"), ("9" * 5000, "newer-format")]
)
def test_a_newer_format_is_the_only_problem(sound: Inputs, written: str, code: str) -> None:
    """Whatever else a later version may write."""
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
def test_a_comment_of_ones_own_is_no_problem(sound: Inputs, right: str, commented: str) -> None:
    file = "facts/topics/harbour.yml"
    text = sound.facts[file].decode()
    assert text.count(right) == 1
    assert check(Inputs({**sound.facts, file: text.replace(right, commented).encode()}, {})).problems == ()
