"""A site in another language has no English label on any kind of page, and is laid out in its direction."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import WITHOUT_COLOURS, broken_now, broken_rules, visit
from injection import Attack, build
from lxml.html import HtmlElement, document_fromstring
from playwright.sync_api import Page
from support import VASA, Once, copy_briefing, served

from briefing.text.language import PSEUDO_TAG

WORD = "слово "  # no letter of it is one that a label in the pseudo-language could have
# Names and abbreviations that are the same in every language, and what is written for machines.
KEPT = set(
    """APA Atom BibTeX CC BY SA CSL CSL-JSON CSS CSV Chicago EDTF GeoJSON HTML ICD ID ISO JSON JSON-LD Jinja Lines MLA
    MkDocs Markdown PDF RFC SHA Schema SQLite UTF YAML iCalendar km Natural Earth""".split()
)
# Citation styles are made for English; these are their words and the months of the sample's date.
KEPT |= {"Version", "version", "November", "Nov", "and"}
# Addresses, names of formats, and the version, which is a hash.
NOT_LABELS = re.compile(
    r"(https?://)?[\w-]+\.(example|org)\S*|Citation Style Language|CSV on the Web|(?<!\w)[0-9a-f]{12}"
)
ATTRIBUTES = ("title", "aria-label", "alt", "placeholder", "data-column", "label")
SKIPPED = "script style code pre".split()
KINDS = """index.html loss/ timeline/ views/ disputed/ actors/ actors/vasa-museum/ places/ sources/ glossary/ scales/
    data/ changes/ corrections/ f/ f/sinking/ f/museum-opened/ 404.html""".split()


@pytest.fixture(scope="session")
def pseudo(once: Once) -> Path:
    """A site in the pseudo-language whose facts and pages are in another script, so that any Latin word is a label."""

    def make(place: Path) -> None:
        folder = copy_briefing(VASA, place / "briefing")
        with (folder / "facts" / "briefing.yml").open("a") as head:
            head.write(f"language: {PSEUDO_TAG}\n")
        settings = (folder / "mkdocs.yml").read_text(encoding="utf-8")
        settings = re.sub(r"(?m)^site_name: .*$", f"site_name: {WORD}", settings)
        (folder / "mkdocs.yml").write_text(settings)
        for page in (folder / "docs").glob("*.md"):
            page.write_text(f"# {WORD}\n")
        build(folder, Attack(harmless="слова "), Attack(harmless=WORD))

    return once("pseudo", make) / "briefing" / "site"


def _page(site: Path, path: str) -> HtmlElement:
    file = site / path
    return document_fromstring((file / "index.html" if file.is_dir() else file).read_text(encoding="utf-8"))


def _texts(page: HtmlElement) -> Iterator[str]:
    """Yield what a reader sees or hears of a page."""
    for commit in page.find_class("commit"):  # its text is the history's, in whatever language that is
        commit.drop_tree()
    for element in page.iter():
        if isinstance(element.tag, str):
            if element.tag not in SKIPPED and not any(parent.tag in SKIPPED for parent in element.iterancestors()):
                yield element.text or ""
                yield from (element.get(name, "") for name in ATTRIBUTES)
            yield element.tail or ""
    yield from page.xpath("//meta[@name='description']/@content")


@pytest.mark.site
@pytest.mark.parametrize("path", KINDS)
def test_no_label_is_english(path: str, pseudo: Path) -> None:
    texts = (NOT_LABELS.sub("", text) for text in _texts(_page(pseudo, path)))
    found = {word for text in texts for word in re.findall(r"[A-Za-z][A-Za-z-]+", text)}
    assert sorted(found - KEPT) == []


OTHER_SCRIPTS = re.compile("[\u0370-\u1fff\u3000-\ud7ff]")


@pytest.mark.site
@pytest.mark.parametrize("path", ["places/", "sources/", "glossary/", "f/", "f/peskov-no-comment-on-drones/"])
def test_text_in_another_script_has_its_language(path: str, sites: dict[str, Path]) -> None:
    """Only code, such as BibTeX, is left as it is."""
    found = _page(sites["treaty"], path).find("body").xpath("//*[not(self::script)]/text()")
    foreign = [text.getparent() for text in found if OTHER_SCRIPTS.search(text)]
    assert foreign
    for element in foreign:
        around = [element, *element.iterancestors("bdi", "code", "blockquote")]
        # The language of a quotation is known; that of a name may not be.
        tags = [(one.tag, one.get("lang", "")) for one in around]
        assert any(tag == "code" or lang.startswith("und-") or (tag == "blockquote" and lang) for tag, lang in tags)


@pytest.mark.site
def test_the_page_says_its_language_and_direction(pseudo: Path) -> None:
    page = _page(pseudo, "loss/")
    assert page.get("lang") == PSEUDO_TAG
    assert page.find("body").get("dir") == "rtl"


@pytest.mark.parametrize("path", ["index.html", "loss/", "timeline/", "places/", "f/sinking/"])
def test_accessibility_from_right_to_left(path: str, pseudo: Path, page: Page) -> None:
    with served({"pseudo": pseudo}) as addresses:
        is_home = path == "index.html"
        found = broken_rules(f"{addresses['pseudo']}/{path}", page, frame=is_home, colours=False)
    assert found == {}


@pytest.mark.parametrize("path", ["index.html", "loss/", "timeline/", "data/"])
def test_nothing_scrolls_sideways_on_a_phone(path: str, pseudo: Path, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    with served({"pseudo": pseudo}) as addresses:
        page.goto(f"{addresses['pseudo']}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_card_from_right_to_left(pseudo: Path, page: Page) -> None:
    with served({"pseudo": pseudo}) as addresses:
        visit(f"{addresses['pseudo']}/loss/", page, 320, "light")
        page.locator(".md-content a.ref").first.press("Enter")
        card = page.wait_for_selector("dialog.card[data-shown]")
    assert card
    for width in (320, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        assert card.evaluate("card => getComputedStyle(card).direction") == "rtl"
        assert card.evaluate("card => card.scrollWidth - card.clientWidth") <= 0
        assert broken_now(page, WITHOUT_COLOURS, among="dialog") == {}
