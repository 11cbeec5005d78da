"""The report of comparisons says what the rules did: what they found something in was compared, and only that."""

from dataclasses import replace
from typing import get_args

import pytest

from briefing.compile import Inputs, check
from briefing.evidence.languages import COMPARISONS, comparisons
from briefing.problems import Code, Problem
from briefing.rules.comparisons import CODES, COMPARED, FactChecks, Report, report

LOSS = "facts/topics/loss.yml"
AFTERLIFE = "facts/topics/afterlife.yml"
GUNS = "More than 50 guns came up with a diving bell in 1664 and 1665."
# A wrong sentence for a fact that cites the pin, the comparison that must find the error, and the code.
ERRORS = [
    (GUNS.replace("50", "70"), "numbers", "not-in-source"),
    (GUNS.replace("in 1664", "in May 1664"), "dates", "not-in-source"),
    (GUNS.replace("with", "at Stockholm with"), "names", "not-in-source"),
    (GUNS.replace("with", "off Lisbon with"), "names", "unknown-name"),
    (GUNS.replace("a diving bell", 'a "silver bell"'), "quoted words", "not-in-source"),
    (GUNS.replace("came", "never came"), "negation", "unsupported-negation"),
    (GUNS.replace("came", "only came"), "logic words", "unsupported-logic"),
    (GUNS.replace(" in 1664", ", and merchants melted bronze in 1664"), "clauses", "unsupported-clause"),
    (GUNS.replace("came", "perhaps came"), "hedges", "kind-mismatch"),
]


def _with(inputs: Inputs, file: str, old: str, new: str) -> Inputs:
    text = inputs.facts[file].decode()
    assert old in text
    return replace(inputs, facts={**inputs.facts, file: text.replace(old, new, 1).encode()})


def _report(inputs: Inputs) -> Report:
    outcome = check(inputs)
    return report(outcome.briefing, outcome.problems)


def _of(inputs: Inputs, fact_id: str) -> FactChecks:
    return next(one for one in _report(inputs).facts if one.fact.id == fact_id)


def _codes(problems: tuple[Problem, ...]) -> set[str]:
    return {problem.code for problem in problems}


@pytest.mark.parametrize(("says", "name", "code"), ERRORS, ids=[f"{name} {code}" for _, name, code in ERRORS])
def test_what_a_rule_reports_was_compared(says: str, name: str, code: str, vasa: Inputs) -> None:
    right = _of(vasa, "guns-recovered")
    assert right.problems == ()
    wrong = _of(_with(vasa, AFTERLIFE, GUNS, says), "guns-recovered")
    assert code in _codes(wrong.problems)
    assert code in CODES[name]
    assert wrong.results[name] in COMPARED
    changed = {one for one in COMPARISONS if right.results[one] != wrong.results[one]}
    # Words with an opposite in a sentence with a negation are left out.
    assert changed <= {name, *({"opposites"} if name == "negation" else ())}, "the other comparisons are as before"


def test_opposite_was_compared(vasa: Inputs) -> None:
    wrong = _of(_with(vasa, LOSS, "through the open gunports", "through the secret gunports"), "gunports-open")
    assert "opposite-word" in _codes(wrong.problems)
    assert wrong.results["opposites"] == "pinned"


def test_speaker_was_compared(vasa: Inputs) -> None:
    wrong = _of(_with(vasa, LOSS, "by: hein-jakobsson", "by: fred-hocker"), "built-as-approved")
    assert "not-in-source" in _codes(wrong.problems)
    assert wrong.results["speakers"] == "pinned"


def test_without_text_nothing_is_compared(vasa: Inputs) -> None:
    says = "The Vasa Museum dates its opening to 15 June 1990."
    new = "The Vasa Museum perhaps never dates its opening to 16 June 1990, with 7 guests from Lisbon."
    found = _of(_with(vasa, AFTERLIFE, says, new), "museum-opening-day")
    made = {name: result for name, result in found.results.items() if result != "nothing to compare"}
    assert set(made.values()) == {"no text"}
    assert {"numbers", "dates", "names", "negation", "hedges"} <= made.keys()


QUOTATION = (
    "{source: museum, quote: Museet öppnade den 15 juni 1990, translation: The museum opened on 15 June 1990,"
    " seen: {date: 2026-02-02, form: printed}}"
)


def test_quotation_and_what_it_lacks(vasa: Inputs) -> None:
    says = "The Vasa Museum dates its opening to 15 June 1990."
    inputs = _with(vasa, AFTERLIFE, "cite: museum", f"cite: {QUOTATION}")
    assert _of(inputs, "museum-opening-day").results["numbers"] == "quoted"
    more = _with(inputs, AFTERLIFE, says, "The Vasa Museum dates its opening to noon, with 700 guests.")
    found = _of(more, "museum-opening-day")
    assert "not-in-source" in _codes(found.problems)
    assert found.results["numbers"] == "quoted"
    found = _of(_with(more, AFTERLIFE, "cite: {", "from_unpinned: ['700']\n        cite: {"), "museum-opening-day")
    assert "not-in-source" not in _codes(found.problems)
    assert (found.results["numbers"], found.results["dates"]) == ("declared", "quoted")


def test_fact_on_both_a_pin_and_a_quotation(vasa: Inputs) -> None:
    inputs = _with(vasa, AFTERLIFE, "cite: museum", f"cite: [account:10, {QUOTATION}]")
    assert _of(inputs, "museum-opening-day").results["numbers"] == "pinned and quoted"
    museum = next(one for one in _report(inputs).sources if one.source.id == "museum")
    assert museum.results["quoted"] > 0
    assert museum.results["pinned"] == 0, "each source counts with its own words alone"


def test_sources_count_their_facts_and_comparisons(vasa: Inputs) -> None:
    found = _report(vasa)
    account, museum = found.sources
    assert (account.source.id, account.facts, account.unchecked) == ("account", len(found.facts) - 1, 0)
    assert (museum.source.id, museum.facts, museum.compared) == ("museum", 1, 0)
    assert museum.unchecked > 0
    results = [result for one in found.facts for result in one.results.values()]
    assert account.compared == sum(result in COMPARED for result in results)
    assert sum(account.results.values()) == account.facts * len(COMPARISONS)


def test_only_current_facts_are_reported(vasa: Inputs) -> None:
    retired = _with(
        vasa, AFTERLIFE, f"says: {GUNS}", f"says: {GUNS}\n        retired: The account was wrong about the guns."
    )
    gone = {one.fact.id for one in _report(vasa).facts} - {one.fact.id for one in _report(retired).facts}
    assert gone == {"guns-recovered"}


def test_other_language_limits_comparisons(vasa: Inputs) -> None:
    inputs = _with(vasa, "facts/pins/account.yml", "language: en", "language: sv")
    found = _of(_with(inputs, AFTERLIFE, GUNS, GUNS.replace("came", "never came")), "guns-recovered")
    assert found.results["numbers"] == "pinned"
    assert found.results["negation"] == "other language"


def test_every_comparison_has_codes_that_exist() -> None:
    assert tuple(CODES) == COMPARISONS
    assert {code for codes in CODES.values() for code in codes} <= set(get_args(Code))
    assert comparisons("") == comparisons("en") == set(COMPARISONS)
    assert {"numbers", "dates"} < comparisons("sv") < set(COMPARISONS)
