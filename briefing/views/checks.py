"""The page of checks: what was compared with the sources, and how many errors that catches."""

from collections import Counter
from dataclasses import dataclass

from briefing.evidence.detection import Counts, Detection, detection
from briefing.evidence.languages import COMPARISONS
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.rules.comparisons import COMPARED, UNCHECKED, FactChecks, Report, Result, SourceChecks
from briefing.text.edtf import parse_edtf
from briefing.text.language import N_, Language
from briefing.views.labels import translate
from briefing.views.statement import Link, topic_link

# Each comparison, and what it looks for in the words of the source.
_COMPARISONS = {
    "numbers": (
        N_("numbers"),
        N_("the same number, with the same magnitude and unit, and no two that have changed places"),
    ),
    "dates": (N_("dates"), N_("the month, and each part of the date")),
    "names": (
        N_("names"),
        N_("a spelling of each actor, place and term, every other name, and no two that have changed places"),
    ),
    "speakers": (
        N_("speakers"),
        N_("a name of the person or body that is quoted, and no other speaker of the same words"),
    ),
    "quoted words": (N_("quoted words"), N_("each word between quotation marks, and words chosen by the editors")),
    "negation": (N_("negations"), N_("the same words denied, or not denied, as in the sentence")),
    "logic words": (N_("words of logic"), N_("support for “all”, “only” or “certain”")),
    "opposites": (
        N_("opposites"),
        N_("no word of the opposite meaning, such as “fell” for “rose”, near the same words"),
    ),
    "clauses": (N_("last clauses"), N_("at least one word of a clause at the end of the sentence")),
    "hedges": (N_("hedges"), N_("the same words with “may”, “would” or the like if the sentence has none")),
}
_RESULTS: dict[Result, str] = {
    "pinned": N_("Fingerprint: %(what)s"),
    "quoted": N_("Quotation: %(what)s"),
    "pinned and quoted": N_("Fingerprint and quotation: %(what)s"),
    "declared": N_("Not in the fingerprint or quotation: %(what)s"),
    "other language": N_("Not comparable in the language of the source: %(what)s"),
    "no text": N_("Neither fingerprint nor quotation: %(what)s"),
}
_SUPPORT = (
    (frozenset(("pinned", "pinned and quoted")), N_("fingerprint")),
    (frozenset(("quoted", "pinned and quoted")), N_("quotation")),
)
_ERRORS = {
    "Persian year": N_("A year of another calendar"),
    "arbitrary 'derived'": N_("An invented date, marked as derived"),
    "attribution dropped": N_("The words “according to” or “says” removed"),
    "better credibility": N_("An invented detail, with the best grade"),
    "bottom line: negated": N_("A “not” put into the bottom line"),
    "bottom line: number": N_("A number changed in the bottom line"),
    "cell of a table": N_("A number or date changed in a table"),
    "citation dropped": N_("One of several citations removed"),
    "clause added": N_("An invented clause at the end"),
    "common word in 'words'": N_("A wrong paragraph, confirmed by a common word"),
    "date made more precise": N_("A date made more precise"),
    "fact deleted": N_("A published fact removed"),
    "hedge removed": N_("A word such as “may” or “probably” removed"),
    "id misspelt": N_("A reference misspelt"),
    "judgment negated": N_("A “not” put into a judgment"),
    "kind changed": N_("A different kind of claim"),
    "likelihood against its word": N_("A likelihood that contradicts its sentence"),
    "magnitude or unit": N_("Millions for billions, or another unit"),
    "month in the sentence": N_("Another month"),
    "name swapped": N_("Another actor"),
    "negation put in": N_("A “not” or “never” put in"),
    "negation removed": N_("A “not” or “no” removed"),
    "number": N_("Another number"),
    "numbers exchanged": N_("Two numbers exchanged"),
    "opposite word": N_("A word of the opposite meaning"),
    "order or cause": N_("“Before” for “after”, or “because of” for “despite”"),
    "paragraph shifted": N_("The paragraph before or after cited"),
    "place swapped": N_("Another place"),
    "position or country": N_("Wrong coordinates or the wrong country"),
    "quotation altered": N_("A quoted word changed"),
    "roles swapped": N_("Two actors exchanged"),
    "rose and fell": N_("“Rose” for “fell”, with a number"),
    "scope": N_("“All” for “some”, or “always” added"),
    "sentences exchanged": N_("The sentence of another fact"),
    "speaker swapped or added": N_("Another speaker"),
    "speaker swapped within its source": N_("Another speaker from the same passage"),
    "target of a correction": N_("A correction of another fact"),
    "time unit": N_("Months for years"),
    "unknown name": N_("An invented name"),
    "unpinned citation beside": N_("An invented detail, with another source cited as well"),
    "unpinned citation instead": N_("An invented detail, with another source cited instead"),
    "year": N_("Another year"),
}
_HALVES = {
    "tuning": N_("The rules were chosen with these errors in view."),
    "held-out": N_("The rules were not chosen with these errors in view."),
    "all": N_("The rules were chosen with half of these errors in view."),
}
_SEVERITIES = {"error": N_("error"), "warning": N_("warning"), "note": N_("note")}


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """A kind of comparison, and for how many facts it was made or not made."""

    name: str
    looks_for: str
    compared: int
    unchecked: int


