"""What may be out of date: by when a thing is looked at again, and who is told once that has passed."""

from dataclasses import replace

import pytest
from conftest import VASA, run_briefing
from hypothesis import given
from hypothesis import strategies as st

from briefing.compile import Inputs, check, compile
from briefing.model.briefing import Briefing
from briefing.model.review_dates import Due, due, review_by
from briefing.problems import Severity
from briefing.reporting.records import said_due
from briefing.text.edtf import later, parse_edtf


def read(inputs: Inputs, today: str) -> Briefing:
    return check(replace(inputs, today=parse_edtf(today))).briefing


def written(inputs: Inputs, old: str, new: str, file: str = "facts/topics/loss.yml") -> Inputs:
    text = inputs.facts[file].decode()
    assert old in text
    return replace(inputs, facts={**inputs.facts, file: text.replace(old, new, 1).encode()})


_OPENED = "The Vasa Museum dates its opening to 15 June 1990."


def _after_source(inputs: Inputs, when: str, says: str = _OPENED) -> list[str]:
    """What is told of the museum's own fact, dated so."""
    file = "facts/topics/afterlife.yml"
    dated = written(written(inputs, "when: 1990-06-15", when, file), _OPENED, says, file)
    return [problem.message for problem in check(dated).problems if problem.code == "after-source"]


@pytest.mark.parametrize(
    ("when", "more", "told"),
    [
        ("2031", "", ["2031 is later than 15 June 1990, when its source was published"]),
        ("1990-07", "", ["July 1990 is later than 15 June 1990, when its source was published"]),
        ("1990-06", "", []),
        ("1990/..", "", []),
        ("2031", "\n        kind: forecast", []),
    ],
)
def test_what_is_done_was_done_before_its_source_told_of_it(
    vasa: Inputs, when: str, more: str, told: list[str]
) -> None:
    assert _after_source(vasa, f"when: {when}{more}") == told


def test_a_source_without_a_date_is_no_later_than_the_cutoff(vasa: Inputs) -> None:
    sources = vasa.facts["facts/sources.yml"].replace(b"  date: 1990-06-15\n", b"")
    undated = replace(vasa, facts={**vasa.facts, "facts/sources.yml": sources})
    assert _after_source(undated, "when: 2025") == []
    assert _after_source(undated, "when: 2031") == ["2031 is later than 1 November 2026, the briefing's cutoff"]


def test_what_was_planned_may_be_later_than_its_source(vasa: Inputs) -> None:
    assert _after_source(vasa, "when: 2031", "The museum was to be opened anew.") == []


def test_a_records_own_day_goes_before_the_age_of_its_kind(vasa: Inputs) -> None:
    inputs = written(vasa, "        cite: account:3\n", "        cite: account:3\n        review_by: 2026-12\n")
    fact = read(inputs, "2026-11-24").fact_by_id["hybertsson-died"]
    assert str(review_by(read(inputs, "2026-11-24"), fact)) == "2026-12"


def test_what_happened_does_not_age_and_a_forecast_does(vasa: Inputs) -> None:
    briefing = read(vasa, "2026-11-24")
    assert review_by(briefing, briefing.fact_by_id["sinking"]) is None
    # the account is of 2026, no more precisely, which is later than the review
    assert str(review_by(briefing, briefing.fact_by_id["hull-settles"])) == "2027-12-31"


def test_the_briefing_says_how_long_a_kind_is_left(vasa: Inputs) -> None:
    inputs = written(vasa, "bottom_line:", "ages:\n  - {of: report, months: 2}\nbottom_line:", "facts/briefing.yml")
    briefing = read(inputs, "2026-11-24")
    assert str(review_by(briefing, briefing.fact_by_id["sinking"])) == "2027-01-01"


def test_due_tells_what_is_overdue_first_then_by_what_rests_on_it(treaty: Inputs) -> None:
    briefing = read(treaty, "2027-06-01")
    found = due(briefing, (2027, 12, 31))
    assert [one.overdue for one in found] == sorted((one.overdue for one in found), reverse=True)
    for half in ([one for one in found if one.overdue], [one for one in found if not one.overdue]):
        assert half == sorted(half, key=lambda one: (-one.judgments, -one.pages, one.by, one.id))
    assert {one.id for one in found if one.overdue} >= {"tartus", "khmeimim"}
    assert any(one.judgments for one in found)


