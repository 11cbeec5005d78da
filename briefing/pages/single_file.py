"""Render the whole briefing as one self-contained HTML file, for archives, offline reading and printing."""

import json
import posixpath
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from lxml.html import fragment_fromstring, tostring

from briefing.exports.edition import Edition
from briefing.model.briefing import Briefing
from briefing.text.language import Language

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ID_LISTS = ("id", "for", "aria-labelledby", "aria-describedby", "headers")  # Attributes that contain ids.
_SHOWN_DATA = ("data-column", "data-note")  # Attributes that style sheets show.
_BASE = "https://book.invalid/"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A page of the site: its title, its content, and its address from the site's root (``f/``, empty for the first
    page).
    """

    address: str
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class TitlePage:
    """The page before the chapters. ``lines`` identify the edition. ``address`` is the address of the site, or empty
    if unknown.
    """

    title: str
    question: str
    language: Language
    lines: tuple[str, ...]
    address: str = ""


@dataclass(frozen=True, slots=True)
class Assets:
    """Style sheets and scripts as text. ``search`` is the search dialog's markup, and ``entries`` the script with its
    entries.
    """

    styles: tuple[str, ...] = ()
    library: str = ""
    entries: str = ""
    script: str = ""
    search: str = ""


def title_page(briefing: Briefing, edition: Edition) -> TitlePage:
    """Return the title page of a briefing without errors."""
    head = briefing.head
    assert head
    t = briefing.language
    dates = [t.gettext("Information as of %(date)s", date=t.format_date(head.cutoff))]
    if head.reviewed:
        dates.append(t.gettext("Last reviewed %(date)s", date=t.format_date(head.reviewed)))
    contents = [
        t.gettext("Version %(version)s", version=edition.version),
        t.ngettext("%(num)s fact", "%(num)s facts", len(briefing.current_facts)),
        t.ngettext("%(num)s source", "%(num)s sources", len(briefing.sources)),
    ]
    lines = [" · ".join(dates), " · ".join(contents)]
    if head.license:
        lines.append(
            t.gettext("%(license)s; rights in the sources remain with their owners", license=head.license.name)
        )
    if edition.site:
        lines.append(edition.site)
    return TitlePage(edition.title, head.question, t, tuple(lines), edition.site)


def render_single_file(title: TitlePage, chapters: Sequence[Chapter], assets: Assets) -> str:
    """Return the document.

    A link to a page that is a chapter leads to that chapter. A link to a page below a chapter (``f/x/`` below ``f/``)
    leads to the part of the chapter with that name. Any other link leads to the site, if its address is known.
    Elements marked ``data-web-only`` are left out.
    """
    trees = {chapter.address: fragment_fromstring(chapter.html, create_parent="section") for chapter in chapters}
    places = _Places(title.address, {address: frozenset(tree.xpath("//@id")) for address, tree in trees.items()})
    contents = "".join(
        f'<li><a href="#{places.anchor(chapter.address)}">{escape(chapter.title)}</a></li>\n' for chapter in chapters
    )
    sections = "".join(f"{_render_chapter(address, tree, places)}\n" for address, tree in trees.items())
    lines = "".join(f"<p>{escape(line)}</p>\n" for line in title.lines)
    scripts = []
    if assets.script:
        scripts = [assets.library, _rewrite_entries(assets.entries, places), assets.script]
    script_elements = "".join(f"<script>{script}</script>\n" for script in scripts)
    contents_label = escape(title.language.gettext("Contents"))
    return f"""<!doctype html>
<html lang="{title.language.tag}" dir="{title.language.direction}">
{_render_head(title, assets.styles, scripts)}
<body data-md-color-scheme="default">
<div class="book-bar"><a href="#contents">{contents_label}</a>{assets.search}</div>
<main class="md-typeset book">
<header class="cover">
<h1>{escape(title.title)}</h1>
<p class="question">{escape(title.question)}</p>
{lines}</header>
<nav aria-labelledby="contents">
<h2 id="contents">{contents_label}</h2>
<ol>
{contents}</ol>
</nav>
{sections}</main>
{script_elements}</body>
</html>
"""


def _render_head(title: TitlePage, styles: Iterable[str], scripts: Iterable[str]) -> str:
    """Return the head. Its policy allows only the scripts and styles in the file."""
    policy = (
        f"default-src 'none'; script-src {_hashes(scripts)}; style-src {_hashes(styles)}; img-src 'self' data:;"
        " base-uri 'none'; form-action 'none'"
    )
    style_elements = "".join(f"<style>{style}</style>\n" for style in styles)
    return f"""<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title.title)}</title>
