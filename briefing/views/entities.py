"""Actors, places and terms."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import ActorKind
from briefing.model.records import Actor, Entity, Fact, Place, Standing
from briefing.text.language import N_, Language
from briefing.views.filters import MANY, Filter, kind_filter, topic_filter
from briefing.views.labels import ACTOR_KINDS, STANDINGS
from briefing.views.speakers import format_roles
from briefing.views.statement import (
    Answer,
    Link,
    Note,
    Numbering,
    Sentence,
    answers,
    entity_link,
    entity_link_by_id,
    named_sentences,
    sentence,
    sentences,
    source_link,
    topic_link,
)

# The number of facts that an entry lists. The search finds the others.
LISTED = 200
# The number of topics that a summary names.
MAIN_TOPICS = 2
# The number of kinds, countries or statuses of places that a summary names.
COMMONEST = 5
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
class ActorFact:
    """A fact on an actor's page, with the kind that a filter finds it by."""

    sentence: Sentence
    kind: str


@dataclass(frozen=True, slots=True)
class ActorTopic:
    """Facts on an actor's page that are in the same topic's file."""

    id: str
    link: Link
    facts: tuple[ActorFact, ...]


@dataclass(frozen=True, slots=True)
class ActorPage:
    """The content of an actor's page. A page with many facts is ``folded`` and has filters.

    Without a bottom line the page starts with ``summary`` and, if there is one, the ``latest`` dated fact.
    """

    name: str
    kind: str
    country: Link | None
    aliases: tuple[str, ...]
    note: str
    bottom_line: tuple[Answer, ...]
    summary: str
    latest: Sentence | None
    roles: tuple[RoleRow, ...]
    says: tuple[ActorTopic, ...]
    reported: tuple[ActorTopic, ...]
    made_of: tuple[ActorTopic, ...]
    count: int
    filters: tuple[Filter, ...]
    folded: bool
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A place or a term in its list. ``explains`` is empty for a place.

    ``where``, ``status`` (empty if none is known) and ``evidence`` for it are empty for a term.
    """

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
    status: str = ""
    evidence: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceList:
    """The places, and a summary of them in a few sentences."""

    summary: str
    entries: tuple[Entry, ...]


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
    about = _facts_about_only(briefing, actor)
    facts = (*statements, *about)
    numbering = Numbering(briefing)
    summary, latest = "", None
    if not actor.bottom_line:
        summary, latest = _summary(briefing, actor), _latest_fact(facts)
    return ActorPage(
        name=actor.name,
        kind=briefing.language.gettext(ACTOR_KINDS[actor.kind]),
        country=entity_link_by_id(briefing, actor.country),
        aliases=actor.aliases,
        note=actor.note or "",
        bottom_line=answers(actor.bottom_line, numbering),
        summary=summary,
        latest=sentence(briefing, latest) if latest else None,
        roles=tuple(
            RoleRow(
                role.says,
                briefing.language.format_date(role.when),
                tuple(source_link(briefing, cited) for cited in role.cite),
            )
            for role in actor.roles
        ),
        says=_by_topic(briefing, statements),
        reported=_by_topic(briefing, (fact for fact in about if fact.kind in REPORTED)),
        made_of=_by_topic(briefing, (fact for fact in about if fact.kind not in REPORTED)),
        count=len(facts),
        filters=(
            topic_filter(
                briefing.language,
                [(topic.id, topic.title) for topic in briefing.topics],
                [briefing.topic_of[fact.id].id for fact in facts],
            ),
            kind_filter(briefing.language, [fact.kind for fact in facts]),
        ),
        folded=len(facts) > MANY,
        notes=numbering.notes(),
    )


def actor_sentences(briefing: Briefing, actor: Actor) -> tuple[str, ...]:
    """Return the sentences that an actor's page starts with, as plain text."""
    if actor.bottom_line:
        return tuple(part.says for part in actor.bottom_line)
    found = [_summary(briefing, actor)]
    if actor.roles:
        t = briefing.language.gettext
        found.insert(0, t("%(name)s: %(role)s.", name=actor.name, role=format_roles(actor)))
    latest = _latest_fact((*briefing.facts_by.get(actor.id, ()), *_facts_about_only(briefing, actor)))
    if latest:
        found.append(latest.says)
    return tuple(found)


def _facts_about_only(briefing: Briefing, actor: Actor) -> tuple[Fact, ...]:
    """Return the facts about an actor that are not its own statements."""
    return tuple(fact for fact in briefing.facts_about.get(actor.id, ()) if fact.by != actor.id)


