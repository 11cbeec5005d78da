"""The development server shows edits, shows problems above the last good pages, and clears them once they are fixed."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from support import PATIENCE, SHORT, copy_briefing, fork_briefing, free_port, refused_scripts

from briefing import __version__
from briefing.pages import page_specs

pytestmark = pytest.mark.process

# Not wait_for_function: it evaluates a string in the page, which the Content Security Policy blocks.
SCROLLED = "async place => { while (Math.abs(scrollY - place) >= 30) await new Promise(requestAnimationFrame) }"


@contextmanager
def _served(folder: Path, before: Callable[[], object] = lambda: None) -> Iterator[str]:
    """Yield the address of ``briefing serve`` for the briefing in ``folder``; ``before`` is called in its process."""

    def prepare() -> None:
        os.dup2(os.open(folder.parent / "said", os.O_WRONLY | os.O_CREAT), 2)  # a pipe that is not read would block it
        before()

    port = free_port()
    server = fork_briefing("serve", "--port", str(port), cwd=folder, before=prepare, patience=10 * PATIENCE)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        os.kill(server.pid, signal.SIGTERM)
        server.result()


@contextmanager
def _served_by_mkdocs(folder: Path) -> Iterator[str]:
    """Yield the address of ``mkdocs serve`` for the briefing in ``folder``."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def _wait(url: str, wanted: Callable[[str], bool]) -> str:
    until = time.monotonic() + PATIENCE
    text = ""
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                text = answer.read().decode()
        except (urllib.error.URLError, ConnectionError):
            text = ""
        if wanted(text):
            return text
        time.sleep(0.1)
    raise AssertionError(f"timed out: {text[:500]}")


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("serve", [_served, _served_by_mkdocs], ids=["briefing", "mkdocs"])
def test_edit_error_and_fix_are_shown(serve: Callable[[Path], AbstractContextManager[str]], tmp_path: Path) -> None:
    folder = copy_briefing(SHORT, tmp_path / "vasa")
    facts = folder / "facts" / "topics" / "loss.yml"
    with serve(folder) as address:
        page = f"{address}/f/deaths/"
        _wait(page, lambda text: "About 30 people" in text)
        _edit(facts, "About 30 people", "Around 30 people")
        _wait(page, lambda text: "Around 30 people" in text)
        _edit(facts, "when: 1627", "when: 1627-13")
        broken = _wait(page, lambda text: "impossible-date" in text)
        assert "Around 30 people" in broken, "the last good page is still there"
        unseen = _wait(f"{address}/f/sinking/", lambda text: "sinking" in text)
        assert "impossible-date" in unseen, "also on a page that was not open"
        assert "impossible-date" in _wait(page, bool)
        assert "livereload(" in broken
        assert refused_scripts(broken) == []
        _edit(facts, "when: 1627-13", "when: 1627")
        _wait(page, lambda text: "Around 30 people" in text and "impossible-date" not in text)
        _edit(folder / "templates" / "fact.md.j2", "According to", "Who claims it")
        _wait(page, lambda text: "Who claims it" in text)


def test_server_starts_with_broken_facts(tmp_path: Path) -> None:
    folder = copy_briefing(SHORT, tmp_path / "vasa")
    facts = folder / "facts" / "topics" / "loss.yml"
    _edit(facts, "when: 1627", "when: 1627-13")
    with _served(folder) as address:
        _wait(address, lambda text: "impossible-date" in text)
        _edit(facts, "when: 1627-13", "when: 1627")
        _wait(address, lambda text: "sank on 10 August" in text)


def test_theme_template_error_is_shown_until_fixed(tmp_path: Path) -> None:
    folder = copy_briefing(SHORT, tmp_path / "vasa")
    status = folder / "templates" / "theme" / "partials" / "status.html"
    good = status.read_text(encoding="utf-8")
    status.write_text("{{ 1//0 }}", encoding="utf-8")
    with _served(folder) as address:
        _wait(address, lambda text: "partials/status.html:1:1: error template-error" in text)
        status.write_text(good, encoding="utf-8")
        _wait(address, lambda text: "sank on 10 August" in text and "template-error" not in text)


def test_browser_reloads_and_keeps_scroll_position(browser: Browser, tmp_path: Path) -> None:
    folder = copy_briefing(SHORT, tmp_path / "vasa")
    facts = folder / "facts" / "topics" / "loss.yml"
    with _served(folder) as address:
        _wait(address, lambda text: "sank on 10 August" in text)
        with browser.new_page(viewport={"width": 390, "height": 600}) as page:
            page.goto(f"{address}/loss/")
            page.wait_for_load_state("load")
            page.evaluate("scrollTo(0, 700)")
            place = page.evaluate("scrollY")
            assert place > 300, "the page is long enough to scroll"
            _edit(facts, "About 30 people", "Around 30 people")
            page.get_by_text("Around 30 people").first.wait_for()
            page.evaluate(SCROLLED, place)

            _edit(facts, "when: 1627", "when: 1627-13")
            problems = page.get_by_role("alert")
            problems.wait_for()
            assert "impossible-date" in problems.inner_text()
            box = problems.bounding_box()
            assert box and 0 <= box["y"] < 600, "visible at any scroll position"
            assert page.get_by_text("Around 30 people").count(), "the last good page is under it"

            _edit(facts, "when: 1627-13", "when: 1627")
            problems.wait_for(state="detached")
            page.evaluate(SCROLLED, place)


def _have_bug() -> None:
    def our_view(*_: object) -> None:
        raise KeyError("our bug")

    page_specs.fact_page = our_view  # type: ignore[assignment, attr-defined]


def test_internal_error_prints_traceback_and_server_continues(tmp_path: Path) -> None:
    folder = copy_briefing(SHORT, tmp_path / "vasa")
    with _served(folder, before=_have_bug) as address:
        _wait(f"{address}/loss/", lambda text: "About 30 people" in text)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{address}/f/deaths/", timeout=PATIENCE)
        with refused.value as answer:
            assert answer.code == 500
        assert "About 30 people" in _wait(f"{address}/loss/", bool)
    lines = (tmp_path / "said").read_text()
    assert ", in our_view\n" in lines
    assert f"KeyError: 'our bug'\nThis is a bug in Briefing {__version__}" in lines
    assert "template-error" not in lines
