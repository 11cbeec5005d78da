"""``scripts/measure-detection`` counts correctly, and writes nothing."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT, VASA

pytestmark = pytest.mark.process


def _files(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_damages_are_counted_and_leave_no_trace() -> None:
    before = _files(VASA / "facts")
    command = [
        sys.executable,
        str(ROOT / "scripts" / "measure_detection.py"),
        "--seed",
        "7",
        "--count",
        "120",
        str(VASA),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert _files(VASA / "facts") == before
    rows = dict(re.findall(r"^(\w[\w ]*?) +(\d+ +\d+ +\d+) ", done.stdout, re.MULTILINE))
    counts = {name: [int(number) for number in row.split()] for name, row in rows.items()}
    for name in ("number", "shifted paragraph", "misspelt id"):
        tried, caught, missed = counts[name]
        assert tried > 0, name
        assert (caught, missed) == (tried, 0), name
    # These damages may be missed: the paragraph may contain the other year or the other word too.
    for name in ("year", "quoted word"):
        tried, caught, missed = counts[name]
        assert caught > missed, name
    assert counts["all"][0] == sum(row[0] for name, row in counts.items() if name != "all") == 120
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.stdout == done.stdout, "the seed decides"