@dataclass(frozen=True, slots=True)
class Rate:
    """How many errors of a class were caught of those tried, also as a whole percentage rounded down.

    ``is_small`` says that the errors are too few for a percentage to mean much.
    """

    caught: int
    tried: int
    percentage: int
    is_small: bool


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """A class of error with its rates for facts with a fingerprint or a quotation together, and for facts on each
    basis. A rate is None if no such error was possible.
    """

    name: str
    caught: Rate | None
    pinned: Rate | None
    quoted: Rate | None
    cited_only: Rate | None


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """A rule that reported true statements, and how many errors it reported."""

    code: str
    severity: str
    false_alarms: int
    caught: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source, with what its facts were compared with (empty if with nothing)."""

    link: Link
    facts: int
    support: str
    compared: int
    unchecked: int


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A warning or note about a fact. The message is in English."""

    severity: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact with what was compared, and what was not."""

    anchor: str
    link: Link
    compared: tuple[str, ...]
    unchecked: tuple[str, ...]
    notes: tuple[FoundNote, ...]


@dataclass(frozen=True, slots=True)
class TopicRows:
    """The current facts of a topic in reading order."""

    topic: Link
    facts: tuple[FactRow, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """When and on what the rates were measured. ``mean`` is a whole percentage."""

    date: str
    version: str
    on: str
    mean: int
    paraphrases: Counts


@dataclass(frozen=True, slots=True)
class ChecksPage:
    """The content of the page. ``with_text`` counts the facts that were compared with a source."""

    facts: int
    with_text: int
    comparisons: tuple[ComparisonRow, ...]
    measured: Measured
    errors: tuple[ErrorRow, ...]
    alarms: tuple[AlarmRow, ...]
    sources: tuple[SourceRow, ...]
    topics: tuple[TopicRows, ...]


def checks_page(briefing: Briefing, report: Report) -> ChecksPage:
    """Return the content of the page of checks."""
    t = briefing.language
    measured = detection()
    return ChecksPage(
        facts=len(report.facts),
        with_text=sum(not COMPARED.isdisjoint(one.results.values()) for one in report.facts),
        comparisons=_comparison_rows(t, report),
        measured=_measured(t, measured),
        errors=_error_rows(t, measured),
        alarms=_alarm_rows(t, measured),
        sources=_source_rows(briefing, report),
        topics=_topic_rows(briefing, report),
    )


def _comparison_rows(t: Language, report: Report) -> tuple[ComparisonRow, ...]:
    counts = {name: Counter(one.results[name] for one in report.facts) for name in COMPARISONS}
    return tuple(
        ComparisonRow(
            t.gettext(_COMPARISONS[name][0]),
            t.gettext(_COMPARISONS[name][1]),
            sum(count for result, count in counts[name].items() if result in COMPARED),
            sum(count for result, count in counts[name].items() if result in UNCHECKED),
        )
        for name in COMPARISONS
    )


def _measured(t: Language, measured: Detection) -> Measured:
    return Measured(
        t.format_date(parse_edtf(measured.date)),
        measured.version,
        translate(t, _HALVES, measured.half),
        int(measured.mean()),
        measured.paraphrases,
    )


# Fewer errors than these have no percentage.
_FEW = 10


def _rate(counts: Counts | None) -> Rate | None:
    if counts is None:
        return None
    # Rounding to the nearest would show a class as caught completely when one error was missed.
    return Rate(counts.caught, counts.tried, 100 * counts.caught // counts.tried, counts.tried < _FEW)


def _error_rows(t: Language, measured: Detection) -> tuple[ErrorRow, ...]:
    """Return the classes of error: the one caught most often first, then by name."""
    on = {(one.name, one.basis): one.counts for one in measured.classes}
    pooled = measured.pooled()
    rows = [
        ErrorRow(
            translate(t, _ERRORS, name),
            _rate(pooled.get(name)),
            _rate(on.get((name, "pinned"))),
            _rate(on.get((name, "quoted"))),
            _rate(on.get((name, "cited only"))),
        )
        for name in dict.fromkeys(one.name for one in measured.classes)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.caught.percentage if row.caught else 1, row.name)))


def _alarm_rows(t: Language, measured: Detection) -> tuple[AlarmRow, ...]:
    """Return the rules with false alarms: the most severe first, then the one with the most."""
    severities = list(_SEVERITIES)
    rules = sorted(measured.rules, key=lambda one: (severities.index(one.severity), -one.false_alarms, one.code))
    return tuple(
        AlarmRow(one.code, translate(t, _SEVERITIES, one.severity), one.false_alarms, one.caught)
        for one in rules
        if one.false_alarms
    )


def _source_rows(briefing: Briefing, report: Report) -> tuple[SourceRow, ...]:
    """Return the sources: the one cited by most facts first, then by publisher and title."""
    ordered = sorted(report.sources, key=lambda one: (-one.facts, one.source.publisher, one.source.title))
    return tuple(
        SourceRow(
            Link(f"{one.source.publisher}: {one.source.title}", routes.source(one.source.id)),
            one.facts,
            briefing.language.format_list(_support(briefing.language, one)),
            one.compared,
            one.unchecked,
        )
        for one in ordered
    )


def _support(t: Language, checked: SourceChecks) -> list[str]:
    return [t.gettext(label) for results, label in _SUPPORT if results.intersection(checked.results)]


def _topic_rows(briefing: Briefing, report: Report) -> tuple[TopicRows, ...]:
    found: dict[str, list[FactRow]] = {topic.id: [] for topic in briefing.topics}
    for checked in report.facts:
        found[briefing.topic_of[checked.fact.id].id].append(_fact_row(briefing.language, checked))
    return tuple(TopicRows(topic_link(topic), tuple(found[topic.id])) for topic in briefing.topics if found[topic.id])


def _fact_row(t: Language, checked: FactChecks) -> FactRow:
    fact = checked.fact
    by_result: dict[Result, list[str]] = {}
    for name, result in checked.results.items():
        by_result.setdefault(result, []).append(t.gettext(_COMPARISONS[name][0]))
    texts = {
        result: t.gettext(label, what=", ".join(by_result[result]))
        for result, label in _RESULTS.items()
        if result in by_result
    }
    return FactRow(
        routes.fact_checks(fact).partition("#")[2],
        Link(fact.says, routes.fact(fact)),
        tuple(text for result, text in texts.items() if result in COMPARED),
        tuple(text for result, text in texts.items() if result in UNCHECKED),
        tuple(
            FoundNote(translate(t, _SEVERITIES, problem.severity), problem.code, problem.message)
            for problem in checked.problems
        ),
    )
