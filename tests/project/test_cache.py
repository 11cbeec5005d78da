"""The format of all caches: a result is read for the same key in the same folder; everything else is a miss."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from briefing.project import cache
from briefing.project.cache import CACHE, CACHE_MARKER

NAME, KEY, PAYLOAD = "answer.json", "a key", b'["an answer",\n1]'


def _read(root: Path, key: str = KEY, name: str = NAME) -> object:
    return cache.read(root, name, key, json.loads)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a result in its cache."""
    folder = tmp_path / "briefing"
    folder.mkdir()
    cache.write(folder, NAME, KEY, PAYLOAD)
    return folder


def test_result_is_read_with_its_key_and_name_only(root: Path) -> None:
    assert _read(root) == ["an answer", 1]
    assert _read(root, key="another") is None
    assert _read(root, name="another.json") is None
    shutil.copy(root / CACHE / NAME, root / CACHE / "another.json")
    assert _read(root, name="another.json") is None


def test_new_result_replaces_old_one(root: Path) -> None:
    cache.write(root, NAME, "another", b"2")
    assert _read(root) is None
    assert _read(root, key="another") == 2


def test_without_a_key_nothing_is_written_or_read(tmp_path: Path) -> None:
    cache.write(tmp_path, NAME, "", PAYLOAD)
    assert list(tmp_path.iterdir()) == []
    assert _read(tmp_path, key="") is None


@pytest.mark.slow
def test_a_damaged_file_is_a_miss(root: Path) -> None:
    file = root / CACHE / NAME
    whole = file.read_bytes()
    for at in range(len(whole)):
        file.write_bytes(whole[:at])
        assert _read(root) is None, f"cut after {at} bytes"
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert _read(root) is None, f"byte {at} is wrong"
    file.write_bytes(whole + b" ")
    assert _read(root) is None
    file.write_bytes(whole)
    assert _read(root) == ["an answer", 1]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"{", b"[]", b"7", b"\xff\xfe", b"[" * 100_000, b'["a key", "an answer", 1]', b'[4, "a key", "", {}]'],
)
def test_foreign_or_older_file_is_a_miss(content: bytes, root: Path) -> None:
    (root / CACHE / NAME).write_bytes(content)
    assert _read(root) is None


def test_a_later_format_is_a_miss(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_FORMAT", 2)
    assert _read(root) is None


@pytest.mark.parametrize("payload", [b"{", b"7", b"[]", b"\xff", b"[" * 100_000])
def test_unparsable_result_is_a_miss(payload: bytes, tmp_path: Path) -> None:
    def parse(payload: bytes) -> int:
        (answer,) = json.loads(payload)
        return int(answer)

    cache.write(tmp_path, NAME, KEY, payload)
    assert cache.read(tmp_path, NAME, KEY, parse) is None


def test_copied_folder_is_a_miss(root: Path, tmp_path: Path) -> None:
    """Even at the same path and with the same file times. The result may come from an untrusted source."""
    shutil.copytree(root, tmp_path / "copy")
    assert _read(tmp_path / "copy") is None
    root.rename(tmp_path / "original")
    (tmp_path / "copy").rename(root)
    assert _read(root) is None


def test_moved_folder_is_a_miss(root: Path, tmp_path: Path) -> None:
    """The path may matter, for example if the folder is in a repository."""
    root.rename(tmp_path / "moved")
    assert _read(tmp_path / "moved") is None
    (tmp_path / "moved").rename(root)
    assert _read(root) == ["an answer", 1]


@pytest.mark.parametrize("link", [CACHE.parent, CACHE, CACHE / NAME])
def test_symbolic_link_is_a_miss_and_is_not_followed(link: Path, root: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    (root / link).rename(target)
    (root / link).symlink_to(target)
    before = {file: file.read_bytes() for file in [target, *target.rglob("*")] if file.is_file()}
    assert _read(root) is None
    cache.write(root, NAME, KEY, b"2")
    assert {file: file.read_bytes() for file in before} == before


def test_a_marker_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / CACHE).mkdir(parents=True)
    (tmp_path / CACHE / CACHE_MARKER).symlink_to(tmp_path / "elsewhere")
    cache.write(tmp_path, NAME, KEY, PAYLOAD)
    assert [file.name for file in (tmp_path / CACHE).iterdir()] == [CACHE_MARKER]
    assert not (tmp_path / "elsewhere").exists()


def test_a_pipe_is_a_miss(root: Path) -> None:
    (root / CACHE / NAME).unlink()
    os.mkfifo(root / CACHE / NAME)
    assert _read(root) is None


def test_huge_file_is_not_read(root: Path) -> None:
    with (root / CACHE / NAME).open("wb") as file:
        file.truncate(20_000_000_000)  # sparse
    assert _read(root) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "pydantic-99.dist-info").mkdir(),
        lambda folder: (folder / "a.py").write_text("pass"),
        lambda folder: (folder / "b.py").write_text(""),
    ],
    ids=["library", "code", "module"],
)
def test_a_key_depends_on_the_program(
    change: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.py").touch()
    monkeypatch.setattr(cache, "_PACKAGE", tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    before = cache.make_key("input")
    assert before == cache.make_key("input") != cache.make_key("other")
    change(tmp_path)
    assert cache.make_key("input") != before


def test_a_key_depends_on_the_version_of_python(monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache.make_key("input")
    monkeypatch.setattr("sys.version", "3.99")
    assert cache.make_key("input") != before


def test_keys_of_different_inputs_differ() -> None:
    keys = {cache.make_key(*inputs) for inputs in ([], [""], ["a", "b"], ["ab"], ["a", "", "b"], ["b", "a"])}
    assert len(keys) == 6


def test_leftovers_of_killed_run_are_removed(root: Path) -> None:
    (root / CACHE / f"{NAME}.x1~").write_bytes(b"2")
    cache.write(root, NAME, KEY, b"3")
    assert sorted(file.name for file in (root / CACHE).iterdir()) == [CACHE_MARKER, NAME]
    assert _read(root) == 3
    assert (root / CACHE / CACHE_MARKER).read_text() == "*\n"
