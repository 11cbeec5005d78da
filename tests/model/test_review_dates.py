"""Review dates: when a record is due, and how an overdue review is reported."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import TODAY, VASA, OutcomeOf, run_briefing

from briefing.compile import Inputs, Outcome, check, compile
from briefing.model.briefing import Briefing
from briefing.model.records import Place
from briefing.model.review_dates import Due, due, review_by
from briefing.problems import Severity
from briefing.reporting.records import format_due
from briefing.text.edtf import later, parse_edtf


def read(inputs: Inputs, today: str) -> Briefing:
    return check(replace(inputs, today=parse_edtf(today))).briefing


def written(inputs: Inputs, old: str, new: str, file: str = "facts/topics/loss.yml") -> Inputs:
    text = inputs.facts[file].decode()
    assert old in text
    return replace(inputs, facts={**inputs.facts, file: text.replace(old, new, 1).encode()})


_OPENED = "The Vasa Museum dates its opening to 15 June 1990."


def _after_source(inputs: Inputs, when: str, says: str = _OPENED) -> list[str]:
    """Return the `after-source` messages for the museum's fact with another date and text."""
    file = "facts/topics/afterlife.yml"
    dated = written(written(inputs, "when: 1990-06-15", when, file), _OPENED, says, file)
    return [problem.message for problem in check(dated).problems if problem.code == "date-after-source"]


@pytest.mark.parametrize(
    ("when", "more", "messages"),
    [
        ("2031", "", ["2031 is later than 15 June 1990, when its source was published"]),
        ("1990-07", "", ["July 1990 is later than 15 June 1990, when its source was published"]),
        ("1990-06", "", []),
        ("1990/..", "", []),
        ("2031", "\n        kind: forecast", []),
    ],
)
def test_a_fact_dated_after_its_source_is_reported_unless_it_is_a_forecast(
    vasa: Inputs, when: str, more: str, messages: list[str]
) -> None:
    assert _after_source(vasa, f"when: {when}{more}") == messages


def test_the_cutoff_is_the_limit_for_a_source_without_a_date(vasa: Inputs) -> None:
    sources = vasa.facts["facts/sources.yml"].replace(b"  date: 1990-06-15\n", b"")
    undated = replace(vasa, facts={**vasa.facts, "facts/sources.yml": sources})
    assert _after_source(undated, "when: 2025") == []
    assert _after_source(undated, "when: 2031") == ["2031 is later than 1 November 2026, the briefing's cutoff"]


def test_a_planned_event_may_be_later_than_its_source(vasa: Inputs) -> None:
    assert _after_source(vasa, "when: 2031", "The museum was to be reopened.") == []


def test_review_by_takes_precedence_over_the_interval_for_the_kind(vasa: Inputs) -> None:
    inputs = written(vasa, "        cite: account:3\n", "        cite: account:3\n        review_by: 2026-12\n")
    fact = read(inputs, "2026-11-24").fact_by_id["hybertsson-died"]
    assert str(review_by(read(inputs, "2026-11-24"), fact)) == "2026-12"


# The account is dated 2026, without a month or day.
HULL = "        kind: forecast\n        cite: account:10\n"
# The museum's text was published on the day of the event.
OPENING = "        when: 1990-06-15\n        cite: museum\n"


def aged(inputs: Inputs, id: str, old: str = "", new: str = "", file: str = "afterlife") -> str | None:
    """Return the date by which a fact of the Vasa briefing is due for review after a change to its record."""
    briefing = read(written(inputs, old, new, f"facts/topics/{file}.yml"), TODAY)
    by = review_by(briefing, briefing.fact_by_id[id])
    return by.text if by else None


@pytest.mark.parametrize(
    ("record", "by"),
    [
        (HULL, "2027-12-31"),
        (HULL.replace("account:10", "museum"), "1991-06-15"),
        (HULL.replace("account:10", "[museum, account:10]"), "2027-12-31"),
        (f"{HULL}        when: 2031\n", "2027-12-31"),
        (f"{HULL}        as_of: 2020-01\n", "2021-01-31"),
        (f"{HULL}        as_of: 2028-03-05\n", "2029-03-05"),
    ],
)
def test_an_age_counts_from_as_of_or_the_newest_source(record: str, by: str, vasa: Inputs) -> None:
    assert aged(vasa, "hull-settles", HULL, record) == by


