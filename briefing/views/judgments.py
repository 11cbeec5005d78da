"""The page of key judgments: each with its grounds and what to watch, and how earlier ones turned out."""

from collections.abc import Iterable
from dataclasses import dataclass

from briefing.model.briefing import Briefing
from briefing.model.fields import LIKELIHOOD
from briefing.model.records import Indicator, Judgment, Outcome
from briefing.model.review_dates import is_overdue
from briefing.text.edtf import Edtf
from briefing.text.language import N_, Language
from briefing.views.labels import LIKELIHOODS, MOVES, RESULTS, format_percentages
from briefing.views.statement import EvidenceMark, Numbering, Sentence, named_sentences

_CONFIDENCE = {
    "low": N_("Low confidence."),
    "moderate": N_("Moderate confidence."),
    "high": N_("High confidence."),
}


@dataclass(frozen=True, slots=True)
class Argued:
    """A statement, the reason that goes with it, and numbers that lead to the facts behind it."""

    says: str
    because: str
    evidence: tuple[EvidenceMark, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """An indicator. ``is_overdue``: its date has passed, and no observation is recorded."""

    says: str
    where: str
    until: str
    moves: str
    observed: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Resolved:
    """How a judgment turned out."""

    result: str
    date: str
    says: str
    evidence: tuple[EvidenceMark, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A key judgment. ``confidence`` is a sentence; ``horizon`` is empty if the judgment is about the past.

    ``is_overdue``: its horizon has passed, and it has no outcome yet.
    """

    id: str
    says: str
    likelihood: str
    range: str
    confidence: str
    horizon: str
    is_overdue: bool
    basis: str
    would_change: str
    evidence: tuple[Sentence, ...]
    assumptions: tuple[str, ...]
    alternatives: tuple[Argued, ...]
    against: tuple[Argued, ...]
    implications: tuple[tuple[str, str], ...]
    indicators: tuple[Watched, ...]
    changed: str
    outcome: Resolved | None


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """The track record: how many judgments had an outcome, and how many of them were right, for each likelihood.

    ``next`` is the date of the next horizon, and ``brier`` the mean Brier score, or empty if there is none.
    """

    rows: tuple[tuple[str, str, int, int], ...]
    unclear: int
    brier: str
    next: str


def judgments(briefing: Briefing, numbering: Numbering) -> tuple[Judged, ...]:
    """Return the key judgments in the order of the file."""
    assert briefing.head
    return tuple(_judged(briefing, numbering, judgment) for judgment in briefing.head.judgments)


def _judged(briefing: Briefing, numbering: Numbering, judgment: Judgment) -> Judged:
    t = briefing.language
    horizon = judgment.horizon if isinstance(judgment.horizon, Edtf) else None
    outcome = judgment.outcome
    return Judged(
        id=judgment.id,
        says=judgment.says,
        likelihood=t.gettext(LIKELIHOODS[judgment.likelihood]),
        range=_range(t, judgment.likelihood),
        confidence=t.gettext(_CONFIDENCE[judgment.confidence]),
        horizon=t.format_date(horizon) if horizon else "",
        is_overdue=outcome is None and is_overdue(briefing, horizon),
        basis=judgment.basis,
        would_change=judgment.would_change,
        evidence=named_sentences(briefing, judgment.rests_on),
        assumptions=judgment.assumptions,
        alternatives=tuple(
            Argued(one.says, one.because, numbering.marks(one.rests_on)) for one in judgment.alternatives
        ),
        against=tuple(Argued(one.says, "", numbering.marks(one.rests_on)) for one in judgment.against),
        implications=tuple((one.whom, one.says) for one in judgment.implications),
        indicators=tuple(_watched(briefing, one) for one in judgment.indicators),
        changed=judgment.changed or "",
        outcome=_resolved(briefing.language, numbering, outcome) if outcome else None,
    )


def _resolved(t: Language, numbering: Numbering, outcome: Outcome) -> Resolved:
    return Resolved(
        t.gettext(RESULTS[outcome.result]),
        t.format_date(outcome.decided),
        outcome.says,
        numbering.marks(outcome.rests_on),
    )


def _watched(briefing: Briefing, indicator: Indicator) -> Watched:
    t = briefing.language
    return Watched(
        indicator.says,
        indicator.where,
        t.format_date(indicator.until),
        t.gettext(MOVES[indicator.moves]),
        indicator.observed or "",
        not indicator.observed and is_overdue(briefing, indicator.until),
    )


def track_record(briefing: Briefing) -> TrackRecord:
    """Return how the judgments turned out."""
    assert briefing.head
    t = briefing.language
    decided = [
        (judgment.likelihood, judgment.outcome.result == "right")
        for judgment in briefing.head.judgments
        if judgment.outcome and judgment.outcome.result != "unclear"
    ]
    rows = []
    for likelihood in LIKELIHOOD:
        results = [was_right for term, was_right in decided if term == likelihood]
        if results:
            rows.append((t.gettext(LIKELIHOODS[likelihood]), _range(t, likelihood), len(results), sum(results)))
    horizons = [
        judgment.horizon
        for judgment in briefing.head.judgments
        if judgment.outcome is None and isinstance(judgment.horizon, Edtf)
    ]
    return TrackRecord(
        rows=tuple(rows),
        unclear=sum(1 for one in briefing.head.judgments if one.outcome and one.outcome.result == "unclear"),
        brier=t.format_number(_brier(decided)) if decided else "",
        next=t.format_date(min(horizons, key=lambda date: date.latest, default=None)),
    )


def _brier(decided: Iterable[tuple[str, bool]]) -> float:
    """Return the mean squared difference between likelihood and outcome, with the middle of each term's range."""
    errors = [(sum(LIKELIHOOD[likelihood]) / 200 - was_right) ** 2 for likelihood, was_right in decided]
    return round(sum(errors) / len(errors), 2)


def _range(language: Language, likelihood: str) -> str:
    low, high = LIKELIHOOD[likelihood]
    return format_percentages(language, low, high)
