"""A briefing in which every text is an attack: payloads from `tests/payloads.txt` in each prose field of the model.

The fields come from the model, so that a new field is filled too. ``unfilled`` lists the fields that no record has.
"""

import csv
import html
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree

import yaml
from bibtexparser.bparser import BibTexParser  # type: ignore[import-untyped]
from icalendar import Calendar
from mkdocs.commands.build import build as build_with_mkdocs
from mkdocs.config import load_config
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Request
from scripted import git
from support import VASA, copy_briefing

from briefing.building import mkdocs_plugin
from briefing.compile import draft
from briefing.model import fields, records, routes
from briefing.model.records import Pin, PinnedPart, Record
from briefing.model.routes import DOWNLOADS, FEED, SEARCH
from briefing.project.reader import read_inputs

PAGES = ["", "loss/", "timeline/", "places/", "actors/sweden/", "sources/", "glossary/", "disputed/", "views/", "data/"]
PAGES += ["changes/", "f/sinking/", "f/hull-settles/", "f/", "briefing.html"]
# Kinds of record whose prose each exported file contains in full.
HELD = {
    routes.FACTS_JSON: (
        "Fact Source Actor Place Term Judgment Question Role Status Table Row Side NotUsed Topic Section"
    ),
    routes.FACTS_CSV: "Fact",
    routes.PLACES_GEOJSON: "License",
    routes.SOURCES_CSL: "Source",
    routes.FEED: "Fact Source Actor Place Term Judgment Question Role",
}

# These only file a fact, so a change of them is not described beside others.
FILED = {("Fact", "words"), ("Fact", "from_unpinned")}

