"""The address at which a reader reports an error on a page, filled in for that page."""

from pathlib import PurePosixPath
from urllib.parse import quote

from briefing.exports.edition import Edition
from briefing.model import routes
from briefing.text.language import Language


def report_address(edition: Edition, language: Language, path: str) -> str:
    """Return a web or mail address (RFC 3986, RFC 6068), or an empty string if the briefing does not have one.

    ``path`` is the page's Markdown file. The address contains the page, the version, and the id if it is a fact's page.
    """
    address = edition.report_errors
    fact_id = PurePosixPath(path).stem if routes.is_fact(path) else ""
    values = {"id": fact_id, "address": edition.url(path), "version": edition.version}
    if "@" in address and "//" not in address:
        subject = language.gettext("Error in: %(briefing)s", briefing=edition.title)
        body = language.gettext("Page: %(address)s\nVersion: %(version)s\n\nWhat is wrong:\n", **values)
        return f"mailto:{address}?subject={_encode(subject)}&body={_encode(body)}"
    for name, value in values.items():
        address = address.replace(f"{{{name}}}", _encode(value))
    return address


def _encode(text: str) -> str:
    # RFC 6068 (5) requires CRLF for line breaks.
    return quote(text.replace("\n", "\r\n"), safe="")
