"""The figures in ``docs/speed.md``, and how ``scripts/bench`` writes them."""

import re
import runpy
import shutil
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


def test_results_are_written_into_the_page(tmp_path: Path) -> None:
    for folder in ("scripts", "docs"):
        (tmp_path / folder).mkdir()
    page = tmp_path / "docs" / "speed.md"
    page.write_text("# Speed\n<!-- scripts/bench: begin -->\nold\n<!-- scripts/bench: end -->\nMore.\n")
    write = runpy.run_path(str(shutil.copy(ROOT / "scripts" / "bench_table.py", tmp_path / "scripts")))["write"]
    found = {
        ("check", "yaml.compose"): [2.0, 1.0, 3.0],
        ("check", "import yaml"): [0.25],
        ("check", "briefing --version"): [0.5],
        ("check", "briefing check, cold"): [4.0],
        ("check", "briefing check, unchanged"): [1.0],
        ("build", "briefing"): [20.0],
    }
    series = [
        {"measure": measure, "facts": 10_000, "contender": contender, "seconds": seconds, "megabytes": [500, 601]}
        for (measure, contender), seconds in found.items()
    ]
    about = {"date": "2026-11-24", "machine": "a machine", "versions": ["briefing 1"], "cores": 2}
    for load in (1.5, 2.5):
        write({**about, "series": series, "loads": {"check 10000": load, "build 10000": 1.0}})
        text = page.read_text()
        assert ("The machine was busy" in text) is (load > 2)
    assert text.startswith("# Speed\n<!-- scripts/bench: begin -->\n\nMeasured on `2026-11-24` on `a machine`")
    assert text.endswith("|\n<!-- scripts/bench: end -->\nMore.\n")
    assert "Targets met: `1`; not met: `2`." in text
    rows = [[cell.strip() for cell in line.split("|")[2:-1]] for line in text.splitlines() if line.startswith("| ")]
    assert ["`2.00 ×`", "`≤ 2 ×`", "yes", "`4.00 s (4.00–4.00)`", "`2.00 s (1.00–3.00)`"] in rows
    assert ["`0.50 ×`", "`≤ 0.3 ×`", "**no**", "`1.00 s (1.00–1.00)`", "`2.00 s (1.00–3.00)`"] in rows
    assert ["`601 MB`", "`≤ 600 MB`", "**no**", "`601 MB`", ""] in rows
    assert ["not measured", "`≤ 0.5 s`", "", "", ""] in rows
    assert ["**Briefing**", "`20.00 s (20.00–20.00)`", "`1.00 ×`", "", "`601 MB`"] in rows


@pytest.mark.process
def test_corpus_command(tmp_path: Path) -> None:
    subprocess.run([*BENCH, "corpus", str(tmp_path), "--facts", "10"], check=True)
    assert (tmp_path / "mkdocs.yml").exists()
    assert sum(file.read_text().count(" says: ") for file in tmp_path.glob("facts/topics/*.yml")) > 10
