"""Every engine builds a site with the same text and links, and rejects the same faults."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from browsing import broken_rules, open_page
from click.testing import CliRunner
from mkdocs.__main__ import cli as mkdocs
from playwright.sync_api import Browser
from support import (
    SHORT,
    TODAY,
    VASA,
    Done,
    Once,
    copy_briefing,
    fork_briefing,
    refused_scripts,
    run_briefing,
    served,
    start_briefing,
)

from briefing.building import engines
from briefing.cli import main

pytestmark = pytest.mark.process

MARKED = """Ten "minutes" <b>bold</b> &amp; more & it's"""
BY_HAND = f"""---
title: By hand
description: >
  {MARKED}
author: {MARKED}
---

# By hand

A [fact](f/sinking.md#related-facts "title"), a [topic][page], a [file](<data/facts.json>), [places](places.md), HTML:
<a href="../f/sinking/">the same fact</a>, <img src="../assets/ship.svg" alt="A ship">. `[code](is/not.md)` stays.

```
[nor](is/this.md)
```

![A ship](assets/ship.svg)

[page]: loss.md
"""
UNTITLED = {
    "no_name.md": "Nothing here is a heading.\n\n# Later\n",
    "marked.md": "# A *marked* `heading` of [the loss](loss.md) { #at-the-top }\n\nText.[^a]\n\n[^a]: Not a link.\n",
    "lined.md": "Under\n=====\n\nText.\n",
}
SHIP = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


