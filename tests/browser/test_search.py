"""Search finds other spellings and scripts, synonyms, plurals and years despite typing mistakes, by keyboard alone."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from browsing import open_page
from playwright.sync_api import Browser, Page
from support import ROOT, SHORT, OutcomeOf, fork_script

from briefing.model.routes import planned

# A few queries of each kind. scripts/search-recall runs all in tests/search-recall.yml.
KINDS = {
    group["kind"]: group["queries"]
    for group in yaml.load((ROOT / "tests" / "search-recall.yml").read_text(), yaml.CSafeLoader)
}
TREATY = {query: wanted for queries in KINDS.values() for query, wanted in list(queries.items())[::7]}
VASA = {
    "Hybertsson": ["actors/henrik-hybertsson/"],
    "Gustavus Adolphus": ["actors/gustav-ii-adolf/"],
    "Sofring Hanson": ["actors/soefring-hansson/"],
    "franzen": ["actors/anders-franzen/"],
    "Stokholm": ["places/#stockholm"],
    "when did the Vasa sink": ["#row.1.2"],
    "1625": ["f/order/"],
    "paragraph 5": ["sources/account/#p5"],
}


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    with browser.new_page(viewport={"width": 1400, "height": 900}) as window:
        yield window


@pytest.fixture
def page(window: Page) -> Page:
    window.goto("about:blank")
    return window


def opened(page: Page) -> None:
    page.keyboard.press("/")
    page.wait_for_selector("dialog.search[data-ready]")


@pytest.fixture(scope="module")
def searched(browser: Browser, addresses: dict[str, str]) -> Iterator[Page]:
    """The treaty's front page with the search dialog open."""
    with browser.new_page() as page:
        page.goto(addresses["treaty"])
        opened(page)
        yield page


def first_three(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all("dialog.search li a", "links => links.slice(0, 3).map(a => a.href)")
    return found


@pytest.mark.parametrize(("name", "queries"), [("treaty", TREATY), ("vasa", VASA)])
def test_queries_find_the_page(name: str, queries: dict[str, list[str]], addresses: dict[str, str], page: Page) -> None:
    page.goto(addresses[name])
    opened(page)
    missed = []
    for query, wanted in queries.items():
        page.locator("dialog.search input").fill(query)
        if not set(first_three(page)) & {f"{addresses[name]}/{want}" for want in wanted}:
            missed.append((query, first_three(page)))
    assert len(queries) >= 8
    assert len(missed) <= len(queries) / 20, missed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("پزشکیان", "پزشكيان"),  # Persian and Arabic letters
        ("خامنه‌ای", "خامنه ای"),
        ("خامنه‌ای", "خامنهای"),
        ("بشار الأسد", "بَشَّار الاســد"),
        ("۱۹۷۱", "1971"),
        ("١٩٧١", "1971"),
        ("Özkızılcık", "ozkizilcik"),
        ("Семёнов", "СЕМЕНОВ"),
        ("S-300", "s300"),
        ("Article 3(4)", "art. 3.4"),
        ("Iran’s drones", "iran drone"),
        ("Rasht–Astara", "rasht-astara"),
    ],
)
def test_equivalent_spellings_give_the_same_results(one: str, other: str, searched: Page) -> None:
    found = []
    for query in (one, other):
        searched.locator("dialog.search input").fill(f"{query} ")
        found.append(first_three(searched)[:1])
    assert found[0]
    assert found[0] == found[1]


