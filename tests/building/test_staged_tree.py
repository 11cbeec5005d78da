"""The staged tree has everything that an engine without our plugin needs. Only changed files are written."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support import TODAY, VASA, copy_briefing

from briefing.building.staged_tree import Unstageable, read_settings, write_tree
from briefing.cli import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_briefing(VASA, tmp_path / "vasa")


def _stage(folder: Path, *arguments: str) -> str:
    done = _run(folder, *arguments)
    assert done.exit_code == 0, done.stderr
    return done.stdout.strip().rpartition(": ")[2]


def _run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["stage", "--dir", str(folder), "--today", TODAY, *arguments])


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.slow
def test_only_changed_files_are_written_and_old_ones_removed(folder: Path) -> None:
    tree = folder / ".cache" / "briefing" / "stage"
    _stage(folder)
    foreign = tree / "docs" / "f" / "mine.txt"
    foreign.write_text("kept")
    before = {file: file.stat() for file in tree.rglob("*") if file.is_file()}
    # not counting a foreign file and the manifest
    assert _stage(folder) == f"0 written, {len(before) - 2} unchanged, 0 removed"
    assert {file: file.stat().st_mtime_ns for file in before} == {file: s.st_mtime_ns for file, s in before.items()}

    (folder / "docs" / "extra.md").write_text("# Extra\n\nBy hand.\n")
    assert _stage(folder).startswith("2 written")  # the page and the search index
    _edit(folder / "docs" / "extra.md", "By hand.", "By another hand.")
    assert _stage(folder).startswith("2 written")
    assert not [file for file in tree.rglob("*") if file.name.endswith("~")]
    (folder / "docs" / "extra.md").unlink()
    assert _stage(folder).endswith("1 removed")
    assert not (tree / "docs" / "extra").exists()
    assert foreign.read_text() == "kept"
    assert (tree / ".gitignore").read_text() == "*\n"
    unchanged = {file for file, state in before.items() if file.stat().st_ino == state.st_ino}
    assert tree / "docs" / "f" / "sinking" / "index.md" in unchanged


@pytest.mark.slow
def test_foreign_file_is_not_overwritten(folder: Path) -> None:
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    done = _run(folder, str(folder))
    assert done.exit_code == 1
    assert "was not written by briefing stage" in done.stderr
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


def test_folders_become_files_and_empty_ones_are_removed(tmp_path: Path) -> None:
    write_tree(tmp_path, {"a/b": b"1", "c": b"2"})
    assert write_tree(tmp_path, {"a": b"1", "c/d": b"2"}).removed == 2
    assert (tmp_path / "a").read_bytes() == b"1"
    write_tree(tmp_path, {"a": b"1"})
    assert not (tmp_path / "c").exists()


def test_identical_foreign_file_is_kept(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(b"1")
    write_tree(tmp_path, {"theirs": b"1"})
    write_tree(tmp_path, {})
    assert (tmp_path / "theirs").read_bytes() == b"1"
    for files in ({"theirs": b"2", "other": b""}, {"theirs/below": b"", "other": b""}):
        with pytest.raises(Unstageable):
            write_tree(tmp_path, files)
    assert not (tmp_path / "other").exists()


def test_interrupted_run_is_cleaned_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(tmp_path, {"a": b"1"})
    replace, calls = Path.replace, []

    def stopped(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 3:  # after the manifest and b
            raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_tree(tmp_path, {"b": b"1", "c": b"1"})
    monkeypatch.undo()
    write_tree(tmp_path, {"b": b"2"})
    assert sorted(file.name for file in tmp_path.iterdir() if not file.name.startswith(".")) == ["b"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("topics/loss.yml", "when: 1627", "when: 1627-13", "error impossible-date"),
        ("sources.yml", "  reliability: ", "  # reliability: ", "warning ungraded"),
    ],
)
def test_facts_with_problems_are_not_staged(file: str, old: str, new: str, said: str, folder: Path) -> None:
    _edit(folder / "facts" / file, old, new)
    done = _run(folder)
    assert done.exit_code == 1
    assert said in done.stderr
    assert not (folder / ".cache" / "briefing" / "stage").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "setting",
    ["plugins: [briefing, tags]", "plugins:\n  briefing: {}\n  material/blog: {}", "hooks: [hook.py]"],
)
def test_unsupported_settings_fail(setting: str, folder: Path) -> None:
    _edit(folder / "mkdocs.yml", "plugins: [briefing]", setting)
    done = _run(folder)
    assert done.exit_code == 1
    assert "works in MkDocs and ProperDocs only" in done.stderr
    assert isinstance(done.exception, SystemExit)


@pytest.mark.slow
def test_all_errors_in_handwritten_pages_are_reported(folder: Path) -> None:
    (folder / "docs" / "one.md").write_text(
        '---\ndescription: >\n  "One"\n  page\ntitle: One\n---\n# One\n\n[a](two.md) [b](f/sunk.md)\n'
    )
    (folder / "docs" / "two.md").write_text("# Two\n\n\n![c](c.png)\n")
    said = _run(folder).stderr
    assert "docs/one.md:9: broken link to 'f/sunk.md'" in said
    assert "docs/two.md:4: broken link to 'c.png'" in said
    assert "'two.md'" not in said
    (folder / "docs" / "two.md").write_text("title: Two\n\nText.\n")
    assert "docs/two.md:1: put the front matter between two lines of ---" in _run(folder).stderr


def test_settings_support_inherit_and_env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "base.yml").write_text("site_name: Base\ntheme: {name: material, font: false}\nnav: [a.md]\n")
    (tmp_path / "mkdocs.yml").write_text(
        "INHERIT: base.yml\nsite_url: !ENV [NO_ADDRESS, 'https://x.example/y']\ntheme: {language: fa}\nnav: [b.md]\n"
    )
    monkeypatch.delenv("NO_ADDRESS", raising=False)
    assert read_settings(tmp_path) == {
        "site_name": "Base",
        "site_url": "https://x.example/y/",
        "theme": {"name": "material", "font": False, "language": "fa"},
        "nav": ["b.md"],
    }
    (tmp_path / "mkdocs.yml").write_text("nav: [")
    with pytest.raises(Unstageable, match=r"mkdocs\.yml cannot be read"):
        read_settings(tmp_path)


def test_manifest_lists_only_written_files(tmp_path: Path) -> None:
    write_tree(tmp_path, {"docs/index.md": b"", "mkdocs.yml": b""})
    assert json.loads((tmp_path / ".briefing.json").read_text()) == ["docs/index.md", "mkdocs.yml"]
