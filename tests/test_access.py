"""For everybody: accessibility rules, no scripts needed, a phone's width, the keyboard, and a page's weight."""

import gzip
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import RULES, broken_rules
from playwright.sync_api import Browser

PAGES = {
    "treaty": """/ treaty/ bases/ timeline/ views/ disputed/ actors/ actors/russia/ places/ sources/
        sources/defence-talks/ glossary/ scales/ data/ changes/ method/ codes/ editing/
        f/tartus-1971/ 404.html""".split(),
    "vasa": "/ loss/ timeline/ views/ disputed/ actors/ sources/ data/ changes/ f/museum-opened/".split(),
}
CASES = [(name, path.removeprefix("/")) for name, paths in PAGES.items() for path in paths]


# colours differ by scheme and layout by width: what both could spoil together, on the pages that have all of it
CROSSED = [("treaty", path) for path in ("", "bases/", "timeline/", "data/", "f/tartus-1971/")]


@pytest.mark.parametrize(("name", "path"), CASES)
def test_accessibility_rules(name: str, path: str, addresses: dict[str, str], browser: Browser) -> None:
    assert broken_rules(f"{addresses[name]}/{path}", browser, crossed=(name, path) in CROSSED) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1400])
def test_accessibility_of_search(width: int, scheme: str, addresses: dict[str, str], browser: Browser) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(addresses["treaty"])
    page.locator(".search-open").click()
    page.wait_for_selector("dialog.search[data-ready]")
    page.keyboard.type("alliance")  # of all three voices
    assert {"voice-base", "voice-other", "voice-ours"} <= {
        name.split()[-1] for name in page.eval_on_selector_all(".search-voice", "all => all.map(one => one.className)")
    }
    assert page.evaluate("document.querySelector('dialog.search').scrollWidth") <= width
    result = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    context.close()
    assert [violation["id"] for violation in result.response["violations"]] == []


def test_without_scripts_everything_is_readable(addresses: dict[str, str], browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    for name, path in CASES:
        page.goto(f"{addresses[name]}/{path}")
        assert page.locator("h1").is_visible(), path
        assert page.locator("form.timeline-filters:visible").count() == 0
    page.goto(f"{addresses['treaty']}/timeline/")
    items = page.locator("[id^='t-']")
    assert items.count() > 100
    assert all(item.is_visible() for item in items.all()[::10])
    context.close()


def test_nothing_scrolls_sideways_at_320_pixels(addresses: dict[str, str], browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    wide = []
    for name, path in CASES:
        page.goto(f"{addresses[name]}/{path}")
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(f"{name}/{path}")
    context.close()
    assert wide == []


def test_weight(addresses: dict[str, str], sites: dict[str, Path], browser: Browser) -> None:
    """Gzipped, a text page takes at most 160 KB, timeline and bases 220 KB, and at most 12 requests."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    for path, limit in {"": 160, "treaty/": 160, "f/tartus-1971/": 160, "timeline/": 220, "bases/": 220}.items():
        requested.clear()
        page.goto(f"{addresses['treaty']}/{path}", wait_until="networkidle")
        total = 0
        for url in requested:
            file = sites["treaty"] / url.removeprefix(addresses["treaty"]).lstrip("/").split("?")[0]
            file = file / "index.html" if file.is_dir() else file
            total += len(gzip.compress(file.read_bytes()))
        assert len(requested) <= 12, requested
        assert total <= limit * 1024, (path, total)
    context.close()


def test_nothing_shifts_while_a_page_loads(addresses: dict[str, str], browser: Browser) -> None:
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


def test_the_keyboard_reaches_and_leaves_every_control(addresses: dict[str, str], browser: Browser) -> None:
    """Tab goes through the page and out of it again, past every link and control that shows, and focus is visible."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    for path in ("bases/", "timeline/", "f/tartus-1971/"):
        page.goto(f"{addresses['treaty']}/{path}", wait_until="networkidle")
        wanted = page.evaluate(
            """() => {
                const shows = element => element.checkVisibility({visibilityProperty: true, opacityProperty: true})
                    && !element.closest('[hidden], [inert]') && element.getClientRects().length
                const found = [...document.querySelectorAll('.md-content a[href], .md-content select, summary')]
                    .filter(element => shows(element) && element.tabIndex >= 0)
                found.forEach((element, index) => { element.dataset.stop = index })
                return found.length
            }"""
        )
        reached: set[str] = set()
        for _ in range(wanted + 200):
            page.keyboard.press("Tab")
            stop = page.evaluate("document.activeElement?.dataset?.stop ?? null")
            if stop is not None:
                reached.add(stop)
        assert wanted > 5
        missed = [number for number in range(wanted) if str(number) not in reached]
        assert missed == [], [
            page.evaluate(f"document.querySelector('[data-stop=\"{number}\"]').outerHTML.slice(0, 120)")
            for number in missed[:5]
        ]
    context.close()
