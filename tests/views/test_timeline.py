"""The timeline: every dated fact once and in order, a chart that keeps their precision, filters in the URL."""

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from browsing import open_page, recorded
from playwright.sync_api import Browser, Page, expect
from support import OutcomeOf

from briefing.compile import Inputs, check
from briefing.model.briefing import Briefing
from briefing.views.timeline.chart import Mark, Row
from briefing.views.timeline.events import milestones
from briefing.views.timeline.page import Timeline, timeline

SUBJECTS = ["treaty", "vasa"]


@pytest.fixture(params=SUBJECTS)
def briefing(request: pytest.FixtureRequest, checked: OutcomeOf) -> Briefing:
    return checked(request.param).briefing


def _listed(view: Timeline) -> list[str]:
    return [moment.sentence.id for _, moments in view.periods for moment in moments]


def _marks(view: Timeline) -> Iterator[tuple[Row, Mark]]:
    return ((row, mark) for row in view.drawing.rows for mark in row.marks)


def _with_date(vasa: Inputs, text: str) -> Briefing:
    """Return the Vasa briefing with another date for the discovery of the wreck."""
    path = "facts/topics/afterlife.yml"
    written = b"when: 1956\n"
    assert written in vasa.facts[path]
    changed = vasa.facts[path].replace(written, f"when: {text}\n".encode())
    return check(Inputs({**vasa.facts, path: changed}, vasa.templates, vasa.markdown_pages)).briefing


def _marks_of(view: Timeline, id: str) -> list[tuple[Row, Mark]]:
    """Return the mark that links to a fact, followed by its continuations in later rows."""
    return [(row, mark) for row, mark in _marks(view) if id in mark.ids]


# ---- the list


def test_dated_facts_are_listed_once_and_in_order(briefing: Briefing) -> None:
    view = timeline(briefing)
    ids = _listed(view)
    assert sorted(ids) == sorted(fact.id for fact in briefing.current_facts if fact.when)
    assert view.count == len(ids)
    dates = [when for id in ids if (when := briefing.fact_by_id[id].when)]
    assert dates == sorted(dates)


def test_headings_are_unique(briefing: Briefing) -> None:
    headings = [decade for decade, _ in timeline(briefing).periods]
    assert len(headings) == len(set(headings))


def test_timeline_is_reproducible(briefing: Briefing) -> None:
    assert timeline(briefing) == timeline(briefing)


@pytest.mark.parametrize(
    ("text", "words", "shape"),
    [
        ("1956", "1956", "within"),
        ("195X", "the 1950s", "within"),
        ("1956-09", "September 1956", "within"),
        ("1956-23", "autumn 1956", "within"),
        ("1956-09-XX", "a day in September 1956", "within"),
        ("1956-08-25", "25 August 1956", "day"),
        ("1956~", "about 1956", "within"),
        ("1954/1956", "1954 to 1956", "span"),
        ("1956/..", "since 1956", "span"),
        ("../1956", "until 1956", "span"),
    ],
)
def test_moment_keeps_the_precision_of_its_source(vasa: Inputs, text: str, words: str, shape: str) -> None:
    (moment,) = milestones(_with_date(vasa, text), ["wreck-found"])
    assert (moment.when, moment.words, moment.shape) == (text, words, shape)


def test_milestones_are_the_dated_ones_of_the_listed_facts(vasa: Inputs) -> None:
    briefing = check(vasa).briefing
    made = milestones(briefing, ["raised", "hull-settles", "no-such-fact", "order", "raised"])
    assert [moment.sentence.id for moment in made] == ["order", "raised"]


# ---- filters


def test_filter_counts_its_results(briefing: Briefing) -> None:
    view = timeline(briefing)
    moments = [moment for _, moments in view.periods for moment in moments]
    values = {"topic": "topics", "actor": "actors", "voice": "voices"}
    assert [filter.id for filter in view.filters] == list(values)
    for filter in view.filters:
        found = [value for moment in moments for value in getattr(moment, values[filter.id])]
        assert {option.id: option.count for option in filter.options} == {id: found.count(id) for id in found}


def test_actor_filter_finds_facts_about_and_by_the_actor(briefing: Briefing) -> None:
    actors = {actor.id for actor in briefing.actors}
    for _, moments in timeline(briefing).periods:
        for moment in moments:
            fact = briefing.fact_by_id[moment.sentence.id]
            assert set(moment.actors) == {id for id in (*fact.about, fact.by) if id in actors}


# ---- the chart


def test_every_dated_fact_has_one_mark(briefing: Briefing) -> None:
    view = timeline(briefing)
    assert sorted(id for _, mark in _marks(view) if not mark.sequel for id in mark.ids) == sorted(_listed(view))


def test_facts_with_one_mark_share_date_voice_and_standing(briefing: Briefing) -> None:
    for _, mark in _marks(timeline(briefing)):
        facts = [briefing.fact_by_id[id] for id in mark.ids]
        shared = {(str(fact.when), briefing.is_base(fact), fact.kind == "forecast") for fact in facts}
        assert len(shared) == 1
        assert all(("forecast" in mark.look.split()) == foretold for _, _, foretold in shared)


