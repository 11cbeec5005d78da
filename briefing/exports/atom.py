"""The latest changes as an Atom feed (RFC 4287)."""

from html import escape
from xml.etree.ElementTree import Element, SubElement, tostring

from briefing.exports.edition import Edition
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.history import History
from briefing.text.personal_names import display_name
from briefing.views.changes import RevisionView, newest

_ATOM = "http://www.w3.org/2005/Atom"


def has_feed(briefing: Briefing, edition: Edition, history: History) -> bool:
    """Return whether there is a feed: the briefing is published, and its site's address and its history are known."""
    return bool(edition.site and history.revisions and briefing.published)


def feed(briefing: Briefing, edition: Edition, history: History) -> bytes:
    """Return the feed of a briefing for which ``has_feed`` is true. It is empty until something changes.

    An entry has the changes of one day, unless only wording changed. Its id is a tag URI (RFC 4151) of the site's host
    and that day, so that an entry which grows during a day remains the same entry.
    """
    assert briefing.published
    revisions = [revision for revision in newest(briefing, history) if revision.substance]
    updated = revisions[0].when if revisions else f"{briefing.published.first}T00:00:00Z"
    t = briefing.language
    root = Element("feed", {"xmlns": _ATOM, "xml:lang": t.tag})
    _text(root, "title", t.gettext("%(briefing)s: changes", briefing=edition.title))
    _text(root, "id", edition.url(routes.FEED))
    _text(root, "updated", updated)
    SubElement(root, "link", {"rel": "self", "href": edition.url(routes.FEED), "type": "application/atom+xml"})
    SubElement(root, "link", {"rel": "alternate", "href": edition.url(routes.CHANGES), "type": "text/html"})
    # RFC 4287 (4.1.1) requires an author, so the briefing itself is the author if none is known.
    for name in edition.authors or (edition.organisation or edition.title,):
        _text(SubElement(root, "author"), "name", display_name(name))
    for revision in revisions:
        entry = SubElement(root, "entry")
        _text(entry, "title", "; ".join(group.title for group in revision.substance))
        _text(entry, "id", f"tag:{edition.host},{revision.date}:changes")
        _text(entry, "updated", revision.when)
        changes = f"{edition.url(routes.CHANGES)}#{revision.anchor}"
        SubElement(entry, "link", {"rel": "alternate", "href": changes, "type": "text/html"})
        _text(entry, "content", _content(revision, edition)).set("type", "html")
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _text(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = text
    return element


def _content(revision: RevisionView, edition: Edition) -> str:
    parts = []
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
