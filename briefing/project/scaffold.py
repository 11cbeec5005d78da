"""Create a new briefing from the packaged example."""

import json
from pathlib import Path

from briefing import __version__


def write_starter(root: Path, title: str) -> list[str]:
    """Make a new briefing in the empty or missing folder ``root``; the paths of its files."""
    starter = Path(__file__).parent.parent / "starter"
    written = []
    for file in sorted(file for file in starter.rglob("*") if file.is_file()):
        path = root / "/".join(part.replace("dot-", ".", 1) for part in file.relative_to(starter).parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        # a title in quotes is JSON, and so YAML, whatever stands in it
        text = file.read_text(encoding="utf-8").replace('"@TITLE@"', json.dumps(title, ensure_ascii=False))
        text = text.replace("@TITLE@", title).replace("@VERSION@", __version__)
        path.write_text(text, encoding="utf-8")
        written.append(path.relative_to(root).as_posix())
    return written
