"""Reuse results of an earlier run: files in ``.cache/briefing`` in the briefing's folder, all in one format.

A cache computes a key of everything that its result depends on. This module does the rest; ``read`` alone decides
whether a result is valid. A file has a header line, a line with a checksum, and the result.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

TYPE_CHECKING = False  # importing typing takes as long as reading the files in an unchanged check
if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")

CACHE = Path(".cache", "briefing")
CACHE_MARKER = ".gitignore"
_FORMAT = 1
_METADATA = (".dist-info", ".egg-info")
_PACKAGE = Path(__file__).parent.parent


def make_key(*inputs: str) -> str:
    """Return the key of a result that depends on these inputs and on the installed program."""
    digest = blake2b(json.dumps([sys.version, _installed_distributions(), inputs]).encode())
    for file in iter_files(_PACKAGE):
        if file.suffix == ".py":
            digest.update(f"\0{file}\0".encode(errors="surrogateescape"))
            digest.update(file.read_bytes())
    return digest.hexdigest()


def read(root: Path, name: str, key: str, parse: "Callable[[bytes], T]") -> "T | None":
    """Return the result that was cached under this name, or None if it is not valid.

    It is valid if it was written completely, in this format, for this key, and in this very folder. A copy of a folder
    may come from an untrusted source. A result with an empty key is never valid.
    """
    if not key or not is_safe_cache_file(root, name):
        return None
    try:
        header = _header(root, name, key)
        with (root / CACHE / name).open("rb") as file:
            # A file from elsewhere may have any size, so compare its header before reading the rest.
            if file.read(len(header)) != header:
                return None
            digest, _, payload = file.read().partition(b"\n")
        return parse(payload) if digest == _digest(payload) else None
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def write(root: Path, name: str, key: str, payload: bytes) -> None:
    """Cache a result for a later run with the same key, completely or not at all. Does nothing if the key is empty."""
    if not key or not _make_folder(root):
        return
    import tempfile  # slow to import, and not needed to read

    file = root / CACHE / name
    with suppress(OSError):
        # A killed run leaves these behind. If one belongs to a run in progress, that run writes no result.
        for leftover in file.parent.glob(f"{name}.*~"):
            leftover.unlink()
        data = b"".join([_header(root, name, key), _digest(payload), b"\n", payload])
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f"{name}.", suffix="~", delete=False) as temporary:
            try:
                temporary.write(data)
                temporary.flush()
                Path(temporary.name).replace(file)
            except BaseException:
                Path(temporary.name).unlink(missing_ok=True)
                raise


def is_safe_cache_file(root: Path, name: str) -> bool:
    """Return whether the cache folder has a regular file of this name, without symbolic links in its path."""
    file = root / CACHE / name
    return file.is_file() and not any(part.is_symlink() for part in (file, file.parent, file.parent.parent))


def iter_files(folder: Path) -> Iterator[Path]:
    """Yield every file below a folder in order, except Python's compiled files."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            yield Path(parent, name)


def _header(root: Path, name: str, key: str) -> bytes:
    # In a copy of the folder, the marker has another inode and change time.
    marker = (root / CACHE / CACHE_MARKER).stat()
    place = [str(root.resolve()), marker.st_ino, marker.st_ctime_ns]
    return json.dumps({"format": _FORMAT, "name": name, "key": key, "place": place}).encode() + b"\n"


def _digest(payload: bytes) -> bytes:
    return blake2b(payload).hexdigest().encode()


def _make_folder(root: Path) -> bool:
    """Create the cache folder with a .gitignore. Return False if it is not safe to write to."""
    folder = root / CACHE
    if folder.parent.is_symlink() or folder.is_symlink():
        return False
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        # Mode "x" follows no symbolic link.
        with suppress(FileExistsError), (folder / CACHE_MARKER).open("x", encoding="utf-8") as marker:
            marker.write("*\n")
    return is_safe_cache_file(root, CACHE_MARKER)


def _installed_distributions() -> list[str]:
    """Return the names and versions of all installed distributions. importlib.metadata would be slow to import."""
    found = []
    for folder in sys.path:
        with suppress(OSError):
            found += [item.name for item in os.scandir(folder or ".") if item.name.endswith(_METADATA)]
    return sorted(found)
