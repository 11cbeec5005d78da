"""Who says what: every fact that has a speaker."""

from dataclasses import dataclass

from briefing import paths
from briefing.model import Actor, Briefing, Fact
from briefing.views.sentence import Link, Sentence, entity_link, sentences


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
    return tuple(Speaker(actor.id, entity_link(actor), said_roles(actor), len(facts)) for actor, facts in heard)


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the matrix and, speaker by speaker, the facts that answer it (none: no statement found)."""

    id: str
    asks: str
    cells: tuple[tuple[Sentence, ...], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Questions × speakers. A column is whoever answers at least one question."""

    speakers: tuple[Link, ...]
    questions: tuple[Question, ...]


def matrix(briefing: Briefing) -> Matrix:
    """The matrix of views: columns by how many questions they answer, then by name."""
    assert briefing.head
    answering = [fact for fact in briefing.current_facts if fact.answers]
    voices: dict[str, Link] = {}
    count: dict[str, set[str]] = {}
    for fact in answering:
        key, link = _voice(briefing, fact)
        voices[key] = link
        count.setdefault(key, set()).update(fact.answers)
    columns = sorted(voices, key=lambda key: (-len(count[key]), voices[key].text))
    return Matrix(
        tuple(voices[key] for key in columns),
        tuple(
            Question(
                asked.id,
                asked.asks,
                tuple(
                    sentences(
                        briefing,
                        tuple(
                            fact for fact in answering if asked.id in fact.answers and _voice(briefing, fact)[0] == key
                        ),
                    )
                    for key in columns
                ),
            )
            for asked in briefing.head.views
        ),
    )


def _voice(briefing: Briefing, fact: Fact) -> tuple[str, Link]:
    """Who answers: the speaker, or the source where it speaks for itself."""
    if fact.by:
        return fact.by, entity_link(briefing.entity_by_id[fact.by])
    source = briefing.source_by_id[fact.cite[0].source]
    return source.id, Link(source.publisher, paths.source(source.id))


def said_roles(actor: Actor) -> str:
    """An actor's roles in a row."""
    return "; ".join(role.says for role in actor.roles)
