"""Rules on how records fit together. Each rule is a generator from a briefing to problems."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from briefing.model.briefing import Briefing
from briefing.problems import Problem, Span
from briefing.rules.consistency import (
    check_dates,
    check_derivations,
    check_positions,
    check_speakers,
    check_targets,
)
from briefing.rules.contradictions import check_contradictions
from briefing.rules.evidence import (
    check_coverage,
    check_evidence,
    check_fit,
    check_named,
    check_pins,
    check_rests,
    check_titles,
)
from briefing.rules.exchanges import check_exchanges
from briefing.rules.identity import check_ids, check_moved, check_page_paths, check_published, check_withheld
from briefing.rules.judgments import check_consequences, check_horizons, check_likelihood, check_likelihood_words
from briefing.rules.meaning import check_double_negations, check_kinds, check_meaning
from briefing.rules.prose import check_bottom_line, check_comments
from briefing.rules.quotation import check_quotations, check_quoted_phrases, check_required_evidence
from briefing.rules.references import (
    check_answers,
    check_cells,
    check_citations,
    check_counts,
    check_doubles,
    check_grades,
    check_references,
    check_succession,
    check_tables,
    check_topics,
    check_unused,
    check_views,
)
from briefing.rules.root_causes import as_meant, report_once
from briefing.rules.tense import check_source_dates, check_tense
from briefing.rules.texts import check_texts

Rule = Callable[[Briefing], Iterator[Problem]]

# These check which records exist and which refer to which. A problem that they find would cause others in the same
# record, so the other rules ignore that record.
CAUSES: tuple[Rule, ...] = (
    check_ids,
    check_comments,
    check_counts,
    check_citations,
    check_references,
    check_topics,
    check_views,
)
RULES: tuple[Rule, ...] = (
    check_page_paths,
    check_moved,
    check_published,
    check_withheld,
    check_texts,
    check_succession,
    check_doubles,
    check_grades,
    check_tables,
    check_cells,
    check_unused,
    check_answers,
    check_bottom_line,
    check_tense,
    check_source_dates,
    check_dates,
    check_derivations,
    check_likelihood,
    check_horizons,
    check_likelihood_words,
    check_consequences,
    check_positions,
    check_speakers,
    check_targets,
    check_pins,
    check_quotations,
    check_quoted_phrases,
    check_required_evidence,
    check_evidence,
    check_fit,
    check_named,
    check_double_negations,
    check_meaning,
    check_contradictions,
    check_exchanges,
    check_kinds,
    check_rests,
    check_titles,
    check_coverage,
)

# These look for names in sentences. Without all names they would take one for a word, or for part of another name.
_NEED_NAMES: frozenset[Rule] = frozenset(
    {
        check_speakers,
        check_evidence,
        check_fit,
        check_named,
        check_meaning,
        check_contradictions,
        check_exchanges,
        check_rests,
        check_titles,
    }
)

# Pages cannot be rendered without these, so they also apply to earlier revisions of the facts.
STRUCTURE: tuple[Rule, ...] = (
    check_ids,
    check_page_paths,
    check_citations,
    check_references,
    check_topics,
    check_tables,
)


def check_records(briefing: Briefing) -> Iterator[Problem]:
    """Yield the problems of all rules, one for each cause. A record with a broken reference is not checked further."""
    found = report_once(briefing, [problem for rule in CAUSES for problem in rule(briefing)])
    yield from found
    briefing = _without_affected(briefing, found)
    for rule in RULES:
        if briefing.has_all_names or rule not in _NEED_NAMES:
            yield from rule(briefing)


def _without_affected(briefing: Briefing, problems: list[Problem]) -> Briefing:
    """Return the briefing for the remaining rules, which ignore each record that has one of the problems.

    They also ignore each fact that cites a source which could not be read completely.
    """
    records = _by_place(briefing)
    wrong = {_id_at(records, problem) or problem.place.file for problem in problems}
    # A record with a misspelt id is ignored under its correct id.
    wrong |= {problem.expected for problem in problems if problem.code == "misspelt-id"}
    sources = briefing.source_by_id.keys() - briefing.failed
    wrong |= {fact.id for fact in briefing.facts if not sources.issuperset(cited.source for cited in fact.cite)}
    if not wrong:
        return briefing
    return replace(as_meant(briefing, problems), failed=briefing.failed | wrong)


def add_subjects(briefing: Briefing, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems; one without a subject gets the id of its record or topic."""
    records = _by_place(briefing)
    topics = {topic.at().file: topic.id for topic in briefing.topics}
    for problem in problems:
        subject = problem.subject or _id_at(records, problem) or topics.get(problem.place.file, "")
        yield problem if problem.subject else replace(problem, subject=subject)


def _by_place(briefing: Briefing) -> Mapping[str, list[tuple[Span, str]]]:
    """Return the span and id of each record, by file and in order. Records do not overlap."""
    records: dict[str, list[tuple[Span, str]]] = {}
    for record in briefing.records():
        records.setdefault(record.at().file, []).append((record.at(), record.id))
    return {file: sorted(found) for file, found in records.items()}


def _id_at(records: Mapping[str, list[tuple[Span, str]]], problem: Problem) -> str:
    """Return the id of the record that contains the problem, or an empty string."""
    place = problem.place
    inside = records.get(place.file, [])
    before = bisect_right(inside, (place.line, place.column), key=lambda record: (record[0].line, record[0].column))
    if before:
        span, record_id = inside[before - 1]
        if (place.line, place.column) <= (span.end_line, span.end_column):
            return record_id
    return ""
