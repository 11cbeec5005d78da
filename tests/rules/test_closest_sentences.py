"""With the text of a source, a fact is compared with the closest sentences of its paragraphs."""

from dataclasses import replace

import pytest
from support import ROOT, TODAY

from briefing.compile import Inputs, check
from briefing.evidence.pins import repin
from briefing.project.reader import read_inputs

SAMPLE = ROOT / "tests" / "explained"
HARBOUR, PIN = "facts/topics/harbour.yml", "facts/pins/report.yml"
BEFORE = b"  - title: Survey\n"
CODES: set[str] = {
    "denied-in-source",
    "hedged-in-source",
    "names-reversed",
    "opposite-word",
    "unattributed",
    "unsupported-logic",
    "unsupported-negation",
}


def _with(says: str, paragraph: str, more: str = "") -> tuple[Inputs, str]:
    """Return the sample with one more fact, which cites this paragraph, and the text of its source."""
    sample = replace(read_inputs(SAMPLE, TODAY), templates={})
    text = "\n".join([*(SAMPLE / "report.txt").read_text(encoding="utf-8").splitlines()[:3], paragraph])
    briefing = check(sample).briefing
    pin = repin(briefing, briefing.source_by_id["report"], text).text.encode()
    fact = f"      - id: added\n        says: {says}\n        about: [quay]\n        cite: report:4\n{more}"
    harbour = sample.facts[HARBOUR].replace(BEFORE, fact.encode() + BEFORE)
    return replace(sample, facts={**sample.facts, HARBOUR: harbour, PIN: pin}), text


def _found(says: str, paragraph: str, more: str = "") -> tuple[set[str], set[str]]:
    """Return the codes that are found without the text, and those that are found only with it."""
    inputs, text = _with(says, paragraph, more)
    without = CODES & {one.code for one in check(inputs).problems if one.subject == "added"}
    found = CODES & {one.code for one in check(inputs, {"report": text}).problems if one.subject == "added"}
    return without, found - without


@pytest.mark.parametrize(
    ("says", "paragraph", "code"),
    [
        (
            "The mayor and his guests opened the west gate of the quay by force.",
            "The mayor and his guests did not open the west gate of the quay. The mayor was ill. Some guests left the"
            " quay. Later the west gate opened by force.",
            "denied-in-source",
        ),
        (
            "All masons of the quay came from the north.",
            "The masons of the quay came from the north. All carpenters were paid in silver each week.",
            "unsupported-logic",
        ),
        (
            "The new quay reaches the stone bridge with pillars of oak.",
            "The new quay may reach the stone bridge with pillars of oak. Pillars of oak and a stone bridge reach far.",
            "hedged-in-source",
        ),
        (
            "The quay is too short for large steamers.",
            "“The quay is too short for large steamers,” the pilot said. It was painted.",
            "unattributed",
        ),
        (
            "The Port Authority paid Sweden for the quay.",
            "Sweden paid the Port Authority for the quay. It was painted.",
            "names-reversed",
        ),
    ],
)
def test_text_shows_what_the_pin_cannot(says: str, paragraph: str, code: str) -> None:
    assert _found(says, paragraph) == (set(), {code})


@pytest.mark.parametrize(
    ("says", "paragraph", "more"),
    [
        (
            "The mayor opened the west gate of the quay with a long speech.",
            "The quay of the guild lost no ships. The mayor opened the west gate of the quay with a long speech.",
            "",
        ),
        ("Masons of the quay came from the north.", "The masons of the quay came from the north. All went home.", ""),
        (
            "The quay is too short for large steamers, says the pilot.",
            "“The quay is too short for large steamers,” the pilot said.",
            "",
        ),
        (
            "The quay is too short for large steamers of the Port Authority.",
            "“The quay is too short for large steamers,” the Port Authority said.",
            "        by: port-authority\n        kind: position\n",
        ),
        (
            "The report takes the quay for too short.",
            "The quay is too short, the pilot said.",
            "",
        ),
        (
            "The pilot had built the quay of stone.",
            "The pilot, who had built the quay of stone, said that it was safe.",
            "",
        ),
        ("The Port Authority was paid by Sweden for the quay.", "Sweden paid the Port Authority for the quay.", ""),
        ("The Port Authority and Sweden own the quay.", "The quay belongs to Sweden and the Port Authority.", ""),
    ],
)
def test_honest_paraphrase_is_not_reported(says: str, paragraph: str, more: str) -> None:
    assert _found(says, paragraph, more) == (set(), set())


def test_nothing_is_compared_while_a_name_is_missing() -> None:
    inputs, text = _with("The quay is too short for ships.", "“The quay is too short for ships,” the pilot said.")
    assert "unattributed" in {one.code for one in check(inputs, {"report": text}).problems}
    broken = replace(inputs, facts={**inputs.facts, "facts/actors.yml": b"- id: sweden\n  name: {\n"})
    assert not CODES & {one.code for one in check(broken, {"report": text}).problems}


def test_finding_of_the_pin_is_not_repeated() -> None:
    inputs, text = _with("The quay did not grow.", "The quay grew. It was painted.")
    found = [one.code for one in check(inputs, {"report": text}).problems if one.subject == "added"]
    assert found.count("unsupported-negation") == 1
