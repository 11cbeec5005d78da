"""The whole briefing as self-contained HTML and as a PDF, and printed pages."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Browser, Page
from support import TODAY, VASA, Once, OutcomeOf, copy_briefing, run_briefing

from briefing.building.pdf import chromium, make_pdf
from briefing.model.briefing import Briefing
from briefing.pages.single_file import Assets, Chapter, TitlePage, render_single_file
from briefing.text.language import ENGLISH, PSEUDO_TAG, load_language

TITLE = TitlePage("The Loss", "Why?", ENGLISH, ("As of today",), "https://example.org/")


def made(*chapters: Chapter, title: TitlePage = TITLE) -> str:
    """Return the chapters of a single file, without its head and title page."""
    return render_single_file(title, chapters, Assets()).partition("</nav>\n")[2].partition("</main>")[0]


def test_links_between_pages_point_into_the_single_file() -> None:
    text = made(
        Chapter("loss/", "Loss", '<h1 id="x">Loss</h1><a href="../f/sinking/">1</a> <a href="#x">2</a>'),
        Chapter("f/", "Facts", '<ol><li id="sinking"><a href="../loss/#x" title="t">back</a></li></ol>'),
    )
    assert '<section class="chapter" id="loss">\n<h2 id="loss--x">Loss</h2>' in text
    assert '<a href="#f--sinking">1</a> <a href="#loss--x">2</a>' in text
    assert '<li id="f--sinking"><a href="#loss--x">back</a></li>' in text


def test_other_links_point_to_the_site_or_are_removed() -> None:
    chapter = Chapter("", "Brief", '<a href="data/#csv">data</a> <a href="https://other.example/a?b=1&amp;c">out</a>')
    assert '<a href="https://example.org/data/#csv">data</a>' in made(chapter)
    assert 'href="https://other.example/a?b=1&amp;c"' in made(chapter)
    assert "<a>data</a>" in made(chapter, title=TitlePage("The Loss", "Why?", ENGLISH, ()))


def test_web_only_elements_are_removed_and_text_is_unchanged() -> None:
    kept = "<p>1 &lt; 2 &#38; &amp;lt;<br>kept</p><p hidden>h</p>"
    text = made(Chapter("a/", "A", f"<div data-web-only><p>gone<br>too</p></div>{kept}"))
    assert "gone" not in text
    assert "too" not in text
    assert kept.replace("&#38;", "&amp;") in text


def test_notes_of_removed_elements_are_removed_and_the_others_numbered_again() -> None:
    gone = '<div data-web-only><a href="../f/x/" data-note="2">x</a></div>'
    kept = '<p><a href="../f/y/" data-note="3">y</a></p>'
    notes = "".join(
        f'<li{kind}><span class="number">{number}</span> {text}</li>'
        for number, kind, text in (
            ("1", "", "a numbered fact"),
            ("2", ' class="paper"', "x"),
            ("3", ' class="paper"', "y"),
        )
    )
    text = made(Chapter("places/", "Places", f'{gone}{kept}<section class="notes"><ol>{notes}</ol></section>'))
    assert 'data-note="2">y</a>' in text
    assert re.findall(r'<span class="number">(\d)</span> (.+?)</li>', text) == [("1", "a numbered fact"), ("2", "y")]


def test_title_is_escaped() -> None:
    text = render_single_file(
        TitlePage("<b>Loss</b>", "Why?", ENGLISH, ("a < b",)), [Chapter("a/", "A & B", "")], Assets()
    )
    assert "<title>&lt;b&gt;Loss&lt;/b&gt;</title>" in text
    assert ">A &amp; B</a>" in text
    assert "<p>a &lt; b</p>" in text


def test_labels_are_in_the_language_of_the_briefing() -> None:
    title = TitlePage("The Loss", "Why?", load_language(PSEUDO_TAG), ())
    text = render_single_file(title, [Chapter("a/", "A", "")], Assets())
    assert '<html lang="ar-XB" dir="rtl">' in text
    assert "Contents" not in text


# ---- the treaty as a single file


@pytest.fixture(scope="module")
def briefing(checked: OutcomeOf) -> Briefing:
    return checked("treaty").briefing


def _count_records(briefing: Briefing) -> int:
    """Limits of size grow with the briefing, so that a new fact does not break a test but wasted space does."""
    return len(briefing.facts) + len(briefing.sources)


def test_single_file_works_offline(sites: dict[str, Path], briefing: Briefing, browser: Browser) -> None:
    file = sites["treaty"] / "briefing.html"
    assert file.stat().st_size <= 3_800 * _count_records(briefing)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_offline(True)
    page = context.new_page()
    faults: list[str] = []
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(file.as_uri())
    page.keyboard.press("/")
    page.keyboard.type("Hmeimim")
    page.locator("dialog.search li a").first.click()
    page.wait_for_url("**#places--khmeimim")
    assert page.locator(":target").inner_text() == "Khmeimim"
    assert requests == [file.as_uri()]
    assert faults == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    dead = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(link => link.getAttribute('href').slice(1))"
        ".filter(id => !document.getElementById(decodeURIComponent(id)))"
    )
    assert dead == []
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(element => element.id)")
    assert len(ids) == len(set(ids))
    context.close()


def test_single_file_has_every_current_fact_and_source(sites: dict[str, Path], briefing: Briefing) -> None:
    text = (sites["treaty"] / "briefing.html").read_text(encoding="utf-8")
    assert [fact.id for fact in briefing.current_facts if f'<li id="f--{fact.id}">' not in text] == []
    assert [source.id for source in briefing.sources if f'id="sources--{source.id}"' not in text] == []


# ---- the Vasa as a single file and as a PDF


@pytest.fixture(scope="module")
def builds(once: Once) -> Path:
    """The site of the Vasa with a single file and, where there is a browser, a PDF; and the site without them.

    Both are built in one process, because MkDocs reuses the plugin.
    """
    whole = ["--single-file", *(["--pdf"] if chromium() else [])]

    def build(place: Path) -> None:
        folder = copy_briefing(VASA, place / "briefing")
        for name, options in (("whole", whole), ("plain", [])):
            done = run_briefing("build", "--today", TODAY, *options, str(folder))
            assert done.returncode == 0, done.stderr
            shutil.copytree(folder / "site", place / name)

    return once("builds", build)


@pytest.mark.process
def test_single_file_is_built_only_on_request(builds: Path) -> None:
    for name, wanted in (("whole", True), ("plain", False)):
        assert (builds / name / "briefing.html").exists() is wanted
        assert ("briefing.html" in (builds / name / "index.html").read_text()) is wanted


@pytest.mark.process
def test_site_links_to_single_file_and_pdf_with_their_sizes(builds: Path, page: Page) -> None:
    page.goto((builds / "whole" / "loss" / "index.html").as_uri())
    offered = page.locator(".bound")
    assert re.search(r"one HTML file \(\d+ kB\), PDF \(\d+ kB\)", offered.inner_text())
    links = [link.get_attribute("href") for link in offered.locator("a").all()]
    assert links == ["../briefing.html", "../briefing.pdf"]
    page.goto((builds / "plain" / "loss" / "index.html").as_uri())
    assert page.locator("h1").is_visible()
    assert page.locator(".bound").count() == 0


@pytest.fixture(scope="module")
def pdf(builds: Path, browser: Browser) -> Path:
    """The PDF of the Vasa. It depends on a browser, which creates it."""
    del browser
    if not shutil.which("pdftotext"):
        message = "no pdfinfo and pdftotext on this machine (Debian: poppler-utils)"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    return builds / "whole" / "briefing.pdf"


def run(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_pdf_is_tagged_outlined_and_small(pdf: Path) -> None:
    assert re.search(r"^Tagged: +yes$", run("pdfinfo", pdf), re.MULTILINE)
    assert pdf.stat().st_size <= 330_000
    with pikepdf.open(pdf) as document, document.open_outline() as outline:
        titles = [str(item.title) for item in outline.root[0].children]
    assert {"Contents", "The loss", "Timeline", "Sources"} <= set(titles)


def test_pdf_text_has_every_current_fact(pdf: Path, checked: OutcomeOf) -> None:
    text = "".join(run("pdftotext", "-raw", pdf, "-").split())
    facts = checked("vasa").briefing.current_facts
    missing = [fact.id for fact in facts if "".join(fact.says.split()) not in text]
    # A page footer may split a sentence.
    assert len(missing) <= 1, missing


def test_pdf_is_reproducible(browser: Browser) -> None:
    del browser
    document = '<!doctype html><html lang="en"><title>A</title><h1>A</h1>'
    assert make_pdf(document, 0) == make_pdf(document, 0)


def test_pdf_without_a_browser_fails_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = copy_briefing(VASA, tmp_path / "briefing")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    done = run_briefing("build", "--pdf", str(folder))
    assert done.returncode == 1
    assert "--pdf needs Chromium" in done.stderr
    assert "apt install chromium" in done.stderr
    assert not (folder / "site").exists()


def test_printed_page_has_all_text_and_no_controls(addresses: dict[str, str], page: Page) -> None:
    page.set_viewport_size({"width": 700, "height": 900})
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(f"{addresses['treaty']}/f/signing-date/")
    for gone in (".md-header", ".md-sidebar--primary", ".md-footer", ".md-content__button", ".bound"):
        assert not page.locator(gone).first.is_visible(), gone
    shown = "getComputedStyle(document.querySelector('.md-content figure a[href^=\"http\"]'), '::after').content"
    assert "https://" in page.evaluate(shown) or "http://" in page.evaluate(shown)
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(28, 37, 41)"
    page.goto(f"{addresses['treaty']}/")
    hidden = page.evaluate(
        "[...document.querySelectorAll('details.facts')].filter(details => !details.open"
        " && details.lastElementChild.getBoundingClientRect().height === 0).length"
    )
    assert hidden == 0
