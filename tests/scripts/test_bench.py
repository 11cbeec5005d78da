"""The figures in ``docs/speed.md``."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

BENCH = [sys.executable, str(ROOT / "scripts" / "bench.py")]


def _written(file: str) -> list[str]:
    """Return the lines between the markers of ``scripts/bench``."""
    text = (ROOT / file).read_text(encoding="utf-8")
    found = re.search(r"<!-- scripts/bench: begin -->\n(.*)<!-- scripts/bench: end -->", text, re.DOTALL)
    assert found, f"{file} has no markers for the figures"
    return [line for line in found[1].splitlines() if line]


def test_page_marks_which_targets_are_met() -> None:
    page = _written("docs/speed.md")
    rows = [[cell.strip(" `*") for cell in line.strip("|").split("|")] for line in page if "`≤" in line]
    assert len(rows) == 9
    for _, result, target, met, *_ in rows:
        if result == "not measured":
            assert met == ""
            continue
        value, limit = (float(re.sub(r"[^\d.]", "", cell)) for cell in (result, target))
        assert met == ("yes" if value <= limit else "no"), (result, target)


@pytest.mark.process
def test_corpus_command(tmp_path: Path) -> None:
    subprocess.run([*BENCH, "corpus", str(tmp_path), "--facts", "10"], check=True)
    assert (tmp_path / "mkdocs.yml").exists()
    assert sum(file.read_text().count(" says: ") for file in tmp_path.glob("facts/topics/*.yml")) > 10