def test_marks_fit_their_row_and_rows_fit_the_chart(briefing: Briefing) -> None:
    view = timeline(briefing)
    for row, mark in _marks(view):
        assert 0 <= mark.left <= mark.middle <= mark.right <= 100
        assert row.top <= mark.y - 10 and mark.y + 10 <= row.bottom
        assert (mark.y < row.axis) == ("base" in mark.look.split())
    for before, after in pairwise(view.drawing.rows):
        assert before.bottom < after.top
    assert view.drawing.rows[-1].bottom < view.drawing.height
    assert sum(row.count for row in view.drawing.rows) == view.count


def test_marks_do_not_overlap_on_a_phone(briefing: Briefing) -> None:
    width, hit = 290, 24
    for row in timeline(briefing).drawing.rows:
        for index, one in enumerate(row.marks):
            for other in row.marks[index + 1 :]:
                if abs(one.y - other.y) < hit:
                    apart = abs(one.middle - other.middle) / 100 * width
                    need = sum(max(mark.width / 100 * width, hit) / 2 for mark in (one, other))
                    assert apart >= need - 2


@pytest.mark.parametrize(
    ("text", "left", "width"), [("1956", 60, 10), ("195X", 0, 100), ("1954/1956", 40, 30), ("1956-07", 65, 0.833)]
)
def test_width_of_a_mark_matches_its_date(vasa: Inputs, text: str, left: float, width: float) -> None:
    ((row, mark),) = _marks_of(timeline(_with_date(vasa, text)), "wreck-found")
    assert row.label == "1950s"
    assert [mark.left, mark.width] == pytest.approx([left, width], abs=0.001)


def test_interval_continues_in_the_next_row(vasa: Inputs) -> None:
    pieces = _marks_of(timeline(_with_date(vasa, "1956/1963")), "wreck-found")
    assert [(row.label, mark.left, mark.right) for row, mark in pieces] == [("1950s", 60, 100), ("1960s", 0, 40)]
    assert [mark.sequel for _, mark in pieces] == [False, True]
    assert [{"starts", "ends"} & set(mark.look.split()) for _, mark in pieces] == [{"starts"}, {"ends"}]


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("1956/..", ("after",)),
        ("1956/", ("after-unknown",)),
        ("../1956", ("before",)),
        ("/1956", ("before-unknown",)),
        ("1955/1956", ()),
    ],
)
def test_open_interval_is_drawn_open(vasa: Inputs, text: str, opens: tuple[str, ...]) -> None:
    ((row, mark),) = _marks_of(timeline(_with_date(vasa, text)), "wreck-found")
    assert (row.label, mark.opens) == ("1950s", opens)


@pytest.mark.parametrize("text", ["1956~", "1956?", "1956%", "1954~/1956"])
def test_approximate_dates_are_marked(vasa: Inputs, text: str) -> None:
    ((_, mark),) = _marks_of(timeline(_with_date(vasa, text)), "wreck-found")
    assert "approximate" in mark.look.split()
    assert mark.text == "≈"


def test_gap_and_new_scale_are_labelled(briefing: Briefing) -> None:
    for before, after in pairwise(timeline(briefing).drawing.rows):
        assert (before.scale != after.scale) == ("new scale" in after.remark)


def test_gap_is_labelled(vasa: Inputs) -> None:
    remarks = {row.label: row.remark for row in timeline(check(vasa).briefing).drawing.rows}
    assert remarks["1660s"] == "1630 to 1659: no dated facts"
    assert remarks["1960s"] == ""


# ---- in a browser; only the treaty site has the script and the style sheet


@pytest.fixture(scope="module")
def window(browser: Browser, addresses: dict[str, str]) -> Iterator[Page]:
    with browser.new_page(base_url=addresses["treaty"]) as window:
        yield window


@pytest.fixture
def page(window: Page) -> Page:
    window.goto("about:blank")
    window.set_viewport_size({"width": 390, "height": 844})
    return window


@pytest.fixture(scope="module")
def view(checked: OutcomeOf) -> Timeline:
    return timeline(checked("treaty").briefing)


def _shown(page: Page) -> list[str]:
    ids = page.locator("ol.timeline > li:visible").evaluate_all("all => all.map(one => one.id.slice(2))")
    return [str(id) for id in ids]


def _found(view: Timeline, *, topic: str = "", actor: str = "", voice: str = "") -> list[str]:
    return [
        moment.sentence.id
        for _, moments in view.periods
        for moment in moments
        if (not topic or topic in moment.topics)
        and (not actor or actor in moment.actors)
        and (not voice or voice in moment.voices)
    ]