@pytest.mark.slow
@pytest.mark.parametrize("reviewed", ["1991-01-01", "2099-01-01"])
def test_a_review_of_the_whole_briefing_does_not_reset_the_age_of_a_record(reviewed: str, vasa: Inputs) -> None:
    inputs = written(vasa, "reviewed: 2026-11-01", f"reviewed: {reviewed}", "facts/briefing.yml")
    inputs = written(inputs, "cutoff: 2026-11-01", f"cutoff: {reviewed}", "facts/briefing.yml")
    inputs = written(inputs, "how: historical, as_of: 1961", "how: planned, as_of: 1961", "facts/places.yml")
    briefing = read(inputs, TODAY)
    records = [briefing.fact_by_id["hull-settles"], briefing.entity_by_id["wreck-site"]]
    assert [str(review_by(briefing, record)) for record in records] == ["2027-12-31", "1962-06-30"]  # type: ignore[arg-type]


def test_without_dates_only_review_by_makes_a_record_due(vasa: Inputs) -> None:
    undated = written(vasa, "  date: 1990-06-15\n", "", "facts/sources.yml")
    record = HULL.replace("account:10", "museum")
    assert aged(undated, "hull-settles", HULL, record) is None
    assert aged(undated, "hull-settles", HULL, f"{record}        review_by: 2030\n") == "2030"


@pytest.mark.parametrize(
    ("when", "by"),
    [
        ("when: 1990-06-15", None),
        ("when: 1628", None),
        ("when: 1990", None),
        ("when: ../1990", None),
        ("when: 1628/1990", None),
        ("when: 1990/..", "1990-12-15"),
        ("when: 1990/", "1990-12-15"),
        ("when: 1990-07", "1990-12-15"),
        ("", "1990-12-15"),
        ("as_of: 1990-06-20", "1990-12-20"),
        ("when: 1990-06-15\n        as_of: 1990-06-20", "1990-12-20"),
        ("when: 1990-06-15\n        review_by: 2030", "2030"),
    ],
)
def test_a_past_event_does_not_age_but_a_description_of_the_present_does(
    when: str, by: str | None, vasa: Inputs
) -> None:
    record = OPENING.replace("when: 1990-06-15", when)
    assert aged(vasa, "museum-opening-day", OPENING, record) == by


@pytest.mark.parametrize(
    ("kind", "by"),
    [("analysis", None), ("position", None), ("accusation", None), ("text", None), ("forecast", "1991-06-15")],
)
def test_forecasts_are_the_only_other_kind_that_ages(kind: str, by: str | None, vasa: Inputs) -> None:
    record = f"        kind: {kind}\n        cite: museum\n"
    assert aged(vasa, "museum-opening-day", OPENING, record) == by
    assert aged(vasa, "museum-opening-day", OPENING, f"{record}        as_of: 1990-06-15\n") == by or "1990-12-15"


def test_a_retired_fact_does_not_age(vasa: Inputs) -> None:
    assert aged(vasa, "hull-settles", HULL, f"{HULL}        retired: It did not.\n") is None


@pytest.mark.parametrize("how", ["confirmed", "claimed", "denied", "planned", "historical"])
def test_the_status_of_a_place_ages_unless_it_is_historical(how: str, vasa: Inputs) -> None:
    briefing = read(written(vasa, "how: historical", f"how: {how}", "facts/places.yml"), TODAY)
    place = briefing.entity_by_id["wreck-site"]
    assert isinstance(place, Place)
    by = review_by(briefing, place)
    assert (by and by.text) == (None if how == "historical" else "1962-06-30")