def _briefing(to: Path) -> Path:
    """The small briefing with handwritten pages and an old address, in which engines are most likely to differ."""
    folder = copy_briefing(VASA, to)
    (folder / "docs" / "assets").mkdir()
    (folder / "docs" / "assets" / "ship.svg").write_text(SHIP)
    (folder / "docs" / "by-hand.md").write_text(BY_HAND, encoding="utf-8")
    for name, text in UNTITLED.items():
        (folder / "docs" / name).write_text(text, encoding="utf-8")
    with (folder / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write(f"site_description: {MARKED}\n")
    topic = folder / "facts" / "topics" / "afterlife.yml"
    # The description of a topic without a bottom line is its question.
    topic.write_text(re.sub("^asks: .*", f"asks: {MARKED}", topic.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    with (folder / "facts" / "briefing.yml").open("a", encoding="utf-8") as head:
        head.write("moved:\n  f/went-down: f/sinking\n")
    _edit(
        folder / "mkdocs.yml",
        "  - Method: method.md",
        "\n".join(["  - Method: method.md", *(f"  - {name}" for name in ("by-hand.md", *UNTITLED))]),
    )
    return folder


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def built(once: Once) -> dict[str, Path]:
    """The site of each engine. The last is built from the staged tree by MkDocs without our plugin."""
    place = once("engines", _build)
    return {name: place / name for name in (*engines.ENGINES, "plain")}


def _build(place: Path) -> None:
    folder = _briefing(place / "vasa")
    for engine in engines.ENGINES:
        done = _build_with(engine, folder)
        assert done.returncode == 0, done.stderr
        (folder / "site").rename(place / engine)
    tree = folder / ".cache" / "briefing" / "stage"

    def build_plain() -> None:
        mkdocs(["build", "--strict", "-q", "-f", str(tree / "mkdocs.yml"), "-d", str(place / "plain")])

    done = fork_briefing(start=build_plain, env={"NO_MKDOCS_2_WARNING": "1"}).result()
    assert done.returncode == 0, done.stderr


def _build_with(engine: str, folder: Path) -> Done:
    """Build in this process if possible. ProperDocs replaces the module of MkDocs, so it needs its own."""
    run = start_briefing if engine == "properdocs" else run_briefing
    return run("build", "--engine", engine, "--today", TODAY, str(folder))


class _Read(HTMLParser):
    """Collects the content of a page: its title, the text and links of its article, and its metadata."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.open: list[str] = []
        self.text: dict[str, str] = {"title": "", "article": "", "script": "", "nav": ""}
        self.leads: list[str] = []
        self.ids: list[str] = []
        self.says: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("title", "article", "nav") or (tag, given.get("type")) == ("script", "application/ld+json"):
            self.open.append(tag)
        if "article" in self.open or "nav" in self.open:
            self.leads += [urljoin(self.address, given[name] or "") for name in ("href", "src") if name in given]
        if "article" in self.open and given.get("id") not in (None, "__skip"):
            self.ids.append(given["id"] or "")
        if (tag == "meta" and given.get("name") != "generator") or (tag == "link" and given.get("rel") == "canonical"):
            self.says.append(str(sorted(given.items(), key=str)))
        if tag == "link" and given.get("rel") in ("alternate", "canonical"):
            self.says.append(urljoin(self.address, given["href"] or ""))

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.text[tag] += data


def test_policy_allows_every_script_of_every_engine(built: dict[str, Path]) -> None:
    for site in built.values():
        for file in site.rglob("*.html"):
            assert refused_scripts(file.read_text(encoding="utf-8")) == [], file


def _pages(site: Path) -> dict[str, dict[str, Any]]:
    """Return the content of each page by path. Links out of the site keep their full address."""
    found = {}
    for file in sorted(site.rglob("*.html")):
        path = file.relative_to(site).as_posix()
        page = _Read(f"https://x.example/a/b/c/d/{path.removesuffix('index.html')}")
        page.feed(file.read_text(encoding="utf-8"))
        words = {name: " ".join(text.split()) for name, text in page.text.items()}
        words["nav"] = words["nav"].replace("On this page", "Table of contents")  # the themes' own words
        found[path] = {**words, "leads": page.leads, "ids": page.ids, "says": page.says}
    return found


_ENGINES_OWN = {"sitemap.xml", "sitemap.xml.gz", "search.json"}  # files


def _files(site: Path) -> dict[str, bytes]:
    """Return every file except pages and the files of theme and engine."""
    theme = site / "assets"
    found = [file for file in site.rglob("*") if file.is_file() and file.suffix != ".html"]
    ours = [
        file for file in found if not {"javascripts", "stylesheets", "images"} & {*file.relative_to(theme.parent).parts}
    ]
    return {name: file.read_bytes() for file in ours if (name := file.relative_to(site).as_posix()) not in _ENGINES_OWN}


@pytest.mark.parametrize("engine", ["zensical", "plain"])
def test_engines_build_the_same_text(engine: str, built: dict[str, Path]) -> None:
    wanted, pages = _pages(built["mkdocs"]), _pages(built[engine])
    assert len(wanted) > 40
    assert pages.keys() == wanted.keys()
    for path, page in wanted.items():
        for what, said in page.items():
            assert pages[path][what] == said, (path, what)
    files = _files(built["mkdocs"])
    assert _files(built[engine]) == files
    assert {
        "search/entries.js",
        "data/facts.json",
        "assets/ship.svg",
        "f/sinking.json",
        "assets/briefing.css",
    } <= files.keys()


class _Metas(HTMLParser):
    """Collects the contents of a page's meta elements, by name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.contents: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and (name := given.get("name") or given.get("property")):
            self.contents[name] = (given.get("content") or "").strip()


@pytest.mark.parametrize("engine", [*engines.ENGINES, "plain"])
def test_markup_in_descriptions_is_escaped(engine: str, built: dict[str, Path]) -> None:
    """For a handwritten page, for a generated page, and for the site's description on a page without its own."""
    for path in ("by-hand/index.html", "afterlife/index.html", "lined/index.html", "404.html"):
        metas = _Metas((built[engine] / path).read_text(encoding="utf-8")).contents
        assert metas["description"] == metas["og:description"] == MARKED, path
        if path == "by-hand/index.html":
            assert metas["author"] == MARKED


def test_staged_pages_have_no_broken_links(built: dict[str, Path]) -> None:
    """Including the links of handwritten pages, in Markdown and in HTML."""
    site = built["zensical"]
    pages = _pages(site)
    base = "https://x.example/a/b/c/d/"
    for path, page in pages.items():
        for address in page["leads"] if path != "404.html" else ():
            file, _, id = address.removeprefix(base).partition("#")
            if address.startswith("https://x.example/"):
                target = site / file / "index.html" if file.endswith("/") or not file else site / file
                assert address.startswith(base), (path, address)
                assert target.is_file(), (path, address)
                assert not id or f'id="{id}"' in target.read_text(encoding="utf-8"), (path, address)


def test_properdocs_builds_identical_files(built: dict[str, Path]) -> None:
    def bytes_of(site: Path) -> dict[str, bytes]:
        named = re.compile(rb'<meta name="generator"[^>]*>')
        files = [file for file in site.rglob("*") if file.is_file() and file.suffix != ".gz"]
        return {file.relative_to(site).as_posix(): named.sub(b"", file.read_bytes()) for file in files}

    assert bytes_of(built["properdocs"]) == bytes_of(built["mkdocs"])


def test_properdocs_replaces_mkdocs_modules() -> None:
    """ProperDocs does not document the module that does this, nor how its command line sets up MkDocs' logger."""
    program = """if True:
        import inspect, logging, sys
        from briefing.building.engines import programs
        load_config, faults = programs("properdocs")
        import mkdocs, mkdocs.config, mkdocs.plugins, properdocs
        assert mkdocs is properdocs and mkdocs.config.load_config is load_config
        assert issubclass(mkdocs.exceptions.PluginError, faults)
        assert mkdocs.plugins.__name__ == "properdocs.plugins"
        assert logging.getLogger("mkdocs").parent is logging.getLogger("properdocs")
        import properdocs.__main__
        assert "getLogger('mkdocs')" in inspect.getsource(properdocs.__main__)
    """
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("engine", engines.ENGINES)
def test_broken_link_in_handwritten_page_fails_build(engine: str, tmp_path: Path) -> None:
    folder = copy_briefing(SHORT, tmp_path / "vasa")
    (folder / "site").mkdir()
    (folder / "site" / "index.html").write_text("the last good site")
    with (folder / "docs" / "method.md").open("a") as page:
        page.write("\nA [fact](f/sinking.md#no-such-heading).\n")
    done = _build_with(engine, folder)
    assert done.returncode == 1
    assert "no-such-heading" in done.stderr
    assert "Traceback" not in done.stderr
    assert (folder / "site" / "index.html").read_text() == "the last good site"


def test_plugin_warning_fails_properdocs_build(tmp_path: Path) -> None:
    folder = copy_briefing(SHORT, tmp_path / "vasa")
    _edit(folder / "facts" / "sources.yml", "  reliability: ", "  # reliability: ")
    done = _build_with("properdocs", folder)
    assert done.returncode == 1
    assert "warning ungraded" in done.stderr
    assert not (folder / "site").exists()


# Faults that MkDocs and ProperDocs report and Zensical does not.
UNSEEN = {
    "a link to no page": ("docs/method.md", "# Method", "# Method\n\n[gone](f/sunk.md)", "broken link to 'f/sunk.md'"),
    "a link to no file": ("docs/method.md", "# Method", "# Method\n\n![gone](gone.png)", "broken link to 'gone.png'"),
    "a link relative to the host": ("docs/method.md", "# Method", "# Method\n\n[root](/f/)", "broken link to '/f/'"),
    "a definition": ("docs/method.md", "# Method", "# Method\n\n[a]\n\n[a]: gone.md", "broken link to 'gone.md'"),
    "an entry of nav": ("mkdocs.yml", "method.md", "methods.md", "'nav' lists 'methods.md'"),
    "a page outside nav": ("mkdocs.yml", "  - Method: method.md", "", "'method.md' is in neither"),
}


@pytest.mark.parametrize("case", UNSEEN)
def test_staging_reports_errors_that_zensical_misses(case: str, tmp_path: Path) -> None:
    folder = copy_briefing(SHORT, tmp_path / "vasa")
    _edit(folder / "mkdocs.yml", "validation:", "validation:\n  nav: {omitted_files: warn}")
    file, old, new, said = UNSEEN[case]
    _edit(folder / file, old, new)
    done = CliRunner().invoke(main, ["stage", "--dir", str(folder), "--today", TODAY])
    assert done.exit_code == 1
    assert said in done.stderr
    assert not (folder / ".cache" / "briefing" / "stage").exists()


def test_build_fails_if_engine_silently_skips_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs" / "f").mkdir(parents=True)
    (tmp_path / "docs" / "f" / "index.md").write_text("# F\n")
    (tmp_path / "site").mkdir()
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, "", ""))
    with pytest.raises(engines.BuildFailed, match=r"f/index\.md"):
        engines.build_tree("zensical", tmp_path, tmp_path / "new", strict=True)
    assert not (tmp_path / "new").exists()


def test_missing_engine_has_install_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda _: None)
    done = CliRunner().invoke(main, ["build", "--engine", "zensical", str(VASA)])
    assert done.exit_code == 1
    assert done.stderr == "Error: zensical is not installed: pip install 'mkdocs-briefing[zensical]'\n"


