"""The home page: bottom line, key judgments, open questions and topics."""

from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import LIKELIHOOD
from briefing.model.records import BriefingHead, Source
from briefing.text.language import N_, Language
from briefing.views.labels import LIKELIHOODS, format_percentages
from briefing.views.statement import Answer, Link, Sentence, answers, named_sentences, topic_link
from briefing.views.table import TableView, table_view
from briefing.views.timeline.events import Moment, milestones

_CONFIDENCE = {
    "low": N_("Low confidence."),
    "moderate": N_("Moderate confidence."),
    "high": N_("High confidence."),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A key judgment and the facts that it is based on. ``confidence`` is a sentence."""

    id: str
    says: str
    likelihood: str
    range: str
    confidence: str
    basis: str
    would_change: str
    evidence: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """An open question, what is known about it, and where we looked."""

    id: str
    asks: str
    known: str
    looked_for: str
    evidence: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The content of the home page. ``base`` lists each source under analysis with its description and reliability.
    ``topics`` lists each topic with the question that its page answers and the number of its facts.
    """

    head: BriefingHead
    base: tuple[tuple[Link, str, str], ...]
    bottom_line: tuple[Answer, ...]
    judgments: tuple[Judged, ...]
    questions: tuple[Unknown, ...]
    topics: tuple[tuple[Link, str, int], ...]
    profile: TableView | None
    contrast: str
    sides: tuple[tuple[str, tuple[Sentence, ...]], ...]
    milestones: tuple[Moment, ...]


def _range(language: Language, likelihood: str) -> str:
    low, high = LIKELIHOOD[likelihood]
    return format_percentages(language, low, high)


def _profiled(head: BriefingHead) -> tuple[str, ...]:
    """Return the ids of the facts that support the profile and the bottom line. Those with dates are the milestones."""
    fact_ids: list[str] = []
    if head.profile:
        for row in head.profile.rows:
            fact_ids += row.rests_on
    for sentence in head.bottom_line:
        fact_ids += sentence.rests_on
    return tuple(dict.fromkeys(fact_ids))


def brief(briefing: Briefing) -> Brief:
    """Return the content of the home page of a briefing without errors."""
    head = briefing.head
    assert head
    t = briefing.language
    profile = None
    if head.profile:
        profile = table_view(briefing, head.profile)
    contrast = ""
    sides: list[tuple[str, tuple[Sentence, ...]]] = []
    if head.contrast:
        contrast = head.contrast.title
        sides = [(side.title, named_sentences(briefing, side.facts)) for side in head.contrast.sides]
    return Brief(
        head=head,
        base=tuple(_base(briefing, briefing.source_by_id[source_id]) for source_id in head.based_on),
        bottom_line=answers(briefing, head.bottom_line),
        judgments=tuple(
            Judged(
                j.id,
                j.says,
                t.gettext(LIKELIHOODS[j.likelihood]),
                _range(t, j.likelihood),
                t.gettext(_CONFIDENCE[j.confidence]),
                j.basis,
                j.would_change,
                named_sentences(briefing, j.rests_on),
            )
            for j in head.judgments
        ),
        questions=questions(briefing),
        topics=tuple(
            (
                topic_link(topic),
                topic.asks,
                sum(len(briefing.current(section.facts)) for section in topic.sections),
            )
            for topic in briefing.topics
        ),
        profile=profile,
        contrast=contrast,
        sides=tuple(sides),
        milestones=milestones(briefing, _profiled(head)),
    )


def _base(briefing: Briefing, source: Source) -> tuple[Link, str, str]:
    label = f"{source.publisher}, {source.title}"
    if source.date:
        label = briefing.language.gettext(
            "%(source)s (%(date)s)", source=label, date=briefing.language.format_date(source.date)
        )
    return Link(label, routes.source(source.id)), source.note or "", source.reliability or ""


def questions(briefing: Briefing) -> tuple[Unknown, ...]:
    """Return the open questions in the order of the file, which is their order of importance."""
    assert briefing.head
    return tuple(
        Unknown(
            question.id,
            question.asks,
            question.known,
            question.looked_for,
            named_sentences(briefing, question.rests_on),
        )
        for question in briefing.head.open_questions
    )
