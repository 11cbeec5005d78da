"""Put a finished site in the place of the last one; builds of one briefing wait for each other."""

import ctypes
import errno
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl

    _CAN_LOCK = True
except ImportError:  # Windows
    _CAN_LOCK = False


@contextmanager
def one_at_a_time(root: Path, wait: Callable[[], None]) -> Iterator[None]:
    """Keep every other build of the briefing waiting; ``wait`` is called where we wait for one ourselves.

    It is the folder itself that is locked: this leaves no file, works where one may only read, and ends with the
    process, however that ends. Where a system or file system cannot do it nobody waits; each build is whole still.
    """
    folder = _open_folder(root)
    try:
        if not _lock(folder):
            wait()
            _lock(folder, patient=True)
        yield
    finally:
        if folder is not None:
            os.close(folder)


def _open_folder(folder: Path) -> int | None:
    return os.open(folder, os.O_RDONLY) if _CAN_LOCK else None


def _lock(folder: int | None, patient: bool = False) -> bool:
    """Lock an open folder, or wait until that can be done; False where another process has it locked."""
    if folder is not None:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | (0 if patient else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            pass
    return True


@contextmanager
def put_in_place(site: Path) -> Iterator[Path]:
    """Where to make a site that takes the place of the last one once it is whole.

    It is made in a hidden folder beside it, which is locked meanwhile. One that nobody has locked is left by a build
    that was killed, and is cleared away.
    """
    site = site.resolve()
    if site.exists() and not site.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(site))
    site.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{site.name}-briefing-"
    for left in [folder for folder in site.parent.iterdir() if folder.name.startswith(prefix)]:
        if _CAN_LOCK and (folder := _open_folder(left)) is not None:
            try:
                if _lock(folder):
                    _clear(left, site)
            finally:
                os.close(folder)
    aside = Path(tempfile.mkdtemp(dir=site.parent, prefix=prefix))
    folder = _open_folder(aside)
    _lock(folder)
    try:
        yield aside / "new"
        _publish(aside / "new", site)
    except OSError as error:
        error.filename = error.filename or str(site)  # a full disk does not name the file that it had no room for
        raise
    finally:
        try:
            _clear(aside, site)
        finally:
            if folder is not None:
                os.close(folder)


_HIDDEN = "hidden.json"


def _publish(new: Path, site: Path) -> None:
    """Put a whole site in the place of the last one, in one step where the system can swap folders. Hidden files at the
    top of the last one, such as a repository's, stay. The folder of ``new`` is ours: the last site is left in it.

    Elsewhere the last site is moved away first; where that is all that was done, ``put_in_place`` brings it back.
    """
    if site.exists():
        hidden = [file.name for file in site.glob(".*") if not os.path.lexists(new / file.name)]
        new.with_name(_HIDDEN).write_text(json.dumps(hidden), encoding="utf-8")
        if _swap(new, site):
            return
        site.rename(new.with_name("old"))
    new.rename(site)


def _clear(aside: Path, site: Path) -> None:
    """Remove the folder in which a site was made, once all is out of it that is not to be lost."""
    old = aside / "old"
    if not site.exists() and old.exists():
        old.rename(site)
    try:
        hidden = json.loads((aside / _HIDDEN).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # nothing was put in place
        hidden = []
    for name in hidden:
        for last in (aside / "new", old):
            if os.path.lexists(last / name) and not os.path.lexists(site / name):
                (last / name).rename(site / name)
    shutil.rmtree(aside, ignore_errors=True)


_AT_FDCWD = -100  # both paths are relative to the current folder, or absolute (linux/fcntl.h)
_RENAME_EXCHANGE = 2  # exchange the two instead of replacing one (linux/fs.h)


def _swap(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; return whether that was possible.

    Python has no function for it, and ``os.rename`` cannot replace a folder that holds files. Linux has renameat2,
    which glibc offers since 2.28 and musl since 1.2.4; not every file system supports it.
    """
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):  # another system, or an older C library
        return False
    return bool(rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0)
