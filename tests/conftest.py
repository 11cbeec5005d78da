"""What the tests share: folders of examples, sites built once, a browser."""

import base64
import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import CodeType
from typing import Any
from unittest.mock import patch

import jinja2
import pytest
from axe_playwright_python.sync_playwright import Axe
from briefing_folders import ROOT as ROOT
from briefing_folders import VASA as VASA
from briefing_folders import copy_briefing as copy_briefing
from click.testing import CliRunner
from hypothesis import Phase, settings
from jinja2.bccache import Bucket
from mkdocs.theme import Theme
from playwright.sync_api import Browser, Page, sync_playwright

from briefing.building.pdf import chromium
from briefing.cli import main
from briefing.compile import Inputs
from briefing.project.reader import read_inputs

settings.load_profile("ci")  # the same examples each time, however busy the machine is
# for scripts/mutation-test, where it is enough to know that an example fails
settings.register_profile("first-failure", settings(), phases=[Phase.explicit, Phase.generate])

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


Once = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Once:
    """Gives the folder of a name, which whoever asks for it first has filled: one process of all that run the tests.

    What is in it is for all of them to read, and for none to change.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent

    def filled(name: str, fill: Callable[[Path], object]) -> Path:
        place = shared / "once" / name
        place.parent.mkdir(exist_ok=True)
        whole = place.with_name(f"{name}.whole")
        with place.with_name(f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not whole.exists():
                shutil.rmtree(place, ignore_errors=True)
                place.mkdir()
                fill(place)
                whole.touch()
        return place

    return filled


@pytest.fixture(scope="session")
def wheel(once: Once) -> Path:
    """The wheel, built from the checkout."""
    (made,) = once("wheel", partial(build_package, ROOT, "wheel")).glob("*.whl")
    return made


@pytest.fixture(scope="session")
def installed(once: Once, wheel: Path) -> dict[str, str]:
    """An environment in which ``briefing`` is the one from the wheel."""

    def install(place: Path) -> None:
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
        subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", place, wheel], check=True)

    return {**os.environ, "PYTHONPATH": str(once("installed", install))}


@pytest.fixture(scope="session")
def sites(once: Once) -> dict[str, Path]:
    """Both briefings, built by ``briefing build`` in copies of their folders; the treaty also bound in one file."""

    def build(folder: Path, options: list[str], place: Path) -> None:
        copy = copy_briefing(folder, place / "briefing")
        done = start_briefing("build", "--today", TODAY, *options, str(copy))
        assert done.returncode == 0, done.stderr
        assert "WARNING" not in done.stderr

    bound = ["--single-file", *(["--pdf"] if chromium() else [])]
    return {
        name: once(name, partial(build, folder, options)) / "briefing" / "site"
        for name, folder, options in (("treaty", ROOT, bound), ("vasa", VASA, []))
    }


def build_package(checkout: Path, target: str, to: Path) -> Path:
    """The ``wheel`` or ``sdist`` that the project's own build makes of a checkout."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(to)]
    subprocess.run(command, cwd=checkout, env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}, check=True)
    (built,) = to.glob({"wheel": "*.whl", "sdist": "*.tar.gz"}[target])
    return built


Done = subprocess.CompletedProcess[str]


class _Templates(jinja2.BytecodeCache):
    """The theme's templates, compiled once for all builds of this process: half of what a small build takes."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key, bucket.checksum] = bucket.code


_TEMPLATES = _Templates()


def _environment_of(theme: Theme, made: Callable[[Theme], jinja2.Environment] = Theme.get_env) -> jinja2.Environment:
    environment = made(theme)
    environment.bytecode_cache = _TEMPLATES
    return environment


def run_briefing(*arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Done:
    """Run a command in this process, outside GitHub Actions unless ``env`` says so: what ``start_briefing`` would give,
    for a tenth of its cost.
    """
    place = contextlib.chdir(cwd) if cwd else contextlib.nullcontext()
    with place, patch.dict(os.environ, _environment(env), clear=True), patch.object(Theme, "get_env", _environment_of):
        done = CliRunner().invoke(main, arguments, prog_name="briefing")
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def start_briefing(*arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Done:
    """Run a command as a user would, in a process of its own."""
    command = [sys.executable, "-m", "briefing", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=_environment(env), check=False)


def _environment(more: Mapping[str, str] | None) -> dict[str, str]:
    return {**{name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}, **(more or {})}


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
    answer = visitor.goto(address, wait_until="networkidle")
    assert answer and answer.ok, address
    assert visitor.locator("body").get_attribute("data-md-color-scheme") == SCHEMES[scheme]


def broken_now(page: Page, rules: Mapping[str, object] = RULES) -> list[dict[str, Any]]:
    """The rules that a page breaks as it stands."""
    result = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    violations: list[dict[str, Any]] = result.response["violations"]
    return violations


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


@pytest.fixture(scope="session")
def visitor(browser: Browser) -> Page:
    """Who visits every page for the first time: in one window, which remembers nothing."""
    page = browser.new_page()
    page.add_init_script("localStorage.clear()")
    return page
