"""The first page: the answer, what we judge, what we do not know, and where to read on."""

from dataclasses import dataclass

from briefing import paths
from briefing.model import Briefing, Head
from briefing.views.sentence import Link, Sentence, sentences


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence of the bottom line with the facts under it, numbered through the whole of it."""

    says: str
    evidence: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A key judgment and the facts that it rests on."""

    id: str
    says: str
    likelihood: str
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
    """What the first page needs. ``topics`` leads on, each with the question that its page answers."""

    head: Head
    cutoff: str
    bottom_line: tuple[Answer, ...]
    judgments: tuple[Judged, ...]
    questions: tuple[Unknown, ...]
    topics: tuple[tuple[Link, str, int], ...]
    facts: int
    sources: int


def brief(briefing: Briefing) -> Brief:
    """The first page of a briefing without errors."""
    head = briefing.head
    assert head
    facts = briefing.fact_by_id

    def evidence(ids: tuple[str, ...]) -> tuple[Sentence, ...]:
        return sentences(briefing, tuple(facts[id] for id in ids))

    number = 0
    answers = []
    for part in head.bottom_line:
        links = tuple(Link(str(number + index), paths.fact(facts[id])) for index, id in enumerate(part.rests_on, 1))
        number += len(links)
        answers.append(Answer(part.says, links))
    return Brief(
        head=head,
        cutoff=head.cutoff.words,
        bottom_line=tuple(answers),
        judgments=tuple(
            Judged(j.id, j.says, j.likelihood, j.confidence, j.basis, j.would_change, evidence(j.rests_on))
            for j in head.judgments
        ),
        questions=tuple(
            Unknown(q.id, q.asks, q.known, q.looked_for, evidence(q.rests_on)) for q in head.open_questions
        ),
        topics=tuple(
            (
                Link(topic.title, paths.topic(topic)),
                topic.asks,
                sum(len(section.facts) for section in topic.sections),
            )
            for topic in briefing.topics
        ),
        facts=len(briefing.facts),
        sources=len(briefing.sources),
    )
