"""A page of the last build is reused only if a full build would make the same page. Each input is changed in turn."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path

import pytest
from scripted import git
from support import SHORT, TODAY, copy_briefing, run_briefing, start_briefing

from briefing.building import site_builder
from briefing.project.cache import CACHE

pytestmark = pytest.mark.process

CACHED = CACHE / "site.json"
LOSS = "facts/topics/loss.yml"
AGAIN = """\
      - id: again
        says: Through its open gunports the ship took in water.
        about: [gunport]
        when: 1628-08-10
        cite: account:4
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A briefing with its site and cache, and with its own template that links to a picture."""
    place = tmp_path_factory.mktemp("cached")
    folder = copy_briefing(SHORT, place / "briefing")
    _edit(folder / LOSS, "      - id: deaths", f"{AGAIN}      - id: deaths")
    (folder / "docs" / "ship.txt").write_text("a picture")
    (folder / "docs" / "notes.md").write_text("# Notes\n\nBy hand.\n")
    theme = folder / "templates" / "theme"
    (theme / "partials" / "extra.html").write_text("<i>extra</i>{% include '.icons/own/dot.svg' %}")
    (theme / ".icons" / "own").mkdir(parents=True)
    (theme / ".icons" / "own" / "dot.svg").write_text("<svg></svg>")
    _edit(theme / "main.html", '{% include "partials/status.html" %}', '{% include "partials/extra.html" %}')
    with (folder / "templates" / "scales.md.j2").open("a") as template:
        template.write("\n\n[a picture](ship.txt) and [notes](notes.md)\n")
    _site_without_cache(folder)
    (place / "backup").mkdir()
    shutil.copytree(folder, place / "backup" / "briefing")
    return folder


@pytest.fixture
def folder(built: Path) -> Iterator[Path]:
    """The briefing as it was after the build, with the same file times. A copy of its cache is invalid."""
    backup = built.parent / "backup" / "briefing"
    for part in built.iterdir():
        if part.is_dir() and part.name != CACHE.parent.name:
            shutil.rmtree(part)
        elif part.is_file():
            part.unlink()
    shutil.copytree(backup, built, ignore=shutil.ignore_patterns(CACHE.parent.name), dirs_exist_ok=True)
    shutil.copyfile(backup / CACHED, built / CACHED)
    yield built


@pytest.fixture
def unrendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave pages that are not reused empty, for tests that only count the others."""
    monkeypatch.setattr(site_builder._PageBuilder, "_render", lambda *_: b"")


def _build(folder: Path, *options: str) -> int:
    """Build the site. Return how many pages were reused."""
    done = run_briefing("build", str(folder), "--today", TODAY, *options)
    assert done.returncode == 0, done.stderr
    found = re.search(r"and (\d+) reused", done.stdout)
    return int(found[1]) if found else 0


def _site(folder: Path) -> dict[str, bytes]:
    site = folder / "site"
    return {str(file.relative_to(site)): file.read_bytes() for file in site.rglob("*") if file.is_file()}


_WITHOUT_CACHE: dict[str, dict[str, bytes]] = {}


def _site_without_cache(folder: Path, *options: str) -> dict[str, bytes]:
    """Build the site without the cache, once for the same files and options."""
    digest = blake2b(repr(options).encode())
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder)
        if file.is_file() and path.parts[0] not in ("site", CACHE.parts[0]):
            digest.update(f"\0{path}\0".encode() + blake2b(file.read_bytes()).digest())
    key = digest.hexdigest()
    if key not in _WITHOUT_CACHE:
        (folder / CACHED).unlink(missing_ok=True)
        assert _build(folder, *options) == 0
        _WITHOUT_CACHE[key] = _site(folder)
    return _WITHOUT_CACHE[key]


def _build_both_ways(folder: Path, *options: str) -> int:
    """Build with and without the cache, and compare the sites. Return how many pages were reused."""
    reused = _build(folder, *options)
    found = _site(folder)
    whole = _site_without_cache(folder, *options)
    assert {path for path in whole.keys() | found.keys() if whole.get(path) != found.get(path)} == set()
    return reused


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text, file
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def _append(file: Path, text: str) -> None:
    file.write_text(f"{file.read_text()}{text}")


