"""A negation in a fact needs one in the source that denies the same."""

import re
from dataclasses import replace

import pytest
from support import ROOT, TODAY

from briefing.compile import check
from briefing.evidence.negation import denials, denied_stems, double_negation
from briefing.evidence.pins import repin
from briefing.project.reader import read_inputs

SAMPLE = ROOT / "tests" / "explained"
HARBOUR, PIN = "facts/topics/harbour.yml", "facts/pins/report.yml"
BEFORE = b"  - title: Survey\n"
PARAGRAPH = "The weather was fine, but the fishermen did not come."


@pytest.mark.parametrize(
    ("text", "denied", "said"),
    [
        ("The clause does not oblige anyone.", "oblig", ""),
        ("The pact was signed, but it names no ally.", "alli", "sign"),
        ("Membership was refused to both.", "membership", ""),
        ("They found no difference that mattered.", "matter", ""),
        ("The first stone was laid; no guests came.", "came", "stone"),
    ],
)
def test_what_shares_a_clause_with_a_negation_is_denied(text: str, denied: str, said: str) -> None:
    assert denied in denied_stems(text)
    assert said not in denied_stems(text)


def test_a_fact_denies_the_words_after_its_negation() -> None:
    (denial,) = denials("The ships of the line did not carry the guns of the fort, when they sailed.")
    assert denial.word.text == "not"
    assert denial.forms == {"carry", "guns", "fort"}
    (last,) = denials("The difference did not matter, and they knew it.")
    assert last.forms == {"matter"}


@pytest.mark.parametrize(
    ("says", "codes"),
    [
        ("The fishermen did not come when the weather was fine.", set()),
        ("The weather was not fine, and the fishermen stayed away.", {"unsupported-negation"}),
        ("The fishermen did not set sail.", {"unsupported-logic"}),
        ("The fishermen did not come in fine weather.", {"unsupported-logic"}),
    ],
)
def test_the_source_must_deny_the_same(says: str, codes: set[str]) -> None:
    assert _codes(says, "2") == codes
    assert _codes(says, "1") == set(), "an old pin only knows that there is a negation"


def _codes(says: str, pin_format: str) -> set[str]:
    """Return what is unsupported in a fact if its paragraph denies that the fishermen came."""
    sample = replace(read_inputs(SAMPLE, TODAY), templates={})
    lines = (SAMPLE / "report.txt").read_text(encoding="utf-8").splitlines()
    briefing = check(sample).briefing
    pin = repin(briefing, briefing.source_by_id["report"], "\n".join([*lines[:3], PARAGRAPH])).text
    if pin_format == "1":
        pin = re.sub(r"    denied: >-\n(      .*\n)+", "", pin.replace("format: 2", "format: 1"))
    facts = {**sample.facts, PIN: pin.encode()}
    fact = f"      - id: no-fish\n        says: {says}\n        cite: report:4\n"
    with_fact = {**facts, HARBOUR: facts[HARBOUR].replace(BEFORE, fact.encode() + BEFORE)}
    problems = check(replace(sample, facts=with_fact)).problems
    return {str(problem.code) for problem in problems} & {"unsupported-negation", "unsupported-logic"}


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("The ships had not never sailed.", "never"),
        ("No count was not kept.", "not"),
        ("Neither port nor ship was not harmed by it.", ""),
        ("They cannot do without it.", ""),
        ("It did not sink, but no ship saw it.", ""),
    ],
)
def test_two_negations_in_a_clause(text: str, second: str) -> None:
    assert double_negation(text) == second