def test_being_overdue_is_told_on_the_site_and_is_no_problem(vasa: Inputs) -> None:
    def pages(today: str) -> dict[str, str]:
        outcome = compile(replace(vasa, today=parse_edtf(today)))
        assert outcome.problems == ()
        return {page.path: page.text for page in outcome.pages}

    early, late = pages("2026-11-24"), pages("2031-11-24")
    assert "To be looked at again by" in early["f/hull-settles.md"]
    assert "**Overdue:** it was to be looked at again by" in late["f/hull-settles.md"]
    assert "Review overdue" not in "".join(early.values())
    assert "Review overdue" in late["afterlife.md"]


@pytest.fixture(scope="module")
def treaty_now(treaty: Inputs) -> dict[str, str]:
    return {page.path: page.text for page in compile(treaty).pages}


@pytest.mark.parametrize("years", [1, 5])
def test_what_rots_in_the_treaty_briefing(years: int, treaty: Inputs, treaty_now: dict[str, str]) -> None:
    """Forecasts and standings say that they are overdue, and no other word of any page changes."""
    outcome = compile(replace(treaty, today=parse_edtf(f"{2026 + years}-11-25")))
    assert outcome.problems == ()
    later_on = {page.path: page.text for page in outcome.pages}
    assert treaty_now.keys() == later_on.keys()
    changed = {
        line
        for path, text in later_on.items()
        for line in set(text.splitlines()) - set(treaty_now[path].splitlines())
        if "verdue" not in line
    }
    assert changed == set()
    said = {path for path, text in later_on.items() if "verdue" in text}
    ahead = {"verba-delivery"} if years == 1 else set()  # it tells of 2027 to 2029
    facts = outcome.briefing.current_facts
    forecasts = {f"f/{fact.id}.md" for fact in facts if fact.kind == "forecast" and fact.id not in ahead}
    assert said >= forecasts | {"bases.md", "corridor.md"}


def test_what_is_still_to_come_and_dated_to_the_past_is_a_warning(vasa: Inputs) -> None:
    inputs = written(vasa, "The Vasa went down on", "The Vasa will go down on")
    (problem,) = (
        p for p in check(replace(inputs, today=parse_edtf("2026-11-24"))).problems if p.code == "stale-future"
    )
    assert problem.severity is Severity.WARNING
    assert (problem.place.line, problem.message) == (
        19,
        "'will' tells of what is to come, and 10 August 1628 has passed",
    )
    before = check(replace(inputs, today=parse_edtf("1628-08-10"))).problems
    assert "stale-future" not in {problem.code for problem in before}
    assert "stale-future" not in {problem.code for problem in check(replace(inputs, today=None)).problems}


def test_the_command_says_what_is_due() -> None:
    done = run_briefing("due", str(VASA), "--today", "2030-01-01")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith("overdue 20")
    assert "(0 judgments, 2 pages)" in done.stdout
    one = Due("quay", "The quay stands.", "harbour.md", parse_edtf("2027"), overdue=False, pages=1, judgments=1)
    assert "(1 judgment, 1 page)" in said_due((one,), "2028")
    assert "overdue" in done.stdout.splitlines()[-1]
    table = run_briefing("due", str(VASA), "--today", "2030-01-01", "--format", "markdown").stdout
    assert "| **overdue** | 20" in table
    assert run_briefing("due", str(VASA), "--today", "2026-11-02", "--within", "1d").stdout.startswith("Nothing is due")
    assert run_briefing("due", str(VASA), "--within", "soon").returncode == 2


@given(
    st.tuples(st.integers(1, 9000), st.integers(1, 12), st.integers(1, 28)), st.integers(0, 600), st.integers(0, 600)
)
def test_months_add_up(day: tuple[int, int, int], one: int, two: int) -> None:
    assert later(later(day, one), two) == later(day, one + two)
    assert later(day, 12) == (day[0] + 1, *day[1:])
    assert later((2024, 1, 31), 1) == (2024, 2, 29)
