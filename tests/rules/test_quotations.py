"""Quotations are short, exact, complete, and from the place that their citation names."""

from dataclasses import replace

import pytest
from support import ROOT, TODAY

from briefing.compile import Inputs, check
from briefing.evidence.cited_texts import cited_texts, evidence_of
from briefing.evidence.pins import repin
from briefing.problems import Problem
from briefing.project.reader import read_inputs

SAMPLE = ROOT / "tests" / "explained"
HARBOUR, SOURCES, PIN = "facts/topics/harbour.yml", "facts/sources.yml", "facts/pins/report.yml"
BEFORE = b"  - title: Survey\n"
SEEN = "seen: {date: 1930-01-10, form: printed}"
CODES = {
    "insufficient-evidence",
    "long-quotation",
    "misattributed-quotation",
    "misquoted",
    "missing-field",
    "not-in-source",
    "read-too-early",
    "title-as-quotation",
    "too-much-quoted",
    "unknown-name",
    "unsupported-negation",
}


def _inputs(cite: str, says: str = "The quay was made longer in 1912.", paragraph: str = "") -> Inputs:
    """Return the sample with one more fact, and with another text of paragraph 4."""
    sample = replace(read_inputs(SAMPLE, TODAY), templates={})
    facts = {**sample.facts}
    if paragraph:
        lines = (SAMPLE / "report.txt").read_text(encoding="utf-8").splitlines()
        briefing = check(sample).briefing
        text = "\n".join([*lines[:3], paragraph])
        facts[PIN] = repin(briefing, briefing.source_by_id["report"], text).text.encode()
    fact = f"      - id: added\n        says: {says}\n        about: [quay]\n        cite:\n{cite}"
    facts[HARBOUR] = facts[HARBOUR].replace(BEFORE, fact.encode() + BEFORE)
    return replace(sample, facts=facts)


def _quoted(quote: str, source: str = "chart", more: str = SEEN) -> str:
    lines = [f"source: {source.partition(':')[0]}", f"quote: '{quote}'", more]
    if ":" in source:
        lines.append(f"part: {source.partition(':')[2]}")
    return "          - " + "\n            ".join(lines) + "\n"


def _problems(inputs: Inputs) -> list[Problem]:
    # A tenth of the sample's pinned text is only three words.
    ignored = {"too-much-quoted"} if b"part: " in inputs.facts[HARBOUR] else set()
    return [problem for problem in check(inputs).problems if problem.code in CODES - ignored]


def _codes(*arguments: str) -> set[str]:
    return {str(problem.code) for problem in _problems(_inputs(*arguments))}


@pytest.mark.parametrize(
    ("quote", "paragraph", "codes"),
    [
        ("fine harbour", "It is a ﬁne harbour.", set()),
        ("an international harbour", "It is an inter- national harbour.", set()),
        ("an inter- national harbour", "It is an international harbour.", set()),
        ("an international harbour", "It is an inter\u00adnational harbour.", set()),
        ("two- and three-year terms", "They have two- and three-year terms.", set()),
        ("4.8 metres", "The basin is 4·8 metres deep.", set()),
        ("[sic] metrs", "It has 4 [sic] metrs.", set()),
        ("[the] harbour", "It is the harbour.", {"misquoted"}),
        ("It is a good harbour", "It is a fine harbour.", {"misquoted"}),
        ("a quay of stone", "It is a fine harbour.", {"misattributed-quotation"}),
    ],
)
def test_quotation_of_a_pinned_paragraph_is_exact(quote: str, paragraph: str, codes: set[str]) -> None:
    says = "The harbour is fine."
    assert _codes(_quoted(quote, "report:4"), says, paragraph) - {"not-in-source", "unknown-name"} == codes


def test_the_right_place_of_a_misattributed_quotation_is_named() -> None:
    found = _problems(_inputs(_quoted("a quay of stone", "report:4"), "The weather was fine."))
    (problem,) = [one for one in found if "quotation" in one.code]
    assert problem.hint == "cite report:1"
    assert problem.severity == "error"


def test_words_of_a_pinned_source_under_another_name_are_reported() -> None:
    words = "the quay was made longer by 40 metres"
    (problem,) = _problems(_inputs(_quoted(words), "The quay was made longer."))
    assert (problem.code, problem.severity) == ("misattributed-quotation", "warning")
    assert "¶2 of 'report'" in problem.message


def test_two_sources_may_have_the_same_words() -> None:
    cite = _quoted("the quay grew again") + _quoted("the quay grew again", "report:2")
    paragraph = "The weather was fine."
    assert "misattributed-quotation" not in _codes(_quoted("the quay grew again"), "The quay grew again.", paragraph)
    (problem,) = [one for one in _problems(_inputs(cite)) if one.code == "misquoted"]
    assert "'again'" in problem.message


@pytest.mark.parametrize(
    ("says", "codes"),
    [
        ("The quay was made longer by 40 metres.", set()),
        ("The quay was made longer by 50 metres.", {"not-in-source"}),
        ("The quay was not made longer.", {"unsupported-negation"}),
        ("The quay was made longer by Alice.", {"unknown-name"}),
    ],
)
def test_a_fact_is_compared_with_its_quotation(says: str, codes: set[str]) -> None:
    assert _codes(_quoted("they made the quay 40 metres longer"), says) == codes


