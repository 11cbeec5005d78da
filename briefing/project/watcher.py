"""Wait for an editor's next save."""

import os
from collections.abc import Callable, Collection, Generator
from pathlib import Path
from queue import Empty, SimpleQueue

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from briefing.project.layout import DOCS, FACTS, TEMPLATES

_QUIET = 0.15  # seconds without a change after which a save is complete
_POLL_INTERVAL = 0.5  # seconds
# That a file was opened or read is an event, too, and a check reads every file.
_CHANGES = {"created", "modified", "closed", "moved", "deleted"}
_MOUNTS = Path("/proc/self/mountinfo")  # of Linux alone
_REMOTE_FILE_SYSTEMS = {"9p", "cifs", "drvfs", "nfs", "nfs4", "prl_fs", "smb3", "vboxsf", "virtiofs"}

Changes = SimpleQueue[str]


def saves(root: Path, report: Callable[[str], None]) -> Generator[None]:
    """Yield at once, and then each time that a file of the facts, templates or handwritten pages has changed.

    An editor may save in several steps, so this waits until nothing changes any more. ``report`` gets a message if the
    system does not notify of changes, so that they are polled for.
    """
    changes: Changes = SimpleQueue()
    watcher = _Watcher(root.resolve(), changes, report)
    while True:
        # Started again after each save, the observer also watches folders that have appeared or were replaced. What
        # changes before it has started is read by our caller.
        observer = watcher.start()
        try:
            yield
            changes.get()
            _wait_until_quiet(changes, watcher.quiet)
        finally:
            observer.stop()
            observer.join()


def _wait_until_quiet(changes: Changes, seconds: float) -> None:
    while True:
        try:
            changes.get(timeout=seconds)
        except Empty:
            return


class _Watcher:
    """Starts observers of a briefing's folders, which put the path of each change into a queue."""

    def __init__(self, root: Path, changes: Changes, report: Callable[[str], None]) -> None:
        self._root, self._changes, self._report = root, changes, report
        self._polls = False
        self.quiet = _QUIET
        if _is_remote(root):
            self._poll("the folder may be changed from another machine")

    def start(self) -> BaseObserver:
        """Return an observer that is running."""
        while True:
            try:
                return self._start(PollingObserver(timeout=_POLL_INTERVAL) if self._polls else Observer())
            except FileNotFoundError:
                # Another folder may have been removed just now, and then the rest can be watched.
                if not self._root.is_dir():
                    raise
            except OSError as error:
                if self._polls:
                    raise
                self._poll(error.strerror or str(error))

    def _poll(self, reason: str) -> None:
        self._polls, self.quiet = True, _QUIET + _POLL_INTERVAL
        self._report(f"{reason}: looking for changes twice a second")

    def _start(self, observer: BaseObserver) -> BaseObserver:
        folders = (FACTS, TEMPLATES, DOCS)
        observer.schedule(_Handler(self._root, self._changes, folders), str(self._root))
        for folder in folders:
            path = (self._root / folder).resolve()  # observers do not follow symbolic links
            if path.is_dir():
                observer.schedule(_Handler(path, self._changes), str(path), recursive=True)
        try:
            observer.start()
        except OSError:
            observer.unschedule_all()
            raise
        return observer


class _Handler(FileSystemEventHandler):
    """Puts the path of each change below a folder into a queue; with ``names``, only of these entries in it."""

    def __init__(self, folder: Path, changes: Changes, names: Collection[str] = ()) -> None:
        self._folder, self._changes, self._names = folder, changes, names

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Put the paths of an event into the queue if it is a change that a check could notice."""
        # A folder is also modified by a hidden file, and each other change in it is an event of its own.
        is_listing = event.is_directory and event.event_type == "modified"
        if event.event_type not in _CHANGES or is_listing:
            return
        for path in (event.src_path, event.dest_path):
            if path and self._is_relevant(os.fsdecode(path)):
                self._changes.put(os.fsdecode(path))

    def _is_relevant(self, path: str) -> bool:
        parts = Path(path).relative_to(self._folder).parts
        if self._names and parts[:1] not in [(name,) for name in self._names]:
            return False
        return not any(part.startswith(".") or part == "__pycache__" for part in parts)


def _is_remote(folder: Path) -> bool:
    """Return whether a folder is on a file system of which other machines may change files: Linux does not notice."""
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace")
        device = folder.stat().st_dev
    except OSError:
        return False
    for mount in mounts.splitlines():
        # proc_pid_mountinfo(5): the third field is major:minor, the first one after " - " the type.
        fields, _, file_system = mount.partition(" - ")
        kind = file_system.split(" ")[0]
        if fields.split(" ")[2] == f"{os.major(device)}:{os.minor(device)}":
            return kind in _REMOTE_FILE_SYSTEMS or kind.startswith("fuse")
    return False
