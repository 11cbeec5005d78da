"""Every code is explained, and each example is true: one version fails, the other passes."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from briefing_folders import MISTAKES
from lxml import html
from markdown import markdown
from support import ROOT, TODAY, Shared, run_briefing

from briefing.compile import Inputs, check, compile
from briefing.problems import CODES, RENAMED_CODES, Problem
from briefing.project.layout import packaged_templates
from briefing.project.reader import read_inputs
from briefing.reporting.explanations import Explanation, explain, explanations, render_codes_page

SAMPLE = ROOT / "tests" / "explained"
PAGE = ROOT / "docs" / "codes.md"
# These problems cannot be shown by a part of one file.
NO_EXAMPLE = {
    "closer-paragraph",
    "denied-in-source",
    "encoding",
    "hedged-in-source",
    "ignored-file",
    "json-syntax",
    "long-quotation",
    "misattributed-quotation",
    "missing-file",
    "names-reversed",
    "opposite-word",
    "too-much-quoted",
    "unattributed",
    "unconfirmed-addition",
    "unexplained-change",
    "unlisted-published",
    "unknown-file",
    "unreadable-file",
}


@pytest.fixture(scope="module")
def sample() -> Inputs:
    """A small briefing without problems. The examples are parts of its files."""
    return replace(read_inputs(SAMPLE, TODAY), templates={})


def _found(inputs: Inputs) -> tuple[Problem, ...]:
    if not inputs.templates:
        return check(inputs, {"report": (SAMPLE / "report.txt").read_text()}).problems
    packaged = {file.name: file.read_text() for file in packaged_templates().glob("*.j2")}
    return compile(replace(inputs, templates={**packaged, **inputs.templates})).problems


def _with(sample: Inputs, explanation: Explanation, piece: str) -> Inputs:
    """Return the sample with this piece in place of the one that passes, which its file contains once."""
    folder, _, name = explanation.file.partition("/")
    if folder == "templates":
        return replace(sample, templates={name: piece})
    text = sample.text(explanation.file)
    assert text is not None
    lines = [re.escape(line) for line in explanation.passes.split("\n")]
    found = list(re.finditer("^( *)" + r"\n\1".join(lines) + "$", text, re.MULTILINE))
    assert len(found) == 1, f"{explanation.code}: {explanation.file} contains the passing piece {len(found)} times"
    indented = "\n".join(found[0][1] + line for line in piece.split("\n"))
    new = text[: found[0].start()] + indented + text[found[0].end() :]
    if folder == "docs":
        return replace(sample, markdown_pages={**sample.markdown_pages, name: new})
    return replace(sample, facts={**sample.facts, explanation.file: new.encode()})


@pytest.fixture(scope="module")
def failing(sample: Inputs, shared: Shared) -> dict[str, tuple[Problem, ...]]:
    """The problems of each failing example, by the code that it explains."""
    examples = [one for one in explanations().values() if one.file]
    found: dict[str, tuple[Problem, ...]] = shared(
        "failing-examples", lambda: {one.code: _found(_with(sample, one, one.fails)) for one in examples}
    )
    return found


def test_sample_has_no_problems(sample: Inputs) -> None:
    assert _found(sample) == ()


@pytest.mark.parametrize("explanation", explanations().values(), ids=lambda explanation: explanation.code)
def test_example_is_true(sample: Inputs, failing: dict[str, tuple[Problem, ...]], explanation: Explanation) -> None:
    if explanation.code in NO_EXAMPLE:
        assert not explanation.file
        return
    found = {(problem.code, problem.severity) for problem in failing[explanation.code]}
    assert found == {(explanation.code, explanation.severity)}
    passing = _with(sample, explanation, explanation.passes)
    # Of facts and pages, it is a part of the sample, which has no problems.
    assert passing == sample or _found(passing) == ()


def test_every_code_is_explained() -> None:
    assert tuple(explanations()) == tuple(sorted(CODES)) == CODES


def test_explanation_has_fault_and_reason() -> None:
    for explanation in explanations().values():
        for paragraph in (explanation.fault, explanation.why):
            assert re.fullmatch(r"[A-Z`].+\.", paragraph), explanation.code
        if explanation.fix:
            assert re.fullmatch(r"(?:safe|check it first); .+\.", explanation.fix), explanation.code


@pytest.mark.slow
def test_explanation_describes_fix_if_an_example_has_one(failing: dict[str, tuple[Problem, ...]]) -> None:
    fixed = {problem.code for problems in failing.values() for problem in problems if problem.fix}
    for example in MISTAKES.glob("*.yml"):
        header = example.read_bytes().decode("latin-1")
        fixed |= set(re.findall(r"^# .*\d+:\d+ (?:error|warning) (\S+) -> ", header, re.MULTILINE))
    assert {explanation.code for explanation in explanations().values() if explanation.fix} == fixed


def test_codes_page_is_up_to_date(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        PAGE.write_text(render_codes_page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == render_codes_page(), (
        "pytest tests/reporting/test_explanations.py --update-golden writes it again"
    )


def test_codes_page_keeps_anchors_of_old_names() -> None:
    text = render_codes_page().split("---\n", 2)[2]
    page = html.fromstring(markdown(text, extensions=["fenced_code", "toc"]))
    assert page.xpath("//h2/@id") == list(CODES)
    assert {anchor.get("id"): anchor.getparent().get("id") for anchor in page.xpath("//h2/a")} == RENAMED_CODES


@pytest.mark.parametrize("old", RENAMED_CODES)
def test_old_name_is_explained_as_the_new_one(old: str) -> None:
    new = RENAMED_CODES[old]
    assert old not in CODES
    assert explain(old) == f"{old} is now called {new}.\n\n{explain(new)}"


def test_explain_prints_everything(tmp_path: Path) -> None:
    done = run_briefing("check", "--explain", "unknown-term", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout == (
        "unknown-term: `see` names a term that facts/glossary.yml does not define.\n\n"
        "The glossary would lead readers to an entry that does not exist.\n\n"
        "Check the suggested fix before you apply it: the most similar id may not be the one you meant.\n\n"
        "Fails, in facts/glossary.yml:\n\n    see: [peer]\n\n"
        "Passes:\n\n    see: [pier]\n"
    )


def test_explain_accepts_an_old_name(tmp_path: Path) -> None:
    done = run_briefing("check", "--explain", "loose-number", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{explain('loose-number')}\n")


def test_explain_suggests_a_similar_code() -> None:
    wrong = run_briefing("check", "--explain", "duplicate-ids")
    assert wrong.returncode == 2
    assert "did you mean 'duplicate-id'?" in wrong.stderr


@pytest.mark.process
def test_explain_works_if_python_strips_docstrings(tmp_path: Path) -> None:
    words = ("duplicate-id", "list")
    program = "import sys\nfrom briefing.cli import main\n"
    program += "for word in sys.argv[1:]: main(['check', '--explain', word], standalone_mode=False)"
    command = [sys.executable, "-OO", "-c", program, *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "".join(run_briefing("check", "--explain", word).stdout for word in words)


def test_explain_lists_codes_and_mentions_the_list() -> None:
    listed = run_briefing("check", "--explain", "list")
    assert (listed.returncode, listed.stdout.split()) == (0, list(CODES))
    wrong = run_briefing("check", "--explain", "nosuch")
    assert wrong.returncode == 2
    assert "no code 'nosuch'; all codes: briefing check --explain list" in wrong.stderr
