"""The whole walk: what an editor wrote, in; pages and problems, out. No disk, no clock, no printing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from briefing import paths
from briefing.feed import feed
from briefing.history import NO_HISTORY, History
from briefing.model import Briefing
from briefing.parse import parse
from briefing.problems import Problem, Span, did_you_mean, has_errors
from briefing.render import Download, Page, Renderer
from briefing.rules import RULES, STRUCTURE
from briefing.rules.prose import check_loose_ends
from briefing.rules.wording import check_wording


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a site is made of: facts by path from the briefing's folder, templates by name, pages written by hand
    by path from ``docs/``; ``address`` is where the site is published, with a slash at its end (empty: not said);
    ``history`` is that of the facts.
    """

    facts: Mapping[str, bytes]
    templates: Mapping[str, str]
    handwritten: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    history: History = NO_HISTORY


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out. ``pages`` and ``files`` are empty where a problem is an error."""

    briefing: Briefing
    problems: tuple[Problem, ...]
    pages: tuple[Page, ...] = ()
    files: tuple[Download, ...] = ()


def check(inputs: Inputs, texts: Mapping[str, str] | None = None) -> Outcome:
    """Read and check the facts; make no page. ``texts`` are those of sources that are at hand, by the source's id."""
    briefing, problems = parse(inputs.facts, frozenset(inputs.handwritten))
    for rule in RULES:
        problems += rule(briefing)
    problems += check_loose_ends(briefing, inputs.templates, inputs.handwritten)
    for id, text in (texts or {}).items():
        if source := briefing.source_by_id.get(id):
            problems += check_wording(briefing, source, text)
        else:
            help = did_you_mean(id, briefing.source_by_id)
            problems.append(Problem(Span("facts/sources.yml"), "unknown-source", f"there is no source '{id}'", help))
    return Outcome(briefing, tuple(sorted(set(problems))))


def check_past(inputs: Inputs) -> Outcome:
    """Read facts of another time, which knew other rules: only what keeps pages from being made is a problem."""
    briefing, problems = parse(inputs.facts, frozenset(inputs.handwritten))
    if briefing.head is None:
        return Outcome(briefing, tuple(sorted(set(problems))))
    known = tuple(pin for pin in briefing.pins if pin.source in briefing.source_by_id)
    briefing = replace(briefing, pins=known, failed=frozenset(), unread=frozenset())
    return Outcome(briefing, tuple(sorted({problem for rule in STRUCTURE for problem in rule(briefing)})))


def compile(inputs: Inputs, *, past: bool = False) -> Outcome:
    """Read and check the facts and make every page; ``past`` where they are those of another time."""
    checked = check_past(inputs) if past else check(inputs)
    if has_errors(checked.problems):
        return checked
    pages, faults = Renderer(inputs.templates, inputs.address).render(checked.briefing, inputs.history)
    problems = tuple(sorted({*checked.problems, *faults}))
    if has_errors(faults):
        return Outcome(checked.briefing, problems)
    return Outcome(checked.briefing, problems, tuple(pages), tuple(_files(checked.briefing, inputs)))


def _files(briefing: Briefing, inputs: Inputs) -> Iterator[Download]:
    """What is made besides pages. A feed has absolute addresses only: where there is none, there is no feed."""
    if inputs.history.revisions and inputs.address:
        yield Download(paths.FEED, feed(briefing, inputs.history, inputs.address))
