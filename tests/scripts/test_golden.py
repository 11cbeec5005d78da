"""``scripts/golden`` finds the differences between outputs, and only those."""

import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

pytestmark = pytest.mark.process

SCRIPT = ROOT / "scripts" / "golden.py"
GOLDEN = runpy.run_path(str(SCRIPT))


def _golden(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_frozen_briefings_match_digests(request: pytest.FixtureRequest) -> None:
    options = ["--write"] if request.config.getoption("--update-golden") else []
    done = _golden("digests", *options)
    assert done.returncode == 0, (
        f"{done.stdout}{done.stderr}'pytest tests/scripts/test_golden.py --update-golden' accepts this"
    )


def test_revision_equals_itself() -> None:
    done = _golden("compare", "HEAD", "--only", "explained")
    assert "outputs differ from HEAD" in done.stdout, done.stderr


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


def test_other_revisions_code_is_run(tmp_path: Path) -> None:
    """A checkout with different messages gives different outputs for the same inputs."""
    code = tmp_path / "code"
    for part in ("briefing", "templates"):
        shutil.copytree(ROOT / part, code / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", code)
    for file in code.rglob("*.py"):
        file.write_text(file.read_text(encoding="utf-8").replace("no problems", "not a problem"), encoding="utf-8")
    GOLDEN["prepare_inputs"](["explained"], tmp_path / "inputs")
    sides = []
    for checkout in (ROOT, code):
        GOLDEN["run_code"](checkout, ["explained"], tmp_path / "inputs", tmp_path / "out" / checkout.name)
        sides.append(GOLDEN["read_outputs"](tmp_path / "out" / checkout.name))
    texts = list(GOLDEN["differences"](*sides))
    assert texts
    assert [text for text in texts if "not a problem" not in text] == []
