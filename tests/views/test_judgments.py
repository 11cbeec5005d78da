"""The page of key judgments: what it shows, and how earlier judgments turned out."""

from dataclasses import replace

import pytest

from briefing.compile import Inputs, check, compile
from briefing.text.edtf import parse_edtf
from briefing.views.disputed import worst_errors
from briefing.views.judgments import judgments, track_record
from briefing.views.statement import Numbering

HEAD = "facts/briefing.yml"
AFTERLIFE = "facts/topics/afterlife.yml"


def _edited(inputs: Inputs, *edits: tuple[str, str], file: str = HEAD) -> Inputs:
    text = inputs.facts[file].decode()
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return replace(inputs, facts={**inputs.facts, file: text.encode()})


def test_passed_dates_without_a_result_are_marked(vasa: Inputs) -> None:
    late = check(replace(vasa, today=parse_edtf("2031-01-01"))).briefing
    past, finds, draws = judgments(late, Numbering(late))
    assert (past.is_overdue, finds.is_overdue, draws.is_overdue) == (False, True, False)
    assert [one.is_overdue for one in finds.indicators] == [True, False]
    early = check(replace(vasa, today=parse_edtf("2026-11-02"))).briefing
    assert not any(
        one.is_overdue or any(sign.is_overdue for sign in one.indicators) for one in judgments(early, Numbering(early))
    )


@pytest.mark.parametrize(
    ("result", "rows", "brier", "unclear"),
    [
        # The middle of "likely" is 67.5 per cent: (0.675 - 1) squared and 0.675 squared.
        ("right", (("likely", "55–80%", 1, 1),), "0.11", 0),
        ("wrong", (("likely", "55–80%", 1, 0),), "0.46", 0),
        ("unclear", (), "", 1),
    ],
)
def test_track_record_counts_and_scores_judgments_with_an_outcome(
    vasa: Inputs, result: str, rows: tuple[object, ...], brier: str, unclear: int
) -> None:
    record = track_record(check(_edited(vasa, ("result: right", f"result: {result}"))).briefing)
    assert (record.rows, record.brier, record.unclear) == (rows, brier, unclear)
    assert record.next == "1 November 2030"


@pytest.mark.slow
def test_home_page_lists_the_worst_errors_of_the_source_under_analysis(vasa: Inputs) -> None:
    assert worst_errors(check(vasa).briefing) == (), "no response has a consequence"
    corrects = ("        corrects: museum-opened\n", "        corrects: museum-opened\n        consequence: misleads\n")
    graded = _edited(vasa, corrects, file=AFTERLIFE)
    (error,) = worst_errors(check(graded).briefing)
    assert error.id == "museum-opened"
    assert [response.consequence for response in error.beside] == ["misleading claim"]
    pages = {page.path: page.body for page in compile(graded).pages}
    assert "Errors in the source under analysis" in pages["index.md"]
    assert "misleading claim" in pages["f/museum-opening-day.md"]
    disputed = _edited(vasa, (corrects[0], corrects[1].replace("corrects", "disputes")), file=AFTERLIFE)
    assert worst_errors(check(disputed).briefing) == (), "a disputed claim may be right"


def test_judgments_and_the_bottom_line_may_name_a_horizon_and_arguments_may_deny(vasa: Inputs) -> None:
    assert not check(vasa).problems
    line = ("most probably because it was top-heavy.", "and more will be known by 2030.")
    assert not check(_edited(vasa, line)).problems
    other = _edited(vasa, ("found by 1 November 2030", "found by 1 November 2031"))
    assert {problem.code for problem in check(other).problems} == {"unsupported"}
