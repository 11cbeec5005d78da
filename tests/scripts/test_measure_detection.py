"""``scripts/measure-detection`` makes errors of every class, counts them, and writes nothing."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

pytestmark = pytest.mark.process

SCRIPT = ROOT / "scripts" / "measure_detection.py"
SUEZ = ROOT / "examples" / "suez-canal" / "facts"


def _files(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_errors_are_counted_and_leave_no_trace() -> None:
    before = _files(SUEZ)
    command = [sys.executable, str(SCRIPT), "--briefing", "suez", "--count", "3", "--only", "year"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert _files(SUEZ) == before
    (row,) = re.findall(r"^year +pins +(.*)$", done.stdout, re.MULTILINE)
    assert row.split() == ["3", "3", "0", "0", "0", "100.0"]
    honest = re.search(r"^(\d+) honest paraphrases: (\d+) refused", done.stdout, re.MULTILINE)
    assert honest
    assert 20 * int(honest[2]) <= int(honest[1]), "at most 5 % are refused"


def test_every_class_has_errors_and_each_record_is_in_one_half(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    script = runpy.run_path(str(SCRIPT))
    halves = {
        half: script["chosen"](script["Subject"]("suez", SUEZ.parent, 1).trials(), half, 10**6, 1)
        for half in script["HALVES"]
    }
    found = {name.split("\t")[0] for pools in halves.values() for name in pools}
    # The Suez briefing has no fact like these.
    assert set(script["errors"].FACT_CLASSES) - found == set()
    tuning, held_out = ({trial.subject for pool in pools.values() for trial in pool} for pools in halves.values())
    assert tuning
    assert held_out
    assert not tuning & held_out