def test_single_file_needs_engine_with_plugin() -> None:
    done = CliRunner().invoke(main, ["build", "--engine", "zensical", "--single-file", str(VASA)])
    assert done.exit_code == 2
    assert "does not support --single-file and --pdf" in done.stderr


def test_staged_site_works_in_browser(built: dict[str, Path], browser: Browser) -> None:
    """Test on the staged site what other tests check on the default engine's, without requests to other hosts."""
    with served({"site": built["zensical"]}) as addresses:
        address = addresses["site"]
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        page = context.new_page()
        requested: list[str] = []
        faults: list[str] = []
        page.on("request", lambda request: requested.append(request.url))
        page.on("response", lambda answer: faults.append(answer.url) if answer.status >= 400 else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)

        open_page(page, address)
        page.locator(".md-sidebar--primary").get_by_role("link", name="Timeline").click()
        page.wait_for_url("**/timeline/")
        assert page.locator("form.filters").is_visible()
        page.keyboard.press("/")
        page.wait_for_selector("dialog.search[data-ready]")
        page.keyboard.type("Hybertson")  # a typo
        page.locator("dialog.search li a").first.click()
        page.wait_for_url("**/actors/henrik-hybertsson/")
        page.goto(f"{address}/loss/")
        page.locator("li", has_text="The Vasa went down on 10 August 1628").locator("a.ref").click()
        page.locator("dialog.card").get_by_role("link", name="Open this fact").click()
        page.wait_for_url("**/f/sinking/")
        edit = page.locator("a[title='Edit this page']")
        assert edit.get_attribute("href") == "https://code.vasa.example/edit/main/facts/topics/loss.yml#L18"
        open_page(page, f"{address}/by-hand/")
        assert edit.get_attribute("href") == "https://code.vasa.example/edit/main/docs/by-hand.md"
        page.locator("details.cite summary").click()
        assert page.locator("details.cite button").first.is_visible()
        assert faults == []
        page.goto(f"{address}/f/went-down/")
        page.wait_for_url("**/f/sinking/")
        assert [url for url in requested if not url.startswith(address)] == []
        for path in ("", "timeline/", "f/museum-opened/"):
            assert broken_rules(f"{address}/{path}", page) == {}, path
        context.close()
