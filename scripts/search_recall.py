"""Count how often our search and the theme's search find what readers want, by typing queries in Chromium."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import material
import yaml
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from support import CHROMIUM_FLAGS, copy_briefing, run_briefing, served, share_compiled_templates  # noqa: E402

from briefing.building.pdf import chromium  # noqa: E402

QUERIES = ROOT / "tests" / "search-recall.yml"  # for this repository's briefing
FIRST = 3
ENOUGH = 0.95

Search = Callable[[Page, str], list[list[str]]]


def ours(page: Page, query: str) -> list[list[str]]:
    """Return the addresses of our search's results, best first."""
    field = page.locator("dialog.search input")
    if not field.is_visible():
        page.locator(".search-open").click()
        page.wait_for_selector("dialog.search[data-ready]")
    field.fill("")
    page.keyboard.type(query)
    # Not wait_for_function: it evaluates a string in the page, which the Content Security Policy blocks.
    expect(page.locator("dialog.search")).to_have_attribute("data-shown", query)
    return page.eval_on_selector_all("dialog.search li", "rows => rows.map(row => [row.querySelector('a').href])")


def themes(page: Page, query: str) -> list[list[str]]:
    """Return the addresses of the theme's results. One result may link to a page and to sections of it."""
    field = page.locator(".md-search__input")
    field.fill("")
    page.keyboard.press("End")
    expect(page.locator(".md-search-result__meta")).to_contain_text("Type to start")
    page.keyboard.type(query)
    page.keyboard.press("End")  # the theme listens for key events, and typing Persian sends none
    expect(page.locator(".md-search-result__meta")).not_to_contain_text("Type to start")
    rows: list[list[str]] = []
    for _ in range(20):  # results arrive with a delay, first those for a half-typed word
        page.wait_for_timeout(400)
        before, rows = (
            rows,
            page.eval_on_selector_all(
                ".md-search-result__item",
                "rows => rows.map(row => [...row.querySelectorAll('a')].map(link => link.href))",
            ),
        )
        if rows == before:
            break
    return rows


def build(briefing: Path, folder: Path, with_themes_search: bool) -> Path:
    """Build the site of a briefing in a copy in ``folder``. Return the site's folder."""
    copy = copy_briefing(briefing, folder)
    if with_themes_search:
        theme = copy / "templates" / "theme"
        for part in ("header.html", "search.html"):
            theirs = Path(material.__file__).parent / "templates" / "partials" / part
            (theme / "partials" / part).write_text(theirs.read_text())
        main = theme / "main.html"
        kept = [line for line in main.read_text().splitlines() if "assets/search.js" not in line]
        main.write_text("\n".join(kept))
        settings = copy / "mkdocs.yml"
        settings.rename(copy / "ours.yml")
        settings.write_text("INHERIT: ours.yml\nplugins: [search, briefing]\n")
    done = run_briefing("build", str(copy))
    if done.returncode:
        sys.exit(done.stderr)
    return copy / "site"


def measure(page: Page, address: str, search: Search, queries: Path) -> tuple[int, int]:
    """Try every query and print the table. Return how many found the page, per thousand, and how many found nothing."""
    total = found = empty = 0
    misses = []
    for group in yaml.safe_load(queries.read_text(encoding="utf-8")):
        ranks = {}
        for query, wanted in group["queries"].items():
            rows = search(page, query)
            hits = [
                number
                for number, row in enumerate(rows, 1)
                if {f"{address}/{want}" for want in wanted} & set(plain(row))
            ]
            ranks[query] = hits[0] if hits else None
            empty += not rows
            if not hits or hits[0] > FIRST:
                first = ", ".join(row[0].removeprefix(address) for row in rows[:FIRST]) or "nothing"
                misses.append(f"  {query}: {f'place {hits[0]}' if hits else 'missed'}; first {first}")
        good = sum(rank is not None and rank <= FIRST for rank in ranks.values())
        print(f"  {group['kind']:24} {good:3} of {len(ranks):3}   first place {list(ranks.values()).count(1):3}")
        found += good
        total += len(ranks)
    print(f"  {'all':24} {found:3} of {total:3} = {found / total:.1%}; nothing at all for {empty}")
    print(*misses, sep="\n")
    return found * 1000 // total, empty


def plain(addresses: list[str]) -> list[str]:
    """Return the addresses without the search words that the theme adds for highlighting."""
    return [
        f"{address.split('?')[0]}{'#' if fragment else ''}{fragment}"
        for link in addresses
        for address, _, fragment in [link.partition("#")]
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "briefing", type=Path, nargs="?", default=ROOT, help="the briefing's folder (default: this repository)"
    )
    parser.add_argument(
        "--queries", type=Path, default=QUERIES, help="file with queries and the pages that answer them"
    )
    options = parser.parse_args()
    share_compiled_templates()
    expect.set_options(timeout=120_000)  # for a slow machine
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        sites = {name: build(options.briefing, Path(folder) / name, name == "theme") for name in ("ours", "theme")}
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        with served(sites) as addresses:
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            page.set_default_timeout(120_000)
            page.goto(addresses["ours"])
            print("this site")
            found, empty = measure(page, addresses["ours"], ours, options.queries)
            page.goto(addresses["theme"])
            page.locator(".md-search__input").click()
            print("the same site with the theme's search")
            measure(page, addresses["theme"], themes, options.queries)
        browser.close()
    return 0 if found >= 1000 * ENOUGH and not empty else 1


if __name__ == "__main__":
    sys.exit(main())
