"""Every fact that has a speaker, and the matrix of questions and speakers."""

from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.records import Actor, Fact
from briefing.views.statement import Link, Sentence, entity_link, sentences

# The number of speakers that a reader can compare side by side.
SIDE_BY_SIDE = 60


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker, the role in which they speak, and the number of their statements."""

    id: str
    link: Link
    roles: str
    count: int


def speakers(briefing: Briefing) -> tuple[Speaker, ...]:
    """Return the speakers by name."""
    actors = [actor for actor in briefing.actors if briefing.facts_by.get(actor.id)]
    actors.sort(key=lambda actor: actor.name)
    return tuple(
        Speaker(actor.id, entity_link(actor), format_roles(actor), len(briefing.facts_by[actor.id])) for actor in actors
    )


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the matrix with, for each speaker, the facts that answer it (none if no statement was found)."""

    id: str
    asks: str
    cells: tuple[tuple[Sentence, ...], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Questions, and the speakers who answer at least one of them. The first ``side_by_side`` speakers have columns."""

    speakers: tuple[Link, ...]
    questions: tuple[Question, ...]
    side_by_side: int


def matrix(briefing: Briefing) -> Matrix:
    """Return the matrix of views. Its columns are ordered by the number of questions answered, then by name."""
    assert briefing.head
    voices: dict[str, Link] = {}
    questions_of: dict[str, set[str]] = {}
    answers: dict[tuple[str, str], list[Fact]] = {}
    for fact in briefing.current_facts:
        if not fact.answers:
            continue
        key, link = _voice(briefing, fact)
        voices[key] = link
        questions_of.setdefault(key, set()).update(fact.answers)
        for question_id in fact.answers:
            answers.setdefault((question_id, key), []).append(fact)
    columns = sorted(voices, key=lambda key: (-len(questions_of[key]), voices[key].text))
    return Matrix(
        tuple(voices[key] for key in columns),
        tuple(
            Question(
                question.id,
                question.asks,
                tuple(sentences(briefing, answers.get((question.id, key), ())) for key in columns),
            )
            for question in briefing.head.views
        ),
        min(len(columns), SIDE_BY_SIDE),
    )


def _voice(briefing: Briefing, fact: Fact) -> tuple[str, Link]:
    """Return who answers: the speaker, or the source if it speaks in its own voice."""
    if fact.by:
        return fact.by, entity_link(briefing.entity_by_id[fact.by])
    source = briefing.source_by_id[fact.cite[0].source]
    return source.id, Link(source.publisher, routes.source(source.id))


def format_roles(actor: Actor) -> str:
    """Return an actor's roles as one text."""
    return "; ".join(role.says for role in actor.roles)
