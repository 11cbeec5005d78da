"""``scripts/golden`` finds the differences between outputs, and only those."""

import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from scripted import git
from support import ROOT

pytestmark = pytest.mark.process

SCRIPT = ROOT / "scripts" / "golden.py"
GOLDEN = runpy.run_path(str(SCRIPT))


def _golden(*arguments: str, checkout: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / SCRIPT.relative_to(ROOT)), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_frozen_briefings_match_digests(request: pytest.FixtureRequest) -> None:
    options = ["--write"] if request.config.getoption("--update-golden") else []
    done = _golden("digests", *options)
    assert done.returncode == 0, (
        f"{done.stdout}{done.stderr}'pytest tests/scripts/test_golden.py --update-golden' accepts this"
    )


def test_differences_are_shown_as_text() -> None:
    before = {"same": b"a\n", "text": b"one\ntwo\n", "image": b"\xff", "gone": b""}
    after = {"same": b"a\n", "text": b"one\n2\n", "image": b"\xfe\xff", "new": b""}
    assert list(GOLDEN["differences"](before, after)) == [
        "only before: gone",
        "differs: image (1 and 2 bytes)",
        "only after: new",
        "--- before/text\n+++ after/text\n@@ -1,2 +1,2 @@\n one\n-two\n+2",
    ]


def test_difference_in_json_line_is_shown_alone() -> None:
    before, after = ({"check": f'{{"code": "a", "line": {line}}}\n'.encode()} for line in (1, 2))
    (text,) = GOLDEN["differences"](before, after)
    assert text.splitlines()[-3:] == ['- "line": 1', '+ "line": 2', " }"]


def test_working_tree_is_compared_with_a_revision(tmp_path: Path) -> None:
    """In a repository whose code gives another message since then, which one of two briefings does not show."""
    for part in ("briefing", "templates", "tests/explained", "tests/twelve-faults"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "scripts").mkdir()
    for path in ("pyproject.toml", "scripts/golden.py", "tests/briefing_folders.py", "tests/scripted.py"):
        shutil.copy(ROOT / path, tmp_path / path)
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Before"]):
        git(tmp_path, *command)
    for file in (tmp_path / "briefing").rglob("*.py"):
        file.write_text(file.read_text(encoding="utf-8").replace("no problems", "not a problem"), encoding="utf-8")
    done = _golden("compare", "HEAD", "--only", "explained", "faults", checkout=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[:2] == ["--- before/explained/check.txt", "+++ after/explained/check.txt"]
    changed = {(line[0], line.rpartition(": ")[2]) for line in lines if re.match(r"[+-]\d", line)}
    assert changed == {("-", "no problems"), ("+", "not a problem")}
    assert lines[-1] == "1 of 2 outputs differ from HEAD"
    assert git(tmp_path, "worktree", "list").count("\n") == 1
