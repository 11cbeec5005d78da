"""Open pages in a real browser and ask which accessibility rules they break."""

from collections.abc import Mapping
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# accessibility rules, by the tags of axe
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


SCHEMES = {"light": "default", "dark": "slate"}  # as the theme calls them


def broken_rules(address: str, visitor: Page, *, crossed: bool = False) -> dict[str, list[str]]:
    """Where a page breaks a rule, on a phone in light and at a desk in dark, with all that folds opened; ``crossed``:
    also those of colours the other way round, where the others have nothing new to see.
    """
    found = {}
    dresses = [(390, "light", RULES), (1400, "dark", RULES)]
    if crossed:
        dresses += [(390, "dark", COLOURS), (1400, "light", COLOURS)]
    for width, scheme, rules in dresses:
        visit(address, visitor, width, scheme)
        visitor.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        for violation in broken_now(visitor, rules):
            found[f"{width} {scheme} {violation['id']}"] = [node["target"][0] for node in violation["nodes"][:3]]
    return found


def visit(address: str, visitor: Page, width: int, scheme: str) -> None:
    """Come to a page in a window of this width, on a system of this scheme."""
    visitor.set_viewport_size({"width": width, "height": 900})
    visitor.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    open_page(visitor, address)
    assert visitor.locator("body").get_attribute("data-md-color-scheme") == SCHEMES[scheme]


def open_page(page: Page, address: str) -> None:
    """Open a page and wait until the theme's script, which site.js starts late, has run."""
    answer = page.goto(address)
    # A page from disk has no status.
    assert answer is None or answer.ok or address.startswith("file:"), address
    # The page's policy forbids what Playwright's own wait for a condition does: to evaluate a text in the page.
    for _ in range(1000):
        if page.evaluate("'document$' in window || !document.querySelector('link[data-late]')"):
            return
        page.wait_for_timeout(30)
    raise AssertionError(f"the theme's script does not run on {address}")


def broken_now(page: Page, rules: Mapping[str, object] = RULES) -> list[dict[str, Any]]:
    """The rules that a page breaks as it stands."""
    result = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    violations: list[dict[str, Any]] = result.response["violations"]
    return violations
