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
# Opening and reading a file are events too, and a check reads every file.
_CHANGES = {"created", "modified", "closed", "moved", "deleted"}
_MOUNTS = Path("/proc/self/mountinfo")  # exists only on Linux
_REMOTE_FILE_SYSTEMS = {"9p", "cifs", "drvfs", "nfs", "nfs4", "prl_fs", "smb3", "vboxsf", "virtiofs"}

Changes = SimpleQueue[str]


def saves(root: Path, report: Callable[[str], None]) -> Generator[None]:
    """Yield at once, and then after every change to the facts, the templates or the files in ``docs/``.

    An editor may save in several steps, so this waits until changes stop. If the system does not report changes, the
    folders are polled, and ``report`` is called with a message.
    """
    changes: Changes = SimpleQueue()
    watcher = _Watcher(root.resolve(), changes, report)
    while True:
        # Restart the observer after each save, so that it also watches folders that were added or replaced. The caller
        # reads the files after this, and so sees any change before the start.
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
    """Starts observers that put the path of each change in a briefing's folders into a queue."""

    def __init__(self, root: Path, changes: Changes, report: Callable[[str], None]) -> None:
        self._root, self._changes, self._report = root, changes, report
        self._polls = False
        self.quiet = _QUIET
        if _is_remote(root):
            self._poll("the folder may be shared with another machine")

    def start(self) -> BaseObserver:
        """Start an observer and return it."""
        while True:
            try:
                return self._start(PollingObserver(timeout=_POLL_INTERVAL) if self._polls else Observer())
            except FileNotFoundError:
                # A subfolder may just have been removed. The others can still be watched.
                if not self._root.is_dir():
                    raise
            except OSError as error:
                if self._polls:
                    raise
                self._poll(error.strerror or str(error))

    def _poll(self, reason: str) -> None:
        self._polls, self.quiet = True, _QUIET + _POLL_INTERVAL
        self._report(f"{reason}: checking for changes twice a second")

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
    """Puts the path of each change below a folder into a queue. With ``names``, only changes in these entries."""

    def __init__(self, folder: Path, changes: Changes, names: Collection[str] = ()) -> None:
        self._folder, self._changes, self._names = folder, changes, names

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Put the paths of an event into the queue if the change could affect a check."""
        # Hidden files modify a folder too, and any other change in it is a separate event.
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
    """Return whether other machines can change the folder's file system. Linux does not report such changes."""
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace")
        device = folder.stat().st_dev
    except OSError:
        return False
    for mount in mounts.splitlines():
        # proc_pid_mountinfo(5): the third field is major:minor; the type is the first field after " - ".
        fields, _, file_system = mount.partition(" - ")
        kind = file_system.split(" ")[0]
        if fields.split(" ")[2] == f"{os.major(device)}:{os.minor(device)}":
            return kind in _REMOTE_FILE_SYSTEMS or kind.startswith("fuse")
    return False
