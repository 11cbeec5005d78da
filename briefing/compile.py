"""The whole walk: what an editor wrote, in; pages and problems, out. No disk, no clock, no printing."""

from collections.abc import Mapping
from dataclasses import dataclass

from briefing.model import Briefing
from briefing.parse import parse
from briefing.problems import Problem, has_errors
from briefing.render import Page, Renderer
from briefing.rules import RULES


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a site is made of, by path from the briefing's folder; templates by name."""

    facts: Mapping[str, bytes]
    templates: Mapping[str, str]
    handwritten: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out. ``pages`` is empty where a problem is an error."""

    briefing: Briefing
    problems: tuple[Problem, ...]
    pages: tuple[Page, ...] = ()


def check(inputs: Inputs) -> Outcome:
    """Read and check the facts; make no page."""
    briefing, problems = parse(inputs.facts, inputs.handwritten)
    for rule in RULES:
        problems += rule(briefing)
    return Outcome(briefing, tuple(sorted(set(problems))))


def compile(inputs: Inputs) -> Outcome:
    """Read and check the facts and make every page."""
    checked = check(inputs)
    if has_errors(checked.problems):
        return checked
    pages, faults = Renderer(inputs.templates).render(checked.briefing)
    problems = tuple(sorted({*checked.problems, *faults}))
    return Outcome(checked.briefing, problems, () if has_errors(faults) else tuple(pages))
