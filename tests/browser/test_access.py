"""Accessibility rules, pages without scripts, narrow screens, the keyboard, and the weight of pages."""

import gzip
from dataclasses import dataclass
from pathlib import Path

import pytest
from browsing import (
    COLOURS,
    RULES,
    Violations,
    broken_in_new_looks,
    broken_now,
    broken_rules_of_open_page,
    dressed,
    emptied,
    open_page,
    recorded,
    visit,
)
from playwright.sync_api import Browser, Page, expect
from support import ROOT

# A page of each kind, by template. It is from the smaller briefing if that page has everything that the treaty's has.
KINDS = {
    "judgments": "vasa/judgments/",
    "index": "treaty/",
    "topic": "treaty/bases/",
    "timeline": "treaty/timeline/",
    "views": "vasa/views/",
    "disputed": "vasa/disputed/",
    "actor": "vasa/actors/vasa-museum/",
    "fact": "treaty/f/tartus-1971/",
    "actors": "vasa/actors/",
    "places": "vasa/places/",
    "sources": "vasa/sources/",
    "coverage": "vasa/sources/account/",
    "glossary": "vasa/glossary/",
    "facts": "vasa/f/",
    "scales": "vasa/scales/",
    "data": "vasa/data/",
    "checks": "treaty/checks/",
    "changes": "vasa/changes/",
    "corrections": "vasa/corrections/",
    "withheld": "vasa/f/carpenter-blamed/",
}
# Pages without a template, a corrected fact, and a page with other theme settings.
BESIDE = "treaty/codes/ treaty/editing/ treaty/404.html vasa/method/ vasa/f/museum-opened/ vasa/loss/".split()
PAGES = [*KINDS.values(), *BESIDE]
# The header, navigation and footer are the same on all pages of a kind.
FRAMED = {KINDS[kind] for kind in ("index", "topic", "timeline", "data", "fact")}


def test_every_kind_of_page_is_covered() -> None:
    templates = {file.name.removesuffix(".md.j2") for file in (ROOT / "templates").glob("[!_]*.md.j2")}
    assert set(KINDS) == templates - {"moved"}, "a moved page redirects at once"


@dataclass(frozen=True)
class Visited:
    """What a visit to a page shows. One visit is enough for several tests."""

    width: int  # of the content, in a window of 320 pixels
    headings: int
    foreign: list[str]
    faults: list[str]
    broken: Violations


@pytest.fixture(scope="module", params=PAGES)
def visited(request: pytest.FixtureRequest, addresses: dict[str, str], shared_page: Page) -> Visited:
    page = emptied(shared_page)
    name, _, path = request.param.partition("/")
    with recorded(page) as (requested, faults):
        visit(f"{addresses[name]}/{path}", page, 320, "light")
        width = page.evaluate("document.documentElement.scrollWidth")
        headings = page.locator("h1").count()
    # This empties parts of the page, in which the theme's scripts would then miss elements.
    broken = broken_rules_of_open_page(page, frame=request.param in FRAMED)
    return Visited(width, headings, [url for url in requested if not url.startswith(addresses[name])], faults, broken)


def test_accessibility_rules(visited: Visited) -> None:
    assert visited.broken == {}


def test_no_horizontal_scrolling_at_320_pixels(visited: Visited) -> None:
    assert visited.width <= 320


def test_one_main_heading_no_errors_and_no_requests_to_other_hosts(visited: Visited) -> None:
    assert visited.headings == 1
    assert visited.faults == []
    assert visited.foreign == []


def test_low_contrast_of_one_text_is_found(addresses: dict[str, str], page: Page) -> None:
    """Also if the colours of all other texts on the page are known to be right, and each time that it is checked."""
    visit(f"{addresses['vasa']}/scales/", page, 390, "light")
    known: set[str] = set()
    assert broken_in_new_looks(page, COLOURS, known) == {}
    page.evaluate("document.querySelectorAll('article p')[1].style.color = '#aaa'")
    for rules in (COLOURS, RULES):
        ((rule, elements),) = broken_in_new_looks(page, rules, known).items()
        assert rule == "color-contrast"
        assert len(elements) == 1


def test_link_that_looks_like_text_is_found(addresses: dict[str, str], page: Page) -> None:
    visit(f"{addresses['vasa']}/method/", page, 390, "light")
    known: set[str] = set()
    assert broken_in_new_looks(page, COLOURS, known) == {}
    page.evaluate(
        """() => {
            const text = document.querySelector("article p");
            text.insertAdjacentHTML("beforeend", ` and more of it with <a href="#">a link</a> among the other words.`);
            text.lastElementChild.style.cssText = "color: #555; text-decoration: none";
        }"""
    )
    assert [*broken_in_new_looks(page, COLOURS, known)] == ["link-in-text-block"]


def test_accessibility_of_search(addresses: dict[str, str], page: Page) -> None:
    visit(addresses["treaty"], page, 390, "light")
    page.locator(".search-open").click()
    page.wait_for_selector("dialog.search[data-ready]")
    page.keyboard.type("defence")  # finds results in all three voices
    voices = page.eval_on_selector_all(".search-voice", "all => all.map(one => one.className)")
    assert {"voice-base", "voice-other", "voice-ours"} <= {name.split()[-1] for name in voices}
    for width in (390, 1400):
        for _ in dressed(page, width):
            assert page.evaluate("document.querySelector('dialog.search').scrollWidth") <= width
            assert broken_now(page, among="dialog") == {}


