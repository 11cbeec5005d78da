"""Summaries, folded lists and filters on the pages of actors, places, sources and all facts."""

from collections import Counter

import pytest
from playwright.sync_api import Page, expect
from support import OutcomeOf

from briefing.compile import Inputs, check
from briefing.exports.edition import Edition
from briefing.model.briefing import Briefing
from briefing.model.history import NO_HISTORY
from briefing.model.records import Actor
from briefing.pages.page_specs import page_specs
from briefing.rules.comparisons import Report
from briefing.views.entities import ActorPage, actor_page, actor_sentences, place_list
from briefing.views.fact_list import fact_list
from briefing.views.filters import MANY
from briefing.views.sources import source_list

SUBJECTS = ["treaty", "vasa"]


@pytest.fixture(params=SUBJECTS)
def briefing(request: pytest.FixtureRequest, checked: OutcomeOf) -> Briefing:
    return checked(request.param).briefing


@pytest.fixture
def small(vasa: Inputs) -> Briefing:
    return check(vasa).briefing


def _actor(briefing: Briefing, id: str) -> Actor:
    return next(actor for actor in briefing.actors if actor.id == id)


def _ids(page: ActorPage) -> list[str]:
    groups = (page.says, page.reported, page.made_of)
    return [fact.sentence.id for topics in groups for topic in topics for fact in topic.facts]


# ---- summaries


def test_actor_page_starts_with_its_bottom_line_or_a_summary(briefing: Briefing) -> None:
    for actor in briefing.actors:
        page = actor_page(briefing, actor)
        assert bool(page.bottom_line) != bool(page.summary)
        assert len(page.bottom_line) == len(actor.bottom_line)


def test_summary_counts_facts_and_statements_and_names_their_topics(small: Briefing) -> None:
    assert actor_sentences(small, _actor(small, "hein-jakobsson"))[0] == (
        "This briefing has 1 statement by Hein Jakobsson, under The loss."
    )


def test_latest_fact_of_a_summary_is_no_forecast_or_opinion(briefing: Briefing) -> None:
    """It is the latest of the others that have a date. A page with a bottom line has no summary."""
    found = []
    for actor in briefing.actors:
        page = actor_page(briefing, actor)
        facts = [briefing.fact_by_id[id] for id in _ids(page)]
        days = {one.id: one.when.earliest for one in facts if one.when and one.kind in ("report", "text", "position")}
        assert bool(page.latest) == bool(days and not page.bottom_line)
        if page.latest:
            assert days[page.latest.id] == max(days.values())
            found.append(page.latest.id)
    assert found


@pytest.mark.slow
def test_bottom_line_of_an_actor_is_checked(vasa: Inputs) -> None:
    path = "facts/actors.yml"
    for old, new, code in (
        (b"rests_on: [order]", b"rests_on: [ordre]", "unknown-fact"),
        (b"ordered the Vasa in January 1625", b"ordered the Vasa in January 1626", "unsupported"),
        (b"rests_on: [order]", b"rests_in: [order]", "unknown-field"),
    ):
        assert old in vasa.facts[path]
        changed = vasa.facts[path].replace(old, new)
        problems = check(Inputs({**vasa.facts, path: changed}, vasa.templates, vasa.markdown_pages)).problems
        assert [problem.code for problem in problems if problem.place.file == path] == [code]


def test_places_are_counted(small: Briefing) -> None:
    summary = place_list(small).summary
    assert summary.startswith(f"{len(small.places)} place")
    kind, count = Counter(place.kind for place in small.places).most_common(1)[0]
    assert f"{kind} ({count})" in summary


def test_place_shows_its_status_with_evidence(briefing: Briefing) -> None:
    places = {place.id: place for place in briefing.places}
    for entry in place_list(briefing).entries:
        standing = places[entry.id].standing
        assert bool(entry.status) == bool(standing)
        assert [s.id for s in entry.evidence] == list(standing.rests_on if standing else ())


