"""The result of a check is replayed if nothing has changed, and only then."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support import VASA, copy_briefing, run_briefing, start_briefing

from briefing.project import cache
from briefing.project.check_cache import CHECK_RESULT, check_key, read_check_result, write_check_result


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")


def _append(path: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with (folder / path).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


@pytest.mark.process
@pytest.mark.usefixtures("day")
def test_a_result_is_replayed(tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    first = start_briefing("check", str(folder))
    assert (first.returncode, first.stderr) == (0, "")
    assert read_check_result(["check", str(folder)]) == (first.stdout, 0)
    write_check_result(folder, check_key(folder, strict=False), "a cached result\n", 1)
    again = start_briefing("check", str(folder))
    assert (again.returncode, again.stdout) == (1, "a cached result\n")
    for other in (["--strict"], ["--format", "json"], ["--verbose"], ["--today", "2026-01-01"]):
        assert read_check_result(["check", *other, str(folder)]) is None


@pytest.mark.usefixtures("day")
@pytest.mark.parametrize(
    "change",
    [
        _append("facts/topics/loss.yml", "# a comment\n"),
        _append("templates/fact.md.j2", "More.\n"),
        _append("docs/method.md", "\nMore.\n"),
        lambda folder: (folder / "docs" / "picture.png").write_bytes(b""),
        lambda folder: (folder / "docs" / "method.md").unlink(),
        lambda folder: (folder / "facts" / "places.yml").rename(folder / "facts" / "place.yml"),
    ],
    ids=["fact", "template", "page", "picture", "page gone", "file renamed"],
)
def test_the_key_depends_on_the_files(change: Callable[[Path], None], tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    before = check_key(folder, strict=False)
    assert before == check_key(folder, strict=False) != check_key(folder, strict=True)
    change(folder)
    assert check_key(folder, strict=False) not in (before, "")


def test_the_key_depends_on_the_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, keys = copy_briefing(VASA, tmp_path / "vasa"), []
    for day in ("1790000000", "1790100000"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", day)
        keys.append(check_key(folder, strict=False))
    assert "" not in keys
    assert keys[0] != keys[1]


@pytest.mark.usefixtures("day")
def test_the_key_depends_on_installed_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another release of a library may change the text of a problem."""
    folder = copy_briefing(VASA, tmp_path / "vasa")
    before = check_key(folder, strict=False)
    (tmp_path / "pydantic-99.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert check_key(folder, strict=False) != before


@pytest.mark.usefixtures("day")
def test_nothing_is_cached_if_a_file_cannot_be_read(tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    with (folder / "docs" / "method.md").open("ab") as file:
        file.truncate(20_000_000_000)  # sparse
    assert check_key(folder, strict=False) == ""
    assert run_briefing("check", str(folder)).returncode == 1
    assert not (folder / cache.CACHE / CHECK_RESULT).exists()


@pytest.mark.usefixtures("day")
@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"7", b'["output"]', b"[1, 2]", b'["output", "code"]'])
def test_malformed_result_is_a_miss(payload: bytes, tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    cache.write(folder, CHECK_RESULT, check_key(folder, strict=False), payload)
    assert read_check_result(["check", str(folder)]) is None
    done = run_briefing("check", str(folder))
    assert (done.returncode, "no problems" in done.stdout) == (0, True)
    assert read_check_result(["check", str(folder)]) == (done.stdout, 0)
