"""Each save in a briefing's folders is noticed once it is complete, however the editor saves."""

import errno
import os
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue

import pytest
from watchdog.observers.polling import PollingObserver

from briefing.project import watcher
from briefing.project.watcher import saves

pytestmark = pytest.mark.process

PATIENCE = 60  # seconds, for a slow machine; every wait ends as soon as its condition holds


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(watcher, "_POLL_INTERVAL", 0.05)
    folder = tmp_path / ".briefings" / "vasa"
    for name in ("facts/topics", "templates", "docs", "site"):
        (folder / name).mkdir(parents=True)
    (folder / "facts" / "briefing.yml").write_text("title: before")
    return folder


State = dict[str, bytes | None]


def _state(root: Path) -> State:
    """Return all files and folders that a check reads, with the contents of the files."""
    state: State = {}
    for folder in ("facts", "templates", "docs"):
        for file in (root / folder, *(root / folder).rglob("*")):
            if file.exists():
                state[str(file.relative_to(root))] = file.read_bytes() if file.is_file() else None
    return state


class _Checks:
    """Records what each check reads. The checks run in a thread after each save."""

    def __init__(self, root: Path) -> None:
        self.messages: list[str] = []
        self._root = root
        self._read: SimpleQueue[State] = SimpleQueue()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "_Checks":
        self._thread.start()
        self.next()  # the folders are watched from here on
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        (self._root / "facts").mkdir(exist_ok=True)
        (self._root / "facts" / "end.yml").touch()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def _watch(self) -> None:
        with closing(saves(self._root, self.messages.append)) as watch:
            for _ in watch:
                self._read.put(_state(self._root))
                if self._ends.is_set():
                    return

    def next(self) -> State:
        """Wait for the next check, and return what it reads."""
        return self._read.get(timeout=PATIENCE)

    def wait_for_current_state(self) -> None:
        """Wait until a check has read the files as they are."""
        while self.next() != _state(self._root):
            pass


def _rename(old: str, new: str) -> Callable[[Path], object]:
    return lambda root: (root / old).rename(root / new)


def _save_through_another_file(root: Path) -> None:
    (root / "facts" / ".briefing.yml.swp").write_text("title: after")
    (root / "facts" / ".briefing.yml.swp").replace(root / "facts" / "briefing.yml")


def _make_folder_with_file(root: Path) -> None:
    (root / "facts" / "pins").mkdir()
    (root / "facts" / "pins" / "new.yml").write_text("")


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "facts" / "briefing.yml").write_text("title: after"),
        lambda root: (root / "facts" / "topics" / "new.yml").write_text(""),
        lambda root: (root / "docs" / "picture.png").write_bytes(b""),
        lambda root: (root / "templates" / "fact.md.j2").touch(),
        lambda root: (root / "facts" / "briefing.yml").unlink(),
        lambda root: (root / "docs").rmdir(),
        _rename("facts/briefing.yml", "facts/other.yml"),
        _rename("facts/topics", "facts/subjects"),
        _rename("docs", "other"),
        _save_through_another_file,
        _make_folder_with_file,
    ],
    ids=[
        *("a file changed", "a new file", "a new empty file", "a template", "a file deleted", "a folder deleted"),
        *("a file renamed", "a folder renamed", "all pages gone", "through another file", "a new folder"),
    ],
)
@pytest.mark.parametrize("polls", [False, True], ids=["notified", "polling"])
def test_a_change_is_noticed(
    polls: bool, change: Callable[[Path], object], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher, "_is_remote", lambda _: polls)
    with _Checks(root) as checks:
        change(root)
        checks.wait_for_current_state()
        assert len(checks.messages) == polls


@pytest.mark.parametrize("name", ["docs", "docs/deep/deeper"])
def test_new_folder_is_watched(name: str, root: Path) -> None:
    (root / "docs").rmdir()
    with _Checks(root) as checks:
        (root / name).mkdir(parents=True)
        checks.wait_for_current_state()
        (root / name / "new.md").write_text("# New\n")
        checks.wait_for_current_state()
        (root / name / "new.md").write_text("# Newer\n")
        checks.wait_for_current_state()


