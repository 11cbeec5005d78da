"""Open pages in a real browser and list the accessibility rules that they violate."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, Request
from support import PAGE_PATIENCE

# Accessibility rules, as options of axe. Contrast is also computed where a pseudo-element may cover the background,
# which is faster than to search for one. Violations have no CSS selectors of elements, which take long to find. The
# style sheets are not loaded again: only an experimental rule reads them, which these tags do not include.
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OPTIONS = {
    "resultTypes": ["violations"],
    "selectors": False,
    "preload": {"assets": ["media"]},
    "checks": {"color-contrast": {"options": {"ignorePseudo": True}}},
}
# The rules about colours, which take two thirds of the time of all rules, and the elements that axe applies them to.
_OF_COLOURS = {"color-contrast": "*", "link-in-text-block": ":is(a[href], [role=link])"}
RULES = {**_OPTIONS, "runOnly": {"type": "tag", "values": _TAGS}}
COLOURS = {**_OPTIONS, "runOnly": {"type": "rule", "values": [*_OF_COLOURS]}}
# For a layout whose colours are tested elsewhere.
WITHOUT_COLOURS = {**RULES, "rules": {rule: {"enabled": False} for rule in _OF_COLOURS}}
# Return the elements that violate a rule, by rule. ``selectors`` are those of rules that apply to fewer elements.
_RUN = """async ([options, among, selectors]) => {
  axe.configure({rules: Object.entries(selectors).map(([id, selector]) => ({id, selector}))});
  const {violations} = await axe.run(among, options);
  return Object.fromEntries(violations.map(({id, nodes}) => [id, nodes.map(node => node.html.slice(0, 200))]));
}"""

# Keep this many of the list items, rows, paragraphs, boxes, options and parts of drawings that differ in nothing but
# their text and addresses, and are in boxes with the same classes.
_THIN_OUT = """most => {
  const seen = new Map();
  const kinds = "li, tr, details, section, p, pre, .highlight, option, svg a, svg :is(line, rect, text):not(a *)";
  for (const one of document.querySelectorAll(`article :is(${kinds})`)) {
    if (!one.isConnected) continue;
    const parts = [one, ...one.querySelectorAll("*")];
    let kind = parts.map(part => `${part.tagName} ${part.getAttribute("class")} ${part.children.length}`).join();
    for (let around = one.parentElement; around; around = around.parentElement) kind += around.getAttribute("class");
    seen.set(kind, (seen.get(kind) || 0) + 1);
    if (seen.get(kind) > most) one.remove();
  }
}"""
# Mark one text, control or link of each look that is not among those given, and return the looks found. Two texts have
# the same look if they agree in all that their contrast depends on: colours, size, and what is behind them.
_MARK_LOOKS = """known => {
  const grounds = new Map([[null, ""]]);
  const ground = one => {
    if (!grounds.has(one)) {
      const {backgroundColor, backgroundImage, opacity, filter, mixBlendMode, position} = getComputedStyle(one);
      const own = [backgroundColor, backgroundImage, opacity, filter, mixBlendMode, position].join();
      grounds.set(one, own === "rgba(0, 0, 0, 0),none,1,none,normal,static" ? ground(one.parentElement)
        : `${own};${ground(one.parentElement)}`);
    }
    return grounds.get(one);
  };
  const text = one => {
    const {color, fontSize, fontWeight, textShadow, textDecorationLine} = getComputedStyle(one);
    return [color, fontSize, fontWeight, textShadow, textDecorationLine].join();
  };
  const seen = new Set(known), found = [];
  for (const one of document.body.querySelectorAll("*")) {
    one.removeAttribute("data-look");
    const says = [...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!(says || one.matches("input, select, textarea")) || !one.checkVisibility()) continue;
    const link = one.closest("a");
    const look = [text(one), ground(one), link && text(link.parentElement)].join(";");
    if (seen.has(look)) continue;
    seen.add(look);
    found.push(look);
    for (const marked of [one, link]) marked?.setAttribute("data-look", "");
  }
  return found;
}"""
# Change colours and sizes at once.
_END_TRANSITIONS = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, ::before, ::after { transition: none !important }");
  document.adoptedStyleSheets.push(sheet);
}"""
# Empty the header, navigation and footer, but keep their boxes.
_EMPTY_FRAME = """() => {
  for (const part of document.querySelectorAll(".md-header, .md-sidebar, .md-footer")) part.replaceChildren();
}"""
SCHEMES = {"light": "default", "dark": "slate"}  # the theme's names
# By width and scheme, the looks whose colours violate no rule.
_KNOWN_LOOKS: dict[tuple[int, str], set[str]] = {(width, scheme): set() for width in (390, 1400) for scheme in SCHEMES}

Violations = dict[str, list[str]]


