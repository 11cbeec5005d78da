"""Compare the Largest Contentful Paint of our pages with that of a bare Material page, in alternating rounds.

The simulated phone is 390 px wide, with a CPU slowed down four times, 1.6 Mbit/s down, 0.75 Mbit/s up and 150 ms
latency. Pages are served with gzip.
"""

import argparse
import gzip
import statistics
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from briefing.building.pdf import chromium

ROOT = Path(__file__).parent.parent
PAGES = ["", "treaty/", "timeline/", "bases/", "f/tartus-1971/", "f/signing-date/"]
BARE = "site_name: Bare\nsite_url: https://bare.example/\ntheme:\n  name: material\n  font: false\nplugins: [search]\n"
PARAGRAPH = (
    "A paragraph of ordinary length on a page that is made with the theme alone, without any of our templates. " * 3
)
OBSERVE = (
    "window.painted = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => {"
    " window.painted = entry.startTime })).observe({type: 'largest-contentful-paint', buffered: true})"
)
# Not wait_for_function: it evaluates a string in the page, which the Content Security Policy blocks.
PAINTED = "async () => { while (!window.painted) await new Promise(requestAnimationFrame); return window.painted }"

QUIET = """async () => {
  const starts = document.querySelector("link[data-late]");
  while (starts && !("document$" in window)) await new Promise(requestAnimationFrame);
  await new Promise(requestIdleCallback);
}"""


class _Gzipped(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        data = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def serve(folder: Path) -> str:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Gzipped, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def bare_site(folder: Path) -> Path:
    (folder / "docs").mkdir()
    (folder / "docs" / "index.md").write_text("# A bare page\n\n" + f"## Part\n\n{PARAGRAPH}\n\n" * 20)
    (folder / "mkdocs.yml").write_text(BARE)
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", str(folder / "mkdocs.yml")]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return folder / "site"


def open_page(page: Page, url: str) -> None:
    """Open a page and wait until nothing is left to do, including the scripts that it starts late."""
    # Beside busy processes, Playwright sometimes does not notice that a network is idle.
    page.goto(url)
    page.evaluate(QUIET)


def painted(browser: Browser, url: str) -> float:
    """Return the Largest Contentful Paint of a page in milliseconds."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(120_000)  # for a slow machine
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    network = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", network)
    page.add_init_script(OBSERVE)
    open_page(page, url)
    value = float(page.evaluate(PAINTED))
    context.close()
    return value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--site", type=Path, default=ROOT / "site", help="a built site (default: ./site)")
    parser.add_argument("pages", nargs="*", default=PAGES)
    options = parser.parse_args()
    times: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        pages = {"bare Material page": serve(bare_site(Path(folder)))}
        ours = serve(options.site)
        pages |= {f"/{path}": ours + path for path in options.pages}
        print(f"Chromium {browser.version}, {options.rounds} rounds, median (least to most)")
        for _ in range(options.rounds):
            for name, url in pages.items():
                times.setdefault(name, []).append(painted(browser, url))
        browser.close()
    base = statistics.median(times["bare Material page"])
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:20} {median:6.0f} ms ({min(values):.0f} to {max(values):.0f})  {median / base:.2f}")


if __name__ == "__main__":
    main()
