"""A field is defined once. Schemas, reference checks, diff, rename and exports read one line of the model."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support import ROOT, VASA, Done, copy_briefing

from briefing.model.fields import Meaning
from briefing.model.records import Record, fields_with_meaning, meanings

pytestmark = pytest.mark.process

BEFORE = "    disputes: Annotated["
FIELD = """\
    confirms: Annotated[Slugs, Meaning(refers_to="fact", unordered=True, change="citation")] = Field(
        (), description=N_("Facts that this one confirms.")
    )
"""
LOSS = "facts/topics/loss.yml"


# Runs the commands that it reads, and answers each with its exit code and output.
_PROGRAM = """
import contextlib, json, sys
from click.testing import CliRunner
from briefing.cli import main
for line in sys.stdin:
    folder, arguments = json.loads(line)
    with contextlib.chdir(folder):
        done = CliRunner().invoke(main, arguments, prog_name="briefing")
    print(json.dumps([done.exit_code, done.stdout, done.stderr]), flush=True)
"""
Run = Callable[..., Done]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Run a command in a folder with a copy of the package that has one additional field.

    One process runs all commands, because each would have to compile the copy.
    """
    code = tmp_path_factory.mktemp("code")
    for part in ("briefing", "templates"):
        shutil.copytree(ROOT / part, code / part, ignore=shutil.ignore_patterns("__pycache__"))
    file = code / "briefing" / "model" / "records.py"
    text = file.read_text(encoding="utf-8")
    assert text.count(BEFORE) == 1
    file.write_text(text.replace(BEFORE, FIELD + BEFORE), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(code)}
    command = [sys.executable, "-c", _PROGRAM]
    # Python would prefer a package in the current folder.
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=code, text=True
    ) as program:
        to_program, answers = program.stdin, program.stdout
        assert to_program and answers

        def run(folder: Path, *arguments: str) -> Done:
            to_program.write(json.dumps([str(folder), arguments]) + "\n")
            to_program.flush()
            return Done(arguments, *json.loads(answers.readline()))

        yield run
        to_program.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A briefing that uses the additional field."""
    folder = copy_briefing(VASA, tmp_path / "vasa")
    shutil.rmtree(folder / "templates")
    _replace(folder, "      - id: gunports-open\n", "      - id: gunports-open\n        confirms: [sinking]\n")
    return folder


def _replace(folder: Path, old: str, new: str) -> None:
    file = folder / LOSS
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_the_editor_schema_completes_ids(run: Run, folder: Path) -> None:
    assert run(folder, "schema").returncode == 0
    schema = json.loads((folder / ".vscode" / "schemas" / "topic.json").read_text(encoding="utf-8"))
    fact = schema["properties"]["sections"]["items"]["properties"]["facts"]["items"]["properties"]
    assert "Facts that this one confirms." in fact["confirms"]["description"]
    assert "#/definitions/fact" in json.dumps(fact["confirms"])


def test_a_reference_is_checked(run: Run, folder: Path) -> None:
    assert run(folder, "check", "--strict").returncode == 0
    _replace(folder, "confirms: [sinking]", "confirms: [sinkin]")
    done = run(folder, "check", "--format", "json")
    problems = json.loads(done.stdout)["problems"]
    assert [(one["code"], one["subject"], one["fix"]) for one in problems] == [("unknown-fact", "sinkin", "sinking")]


def test_rename_updates_the_reference(run: Run, folder: Path) -> None:
    assert run(folder, "rename", "sinking", "sinking-1628").returncode == 0
    assert "confirms: [sinking-1628]" in (folder / LOSS).read_text(encoding="utf-8")


def test_diff_reports_the_class_of_a_change(run: Run, folder: Path, tmp_path: Path) -> None:
    before = shutil.copytree(folder, tmp_path / "before")
    _replace(folder, "confirms: [sinking]", "confirms: [sinking, order]")
    done = run(folder, "diff", str(before), "--format", "json")
    (change,) = json.loads(done.stdout)["changes"]
    assert (change["id"], change["classes"]) == ("gunports-open", ["citation"])


def test_exports_contain_the_field(run: Run, folder: Path) -> None:
    assert run(folder, "stage", "stage").returncode == 0
    data = folder / "stage" / "docs" / "data"
    facts = json.loads((data / "facts.json").read_text(encoding="utf-8"))["records"]["facts"]
    assert {fact["id"]: fact["confirms"] for fact in facts}["gunports-open"] == ["sinking"]
    assert "confirms" in (data / "facts.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert "confirms" in (data / "facts.schema.json").read_text(encoding="utf-8")


def test_a_field_name_has_the_same_meaning_in_every_kind_of_record() -> None:
    kinds = [Record]
    for kind in kinds:
        kinds += kind.__subclasses__()
    for kind in kinds:
        for _, name, meaning in fields_with_meaning(kind):
            assert meaning in (Meaning(), meanings().get(name)), f"{kind.__name__}.{name}"