def _change(path: str, old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: _edit(folder / path, old, new)


def test_unchanged_pages_are_reused(folder: Path) -> None:
    pages = {path: (folder / "site" / path).stat().st_ino for path in _site(folder) if path.endswith("index.html")}
    reused = _build(folder)
    same = [path for path, inode in pages.items() if (folder / "site" / path).stat().st_ino == inode]
    assert len(same) == reused == len(pages) - 2  # without the handwritten pages
    assert _build_both_ways(folder) == reused


MANY, SOME, NONE = "many", "some", "none"
CHANGES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "the text of a fact": (SOME, _change(LOSS, "About 30 people", "Around 30 people")),
    "a title": (NONE, _change("facts/briefing.yml", "title: ", "title: More on ")),
    "a label": (SOME, lambda folder: _append(folder / "facts/briefing.yml", "messages: {Standard: Norm}\n")),
    "a language": (NONE, lambda folder: _append(folder / "facts/briefing.yml", "language: ar-XB\n")),
    "a template": (SOME, _change("templates/fact.md.j2", "According to", "Who claims it")),
    "a template of the theme": (NONE, _change("templates/theme/main.html", "{{", "<!-- new -->{{")),
    "a partial of the theme": (NONE, _change("templates/theme/partials/extra.html", "extra", "other")),
    "an icon of the theme": (NONE, _change("templates/theme/.icons/own/dot.svg", "<svg>", "<svg id='a'>")),
    "a file of the theme hidden": (NONE, lambda f: (f / "templates/theme/partials/copyright.html").write_text("we")),
    "a text in docs": (MANY, _change("docs/ship.txt", "a picture", "another picture")),
    "one more file in docs": (NONE, lambda folder: (folder / "docs" / "new.txt").write_text("new")),
    "a handwritten page": (MANY, _change("docs/notes.md", "By hand.", "By another hand.")),
    "another handwritten page": (NONE, lambda folder: (folder / "docs" / "new.md").write_text("# New\n")),
    "site_name": (NONE, _change("mkdocs.yml", "The loss of the Vasa", "The Vasa")),
    "site_url": (NONE, _change("mkdocs.yml", "https://vasa.example/", "https://vasa.example/sub/")),
    "edit_uri": (NONE, _change("mkdocs.yml", "edit/main", "edit/next")),
    "palette": (NONE, _change("mkdocs.yml", "scheme: default", "scheme: slate")),
    "an extension": (NONE, _change("mkdocs.yml", "tables, toc]", "tables, smarty, toc]")),
    "an extension's option": (NONE, _change("mkdocs.yml", "toc]", "toc: {permalink: true}]")),
    "nav": (NONE, _change("mkdocs.yml", "  - timeline.md\n  - glossary.md\n", "  - glossary.md\n  - timeline.md\n")),
    "a title in nav": (NONE, _change("mkdocs.yml", "Method: method.md", "Methods: method.md")),
    "a fact gone, with its page": (NONE, _change(LOSS, AGAIN, "")),
    "another fact, with its page": (NONE, _change(LOSS, AGAIN, AGAIN + AGAIN.replace("again", "anew"))),
    "a published page edited": (SOME, lambda folder: (folder / "site/f/sinking/index.html").write_text("mine")),
    "a published page edited, as long": (SOME, _change("site/f/sinking/index.html", "Vasa", "Wasa")),
    "a published page gone": (SOME, lambda folder: (folder / "site/f/sinking/index.html").unlink()),
    "the site gone": (NONE, lambda folder: shutil.rmtree(folder / "site")),
    "a damaged cache": (NONE, lambda folder: (folder / CACHED).write_bytes((folder / CACHED).read_bytes()[:-9])),
}


@pytest.mark.usefixtures("unrendered")
@pytest.mark.parametrize("name", [name for name, (wanted, _) in CHANGES.items() if wanted == NONE])
def test_changed_input_invalidates_all_pages(name: str, folder: Path) -> None:
    _, change = CHANGES[name]
    change(folder)
    assert _build(folder) == 0


