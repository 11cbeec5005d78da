"""A negation in a fact needs one in the source that denies the same."""

import re
from dataclasses import replace

import pytest
from support import ROOT, TODAY

from briefing.compile import check
from briefing.evidence.negation import denials, denied_attribution, denied_stems, double_negation
from briefing.evidence.pins import repin
from briefing.evidence.stated import stated_part
from briefing.evidence.variants import variants, with_negative_prefix
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
        ("He was a diplomat and no engineer.", "engin", "diplomat"),
        ("It was dug by machines and not by hand.", "machin", ""),
        ("The pact not only deepens the ties.", "", "tie"),
        ("They refused to sign the pact.", "pact", "refus"),
        ("The survey was made before the canal was dug.", "canal", "survey"),
        ("An unreliable ally, they say.", "reliabl", "say"),
    ],
)
def test_what_shares_a_clause_with_a_negation_is_denied(text: str, denied: str, said: str) -> None:
    assert not denied or denied in denied_stems(text)
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
        ("The mayor did not set sail.", {"unsupported-logic"}),
        ("The fishermen did not set sail.", set()),
        ("The fishermen never came.", set()),
        ("The fishermen did not come in fine weather.", {"unsupported-logic"}),
    ],
)
def test_the_source_must_deny_the_same(says: str, codes: set[str]) -> None:
    assert _codes(says, "2") == codes
    assert _codes(says, "1") == set(), "an old pin only knows that there is a negation"


@pytest.mark.parametrize(
    ("says", "paragraph", "codes"),
    [
        ("The guests alone lit the inn.", "The guests helped to light the inn.", {"unsupported-logic"}),
        ("The guests did not light the inn alone.", "The guests helped to light the inn.", set()),
        ("The guests lit the inn, let alone the barn.", "The guests helped to light the inn.", set()),
    ],
)
def test_alone_needs_support(says: str, paragraph: str, codes: set[str]) -> None:
    assert _codes(says, "2", paragraph) - {"unsupported-negation"} == codes


def _codes(says: str, pin_format: str, paragraph: str = PARAGRAPH) -> set[str]:
    """Return what is unsupported in a fact on a paragraph; the default denies that the fishermen came."""
    sample = replace(read_inputs(SAMPLE, TODAY), templates={})
    lines = (SAMPLE / "report.txt").read_text(encoding="utf-8").splitlines()
    briefing = check(sample).briefing
    pin = repin(briefing, briefing.source_by_id["report"], "\n".join([*lines[:3], paragraph])).text
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
        ("He doubts that it will not change.", "not"),
        ("It was closed until the pier was not ready.", "not"),
        ("It had not so far not sunk.", "not"),
        ("It did not sink, but no ship saw it.", ""),
    ],
)
def test_two_negations_in_a_clause(text: str, second: str) -> None:
    assert double_negation(text) == second


@pytest.mark.parametrize(
    ("text", "negation"),
    [
        ("The pier was safe, the mayor never said.", "never"),
        ("The pier, the mayor never said, was safe.", "never"),
        ("The mayor never said that the pier was safe.", ""),
        ("The pier was safe, the mayor said.", ""),
    ],
)
def test_an_attribution_cannot_be_denied(text: str, negation: str) -> None:
    assert denied_attribution(text) == negation


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("The pact rules out a base and names an enemy.", "and names an enemy."),
        ("It has no wharf, crane or light.", "."),
        ("The town drew carts instead of ships to the quay, which stood.", "The town drew carts , which stood."),
        ("Little unites them; the pact binds them.", "; the pact binds them."),
        ("Apart from a lack of love, trade binds them.", ", trade binds them."),
        ("An unnamed envoy signed.", "An unnamed envoy signed."),
    ],
)
def test_what_a_fact_states(text: str, stated: str) -> None:
    assert " ".join(stated_part(text).split()) == stated


def test_variants_of_a_word() -> None:
    assert {"favour", "favor"} <= variants("favour")
    assert variants("defence") == variants("defense") == variants("defend")
    assert variants("sent") == variants("send")
    assert "unreli" not in variants("reliable")
    assert "unreli" in with_negative_prefix("reliable")
    assert "insecur" in with_negative_prefix("secure")
    assert "impress" not in with_negative_prefix("press")


def test_two_denials_can_state_what_a_source_says_without_one() -> None:
    fine = "The mayor does not want to give up the survey."
    assert _codes(fine, "2", "The mayor will keep the survey.") == set()
    assert _codes(fine, "2", "The mayor will give up the survey.") == {"unsupported-negation"}