def test_the_briefing_sets_the_interval_for_a_kind(vasa: Inputs) -> None:
    ages = "ages:\n  - {of: report, months: 2}\n  - {of: forecast, months: 0}\nbottom_line:"
    inputs = written(vasa, "bottom_line:", ages, "facts/briefing.yml")
    assert aged(inputs, "museum-opening-day", OPENING, "        cite: museum\n") == "1990-08-15"
    assert aged(inputs, "museum-opening-day") is None, "a past event"
    assert aged(inputs, "hull-settles") is None, "0 is never"


@pytest.mark.slow
def test_due_sorts_by_overdue_then_by_number_of_dependents(checked: OutcomeOf) -> None:
    briefing = replace(checked("treaty").briefing, today=parse_edtf("2026-11-28"))
    found = due(briefing, (2027, 12, 31))
    assert [one.overdue for one in found] == sorted((one.overdue for one in found), reverse=True)
    for half in ([one for one in found if one.overdue], [one for one in found if not one.overdue]):
        assert half == sorted(half, key=lambda one: (-one.judgments, -one.pages, one.by, one.id))
    assert {one.id for one in found if one.overdue} >= {"tartus", "khmeimim", "lavrov-bases-talks"}
    assert any(one.judgments for one in found)


@pytest.mark.parametrize(
    ("today", "within", "line"),
    [
        ("2027-10-01", "30", ""),
        (
            "2027-10-01",
            "31",
            "due     2027-11-01  briefing.yml  (3 judgments, 44 pages)  The briefing itself: The loss of",
        ),
        ("2027-11-01", "0", "due     2027-11-01  briefing.yml"),
        ("2027-11-02", "0", "overdue 2027-11-01  briefing.yml"),
    ],
)
def test_due_lists_the_briefing_by_its_next_review(today: str, within: str, line: str) -> None:
    done = run_briefing("due", str(VASA), "--today", today, "--within", within)
    assert done.returncode == 0, done.stderr
    assert [one for one in done.stdout.splitlines() if "briefing.yml" in one] == [
        one for one in done.stdout.splitlines() if line and one.startswith(line)
    ]
    assert ("briefing.yml" in done.stdout) == bool(line)


@pytest.mark.slow
def test_a_fact_with_only_review_by_can_be_overdue(vasa: Inputs) -> None:
    undated = written(vasa, "  date: 1990-06-15\n", "", "facts/sources.yml")
    record = "        cite: museum\n        review_by: 2025\n"
    pages = compile(written(undated, OPENING, record, "facts/topics/afterlife.yml")).pages
    assert '<span class="kind" data-aside="">review overdue</span>' in next(
        page.text for page in pages if page.path == "afterlife.md"
    )


@pytest.fixture(scope="module")
def early_and_late(vasa: Inputs) -> tuple[Outcome, Outcome]:
    """The Vasa briefing with every kind of record that ages, now and five years later."""
    inputs = written(vasa, "how: historical, as_of: 1961", "how: confirmed, as_of: 1961", "facts/places.yml")
    inputs = written(inputs, "        cite: account:3\n", "        cite: account:3\n        review_by: 2027-12\n")
    early, late = (compile(replace(inputs, today=parse_edtf(today))) for today in (TODAY, "2031-11-24"))
    assert early.problems == late.problems == ()
    return early, late


def _texts(outcome: Outcome) -> dict[str, str]:
    return {page.path: page.text for page in outcome.pages}


@pytest.mark.slow
def test_the_site_shows_an_overdue_review_but_check_does_not_report_it(early_and_late: tuple[Outcome, Outcome]) -> None:
    label = '<span class="kind" data-aside="">as of 2026</span>'
    early, late = map(_texts, early_and_late)
    assert "| Review | Due by 31 December 2027 |" in early["f/hull-settles.md"]
    assert "| Review | Overdue since 31 December 2027 |" in late["f/hull-settles.md"]
    assert label not in "".join(early.values())
    assert (
        f'Conservators expect the hull to settle further. <span class="kind" data-aside="">Forecast</span> {label}'
        in late["afterlife.md"]
    )


_LABELS = ("as of [^<]*", "review overdue", "outcome not recorded yet")
_OVERDUE = re.compile(
    rf' <span class="kind" data-aside="">(?:{"|".join(_LABELS)})</span>|\| Review \| .*|Next review: [^·]*'
)


