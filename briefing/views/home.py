"""The home page: bottom line, key judgments, open questions and further reading."""

from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import LIKELIHOOD
from briefing.model.records import BriefingHead
from briefing.views.statement import Answer, Link, Sentence, answers, named_sentences, topic_link
from briefing.views.table import TableView, table_view
from briefing.views.timeline.events import Moment, milestones


@dataclass(frozen=True, slots=True)
class Judged:
    """A key judgment and the facts that it rests on."""

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
    """An open question, what is known and what was looked for."""

    id: str
    asks: str
    known: str
    looked_for: str
    evidence: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """What the first page needs. ``base`` is what is examined, what it is and its reliability; ``topics`` leads on,
    each with the question that its page answers.
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


def _range(likelihood: str) -> str:
    low, high = LIKELIHOOD[likelihood]
    return f"{low}–{high} %"


def _profiled(head: BriefingHead) -> tuple[str, ...]:
    """The facts under the profile and the bottom line: those whose dates make the small timeline."""
    rows = head.profile.rows if head.profile else ()
    resting = [row.rests_on for row in rows] + [sentence.rests_on for sentence in head.bottom_line]
    return tuple(dict.fromkeys(id for ids in resting for id in ids))


def brief(briefing: Briefing) -> Brief:
    """The first page of a briefing without errors."""
    head = briefing.head
    assert head
    return Brief(
        head=head,
        base=tuple(
            (
                Link(
                    f"{source.publisher}, {source.title}{f' ({source.date.words})' if source.date else ''}",
                    routes.source(id),
                ),
                source.note or "",
                source.reliability or "",
            )
            for id in head.based_on
            for source in [briefing.source_by_id[id]]
        ),
        bottom_line=answers(briefing, head.bottom_line),
        judgments=tuple(
            Judged(
                j.id,
                j.says,
                j.likelihood,
                _range(j.likelihood),
                j.confidence,
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
        profile=table_view(briefing, head.profile) if head.profile else None,
        contrast=head.contrast.title if head.contrast else "",
        sides=tuple((side.title, named_sentences(briefing, side.facts)) for side in head.contrast.sides)
        if head.contrast
        else (),
        milestones=milestones(briefing, _profiled(head)),
    )


def questions(briefing: Briefing) -> tuple[Unknown, ...]:
    """The open questions, in the order of importance in which they are written."""
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