PAYLOADS = [
    line
    for line in (Path(__file__).parent / "payloads.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("%%")
]
TOGETHER = 8  # payloads per text; each field starts with a different one
_MODELS: dict[str, type[Record]] = {
    "facts/briefing.yml": records.BriefingHead,
    "facts/sources.yml": records.Source,
    "facts/actors.yml": records.Actor,
    "facts/places.yml": records.Place,
    "facts/glossary.yml": records.Term,
}
_ONCE = {"retired"}  # fields that remove a record from the pages: only one record has them
_MACHINE = {Pin, PinnedPart, records.Publication, records.PublishedRecord}  # written by a program and never shown
# The validator that makes a field a `Line` of prose.
_, _IS_TEXT = get_args(fields.Line)

Filled = Callable[[str], str]


def prose(kind: type[Record]) -> dict[str, bool]:
    """Return the prose fields of a kind of record, and whether each is a list."""
    found = {}
    for name, info in kind.model_fields.items():
        if _IS_TEXT in info.metadata or _is_prose(info.annotation):
            found[info.alias or name] = "tuple" in str(info.annotation)
    return found


def _is_prose(annotation: Any) -> bool:
    metadata = getattr(annotation, "__metadata__", ())
    return _IS_TEXT in metadata or any(_is_prose(part) for part in get_args(annotation))


def _parts(kind: type[Record]) -> dict[str, type[Record]]:
    """Return the kinds of record nested in a kind of record, by field."""
    found = {}
    for name, info in kind.model_fields.items():
        for part in _all_args(info.annotation):
            if isinstance(part, type) and issubclass(part, Record):
                found[info.alias or name] = part
    return found


def _all_args(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _all_args(part)


def kinds() -> set[type[Record]]:
    """Return every kind of record that an editor writes."""

    def below(kind: type[Record]) -> Iterator[type[Record]]:
        for part in kind.__subclasses__():
            yield part
            yield from below(part)

    ours = (kind for kind in below(Record) if kind.__module__ == records.__name__)
    return {kind for kind in ours if kind not in _MACHINE and kind is not records.Entity}


@dataclass
class Attack:
    """Fills texts with payloads in turn, and stores them in ``texts`` by (kind of record, field)."""

    start: int = 0
    harmless: str = ""  # replaces every text, if set
    texts: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _turn: Iterator[int] = field(default_factory=count)
    _once: set[str] = field(default_factory=set)

    def text(self, kind: type[Record], name: str) -> str:
        """Return the next text."""
        turn = next(self._turn)
        first = self.start + turn * TOGETHER
        made = " ¦ ".join(PAYLOADS[(first + number) % len(PAYLOADS)] for number in range(TOGETHER))
        made = " ".join(f"{made} ¦ {kind.__name__} {name} {first}".split())  # normalised as in a record
        self.texts.setdefault((kind.__name__, name), []).append(made)
        if not self.harmless:
            return made
        # The same length, so that map labels are as wide.
        return (self.harmless * len(made))[: len(made)].strip()

    def fill(self, kind: type[Record], record: dict[str, Any]) -> dict[str, Any]:
        """Fill all prose fields of a record, including absent ones, and return the record."""
        for name, many in prose(kind).items():
            if name in _ONCE and (name in self._once or record.get("id") not in (None, "hull-settles")):
                continue
            self._once.add(name)
            if isinstance(record.get(name), dict):
                record[name] = {key: self.text(kind, name) for key in record[name]}
            elif many:
                old = record.get(name, ["", ""])
                old = [old] if isinstance(old, str) else old
                record[name] = [self.text(kind, name) for _ in old]
            else:
                record[name] = self.text(kind, name)
        if kind is records.Actor:  # a family name must be part of the name
            record["name"] += f" {record['family']}"
        for name, part in _parts(kind).items():
            if isinstance(record.get(name), dict):
                self.fill(part, record[name])
            for number, item in enumerate(record[name] if isinstance(record.get(name), list) else ()):
                # A cell without facts is written as a text, and a citation without a quotation as an id.
                if isinstance(item, str):
                    if part is not records.Citation:
                        record[name][number] = self.text(part, "says")
                else:
                    self.fill(part, item)
        return record

    def facts(self, facts: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return the files of a briefing with all prose replaced, without pins, which the new texts would not match."""
        made = {}
        for file, data in facts.items():
            if "/pins/" in file:
                continue
            if file == "facts/published.yml":
                made[file] = data
                continue
            read = yaml.load(data, yaml.BaseLoader)
            kind = _MODELS.get(file, records.Topic)
            if isinstance(read, list):
                read = [self.fill(kind, record) for record in _enriched(kind, read)]
            else:
                read = self.fill(kind, _more(kind, read))
            made[file] = json.dumps(read, ensure_ascii=False).encode()  # JSON is YAML
        return made

    @property
    def unfilled(self) -> list[tuple[str, str]]:
        """The prose fields that no record has."""
        return sorted(
            (kind.__name__, name) for kind in kinds() for name in prose(kind) if (kind.__name__, name) not in self.texts
        )


def _enriched(kind: type[Record], records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_more(kind, record) for record in records]


def _more(kind: type[Record], record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with its optional nested records added, so that their texts are filled too."""
    says = {"says": "", "cite": "account:1"}
    resting = {"rests_on": ["sinking"]}
    more: dict[type[Record], dict[str, Any]] = {
        records.BriefingHead: {
            "license": {"name": "", "url": "https://license.example/"},
            "allowed": [{"text": "", "because": ""}],
            "messages": {"Information as of": ""},
            "moved": {"f/went-down": "f/sinking"},
        },
        records.Actor: {"roles": [says]},
        records.Source: {"not_used": [{"parts": [6], "because": ""}], "url": "https://source.example/"},
        records.Place: {
            "position": {"lat": "59.3", "lon": "18.1", "precision": "approximate", "from": "account"},
            "standing": {"how": "claimed", "as_of": "2026-01", **resting},
        },
        records.Term: {"cite": "account:1"},
        records.Topic: {
            "map": ["stockholm"],
            "bottom_line": [{"says": "", **resting}],
            "tables": [{"title": "", "columns": ["", ""], "rows": [{"cells": ["", {"says": "", **resting}]}]}],
        },
    }
    if kind is records.Source and not record.get("unit"):
        return {**record, "url": "https://source.example/"}
    return {**more.get(kind, {}), **record}


# ---- the site and its output


def build(folder: Path, before: Attack, after: Attack) -> Path:
    """Build the site of the briefing in ``folder``, with two states of its texts as history, and return its folder.

    The rules about evidence do not apply. Only problems that prevent rendering stop the build.
    """
    sound = read_inputs(folder).facts
    for number, attack in enumerate((before, after)):
        shutil.rmtree(folder / "facts")
        for file, data in attack.facts(sound).items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(data)
        for command in (["init", "-q"], ["add", "facts"], ["commit", "-q", "-m", PAYLOADS[number]]):
            git(folder, *command, env={"GIT_COMMITTER_DATE": f"2026-11-0{number + 1}T12:00:00Z"})
    config = load_config(str(folder / "mkdocs.yml"), site_dir=str(folder / "site"), site_url="https://vasa.example/")
    mkdocs_plugin.draft = lambda inputs, **_: draft(inputs, past=True)  # type: ignore[attr-defined]
    try:
        config.plugins["briefing"].set_options(html=True)  # type: ignore[attr-defined]
        build_with_mkdocs(config)
    finally:
        config.plugins.on_shutdown()
        mkdocs_plugin.draft = draft  # type: ignore[attr-defined]
    return folder / "site"


# Records which functions the payloads call.
HEARD = """
  self.ran = [];
  for (const name of ["pwn", "alert", "confirm", "prompt", "print"]) self[name] = () => { ran.push(name); };
"""


def attacked(folder: Path, start: int = 0) -> tuple[Attack, Path]:
    """Return the payloads, beginning with this one, and the site of a copy of the small briefing with them as texts."""
    attack = Attack(start)
    return attack, build(copy_briefing(VASA, folder), Attack(start=100), attack)


def harmless(folder: Path, start: int) -> Path:
    """Return a site that differs from the attacked one in that its texts are harmless.

    Texts of another length change the layout, so each start needs its own.
    """
    before, after = Attack(start, "plain words 1 "), Attack(start, "other words 2 ")
    return build(copy_briefing(VASA, folder), before, after)


def lost(attack: Attack, site: Path) -> list[str]:
    """Return the texts that a file should contain in full and does not."""
    found = outputs(site)
    return [
        f"{path}: {text}"
        for field, texts in attack.texts.items()
        for path, names in HELD.items()
        if field[0] in names.split() and not (path == routes.FEED and field in FILED)
        for text in missing(texts, found[path])
    ]


def executed(browser: Browser, address: str, pages: Iterable[str]) -> list[str]:
    """Return everything that payloads do on these pages in a browser that ignores the security policy."""
    context = browser.new_context(bypass_csp=True, viewport={"width": 1400, "height": 900})
    context.add_init_script(HEARD)
    page = context.new_page()
    found: list[str] = []
    where = ""

    def record(what: object) -> None:
        found.append(f"{where}: {what}")

    def on_request(request: Request) -> None:
        if not request.url.startswith((address, "data:")):
            record(request.url)

    def on_dialog(dialog: Dialog) -> None:
        record(dialog.message)
        dialog.dismiss()

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            record(f"{message.text} {message.location}")

    page.on("request", on_request)
    page.on("dialog", on_dialog)
    page.on("pageerror", record)
    page.on("console", on_console)
    page.route("**/favicon.ico", lambda route: route.fulfill(body=""))  # the browser requests it by itself
    for where in pages:
        page.goto(f"{address}/{where}", wait_until="load")
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        if where in ("", "briefing.html"):  # search is the same on every page
            page.locator(".search-open").click()
            for words in ("script pwn", "onerror"):
                page.locator("#search-words").fill(words)
                page.locator("dialog.search li").first.wait_for()
            page.keyboard.press("Escape")
        page.evaluate(
            "document.querySelectorAll('article *').forEach(e => e.dispatchEvent(new MouseEvent('mouseover')))"
        )
        found += [f"{where}: {name} ran" for name in page.evaluate("self.ran")]
        if page.url != f"{address}/{where}":
            found.append(f"{where}: left for {page.url}")
    context.close()
    return found


class _Skeleton(HTMLParser):
    """Counts the elements of a page with their attribute names, and collects its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag, tuple(sorted(name for name, _ in attrs))] += 1

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def skeletons(site: Path) -> dict[str, _Skeleton]:
    """Return every page of a site by path."""
    return {
        file.relative_to(site).as_posix(): _Skeleton(file.read_text(encoding="utf-8"))
        for file in sorted(site.rglob("*.html"))
    }


def broken_out(attacked: Mapping[str, _Skeleton], plain: Mapping[str, _Skeleton]) -> list[str]:
    """Return the elements and attributes whose number differs from the page with harmless texts."""
    return [
        f"{path}: {element} {page.elements[element]} for {plain[path].elements[element]}"
        for path, page in attacked.items()
        for element in page.elements.keys() | plain[path].elements.keys()
        if page.elements[element] != plain[path].elements[element]
    ]


def texts_in(value: Any) -> Iterator[str]:
    """Yield every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_in(inner)


_LATEX = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    **{f"\\{sign}": sign for sign in "$&#_%"},
}


_OF_AN_EVENT = set(
    "UID DTSTAMP LAST-MODIFIED SEQUENCE DTSTART SUMMARY DESCRIPTION CATEGORIES STATUS TRANSP URL".split()
)


def from_latex(text: str) -> str:
    """Return LaTeX source as plain text."""
    text = text[1:-1] if text.startswith("{") and text.endswith("}") else text
    return re.sub("|".join(map(re.escape, _LATEX)), lambda found: _LATEX[found[0]], text)


def missing(texts: Iterable[str], there: Iterable[str]) -> list[str]:
    """Return the texts that do not occur in full."""
    everything = "\0".join(there)
    return [text for text in texts if text not in everything]


def outputs(site: Path) -> dict[str, list[str]]:
    """Return the texts in each download, by path, as read by a parser for its format."""

    def read(path: str) -> str:
        return (site / path).read_bytes().decode()

    def from_xml(text: str) -> list[str]:
        root = ElementTree.fromstring(text)
        return [html.unescape(re.sub("<[^>]*>", " ", part)) for part in root.itertext()] + list(root.itertext())

    found: dict[str, list[str]] = {}
    for path in (*DOWNLOADS, FEED, SEARCH, "f/sinking.json"):
        if path.endswith((".json", ".jsonld", ".geojson")):
            found[path] = list(texts_in(json.loads(read(path))))
        elif path.endswith(".csv"):
            cells = [cell for row in csv.reader(StringIO(read(path), newline="")) for cell in row]
            # A cell that a spreadsheet could read as a formula starts with an apostrophe.
            assert not [cell for cell in cells if re.match(r"[=+\-@\t\r\uff05\uff0b\uff1d]", cell)]
            found[path] = [cell.removeprefix("'") for cell in cells]
        elif path.endswith(".ics"):
            events = Calendar.from_ical(read(path)).walk("VEVENT")
            names = {name for event in events for name in event}
            assert names <= _OF_AN_EVENT, names
            found[path] = [str(event[name]) for event in events for name in ("SUMMARY", "DESCRIPTION")]
        elif path.endswith(".bib"):
            parser = BibTexParser(common_strings=True, ignore_nonstandard_types=False)
            entries = parser.parse(read(path)).entries
            assert len(entries) == read(path).count("@misc{")
            found[path] = [from_latex(text) for entry in entries for text in entry.values()]
        elif path == FEED:
            found[path] = from_xml(read(path))
        elif path == SEARCH:
            found[path] = list(texts_in(json.loads(read(path).partition("=")[2].rstrip(";\n"))))
    return found
