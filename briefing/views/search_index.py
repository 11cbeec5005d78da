"""What a reader can search for: one entry for each page, fact, actor, place, term, source and judgment."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import UNIT_SIGNS
from briefing.model.records import Actor, Entity, Fact, Place, Source, Topic
from briefing.views.speakers import format_roles
from briefing.views.statement import sentence

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_MARKUP = re.compile(r"\]\([^)]*\)|<[^>]*>|[*`\[\]]|^#+ ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Findable:
    """Something to find. ``address`` is from the site's root.

    ``voice`` is ``base``, ``other``, ``ours``, or empty where several voices or none speak; ``who`` says it in words.
    ``names`` are all spellings of what it is; ``about`` are ids of entities, by all of whose spellings it is found too.
    ``text`` may be shown to the reader, ``more`` is only searched.
    """

    kind: str
    address: str
    title: str
    within: str = ""
    voice: str = ""
    who: str = ""
    names: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    text: str = ""
    more: str = ""


def findables(briefing: Briefing, handwritten: Mapping[str, str]) -> tuple[Findable, ...]:
    """Everything current in a briefing without errors, in the order of the site; ``handwritten`` are pages by path."""
    return (
        *_own_words(briefing),
        *(_topic(topic) for topic in briefing.topics),
        *(_fact(briefing, fact) for fact in briefing.current_facts),
        *(_entity(briefing, entity) for entity in briefing.entities),
        *(_source(source) for source in briefing.sources),
        *_parts(briefing),
        *_reference(),
        *(_handwritten(path, text) for path, text in sorted(handwritten.items())),
    )


def _own_words(briefing: Briefing) -> Iterator[Findable]:
    head = briefing.head
    assert head
    line = " ".join(answer.says for answer in head.bottom_line)
    profile = " ".join(cell for row in (head.profile.rows if head.profile else ()) for cell in row.cells)
    more = f"{line} {profile}"
    yield Findable(
        "Brief", routes.served(routes.BRIEF), head.title, text=head.question, more=more, who="Our bottom line"
    )
    for judgment in head.judgments:
        yield Findable(
            "Key judgment",
            routes.served(f"{routes.BRIEF}#{judgment.id}"),
            judgment.says,
            within="Brief",
            voice="ours",
            who="We judge",
            text=f"{judgment.basis} {judgment.would_change}",
        )
    for question in head.open_questions:
        yield Findable(
            "Open question",
            routes.served(f"{routes.DISPUTED}#{question.id}"),
            question.asks,
            within="Disputed and unknown",
            voice="ours",
            who="We do not know",
            text=f"{question.known} {question.looked_for}",
        )


def _topic(topic: Topic) -> Findable:
    headings = [section.title for section in topic.sections]
    cells = [cell for table in topic.tables for row in table.rows for cell in row.cells]
    return Findable(
        "Topic", routes.served(routes.topic(topic)), topic.title, text=topic.asks, more=" ".join([*headings, *cells])
    )


def _fact(briefing: Briefing, fact: Fact) -> Findable:
    told = sentence(briefing, fact)
    sources = [briefing.source_by_id[cited.source] for cited in fact.cite]
    base = told.voice == "base"
    return Findable(
        "Fact",
        routes.served(routes.fact(fact)),
        fact.says,
        within=briefing.topic_of[fact.id].title,
        voice=told.voice,
        who=f"Source under analysis, {told.marker.text}" if base else f"Another source: {told.marker.text}",
        about=tuple(dict.fromkeys((*fact.about, *([fact.by] if fact.by else [])))),
        text=" ".join(part for part in (told.note, told.because) if part),
        more=" ".join(
            [
                fact.id.replace("-", " "),  # an editor's own key words
                told.kind,
                *((fact.when.words, fact.when.text) if fact.when else ()),
                *(f"{source.publisher} {source.title}" for source in sources),
                *(_part(source, cited.part) for source, cited in zip(sources, fact.cite, strict=True)),
            ]
        ),
    )


def _entity(briefing: Briefing, entity: Entity) -> Findable:
    country = briefing.entity_by_id[entity.country].name if isinstance(entity, Actor | Place) and entity.country else ""
    if isinstance(entity, Actor):
        kind, text = entity.kind.capitalize(), format_roles(entity)
    elif isinstance(entity, Place):
        kind, text = f"Place: {entity.kind}", country
    else:
        kind, text = "Term", getattr(entity, "explains", "")
    return Findable(
        kind,
        routes.served(routes.entity(entity)),
        entity.name,
        within={Actor: "Actors", Place: "Places"}.get(type(entity), "Glossary"),
        names=entity.aliases,
        text=text,
        more=" ".join([*entity.metonyms, entity.note or "", country]),
    )


def _source(source: Source) -> Findable:
    return Findable(
        "Source",
        routes.served(routes.source(source.id)),
        f"{source.publisher}: {source.title}",
        within="Sources",
        text=" ".join(part for part in (source.author, source.date and source.date.words, source.note) if part),
        more=source.url or "",
    )


def _parts(briefing: Briefing) -> Iterator[Findable]:
    for pin in briefing.pins:
        source = briefing.source_by_id[pin.source]
        if source.unit:
            for part in pin.parts:
                yield Findable(
                    f"Part of a source: {source.unit}",
                    routes.served(f"{routes.coverage(source.id)}#p{part.number}"),
                    f"{source.publisher}, {UNIT_SIGNS[source.unit]}{part.number}",
                    within="Sources",
                    names=(_part(source, str(part.number)),),
                )


def _part(source: Source, part: str) -> str:
    return f"{source.unit} {part}" if source.unit and part else ""


def _reference() -> Iterator[Findable]:
    for path, title, text in (
        (routes.TIMELINE, "Timeline", "Every dated fact in order, with filters: chronology, dates, history."),
        (routes.VIEWS, "Views", "Who says what: statements and opinions by speaker."),
        (routes.DISPUTED, "Disputed and unknown", "Where sources differ or disagree, and what is not known."),
        (routes.ACTORS, "Actors", "Who is involved: states, people, organisations."),
        (routes.PLACES, "Places", "Where it happens, with positions."),
        (routes.GLOSSARY, "Glossary", "Terms explained."),
        (routes.SOURCES, "Sources", "What the facts rest on, and how it is graded."),
        (routes.DATA, "Data", "Downloads: everything as JSON, CSV, linked data, map, calendar, bibliography."),
        (routes.FACTS, "All facts", "The evidence of the briefing, fact by fact."),
        (routes.CHANGES, "Changes", "What changed in the facts, newest first: history, updates, corrections."),
        (routes.SCALES, "Scales and grades", "What the words for likelihood and confidence mean, and the grades."),
    ):
        yield Findable("Page", routes.served(path), title, text=text)


def _handwritten(path: str, text: str) -> Findable:
    prose = " ".join(_MARKUP.sub("", _FRONT_MATTER.sub("", text)).split())
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    return Findable("Page", routes.served(path), title[1] if title else path, text=prose)
