"""What the tests share: folders of examples, sites built once, a browser."""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from briefing.compile import Inputs
from briefing.folder import read_inputs
from briefing.pdf import chromium

ROOT = Path(__file__).parent.parent
VASA = ROOT / "tests" / "briefings" / "vasa"

TODAY = "2026-11-24"  # no test depends on the clock

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden pages anew; read the diff")


@pytest.fixture(scope="session")
def treaty() -> Inputs:
    """The repository's own briefing."""
    return read_inputs(ROOT, TODAY)


@pytest.fixture(scope="session")
def vasa() -> Inputs:
    """The small second briefing, on another subject."""
    return read_inputs(VASA, TODAY)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    return build_package(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def installed(wheel: Path) -> dict[str, str]:
    """An environment in which ``briefing`` is the one from the wheel."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    place = wheel.parent / "lib"
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", place, wheel], check=True)
    return {**os.environ, "PYTHONPATH": str(place)}


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both briefings, built by ``briefing build`` in copies of their folders; the treaty also bound in one file."""
    built = {}
    bound = ["--single-file", *(["--pdf"] if chromium() else [])]
    for name, (folder, options) in {"treaty": (ROOT, bound), "vasa": (VASA, [])}.items():
        copy = copy_briefing(folder, tmp_path_factory.mktemp(name) / "briefing")
        done = run_briefing("build", "--today", TODAY, *options, str(copy))
        assert done.returncode == 0, done.stderr
        assert "WARNING" not in done.stderr
        built[name] = copy / "site"
    return built


def build_package(checkout: Path, target: str, to: Path) -> Path:
    """The ``wheel`` or ``sdist`` that the project's own build makes of a checkout."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(to)]
    subprocess.run(command, cwd=checkout, env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}, check=True)
    (built,) = to.glob({"wheel": "*.whl", "sdist": "*.tar.gz"}[target])
    return built


def copy_briefing(folder: Path, to: Path) -> Path:
    """A copy of a briefing's folder that may be changed; the templates come along."""
    to.mkdir(parents=True)
    for part in ("facts", "docs", "mkdocs.yml"):
        source = folder / part
        shutil.copytree(source, to / part) if source.is_dir() else shutil.copy(source, to / part)
    shutil.copytree(ROOT / "templates", to / "templates")
    return to


def run_briefing(
    *arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would, outside GitHub Actions unless ``env`` says so."""
    command = [sys.executable, "-m", "briefing", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env={**environment, **(env or {})}, check=False
    )


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(sites: Mapping[str, Path]) -> Iterator[dict[str, str]]:
    """The sites, each on a port of this machine, as addresses by name."""
    servers = {
        name: ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
        for name, site in sites.items()
    }
    for server in servers.values():
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {name: f"http://127.0.0.1:{server.server_port}" for name, server in servers.items()}
    for server in servers.values():
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def addresses(sites: dict[str, Path]) -> Iterator[dict[str, str]]:
    """Both sites, served to the browser."""
    with served(sites) as found:
        yield found


def refused_scripts(html: str) -> list[str]:
    """The inline scripts of a page that its Content Security Policy does not name; all of them, where it has none."""
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', html)
    named = set(re.findall(r"'(sha256-[^']+)'", policy[1])) if policy else set()
    inline = re.findall(
        r'<script(?![^>]*\b(?:src=|type="application/(?:ld\+)?json"))[^>]*>(.*?)</script>', html, re.DOTALL
    )
    hashes = {f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}": text for text in inline}
    return [text for name, text in hashes.items() if name not in named]


# accessibility rules, by the tags of axe
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def broken_rules(address: str, browser: Browser, *, crossed: bool = False) -> dict[str, list[str]]:
    """Where a page breaks a rule, on a phone in light and at a desk in dark, with all that folds opened; ``crossed``:
    also the other way round.
    """
    found = {}
    settings = [(390, "light"), (1400, "dark"), *([(390, "dark"), (1400, "light")] if crossed else [])]
    for width, scheme in settings:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        answer = page.goto(address, wait_until="networkidle")
        assert answer and answer.ok, address
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        result = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]})
        for violation in result.response["violations"]:
            found[f"{width} {scheme} {violation['id']}"] = [node["target"][0] for node in violation["nodes"][:3]]
        context.close()
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real browser."""
    path = chromium()
    with sync_playwright() as playwright:
        path = path or (found if Path(found := playwright.chromium.executable_path).exists() else None)
        if path is None:
            if os.environ.get("CI") == "true":
                pytest.fail("no Chromium on this machine")
            pytest.skip("no Chromium on this machine")
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
