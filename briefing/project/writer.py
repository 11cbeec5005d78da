"""Write a briefing's files atomically."""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from briefing.editing.text_edits import Edit


def write_edit(root: Path, edit: Edit) -> None:
    """Write the files of an edit, and delete those that it moved."""
    write_whole({root / path: data for path, data in edit.files.items()})
    for path in edit.moved:
        (root / path).unlink()


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write each file atomically. No file is replaced until all new contents are written next to the old ones."""
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
