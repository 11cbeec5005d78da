"""The editing guide is true: its examples are executed, and the output is compared."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from support import ROOT

from briefing.cli import main
from briefing.text.edtf import parse_edtf
from briefing.text.language import ENGLISH

pytestmark = pytest.mark.process

GUIDE = ROOT / "docs" / "editing.md"
_STEP = re.compile(r"^```(console|diff|yaml)\n(.*?)^```$|^<!-- (put back) -->$", re.MULTILINE | re.DOTALL)


class _Reader:
    """Follows the guide, step by step."""

    def __init__(self) -> None:
        self.before: tuple[Path, str] | None = None  # the file to restore

    def follow(self, step: re.Match[str]) -> str:
        """Execute a step. Return it as it should be in the guide, with the current output."""
        kind, block, put_back = step.groups()
        if put_back:
            assert self.before
            self.before[0].write_text(self.before[1])
            return step[0]
        if kind == "console":
            commands = [line for line in block.splitlines() if line.startswith("$ ")]
            block = "".join(f"{command}\n{_output(shlex.split(command[2:]))}" for command in commands)
        else:
            name, _, change = block.partition("\n")
            name = name.removeprefix("# ")
            path = Path(name)
            # a topic is added as a new file
            self.before = (path, path.read_text() if path.exists() else "")
            path.write_text(_changed(self.before[1], kind, change))
        return f"```{kind}\n{block}```"


def _changed(text: str, kind: str, change: str) -> str:
    if kind == "yaml":
        return text + change
    old = "\n".join(line[1:] for line in change.splitlines() if line[0] != "+")
    new = "\n".join(line[1:] for line in change.splitlines() if line[0] != "-")
    assert text.count(old) == 1
    return text.replace(old, new)


def _output(command: list[str]) -> str:
    if command[0] == "git" and Path("facts").is_dir():
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return CliRunner().invoke(main, command[1:]).output if command[0] == "briefing" else ""


def test_guide_matches_command_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    reader = _Reader()
    around, practice = tmp_path, tmp_path / "practice"
    monkeypatch.chdir(around)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795478400")  # 24 November 2026; due reviews depend on the date
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A reader")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "reader@example.org")

    def follow(step: re.Match[str]) -> str:
        if "git push" in step[0]:  # from here on the guide is about the real briefing
            shutil.rmtree(practice)
            monkeypatch.chdir(ROOT)
            return step[0]
        done = reader.follow(step)
        if practice.is_dir():
            monkeypatch.chdir(practice)
        return done

    done = _STEP.sub(follow, text)
    if request.config.getoption("--update-golden"):
        GUIDE.write_text(done, encoding="utf-8")
    assert GUIDE.read_text(encoding="utf-8") == done


def test_guide_explains_dates_correctly() -> None:
    forms = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(forms) == 12
    assert [(written, ENGLISH.format_date(parse_edtf(written))) for written, _ in forms] == forms