def test_descriptions_contain_the_answer(briefing: Briefing) -> None:
    assert briefing.head
    edition = Edition(briefing.head.title, briefing.head.cutoff, "", "")
    texts = {spec.path: spec.description for spec in page_specs(briefing, edition, tuple, Report, NO_HISTORY, {})}
    assert texts["index.md"].startswith(briefing.head.bottom_line[0].says)
    for topic in briefing.topics:
        first = topic.bottom_line[0].says if topic.bottom_line else topic.asks
        assert texts[f"{topic.id}.md"].startswith(first)
    for fact in briefing.facts:
        publisher = briefing.source_by_id[fact.cite[0].source].publisher
        description = texts[f"f/{fact.id}.md"]
        assert description.startswith(fact.says)
        assert publisher in description.removeprefix(fact.says)
        if fact.when:
            assert briefing.language.format_date(fact.when) in description


# ---- lists and filters


def test_actor_page_has_each_fact_once(briefing: Briefing) -> None:
    for actor in briefing.actors:
        page = actor_page(briefing, actor)
        ids = {fact.id for fact in briefing.current_facts if fact.by == actor.id or actor.id in fact.about}
        assert sorted(_ids(page)) == sorted(ids)
        assert page.count == len(ids)
        assert page.folded == (len(ids) > MANY)
        assert all(sum(option.count or 0 for option in filter.options) == len(ids) for filter in page.filters)


def test_fact_list_has_each_fact_once(briefing: Briefing) -> None:
    found = fact_list(briefing)
    ids = [entry.sentence.id for topic in found.topics for entry in topic.facts]
    assert sorted(ids) == sorted(fact.id for fact in briefing.current_facts)
    assert found.folded == (len(ids) > MANY)


def test_sources_are_listed_once_and_counted_by_filters(briefing: Briefing) -> None:
    found = source_list(briefing)
    ids = [entry.source.id for entry in (*found.base, *found.others)]
    assert sorted(ids) == sorted(source.id for source in briefing.sources)
    counts = [[option.count or 0 for option in filter.options] for filter in found.filters if not filter.sorts]
    assert counts
    assert [sum(numbers) for numbers in counts] == [found.count] * len(counts)


# ---- in the browser


def test_actor_page_is_short_and_opens_what_a_filter_finds(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['treaty']}/actors/russia/")
    assert page.evaluate("document.documentElement.scrollHeight") < 8000
    expect(page.locator(".filtered > li:visible")).to_have_count(0)
    page.get_by_role("combobox", name="Kind").select_option("forecast")
    shown = page.locator(".filtered > li:visible")
    expect(page.get_by_role("status").first).to_contain_text(f"{shown.count()} of ")
    assert {*shown.evaluate_all("all => all.map(one => one.dataset.kind)")} == {"forecast"}
    expect(page.locator(".md-content details.facts:visible:not([open])")).to_have_count(0)
    expect(page.get_by_role("heading", name="Reports about Russia")).to_be_hidden()
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".filtered > li:visible")).to_have_count(0)


def test_sources_are_sorted_and_narrowed(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['treaty']}/sources/")
    assert page.evaluate("document.documentElement.scrollHeight") < 100 * page.locator("details.source").count()
    entries = page.locator("details.source:visible")
    publishers = entries.evaluate_all("all => all.map(one => one.id)")
    page.get_by_role("combobox", name="Sort by").select_option("grade")
    grades = page.locator(".filtered").last.evaluate("list => [...list.children].map(one => one.dataset.grade)")
    assert grades == sorted(grades)
    page.get_by_role("combobox", name="Sort by").select_option("")
    assert entries.evaluate_all("all => all.map(one => one.id)") == publishers
    page.get_by_role("combobox", name="Grade").select_option("A")
    assert {*entries.evaluate_all("all => all.map(one => one.dataset.grade)")} == {"A"}


def test_address_of_a_source_or_fact_opens_it(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['treaty']}/sources/?grade=A#defence-talks")
    expect(page.locator("#defence-talks")).to_have_attribute("open", "")
    expect(page.locator("#defence-talks")).to_be_in_viewport()
    page.goto(f"{addresses['treaty']}/f/#tartus-1971")
    expect(page.locator("#tartus-1971")).to_be_in_viewport()


def test_everything_can_be_read_without_scripts(addresses: dict[str, str], page_without_scripts: Page) -> None:
    page = page_without_scripts
    page.goto(f"{addresses['treaty']}/actors/russia/?kind=forecast")
    expect(page.locator("form.filters")).to_be_hidden()
    page.locator("details.facts > summary").first.click()
    expect(page.locator("details.facts > ul > li").first).to_be_visible()
