"""Reports are in colour in a terminal, and only there."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT, VASA, copy_briefing

from briefing.project.terminal import add_colour

FAULTY = ROOT / "tests" / "twelve-faults"
ANSI = re.compile(r"\x1b\[[\d;]*m")


def test_colour_changes_no_character() -> None:
    report = (FAULTY / "expected.txt").read_text(encoding="utf-8")
    coloured = add_colour(report)
    assert ANSI.sub("", coloured) == report
    assert coloured.count("\x1b[1;31merror\x1b[0m") == 12
    assert "\x1b[1;31m^" in coloured
    assert re.search(r"= corrected:\n\S*12 \|\S*\x1b\[32m     likelihood: likely\x1b", coloured)


@pytest.mark.process
@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", ""), ("NO_COLOR", "1"), ("TERM", "dumb")])
def test_terminal_gets_colour_unless_disabled(variable: str, value: str, tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    actors = folder / "facts" / "actors.yml"
    actors.write_text(actors.read_text(encoding="utf-8").replace("kind: state", "kind: stat", 1), encoding="utf-8")
    env = {**os.environ, "TERM": "xterm", variable: value}
    env.pop("GITHUB_ACTIONS", None)
    # The second run is replayed.
    for _ in range(2):
        shown = _in_terminal([sys.executable, "-m", "briefing", "check", str(folder)], env)
        assert "unknown-value" in shown
        assert ("\x1b[1;31merror" in shown) == (not value)
    done = subprocess.run(
        [sys.executable, "-m", "briefing", "check", str(folder)], env=env, capture_output=True, text=True, check=False
    )
    assert not ANSI.search(done.stdout)


def _in_terminal(command: list[str], env: dict[str, str]) -> str:
    """Return what a command writes to a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env)
    os.close(theirs)
    written = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:
            # Linux reports a closed terminal as an error.
            break
        if not part:
            break
        written += part
    process.wait()
    os.close(ours)
    return written.decode()
