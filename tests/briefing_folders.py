"""Where the briefings that tests use are, and copies of them that a test may change. Imports nothing of the tests'."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
VASA = ROOT / "tests" / "briefings" / "vasa"
# An example of each mistake: a file of the briefing in `base`, with what must be found in its first lines.
MISTAKES = ROOT / "tests" / "broken"


def copy_briefing(folder: Path, to: Path) -> Path:
    """Return a copy of a briefing's facts, pages and settings, with the templates of this checkout."""
    to.mkdir(parents=True)
    for part in ("facts", "docs", "mkdocs.yml"):
        source = folder / part
        shutil.copytree(source, to / part) if source.is_dir() else shutil.copy(source, to / part)
    shutil.copytree(ROOT / "templates", to / "templates")
    return to