def test_pasted_word_is_found(addresses: dict[str, str], page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(addresses["treaty"])
    page.evaluate("navigator.clipboard.writeText('طرطوس')")
    opened(page)
    page.keyboard.press("Control+V")
    assert first_three(page)[:1] == [f"{addresses['treaty']}/places/#tartus"]
    assert page.evaluate("getComputedStyle(document.querySelector('dialog.search input')).direction") == "rtl"


def test_search_with_the_keyboard_alone(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['vasa']}/timeline/")
    page.locator(".search-open").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog.search[data-ready]")
    page.keyboard.type("Hybertsson")
    assert (
        page.locator("dialog.search [role=status]").inner_text()
        == f"{page.locator('dialog.search li').count()} results"
    )
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.locator("dialog.search li a").nth(1)
    assert second.evaluate("link => link === document.activeElement")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.locator("dialog.search input").evaluate("field => field === document.activeElement")
    page.keyboard.press("Escape")
    assert not page.locator("dialog.search").is_visible()
    assert page.locator(".search-open").evaluate("button => button === document.activeElement")
    page.locator("#filter-topic").focus()
    page.keyboard.press("s")  # a letter typed in a control is not a shortcut
    assert not page.locator("dialog.search").is_visible()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("s")
    page.keyboard.type("Hybertsson")
    page.keyboard.press("Enter")
    page.wait_for_url("**/actors/henrik-hybertsson/")


def test_result_shows_page_and_speaker(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['treaty']}/?q=Hmeimim+2015")
    row = page.locator("dialog.search li", has_text="The article dates the construction")
    assert "Fact · Bases and sites" in row.inner_text()
    assert "Source under analysis: ¶12" in row.inner_text()
    assert row.locator("mark").all_inner_texts() == ["Khmeimim", "2015"]
    assert "Another source: TASS" in page.locator("dialog.search li", has_text="air group").first.inner_text()
    page.locator("dialog.search input").fill("very unlikely to publish a treaty or protocol")
    assert "Our assessment" in page.locator("dialog.search li").first.inner_text()


def test_no_results_message(addresses: dict[str, str], page: Page) -> None:
    page.goto(addresses["vasa"])
    opened(page)
    page.keyboard.type("xylophonist")
    assert "Nothing found" in page.locator("dialog.search [role=status]").inner_text()
    page.locator("dialog.search input").fill("Hybertsson xylophonist")
    assert "No result has all these words;" in page.locator("dialog.search [role=status]").inner_text()
    assert "Without: xylophonist" in page.locator("dialog.search li").first.inner_text()


def test_few_results_are_followed_by_partial_matches(searched: Page) -> None:
    searched.locator("dialog.search input").fill("languages of the treaty ")
    lists = searched.locator("dialog.search ol")
    assert lists.count() == 2
    assert "Without:" not in lists.first.inner_text()
    assert searched.locator("dialog.search .search-partial").inner_text() == "With some of these words"
    rows = lists.last.locator("li").all_inner_texts()
    assert all("Without: " in row for row in rows)
    assert any("Without: languages" in row for row in rows)


def test_numbers_are_matched_exactly(searched: Page) -> None:
    for query in ("2055", "207", "article 13", "Article 33"):
        searched.locator("dialog.search input").fill(query)
        assert searched.locator("dialog.search ol").count() == 0, query
    searched.locator("dialog.search input").fill("article 3")
    results = searched.locator("dialog.search li").all_inner_texts()
    assert results
    assert [result for result in results if not re.search(r"Art(icle|\.) 3\b", result)] == []


def test_synonym_ranks_below_the_word_itself(searched: Page) -> None:
    searched.locator("dialog.search input").fill("enrichment ")
    titles = searched.locator("dialog.search .search-title").all_inner_texts()
    assert "enrich" in titles[0]
    assert any("uranium" in title and "enrich" not in title for title in titles)


def test_similar_spelling_is_named(searched: Page) -> None:
    searched.locator("dialog.search input").fill("snapbak ")
    assert "“snapbak” was not found; similar: Snapback" in searched.locator("dialog.search [role=status]").inner_text()


def test_help_if_nothing_is_found(addresses: dict[str, str], page: Page) -> None:
    page.goto(addresses["vasa"])
    opened(page)
    page.keyboard.type("Hybxrtxsonn")
    page.locator("dialog.search .search-help button", has_text="Hybertsson").click()
    assert first_three(page)[:1] == [f"{addresses['vasa']}/actors/henrik-hybertsson/"]
    page.locator("dialog.search input").fill("xylophonist")
    topics = page.eval_on_selector_all("dialog.search .search-help li a", "links => links.map(a => a.href)")
    assert f"{addresses['vasa']}/loss/" in topics


def test_contributors_have_a_search_of_their_own(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['treaty']}/?q=rename+command")
    page.wait_for_selector("dialog.search[data-ready]")
    guides = ("editing", "commands", "codes", "architecture", "api", "fields", "publishing", "speed")
    assert not [link for link in first_three(page) if link.split("/")[3] in guides]
    page.goto(f"{addresses['treaty']}/commands/?q=rename")
    page.wait_for_selector("dialog.search[data-ready]")
    found = first_three(page)
    assert found
    assert all(link.split("/")[3] in guides for link in found)


def test_search_index_is_loaded_on_first_use(addresses: dict[str, str], browser: Browser) -> None:
    requested: list[str] = []
    with browser.new_page() as page:
        page.on("request", lambda request: requested.append(request.url.rpartition("/")[2]))
        open_page(page, addresses["vasa"])
        assert not {"entries.js", "search-library.js"} & set(requested)
        opened(page)
        assert requested.count("entries.js") == requested.count("search-library.js") == 1


def test_search_is_hidden_without_scripts(addresses: dict[str, str], page_without_scripts: Page) -> None:
    page = page_without_scripts
    page.goto(addresses["vasa"])
    assert page.locator(".search-open").count() == 1
    assert not page.locator(".search-open").is_visible()


@pytest.mark.usefixtures("browser")
def test_search_recall_script(tmp_path: Path) -> None:
    queries = tmp_path / "queries.yml"
    kinds = {"a name": {"Hybertsson": ["f/hybertsson-died/"], "short account": ["sources/#account"]}}
    kinds["a typo"] = {"gunprots": ["glossary/#gunport"]}
    queries.write_text(yaml.safe_dump([{"kind": kind, "queries": asked} for kind, asked in kinds.items()]))
    done = fork_script("search_recall.py", str(SHORT), "--queries", str(queries))
    assert (done.returncode, done.stderr) == (0, "")
    ours, theirs = done.stdout.split("the same site with the theme's search\n")
    assert "all                        3 of   3 = 100.0%; nothing at all for 0" in ours
    assert "gunprots: missed; first nothing" in theirs


@pytest.mark.parametrize("name", ["treaty", "vasa"])
def test_every_current_record_is_found(name: str, sites: dict[str, Path], compiled: OutcomeOf) -> None:
    outcome = compiled(name)
    (file,) = (file for file in outcome.files if file.path == "search/entries.js")
    assert (sites[name] / file.path).read_bytes() == file.data
    held = json.loads(file.data.decode().removeprefix("self.searchEntries=").removesuffix(";\n"))
    found = {entry.get("address", "").partition("#")[0] for entry in held["entries"]}
    briefing = outcome.briefing
    assert briefing.head
    retired = {f"f/{fact.id}/" for fact in briefing.facts if not briefing.is_current(fact)}
    retired |= {f"f/{fact.id}/" for fact in briefing.head.withheld}
    assert found >= {path.removesuffix("index.md").replace(".md", "/") for path, _ in planned(briefing)} - retired
    assert not found & retired
    titles = {entry["title"] for entry in held["entries"]}
    assert titles >= {fact.says for fact in briefing.current_facts}
    assert titles >= {entity.name for entity in briefing.entities}
    for entry in held["entries"]:
        path, _, fragment = entry.get("address", "").partition("#")
        text = (sites[name] / path / "index.html").read_text(encoding="utf-8")
        assert not fragment or f'id="{fragment}"' in text, entry["address"]


def test_fact_text_is_shown_unchanged(addresses: dict[str, str], page: Page) -> None:
    page.goto(addresses["vasa"])
    opened(page)
    page.keyboard.type("<b>bold</b> Vasa Museum")
    assert page.locator("dialog.search li").count() > 0
    assert page.locator("dialog.search li b").count() == 0


def test_site_opened_from_disk_works_offline(sites: dict[str, Path], browser: Browser) -> None:
    """Browse from the brief to a topic, a fact, its source and a search result, without errors or network requests."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.set_offline(True)
    page = context.new_page()
    requested: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.on("requestfailed", lambda request: faults.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((sites["treaty"] / "index.html").as_uri())
    page.locator(".topics a", has_text="Bases and sites").click()
    page.wait_for_url("**/bases/index.html")
    page.locator("li", has_text="The article dates the creation of the naval base").first.locator("a.ref").first.click()
    page.wait_for_url("**/f/tartus-1971/index.html")
    page.locator(".citations a", has_text="¶12").click()
    page.wait_for_url("**/sources/defence-talks/index.html#p12")
    opened(page)
    page.keyboard.type("Hmeimim")
    page.keyboard.press("Enter")
    page.wait_for_url("**/places/index.html#khmeimim")
    assert page.locator("h2#khmeimim").is_visible()
    page.locator("header a.md-logo").click()
    page.wait_for_url("**/index.html")
    context.close()
    assert faults == []
    assert [url for url in requested if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("name", ["treaty", "vasa"])
def test_links_work_from_disk(name: str, sites: dict[str, Path], page: Page) -> None:
    for path in ("", "timeline/", "actors/", "places/", "sources/"):
        page.goto((sites[name] / path / "index.html").as_uri())
        links = page.eval_on_selector_all(
            "a[href]", "links => links.map(a => new URL(a.getAttribute('href'), a.baseURI).href)"
        )
        local = {link.partition("#")[0] for link in links if link.startswith("file:")}
        assert len(local) > 5
        assert [link for link in local if link.endswith("/")] == []
