"""Paths of the test briefings, and copies that a test may change. This module imports no other test module."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
VASA = ROOT / "tests" / "briefings" / "vasa"
# The same subject in four facts: half the pages, for tests in which only what happens to a build counts.
SHORT = ROOT / "tests" / "briefings" / "short"
# An example of each mistake: a file of the briefing in `base`. Its first lines list the expected problems.
MISTAKES = ROOT / "tests" / "broken"


def copy_briefing(folder: Path, to: Path) -> Path:
    """Return a copy of a briefing's facts, pages and settings, with the templates of this checkout."""
    to.mkdir(parents=True)
    for part in ("facts", "docs", "mkdocs.yml"):
        source = folder / part
        shutil.copytree(source, to / part) if source.is_dir() else shutil.copy(source, to / part)
    shutil.copytree(ROOT / "templates", to / "templates")
    return to