<meta name="description" content="{escape(title.question)}">
{style_elements}</head>"""


def _hashes(texts: Iterable[str]) -> str:
    """Return the hashes by which a Content Security Policy allows inline scripts or styles."""
    return " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in texts) or "'none'"


@dataclass(frozen=True, slots=True)
class _Places:
    """The targets of links in the document. ``ids`` are those of each chapter, by its address."""

    site: str
    ids: Mapping[str, frozenset[str]]

    def anchor(self, address: str, fragment: str = "") -> str:
        """Return the id, in the document, of a page or of an element on it."""
        name = address.strip("/").replace("/", "-") or "brief"
        return f"{name}--{fragment}" if fragment else name

    def href(self, target: str, start: str) -> str:
        """Return the target of a link on the page ``start``, or an empty string if it has none."""
        url = urlsplit(urljoin(_BASE + start, target))
        if f"{url.scheme}://{url.netloc}/" != _BASE:
            return target
        address = url.path.removeprefix("/")
        if address in self.ids:
            return f"#{self.anchor(address, url.fragment)}"
        above, part = posixpath.split(address.rstrip("/"))
        if part in self.ids.get(f"{above}/", ()):
            return f"#{self.anchor(f'{above}/', part)}"
        if not self.site:
            return ""
        if url.fragment:
            return f"{self.site}{address}#{url.fragment}"
        return self.site + address


def _render_chapter(address: str, section: "HtmlElement", places: _Places) -> str:
    """Return a page as a section of the document: with the document's ids and links, and headings one level lower."""
    for element in section.xpath(".//*[@data-web-only or @class='headerlink']"):
        element.drop_tree()
    _renumber_notes(section)
    for element in section.iterdescendants():
        if isinstance(element.tag, str):  # Skip comments.
            _rewrite(element, address, places)
    section.set("class", "chapter")
    section.set("id", places.anchor(address))
    section.text = f"\n{(section.text or '').lstrip()}"
    return str(tostring(section, encoding="unicode"))


def _renumber_notes(section: "HtmlElement") -> None:
    """Leave out the notes whose markers have been left out, and number the others again."""
    markers = section.xpath(".//*[@data-note]")
    used = {marker.get("data-note") for marker in markers}
    notes = section.xpath(".//section[contains(@class, 'notes')]//li")
    numbers = [note.find("span").text for note in notes]
    new_number: dict[str, str] = {}
    for note, number in zip(notes, numbers, strict=True):
        if note.get("class") == "paper" and number not in used:
            note.drop_tree()
        else:
            new_number[number] = note.find("span").text = numbers[len(new_number)]
    for marker in markers:
        marker.set("data-note", new_number[marker.get("data-note")])


def _rewrite(element: "HtmlElement", address: str, places: _Places) -> None:
    """Change the ids and links of an element of the page at ``address`` to those of the document."""
    if re.fullmatch("h[1-5]", element.tag):
        element.tag = f"h{int(element.tag[1]) + 1}"
    for name, value in element.items():
        if name in _ID_LISTS:
            element.set(name, " ".join(places.anchor(address, element_id) for element_id in value.split()))
        elif name == "href":
            href = places.href(value, address)
            if href:
                element.set(name, href)
            else:
                del element.attrib[name]
        elif name == "title" or (name.startswith("data-") and name not in _SHOWN_DATA):
            del element.attrib[name]


def _rewrite_entries(script: str, places: _Places) -> str:
    """Return the script with the search entries, with addresses within the document."""
    name, _, data = script.partition("=")
    content = json.loads(data.rstrip(";\n"))
    for entry in content["entries"]:
        entry["address"] = places.href(entry.get("address", ""), "")
    as_json = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"{name}={as_json};\n"
