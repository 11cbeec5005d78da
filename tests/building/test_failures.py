"""Builds that are killed or interrupted, or lack space or permissions, keep the old site and leave no files behind."""

import ctypes
import fcntl
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from mkdocs.__main__ import cli as mkdocs
from support import (
    PATIENCE,
    SHORT,
    TODAY,
    copy_briefing,
    fork_briefing,
    fork_script,
    free_port,
    run_briefing,
    start_briefing,
)

import briefing
from briefing.__main__ import main as command
from briefing.building import process_pool, publish
from briefing.building.publish import put_in_place
from briefing.pages import page_specs
from briefing.project.cache import CACHE, CACHE_MARKER
from briefing.project.check_cache import check_key, read_check_result, write_check_result
from briefing.project.writer import write_whole

pytestmark = pytest.mark.process

FACT, ONE, OTHER = "facts/topics/loss.yml", "About 30 people", "Around 30 people"
BUILD = ("build", "--today", TODAY)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A briefing with its site. Tests change copies of it."""
    folder = copy_briefing(SHORT, tmp_path_factory.mktemp("faults") / "vasa")
    done = run_briefing(*BUILD, str(folder))
    assert done.returncode == 0, done.stderr
    assert re.search(r"/site: 22 pages, 93 files, in \d+\.\d s\n$", done.stdout)
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "vasa"))


def _files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def _edit(folder: Path) -> None:
    text = (folder / FACT).read_text(encoding="utf-8")
    (folder / FACT).write_text(text.replace(ONE, OTHER), encoding="utf-8")


@contextmanager
def _without_rights() -> Iterator[None]:
    """Respect file permissions, even if this process belongs to root."""
    libc, header, sets = ctypes.CDLL(None), (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, sets) == 0
    effective = sets[0]
    sets[0] &= ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    assert libc.capset(header, sets) == 0
    try:
        yield
    finally:
        sets[0] = effective
        assert libc.capset(header, sets) == 0


def _with_small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))


@contextmanager
def _read_only(folder: Path) -> Iterator[None]:
    parts = [folder, *folder.rglob("*")]
    for part in parts:
        part.chmod(0o555 if part.is_dir() else 0o444)
    yield
    for part in parts:
        part.chmod(0o755 if part.is_dir() else 0o644)


def _one_line(said: str) -> str:
    (line,) = [line for line in said.splitlines() if line.startswith("Error: ")]
    assert "Traceback" not in said
    return line


# --- internal errors


def _have_bug() -> None:
    def our_view(*_: object) -> None:
        raise KeyError("our bug")

    page_specs.fact_page = our_view  # type: ignore[assignment, attr-defined]


def _have_bug_in_workers() -> None:
    _have_bug()
    process_pool.FORKED = 1


def _mkdocs_build() -> None:
    mkdocs(["build", "--strict", "--site-dir", "elsewhere"])


REPORT = f"This is a bug in Briefing {briefing.__version__}, not in your facts. Please report it with the lines above."


@pytest.mark.parametrize(
    ("start", "before"),
    [(command, _have_bug), (command, _have_bug_in_workers), (_mkdocs_build, _have_bug)],
    ids=["in one process", "in several", "mkdocs"],
)
def test_internal_error_prints_traceback_and_keeps_old_site(
    start: Callable[[], object], before: Callable[[], object], folder: Path
) -> None:
    old = _files(folder)
    _edit(folder)
    edited = _files(folder)
    done = fork_briefing(*BUILD, cwd=folder, before=before, start=start).result()
    said = done.stderr
    assert done.returncode == 1
    assert ", in our_view\n" in said
    assert said.endswith(f"KeyError: 'our bug'\n{REPORT}\n")
    assert "template-error" not in said
    after = {path: data for path, data in _files(folder).items() if not path.startswith(".cache")}
    assert after == {path: data for path, data in edited.items() if not path.startswith(".cache")}
    assert old.keys() == edited.keys()
    assert [part.name for part in folder.iterdir() if "-briefing-" in part.name] == []


def test_failing_hook_is_not_reported_as_our_bug(folder: Path) -> None:
    (folder / "hook.py").write_text("def on_nav(nav, **_):\n    raise KeyError('their bug')\n")
    with (folder / "mkdocs.yml").open("a") as settings:
        settings.write("hooks: [hook.py]\n")
    for start in (command, _mkdocs_build):
        done = fork_briefing(*BUILD, cwd=folder, start=start).result()
        assert done.returncode == 1
        assert done.stderr.endswith("KeyError: 'their bug'\n")


def test_unpicklable_exception_is_passed_on_as_text() -> None:
    """In a separate process, because a process with threads, which other tests leave, does not fork workers."""
    program = """if True:
        from briefing.building import process_pool
        process_pool.FORKED = 1
        def fail(_):
            class Local(Exception):
                "An exception that only the process that raised it can name."
            raise Local("too local")
        try:
            with process_pool.parallel_map(["a", "b"], fail) as results:
                list(results)
        except RuntimeError as error:
            print(error)
            print(error.__cause__)
    """
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("one core")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=PATIENCE)
    assert done.stdout.startswith("Local: too local\n")
    assert ", in fail\n" in done.stdout


# --- killed builds


def test_killed_builds_leave_a_complete_site() -> None:
    done = fork_script("kill_test.py", "--kills", "4", "--seed", "3", patience=10 * PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("kills 4, broken sites 0, stale pages 0, leftovers 0\nseed 3; ")


def _site(place: Path) -> Path:
    site = place / "site"
    (site / ".git").mkdir(parents=True)
    (site / ".git" / "HEAD").write_text("theirs")
    (site / "index.html").write_text("old")
    return site


def _publish(site: Path) -> None:
    with put_in_place(site) as new:
        new.mkdir()
        (new / "index.html").write_text("new")


@pytest.mark.parametrize("swaps", [True, False])
def test_hidden_files_are_kept(swaps: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not swaps:
        monkeypatch.setattr(publish, "_swap", lambda *_: False)
    site = _site(tmp_path)
    for _ in range(2):
        _publish(site)
        assert _files(tmp_path) == {"site/index.html": b"new", "site/.git/HEAD": b"theirs"}
    with put_in_place(site) as new:
        (new / ".git").mkdir(parents=True)
        (new / ".git" / "HEAD").write_text("of the site itself")
    assert _files(tmp_path) == {"site/.git/HEAD": b"of the site itself"}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can exchange two folders")
def test_linux_swaps_folders(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    assert publish._swap(tmp_path / "one", tmp_path / "other")
    assert _files(tmp_path) == {"one/file": b"other", "other/file": b"one"}
    assert not publish._swap(tmp_path / "one", tmp_path / "missing")


@pytest.mark.parametrize("moment", ["before", "swapped", "moved away"])
def test_killed_build_is_recovered(moment: str, tmp_path: Path) -> None:
    site = _site(tmp_path)
    left = tmp_path / ".site-briefing-a"
    (left / "new" / ".half").mkdir(parents=True)
    (left / "hidden.json").write_text('[".git"]')
    if moment == "swapped":
        (site / ".git").rename(left / "new" / ".git")
    if moment == "moved away":
        site.rename(left / "old")
    with put_in_place(site):
        assert _files(site) == {"index.html": b"old", ".git/HEAD": b"theirs"}
        assert not left.exists()
        (next(tmp_path.glob(".site-briefing-*")) / "new").mkdir()


def test_folder_of_running_build_is_kept(tmp_path: Path) -> None:
    site = tmp_path / "site"
    with put_in_place(site) as one:
        one.mkdir()
        (one / "index.html").write_text("one")
        _publish(site)
        assert (one / "index.html").read_text() == "one"
    assert _files(tmp_path) == {"site/index.html": b"one"}


def test_workers_exit_with_parent() -> None:
    program = """if True:
        import multiprocessing, os, signal
        from briefing.building import process_pool as workers
        workers.FORKED = 1
        with workers.parallel_map(["a"] * 8, lambda item: b"x" * 5_000_000) as results:
            next(results)
            print(*(child.pid for child in multiprocessing.active_children()), flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
    """
    if not Path("/proc/self/stat").exists() or len(os.sched_getaffinity(0)) < 2:
        pytest.skip("no /proc, or one core")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    workers = done.stdout.split()
    assert len(workers) > 1
    until = time.monotonic() + PATIENCE

    def lives(worker: str) -> bool:
        try:
            return Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    while any(map(lives, workers)):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_killed_worker_fails_the_build() -> None:
    """The build does not wait for it, and does not publish an incomplete site."""
    program = """if True:
        import os, signal
        from briefing.building import process_pool as workers
        workers.FORKED = 1
        def work(item):
            return os.kill(os.getpid(), signal.SIGKILL) if item == "killed" else item
        try:
            with workers.parallel_map(["a", "b", "killed", "c"], work) as results:
                print([item for item, _ in results])
        except ChildProcessError as error:
            print(error)
    """
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("one core")
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)
    assert done.stdout == "a worker process was killed (exit code -9)\n"


# --- full disk, missing permissions


def test_full_disk_keeps_old_site(folder: Path) -> None:
    before = _files(folder)
    _edit(folder)
    done = fork_briefing(*BUILD, str(folder), before=_with_small_files).result()
    assert done.returncode == 1
    assert re.search(r"Error: /.*site.*: File too large; free some space", _one_line(done.stderr))
    assert _files(folder) == {**before, FACT: (folder / FACT).read_bytes()}


CHANGES = {"os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir"}


def _fail_at(last: int) -> None:
    """Let the file operation with this number fail."""
    step = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal step
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if writes or event in CHANGES:
            step += 1
            if step == last:
                raise OSError(28, "No space left on device")

    sys.addaudithook(hook)


def test_site_is_complete_whichever_file_operation_fails(folder: Path) -> None:
    """The disk may be full at any file operation."""
    old = _files(folder / "site")
    _edit(folder)
    # Early, while pages are written, and while the old site is removed. Several are in a row, because a failed mkdir of
    # an existing folder is ignored.
    steps = (1, 60, 160, 240, 280, 61, 62)
    codes, shown, left = [], [], []
    for step in steps:
        done = fork_briefing(*BUILD, str(folder), before=partial(_fail_at, step)).result()
        assert "Traceback" not in done.stderr
        codes.append(done.returncode)
        shown.append(OTHER in (folder / "site" / "f" / "deaths" / "index.html").read_text())
        left.append(len([*folder.glob(".site-*")]))
        site = _files(folder / "site")
        assert site.keys() == old.keys()
        assert shown[-1] or site == old
    assert {0, 1} >= {*codes} >= {1}
    assert left.count(0) >= len(steps) - 1, "except where the clean-up fails"
    assert shown == sorted(shown), "once the new site is published it stays"


def test_read_only_folder_is_built_elsewhere(folder: Path, built: Path, tmp_path: Path) -> None:
    shutil.rmtree(folder / CACHE.parent)
    with (folder / "mkdocs.yml").open("a") as settings:
        settings.write(f"site_dir: {tmp_path / 'elsewhere' / 'site'}\n")
    with _read_only(folder):
        before = _files(folder)
        with _without_rights():
            done = run_briefing(*BUILD, str(folder))
        assert done.stderr.count("\n") == 1
        assert done.returncode == 0
        assert _files(folder) == before
    assert _files(tmp_path / "elsewhere") == {f"site/{path}": data for path, data in _files(built / "site").items()}


def test_missing_permission_is_one_line(folder: Path) -> None:
    place = ["--dir", str(folder)]
    commands: dict[str, list[str]] = {
        "site": ["build", str(folder)],
        "facts": ["rename", "deaths", "dead", *place],
        "stage": ["stage", str(folder / "stage")],
        "new": ["new", str(folder / "new")],
        ".vscode": ["schema", str(folder)],
    }
    commands["stage"] += place
    with _read_only(folder):
        before = _files(folder)
        for what, arguments in commands.items():
            with _without_rights():
                done = run_briefing(*arguments)
            line = _one_line(done.stderr)
            assert re.fullmatch(rf"Error: /.*{re.escape(what)}.*: Permission denied; change the permissions.*", line), (
                line
            )
            assert done.returncode == 1
        assert _files(folder) == before


@pytest.mark.parametrize("path", ["facts/sources.yml", "facts/topics", "docs/method.md"])
def test_unreadable_file_is_a_problem(path: str, folder: Path) -> None:
    (folder / path).chmod(0)
    with _without_rights():
        done = run_briefing("check", str(folder))
    (folder / path).chmod(0o700)
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert said.splitlines()[0].startswith(f"{path}:1:1: error unreadable-file "), said
    assert "Traceback" not in said


def test_failed_write_changes_no_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("facts")
    (tmp_path / ".b.briefing~").mkdir()  # in the way
    with pytest.raises(OSError):
        write_whole({tmp_path / "a": b"other", tmp_path / "b": b"other"})
    (tmp_path / ".b.briefing~").rmdir()
    assert _files(tmp_path) == {"a": b"facts", "b": b"facts"}


def test_written_file_keeps_mode_and_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("1")
    (tmp_path / "file").chmod(0o600)
    (tmp_path / "link").symlink_to("file")
    write_whole({tmp_path / "link": b"2"})
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "2"
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_file_at_site_dir_is_kept(folder: Path) -> None:
    shutil.rmtree(folder / "site")
    (folder / "site").write_text("mine")
    done = run_briefing(*BUILD, str(folder))
    assert done.returncode == 1
    assert _one_line(done.stderr) == f"Error: {folder / 'site'}: Not a directory"
    assert (folder / "site").read_text() == "mine"


# --- concurrent builds, clocks, Ctrl-C, pipes


def test_second_build_waits_with_a_message(folder: Path) -> None:
    held = os.open(folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    # A fork inherits the lock with the open folder.
    build = fork_briefing(*BUILD, str(folder), before=lambda: os.close(held))
    assert build.stderr.readline() == "waiting for another build of this briefing to finish\n"
    assert build.runs()
    os.close(held)
    done = build.result()
    assert "22 pages" in done.stdout
    assert done.returncode == 0


def test_edit_with_old_mtime_is_noticed(folder: Path) -> None:
    _edit(folder)
    for file in folder.rglob("*"):
        if "site" not in file.parts[-4:]:
            os.utime(file, (0, 0))
    assert run_briefing(*BUILD, str(folder)).returncode == 0
    assert OTHER in (folder / "site" / "f" / "deaths" / "index.html").read_text()


def _stop_at_a_fact() -> None:
    """Wait for a signal in the middle of a build."""

    def wait(*_: object) -> None:
        print("at a fact", file=sys.stderr)
        signal.pause()

    page_specs.fact_page = wait  # type: ignore[assignment, attr-defined]


def test_ctrl_c_is_quiet(folder: Path) -> None:
    before = _files(folder)
    _edit(folder)
    edited = _files(folder)
    commands: dict[str, tuple[list[str], Callable[[], object]]] = {
        "at a fact": ([*BUILD, str(folder)], _stop_at_a_fact),
        "waiting for changes": (["check", "--watch", str(folder)], lambda: None),
        "4 facts, 1": (["serve", "--port", str(free_port()), str(folder)], lambda: None),
    }
    started = {message: fork_briefing(*arguments, before=change) for message, (arguments, change) in commands.items()}
    for message, process in started.items():
        while message not in (line := process.stderr.readline()):
            assert line, message
        os.kill(process.pid, signal.SIGINT)
    for process in started.values():
        done = process.result()
        assert done.returncode == 130, done.stderr
        assert "Traceback" not in done.stderr
        assert "Aborted" not in done.stderr
    assert before != edited == _files(folder)


def test_ctrl_c_is_quiet_during_startup(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("briefing.project.check_cache.read_check_result", interrupted)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(SystemExit) as end:
        command()
    assert end.value.code == 130


def _without_reader() -> None:
    """Replace standard output by a pipe whose reader has gone."""
    reader, writer = os.pipe()
    os.close(reader)
    os.dup2(writer, 1)


def _with_full_disk() -> None:
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)


def test_broken_pipe_is_quiet(folder: Path) -> None:
    for arguments in (["check", "--format", "json"], ["check"]):
        assert fork_briefing(*arguments, str(folder), before=_without_reader).result().stderr == ""
    # This is replayed. It runs in a new interpreter, which flushes the output itself when it ends.
    line = [sys.executable, "-m", "briefing", "check", str(folder)]
    replay = subprocess.run(line, stderr=subprocess.PIPE, text=True, check=False, preexec_fn=_without_reader)
    assert replay.stderr == ""
    done = fork_briefing("check", "--format", "json", str(folder), before=_with_full_disk).result()
    assert done.returncode == 1
    assert "No space left on device" in _one_line(done.stderr)


def test_damaged_manifest_has_a_hint(folder: Path) -> None:
    assert run_briefing("stage", "--dir", str(folder)).returncode == 0
    manifest = folder / CACHE / "stage" / ".briefing.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()))[:100])
    done = run_briefing("stage", "--dir", str(folder))
    assert done.returncode == 1
    assert "delete the folder" in _one_line(done.stderr)


# --- folders from an untrusted source


def _fill_cache(folder: Path, name: str) -> Path:
    place = folder / CACHE / name
    place.parent.mkdir(parents=True, exist_ok=True)
    (place.parent / CACHE_MARKER).write_text("*\n")  # without it, the cache is not read
    place.unlink(missing_ok=True)
    return place


@pytest.mark.parametrize("link", [".cache", *(f".cache/briefing{file}" for file in ("", "/.gitignore", "/check.json"))])
def test_cache_does_not_follow_symbolic_links(link: str, tmp_path: Path) -> None:
    folder = copy_briefing(SHORT, tmp_path / "vasa")
    theirs = tmp_path / "theirs"
    if link.endswith((".gitignore", ".json")):
        theirs.write_text("mine")
    else:
        theirs.mkdir()
        (theirs / ".gitignore").write_text("mine")
    (folder / link).parent.mkdir(parents=True, exist_ok=True)
    (folder / link).symlink_to(theirs)
    before = _files(theirs) if theirs.is_dir() else theirs.read_text()
    for _ in range(2):
        assert run_briefing("check", "--today", TODAY, str(folder)).returncode == 0
        assert fork_briefing("check", str(folder)).result().returncode == 0
    assert (_files(theirs) if theirs.is_dir() else theirs.read_text()) == before


def test_result_cached_elsewhere_is_not_replayed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    folder = copy_briefing(SHORT, tmp_path / "vasa")
    monkeypatch.chdir(folder)
    assert run_briefing("check").returncode == 0
    assert read_check_result(["check"])
    write_check_result(Path(), check_key(Path(), strict=False), "\x1b]0;owned\x07", 0)
    assert read_check_result(["check"]) == ("\x1b]0;owned\x07", 0)
    shutil.copytree(folder, tmp_path / "clone")
    folder.rename(tmp_path / "before")
    (tmp_path / "clone").rename(folder)
    monkeypatch.chdir(folder)
    assert read_check_result(["check"]) is None


@pytest.mark.parametrize("name", ["check.json", "site.json", "mkdocs.yml"])
def test_pipe_does_not_block(name: str, tmp_path: Path) -> None:
    folder = copy_briefing(SHORT, tmp_path / "vasa")
    place = folder / name if name.endswith(".yml") else _fill_cache(folder, name)
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    command = "check" if name == "check.json" else "build"
    done = fork_briefing(command, str(folder)).result()
    assert done.returncode == (2 if name.endswith(".yml") else 0)
    assert "Traceback" not in done.stderr


def test_huge_file_is_not_read(tmp_path: Path) -> None:
    folder = copy_briefing(SHORT, tmp_path / "vasa")
    for path in ("facts/sources.yml", "docs/method.md"):
        with (folder / path).open("ab") as file:
            file.truncate(20_000_000_000)  # sparse
    done = fork_briefing("check", str(folder)).result()
    assert done.returncode == 1
    assert "docs/method.md:1:1: error too-large the file has more than 4,000,000 bytes" in done.stdout + done.stderr


def test_link_to_itself_is_a_problem(tmp_path: Path) -> None:
    folder = copy_briefing(SHORT, tmp_path / "vasa")
    (folder / "facts" / "topics" / "self.yml").symlink_to("self.yml")
    done = run_briefing("check", str(folder))
    assert done.returncode == 1
    assert "facts/topics/self.yml:1:1: error unreadable-file" in done.stdout + done.stderr


def test_unencodable_character_is_escaped(tmp_path: Path) -> None:
    folder = copy_briefing(SHORT, tmp_path / "vasa")
    (folder / "facts" / "actors.yml").write_text("- id: 王\n  name: x\n  kind: person\n", encoding="utf-8")
    done = start_briefing("check", str(folder), env={"PYTHONIOENCODING": "latin-1"})
    assert done.returncode == 1
    assert r"'\u738b'" in done.stdout
    assert "Traceback" not in done.stderr


# --- broken templates and handwritten pages


def _refused(folder: Path, *arguments: str) -> str:
    """Run a build that fails and keeps the old site. Return its error output."""
    before = _files(folder / "site")
    done = run_briefing(*BUILD, str(folder), *arguments)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert _files(folder / "site") == before
    return done.stderr


@pytest.mark.parametrize(
    ("path", "template", "said"),
    [
        ("main.html", b"\n{% if %}", "main.html:2:1: error template-error Expected an expression"),
        ("main.html", b"\n{{ nope.x.y }}", "main.html:2:1: error template-error 'nope' is undefined"),
        ("main.html", b"{% include 'gone.html' %}", "main.html:1:1: error template-error there is no template 'gone"),
        ("main.html", b"a\n  \xff\xfe", "main.html:2:3: error template-error the file is not UTF-8"),
        ("partials/status.html", b"\n\n{{ 1//0 }}", "partials/status.html:3:1: error template-error integer division"),
        ("404.html", b"\n{{ 1//0 }}", "404.html:2:1: error template-error integer division"),
    ],
)
@pytest.mark.parametrize("forked", [False, True])
def test_theme_template_error_is_reported_once_with_its_place(
    forked: bool, path: str, template: bytes, said: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if forked:
        monkeypatch.setattr("briefing.building.process_pool.FORKED", 1)
    file = folder / "templates" / "theme" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(template)
    assert _refused(folder).count(f"templates/theme/{said}") == 1


def test_search_template_error_fails_single_file(folder: Path) -> None:
    file = folder / "templates" / "theme" / "partials" / "search.html"
    file.write_text("{{ 1//0 }}")
    said = _refused(folder, "--single-file")
    assert "templates/theme/partials/search.html:1:1: error template-error integer division" in said


def test_page_with_unknown_template_is_a_problem(folder: Path) -> None:
    (folder / "docs" / "extra.md").write_text("---\ntitle: Extra\ntemplate: nope.html\n---\n# Extra\n")
    said = _refused(folder)
    assert "docs/extra.md:3:1: error template-error the theme has no template 'nope.html'" in said
