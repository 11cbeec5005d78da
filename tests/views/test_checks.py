"""The page of checks: rates of errors caught, and what was compared of each fact and source."""

import re
import runpy
from dataclasses import replace

import pytest
from support import ROOT

from briefing.compile import Inputs, check, compile
from briefing.evidence.detection import Counts, Detection, ErrorClass, detection
from briefing.model import routes
from briefing.rules.comparisons import report
from briefing.views import checks
from briefing.views.checks import ChecksPage, checks_page

AFTERLIFE = "facts/topics/afterlife.yml"


def _page(inputs: Inputs) -> ChecksPage:
    outcome = check(inputs)
    return checks_page(outcome.briefing, report(outcome.briefing, outcome.problems))


def _with(inputs: Inputs, old: str, new: str) -> Inputs:
    text = inputs.facts[AFTERLIFE].decode()
    assert old in text
    return replace(inputs, facts={**inputs.facts, AFTERLIFE: text.replace(old, new, 1).encode()})


@pytest.mark.slow
def test_classes_of_error_are_named_for_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    script = runpy.run_path(str(ROOT / "scripts" / "measure_detection.py"))
    trials = script["Subject"]("suez", script["BRIEFINGS"]["suez"], 1).trials()
    names = {trial.name for trial in trials} | {one.name for one in detection().classes}
    assert names - set(checks._ERRORS) == set()


def test_recorded_rates_are_complete() -> None:
    recorded = detection()
    assert {one.basis for one in recorded.classes} == {"pinned", "quoted", "cited only"}
    for counts in (recorded.paraphrases, *(one.counts for one in recorded.classes)):
        assert counts.tried == counts.caught + counts.noted + counts.missed > 0


def test_best_rate_is_first_and_no_rate_is_rounded_up(vasa: Inputs, monkeypatch: pytest.MonkeyPatch) -> None:
    def one(name: str, basis: str, tried: int, refused: int) -> ErrorClass:
        counts = Counts(tried=tried, refused=refused, warned=0, noted=0, missed=tried - refused)
        return ErrorClass.model_validate({"name": name, "basis": basis, "counts": counts})

    classes = (
        one("better credibility", "cited only", 4, 4),
        one("number", "pinned", 500, 500),
        one("number", "quoted", 500, 499),
        one("roles swapped", "pinned", 10, 0),
        one("year", "quoted", 4, 4),
    )
    none = Counts(tried=0, refused=0, warned=0, noted=0, missed=0)
    measured = Detection(
        version="1", date="2026-11-24", half="all", count=9, seed=1, classes=classes, paraphrases=none, rules=()
    )
    monkeypatch.setattr(checks, "detection", lambda: measured)
    rows = _page(vasa).errors
    caught = {row.name: row.caught and row.caught.percentage for row in rows}
    assert list(caught.items()) == [
        ("Another year", 100),
        ("Another number", 99),
        ("Two actors exchanged", 0),
        ("An invented detail, with the best grade", None),
    ]
    assert (rows[0].pinned, rows[3].caught) == (None, None)
    assert rows[0].quoted and rows[0].quoted.is_small
    assert rows[1].quoted and not rows[1].quoted.is_small


def test_fact_says_what_was_compared_and_what_was_not(vasa: Inputs) -> None:
    rows = {row.link.path: row for topic in _page(vasa).topics for row in topic.facts}
    raised = rows["f/raised.md"]
    assert raised.compared[0].startswith("Fingerprint: numbers, dates, names")
    assert (raised.unchecked, raised.notes) == ((), ())
    museum = rows["f/museum-opening-day.md"]
    assert museum.compared == ()
    assert museum.unchecked[0].startswith("Neither fingerprint nor quotation: numbers, dates, names")


@pytest.mark.slow
def test_note_is_shown_with_its_fact(vasa: Inputs) -> None:
    noted = _with(vasa, "diving bell in", "diving bell, and merchants melted bronze in")
    page = next(page for page in compile(noted).pages if page.path == routes.CHECKS)
    (line,) = [line for line in page.body.splitlines() if "<code>" in line and "f/guns-recovered" in line]
    assert "<code>unsupported-clause</code>" in line
    assert re.search(r'<span lang="en">no word of .*melted bronze', line)


@pytest.mark.slow
def test_fact_page_links_to_its_entry(vasa: Inputs) -> None:
    retired = "says: Conservators expect the hull to settle further.\n        retired: The account gives no reason."
    inputs = _with(vasa, "says: Conservators expect the hull to settle further.", retired)
    pages = {page.path: page.body for page in compile(inputs).pages}
    assert "../checks.md#fact.raised" in pages["f/raised.md"]
    assert 'id="fact.raised"' in pages[routes.CHECKS]
    assert "checks.md" not in pages["f/hull-settles.md"]
    assert "hull-settles" not in pages[routes.CHECKS]
