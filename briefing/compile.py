"""Run the whole pipeline in memory, from inputs to pages, files and problems.

This module does not access the disk or the clock, and does not print.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from briefing.exports.atom import has_feed
from briefing.exports.catalog import Download, DownloadSpec, download_specs, files
from briefing.exports.edition import Edition, Revision
from briefing.exports.json_records import edition
from briefing.model.briefing import Briefing
from briefing.model.history import NO_HISTORY, History
from briefing.model.parser import newer_format, parse
from briefing.pages.templates import Page, renderer_of
from briefing.problems import Problem, Severity, Span, did_you_mean, has_errors, sort_key
from briefing.rules import STRUCTURE, add_subjects, check_records
from briefing.rules.closest_sentences import check_sentences
from briefing.rules.comparisons import Report, report
from briefing.rules.evidence import suggest_paragraphs
from briefing.rules.front_matter import check_front_matter
from briefing.rules.prose import check_loose_ends
from briefing.rules.quotation import check_wording
from briefing.text.edtf import Edtf

__all__ = ["Inputs", "Outcome", "check", "compile"]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that a site is built from.

    ``facts`` have their paths in the briefing's folder as keys, ``templates`` their names, and ``markdown_pages`` their
    paths in ``docs/``. ``assets`` are the paths of the other files in ``docs/``. ``address`` is the URL of the
    published site with a slash at the end, or empty if unknown. ``revision`` is the state of the facts in version
    control, and ``history`` the changes that led to it. ``today`` is the date as of which the facts are checked.
    ``ignored`` are the paths of files that are in the wrong place or of a kind that is not read.
    """

    facts: Mapping[str, bytes]
    templates: Mapping[str, str]
    markdown_pages: Mapping[str, str] = field(default_factory=dict)
    assets: frozenset[str] = frozenset()
    address: str = ""
    revision: Revision | None = None
    history: History = NO_HISTORY
    today: Edtf | None = None
    ignored: frozenset[str] = frozenset()

    def text(self, file: str) -> str | None:
        """Return the text of a file that a problem refers to, or None if it is not among the inputs."""
        folder, _, name = file.partition("/")
        if file in self.facts:
            return self.facts[file].decode("utf-8-sig", errors="replace")
        return {"templates": self.templates, "docs": self.markdown_pages}.get(folder, {}).get(name)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of the pipeline. If any problem is an error, there are no pages, files, edition or draft."""

    briefing: Briefing
    problems: tuple[Problem, ...]
    pages: tuple[Page, ...] = ()
    files: tuple[Download, ...] = ()
    draft: "Draft | None" = field(default=None, repr=False)

    @property
    def edition(self) -> Edition | None:
        """The version of the facts that pages and files show."""
        if self.draft is None:
            return None
        return self.draft.edition


def check(inputs: Inputs, texts: Mapping[str, str] | None = None) -> Outcome:
    """Read and check the facts without rendering pages. ``texts`` are the full texts of sources by id."""
    # In a newer format nearly every record would have a problem, none of them the author's fault.
    newer = newer_format(inputs.facts)
    if newer:
        return Outcome(Briefing(None), (newer,))
    briefing, problems = parse(inputs.facts, inputs.assets.union(inputs.markdown_pages))
    briefing = replace(briefing, today=inputs.today)
    missing = {f"facts/topics/{topic}.yml" for topic in briefing.head.topics} if briefing.head else set()
    misplaced = [file for file in inputs.ignored if f"facts/{file}" in missing.difference(inputs.facts)]
    for file in inputs.ignored.difference(misplaced):
        hint = "move it, or write it as YAML in 'facts'"
        problems.append(Problem(Span(file), "ignored-file", "this file is not read", hint, Severity.NOTE))
    for file in misplaced:
        problems.append(Problem(Span(file), "unknown-file", "this file is not read", f"move it to 'facts/{file}'"))
    # References to the facts in it are not reported.
    briefing = replace(briefing, unread=briefing.unread.union(f"facts/{file}" for file in misplaced))
    problems += check_records(briefing)
    fronts = [*check_front_matter(inputs.markdown_pages)]
    problems += fronts
    # Front matter that cannot be read would be searched for numbers and names like the text below it.
    unread = {problem.place.file for problem in fronts}
    loose = check_loose_ends(briefing, inputs.templates, inputs.markdown_pages)
    problems += (problem for problem in loose if problem.place.file not in unread)
    for source_id, text in (texts or {}).items():
        source = briefing.source_by_id.get(source_id)
        if source:
            problems += check_wording(briefing, source, text)
            problems += check_sentences(briefing, source, text, problems)
        else:
            hint = did_you_mean(source_id, briefing.source_by_id)
            message = f"there is no source '{source_id}'"
            problems.append(Problem(Span("facts/sources.yml"), "unknown-source", message, hint, subject=source_id))
    return Outcome(briefing, _sorted(briefing, suggest_paragraphs(briefing, problems)))


def check_past(inputs: Inputs) -> Outcome:
    """Read an earlier state of the facts and report only problems that prevent rendering.

    The rules may have changed since then.
    """
    newer = newer_format(inputs.facts)
    if newer:
        return Outcome(Briefing(None), (newer,))
    briefing, problems = parse(inputs.facts, inputs.assets.union(inputs.markdown_pages), past=True)
    if briefing.head is None:
        return Outcome(briefing, _sorted(briefing, problems))
    # Files that could not be read are ignored here, so references to their records must be reported: a page could not
    # resolve them.
    known = tuple(pin for pin in briefing.pins if pin.source in briefing.source_by_id)
    briefing = replace(briefing, pins=known, failed=frozenset(), unread=frozenset())
    return Outcome(briefing, _sorted(briefing, (problem for rule in STRUCTURE for problem in rule(briefing))))


def _sorted(briefing: Briefing, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(add_subjects(briefing, problems)), key=sort_key))


class Draft:
    """A briefing without errors whose pages and files are rendered on demand."""

    def __init__(self, briefing: Briefing, problems: tuple[Problem, ...], inputs: Inputs) -> None:
        self.briefing = briefing
        self._problems = problems
        self._inputs = inputs
        self.edition = edition(briefing, inputs.address, inputs.revision)
        self._history = inputs.history.without({one.id for one in briefing.head.withheld} if briefing.head else ())
        renderer = renderer_of(inputs.templates, briefing.language)
        # The downloads and the report are passed as functions because only one page needs each.
        self.plan = renderer.plan(
            briefing, self.edition, lambda: self._download_specs, lambda: self._report, self._history
        )

    @cached_property
    def _download_specs(self) -> tuple[DownloadSpec, ...]:
        return download_specs(self.briefing, self.edition, self._report)

    @cached_property
    def _report(self) -> Report:
        return report(self.briefing, self._problems)

    @property
    def latest_change(self) -> str:
        """When a fact was last added or changed in more than wording; empty if not since the first publication."""
        return max(self.plan.changed.values(), default="")

    @property
    def has_feed(self) -> bool:
        """Whether the files include a feed of changes."""
        return has_feed(self.briefing, self.edition, self._history)

    @cached_property
    def files(self) -> tuple[Download, ...]:
        """Every file other than the pages."""
        pages = self._inputs.markdown_pages
        return files(self.briefing, self.edition, self._download_specs, pages, self._history)

    @cached_property
    def _data(self) -> dict[str, bytes]:
        return {file.path: file.data for file in self.files}

    def file(self, path: str) -> bytes:
        """Return the content of one of the files."""
        return self._data[path]


def draft(inputs: Inputs, *, past: bool = False) -> Outcome:
    """Read and check the facts. The draft renders single pages and files on demand.

    ``past`` reads an earlier state of the facts.
    """
    checked = check_past(inputs) if past else check(inputs)
    if has_errors(checked.problems):
        return checked
    return replace(checked, draft=Draft(checked.briefing, checked.problems, inputs))


def compile(inputs: Inputs, *, past: bool = False) -> Outcome:
    """Read and check the facts and render every page and file. ``past`` reads an earlier state of the facts."""
    outcome = draft(inputs, past=past)
    if outcome.draft is None:
        return outcome
    pages, faults = outcome.draft.plan.pages()
    problems = tuple(sorted({*outcome.problems, *faults}))
    # If a template failed, its page is missing and links to it would be broken.
    if has_errors(faults):
        return Outcome(outcome.briefing, problems)
    return replace(outcome, problems=problems, pages=tuple(pages), files=outcome.draft.files)