def test_pages_are_readable_without_scripts(addresses: dict[str, str], page_without_scripts: Page) -> None:
    page = page_without_scripts
    for name, _, path in (one.partition("/") for one in PAGES):
        page.goto(f"{addresses[name]}/{path}")
        has_heading, filters = page.evaluate(
            """() => [
                document.querySelector("h1").checkVisibility({visibilityProperty: true}),
                [...document.querySelectorAll("form.filters")].filter(form => form.checkVisibility()).length
            ]"""
        )
        assert has_heading, path
        assert filters == 0, path
    page.goto(f"{addresses['treaty']}/timeline/")
    items = page.locator("[id^='t-']")
    assert items.count() > 100
    assert items.filter(visible=True).count() == items.count()


@dataclass(frozen=True)
class FirstVisit:
    """What a reader without a cache waits for. One visit is enough for several tests."""

    requested: list[str]
    shifted: float


@pytest.fixture(scope="module")
def first_visits(addresses: dict[str, str], browser: Browser) -> dict[str, FirstVisit]:
    """Return what a phone loads of the treaty's largest pages, by path."""
    with browser.new_page(viewport={"width": 390, "height": 844}) as page:
        page.add_init_script(
            "window.shifted = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => {"
            " window.shifted += entry.value })).observe({type: 'layout-shift', buffered: true})"
        )
        found = {}
        for path in ("", "treaty/", "timeline/", "bases/", "f/tartus-1971/"):
            with recorded(page) as (requested, _):
                open_page(page, f"{addresses['treaty']}/{path}")
                page.evaluate("() => new Promise(requestIdleCallback)")
            found[path] = FirstVisit(requested, page.evaluate("window.shifted"))
        return found


def test_page_weight(addresses: dict[str, str], sites: dict[str, Path], first_visits: dict[str, FirstVisit]) -> None:
    """A text page needs at most 160 KB gzipped, timeline and bases 220 KB, and each at most 12 requests."""
    for path, first in first_visits.items():
        limit = 220 if path in ("timeline/", "bases/") else 160
        total = 0
        for url in first.requested:
            file = sites["treaty"] / url.removeprefix(addresses["treaty"]).lstrip("/").split("?")[0]
            file = file / "index.html" if file.is_dir() else file
            total += len(gzip.compress(file.read_bytes()))
        assert len(first.requested) <= 12, first.requested
        assert total <= limit * 1024, (path, total)


def test_no_layout_shift_on_load(first_visits: dict[str, FirstVisit]) -> None:
    assert {path: first.shifted for path, first in first_visits.items() if first.shifted > 0.02} == {}


def test_menu_button_on_a_narrow_screen(addresses: dict[str, str], page: Page) -> None:
    """The closed navigation is not in the tab order. The button opens it, and Escape returns the focus."""
    open_page(page, f"{addresses['vasa']}/loss/")
    menu = page.get_by_role("button", name="Open navigation")
    focused = "document.activeElement.closest('.md-sidebar--primary') !== null"

    def tab_stops() -> list[bool]:
        found = []
        for _ in range(8):
            page.keyboard.press("Tab")
            found.append(page.evaluate(focused))
        return found

    assert not any(tab_stops())
    menu.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    assert page.evaluate(focused)
    page.keyboard.press("Tab")
    assert page.evaluate(focused)
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(menu).to_have_attribute("aria-expanded", "false")
    menu.click()
    for _ in range(100):
        page.keyboard.press("Tab")
        if not page.evaluate(focused):
            break
    expect(menu).to_have_attribute("aria-expanded", "false")


def test_navigation_opens_without_scripts(addresses: dict[str, str], page_without_scripts: Page) -> None:
    page = page_without_scripts
    page.goto(f"{addresses['vasa']}/loss/")
    link = page.locator(".md-sidebar--primary a[href]").nth(1)
    expect(link).not_to_be_visible()
    page.locator("#__drawer").press("Space")
    expect(link).to_be_visible()


def test_keyboard_reaches_and_leaves_every_control(addresses: dict[str, str], page: Page) -> None:
    """Tab visits every visible link and control and then leaves the page. The focus is always visible."""
    page.set_viewport_size({"width": 1400, "height": 900})
    for name, path in (("treaty", "bases/"), ("vasa", "timeline/"), ("treaty", "f/tartus-1971/")):
        open_page(page, f"{addresses[name]}/{path}")
        wanted = page.evaluate(
            """() => {
                const shows = element => element.checkVisibility({visibilityProperty: true, opacityProperty: true})
                    && !element.closest('[hidden], [inert]') && element.getClientRects().length
                const found = [...document.querySelectorAll('.md-content a[href], .md-content select, summary')]
                    .filter(element => shows(element) && element.tabIndex >= 0)
                found.forEach((element, index) => { element.dataset.stop = index })
                self.reached = new Set()
                self.entered = 0
                document.addEventListener("focusin", event => {
                    reached.add(event.target.dataset.stop)
                    entered += event.relatedTarget === null
                })
                return found.length
            }"""
        )
        # When the focus enters a second time, it has left the page.
        for _ in range(0, wanted + 200, 20):
            for _ in range(20):
                page.keyboard.press("Tab")
            if page.evaluate("entered") > 1:
                break
        assert page.evaluate("entered") > 1
        reached = page.evaluate("[...reached]")
        assert wanted > 5
        missed = [number for number in range(wanted) if str(number) not in reached]
        assert missed == [], [
            page.evaluate(f"document.querySelector('[data-stop=\"{number}\"]').outerHTML.slice(0, 120)")
            for number in missed[:5]
        ]
