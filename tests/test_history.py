"""Change: what a fact said before, since when it stands, and what became of those that no longer do."""

from dataclasses import replace

from briefing.compile import Inputs, Outcome, compile

LOSS = "facts/topics/loss.yml"
AFTERLIFE = "facts/topics/afterlife.yml"


def _edited(inputs: Inputs, file: str, *edits: tuple[str, str]) -> Inputs:
    text = inputs.facts[file].decode()
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return replace(inputs, facts={**inputs.facts, file: text.encode()})


def _pages(outcome: Outcome) -> dict[str, str]:
    assert outcome.problems == ()
    return {page.path: page.text for page in outcome.pages}


def test_a_superseded_fact_keeps_its_page_and_leads_on(vasa: Inputs) -> None:
    newer = (
        "      - id: wreck-found-again\n        says: In 1956 the wreck was found by Franzén.\n"
        "        about: [anders-franzen, wreck-site]\n        when: 1956\n        cite: account:9\n"
        "        supersedes: wreck-found\n      - id: raised\n"
    )
    pages = _pages(compile(_edited(vasa, AFTERLIFE, ("      - id: raised\n", newer))))
    old = "Anders Franzén found the wreck in 1956."
    assert [path for path, text in pages.items() if old in text] == ["f/wreck-found.md", "f/wreck-found-again.md"]
    assert '!!! corrected "Superseded: this no longer stands"\n    Now: In 1956 the wreck' in pages["f/wreck-found.md"]
    assert "search:\n  exclude: true" in pages["f/wreck-found.md"]
    assert "## What it supersedes" in pages["f/wreck-found-again.md"]


def test_a_retired_fact_says_why(vasa: Inputs) -> None:
    edit = ("cite: account:8\n", "cite: account:8\n        retired: The number was never counted.\n")
    inputs = _edited(vasa, AFTERLIFE, edit)
    assert [p.code for p in compile(inputs).problems] == ["uncited-paragraph"], "what is retired covers nothing"
    pages = _pages(compile(_edited(inputs, "facts/sources.yml", ("parts: 6", "parts: [6, 8]"))))
    assert [path for path, text in pages.items() if "More than 50 guns" in text] == ["f/guns-recovered.md"]
    assert "    The number was never counted.\n" in pages["f/guns-recovered.md"]
