"""Open pages in a real browser and list the accessibility rules that they violate."""

from collections.abc import Mapping
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Accessibility rules, as options of axe. Contrast is also computed where a pseudo-element may cover the background,
# which is faster than to search for one.
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_CONTRAST = {"checks": {"color-contrast": {"options": {"ignorePseudo": True}}}}
RULES = {"runOnly": {"type": "tag", "values": _TAGS}, **_CONTRAST}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, **_CONTRAST}
# For a layout whose colours are tested elsewhere. Contrast takes two thirds of the time of all rules.
WITHOUT_CONTRAST = {**RULES, "rules": {"color-contrast": {"enabled": False}}}

# Keep this many of the list items, rows, paragraphs, boxes and parts of drawings that differ in nothing but their text
# and addresses, and are in boxes with the same classes.
_THIN_OUT = """most => {
  const seen = new Map();
  const kinds = "li, tr, details, section, p, pre, .highlight, svg a, svg :is(line, rect, text):not(a *)";
  for (const one of document.querySelectorAll(`article :is(${kinds})`)) {
    if (!one.isConnected) continue;
    const parts = [one, ...one.querySelectorAll("*")];
    let kind = parts.map(part => `${part.tagName} ${part.getAttribute("class")} ${part.children.length}`).join();
    for (let around = one.parentElement; around; around = around.parentElement) kind += around.getAttribute("class");
    seen.set(kind, (seen.get(kind) || 0) + 1);
    if (seen.get(kind) > most) one.remove();
  }
}"""
# Wait until every colour and size is final.
_END_TRANSITIONS = """async () => {
  const running = document.getAnimations().filter(one => one instanceof CSSTransition);
  await Promise.allSettled(running.map(one => one.finished));
}"""
# Empty the header, navigation and footer, but keep their boxes.
_EMPTY_FRAME = """() => {
  for (const part of document.querySelectorAll(".md-header, .md-sidebar, .md-footer")) part.replaceChildren();
}"""
SCHEMES = {"light": "default", "dark": "slate"}  # the theme's names


def broken_rules(
    address: str, visitor: Page, *, crossed: bool = False, frame: bool = True, rules: Mapping[str, object] = RULES
) -> dict[str, list[str]]:
    """Return the elements that violate a rule, on a phone in light colours and on a desktop in dark colours.

    All collapsible sections are open. The phone shows up to three elements of each kind, the desktop two. With
    ``crossed``, also check colour rules on a dark phone and a light desktop. Without ``frame``, leave out what every
    page of the site has, which the test of another page checks.
    """
    found = {}
    tested = {(390, "light"): rules, (390, "dark"): COLOURS, (1400, "dark"): rules, (1400, "light"): COLOURS}
    visit(address, visitor, 390, "light")
    visitor.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    if not frame:
        visitor.evaluate(_EMPTY_FRAME)
    for (width, scheme), chosen in tested.items():
        if chosen is COLOURS and not crossed:
            continue
        _dress(visitor, width, scheme)
        # The theme follows a change of the system's scheme only if the reader chose "automatic".
        visitor.evaluate("scheme => document.body.setAttribute('data-md-color-scheme', scheme)", SCHEMES[scheme])
        visitor.evaluate(_END_TRANSITIONS)
        visitor.evaluate(_THIN_OUT, 3 if width == 390 else 2)
        for violation in broken_now(visitor, chosen):
            found[f"{width} {scheme} {violation['id']}"] = [node["target"][0] for node in violation["nodes"][:3]]
    return found


def visit(address: str, visitor: Page, width: int, scheme: str) -> None:
    """Open a page in a window of this width with this colour scheme."""
    _dress(visitor, width, scheme)
    open_page(visitor, address)
    assert visitor.locator("body").get_attribute("data-md-color-scheme") == SCHEMES[scheme]


def _dress(visitor: Page, width: int, scheme: str) -> None:
    visitor.set_viewport_size({"width": width, "height": 900})
    visitor.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]


def open_page(page: Page, address: str) -> None:
    """Open a page and wait until the theme's script, which site.js starts late, has run."""
    answer = page.goto(address)
    # A page from disk has no status.
    assert answer is None or answer.ok or address.startswith("file:"), address
    # The page's policy forbids evaluating strings, which is how Playwright's own wait for a condition works.
    for _ in range(1000):
        if page.evaluate("'document$' in window || !document.querySelector('link[data-late]')"):
            return
        page.wait_for_timeout(30)
    raise AssertionError(f"the theme's script does not run on {address}")


def broken_now(page: Page, rules: Mapping[str, object] = RULES) -> list[dict[str, Any]]:
    """Return the rules that a page violates in its current state."""
    result = Axe().run(page, options={**rules, "resultTypes": ["violations"]})
    violations: list[dict[str, Any]] = result.response["violations"]
    return violations
