"""Create a new briefing from the packaged example."""

import json
import re
import zlib
from email import message_from_bytes
from io import BytesIO
from lzma import LZMAError
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

DISTRIBUTION = "mkdocs-briefing"  # the name in pyproject.toml; the module and the command are `briefing`

# The folder for the wheel in a new briefing. Not wheels/, which the usual .gitignore for Python projects excludes.
_VENDOR = "vendor"
_NO_WHEEL = f"# No wheel yet. Copy it into {_VENDOR}/ and replace this line with its path: ./{_VENDOR}/NAME.whl"

_ESCAPED = DISTRIBUTION.replace("-", "_")  # as in the file names of wheels
_FILE_NAME = re.compile(rf"({_ESCAPED}-[\w.!+]+)-py3-none-any\.whl", re.ASCII)


class Wheel(NamedTuple):
    """A wheel of Briefing: its file name, which pip reads, and its bytes."""

    name: str
    data: bytes


class InvalidWheel(Exception):
    """A file is not a wheel of Briefing; the message has the reason."""


def read_wheel(file: Path) -> Wheel:
    """Return the wheel in ``file``.

    Raises InvalidWheel unless it is a regular file and an intact wheel of our distribution, judging by its file name
    and its metadata.
    """
    try:
        if not file.is_file():  # reading a pipe could block
            raise InvalidWheel(f"{file} is not a regular file")
        name = _FILE_NAME.fullmatch(file.name)
        if not name:
            expected = f"{_ESCAPED}-VERSION-py3-none-any.whl"
            raise InvalidWheel(f"{file} does not have the name of a wheel of Briefing ({expected})")
        data = file.read_bytes()
    except OSError as error:
        raise InvalidWheel(f"{file} cannot be read: {error.strerror}") from None
    metadata = f"{name[1]}.dist-info/METADATA"
    try:
        with ZipFile(BytesIO(data)) as archive:
            if damaged := archive.testzip():
                raise BadZipFile(damaged)
            found = message_from_bytes(archive.read(metadata)).get("Name", "")
    except KeyError:
        raise InvalidWheel(f"{file} has no {metadata}, so it is not a wheel of that version") from None
    # A damaged stream, header or file name makes zipfile raise these too.
    except (BadZipFile, EOFError, OSError, RuntimeError, ValueError, zlib.error, LZMAError):
        raise InvalidWheel(f"{file} is not an intact zip archive") from None
    if found != DISTRIBUTION:
        raise InvalidWheel(f"{file} is a wheel of '{found}', not of '{DISTRIBUTION}'")
    return Wheel(file.name, data)


def write_starter(root: Path, title: str, wheel: Wheel | None) -> list[str]:
    """Write a new briefing into the empty or missing folder ``root``. Return the paths of its files.

    Its workflow installs Briefing from ``wheel``.
    """
    starter = Path(__file__).parent.parent / "starter"
    requirement = f"./{_VENDOR}/{wheel.name}" if wheel else _NO_WHEEL
    files = {}
    for file in sorted(file for file in starter.rglob("*") if file.is_file()):
        path = "/".join(part.replace("dot-", ".", 1) for part in file.relative_to(starter).parts)
        # In quotes, write the title as JSON, which is also YAML, whatever characters it contains.
        text = file.read_text(encoding="utf-8").replace('"@TITLE@"', json.dumps(title, ensure_ascii=False))
        files[path] = text.replace("@TITLE@", title).replace("@REQUIREMENT@", requirement).encode()
    if wheel:
        files[f"{_VENDOR}/{wheel.name}"] = wheel.data
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return list(files)
