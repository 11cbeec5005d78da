"""What a reader can search for: one entry for each page, fact, actor, place, term, source and judgment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import UNIT_SIGNS
from briefing.model.records import Actor, Entity, Fact, Place, Source, Topic
from briefing.text.markdown_html import parse_markdown, plain_text
from briefing.text.markdown_source import split_front_matter
from briefing.views.speakers import format_roles
from briefing.views.statement import sentence


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


def findables(briefing: Briefing, markdown_pages: Mapping[str, str]) -> tuple[Findable, ...]:
    """Return everything current in a briefing without errors, in the order of the site; pages are given by path."""
    return (
        *_own_words(briefing),
        *(_topic(topic) for topic in briefing.topics),
        *(_fact(briefing, fact) for fact in briefing.current_facts),
        *(_entity(briefing, entity) for entity in briefing.entities),
        *(_source(source) for source in briefing.sources),
        *_parts(briefing),
        *_reference(),
        *(_markdown_page(path, text) for path, text in sorted(markdown_pages.items())),
    )


def _own_words(briefing: Briefing) -> Iterator[Findable]:
    head = briefing.head
    assert head
    bottom_line = " ".join(answer.says for answer in head.bottom_line)
    profile = ""
    if head.profile:
        profile = " ".join(cell for row in head.profile.rows for cell in row.cells)
    yield Findable(
        "Brief",
        routes.served(routes.BRIEF),
        head.title,
        who="Our bottom line",
        text=head.question,
        more=f"{bottom_line} {profile}",
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
    shown = sentence(briefing, fact)
    who = f"Another source: {shown.marker.text}"
    if shown.voice == "base":
        who = f"Source under analysis, {shown.marker.text}"
    entity_ids = dict.fromkeys(fact.about)
    if fact.by:
        entity_ids[fact.by] = None
    return Findable(
        "Fact",
        routes.served(routes.fact(fact)),
        fact.says,
        within=briefing.topic_of[fact.id].title,
        voice=shown.voice,
        who=who,
        about=tuple(entity_ids),
        text=" ".join(part for part in (shown.note, shown.because) if part),
        more=" ".join(_fact_words(briefing, fact, shown.kind)),
    )


def _fact_words(briefing: Briefing, fact: Fact, kind: str) -> Iterator[str]:
    """Yield what a fact is found by beside what it says."""
    # An editor's own keywords for the fact are in its id.
    yield fact.id.replace("-", " ")
    yield kind
    if fact.when:
        yield fact.when.words
        yield fact.when.text
    sources = [briefing.source_by_id[cited.source] for cited in fact.cite]
    for source in sources:
        yield f"{source.publisher} {source.title}"
    for source, cited in zip(sources, fact.cite, strict=True):
        yield _part(source, cited.part)


def _entity(briefing: Briefing, entity: Entity) -> Findable:
    country = ""
    if isinstance(entity, Actor | Place) and entity.country:
        country = briefing.entity_by_id[entity.country].name
    if isinstance(entity, Actor):
        kind, text, page = entity.kind.capitalize(), format_roles(entity), "Actors"
    elif isinstance(entity, Place):
        kind, text, page = f"Place: {entity.kind}", country, "Places"
    else:
        kind, text, page = "Term", getattr(entity, "explains", ""), "Glossary"
    return Findable(
        kind,
        routes.served(routes.entity(entity)),
        entity.name,
        within=page,
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
        if not source.unit:
            continue
        for part in pin.parts:
            yield Findable(
                f"Part of a source: {source.unit}",
                routes.served(f"{routes.coverage(source.id)}#p{part.number}"),
                f"{source.publisher}, {UNIT_SIGNS[source.unit]}{part.number}",
                within="Sources",
                names=(_part(source, str(part.number)),),
            )


def _part(source: Source, part: str) -> str:
    """Return what a reader may type for a part: a sign such as ¶ is on no keyboard."""
    if not source.unit or not part:
        return ""
    return f"{source.unit} {part}"


def _reference() -> Iterator[Findable]:
    # The words behind the colons are what readers might call these pages instead.
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


def _markdown_page(path: str, text: str) -> Findable:
    page = parse_markdown(split_front_matter(text)[1])
    title = next(page.iter("h1"), None)
    return Findable("Page", routes.served(path), path if title is None else plain_text(title), text=plain_text(page))
