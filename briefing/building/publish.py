"""Replace the old site with a finished one, and lock a briefing against a second build."""

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
    """Make other builds of the briefing wait. ``wait`` is called if this one has to wait itself.

    The lock is on the folder. It leaves no file, needs no write permission, and ends with the process, even if that is
    killed. Where the system or the file system has no locks, builds do not wait, but each site is still complete.
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
    """Lock an open folder. Return False if another process has locked it; if ``patient``, wait for that process."""
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
    """Yield the folder to build a site in. At the end of the context it replaces the old site.

    The folder is in a hidden one next to the site, which is locked during the build. A hidden folder without a lock is
    left over from a build that was killed, and is removed.
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
        error.filename = error.filename or str(site)  # an error for a full disk names no file
        raise
    finally:
        try:
            _clear(aside, site)
        finally:
            if folder is not None:
                os.close(folder)


_HIDDEN = "hidden.json"


def _publish(new: Path, site: Path) -> None:
    """Replace the old site with a complete one, in one step if the system can swap folders.

    Otherwise the old site is moved away first. If the build is killed then, the next ``put_in_place`` moves it back.
    Afterwards the old site is in the parent folder of ``new``. ``_clear`` moves its hidden files, such as .git, to the
    new site.
    """
    if site.exists():
        hidden = [file.name for file in site.glob(".*") if not os.path.lexists(new / file.name)]
        new.with_name(_HIDDEN).write_text(json.dumps(hidden), encoding="utf-8")
        if _swap(new, site):
            return
        site.rename(new.with_name("old"))
    new.rename(site)


def _clear(aside: Path, site: Path) -> None:
    """Remove the folder in which a site was built, after moving out an old site or hidden files that must be kept."""
    old = aside / "old"
    if not site.exists() and old.exists():
        old.rename(site)
    try:
        hidden = json.loads((aside / _HIDDEN).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # no site was replaced
        hidden = []
    for name in hidden:
        for last in (aside / "new", old):
            if os.path.lexists(last / name) and not os.path.lexists(site / name):
                (last / name).rename(site / name)
    shutil.rmtree(aside, ignore_errors=True)


_AT_FDCWD = -100  # both paths are relative to the current folder, or absolute (linux/fcntl.h)
_RENAME_EXCHANGE = 2  # exchange the two instead of replacing one (linux/fs.h)


def _swap(one: Path, other: Path) -> bool:
    """Exchange two folders in one step. Return whether that was possible.

    Python has no function for it, and ``os.rename`` cannot replace a folder that contains files. Linux has renameat2,
    available in glibc since 2.28 and in musl since 1.2.4. Not every file system supports it.
    """
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):  # another system, or an older C library
        return False
    return bool(rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0)
