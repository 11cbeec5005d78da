"""A fact must not state what its source denies, hedges or says the opposite of, nor quote it in another order."""

import re
from dataclasses import replace

import pytest
from pinned import PIN, pinned, pinned_fact, with_fact

from briefing.compile import Inputs, check
from briefing.problems import Problem, Severity

PARAGRAPH = (
    'The old wharf was strong. The charter grants no exclusive mooring rights. A storm may have sunk the "grey lady of'
    ' the bay" after the regatta, which began early. The dredger hardly worked.'
)


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
def test_the_source_must_say_the_same(says: str, codes: set[str]) -> None:
    assert {problem.code for problem in _found(pinned_fact(says, PARAGRAPH))} == codes


@pytest.mark.parametrize(
    ("paragraph", "says", "is_denied"),
    [
        ("The council rejected the plan for a tunnel.", "The council adopted the plan for a tunnel.", True),
        ("The council rejected the plan for a tunnel.", "The council spoke of a tunnel.", False),
        ("The council rejected the plan for a tunnel.", "The council was against the plan for a tunnel.", False),
        ("The ferry was unreliable.", "The ferry was reliable.", True),
        ("The ferry was unreliable.", "The mayor trusted the ferry.", True),
        ("The ferry was unreliable.", "The mayor distrusted the ferry.", False),
        ("The ferry was unreliable, but the train was reliable.", "The ferry was reliable.", False),
        ("Late in autumn the lamps of the pier were not lit. It was dark.", "The lamps of the pier were lit.", True),
        ("The pier has no survey. It was dark.", "The pier has a survey.", True),
        ("The pier has no survey. It was dark.", "The pier is dark rather than surveyed.", False),
    ],
)
def test_a_source_denies_in_many_ways(paragraph: str, says: str, is_denied: bool) -> None:
    found = _found(pinned_fact(says, paragraph))
    assert (("denied-in-source", Severity.ERROR) in {(one.code, one.severity) for one in found}) == is_denied


@pytest.mark.parametrize(
    ("paragraph", "says", "is_warned"),
    [
        # One word that is only rejected is enough if the paragraph denies enough of the others.
        ("The council rejected the plan for a tunnel.", "The council spoke of a tunnel.", True),
        ("Snow fell. The council failed to repair the harbour.", "The harbour has a council.", True),
        (
            "Snow fell on the boats, which lay ashore. It forbids a harbour.",
            "Snow fell on boats of the harbour.",
            False,
        ),
        # Other paragraphs have the word too, so it says less.
        (
            "Snow fell on the council. The council buys no new crane.\nA crane.\nA crane.",
            "The council owns a crane.",
            True,
        ),
        ("Snow fell. Neither country pays for it.\nA country.\nA country.", "Both countries had snow.", False),
        # A name that the source has only behind a negation.
        ("The crates went to a depot and never to Lisbon.", "Somebody shipped crates to Lisbon.", True),
        ("The crates went to a depot in Lisbon.", "Somebody shipped crates to Lisbon.", False),
        # Each word of the fact is denied, although some other words are not.
        ("Elk came. The owners urged crews to cease dumping sand.", "They want dumping of sand.", True),
        ("Elk came. The owners urged crews to cease dumping sand.", "They want an end to the dumping of sand.", False),
        ("Elk came. The owners urged crews to cease dumping sand.", "They are against dumping sand.", False),
        ("Elk came. The owners urged crews to cease dumping sand.", "They were unhappy about dumping sand.", False),
        ("Elk came. The owners urged crews to cease dumping sand.", "Elk do not like sand.", False),
        ("The lamp was lit in May, not in spring.", "The lamp was not lit until May.", False),
    ],
)
def test_a_fact_that_shares_with_its_source_only_what_this_denies(paragraph: str, says: str, is_warned: bool) -> None:
    found = [one for one in _found(pinned_fact(says, paragraph)) if one.code == "denied-in-source"]
    assert [one.severity for one in found] == [Severity.WARNING] * is_warned


def test_a_fact_cannot_only_state_what_a_quotation_only_denies() -> None:
    quote = "quote: no vale, translation: This licence does not apply to any sale of coal"
    quote += ", seen: {date: 1930-01-10, form: printed}"
    (found,) = _found(with_fact("The permit covers dealings in fuel.", f"{{source: chart, {quote}}}"))
    assert "denies nothing" in found.message
    assert _found(with_fact("The permit is no help to dealers in fuel.", f"{{source: chart, {quote}}}")) == []


def test_a_pin_without_the_newer_letters_knows_nothing_of_them() -> None:
    """Such a pin of format 2 was made by an earlier version."""
    says = "The ferry took the plan for a tunnel."
    pinned = pinned_fact(says, "The ferry came. The council rejected the plan for a tunnel.")
    assert _found(pinned)
    old = re.sub(r"    only: >-\n(?:      .*\n)+", "", pinned.facts[PIN].decode())
    assert _found(replace(pinned, facts={**pinned.facts, PIN: old.encode()})) == []


def test_an_old_pin_knows_nothing_of_claims() -> None:
    says = "The charter grants exclusive mooring rights on a weak wharf."
    pinned = pinned_fact(says, PARAGRAPH)
    assert _found(pinned)
    old = re.sub(r"    (?:denied|only|near|phrases): >-\n(?:      .*\n)+", "", pinned.facts[PIN].decode())
    facts = {**pinned.facts, PIN: old.replace("format: 2", "format: 1").encode()}
    assert _found(replace(pinned, facts=facts)) == []


def test_a_quotation_in_a_citation_is_compared_too() -> None:
    quote = "quote: la carta no concede derechos, translation: the chart grants no exclusive rights"
    cite = f"{{source: chart, {quote}, seen: {{date: 1930-01-10, form: printed}}}}"
    says = "The chart grants exclusive rights."
    (found,) = _found(with_fact(says, cite))
    assert (found.code, found.severity) == ("denied-in-source", Severity.ERROR)


def test_a_pin_confirms_what_facts_quote_when_it_is_made() -> None:
    says = 'The wharf was "strong. The charter".'
    assert {problem.code for problem in _found(pinned_fact(says, PARAGRAPH))} == {"unconfirmed-quotation"}
    again = pinned(PARAGRAPH, with_fact(says, "report:4"))
    assert _found(again) == []


def _found(inputs: Inputs) -> list[Problem]:
    """Return what is wrong with the meaning of the added fact."""
    codes = ("in-source", "opposite-word", "quotation", "misquoted")
    return [one for one in check(inputs).problems if one.subject == "added" and one.code.endswith(codes)]
