"""Problems as text in a terminal, as GitHub annotations, and as JSON."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support import PATIENCE, ROOT, VASA, copy_briefing, run_briefing

from briefing.problems import Problem, Severity, Span
from briefing.reporting.problems import format_problem, github_annotation

FAULTY = ROOT / "tests" / "twelve-faults"


def _shown(line: str, place: str, help: str = "", fix: str = "") -> list[str]:
    column = line.index(place) + 1
    span = Span("facts/a.yml", 1, column, 1, column + len(place))
    return format_problem(Problem(span, "bad-id", "something is wrong", help, fix=fix), line).splitlines()


def test_place_is_underlined_and_line_corrected() -> None:
    assert _shown("cite: reprot:1", "reprot:1", help="did you mean 'report'?", fix="report:1") == [
        "facts/a.yml:1:7: error bad-id something is wrong",
        "1 | cite: reprot:1",
        "  |       ^^^^^^^^",
        "  = did you mean 'report'?",
        "  = corrected:",
        "1 | cite: report:1",
    ]


def test_new_lines_of_a_corrected_line_have_a_plus() -> None:
    assert _shown("- id: a says: b", " says", fix="\n  says")[3:] == [
        "  = corrected:",
        "1 | - id: a",
        "+ |   says: b",
    ]


@pytest.mark.parametrize(
    ("line", "before", "under"),
    [
        ("\t- a: X", 4 + 5, 1),  # a tab is shown as four columns
        ("says: 條約 X", 6 + 5, 1),  # wide characters take two columns
        ("name: 條約", 6, 4),
        ("says: cafe\u0301 X", 6 + 5, 1),  # a combining accent takes none
        ("name: a\u202eb", 6, 3),  # a bidirectional control is shown as one character
    ],
)
def test_underlining_is_aligned(line: str, before: int, under: int) -> None:
    place = "X" if "X" in line else line.removeprefix("name: ")
    assert _shown(line, place)[2] == f"  | {' ' * before}{'^' * under}"


def test_long_line_is_cut_around_the_place() -> None:
    shown = _shown("x" * 500 + " WRONG " + "y" * 500, "WRONG")
    assert len(shown[1]) < 120
    start = shown[2].index("^")
    assert shown[1][start : start + 5] == "WRONG"
    assert shown[1].startswith("1 | …x")
    assert shown[1].endswith("y…")


def test_control_characters_are_replaced() -> None:
    assert "\x1b" not in "".join(_shown("a: \x1b[2J WRONG", "WRONG"))


def test_place_without_source_text() -> None:
    problem = Problem(Span("facts/briefing.yml"), "missing-file", "there is none", "write one")
    wanted = ["facts/briefing.yml:1:1: error missing-file there is none", " = write one"]
    assert [line.replace("  ", " ") for line in format_problem(problem, None).splitlines()] == wanted


def test_annotations_are_escaped() -> None:
    span = Span("facts/a,b:c.yml", 2, 3, 2, 5)
    problem = Problem(span, "bad-id", "100 %\nor ::more", severity=Severity.WARNING)
    assert github_annotation(problem, "there/") == (
        "::warning title=bad-id,file=there/facts/a%2Cb%3Ac.yml,line=2,endLine=2,col=3,endColumn=5"
        "::there/facts/a,b:c.yml:2:3: warning bad-id 100 %25U+000Aor ::more"
    )


def test_multiline_annotation_has_no_columns() -> None:
    problem = Problem(Span("a.yml", 2, 3, 4, 1), "bad-id", "wrong")
    assert "line=2,endLine=4::" in github_annotation(problem)


def test_github_format_is_the_default_in_actions() -> None:
    github = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(ROOT)}
    done = run_briefing("check", "facts/..", cwd=FAULTY, env=github)
    lines = done.stdout.splitlines()
    assert sum(line.startswith("::error title=") for line in lines) == 12
    assert "file=tests/twelve-faults/facts/actors.yml,line=4,endLine=4,col=3," in lines[0]
    asked = run_briefing("check", "--format", "text", str(FAULTY), env=github).stdout
    assert asked == (FAULTY / "expected.txt").read_text()


def test_old_names_warn() -> None:
    problem = Problem(Span("facts/a.yml"), "bad-id", "something is wrong", "do this", fix="that")
    with pytest.warns(DeprecationWarning, match="Problem.hint"):
        assert problem.help == "do this"
    with pytest.warns(DeprecationWarning, match="Problem.fix"):
        assert problem.mend == "that"


def test_json_output() -> None:
    done = run_briefing("check", "--format", "json", str(FAULTY))
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert set(told) == {"problems", "counts"}
    assert told["counts"] == {"fact": 2, "source": 1, "actor": 1, "place": 1, "term": 1}
    assert len(told["problems"]) == 12
    assert told["problems"][3] == {
        "severity": "error",
        "code": "unknown-value",
        "message": "invalid value 'liekly' for 'likelihood'",
        "hint": "did you mean 'likely'?",
        "fix": "likely",
        "is_safe": False,
        "help": "did you mean 'likely'?",
        "mend": "likely",
        "subject": "judged",
        "expected": "",
        "file": "facts/briefing.yml",
        "line": 12,
        "column": 17,
        "end_line": 12,
        "end_column": 23,
    }


@pytest.mark.process
def test_watch_checks_after_each_save(tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    file = folder / "facts" / "topics" / "loss.yml"
    good = file.read_text()
    command = [sys.executable, "-m", "briefing", "check", "--watch", str(folder)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "GITHUB_ACTIONS": ""}

    def save(text: str) -> None:
        """At once, for the file must not be read before it is whole."""
        (tmp_path / "saved").write_text(text)
        (tmp_path / "saved").replace(file)

    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # even if we ignore Ctrl-C
    ) as watching:
        try:
            assert watching.stdout
            assert watching.stdout.readline().endswith("no problems\n")
            save(good.replace("1628-08-10", "1628-02-31", 1))
            assert "facts/topics/loss.yml:21:15: error impossible-date" in watching.stdout.readline()
            while "1 error" not in watching.stdout.readline():
                pass
            save(good)
            assert watching.stdout.readline().endswith("no problems\n")
            watching.send_signal(signal.SIGINT)
            _, errors = watching.communicate(timeout=PATIENCE)
        finally:
            watching.kill()
    assert watching.returncode == 130, "interrupted"
    assert "Traceback" not in errors
    assert "Abort" not in errors
