"""Every fact that has a date, in order."""

from dataclasses import dataclass
from itertools import groupby

from briefing.dates import Edtf
from briefing.model import Briefing
from briefing.views.sentence import Sentence, sentence


@dataclass(frozen=True, slots=True)
class Moment:
    """A dated fact; ``derived`` says how the date was worked out and is empty where the source prints it."""

    when: str
    words: str
    derived: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Timeline:
    """Moments under the decade in which they begin: a heading is never more precise than a date under it."""

    decades: tuple[tuple[str, tuple[Moment, ...]], ...]
    count: int


def timeline(briefing: Briefing) -> Timeline:
    """Earliest first; of two that begin together the shorter first."""
    dated = sorted(((fact.when, fact) for fact in briefing.facts if fact.when), key=lambda pair: (pair[0], pair[1].id))
    moments = [
        (_decade(when), Moment(when.text, when.words, fact.derived or "", sentence(briefing, fact)))
        for when, fact in dated
    ]
    decades = tuple(
        (decade, tuple(moment for _, moment in group)) for decade, group in groupby(moments, key=lambda pair: pair[0])
    )
    return Timeline(decades, len(moments))


def _decade(when: Edtf) -> str:
    year = when.earliest[0]
    if year < -(10**11):
        return "Open beginning"
    return f"{year // 10 * 10}s" if year > 0 else "Before our era"
