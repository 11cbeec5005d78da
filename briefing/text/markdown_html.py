"""Render Markdown as the site does, and read the result: a tree of HTML in place of patterns for its source."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# what the templates are written for; a test compares it with the settings that MkDocs gets
EXTENSIONS = ("toc", "tables", "fenced_code", "admonition", "attr_list", "md_in_html", "pymdownx.details")


def parse_markdown(text: str) -> "HtmlElement":
    """Return what Python-Markdown makes of a page without front matter, within one ``div``."""
    # These two take as long to load as a check of small facts, and a check needs neither.
    from lxml.html import fragment_fromstring
    from markdown import Markdown

    html = Markdown(extensions=EXTENSIONS).convert(text)
    return fragment_fromstring(html, create_parent="div")


def plain_text(element: "HtmlElement") -> str:
    """Return all text in an element, its words parted by single spaces."""
    return " ".join(element.text_content().split())
