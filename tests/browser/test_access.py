"""Accessibility rules, pages without scripts, narrow screens, the keyboard, and the weight of pages."""

import gzip
from pathlib import Path

import pytest
from browsing import broken_colours, broken_now, broken_rules, open_page, visit
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


@pytest.mark.parametrize("page", PAGES)
def test_accessibility_rules(page: str, addresses: dict[str, str], visitor: Page) -> None:
    name, _, path = page.partition("/")
    assert broken_rules(f"{addresses[name]}/{path}", visitor, frame=page in FRAMED) == {}


def test_low_contrast_of_one_text_is_found(addresses: dict[str, str], visitor: Page) -> None:
    """Also if the colours of all other texts on the page are known to be right, and each time that it is checked."""
    visit(f"{addresses['vasa']}/scales/", visitor, 390, "light")
    known: set[str] = set()
    assert broken_colours(visitor, known) == []
    visitor.evaluate("document.querySelectorAll('article p')[1].style.color = '#aaa'")
    for _ in range(2):
        (violation,) = broken_colours(visitor, known)
        assert violation["id"] == "color-contrast"
        assert len(violation["nodes"]) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1400])
def test_accessibility_of_search(width: int, scheme: str, addresses: dict[str, str], visitor: Page) -> None:
    visit(addresses["treaty"], visitor, width, scheme)
    visitor.locator(".search-open").click()
    visitor.wait_for_selector("dialog.search[data-ready]")
    visitor.keyboard.type("defence")  # finds results in all three voices
    voices = visitor.eval_on_selector_all(".search-voice", "all => all.map(one => one.className)")
    assert {"voice-base", "voice-other", "voice-ours"} <= {name.split()[-1] for name in voices}
    assert visitor.evaluate("document.querySelector('dialog.search').scrollWidth") <= width
    assert broken_now(visitor, among="dialog") == []


def test_pages_are_readable_without_scripts(addresses: dict[str, str], browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    for name, _, path in (one.partition("/") for one in PAGES):
        page.goto(f"{addresses[name]}/{path}")
        assert page.locator("h1").is_visible(), path
        assert page.locator("form.filters:visible").count() == 0
    page.goto(f"{addresses['treaty']}/timeline/")
    items = page.locator("[id^='t-']")
    assert items.count() > 100
    assert all(item.is_visible() for item in items.all()[::10])
    context.close()


def test_no_horizontal_scrolling_at_320_pixels(addresses: dict[str, str], browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    wide = []
    for name, _, path in (one.partition("/") for one in PAGES):
        page.goto(f"{addresses[name]}/{path}")
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(f"{name}/{path}")
    context.close()
    assert wide == []


def test_page_weight(addresses: dict[str, str], sites: dict[str, Path], browser: Browser) -> None:
    """A text page needs at most 160 KB gzipped, timeline and bases 220 KB, and each at most 12 requests."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    for path, limit in {"": 160, "treaty/": 160, "f/tartus-1971/": 160, "timeline/": 220, "bases/": 220}.items():
        requested.clear()
        open_page(page, f"{addresses['treaty']}/{path}")
        total = 0
        for url in requested:
            file = sites["treaty"] / url.removeprefix(addresses["treaty"]).lstrip("/").split("?")[0]
            file = file / "index.html" if file.is_dir() else file
            total += len(gzip.compress(file.read_bytes()))
        assert len(requested) <= 12, requested
        assert total <= limit * 1024, (path, total)
    context.close()


def test_no_layout_shift_on_load(addresses: dict[str, str], browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_init_script(
        "window.shifted = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => {"
        " window.shifted += entry.value })).observe({type: 'layout-shift', buffered: true})"
    )
    page = context.new_page()
    for path in ("", "treaty/", "timeline/", "bases/", "f/tartus-1971/"):
        page.goto(f"{addresses['treaty']}/{path}", wait_until="networkidle")
        assert page.evaluate("window.shifted") <= 0.02, path
    context.close()


def test_menu_button_on_a_narrow_screen(addresses: dict[str, str], browser: Browser) -> None:
    """The closed navigation is not in the tab order. The button opens it, and Escape returns the focus."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
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
    context.close()


def test_navigation_opens_without_scripts(addresses: dict[str, str], browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{addresses['vasa']}/loss/")
    link = page.locator(".md-sidebar--primary a[href]").nth(1)
    expect(link).not_to_be_visible()
    page.locator("#__drawer").press("Space")
    expect(link).to_be_visible()
    context.close()


def test_keyboard_reaches_and_leaves_every_control(addresses: dict[str, str], browser: Browser) -> None:
    """Tab visits every visible link and control and then leaves the page. The focus is always visible."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
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
                document.addEventListener("focusin", event => reached.add(event.target.dataset.stop))
                return found.length
            }"""
        )
        for _ in range(wanted + 200):
            page.keyboard.press("Tab")
        reached = page.evaluate("[...reached]")
        assert wanted > 5
        missed = [number for number in range(wanted) if str(number) not in reached]
        assert missed == [], [
            page.evaluate(f"document.querySelector('[data-stop=\"{number}\"]').outerHTML.slice(0, 120)")
            for number in missed[:5]
        ]
    context.close()
