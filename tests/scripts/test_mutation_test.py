"""``scripts/mutation-test`` counts a change as caught only if a test failed. Its settings name existing files."""

import json
import runpy
import tomllib
from pathlib import Path

import pytest
from support import ROOT

MUTANTS = runpy.run_path(str(ROOT / "scripts" / "mutation_test.py"))


def test_change_is_caught_only_if_a_test_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = {"x_a__mutmut_1": 1, "x_a__mutmut_2": 0, "x_a__mutmut_3": -24, "x_a__mutmut_4": 3, "x_b__mutmut_1": 33}
    file = tmp_path / "mutants" / "briefing" / "dates.py.meta"
    file.parent.mkdir(parents=True)
    file.write_text(
        json.dumps({"exit_code_by_key": {f"briefing.text.edtf.{name}": code for name, code in codes.items()}})
    )
    monkeypatch.chdir(tmp_path)
    ends = MUTANTS["results"](["briefing.text.edtf.*"])
    assert [*ends.values()] == ["caught", "survived", "too long", "other", "no test"]
    assert [line.split() for line in MUTANTS["table"](ends).splitlines()[1:]] == [
        ["briefing.text.edtf", "5", "1", "1", "1", "1", "1"],
        ["all", "5", "1", "1", "1", "1", "1"],
    ]
    assert MUTANTS["results"](["briefing.text.edtf.*[24]"]).keys() == {
        f"briefing.text.edtf.x_a__mutmut_{n}" for n in (2, 4)
    }
    assert MUTANTS["results"](["briefing.text.yaml_reader.*"]) == {}


def test_configured_files_and_tests_exist() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    assert all([*ROOT.glob(pattern)] for pattern in told["only_mutate"])
    assert all((ROOT / test.partition("::")[0]).exists() for test in told["pytest_add_cli_args_test_selection"])
