"""The built site in a real browser: pages exist, links work, and no request goes to another host."""

import re
from pathlib import Path

import pytest
from browsing import open_page, recorded
from playwright.sync_api import Page
from support import ROOT, OutcomeOf

from briefing.text.markdown_html import parse_markdown

FIXED = ["", "timeline/", "views/", "actors/", "places/", "sources/", "glossary/", "data/", "method/"]
SUBJECTS = ["treaty", "vasa"]


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_page_exists(name: str, sites: dict[str, Path], checked: OutcomeOf) -> None:
    briefing = checked(name).briefing
    wanted = [*FIXED, *(f"{topic.id}/" for topic in briefing.topics)]
    wanted += [f"actors/{actor.id}/" for actor in briefing.actors] + [f"f/{fact.id}/" for fact in briefing.facts]
    assert [path for path in wanted if not (sites[name] / path / "index.html").is_file()] == []


@pytest.mark.parametrize("name", SUBJECTS)
def test_no_page_loads_resources_from_another_host(name: str, sites: dict[str, Path]) -> None:
    loads = re.compile(
        r"""<(?:script|img|iframe|source|video|audio)[^>]+src=["']?(?:https?:)?//|@import|url\(["']?https?:"""
    )
    # A browser does not follow the others by itself.
    linked = re.compile(
        r"""<link(?![^>]*\brel=["']?(?:canonical|alternate|license)\b)[^>]*\bhref=["']?(?:https?:)?//"""
    )
    for file in sites[name].rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not loads.search(text), file
        assert not linked.search(text), file


def test_larger_pages_request_only_their_own_host_and_fit_a_phone(addresses: dict[str, str], page: Page) -> None:
    """tests/browser/test_access.py visits one page of each kind, and for these kinds that of the smaller briefing."""
    with recorded(page) as (requested, faults):
        for path in ("views/", "actors/", "sources/", "glossary/", "places/", "data/"):
            open_page(page, f"{addresses['treaty']}/{path}")
            assert [url for url in requested if not url.startswith(addresses["treaty"])] == [], path
            assert faults == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
            assert page.locator("h1").count() == 1, path


@pytest.mark.parametrize("name", SUBJECTS)
def test_first_phone_screen_of_home_has_the_answer(name: str, addresses: dict[str, str], page: Page) -> None:
    """The title, the status and the first sentence of the bottom line, in this order; the page has seven screens."""
    open_page(page, addresses[name])
    parts = [page.locator(selector).first.bounding_box() for selector in ("h1", "p.status", ".bottom-line p")]
    tops = [box["y"] for box in parts if box]
    assert len(tops) == 3
    assert tops == sorted(tops)
    assert max(box["y"] + box["height"] for box in parts if box) <= 844
    assert page.evaluate("document.documentElement.scrollHeight") <= 7 * 844


def test_navigation_stops_above_the_footer(addresses: dict[str, str], page: Page) -> None:
    page.set_viewport_size({"width": 1400, "height": 700})
    page.goto(f"{addresses['treaty']}/bases/")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    navigation = page.locator(".md-sidebar--primary .md-sidebar__scrollwrap").bounding_box()
    footer = page.locator(".md-footer").bounding_box()
    assert navigation and footer
    assert navigation["y"] + navigation["height"] <= footer["y"]


def test_link_to_citations_opens_them(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['treaty']}/#cite")
    assert page.locator("#cite h2", has_text="Chicago").is_visible()


def test_readers_and_contributors_have_separate_navigations(addresses: dict[str, str], page: Page) -> None:
    def entries(path: str) -> list[str]:
        page.goto(f"{addresses['treaty']}/{path}")
        return page.locator(".md-nav--primary > ul > li a").all_text_contents()

    for path in ("", "syria/", "f/tartus-1971/"):
        shown = [text.strip() for text in entries(path)]
        assert {"Timeline", "Syria"} < {*shown}, path
        assert shown[-1] == "For contributors", path
        assert "Commands" not in shown, path
    shown = [text.strip() for text in entries("commands/")]
    assert shown[0] == "Back to the briefing"
    assert {"Editing", "Commands"} < {*shown}
    assert not {"Timeline", "Syria"} & {*shown}