def _summary(briefing: Briefing, actor: Actor) -> str:
    """Return how many facts and statements there are on an actor, and under which topics most of them are."""
    language = briefing.language
    statements, about = briefing.facts_by.get(actor.id, ()), _facts_about_only(briefing, actor)
    counts = []
    if about:
        counts.append(
            language.ngettext(
                "%(num)s fact about %(name)s", "%(num)s facts about %(name)s", len(about), name=actor.name
            )
        )
    if statements:
        counts.append(
            language.ngettext(
                "%(num)s statement by %(name)s", "%(num)s statements by %(name)s", len(statements), name=actor.name
            )
        )
    if not counts:
        return language.gettext("This briefing has no facts about %(name)s.", name=actor.name)
    found = language.format_list(counts)
    topics = Counter(briefing.topic_of[fact.id].title for fact in (*statements, *about))
    # Of two topics with the same number of facts, the one that comes first in the briefing is named first.
    ranked = sorted((topic.title for topic in briefing.topics if topics[topic.title]), key=lambda title: -topics[title])
    if len(ranked) <= MAIN_TOPICS:
        names = language.format_list(ranked)
        return language.gettext("This briefing has %(facts)s, under %(topics)s.", facts=found, topics=names)
    names = language.format_list(ranked[:MAIN_TOPICS])
    return language.gettext("This briefing has %(facts)s, mainly under %(topics)s.", facts=found, topics=names)


def _latest_fact(facts: Iterable[Fact]) -> Fact | None:
    """Return the fact with the latest date. What has not happened or is only believed is no latest fact."""
    dated = [(fact.when, fact.id, fact) for fact in facts if fact.when and fact.kind in REPORTED]
    if not dated:
        return None
    return max(dated, key=lambda row: (row[0].earliest, row[1]))[2]


def _by_topic(briefing: Briefing, facts: Iterable[Fact]) -> tuple[ActorTopic, ...]:
    """Return the facts under the topics whose files contain them, in the order of the topics."""
    groups: dict[str, list[Fact]] = {topic.id: [] for topic in briefing.topics}
    for fact in facts:
        groups[briefing.topic_of[fact.id].id].append(fact)
    return tuple(
        ActorTopic(
            topic.id,
            topic_link(topic),
            tuple(ActorFact(sentence(briefing, fact), fact.kind) for fact in groups[topic.id]),
        )
        for topic in briefing.topics
        if groups[topic.id]
    )


def place_list(briefing: Briefing) -> PlaceList:
    """Places by name."""
    return PlaceList(
        _places_summary(briefing),
        tuple(
            _entry(
                briefing,
                place,
                place.kind,
                country=entity_link_by_id(briefing, place.country),
                where=format_position(place, briefing.language),
                origin=position_source(briefing, place),
                standing=place.standing,
            )
            for place in sorted(briefing.places, key=lambda place: place.name)
        ),
    )


def _places_summary(briefing: Briefing) -> str:
    """Return how many places there are: in all, by kind, by country and by status."""
    language = briefing.language
    places = briefing.places
    countries = [briefing.entity_by_id[place.country].name for place in places if place.country]
    statuses = [language.gettext(STANDINGS[place.standing.how]) for place in places if place.standing]
    parts = [language.ngettext("%(num)s place.", "%(num)s places.", len(places))]
    for message, words in (
        (N_("By kind: %(counts)s."), [place.kind for place in places]),
        (N_("By country: %(counts)s."), countries),
        (N_("By status: %(counts)s."), statuses),
    ):
        if words:
            parts.append(language.gettext(message, counts=_format_counts(language, words)))
    return " ".join(parts)


def _format_counts(language: Language, words: Iterable[str]) -> str:
    """Return how often each word occurs, such as ``city (5), port (1) and others (2)``."""
    # The commonest come first, and of two with the same number the one that is met first.
    counts = sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0]))
    rest = sum(count for _, count in counts[COMMONEST:])
    shown = counts[:COMMONEST]
    if rest:
        shown.append((language.gettext("others"), rest))
    return language.format_list(
        language.gettext("%(name)s (%(num)s)", name=word, num=language.format_number(count)) for word, count in shown
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
    standing: Standing | None = None,
) -> Entry:
    status = ""
    evidence: tuple[Sentence, ...] = ()
    if standing:
        status = format_status(standing, briefing.language)
        evidence = named_sentences(briefing, standing.rests_on)
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
        status=status,
        evidence=evidence,
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


_STATUSES = {
    "confirmed": N_("Confirmed, as of %(date)s"),
    "claimed": N_("Claimed, as of %(date)s"),
    "denied": N_("Denied, as of %(date)s"),
    "planned": N_("Planned, as of %(date)s"),
    "historical": N_("Historical, as of %(date)s"),
}


def format_status(standing: Standing, language: Language) -> str:
    """Return the status of a place in words, with its date."""
    return language.gettext(_STATUSES[standing.how], date=language.format_date(standing.as_of))


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
