"""The briefing of the documentation with one more fact, on a paragraph that is written for it and pinned."""

from dataclasses import replace
from functools import cache

from support import ROOT, TODAY

from briefing.compile import Inputs, check
from briefing.evidence.pins import repin
from briefing.project.reader import read_inputs

PIN = "facts/pins/report.yml"
_SAMPLE = ROOT / "tests" / "explained"
_HARBOUR = "facts/topics/harbour.yml"
_SURVEY = b"  - title: Survey\n"


@cache
def _sample() -> Inputs:
    return replace(read_inputs(_SAMPLE, TODAY), templates={})


def with_fact(says: str, cite: str, fields: str = "", among: Inputs | None = None) -> Inputs:
    """Return the briefing with the fact ``added``. ``fields`` are more of its fields, such as ``by: sweden``."""
    inputs = among or _sample()
    more = "".join(f"        {field}\n" for field in fields.split("; ") if field)
    fact = f"      - id: added\n        says: {says!r}\n        cite: {cite}\n        credibility: 2\n{more}".encode()
    harbour = inputs.facts[_HARBOUR].replace(_SURVEY, fact + _SURVEY)
    assert harbour != inputs.facts[_HARBOUR]
    return replace(inputs, facts={**inputs.facts, _HARBOUR: harbour})


def pinned(paragraph: str, among: Inputs | None = None) -> Inputs:
    """Return the briefing with a pin of its report, whose fourth paragraph is this one."""
    inputs = among or _sample()
    lines = (_SAMPLE / "report.txt").read_text(encoding="utf-8").splitlines()
    briefing = check(inputs).briefing
    text = repin(briefing, briefing.source_by_id["report"], "\n".join([*lines[:3], paragraph])).text
    return replace(inputs, facts={**inputs.facts, PIN: text.encode()})


def pinned_fact(says: str, paragraph: str, fields: str = "") -> Inputs:
    """Return the briefing with one more fact on a paragraph of its report, which is pinned."""
    return with_fact(says, "report:4", fields, pinned(paragraph))