def test_replaced_folder_is_watched(root: Path) -> None:
    with _Checks(root) as checks:
        (root / "docs").rename(root / "old")
        checks.wait_for_current_state()
        (root / "old").rename(root / "docs")
        checks.wait_for_current_state()
        (root / "docs" / "new.md").write_text("# New\n")
        checks.wait_for_current_state()


def test_linked_folder_is_watched(root: Path) -> None:
    (root / "facts").rename(root / "elsewhere")
    (root / "facts").symlink_to("elsewhere")
    with _Checks(root) as checks:
        (root / "facts" / "briefing.yml").write_text("title: after")
        checks.wait_for_current_state()
        (root / "facts").unlink()  # the clean-up expects no link
        checks.wait_for_current_state()


def test_check_waits_until_save_is_complete(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = root / "facts" / "briefing.yml"
    wait = watcher._wait_until_quiet

    def save_on(changes: watcher.Changes, seconds: float) -> None:
        if not file.read_bytes():
            file.write_text("title: after")
        wait(changes, seconds)

    monkeypatch.setattr(watcher, "_wait_until_quiet", save_on)
    with _Checks(root) as checks:
        file.write_bytes(b"")  # many editors first truncate the file
        assert checks.next()["facts/briefing.yml"] == b"title: after"


def test_waits_until_changes_stop() -> None:
    changes: watcher.Changes = SimpleQueue()
    for _ in range(1000):
        changes.put("facts/briefing.yml")
    watcher._wait_until_quiet(changes, 0.001)
    assert changes.empty()


def test_hidden_and_compiled_files_and_other_folders_are_ignored(root: Path) -> None:
    """A parent folder of the briefing may be hidden, as it is here."""
    ignored = [
        "facts/.briefing.yml.swp",
        "docs/.obsidian/workspace.json",
        "templates/__pycache__/a.pyc",
        "site/index.html",
        "mkdocs.yml",
        ".cache/briefing/check.json",
    ]
    for path in ignored:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    changes: watcher.Changes = SimpleQueue()
    observer = watcher._Watcher(root, changes, print).start()
    try:
        for path in ignored:
            (root / path).write_text("changed")
            (root / path).unlink()
        (root / "facts" / "briefing.yml").read_text()
        lasts = {str(root / path) for path in ("facts/last.yml", "templates/last.j2", "docs/last.md")}
        for path in lasts:
            Path(path).touch()
        noticed: set[str] = set()
        # Events in one folder are ordered, so a wrongly reported one would come before the folder's last file.
        while not noticed >= lasts:
            noticed.add(changes.get(timeout=PATIENCE))
        assert noticed == lasts
    finally:
        observer.stop()
        observer.join()


def test_without_notification_changes_are_polled_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Limited(PollingObserver):
        def start(self) -> None:
            raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(watcher, "Observer", Limited)
    with _Checks(root) as checks:
        for text in ("title: after", "title: later"):
            (root / "facts" / "briefing.yml").write_text(text)
            checks.wait_for_current_state()
        assert checks.messages == ["inotify watch limit reached: checking for changes twice a second"]


@pytest.mark.parametrize(
    ("kind", "remote"), [("ext4", False), ("overlay", False), ("nfs4", True), ("9p", True), ("fuse.sshfs", True)]
)
def test_a_network_drive_is_recognised(kind: str, remote: bool, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = root.stat().st_dev
    mounts = root / "mountinfo"
    mounts.write_text(
        "22 1 0:21 / /proc rw - proc proc rw\n"
        f"36 35 {os.major(device)}:{os.minor(device)} / /work rw,noatime shared:1 - {kind} /dev/a rw\n"
    )
    monkeypatch.setattr(watcher, "_MOUNTS", mounts)
    assert watcher._is_remote(root) == remote
    mounts.unlink()
    assert not watcher._is_remote(root)