def _without_overdue(texts: dict[str, str]) -> dict[str, str]:
    # A marker with nothing before it but the sentence stays on the line of the last word.
    return {path: _OVERDUE.sub("", text.replace("&#160;", " ")) for path, text in texts.items()}


@pytest.mark.slow
def test_only_review_labels_change_as_the_briefing_ages(early_and_late: tuple[Outcome, Outcome]) -> None:
    """Forecasts and the status of places show their date. The rest of every page remains the same."""
    early, late = map(_texts, early_and_late)
    assert _without_overdue(late) == _without_overdue(early)
    changed = "".join(text for path, text in late.items() if text != early[path])
    assert [label for label in _LABELS if not re.search(f">{label}<", changed)] == []
    overdue = {path for path, text in late.items() if "| Review | Overdue since" in text}
    facts = early_and_late[1].briefing.current_facts
    forecasts = {f"f/{fact.id}.md" for fact in facts if fact.kind == "forecast"}
    reports = (fact for fact in facts if fact.kind == "report" and not fact.review_by)
    events = {f"f/{fact.id}.md" for fact in reports if fact.when and fact.when.is_day}
    assert overdue >= {*forecasts, "f/hybertsson-died.md"}
    assert events
    assert not overdue & events


def test_a_future_event_with_a_past_date_is_a_warning(vasa: Inputs) -> None:
    inputs = written(vasa, "The Vasa went down on", "The Vasa will go down on")
    (problem,) = (
        p for p in check(replace(inputs, today=parse_edtf("2026-11-24"))).problems if p.code == "outdated-tense"
    )
    assert problem.severity is Severity.WARNING
    assert (problem.place.line, problem.message) == (
        19,
        "'will' refers to the future, but 10 August 1628 has passed",
    )
    before = check(replace(inputs, today=parse_edtf("1628-08-10"))).problems
    assert "outdated-tense" not in {problem.code for problem in before}
    assert "outdated-tense" not in {problem.code for problem in check(replace(inputs, today=None)).problems}


def test_the_command_lists_due_reviews() -> None:
    done = run_briefing("due", str(VASA), "--today", "2030-01-01")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith("overdue 20")
    assert "(0 judgments, 2 pages)" in done.stdout
    one = Due("quay", "The quay stands.", "harbour.md", parse_edtf("2027"), overdue=False, pages=1, judgments=1)
    assert "(1 judgment, 1 page)" in format_due((one,), "2028")
    assert "overdue" in done.stdout.splitlines()[-1]
    table = run_briefing("due", str(VASA), "--today", "2030-01-01", "--format", "markdown").stdout
    assert "| **overdue** | 20" in table
    soon = run_briefing("due", str(VASA), "--today", "2026-11-02", "--within", "1d")
    assert soon.stdout.startswith("No review is due")
    assert run_briefing("due", str(VASA), "--within", "soon").returncode == 2


@given(
    st.tuples(st.integers(1, 9000), st.integers(1, 12), st.integers(1, 28)), st.integers(0, 600), st.integers(0, 600)
)
def test_adding_months_is_associative(day: tuple[int, int, int], one: int, two: int) -> None:
    assert later(later(day, one), two) == later(day, one + two)
    assert later(day, 12) == (day[0] + 1, *day[1:])
    assert later((2024, 1, 31), 1) == (2024, 2, 29)


def test_judgment_is_due_at_its_horizon_and_at_the_date_of_each_indicator(vasa: Inputs) -> None:
    """An indicator with an observation, a judgment about the past and one with an outcome are not."""
    briefing = read(vasa, "2031-01-01")
    found = [(item.by.text, item.says) for item in due(briefing, (2031, 1, 1)) if item.page.startswith("judgments")]
    assert found == [
        ("2027-06", "What to watch: A new survey of the sea bed (The museum's yearly report)"),
        (
            "2030-11-01",
            "How did it turn out? Further parts of the ship are likely to be found by 1 November 2030.",
        ),
    ]
    assert not [item for item in due(read(vasa, "2026-11-02"), (2027, 5, 31)) if item.page.startswith("judgments")]
