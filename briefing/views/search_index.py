"""The entries of the search: one for each page, fact, actor, place, term, source, judgment and short answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import CREDIBILITY, RELIABILITY
from briefing.model.records import Actor, BottomLine, Entity, Fact, Place, Row, Source, Table, Topic
from briefing.text.language import N_, Language
from briefing.text.markdown_html import parse_markdown, plain_text
from briefing.text.markdown_source import is_for_contributors, split_front_matter
from briefing.views.labels import ACTOR_KINDS, UNITS, part_label, translate
from briefing.views.speakers import format_roles
from briefing.views.statement import sentence
from briefing.views.table import row_anchor

_PARTS = {
    "paragraph": N_("Paragraph of a source"),
    "article": N_("Article of a source"),
    "page": N_("Page of a source"),
}
# What the most serious response to a fact makes it.
_STATES = {"corrected": N_("corrected"), "disputed": N_("disputed")}
# Readers look up a grade such as B2.
_GRADES = " ".join(f"{letter}{digit}" for letter in RELIABILITY for digit in CREDIBILITY)


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
    """Return everything current in a briefing without errors, in the order of the site, except pages for contributors.

    ``markdown_pages`` are pages by path.
    """
    return (
        *_own_words(briefing),
        *_answers(briefing),
        *(_topic(topic, briefing.language) for topic in briefing.topics),
        *(_fact(briefing, fact) for fact in briefing.current_facts),
        *(_entity(briefing, entity) for entity in briefing.entities),
        *(_source(briefing, source) for source in briefing.sources),
        *_parts(briefing),
        *_reference(briefing.language),
        *_markdown_pages(markdown_pages, briefing.language, for_contributors=False),
    )


def guides(markdown_pages: Mapping[str, str], language: Language) -> tuple[Findable, ...]:
    """Return the pages for contributors and their sections."""
    return tuple(_markdown_pages(markdown_pages, language, for_contributors=True))


def _own_words(briefing: Briefing) -> Iterator[Findable]:
    t = briefing.language.gettext
    head = briefing.head
    assert head
    yield Findable(
        "Brief",
        t("Brief"),
        routes.served(routes.BRIEF),
        head.title,
        who=t("Our bottom line"),
        text=head.question,
    )
    for judgment in head.judgments:
        yield Findable(
            "Key judgment",
            t("Key judgment"),
            routes.served(routes.judgment(judgment.id)),
            judgment.says,
            within=t("Key judgments"),
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


def _answers(briefing: Briefing) -> Iterator[Findable]:
    """Yield the short answers of the brief and the topics: sentences of a bottom line, and rows of a table."""
    head = briefing.head
    assert head
    # Short answers do not name the subject of the briefing, but readers' questions do.
    subject = f"{head.title} {head.question}"
    tables = (head.profile,) if head.profile else ()
    yield from _answers_on(
        routes.BRIEF, briefing.language.gettext("Brief"), head.bottom_line, tables, subject, briefing
    )
    for topic in briefing.topics:
        context = f"{subject} {topic.title} {topic.asks}"
        yield from _answers_on(routes.topic(topic), topic.title, topic.bottom_line, topic.tables, context, briefing)


def _answers_on(
    path: str,
    page: str,
    bottom_line: tuple[BottomLine, ...],
    tables: tuple[Table, ...],
    context: str,
    briefing: Briefing,
) -> Iterator[Findable]:
    t = briefing.language.gettext
    for number, answer in enumerate(bottom_line, 1):
        address = routes.served(f"{path}#line.{number}")
        yield Findable(
            "Answer",
            t("Bottom line"),
            address,
            answer.says,
            within=page,
            about=_entities_of(briefing, answer.rests_on),
            more=context,
        )
    for number, table in enumerate(tables, 1):
        for row_number, row in enumerate(table.rows, 1):
            yield Findable(
                "Row",
                t("Table"),
                routes.served(f"{path}#{row_anchor(number, row_number)}"),
                _row_text(table, row),
                within=table.title,
                about=_entities_of(briefing, row.fact_ids),
                more=" ".join([table.title, *table.columns, context]),
            )


def _entities_of(briefing: Briefing, fact_ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entity for fact_id in fact_ids for entity in briefing.fact_by_id[fact_id].about))


def _row_text(table: Table, row: Row) -> str:
    """Return a row in one line, such as ``Length: 47 articles``, or ``Article 3: both sides · must consult``.

    The name of its column precedes a cell, except the only cell after a short label.
    """
    label, *cells = [cell.says for cell in row.cells]
    if label[0].isdigit():
        label = f"{table.columns[0]} {label}"
    if not cells:
        return label
    # A cell may be a whole sentence.
    separator = " " if label.endswith(".") else ": "
    if len(cells) > 1 or separator == " ":
        cells = [f"{column}: {cell}" for column, cell in zip(table.columns[1:], cells, strict=True)]
    return f"{label}{separator}{' · '.join(cells)}"


def _topic(topic: Topic, language: Language) -> Findable:
    headings = [section.title for section in topic.sections]
    return Findable(
        "Topic",
        language.gettext("Topic"),
        routes.served(routes.topic(topic)),
        topic.title,
        text=topic.asks,
        more=" ".join([*headings, *(table.title for table in topic.tables)]),
    )


def _fact(briefing: Briefing, fact: Fact) -> Findable:
    shown = sentence(briefing, fact)
    t = briefing.language.gettext
    if shown.voice == "base":
        who = t("Source under analysis: %(source)s", source=shown.marker.text)
    else:
        who = t("Another source: %(source)s", source=shown.marker.text)
    states = [t(_STATES[response.how]) for response in shown.beside if response.how in _STATES]
    who = " · ".join(filter(None, [who, shown.grade, *states[:1]]))
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


def _source(briefing: Briefing, source: Source) -> Findable:
    language = briefing.language
    date = language.format_date(source.date)
    based_on = ""
    if briefing.head and source.id in briefing.head.based_on:
        based_on = language.gettext("The source, such as an article or a report, on which this briefing is based.")
    return Findable(
        "Source",
        language.gettext("Source"),
        routes.served(routes.source(source.id)),
        f"{source.publisher}: {source.title}",
        within=language.gettext("Sources"),
        text=" ".join(part for part in (based_on, source.author, date, source.note) if part),
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
                f"{source.publisher}, {part_label(source, str(part.number), language)}",
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
        (
            routes.JUDGMENTS,
            t("Key judgments"),
            t("What we expect, how likely it is, what to watch, and how earlier judgments turned out: forecasts"),
        ),
        (f"{routes.BRIEF}#cite", t("Cite this briefing"), t("Citations to copy: APA, Chicago, MLA, BibTeX, CSL-JSON")),
        (
            routes.TIMELINE,
            t("Timeline"),
            t("Every dated fact in order, with filters: chronology, dates, events, history"),
        ),
        (routes.VIEWS, t("Views"), t("Who says what: statements and opinions by speaker")),
        (
            routes.DISPUTED,
            t("Disputed and unknown"),
            t("Where sources differ, disagree or are wrong, and what is unknown: errors, corrected claims"),
        ),
        (routes.ACTORS, t("Actors"), t("Who is involved: states, people, organisations")),
        (routes.PLACES, t("Places"), t("Where it happens, with coordinates")),
        (routes.GLOSSARY, t("Glossary"), t("Terms explained")),
        (routes.SOURCES, t("Sources"), t("Where the facts come from, with reliability grades")),
        (
            routes.DATA,
            t("Data"),
            t("To download: CSV for a spreadsheet such as Excel, JSON, linked data, map, calendar; licence, copyright"),
        ),
        (
            routes.CHECKS,
            t("Checks"),
            t("What was compared with the sources, and how many errors that catches: verification, false alarms"),
        ),
        (routes.FACTS, t("All facts"), t("The evidence of the briefing, fact by fact")),
        (
            routes.CHANGES,
            t("Changes"),
            t("What changed in the facts, newest first: news, recent updates, history"),
        ),
        (
            routes.CORRECTIONS,
            t("Corrections"),
            t("Errors in published facts that have been corrected, newest first: mistakes, how to report an error"),
        ),
        (routes.SCALES, t("Scales and grades"), t("What the grades and the terms for likelihood and confidence mean")),
    ):
        more = _GRADES if path == routes.SCALES else ""
        yield Findable("Page", t("Page"), routes.served(path), title, text=text, more=more)


def _markdown_pages(pages: Mapping[str, str], language: Language, *, for_contributors: bool) -> Iterator[Findable]:
    """Yield the pages, and their parts that have a heading."""
    for path, text in sorted(pages.items()):
        if is_for_contributors(text) == for_contributors:
            yield from _markdown_page(path, text, language)


def _markdown_page(path: str, text: str, language: Language) -> Iterator[Findable]:
    page = parse_markdown(split_front_matter(text)[1])
    title = next((plain_text(heading) for heading in page.iter("h1")), path)
    yield Findable("Page", language.gettext("Page"), routes.served(path), title, text=plain_text(page))
    for heading in page.xpath("h2[@id] | h3[@id]"):
        following = heading.xpath("following-sibling::*")
        end = next((at for at, element in enumerate(following) if element.tag in ("h2", "h3")), len(following))
        yield Findable(
            "Section",
            language.gettext("Section"),
            routes.served(f"{path}#{heading.get('id')}"),
            plain_text(heading),
            within=title,
            text=" ".join(plain_text(element) for element in following[:end]),
        )
