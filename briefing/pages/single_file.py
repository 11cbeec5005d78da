"""The whole briefing as one HTML file that needs no other, for keeping, carrying and printing."""

import json
import posixpath
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from briefing.exports.edition import Edition
from briefing.model.briefing import Briefing

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_IDS = {"id", "for"}
_ID_LISTS = {"aria-labelledby", "aria-describedby", "headers"}
_BASE = "https://book.invalid/"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A page of the site: its address from the site's root (``f/``, empty for the first page), title and content."""

    address: str
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands before the chapters. ``address`` is the site's own, empty where it is not known; ``lines`` say which
    edition this is.
    """

    title: str
    question: str
    language: str
    lines: tuple[str, ...]
    address: str = ""


@dataclass(frozen=True, slots=True)
class Assets:
    """Style sheets and scripts, as text; ``search`` is the search's markup, ``entries`` the script of what it finds."""

    styles: tuple[str, ...] = ()
    library: str = ""
    entries: str = ""
    script: str = ""
    search: str = ""


def cover(briefing: Briefing, edition: Edition, language: str) -> Cover:
    """The cover of a briefing without errors."""
    head = briefing.head
    assert head
    lines = [
        f"Information cutoff {head.cutoff.words}. Last reviewed {edition.date.words}.",
        f"Content {edition.version}; {len(briefing.current_facts)} facts from {len(briefing.sources)} sources.",
        f"{head.license.name}; the sources remain their owners’." if head.license else "",
        edition.site,
    ]
    return Cover(edition.title, head.question, language, tuple(line for line in lines if line), edition.site)


def book(cover: Cover, chapters: Sequence[Chapter], assets: Assets) -> str:
    """The document. A link to a page that is a chapter leads there; one to a page below a chapter (``f/x/`` below
    ``f/``) leads to the part of that chapter that has its name; any other leads to the site, if its address is known.
    What is marked ``data-web-only`` is left out.
    """
    places = _Places(cover.address, {chapter.address: _ids(chapter.html) for chapter in chapters})
    contents = "".join(
        f'<li><a href="#{places.anchor(chapter.address)}">{escape(chapter.title)}</a></li>\n' for chapter in chapters
    )
    body = "".join(
        f'<section class="chapter" id="{places.anchor(chapter.address)}">\n{_rewritten(chapter, places)}\n</section>\n'
        for chapter in chapters
    )
    styles = "".join(f"<style>{style}</style>\n" for style in assets.styles)
    lines = "".join(f"<p>{escape(line)}</p>\n" for line in cover.lines)
    scripts = [assets.library, _moved(assets.entries, places), assets.script] if assets.script else []
    run = "".join(f"<script>{script}</script>\n" for script in scripts)
    policy = (
        f"default-src 'none'; script-src {_hashes(scripts)}; style-src {_hashes(assets.styles)}; img-src 'self' data:;"
        " base-uri 'none'; form-action 'none'"
    )
    return f"""<!doctype html>
<html lang="{escape(cover.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(cover.title)}</title>
<meta name="description" content="{escape(cover.question)}">
{styles}</head>
<body data-md-color-scheme="default">
<div class="book-bar"><a href="#contents">Contents</a>{assets.search}</div>
<main class="md-typeset book">
<header class="cover">
<h1>{escape(cover.title)}</h1>
<p class="question">{escape(cover.question)}</p>
{lines}</header>
<nav aria-labelledby="contents">
<h2 id="contents">Contents</h2>
<ol>
{contents}</ol>
</nav>
{body}</main>
{run}</body>
</html>
"""


def _hashes(texts: Iterable[str]) -> str:
    """The inline texts that alone may run, or style, as a Content Security Policy names them."""
    return " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in texts) or "'none'"


def _ids(html: str) -> frozenset[str]:
    return frozenset(re.findall(r'\bid="([^"]+)"', html))


@dataclass(frozen=True, slots=True)
class _Places:
    site: str
    ids: Mapping[str, frozenset[str]]

    def anchor(self, address: str, fragment: str = "") -> str:
        name = address.strip("/").replace("/", "-") or "brief"
        return f"{name}--{fragment}" if fragment else name

    def href(self, target: str, start: str) -> str:
        """Where a link of the page ``start`` leads; empty where nowhere."""
        url = urlsplit(urljoin(_BASE + start, target))
        if f"{url.scheme}://{url.netloc}/" != _BASE:
            return target
        address = url.path.removeprefix("/")
        if address in self.ids:
            return f"#{self.anchor(address, url.fragment)}"
        above, part = posixpath.split(address.rstrip("/"))
        if part in self.ids.get(f"{above}/", ()):
            return f"#{self.anchor(f'{above}/', part)}"
        return self.site + address + (f"#{url.fragment}" if url.fragment else "") if self.site else ""


def _rewritten(chapter: Chapter, places: _Places) -> str:
    rewriter = _Rewriter(chapter.address, places)
    rewriter.feed(chapter.html)
    rewriter.close()
    return "".join(rewriter.made).strip()


@dataclass
class _Rewriter(HTMLParser):
    """Copies a page's content with its names and links made those of the book, and its headings a level lower."""

    address: str
    places: _Places
    made: list[str] = field(default_factory=list)
    left_out: int = 0  # how many elements are open within what is left out

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=False)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self.left_out or "data-web-only" in given or given.get("class") == "headerlink":
            self.left_out += tag not in _VOID
            return
        said = "".join(
            f' {name}="{escape(value)}"' if value else f" {name}"
            for name, old in attrs
            if name != "title" and (value := self._value(name, old or "")) is not None
        )
        self.made.append(f"<{_lowered(tag)}{said}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.left_out:
            self.left_out -= tag not in _VOID
        elif tag not in _VOID:
            self.made.append(f"</{_lowered(tag)}>")

    def handle_data(self, data: str) -> None:
        if not self.left_out:
            self.made.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def _value(self, name: str, value: str) -> str | None:
        """An attribute's value in the book; None where the attribute goes."""
        if name in _IDS:
            return self.places.anchor(self.address, value)
        if name in _ID_LISTS:
            return " ".join(self.places.anchor(self.address, id) for id in value.split())
        if name == "href":
            return self.places.href(value, self.address) or None
        return None if name.startswith("data-") and name != "data-column" else value


def _lowered(tag: str) -> str:
    return f"h{min(int(tag[1]) + 1, 6)}" if re.fullmatch(r"h[1-6]", tag) else tag


def _moved(entries: str, places: _Places) -> str:
    """The script of what search finds, with addresses within the book."""
    name, _, data = entries.partition("=")
    held = json.loads(data.rstrip(";\n"))
    for entry in held["entries"]:
        entry["address"] = places.href(entry.get("address", ""), "")
    made = json.dumps(held, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"{name}={made};\n"