def broken_rules(address: str, page: Page, *, frame: bool = True, colours: bool = True) -> Violations:
    """Return the elements that violate a rule, on a phone and on a desktop, each in light and dark colours.

    All collapsible sections are open. The phone shows up to three elements of each kind, the desktop two. Colours are
    checked once for each look, on the first page that has it. Without ``frame``, leave out what every page of the site
    has, which the test of another page checks.
    """
    visit(address, page, 390, "light")
    return broken_rules_of_open_page(page, frame=frame, colours=colours)


def broken_rules_of_open_page(page: Page, *, frame: bool = True, colours: bool = True) -> Violations:
    """Return the same for a page that is already open."""
    found = {}
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    page.evaluate(_END_TRANSITIONS)
    if not frame:
        page.evaluate(_EMPTY_FRAME)
    for width, most in ((390, 3), (1400, 2)):
        page.evaluate(_THIN_OUT, most)
        rules = RULES if colours else WITHOUT_COLOURS
        for scheme in dressed(page, width):
            if colours:
                violations = broken_in_new_looks(page, rules, _KNOWN_LOOKS[width, scheme])
            else:
                violations = broken_now(page, rules)
            found.update({f"{width} {scheme} {rule}": elements[:3] for rule, elements in violations.items()})
            if not colours:
                break
            # Other rules do not depend on the scheme.
            rules = COLOURS
    return found


def broken_in_new_looks(page: Page, rules: dict[str, Any], known: set[str]) -> Violations:
    """Return the elements that violate a rule. Check colours only of looks not ``known``; if right, add them to it."""
    looks = page.evaluate(_MARK_LOOKS, [*known])
    if rules["runOnly"] == COLOURS["runOnly"] and not looks:
        return {}
    violations = broken_now(page, rules, coloured="[data-look]")
    if not violations.keys() & _OF_COLOURS.keys():
        known.update(looks)
    return violations


def broken_now(page: Page, rules: dict[str, Any] = RULES, *, among: str = "body", coloured: str = "") -> Violations:
    """Return the elements that violate a rule in a page's current state, by rule.

    ``among`` selects the elements to check; among these, ``coloured`` selects those whose colours are checked.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    selectors = {rule: selector + coloured for rule, selector in _OF_COLOURS.items()}
    violations: Violations = page.evaluate(_RUN, [rules, among, selectors])
    return violations


def dressed(page: Page, width: int) -> Iterator[str]:
    """Show an open page in this width, in light and dark colours, starting with its own. Yield the scheme."""
    page.set_viewport_size({"width": width, "height": 900})
    # Each change takes long on a large page.
    first = page.locator("body").get_attribute("data-md-color-scheme")
    for scheme in sorted(SCHEMES, key=lambda scheme: SCHEMES[scheme] != first):
        if SCHEMES[scheme] != first:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            # The theme follows a change of the system's scheme only if the reader chose "automatic".
            page.evaluate("name => document.body.setAttribute('data-md-color-scheme', name)", SCHEMES[scheme])
        yield scheme


def emptied(page: Page) -> Page:
    """Return a page that tests share as if it were new, as wide as a phone."""
    for opened in page.context.pages:
        if opened is not page:
            opened.close()
    page.unroute_all()
    page.context.clear_permissions()
    page.goto("about:blank")
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(media="screen", color_scheme="light")
    return page


def visit(address: str, page: Page, width: int, scheme: str) -> None:
    """Open a page in a window of this width with this colour scheme."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    open_page(page, address)
    assert page.locator("body").get_attribute("data-md-color-scheme") == SCHEMES[scheme]


def open_page(page: Page, address: str) -> None:
    """Open a page and wait until the theme's script, which site.js starts late, has run."""
    answer = page.goto(address)
    # A page from disk has no status.
    assert answer is None or answer.ok or address.startswith("file:"), address
    wait_until("'document$' in window || !document.querySelector('link[data-late]')", page)


def wait_until(condition: str, page: Page) -> None:
    """Wait until an expression is true on a page."""
    # The page's policy forbids evaluating strings, which is how Playwright's own wait for a condition works.
    until = time.monotonic() + PAGE_PATIENCE
    while not page.evaluate(condition):
        assert time.monotonic() < until, f"{condition} does not become true on {page.url}"
        page.wait_for_timeout(30)


@contextmanager
def recorded(page: Page) -> Iterator[tuple[list[str], list[str]]]:
    """Yield two lists: the addresses that a page requests, and the errors of its scripts, each as it occurs."""
    requested: list[str] = []
    faults: list[str] = []

    def on_request(request: Request) -> None:
        requested.append(request.url)

    def on_error(error: Exception) -> None:
        faults.append(str(error))

    page.on("request", on_request)
    page.on("pageerror", on_error)
    try:
        yield requested, faults
    finally:
        page.remove_listener("request", on_request)
        page.remove_listener("pageerror", on_error)