def test_filter_shows_matching_items_and_updates_the_url(page: Page, view: Timeline) -> None:
    page.goto("/timeline/")
    status = page.locator("form.filters [role=status]")
    assert _shown(page) == _listed(view)
    expect(status).to_have_text(f"All {view.count} entries shown")
    expect(page.get_by_role("button", name="Show all")).to_be_hidden()
    page.get_by_role("combobox", name="Source and kind").select_option("base")
    found = _found(view, voice="base")
    assert _shown(page) == found
    expect(status).to_have_text(f"{len(found)} of {view.count} entries shown")
    assert page.url.endswith("/timeline/?voice=base")
    decades = [decade for decade, moments in view.periods if any("base" in moment.voices for moment in moments)]
    assert len(decades) < len(view.periods)
    assert page.locator(".md-content h2:visible").count() == len(decades)
    wanted = sum("base" in mark.look.split() for _, mark in _marks(view))
    assert page.locator(".timeline-drawing .row .mark:not(.off)").count() == wanted
    page.get_by_role("button", name="Show all").click()
    expect(status).to_have_text(f"All {view.count} entries shown")
    assert page.url.endswith("/timeline/")
    assert _shown(page) == _listed(view)


def test_filter_works_with_the_keyboard(page: Page, view: Timeline) -> None:
    page.goto("/timeline/")
    page.get_by_role("combobox", name="Topic").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("form.filters.narrowed")).to_be_visible()
    first = view.filters[0].options[0]
    assert page.url.endswith(f"/timeline/?topic={first.id}")
    assert len(_shown(page)) == first.count
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="Actor")).to_be_focused()


def test_url_sets_the_filters(page: Page, view: Timeline) -> None:
    moment = next(one for _, moments in view.periods for one in moments if one.actors)
    topic, actor, voice = moment.topics[0], moment.actors[0], moment.voices[0]
    page.goto(f"/timeline/?topic={topic}&actor={actor}&voice={voice}&h=word")
    assert _shown(page) == _found(view, topic=topic, actor=actor, voice=voice)
    expect(page.get_by_role("combobox", name="Actor")).to_have_value(actor)
    page.get_by_role("combobox", name="Source and kind").select_option("")
    assert _shown(page) == _found(view, topic=topic, actor=actor)
    assert parse_qs(urlsplit(page.url).query) == {"topic": [topic], "actor": [actor], "h": ["word"]}
    page.goto("/timeline/?topic=no-such-topic")
    expect(page.get_by_role("combobox", name="Topic")).to_have_value("")
    assert _shown(page) == _listed(view)


def test_item_in_the_url_is_shown_despite_a_filter(page: Page, view: Timeline) -> None:
    other = _found(view, voice="other")[-1]
    page.goto(f"/timeline/?voice=base#t-{other}")
    expect(page.locator(f"#t-{other}")).to_be_in_viewport()
    assert page.url.endswith(f"/timeline/#t-{other}")


def test_mark_links_to_its_item_and_item_to_its_fact(page: Page, view: Timeline) -> None:
    mark = [mark for _, mark in _marks(view) if not mark.sequel][-1]
    page.goto("/timeline/")
    page.get_by_role("link", name=mark.says).press("Enter")
    item = page.locator(f"#t-{mark.ids[0]}")
    expect(item).to_be_in_viewport()
    item.locator("> a.ref").click()
    page.locator("dialog.card").get_by_role("link", name="Open this fact").click()
    page.wait_for_url(f"**/f/{mark.ids[0]}/")


def test_shared_mark_links_to_its_first_visible_fact(page: Page, view: Timeline) -> None:
    topic, mark, first = next(
        (option.id, mark, shown[0])
        for option in view.filters[0].options
        for _, mark in _marks(view)
        if not mark.sequel
        and (shown := [id for id in mark.ids if id in _found(view, topic=option.id)])
        and shown[0] != mark.ids[0]
    )
    page.goto(f"/timeline/?topic={topic}")
    expect(page.get_by_role("link", name=mark.says)).to_have_attribute("href", f"#t-{first}")


def test_marks_are_large_enough_to_touch(page: Page) -> None:
    page.goto("/timeline/")
    sizes = page.locator(".timeline-drawing a.mark").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => [box.width, box.height])"
    )
    assert sizes
    assert [size for size in sizes if min(size) < 23.99] == []


@pytest.mark.parametrize("width", [390, 1400])
def test_chart_fits_the_page(width: int, page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/timeline/")
    boxes = page.locator(".timeline-drawing .mark, .timeline-drawing text").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => [box.left, box.right])"
    )
    assert min(left for left, _ in boxes) >= 0
    assert max(right for _, right in boxes) <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_all_items_and_no_filters_without_scripts(
    addresses: dict[str, str], page_without_scripts: Page, view: Timeline
) -> None:
    page = page_without_scripts
    page.goto(f"{addresses['treaty']}/timeline/?voice=other")
    expect(page.locator("ol.timeline > li:visible")).to_have_count(view.count)
    expect(page.locator("form.filters")).to_be_hidden()


def test_script_does_nothing_on_other_pages(page: Page) -> None:
    with recorded(page) as (_, faults):
        open_page(page, "/sources/?voice=base")
    assert faults == []
    assert page.url.endswith("/sources/?voice=base")


def test_chart_has_no_inline_style_or_script(page: Page) -> None:
    page.goto("/timeline/")
    drawn = page.locator(".timeline-drawing").evaluate("one => one.outerHTML")
    assert not re.search(r"<[^>]*\s(?:style|on[a-z]+)=|<script", drawn)
