"""A mistake is told once, at its line and column, with the nearest right word, and hides no other."""

import re
from pathlib import Path

import pytest
from conftest import ROOT, run_briefing

from briefing.compile import Inputs, check
from briefing.folder import read_inputs
from briefing.problems import Problem

EXAMPLES = ROOT / "tests" / "broken"
CASES = sorted(EXAMPLES.glob("*.yml"))


@pytest.fixture(scope="module")
def sound() -> Inputs:
    return read_inputs(EXAMPLES / "base")


def test_the_briefing_that_the_examples_break_is_sound(sound: Inputs) -> None:
    assert check(sound).problems == ()


def test_there_are_examples() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_example(case: Path, sound: Inputs) -> None:
    """Each example stands in for one file; the comments at its top say which, and what is wrong with it."""
    data = case.read_bytes()
    header = [line[2:] for line in data.decode("latin-1").splitlines() if line.startswith("# ")]
    file = header[0].removeprefix("file: ")
    found = check(Inputs({**sound.facts, file: data}, {})).problems
    assert [line for problem in found for line in _said(problem, file)] == header[1:]


def _said(problem: Problem, file: str) -> list[str]:
    place = problem.place
    where = "" if place.file == file else f"{place.file}:"
    line = f"{where}{place.line}:{place.column} {problem.severity} {problem.code}"
    return [line, f"  {problem.help}"] if "did you mean" in problem.help else [line]


def test_every_code_is_shown_by_an_example_or_a_test() -> None:
    package = "".join(file.read_text() for file in (ROOT / "briefing").rglob("*.py"))
    codes = set(re.findall(r'(?:Problem|PydanticCustomError|_unknown)\([^"]*?"((?:[a-z]+-)+[a-z]+)"', package))
    codes |= {"bad-date", "unreal-date", "missing-field", "no-citation", "no-facts"}  # chosen among at one place
    headers = "".join("".join(case.read_bytes().decode("latin-1").splitlines(True)[:6]) for case in CASES)
    shown = headers + "".join(file.read_text() for file in (ROOT / "tests").glob("test_*.py") if file != Path(__file__))
    assert len(codes) >= 40
    assert sorted(code for code in codes if not re.search(rf"\b{code}\b", shown)) == ["missing-file"]


def test_a_briefing_without_its_first_file(sound: Inputs) -> None:
    facts = {file: data for file, data in sound.facts.items() if not file.endswith("briefing.yml")}
    assert [(p.code, p.place.file) for p in check(Inputs(facts, {})).problems] == [
        ("missing-file", "facts/briefing.yml")
    ]


def test_twelve_faults_in_five_files_are_told_in_one_run_and_in_order() -> None:
    folder = ROOT / "tests" / "twelve-faults"
    done = run_briefing("check", str(folder))
    assert done.returncode == 1
    assert done.stdout == (folder / "expected.txt").read_text()
    lines = done.stdout.splitlines()[:-1]
    assert len(lines) == 12
    assert len({line.split(":")[0] for line in lines}) == 5


def test_a_page_written_by_hand_never_gives_way_to_a_made_one(sound: Inputs) -> None:
    found = check(Inputs(sound.facts, {}, {"harbour.md": "", "views.md": ""})).problems
    assert [(p.place.file, p.code) for p in found] == [
        ("docs/views.md", "page-clash"),
        ("facts/topics/harbour.yml", "page-clash"),
    ]
