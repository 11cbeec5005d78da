"""Actors, places and terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import ActorKind
from briefing.model.records import Actor, Entity, Fact, Place
from briefing.text.language import N_, Language
from briefing.views.labels import ACTOR_KINDS
from briefing.views.speakers import format_roles
from briefing.views.statement import (
    ByTopic,
    Link,
    Sentence,
    by_topic,
    entity_link,
    entity_link_by_id,
    sentences,
    source_link,
)

# The number of facts that an entry lists. The search finds the others.
LISTED = 200
# Kinds that state facts. The other kinds are interpretations and opinions.
REPORTED = ("report", "text", "position")
_HEADINGS = {
    "state": N_("States"),
    "person": N_("People"),
    "organisation": N_("Organisations"),
    "group": N_("Groups"),
    "bloc": N_("Blocs"),
}


@dataclass(frozen=True, slots=True)
class ActorRow:
    """An actor in the list of actors."""

    id: str
    link: Link
    roles: str
    facts: int


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role, the time when it was held (empty if unknown), and the source."""

    says: str
    when: str
    sources: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ActorPage:
    """The content of an actor's page."""

    name: str
    kind: str
    country: Link | None
    aliases: tuple[str, ...]
    note: str
    roles: tuple[RoleRow, ...]
    says: tuple[Sentence, ...]
    reported: ByTopic
    made_of: ByTopic


@dataclass(frozen=True, slots=True)
class Entry:
    """A place or a term in its list. ``explains`` is empty for a place, ``where`` for a term."""

    id: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    note: str
    country: Link | None
    where: str
    origin: Link | None
    explains: str
    sources: tuple[Link, ...]
    see: tuple[Link, ...]
    facts: tuple[Sentence, ...]
    more: int


def actor_list(briefing: Briefing) -> tuple[tuple[str, tuple[ActorRow, ...]], ...]:
    """Return the actors by kind, then by name."""
    rows: dict[str, list[ActorRow]] = {kind: [] for kind in get_args(ActorKind)}
    for actor in sorted(briefing.actors, key=lambda actor: actor.name):
        facts = len(_fact_ids(briefing, actor))
        rows[actor.kind].append(ActorRow(actor.id, entity_link(actor), format_roles(actor), facts))
    return tuple((briefing.language.gettext(_HEADINGS[kind]), tuple(group)) for kind, group in rows.items() if group)


def actor_page(briefing: Briefing, actor: Actor) -> ActorPage:
    """Return the content of an actor's page: the actor's statements, then the facts about the actor by topic."""
    statements = briefing.facts_by.get(actor.id, ())
    about = [fact for fact in briefing.facts_about.get(actor.id, ()) if fact.by != actor.id]
    return ActorPage(
        name=actor.name,
        kind=briefing.language.gettext(ACTOR_KINDS[actor.kind]),
        country=entity_link_by_id(briefing, actor.country),
        aliases=actor.aliases,
        note=actor.note or "",
        roles=tuple(
            RoleRow(
                role.says,
                briefing.language.format_date(role.when),
                tuple(source_link(briefing, cited) for cited in role.cite),
            )
            for role in actor.roles
        ),
        says=sentences(briefing, statements),
        reported=by_topic(briefing, (fact for fact in about if fact.kind in REPORTED)),
        made_of=by_topic(briefing, (fact for fact in about if fact.kind not in REPORTED)),
    )


def place_list(briefing: Briefing) -> tuple[Entry, ...]:
    """Return the places by name."""
    return tuple(
        _entry(
            briefing,
            place,
            place.kind,
            country=entity_link_by_id(briefing, place.country),
            where=format_position(place, briefing.language),
            origin=position_source(briefing, place),
        )
        for place in sorted(briefing.places, key=lambda place: place.name)
    )


def term_list(briefing: Briefing) -> tuple[Entry, ...]:
    """Return the terms by name."""
    return tuple(
        _entry(
            briefing,
            term,
            term.kind,
            explains=term.explains,
            sources=tuple(source_link(briefing, cited) for cited in term.cite),
            see=tuple(entity_link(briefing.entity_by_id[entity_id]) for entity_id in term.see),
        )
        for term in sorted(briefing.terms, key=lambda term: term.name.casefold())
    )


def _entry(
    briefing: Briefing,
    entity: Entity,
    kind: str,
    *,
    country: Link | None = None,
    where: str = "",
    origin: Link | None = None,
    explains: str = "",
    sources: tuple[Link, ...] = (),
    see: tuple[Link, ...] = (),
) -> Entry:
    about = briefing.facts_about.get(entity.id, ())
    return Entry(
        id=entity.id,
        name=entity.name,
        kind=kind,
        aliases=entity.aliases,
        note=entity.note or "",
        country=country,
        where=where,
        origin=origin,
        explains=explains,
        sources=sources,
        see=see,
        facts=sentences(briefing, about[:LISTED]),
        more=max(0, len(about) - LISTED),
    )


def _fact_ids(briefing: Briefing, actor: Actor) -> set[str]:
    # A set, because an actor may speak about itself.
    facts: Iterable[Fact] = (*briefing.facts_by.get(actor.id, ()), *briefing.facts_about.get(actor.id, ()))
    return {fact.id for fact in facts}


def position_source(briefing: Briefing, place: Place) -> Link | None:
    """Return the source of a place's position, or None if it has none or the position is general knowledge."""
    if place.position is None or place.position.origin is None:
        return None
    source = briefing.source_by_id[place.position.origin]
    return Link(source.publisher, routes.source(source.id))


# Whether the latitude is north and the longitude east. The equator counts as north, the prime meridian as east.
_POSITIONS = {
    (True, True): N_("%(latitude)s° N, %(longitude)s° E"),
    (True, False): N_("%(latitude)s° N, %(longitude)s° W"),
    (False, True): N_("%(latitude)s° S, %(longitude)s° E"),
    (False, False): N_("%(latitude)s° S, %(longitude)s° W"),
}


def format_position(place: Place, language: Language) -> str:
    """Return a place's position in words, as precise as it is known, or an empty string if it has none."""
    if place.position is None and place.line:
        return language.gettext("schematic line")
    if place.position is None:
        return ""
    lat, lon = place.position.lat, place.position.lon
    latitude, longitude = language.format_number(abs(lat)), language.format_number(abs(lon))
    text = language.gettext(_POSITIONS[lat >= 0, lon >= 0], latitude=latitude, longitude=longitude)
    if place.position.precision != "exact":
        return language.gettext("about %(position)s", position=text)
    return text