def test_a_translation_counts_as_words_of_the_source() -> None:
    inputs = _inputs(_quoted("причал стал длиннее на 40 метров"), "The quay was made longer.")
    russian = inputs.facts[SOURCES].replace(b"  reliability: C\n", b"  reliability: C\n  language: ru\n")
    messages = {problem.message for problem in _problems(replace(inputs, facts={**inputs.facts, SOURCES: russian}))}
    assert messages == {"a quotation in 'ru' needs 'translation'"}
    translated = f"{SEEN}\n            translation: the quay became 40 metres longer"
    inputs = _inputs(_quoted("причал стал длиннее", more=translated), "The quay was made longer by 40 metres.")
    found = _problems(replace(inputs, facts={**inputs.facts, SOURCES: russian}))
    # The other quotation of the sample still has no translation.
    assert [problem.code for problem in found] == ["missing-field"]


@pytest.mark.parametrize(
    ("cite", "codes"),
    [
        (_quoted("A chart of the harbour basin"), {"title-as-quotation"}),
        (_quoted(" ".join(["quay"] * 26)), {"long-quotation"}),
        (_quoted("the quay", more="prefix: of"), {"missing-field"}),
        ("          - source: chart\n            suffix: of the\n", {"missing-field"}),
        (_quoted("the quay", more="seen: {date: 1905-12-31, form: printed}"), {"read-too-early"}),
    ],
)
def test_quotations_are_short_and_complete(cite: str, codes: set[str]) -> None:
    assert _codes(cite, "The quay was made longer.") == codes


def test_quotations_do_not_become_a_copy() -> None:
    many = "".join(_quoted(" ".join([f"quay{number}"] * 25)) for number in range(13))
    assert _codes(many, "The quay was made longer.") == {"too-much-quoted"}
    found = check(_inputs(_quoted("In 1912 the quay was made longer", "report:2"))).problems
    assert "too-much-quoted" in {problem.code for problem in found}


def test_required_evidence() -> None:
    """Six facts of the sample cite no pinned source, and four of these have a quotation."""
    inputs = replace(read_inputs(SAMPLE, TODAY), templates={})
    briefing = inputs.facts["facts/briefing.yml"]
    for required, missing in (("none", 0), ("quote", 2), ("pin", 6)):
        for evidence in (required, f"{{report: {required}}}"):
            head = briefing.replace(b"evidence: none", f"evidence: {evidence}".encode())
            found = check(replace(inputs, facts={**inputs.facts, "facts/briefing.yml": head})).problems
            assert [problem.code for problem in found] == ["insufficient-evidence"] * missing


def test_kinds_of_support() -> None:
    quoted = check(_inputs(_quoted("the quay is longer"))).briefing
    cited = check(_inputs("          - chart\n")).briefing
    both = check(_inputs(_quoted("longer by 40 metres", "report:2"))).briefing
    assert evidence_of(cited_texts(quoted), quoted.fact_by_id["added"]) == {"quoted"}
    assert evidence_of(cited_texts(cited), cited.fact_by_id["added"]) == set()
    assert evidence_of(cited_texts(both), both.fact_by_id["added"]) == {"quoted", "pinned"}
    assert evidence_of(cited_texts(both), both.fact_by_id["quay-longer"]) == {"pinned"}


def test_a_quotation_is_located_however_it_is_written() -> None:
    """The position is that of the value, so a fix never replaces the quotation."""
    listed = _inputs(_quoted("the quay", more="seen: {date: 1930-01-10, form: print}"))
    mapped = _inputs("            {source: chart, quote: the quay, seen: {date: 1930-01-10, form: print}}\n")
    for inputs in (listed, mapped):
        (problem,) = [one for one in check(inputs).problems if one.code == "unknown-value"]
        line = inputs.facts[HARBOUR].decode().splitlines()[problem.place.line - 1]
        assert line[problem.place.column - 1 : problem.place.end_column - 1] == "print"
    unknown = _inputs("            {source: chrat, quote: the quay, seen: {date: 1930-01-10, form: printed}}\n")
    (problem,) = [one for one in check(unknown).problems if one.code == "unknown-source"]
    assert (problem.fix, problem.place.end_column - problem.place.column) == ("chart", len("chrat"))


def test_the_day_of_the_source_does_not_replace_another_date_in_the_quotation() -> None:
    says = "The quay was made longer on 2 June 1905."
    for quote, codes in (("today they made the quay longer", set()), ("made longer on 3 May 1904", {"not-in-source"})):
        inputs = _inputs(_quoted(quote), says)
        dated = inputs.facts[HARBOUR].replace(
            b"        about: [quay]\n        cite:\n          - source: chart",
            (b"        about: [quay]\n        when: 1905-06-02\n        cite:\n          - source: chart"),
        )
        sources = inputs.facts[SOURCES].replace(b"date: 1906", b"date: 1905-06-02")
        found = _problems(replace(inputs, facts={**inputs.facts, HARBOUR: dated, SOURCES: sources}))
        assert {problem.code for problem in found} == codes


def test_a_quotation_without_words_is_empty() -> None:
    found = check(_inputs(_quoted("…"), "The quay was made longer.")).problems
    assert "empty-value" in {problem.code for problem in found}


def test_a_field_of_a_citation_may_be_misspelt() -> None:
    inputs = _inputs("          - {source: chart, qoute: the quay, seen: {date: 1930-01-10, form: printed}}\n")
    hints = [problem.hint for problem in check(inputs).problems if problem.code == "unknown-field"]
    assert hints == ["did you mean 'quote'?"]
