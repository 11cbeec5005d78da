"""Write files of a briefing, each of them whole."""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from briefing.editing.text_edits import Edit


def write_edit(root: Path, edit: Edit) -> None:
    """Write what an edit changes."""
    write_whole({root / path: data for path, data in edit.files.items()})
    for path in edit.moved:
        (root / path).unlink()


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write files, none of them by halves: the first takes its place once all of them are written aside it."""
    asides: dict[Path, Path] = {}
    try:
        for file, data in files.items():
            place = file.resolve()
            aside = place.with_name(f".{place.name}.briefing~")
            asides[aside] = place
            aside.write_bytes(data)
            if place.exists():
                shutil.copymode(place, aside)
        for aside, place in asides.items():
            aside.replace(place)
    except OSError as error:
        error.filename = str(asides.get(Path(str(error.filename)), error.filename or file))
        raise
    finally:
        for aside in asides:
            with suppress(OSError):
                aside.unlink()
