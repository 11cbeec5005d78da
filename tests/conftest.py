"""Shared fixtures, and markers for what a test needs."""

import fcntl
import gc
import os
import pickle
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from browsing import emptied
from hypothesis import Phase, settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from support import (
    CHROMIUM_FLAGS,
    HISTORY,
    PAGE_PATIENCE,
    REVISION,
    ROOT,
    SITE,
    TODAY,
    VASA,
    MessagesOf,
    Once,
    OutcomeOf,
    Shared,
    build_package,
    compile_once,
    copy_briefing,
    fork_briefing,
    served,
    share_compiled_templates,
)

from briefing.building.pdf import chromium
from briefing.compile import Inputs, check
from briefing.project.reader import read_inputs

# On import, jsonschema would build a grammar of international addresses. That takes seconds in each process, and our
# schemas do not use it.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

share_compiled_templates()

# As in the command: collected tests and compiled briefings live until the process ends, and scanning them takes time.
gc.set_threshold(100_000, 50, 100)

settings.load_profile("ci")  # the same examples in every run, without deadlines on a busy machine
# For scripts/mutation-test, which only needs to know whether an example fails.
settings.register_profile("first-failure", settings(), phases=[Phase.explicit, Phase.generate])


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected files; review the diff")


# Slow fixtures, by the marker that they add to a test. A test that starts processes sets its marker itself.
_NEEDS = {
    "browser": {"browser"},
    "packaging": {"installed", "wheel"},
    "site": {"addresses", "sites", "treaty"},
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        assert isinstance(item, pytest.Function)
        needed = {*item.fixturenames}
        if hasattr(item, "callspec"):
            # Tests that run on both briefings are parametrised with the names of these fixtures.
            needed |= {value for value in item.callspec.params.values() if value == "treaty"}
        for marker, fixtures in _NEEDS.items():
            if fixtures & needed:
                item.add_marker(marker)
    _sort_by_cost(items)


def _sort_by_cost(items: list[pytest.Item]) -> None:
    """Put the slowest files first, and those that share a slow fixture side by side, so that few processes make it."""
    order = ("process", "packaging", "browser", "site")
    ranks: dict[Path, int] = {}
    for item in items:
        rank = next((rank for rank, marker in enumerate(order) if item.get_closest_marker(marker)), len(order))
        ranks[item.path] = min(rank, ranks.get(item.path, rank))
    items.sort(key=lambda item: ranks[item.path])


@pytest.fixture(scope="session")
def treaty() -> Inputs:
    """The repository's own briefing with an address and a history, so that tests of all its downloads can share it."""
    return replace(read_inputs(ROOT, TODAY), address=SITE, revision=REVISION, history=HISTORY)


@pytest.fixture(scope="session")
def vasa() -> Inputs:
    """The small second briefing, on another subject."""
    return read_inputs(VASA, TODAY)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Once:
    """Return a function that returns the folder with a given name, filled by the first process that requests it.

    All test processes share the folder. They may read it but not change it.
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
def shared(once: Once) -> Shared:
    """Return a function that returns the value with a given name, made by the first process that requests it."""

    def value(name: str, make: Callable[[], object]) -> Any:
        place = once(name, lambda place: (place / "value").write_bytes(pickle.dumps(make())))
        return pickle.loads((place / "value").read_bytes())

    return value


@pytest.fixture(scope="session")
def checked(request: pytest.FixtureRequest, shared: Shared) -> OutcomeOf:
    """Return a function that checks a briefing once and returns the outcome."""
    return cache(lambda name: shared(f"checked-{name}", lambda: check(request.getfixturevalue(name))))


@pytest.fixture(scope="session")
def compiled(request: pytest.FixtureRequest, shared: Shared) -> OutcomeOf:
    """Return a function that compiles a briefing once and returns the outcome."""
    return cache(lambda name: compile_once(f"compiled-{name}", request.getfixturevalue(name), shared)[0])


@pytest.fixture(scope="session")
def messages(request: pytest.FixtureRequest, shared: Shared) -> MessagesOf:
    """Return a function that returns the messages in the pages and files of a briefing, which is compiled once."""
    return lambda name: compile_once(f"compiled-{name}", request.getfixturevalue(name), shared)[1]


@pytest.fixture(scope="session")
def wheel(once: Once) -> Path:
    """The wheel, built from the checkout."""
    (made,) = once("wheel", partial(build_package, ROOT, "wheel")).glob("*.whl")
    return made


@pytest.fixture(scope="session")
def installed(once: Once, wheel: Path) -> dict[str, str]:
    """Environment variables with which Python imports ``briefing`` from the unpacked wheel."""

    def install(place: Path) -> None:
        with ZipFile(wheel) as archive:
            archive.extractall(place)

    return {**os.environ, "PYTHONPATH": str(once("installed", install))}


@pytest.fixture(scope="session")
def sites(once: Once) -> dict[str, Path]:
    """Both briefings, built by ``briefing build`` in copies of their folders; the treaty also as a single file."""

    def build(folder: Path, options: list[str], place: Path) -> None:
        copy = copy_briefing(folder, place / "briefing")
        done = fork_briefing("build", "--today", TODAY, *options, str(copy)).result()
        assert done.returncode == 0, done.stderr
        assert "WARNING" not in done.stderr

    return {
        name: once(name, partial(build, folder, options)) / "briefing" / "site"
        for name, folder, options in (("treaty", ROOT, ["--single-file"]), ("vasa", VASA, []))
    }


@pytest.fixture(scope="session")
def addresses(sites: dict[str, Path]) -> Iterator[dict[str, str]]:
    """The addresses at which both sites are served."""
    with served(sites) as found:
        yield found


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
        browser.on("context", lambda context: context.set_default_timeout(PAGE_PATIENCE * 1000))
        expect.set_options(timeout=PAGE_PATIENCE * 1000)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared_page(browser: Browser) -> Page:
    """A page whose local storage is cleared on every load, so that each visit is the first."""
    page = browser.new_page()
    # An empty page has no storage.
    page.add_init_script("if (location.protocol !== 'about:') localStorage.clear()")
    return page


@pytest.fixture
def page(shared_page: Page) -> Page:
    """An empty page, as wide as a phone. Tests share it, because their first visit in a new one takes twice as long."""
    return emptied(shared_page)


@pytest.fixture(scope="session")
def page_without_scripts(browser: Browser) -> Page:
    """A page on which no script runs, as wide as a phone."""
    return browser.new_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
