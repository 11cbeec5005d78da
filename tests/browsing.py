"""Open pages in a real browser and list the accessibility rules that they violate."""

from collections.abc import Mapping
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Accessibility rules, as options of axe. Contrast is also computed where a pseudo-element may cover the background,
# which is faster than to search for one.
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OF_COLOURS = ["color-contrast", "link-in-text-block"]
_CONTRAST = {"checks": {"color-contrast": {"options": {"ignorePseudo": True}}}}
RULES = {"runOnly": {"type": "tag", "values": _TAGS}, **_CONTRAST}
COLOURS = {"runOnly": {"type": "rule", "values": _OF_COLOURS}, **_CONTRAST}
# For a layout whose colours are tested elsewhere. They take two thirds of the time of all rules.
WITHOUT_COLOURS = {**RULES, "rules": {rule: {"enabled": False} for rule in _OF_COLOURS}}

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
_KNOWN_LOOKS: dict[tuple[int, str], set[str]] = {
    (width, scheme): set() for width, scheme in ((390, "light"), (390, "dark"), (1400, "dark"), (1400, "light"))
}


def broken_rules(address: str, visitor: Page, *, frame: bool = True, colours: bool = True) -> dict[str, list[str]]:
    """Return the elements that violate a rule, on a phone and on a desktop, each in light and dark colours.

    All collapsible sections are open. The phone shows up to three elements of each kind, the desktop two. Colours are
    checked once for each look, on the first page that has it. Without ``frame``, leave out what every page of the site
    has, which the test of another page checks.
    """
    found = {}
    visit(address, visitor, 390, "light")
    visitor.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    visitor.evaluate(_END_TRANSITIONS)
    if not frame:
        visitor.evaluate(_EMPTY_FRAME)
    for (width, scheme), known in _KNOWN_LOOKS.items():
        _dress(visitor, width, scheme)
        # The theme follows a change of the system's scheme only if the reader chose "automatic".
        visitor.evaluate("scheme => document.body.setAttribute('data-md-color-scheme', scheme)", SCHEMES[scheme])
        visitor.evaluate(_THIN_OUT, 3 if width == 390 else 2)
        violations = []
        # Other rules do not depend on the colours.
        if (width, scheme) in ((390, "light"), (1400, "dark")):
            violations += broken_now(visitor, WITHOUT_COLOURS)
        if colours:
            violations += broken_colours(visitor, known)
        for violation in violations:
            found[f"{width} {scheme} {violation['id']}"] = [node["target"][0] for node in violation["nodes"][:3]]
    return found


def broken_colours(page: Page, known: set[str]) -> list[dict[str, Any]]:
    """Return the colour rules that texts of a look that is not ``known`` violate; if none, add their looks to it."""
    looks = page.evaluate(_MARK_LOOKS, [*known])
    broken = broken_now(page, COLOURS, among="[data-look]") if looks else []
    if not broken:
        known.update(looks)
    return broken


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


def broken_now(page: Page, rules: Mapping[str, object] = RULES, among: str = "body") -> list[dict[str, Any]]:
    """Return the rules that a page violates in its current state. ``among`` selects the elements to check."""
    context = None if among == "body" else {"include": [[among]]}
    axe = Axe("0") if page.evaluate("'axe' in window") else Axe()  # loads the script only once
    result = axe.run(page, context=context, options={**rules, "resultTypes": ["violations"]})
    violations: list[dict[str, Any]] = result.response["violations"]
    return violations
