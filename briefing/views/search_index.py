"""The entries of the search: one for each page, fact, actor, place, term, source and judgment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import Citation
from briefing.model.records import Actor, Entity, Fact, Place, Source, Topic
from briefing.text.language import N_, Language
from briefing.text.markdown_html import parse_markdown, plain_text
from briefing.text.markdown_source import split_front_matter
from briefing.views.labels import ACTOR_KINDS, UNITS, part_label, translate
from briefing.views.speakers import format_roles
from briefing.views.statement import sentence

_PARTS = {
    "paragraph": N_("Paragraph of a source"),
    "article": N_("Article of a source"),
    "page": N_("Page of a source"),
}


@dataclass(frozen=True, slots=True)
class Findable:
    """An entry of the search. ``address`` is relative to the site's root.

    The site's script ranks results by ``kind``, and ``label`` is the kind in words. ``voice`` is ``base``, ``other``
    or ``ours``, or empty if there are several voices or none. ``who`` describes the voice in words. ``names`` are
    other spellings. ``about`` lists ids of entities, all of whose spellings find the entry. ``text`` may be shown to
    the reader; ``more`` is only searched.
    """

    kind: str
    label: str
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
    """Return everything current in a briefing without errors, in the order of the site. ``markdown_pages`` are pages
    by path.
    """
    return (
        *_own_words(briefing),
        *(_topic(topic, briefing.language) for topic in briefing.topics),
        *(_fact(briefing, fact) for fact in briefing.current_facts),
        *(_entity(briefing, entity) for entity in briefing.entities),
        *(_source(source, briefing.language) for source in briefing.sources),
        *_parts(briefing),
        *_reference(briefing.language),
        *(_markdown_page(path, text, briefing.language) for path, text in sorted(markdown_pages.items())),
    )


def _own_words(briefing: Briefing) -> Iterator[Findable]:
    t = briefing.language.gettext
    head = briefing.head
    assert head
    bottom_line = " ".join(answer.says for answer in head.bottom_line)
    profile = ""
    if head.profile:
        profile = " ".join(cell.says for row in head.profile.rows for cell in row.cells)
    yield Findable(
        "Brief",
        t("Brief"),
        routes.served(routes.BRIEF),
        head.title,
        who=t("Our bottom line"),
        text=head.question,
        more=f"{bottom_line} {profile}",
    )
    for judgment in head.judgments:
        yield Findable(
            "Key judgment",
            t("Key judgment"),
            routes.served(f"{routes.BRIEF}#{judgment.id}"),
            judgment.says,
            within=t("Brief"),
            voice="ours",
            who=t("Our assessment"),
            text=f"{judgment.basis} {judgment.would_change}",
        )
    for question in head.open_questions:
        yield Findable(
            "Open question",
            t("Open question"),
            routes.served(f"{routes.DISPUTED}#{question.id}"),
            question.asks,
            within=t("Disputed and unknown"),
            voice="ours",
            who=t("Unknown"),
            text=f"{question.known} {question.looked_for}",
        )


def _topic(topic: Topic, language: Language) -> Findable:
    headings = [section.title for section in topic.sections]
    cells = [cell.says for table in topic.tables for row in table.rows for cell in row.cells]
    return Findable(
        "Topic",
        language.gettext("Topic"),
        routes.served(routes.topic(topic)),
        topic.title,
        text=topic.asks,
        more=" ".join([*headings, *cells]),
    )


def _fact(briefing: Briefing, fact: Fact) -> Findable:
    shown = sentence(briefing, fact)
    t = briefing.language.gettext
    if shown.voice == "base":
        who = t("Source under analysis: %(source)s", source=shown.marker.text)
    else:
        who = t("Another source: %(source)s", source=shown.marker.text)
    entity_ids = dict.fromkeys(fact.about)
    if fact.by:
        entity_ids[fact.by] = None
    return Findable(
        "Fact",
        t("Fact"),
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
    """Yield the words that find a fact, besides its text."""
    # The id contains the keywords that the editor chose.
    yield fact.id.replace("-", " ")
    yield kind
    if fact.when:
        yield briefing.language.format_date(fact.when)
        yield fact.when.text
    sources = [briefing.source_by_id[cited.source] for cited in fact.cite]
    for source in sources:
        yield f"{source.publisher} {source.title}"
    for source, cited in zip(sources, fact.cite, strict=True):
        yield _part_words(source, cited.part, briefing.language)


def _entity(briefing: Briefing, entity: Entity) -> Findable:
    country = ""
    if isinstance(entity, Actor | Place) and entity.country:
        country = briefing.entity_by_id[entity.country].name
    t = briefing.language.gettext
    if isinstance(entity, Actor):
        kind, label = "Actor", translate(briefing.language, ACTOR_KINDS, entity.kind)
        text, page = format_roles(entity), t("Actors")
    elif isinstance(entity, Place):
        kind, label = "Place", t("Place: %(kind)s", kind=entity.kind)
        text, page = country, t("Places")
    else:
        kind, label = "Term", t("Term")
        text, page = getattr(entity, "explains", ""), t("Glossary")
    return Findable(
        kind,
        label,
        routes.served(routes.entity(entity)),
        entity.name,
        within=page,
        names=entity.aliases,
        text=text,
        more=" ".join([*entity.metonyms, entity.note or "", country]),
    )


def _source(source: Source, language: Language) -> Findable:
    date = language.format_date(source.date)
    return Findable(
        "Source",
        language.gettext("Source"),
        routes.served(routes.source(source.id)),
        f"{source.publisher}: {source.title}",
        within=language.gettext("Sources"),
        text=" ".join(part for part in (source.author, date, source.note) if part),
        more=source.url or "",
    )


def _parts(briefing: Briefing) -> Iterator[Findable]:
    language = briefing.language
    for pin in briefing.pins:
        source = briefing.source_by_id[pin.source]
        if not source.unit:
            continue
        for part in pin.parts:
            yield Findable(
                "Part",
                language.gettext(_PARTS[source.unit]),
                routes.served(f"{routes.coverage(source.id)}#p{part.number}"),
                f"{source.publisher}, {part_label(source, Citation(source.id, str(part.number)), language)}",
                within=language.gettext("Sources"),
                names=(_part_words(source, str(part.number), language),),
            )


def _part_words(source: Source, part: str, language: Language) -> str:
    """Return the words that a reader may type for a part, because keyboards have no ¶."""
    if not source.unit or not part:
        return ""
    return f"{translate(language, UNITS, source.unit)} {part}"


def _reference(language: Language) -> Iterator[Findable]:
    t = language.gettext
    # The words after the colons are other names that readers may search for.
    for path, title, text in (
        (routes.TIMELINE, t("Timeline"), t("Every dated fact in order, with filters: chronology, dates, history")),
        (routes.VIEWS, t("Views"), t("Who says what: statements and opinions by speaker")),
        (routes.DISPUTED, t("Disputed and unknown"), t("Where sources differ or disagree, and what is unknown")),
        (routes.ACTORS, t("Actors"), t("Who is involved: states, people, organisations")),
        (routes.PLACES, t("Places"), t("Where it happens, with coordinates")),
        (routes.GLOSSARY, t("Glossary"), t("Terms explained")),
        (routes.SOURCES, t("Sources"), t("Where the facts come from, with reliability grades")),
        (
            routes.DATA,
            t("Data"),
            t("Everything to download: JSON, CSV, linked data, map, calendar, bibliography"),
        ),
        (routes.FACTS, t("All facts"), t("The evidence of the briefing, fact by fact")),
        (routes.CHANGES, t("Changes"), t("What changed in the facts, newest first: history, updates, corrections")),
        (routes.CORRECTIONS, t("Corrections"), t("Errors in published facts that have been corrected, newest first")),
        (routes.SCALES, t("Scales and grades"), t("What the grades and the terms for likelihood and confidence mean")),
    ):
        yield Findable("Page", t("Page"), routes.served(path), title, text=text)


def _markdown_page(path: str, text: str, language: Language) -> Findable:
    page = parse_markdown(split_front_matter(text)[1])
    heading = next(page.iter("h1"), None)
    title = path if heading is None else plain_text(heading)
    return Findable("Page", language.gettext("Page"), routes.served(path), title, text=plain_text(page))