def test_title_of_home_is_not_repeated(sites: dict[str, Path]) -> None:
    text = (sites["treaty"] / "index.html").read_text(encoding="utf-8")
    assert re.findall("<title>(.*?)</title>", text) == ["The Iran–Russia partnership treaty"]


@pytest.mark.parametrize("name", SUBJECTS)
def test_caption_is_the_first_or_last_child_of_its_figure(name: str, sites: dict[str, Path], page: Page) -> None:
    """HTML requires this. The browser parses every page with a drawing, and the single file, but does not show them."""
    drawn = {}
    for file in sites[name].rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        if "<figcaption" in text:
            # What is around the article takes long to reach the browser, and has no drawing.
            before, start, article = text.partition("<article")
            article, end, after = article.rpartition("</article>")
            if end:
                assert "<figcaption" not in before + after
                text = start + article + end
            drawn[str(file)] = text
    assert drawn
    found = page.evaluate(
        """texts => texts.map(html => {
            const parsed = new DOMParser().parseFromString(html, "text/html")
            const captions = [...parsed.querySelectorAll("figcaption")]
            return [captions.length, captions.filter(one => one.parentElement.tagName !== "FIGURE"
                || (one.previousElementSibling && one.nextElementSibling)).length]
        })""",
        [*drawn.values()],
    )
    for path, (captions, misplaced) in zip(drawn, found, strict=True):
        assert captions > 0, path
        assert misplaced == 0, path


def test_marker_links_to_its_fact_and_fact_to_its_source(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['vasa']}/loss/")
    page.locator("li", has_text="The Vasa went down on 10 August 1628").locator("a.ref").click()
    page.locator("dialog.card").get_by_role("link", name="Open this fact").click()
    page.wait_for_url("**/f/sinking/")
    assert "10 August 1628 (as given)" in page.locator("table").first.inner_text()
    assert page.locator("a[title='Edit this page']").get_attribute("href") == (
        "https://code.vasa.example/edit/main/facts/topics/loss.yml#L18"
    )
    page.get_by_role("link", name="A short account of the Vasa, ¶4").click()
    page.wait_for_url("**/sources/account/#p4")


def test_correction_is_shown_next_to_the_corrected_fact(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['vasa']}/afterlife/")
    corrected = page.locator("li", has_text="opened its doors in 1990").first
    assert "15 June 1990" in corrected.inner_text()
    page.goto(f"{addresses['vasa']}/f/museum-opened/")
    assert "15 June 1990" in page.locator(".admonition.corrected").inner_text()


def test_fact_text_is_shown_and_not_executed(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['vasa']}/actors/vasa-museum/")
    assert "*stars*, [brackets] & <b>bold</b> claims such as {{ this }}" in page.locator(".note").first.inner_text()


def test_home_has_every_judgment_and_marker_of_the_bottom_line(
    addresses: dict[str, str], page: Page, checked: OutcomeOf
) -> None:
    page.goto(addresses["treaty"])
    head = checked("treaty").briefing.head
    assert head
    assert page.locator("h1").inner_text().startswith(head.title)
    assert page.locator("h3[id^=judgment]").count() == len(head.judgments) == 8
    markers = page.locator(".bottom-line a.ref")
    assert markers.count() == sum(len(sentence.rests_on) for sentence in head.bottom_line)


def test_links_of_files_beside_the_site_have_targets() -> None:
    """These files, such as the README, are read in the repository."""
    found = []
    for file in ROOT.glob("*.md"):
        page = parse_markdown(file.read_text(encoding="utf-8"))
        targets = {link.get("href") or link.get("src") or "" for link in page.iter("a", "img")}
        found += [(file.name, target.partition("#")[0]) for target in targets if not target.startswith(("#", "https:"))]
    assert ("README.md", "docs/assets/brief.png") in found
    assert [(name, target) for name, target in found if not (ROOT / target).exists()] == []
