"""``scripts/measure-detection`` makes errors of every class and counts them. It writes only the file that is named."""

import re
import runpy
import sys
from pathlib import Path
from random import Random

import pytest
from support import ROOT, fork_script

from briefing import __version__
from briefing.evidence.detection import Counts, Detection, ErrorClass

pytestmark = pytest.mark.process

SCRIPT = ROOT / "scripts" / "measure_detection.py"
SUEZ = ROOT / "examples" / "suez-canal" / "facts"


def _files(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_errors_are_counted_and_leave_no_trace_in_the_facts(tmp_path: Path) -> None:
    before = _files(SUEZ)
    options = ["--briefing", "suez", "--count", "3", "--only", "year"]
    options += ["--json", str(tmp_path / "rates.json"), "--date", "2026-11-24"]
    done = fork_script(SCRIPT.name, *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert _files(SUEZ) == before
    (row,) = re.findall(r"^year +pinned +(.*)$", done.stdout, re.MULTILINE)
    assert row.split() == ["3", "3", "0", "0", "0", "100.0"]
    honest = re.search(r"^(\d+) honest paraphrases: (\d+) refused", done.stdout, re.MULTILINE)
    assert honest
    rates = Detection.model_validate_json((tmp_path / "rates.json").read_bytes())
    assert (rates.version, rates.date, rates.half) == (__version__, "2026-11-24", "tuning")
    years = next(one.counts for one in rates.classes if (one.name, one.basis) == ("year", "pinned"))
    assert (years.tried, years.refused, years.caught) == (3, 3, 3)
    assert (rates.paraphrases.tried, rates.paraphrases.refused) == (int(honest[1]), int(honest[2]))
    assert f"mean over {len(rates.pooled())} classes on pinned or quoted facts: {rates.mean():.1f} %" in done.stdout
    assert 20 * int(honest[2]) <= int(honest[1]), "at most 5 % are refused"


def test_every_class_has_errors_and_each_record_is_in_one_half(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    script = runpy.run_path(str(SCRIPT))
    halves = {
        half: script["chosen"](script["Subject"]("suez", SUEZ.parent, 1).trials(), half, 10**6, 1)
        for half in script["HALVES"]
    }
    found = {name for pools in halves.values() for name, _ in pools}
    assert set(script["errors"].FACT_CLASSES) - found == set()
    tuning, held_out = ({trial.subject for pool in pools.values() for trial in pool} for pools in halves.values())
    assert tuning
    assert held_out
    assert not tuning & held_out


def test_basis_is_how_all_cited_sources_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    errors = runpy.run_path(str(SCRIPT))["errors"]
    material = errors.Material([], {}, {}, counts={"account": 3}, unpinned=[], random=Random(1))
    quotation = {"source": "letter", "quote": "in May"}
    for cite, basis in (
        (["account:1", {"source": "account", "part": "2", "quote": "it sank"}], "pinned"),
        ([quotation], "quoted"),
        (["account:1", quotation], "quoted"),
        ([quotation, {"source": "letter"}], "cited only"),
        (["account:1", "letter"], "cited only"),
        ("letter", "cited only"),
    ):
        assert material.basis({"cite": cite}) == basis, cite


def test_mean_is_over_classes_and_pools_what_can_be_compared() -> None:
    def one(name: str, basis: str, tried: int, refused: int, warned: int) -> ErrorClass:
        counts = Counts(tried=tried, refused=refused, warned=warned, noted=0, missed=tried - refused - warned)
        return ErrorClass.model_validate({"name": name, "basis": basis, "counts": counts})

    classes = (
        one("year", "pinned", 6, 6, 0),
        one("year", "quoted", 2, 0, 0),
        one("year", "cited only", 9, 0, 0),
        one("roles", "quoted", 4, 0, 1),
        one("hatch", "cited only", 5, 5, 0),
    )
    rates = Detection(
        version="1",
        date="2026-11-24",
        half="all",
        count=9,
        seed=1,
        classes=classes,
        paraphrases=Counts(tried=1, refused=0, warned=0, noted=0, missed=1),
        rules=(),
    )
    # 6 of 8 years and 1 of 4 roles.
    assert rates.mean() == (75 + 25) / 2


def test_errors_are_classified_as_changes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    arguments = ["--changes", "--briefing", "suez", "--half", "all", "--count", "3", "--only", "negation put in"]
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), *arguments])
    assert runpy.run_path(str(SCRIPT))["main"]() == 0
    _, row = capsys.readouterr().out.splitlines()
    assert row.split() == ["negation", "put", "in", "7", "100.0", "100.0"]
