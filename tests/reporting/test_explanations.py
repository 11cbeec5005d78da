"""Every code is explained, and each explanation's example is true: the one piece fails, the other passes."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from briefing_folders import MISTAKES
from support import ROOT, TODAY, run_briefing

from briefing.compile import Inputs, check, compile
from briefing.problems import Problem
from briefing.project.layout import packaged_templates
from briefing.project.reader import read_inputs
from briefing.reporting.explanations import Explanation, explanations, render_codes_page

SAMPLE = ROOT / "tests" / "explained"
PAGE = ROOT / "docs" / "codes.md"
# what no piece of one file can show
NO_EXAMPLE = {
    "encoding",
    "json-syntax",
    "missing-file",
    "unexplained-change",
    "unknown-file",
    "unreadable-file",
}


@pytest.fixture(scope="module")
def sample() -> Inputs:
    """A small sound briefing, of which the examples are pieces."""
    return replace(read_inputs(SAMPLE, TODAY), templates={})


def _found(inputs: Inputs) -> tuple[Problem, ...]:
    if not inputs.templates:
        return check(inputs, {"report": (SAMPLE / "report.txt").read_text()}).problems
    packaged = {file.name: file.read_text() for file in packaged_templates().glob("*.j2")}
    return compile(replace(inputs, templates={**packaged, **inputs.templates})).problems


def _with(sample: Inputs, told: Explanation, piece: str) -> Inputs:
    """The sample with the example's passing piece, which stands there once, replaced."""
    folder, _, name = told.file.partition("/")
    if folder == "templates":
        return replace(sample, templates={name: piece})
    text = sample.text(told.file)
    assert text is not None
    lines = [re.escape(line) for line in told.passes.split("\n")]
    found = list(re.finditer("^( *)" + r"\n\1".join(lines) + "$", text, re.MULTILINE))
    assert len(found) == 1, f"{told.code}: the passing piece stands {len(found)} times in {told.file}"
    indented = "\n".join(found[0][1] + line for line in piece.split("\n"))
    new = text[: found[0].start()] + indented + text[found[0].end() :]
    if folder == "docs":
        return replace(sample, markdown_pages={**sample.markdown_pages, name: new})
    return replace(sample, facts={**sample.facts, told.file: new.encode()})


def test_the_sample_is_sound(sample: Inputs) -> None:
    assert _found(sample) == ()


@pytest.mark.parametrize("told", explanations().values(), ids=lambda told: told.code)
def test_the_example_is_true(sample: Inputs, told: Explanation) -> None:
    if told.code in NO_EXAMPLE:
        assert not told.file
        return
    severity = "warning" if "(warning)" in told.says else "error"
    found = {(problem.code, str(problem.severity)) for problem in _found(_with(sample, told, told.fails))}
    assert found == {(told.code, severity)}
    assert _found(_with(sample, told, told.passes)) == ()


def test_every_code_is_explained() -> None:
    package = "".join(file.read_text() for file in (ROOT / "briefing").rglob("*.py"))
    reported = set(
        re.findall(r'(?:Problem|PydanticCustomError|_unknown|_misspelt)\([^"]*?"((?:[a-z]+-)+[a-z]+)"', package)
    )
    for case in sorted(MISTAKES.glob("*.yml")):
        header = case.read_bytes().decode("latin-1")
        reported |= set(re.findall(r"^# .*\d+:\d+ (?:error|warning) (\S+)", header, re.MULTILINE))
    assert reported <= set(explanations())
    assert len(explanations()) >= 60


def test_the_page_of_codes_is_up_to_date(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        PAGE.write_text(render_codes_page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == render_codes_page(), (
        "pytest tests/reporting/test_explanations.py --update-golden writes it again"
    )


def test_a_code_is_explained_in_the_terminal(tmp_path: Path) -> None:
    done = run_briefing("check", "--explain", "duplicate-id", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout == (
        "duplicate-id: An id names one record only, of whatever kind.\n\n"
        "Fails, in facts/topics/harbour.yml:\n\n"
        "    - id: quay-longer\n      says: The quay was made longer.\n\n"
        "Passes:\n\n    - id: quay-grew\n      says: The quay was made longer.\n"
    )
    wrong = run_briefing("check", "--explain", "duplicate-ids")
    assert wrong.returncode == 2
    assert "did you mean 'duplicate-id'?" in wrong.stderr


@pytest.mark.process
@pytest.mark.parametrize("word", ["duplicate-id", "list"])
def test_codes_are_explained_also_where_python_strips_docstrings(word: str, tmp_path: Path) -> None:
    command = [sys.executable, "-OO", "-m", "briefing", "check", "--explain", word]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == run_briefing("check", "--explain", word).stdout


def test_codes_are_listed_and_a_word_that_is_none_is_told_how_to_find_them() -> None:
    listed = run_briefing("check", "--explain", "list")
    assert (listed.returncode, listed.stdout.split()) == (0, list(explanations()))
    wrong = run_briefing("check", "--explain", "nosuch")
    assert wrong.returncode == 2
    assert "there is no code 'nosuch'; all codes: briefing check --explain list" in wrong.stderr
