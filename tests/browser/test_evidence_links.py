"""Links to evidence: large enough to touch, in lines of even height, and resolved on paper."""

import re

from browsing import open_page
from playwright.sync_api import Page

# Points just inside a square of 24 px around the centre of each link must belong to that link (WCAG 2.5.8).
_SMALL = """() => {
  const small = []
  for (const link of document.querySelectorAll('.md-content .ref')) {
    if (!link.checkVisibility()) continue
    link.scrollIntoView({block: 'center', behavior: 'instant'})
    const box = link.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2
    for (const [dx, dy] of [[-11.5, 0], [11.5, 0], [0, -11.5], [0, 11.5]])
      if (document.elementFromPoint(x + dx, y + dy) !== link) small.push([link.textContent, link.href, dx, dy])
  }
  return small
}"""
# The distances between the lines of each block that has a link to evidence.
_UNEVEN = """() => {
  const uneven = []
  for (const block of document.querySelectorAll('.bottom-line p, .facts-table :is(td, th)')) {
    const text = [...block.childNodes].find(node => node.nodeType === 3 && node.data.trim())
    if (!text || !block.querySelector('.num')) continue
    const range = document.createRange()
    range.selectNodeContents(text)
    const tops = [...new Set([...range.getClientRects()].map(rect => Math.round(rect.top)))].sort((a, b) => a - b)
    const steps = tops.slice(1).map((top, index) => top - tops[index])
    if (steps.length && Math.max(...steps) - Math.min(...steps) > 1) uneven.push([text.data, steps])
  }
  return uneven
}"""


def test_evidence_links_are_large_enough_to_touch(addresses: dict[str, str], page: Page) -> None:
    for path in ("treaty/", "treaty/treaty/", "treaty/timeline/", "vasa/loss/"):
        name, _, rest = path.partition("/")
        open_page(page, f"{addresses[name]}/{rest}")
        for width in (390, 1400):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(_SMALL) == [], (path, width)
            assert page.evaluate(_UNEVEN) == [], (path, width)
        # The space in some readers' fonts is narrower.
        page.evaluate("document.querySelector('.md-content').style.wordSpacing = '-.07em'")
        assert page.evaluate(_SMALL) == [], path


def test_notes_are_for_paper(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['vasa']}/")
    notes = page.locator(".notes")
    assert not notes.is_visible()
    page.emulate_media(media="print")
    assert notes.is_visible()


def test_on_paper_a_marker_is_the_number_of_its_note(addresses: dict[str, str], page: Page) -> None:
    page.emulate_media(media="print")
    for path in ("loss/", "timeline/", "places/"):
        page.goto(f"{addresses['vasa']}/{path}")
        marker = page.locator(".ref[data-note]").first
        shown = marker.evaluate("link => getComputedStyle(link, '::after').content")
        assert shown == f'"{marker.get_attribute("data-note")}"'
        assert marker.evaluate("link => getComputedStyle(link).fontSize") == "0px", "the label itself is hidden"
        note = page.locator(".notes li").filter(has_text=re.compile(rf"^{shown[1:-1]} "))
        assert note.is_visible()


def test_notes_are_in_the_single_file(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['treaty']}/briefing.html")
    notes = page.locator("#brief .notes")
    assert notes.is_visible()
    number = page.locator("#brief .ref.num").first
    name = number.get_attribute("aria-label")
    assert name is not None
    assert name.startswith("Evidence 1: ")
    href = number.get_attribute("href")
    assert notes.locator("a").first.get_attribute("href") == href, "both lead to the fact in the file"
    # On the screen, a marker names its source. Its note is for paper.
    assert notes.locator("li.paper").first.is_hidden()
    page.emulate_media(media="print")
    assert notes.locator("li.paper").first.is_visible()
