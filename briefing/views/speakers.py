"""Who says what: every fact that has a speaker."""

from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.records import Actor, Fact
from briefing.views.statement import Link, Sentence, entity_link, sentences

SIDE_BY_SIDE = 60  # speakers


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker, in which role, and how many statements the speaker makes."""

    id: str
    link: Link
    roles: str
    count: int


def speakers(briefing: Briefing) -> tuple[Speaker, ...]:
    """The speakers by name."""
    heard = [(actor, facts) for actor in briefing.actors if (facts := briefing.facts_by.get(actor.id))]
    heard.sort(key=lambda pair: pair[0].name)
    return tuple(Speaker(actor.id, entity_link(actor), format_roles(actor), len(facts)) for actor, facts in heard)


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the matrix and, speaker by speaker, the facts that answer it (none: no statement found)."""

    id: str
    asks: str
    cells: tuple[tuple[Sentence, ...], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Questions × speakers: whoever answers at least one question. So many of them, the first, are put side by side:
    more than that nobody can overlook.
    """

    speakers: tuple[Link, ...]
    questions: tuple[Question, ...]
    side_by_side: int


def matrix(briefing: Briefing) -> Matrix:
    """The matrix of views: columns by how many questions they answer, then by name."""
    assert briefing.head
    answering = [fact for fact in briefing.current_facts if fact.answers]
    voices: dict[str, Link] = {}
    count: dict[str, set[str]] = {}
    answers: dict[tuple[str, str], list[Fact]] = {}
    for fact in answering:
        key, link = _voice(briefing, fact)
        voices[key] = link
        count.setdefault(key, set()).update(fact.answers)
        for asked in fact.answers:
            answers.setdefault((asked, key), []).append(fact)
    columns = sorted(voices, key=lambda key: (-len(count[key]), voices[key].text))
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
    """Who answers: the speaker, or the source where it speaks for itself."""
    if fact.by:
        return fact.by, entity_link(briefing.entity_by_id[fact.by])
    source = briefing.source_by_id[fact.cite[0].source]
    return source.id, Link(source.publisher, routes.source(source.id))


def format_roles(actor: Actor) -> str:
    """An actor's roles in a row."""
    return "; ".join(role.says for role in actor.roles)