@pytest.mark.parametrize("name", [name for name, (wanted, _) in CHANGES.items() if wanted != NONE])
def test_changed_input_invalidates_some_pages(name: str, folder: Path) -> None:
    """Compare a site with reused pages with one that is built without a cache."""
    wanted, change = CHANGES[name]
    change(folder)
    reused = _build_both_ways(folder)
    pages = sum(path.endswith("index.html") for path in _site(folder))
    assert (reused == pages - 2) == (wanted == MANY)
    assert reused > 0


@pytest.mark.usefixtures("unrendered")
def test_upgraded_library_invalidates_cache(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "markdown-99.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert _build(folder) == 0


def test_copied_briefing_reuses_nothing(folder: Path, tmp_path: Path) -> None:
    """The site, copied with its file times, may come from an untrusted source."""
    copy = shutil.copytree(folder, tmp_path / "copy")
    folder.rename(tmp_path / "original")
    copy.rename(folder)
    page = folder / "site" / "f" / "sinking" / "index.html"
    state = page.stat()
    page.write_text(page.read_text().replace("Vasa", "Wxyz"))
    os.utime(page, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert _build(folder) == 0
    assert "Wxyz" not in page.read_text()
    shutil.rmtree(folder)
    (tmp_path / "original").rename(folder)


def test_reused_pages_cite_new_edition(folder: Path) -> None:
    """Also if the last build could not write its cache, so that the cache belongs to an earlier build."""
    before = (folder / CACHED).read_bytes()
    _edit(folder / LOSS, "About 30 people", "Around 30 people")
    _build(folder)
    (folder / CACHED).write_bytes(before)
    _build_both_ways(folder)


def test_older_site_is_not_reused(folder: Path) -> None:
    _edit(folder / LOSS, "About 30 people", "Around 30 people")
    _build(folder)
    shutil.rmtree(folder / "site")
    shutil.copytree(folder.parent / "backup" / "briefing" / "site", folder / "site")
    _build_both_ways(folder)


def test_new_day_invalidates_pages(folder: Path) -> None:
    _edit(folder / LOSS, "        when: 1627\n", "        when: 1627\n        review_by: 2027-01-01\n")
    _build(folder)
    assert _build_both_ways(folder, "--today", "2027-06-01") > 0
    assert b"1 January 2027" in _site(folder)["f/hybertsson-died/index.html"]


def test_new_commit_invalidates_pages(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def commit(day: str) -> None:
        for what in (["init", "-q"], ["add", "facts"], ["commit", "-q", "--allow-empty", "-m", "a change"]):
            git(folder, *what, env={"GIT_COMMITTER_DATE": f"{day}T12:00:00Z"})

    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    commit("2026-11-01")
    _build(folder)
    _edit(folder / LOSS, "About 30 people", "Around 30 people")
    commit("2026-11-03")
    assert _build_both_ways(folder) > 0
    assert b"About 30 people" in _site(folder)["f/deaths/index.html"]
    assert _build(folder, "--as-of", "2026-11-02") == 0
    assert b"Around 30 people" not in _site(folder)["f/deaths/index.html"]


@pytest.mark.usefixtures("unrendered")
def test_build_date_invalidates_pages_that_print_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    _build(folder)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    assert _build(folder) > 0, "ours do not"
    (folder / "templates/theme/partials/extra.html").write_text("{{ build_date_utc }}")
    _build(folder)
    assert _build(folder) > 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
    assert _build(folder) == 0
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert [_build(folder), _build(folder)] == [0, 0], "the clock goes on"


@pytest.mark.usefixtures("unrendered")
def test_extension_that_reads_files_disables_cache(folder: Path) -> None:
    _edit(folder / "mkdocs.yml", "tables, toc]", "tables, pymdownx.snippets, toc]")
    assert [_build(folder), _build(folder)] == [0, 0]


@pytest.mark.parametrize("engine", ["properdocs"])
def test_other_engine_invalidates_cache(engine: str, folder: Path) -> None:
    """In a separate process, because the engine replaces the module of MkDocs."""
    pytest.importorskip(engine)
    done = start_briefing("build", "--engine", engine, "--today", TODAY, str(folder))
    assert done.returncode == 0, done.stderr
    assert "reused" not in done.stdout
