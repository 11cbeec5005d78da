"""A check's answer is given again where nothing has changed, and only there."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import VASA, copy_briefing, run_briefing, start_briefing

from briefing.project.cache import CACHE, make_cache
from briefing.project.check_cache import CHECKED, answer, fingerprint


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")


def _kept(folder: Path) -> Path:
    return folder / CACHE / CHECKED


def _append(path: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with (folder / path).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


@pytest.mark.usefixtures("day")
def test_an_answer_is_given_again(tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    first = start_briefing("check", str(folder))
    assert (first.returncode, first.stderr) == (0, "")
    key, said, code = json.loads(_kept(folder).read_bytes())
    assert (said, code) == (first.stdout, 0)
    _kept(folder).write_text(json.dumps([key, "the answer that was kept\n", 1]))
    again = start_briefing("check", str(folder))
    assert (again.returncode, again.stdout) == (1, "the answer that was kept\n")
    for other in (["--strict"], ["--format", "json"], ["--verbose"], ["--today", "2026-01-01"]):
        assert answer(["check", *other, str(folder)]) is None


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
def test_what_an_answer_is_made_of_is_in_its_key(change: Callable[[Path], None], tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    assert fingerprint(folder, False) == "", "nothing can be kept"
    assert make_cache(folder)
    before = fingerprint(folder, False)
    assert before == fingerprint(folder, False) != fingerprint(folder, True)
    change(folder)
    assert fingerprint(folder, False) not in (before, "")


def test_another_day_asks_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, keys = copy_briefing(VASA, tmp_path / "vasa"), []
    assert make_cache(folder)
    for day in ("1790000000", "1790100000"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", day)
        keys.append(fingerprint(folder, False))
    assert "" not in keys
    assert keys[0] != keys[1]


@pytest.mark.parametrize("kept", ["", "{", "[]", "7", '["", "nothing\\n", 0]'])
def test_what_is_kept_badly_is_no_answer(kept: str, tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    _kept(folder).parent.mkdir(parents=True)
    _kept(folder).write_text(kept)
    assert answer(["check", str(folder)]) is None
    done = run_briefing("check", str(folder))
    assert (done.returncode, "no problems" in done.stdout) == (0, True)
    assert answer(["check", str(folder)]) == (done.stdout, 0)
