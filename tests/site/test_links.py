"""Every internal link and fragment in the built sites has a target."""

from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from lxml import etree

pytestmark = pytest.mark.process


class _Read:
    """The ids of a page, and its links, each once."""

    def __init__(self, file: Path) -> None:
        # The single file is larger than the parser's usual limits allow.
        page = etree.parse(file, etree.HTMLParser(encoding="utf-8", huge_tree=True))
        self.ids = set(page.xpath("//@id"))
        self.links = set(page.xpath("//@src | //*[not(self::base)]/@href")) - {""}


@pytest.mark.parametrize("name", ["treaty", "vasa"])
def test_links(name: str, sites: dict[str, Path]) -> None:
    site = sites[name]
    read = {file: _Read(file) for file in site.rglob("*.html")}
    dead = []
    checked = 0

    @cache
    def find(path: str) -> Path:
        target = site / unquote(path).lstrip("/")
        return target / "index.html" if target.is_dir() else target

    for file, page in read.items():
        here = f"https://site.example/{file.relative_to(site).as_posix()}"
        for link in page.links:
            url, fragment = urldefrag(urljoin(here, link))
            if urlsplit(url).netloc != "site.example" or urlsplit(url).scheme != "https":
                continue
            checked += 1
            target = find(urlsplit(url).path)
            is_known = target in read or target.is_file()
            if not is_known or (fragment and target in read and unquote(fragment) not in read[target].ids):
                dead.append(f"{file.relative_to(site)}: {link}")
    assert checked > 1000
    assert sorted(set(dead)) == []
