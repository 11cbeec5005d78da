"""Who says what: every fact that has a speaker."""

from dataclasses import dataclass

from briefing.model import Actor, Briefing
from briefing.views.sentence import Link, Sentence, entity_link, sentences


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker, in which role, and what the speaker says."""

    id: str
    link: Link
    roles: str
    says: tuple[Sentence, ...]


def speakers(briefing: Briefing) -> tuple[Speaker, ...]:
    """The speakers by name."""
    heard = [(actor, facts) for actor in briefing.actors if (facts := briefing.facts_by.get(actor.id))]
    heard.sort(key=lambda pair: pair[0].name)
    return tuple(
        Speaker(actor.id, entity_link(actor), said_roles(actor), sentences(briefing, facts)) for actor, facts in heard
    )


def said_roles(actor: Actor) -> str:
    """An actor's roles in a row."""
    return "; ".join(role.says for role in actor.roles)
