"""Replay the result of the last check if nothing has changed. Imported before the rest of the package."""

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from briefing import __version__
from briefing.project.cache import CACHE, MARK, is_safe_cache_file
from briefing.project.clock import clock

CHECKED = "check.json"
_PACKAGE = Path(__file__).parent.parent


def fingerprint(root: Path, strict: bool) -> str:
    """A digest of all that a check's answer is made of: what was written, by whom it is read, and on which day; empty
    where something of it cannot be read, or nothing can be kept.

    When the folder of what is kept was made here is part of it, which nobody knows who has put an answer into a copy.
    """
    digest = hashlib.blake2b(f"{__version__} {sys.version} {clock()} {strict}".encode())
    try:
        if not is_safe_cache_file(root, MARK):
            return ""
        made = (root / CACHE / MARK).stat()
        digest.update(f"{made.st_dev} {made.st_ino} {made.st_ctime_ns}".encode())
        for folder in (root / "facts", root / "templates", root / "docs", _PACKAGE, _PACKAGE.parent / "templates"):
            for file in _files(folder):
                digest.update(f"\0{file}\0".encode(errors="surrogateescape"))
                if file.suffix in _READ:
                    digest.update(file.read_bytes())
    except OSError:
        return ""
    return digest.hexdigest()


_LARGEST = 10_000_000  # bytes; more than any file has that is no problem
_READ = {".yml", ".yaml", ".j2", ".md", ".py"}  # of other files a check knows that they are there


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for file in (Path(parent, name) for name in sorted(names)):
            if file.suffix in _READ and not (file.is_file() and file.stat().st_size < _LARGEST):
                raise OSError(file)  # a pipe, say, which nobody waits for here
            yield file


def answer(arguments: list[str]) -> tuple[str, int] | None:
    """What a command line with these arguments printed and returned last; None where it is to be run."""
    folders = [argument for argument in arguments[1:] if argument != "--strict"]
    asks = arguments[:1] == ["check"] and len(folders) < 2 and not any(name.startswith("-") for name in folders)
    if not asks or os.environ.get("GITHUB_ACTIONS") == "true":  # there problems are told otherwise
        return None
    root = Path(*folders)
    try:
        if not is_safe_cache_file(root, CHECKED):
            return None
        kept, output, code = json.loads((root / CACHE / CHECKED).read_bytes())
        return (output, code) if kept and kept == fingerprint(root, "--strict" in arguments) else None
    except (OSError, ValueError, TypeError, RecursionError):
        return None
