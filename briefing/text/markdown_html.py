"""Render Markdown as the site does and return an HTML tree, so that callers need not search the source."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# The extensions that the templates rely on. A test compares them with the settings of MkDocs.
EXTENSIONS = ("toc", "tables", "fenced_code", "admonition", "attr_list", "md_in_html", "pymdownx.details")


def parse_markdown(text: str) -> "HtmlElement":
    """Return the HTML of a page without front matter, as Python-Markdown renders it, inside one ``div``."""
    # Importing these takes as long as checking a small briefing, and a check does not need them.
    from lxml.html import fragment_fromstring
    from markdown import Markdown

    html = Markdown(extensions=EXTENSIONS).convert(text)
    return fragment_fromstring(html, create_parent="div")


def plain_text(element: "HtmlElement") -> str:
    """Return all text in an element, with single spaces between words."""
    return " ".join(element.text_content().split())
