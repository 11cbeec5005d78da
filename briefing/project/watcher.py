"""Wait for an editor's next save."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from briefing.project.layout import DOCS, FACTS, TEMPLATES

_PAUSE = 0.15  # seconds between two looks for a save


def saves(root: Path) -> Iterator[None]:
    """Yields at once, and then each time that a file of the facts, templates or hand-written pages has changed, once it
    changes no more: an editor may be in the middle of a save.
    """
    told = before = None
    while True:
        now = {
            file: (state.st_mtime_ns, state.st_size)
            for folder in (FACTS, TEMPLATES, DOCS)
            for file in (root / folder).rglob("*")
            if (state := _state(file)) and not file.name.startswith(".")
        }
        if now != told and (now == before or told is None):
            told = now
            yield
        else:
            time.sleep(_PAUSE)
        before = now


def _state(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except OSError:  # an editor's save may replace it just now
        return None
