"""Print the height of pages in screens of a phone (390×844) and of a desktop (1400×900), and their transfer size.

By default the longest page of each kind is measured. Pages are served with gzip; the size includes everything that a
first visit loads.
"""

import argparse
import json
from pathlib import Path

from page_speed import ROOT, open_page, serve
from playwright.sync_api import Browser, sync_playwright

from briefing.building.pdf import chromium

SCREENS = {"phone": (390, 844), "desktop": (1400, 900)}


def longest_pages(site: Path) -> list[str]:
    """Return the address of the longest page of each kind. The first folder of an address is the kind."""
    longest: dict[str, tuple[int, str]] = {}
    for file in sorted(site.rglob("index.html")):
        folders = file.relative_to(site).parent.parts
        address = "".join(f"{folder}/" for folder in folders)
        kind = f"{folders[0]}/*" if len(folders) > 1 else address
        longest[kind] = max(longest.get(kind, (0, "")), (file.stat().st_size, address))
    return [address for _, address in longest.values()]


def measure(browser: Browser, url: str) -> dict[str, float]:
    """Return a page's height in screens of each kind, and the number of gzipped kilobytes that a first visit loads."""
    found: dict[str, float] = {}
    for name, (width, height) in SCREENS.items():
        context = browser.new_context(viewport={"width": width, "height": height})
        context.set_default_timeout(120_000)  # for a slow machine
        page = context.new_page()
        sizes: list[int] = []
        page.on("response", lambda answer, sizes=sizes: sizes.append(int(answer.headers.get("content-length", 0))))
        open_page(page, url)
        found[name] = round(page.evaluate("document.documentElement.scrollHeight") / height, 1)
        found["KB"] = round(sum(sizes) / 1024, 1)
        context.close()
    return found


def main() -> None:
    """Print a line for each page, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", type=Path, default=ROOT / "site", help="a built site (default: ./site)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("pages", nargs="*", help="addresses, such as f/sinking/ (default: the longest of each kind)")
    options = parser.parse_args()
    address = serve(options.site)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        pages = options.pages or longest_pages(options.site)
        found = {f"/{path}": measure(browser, address + path) for path in pages}
        browser.close()
    if options.json:
        print(json.dumps(found, indent=1))
        return
    for path, sizes in found.items():
        print(f"{path:40} {sizes['phone']:6} phone {sizes['desktop']:6} desktop {sizes['KB']:7} KB")


if __name__ == "__main__":
    main()
