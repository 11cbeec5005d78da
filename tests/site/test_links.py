"""Every internal link and fragment in the built sites has a target."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

pytestmark = pytest.mark.process


class _Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.add(value)
            if name in ("href", "src") and value and tag != "base":
                self.links.append(value)


@pytest.mark.parametrize("name", ["treaty", "vasa"])
def test_links(name: str, sites: dict[str, Path]) -> None:
    site = sites[name]
    read: dict[Path, _Read] = {}
    for file in site.rglob("*.html"):
        read[file] = _Read()
        read[file].feed(file.read_text(encoding="utf-8"))
    dead = []
    checked = 0
    for file, page in read.items():
        here = f"https://site.example/{file.relative_to(site).as_posix()}"
        for link in page.links:
            url, fragment = urldefrag(urljoin(here, link))
            if urlsplit(url).netloc != "site.example" or urlsplit(url).scheme != "https":
                continue
            checked += 1
            target = site / unquote(urlsplit(url).path).lstrip("/")
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file() or (fragment and target in read and unquote(fragment) not in read[target].ids):
                dead.append(f"{file.relative_to(site)}: {link}")
    assert checked > 1000
    assert sorted(set(dead)) == []
