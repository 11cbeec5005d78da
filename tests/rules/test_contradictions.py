"""A fact must not state what its source denies, hedges or says the opposite of, nor quote it in another order."""

import re
from dataclasses import replace

import pytest
from support import ROOT, TODAY

from briefing.compile import Inputs, check
from briefing.evidence.pins import repin
from briefing.problems import Problem, Severity
from briefing.project.reader import read_inputs

SAMPLE = ROOT / "tests" / "explained"
HARBOUR, PIN = "facts/topics/harbour.yml", "facts/pins/report.yml"
SURVEY = b"  - title: Survey\n"
PARAGRAPH = (
    'The old wharf was strong. The charter grants no exclusive mooring rights. A storm may have sunk the "grey lady of'
    ' the bay" after the regatta, which began early. The dredger hardly worked.'
)


@pytest.fixture(scope="module")
def sample() -> Inputs:
    return replace(read_inputs(SAMPLE, TODAY), templates={})


@pytest.mark.parametrize(
    ("says", "codes"),
    [
        ("The charter grants no exclusive mooring rights.", set()),
        ("The charter rules out exclusive mooring rights.", set()),
        ("The charter grants exclusive mooring rights.", {"denied-in-source"}),
        ("The charter grants exclusive mooring rights instead of a wharf.", {"denied-in-source"}),
        ("The charter grants exclusive mooring rights, which the dredger lacked.", {"denied-in-source"}),
        ("The charter grants exclusive mooring rights and the dredger hardly worked.", {"denied-in-source"}),
        ("The charter denies that it grants exclusive mooring rights.", set()),
        ("The charter grants no wharf, storm or mooring rights.", set()),
        ("A storm may have sunk a ship.", set()),
        ("The storm is thought to have sunk a ship.", set()),
        ("The storm had sunk a ship.", {"hedged-in-source"}),
        ("The ancient wharf was solid.", set()),
        ("The old wharf was weak.", {"opposite-word"}),
        ("The new wharf was strong.", {"opposite-word"}),
        ("A storm may have come before the regatta.", {"opposite-word"}),
        ("A storm may have come after the regatta.", set()),
        ('A storm may have sunk the "grey lady of the bay".', set()),
        ('A storm may have sunk the "grey lady".', {"unconfirmed-quotation"}),
        ('A storm may have sunk the "grey bay of the lady".', {"misquoted"}),
    ],
)
def test_the_source_must_say_the_same(sample: Inputs, says: str, codes: set[str]) -> None:
    assert {problem.code for problem in _found(_pinned(sample, says))} == codes


@pytest.mark.parametrize(
    ("paragraph", "says", "is_denied"),
    [
        ("The council rejected the plan for a tunnel.", "The council adopted the plan for a tunnel.", True),
        ("The council rejected the plan for a tunnel.", "The council spoke of a tunnel.", False),
        ("The council rejected the plan for a tunnel.", "The council was against the plan for a tunnel.", False),
        ("The ferry was unreliable.", "The ferry was reliable.", True),
        ("The ferry was unreliable, but the train was reliable.", "The ferry was reliable.", False),
        ("Late in autumn the lamps of the pier were not lit. It was dark.", "The lamps of the pier were lit.", True),
        ("The pier has no survey. It was dark.", "The pier has a survey.", True),
        ("The pier has no survey. It was dark.", "The pier is dark rather than surveyed.", False),
    ],
)
def test_a_source_denies_in_many_ways(sample: Inputs, paragraph: str, says: str, is_denied: bool) -> None:
    found = _found(_pinned(sample, says, paragraph))
    assert ("denied-in-source" in {one.code for one in found}) == is_denied


def test_a_fact_cannot_only_state_what_a_quotation_only_denies(sample: Inputs) -> None:
    quote = "quote: no vale, translation: This licence does not apply to any sale of coal"
    quote += ", seen: {date: 1930-01-10, form: printed}"
    (found,) = _found(_with(sample, "The permit covers dealings in fuel.", f"{{source: chart, {quote}}}"))
    assert "denies nothing" in found.message
    assert _found(_with(sample, "The permit is no help to dealers in fuel.", f"{{source: chart, {quote}}}")) == []


def test_a_pin_without_the_newer_letters_knows_nothing_of_them(sample: Inputs) -> None:
    """Such a pin of format 2 was made by an earlier version."""
    says = "The ferry took the plan for a tunnel."
    pinned = _pinned(sample, says, "The council rejected the plan for a tunnel.")
    assert _found(pinned)
    old = re.sub(r"    only: >-\n(?:      .*\n)+", "", pinned.facts[PIN].decode())
    assert _found(replace(pinned, facts={**pinned.facts, PIN: old.encode()})) == []


def test_an_old_pin_knows_nothing_of_claims(sample: Inputs) -> None:
    says = "The charter grants exclusive mooring rights on a weak wharf."
    pinned = _pinned(sample, says)
    assert _found(pinned)
    old = re.sub(r"    (?:denied|only|near|phrases): >-\n(?:      .*\n)+", "", pinned.facts[PIN].decode())
    facts = {**pinned.facts, PIN: old.replace("format: 2", "format: 1").encode()}
    assert _found(replace(pinned, facts=facts)) == []


def test_a_quotation_in_a_citation_is_compared_too(sample: Inputs) -> None:
    quote = "quote: la carta no concede derechos, translation: the chart grants no exclusive rights"
    cite = f"{{source: chart, {quote}, seen: {{date: 1930-01-10, form: printed}}}}"
    says = "The chart grants exclusive rights."
    (found,) = _found(_with(sample, says, cite))
    assert (found.code, found.severity) == ("denied-in-source", Severity.ERROR)


def test_a_pin_confirms_what_facts_quote_when_it_is_made(sample: Inputs) -> None:
    says = 'The wharf was "strong. The charter".'
    assert {problem.code for problem in _found(_pinned(sample, says))} == {"unconfirmed-quotation"}
    again = _pinned(_with(sample, says, "report:4"), says)
    assert _found(again) == []


def _with(sample: Inputs, says: str, cite: str) -> Inputs:
    """Return the briefing with one more fact."""
    fact = f"      - id: added\n        says: {says!r}\n        cite: {cite}\n        credibility: 2\n".encode()
    harbour = sample.facts[HARBOUR].replace(SURVEY, fact + SURVEY)
    assert harbour != sample.facts[HARBOUR]
    return replace(sample, facts={**sample.facts, HARBOUR: harbour})


def _pinned(sample: Inputs, says: str, paragraph: str = PARAGRAPH) -> Inputs:
    """Return the briefing with a pin of a report that ends with the paragraph, and one more fact on it."""
    lines = (SAMPLE / "report.txt").read_text(encoding="utf-8").splitlines()
    briefing = check(sample).briefing
    text = repin(briefing, briefing.source_by_id["report"], "\n".join([*lines[:3], paragraph])).text
    pinned = replace(sample, facts={**sample.facts, PIN: text.encode()})
    if b"id: added" in sample.facts[HARBOUR]:
        return pinned
    return _with(pinned, says, "report:4")


def _found(inputs: Inputs) -> list[Problem]:
    """Return what is wrong with the meaning of the added fact."""
    codes = ("in-source", "opposite-word", "quotation", "misquoted")
    return [one for one in check(inputs).problems if one.subject == "added" and one.code.endswith(codes)]
