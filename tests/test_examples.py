"""The briefings in ``examples/`` work with the same code and the same templates."""

from pathlib import Path

import pytest
from support import ROOT

from briefing.compile import check, compile
from briefing.evidence import pins
from briefing.project.reader import read_inputs

EXAMPLES = sorted(path.parent for path in ROOT.glob("examples/*/mkdocs.yml"))
example = pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)


def test_examples_exist() -> None:
    assert EXAMPLES


@pytest.mark.slow
@example
def test_example_has_no_problems_and_enough_facts(folder: Path) -> None:
    outcome = compile(read_inputs(folder))
    assert outcome.problems == ()
    assert len(outcome.briefing.facts) >= 40
    assert len(outcome.briefing.facts_citing) >= 2
    assert {page.path for page in outcome.pages} >= {"index.md", "timeline.md", "views.md", "disputed.md", "sources.md"}


@example
def test_example_uses_the_packaged_templates(folder: Path) -> None:
    assert not (folder / "templates").exists()
    assert "custom_dir" not in (folder / "mkdocs.yml").read_text(encoding="utf-8")


@pytest.mark.slow
@example
def test_example_agrees_with_its_source_text(folder: Path) -> None:
    inputs = read_inputs(folder)
    briefing = check(inputs).briefing
    assert briefing.pins
    for pin in briefing.pins:
        text = (folder / f"{pin.source}.txt").read_text(encoding="utf-8")
        assert check(inputs, {pin.source: text}).problems == ()
        fresh = pins.repin(briefing, briefing.source_by_id[pin.source], text)
        assert fresh.text.encode() == inputs.facts[f"facts/pins/{pin.source}.yml"]
