"""The same site by every engine: what it says, where it leads, and what refuses it."""

import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest
from conftest import ROOT, TODAY, VASA, broken_rules, copy_briefing, run_briefing, served
from playwright.sync_api import Browser

from briefing import engines

BY_HAND = """---
title: By hand
---

# By hand

A [fact](f/sinking.md#related-facts "title"), a [page of its own kind][page], [a file](data/facts.json), [a place](places.md), and HTML:
<a href="../f/sinking/">the same fact</a>, <img src="../assets/ship.svg" alt="A ship">. `[code](is/not.md)` stays.

```
[nor](is/this.md)
```

![A ship](assets/ship.svg)

[page]: loss.md
"""
SHIP = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


def _briefing(to: Path) -> Path:
    """The small briefing with what engines are most likely to differ in: pages by hand, and an old address."""
    folder = copy_briefing(VASA, to)
    (folder / "docs" / "assets").mkdir()
    (folder / "docs" / "assets" / "ship.svg").write_text(SHIP)
    (folder / "docs" / "by-hand.md").write_text(BY_HAND, encoding="utf-8")
    with (folder / "facts" / "briefing.yml").open("a", encoding="utf-8") as head:
        head.write("moved:\n  f/went-down: f/sinking\n")
    _edit(folder / "mkdocs.yml", "  - Method: method.md", "  - Method: method.md\n  - by-hand.md")
    return folder


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _briefing(tmp_path_factory.mktemp("engines") / "vasa")


@pytest.fixture(scope="module")
def built(folder: Path) -> dict[str, Path]:
    """The site of each engine."""
    sites = {}
    for engine in engines.ENGINES:
        done = run_briefing("build", "--engine", engine, "--today", TODAY, str(folder))
        assert done.returncode == 0, done.stderr
        sites[engine] = (folder / "site").rename(folder.parent / engine)
    return sites


class _Read(HTMLParser):
    """What a reader meets on a page: its title, its article's text and where that leads, and what it says of itself."""

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


def _pages(site: Path) -> dict[str, dict[str, object]]:
    """What each page says, by its path; an address that climbs out of the site shows."""
    found = {}
    for file in sorted(site.rglob("*.html")):
        path = file.relative_to(site).as_posix()
        page = _Read(f"https://x.example/a/b/c/d/{path.removesuffix('index.html')}")
        page.feed(file.read_text(encoding="utf-8"))
        words = {name: " ".join(text.split()) for name, text in page.text.items()}
        words["nav"] = words["nav"].replace("On this page", "Table of contents")  # the themes' own words
        found[path] = {**words, "leads": page.leads, "ids": page.ids, "says": page.says}
    return found


@pytest.fixture(scope="module")
def pages(built: dict[str, Path]) -> dict[str, dict[str, dict[str, object]]]:
    return {engine: _pages(site) for engine, site in built.items()}


OTHERS = [engine for engine in engines.ENGINES if engine != "mkdocs"]


@pytest.mark.parametrize("engine", OTHERS)
def test_the_same_pages_text_for_text(engine: str, pages: dict[str, dict[str, dict[str, object]]]) -> None:
    assert pages[engine].keys() == pages["mkdocs"].keys()
    assert len(pages[engine]) > 40
    for path, page in pages["mkdocs"].items():
        for what, wanted in page.items():
            assert pages[engine][path][what] == wanted, (path, what)
