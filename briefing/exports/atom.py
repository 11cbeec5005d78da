"""The latest changes as an Atom feed (RFC 4287)."""

from html import escape
from xml.etree.ElementTree import Element, SubElement, tostring

from briefing.exports.edition import Edition
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.history import History
from briefing.views.changes import RevisionView, newest

_ATOM = "http://www.w3.org/2005/Atom"


def has_feed(edition: Edition, history: History) -> bool:
    """Return whether the site has a feed. A feed needs a history, and the site's address for its absolute links."""
    return bool(edition.site and history.revisions)


def feed(briefing: Briefing, edition: Edition, history: History) -> bytes:
    """Return the feed of a briefing that has a history and an address.

    Each entry is a revision. Its id is a tag URI (RFC 4151) made from the site's host, the day and the commit.
    """
    t = briefing.language
    root = Element("feed", {"xmlns": _ATOM, "xml:lang": t.tag})
    _text(root, "title", t.gettext("%(briefing)s: changes", briefing=edition.title))
    _text(root, "id", edition.url(routes.FEED))
    _text(root, "updated", history.revisions[-1].when)
    SubElement(root, "link", {"rel": "self", "href": edition.url(routes.FEED), "type": "application/atom+xml"})
    SubElement(root, "link", {"rel": "alternate", "href": edition.url(routes.CHANGES), "type": "text/html"})
    # RFC 4287 (4.1.1) requires an author.
    _text(SubElement(root, "author"), "name", edition.title)
    for revision in newest(briefing, history):
        entry = SubElement(root, "entry")
        _text(entry, "title", "; ".join(group.title for group in revision.groups))
        _text(entry, "id", f"tag:{edition.host},{revision.when[:10]}:{revision.id}")
        _text(entry, "updated", revision.when)
        changes = f"{edition.url(routes.CHANGES)}#{revision.id}"
        SubElement(entry, "link", {"rel": "alternate", "href": changes, "type": "text/html"})
        _text(entry, "content", _content(revision, edition)).set("type", "html")
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _text(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = text
    return element


def _content(revision: RevisionView, edition: Edition) -> str:
    parts = [f"<p>{escape(revision.says)}</p>"]
    for group in revision.groups:
        parts.append(f"<p>{escape(group.title)}</p><ul>")
        for change in group.changes:
            says = escape(change.says)
            if change.link:
                says = f'<a href="{escape(edition.url(change.link.path))}">{says}</a>'
            details = "".join(f"<br>{escape(detail.label)}: {escape(detail.text)}" for detail in change.details)
            parts.append(f"<li>{says}{details}</li>")
        parts.append("</ul>")
    return "".join(parts)
