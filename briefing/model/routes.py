"""The path of every page and file on the site, from its root; a page by its Markdown file."""

from collections.abc import Iterator

from briefing.model.briefing import Briefing
from briefing.model.fields import Citation
from briefing.model.records import Actor, Entity, Fact, Place, Topic
from briefing.problems import Span

BRIEF = "index.md"
TIMELINE = "timeline.md"
VIEWS = "views.md"
ACTORS = "actors/index.md"
PLACES = "places.md"
SOURCES = "sources.md"
GLOSSARY = "glossary.md"
DISPUTED = "disputed.md"
SCALES = "scales.md"
DATA = "data.md"
CHANGES = "changes/index.md"
FACTS = "f/index.md"
FIXED = (BRIEF, TIMELINE, VIEWS, DISPUTED, ACTORS, PLACES, SOURCES, GLOSSARY, SCALES, DATA, FACTS, CHANGES)

FACTS_JSON = "data/facts.json"
FACTS_SCHEMA = "data/facts.schema.json"
FACT_SCHEMA = "data/fact.schema.json"
FACTS_CSV = "data/facts.csv"
# Where CSV on the Web looks for it: beside the file, under its name with this ending.
FACTS_CSV_METADATA = "data/facts.csv-metadata.json"
FACTS_JSONLD = "data/facts.jsonld"
PLACES_GEOJSON = "data/places.geojson"
PLACES_SCHEMA = "data/places.schema.json"
EVENTS = "data/events.ics"
SOURCES_BIBTEX = "data/sources.bib"
SOURCES_CSL = "data/sources.csl.json"
SEARCH = "search/entries.js"
FEED = "changes.xml"
BOOK = "briefing.html"
BOOK_PDF = "briefing.pdf"
DOWNLOADS = (
    FACTS_JSON,
    FACTS_SCHEMA,
    FACT_SCHEMA,
    FACTS_CSV,
    FACTS_CSV_METADATA,
    FACTS_JSONLD,
    PLACES_GEOJSON,
    PLACES_SCHEMA,
    EVENTS,
    SOURCES_BIBTEX,
    SOURCES_CSL,
)


def address(path: str) -> str:
    """The folder, from the site's root, that a page is served as; two pages of one address cannot both be."""
    return path.removesuffix(".md").removesuffix("index").strip("/")


def served(path: str) -> str:
    """What a page, an entry on one, or a file is asked for as, from the site's root: a page's ends in a slash."""
    file, mark, entry = path.partition("#")
    folder = address(file)
    # The home page is asked for by the site's root itself.
    if folder and file.endswith(".md"):
        folder += "/"
    return f"{folder}{mark}{entry}"


def topic(topic: Topic) -> str:
    """A topic's page."""
    return f"{topic.id}.md"


def fact(fact: Fact) -> str:
    """A fact's page."""
    return f"f/{fact.id}.md"


def is_fact(path: str) -> bool:
    """Whether a page is that of one fact."""
    return path.startswith("f/") and path != FACTS


def in_book(path: str) -> bool:
    """Whether a page is a chapter of the bound briefing: not where the page above tells the same in short, and not
    where it tells of the site.
    """
    folder, _, name = path.rpartition("/")
    return path != DATA and folder != "changes" and (folder not in ("f", "actors") or name == "index.md")


def fact_data(fact: Fact) -> str:
    """A fact's own JSON."""
    return f"f/{fact.id}.json"


def entity(entity: Entity) -> str:
    """Where an entity is told of: an actor's own page, or its entry among the places or terms."""
    if isinstance(entity, Actor):
        return f"actors/{entity.id}.md"
    if isinstance(entity, Place):
        return f"{PLACES}#{entity.id}"
    return f"{GLOSSARY}#{entity.id}"


def source(source_id: str) -> str:
    """A source's entry among the sources."""
    return f"{SOURCES}#{source_id}"


def coverage(source: str) -> str:
    """The page that says which facts cite which part of a pinned source."""
    return f"sources/{source}.md"


def changes_of(year: str) -> str:
    """The changes of one year, where the history is long; how long it is, no record says."""
    return f"changes/{year}.md"


def cited(briefing: Briefing, citation: Citation) -> str:
    """Where a citation leads: to the part, where the source is pinned, or to the source's entry."""
    if citation.source in briefing.pin_of and citation.number:
        return f"{coverage(citation.source)}#p{citation.number}"
    return source(citation.source)


def planned(briefing: Briefing) -> Iterator[tuple[str, Span | None]]:
    """Every page that is made, with the place of the record that asks for it (None: every briefing has it)."""
    for path in FIXED:
        yield path, None
    for page in briefing.topics:
        yield topic(page), page.at()
    for pin in briefing.pins:
        yield coverage(pin.source), pin.at("source")
    for actor in briefing.actors:
        yield entity(actor), actor.at("id")
    for claim in briefing.facts:
        yield fact(claim), claim.at("id")
    if briefing.head:
        for old, _ in moved_pages(briefing):
            yield at(old), briefing.head.at("moved", old)


def moved_pages(briefing: Briefing) -> Iterator[tuple[str, str]]:
    """The old addresses, and the new, of what has a page of its own (others are places on a page)."""
    if briefing.head is None:
        return
    for old, new in briefing.head.moved.items():
        if "#" not in old:
            yield old, new


def at(address: str) -> str:
    """The page of an address as ``moved`` has it."""
    file, _, fragment = address.partition("#")
    return f"{file}.md#{fragment}" if fragment else f"{file}.md"


def planned_files(briefing: Briefing) -> Iterator[tuple[str, Span | None]]:
    """Every file beside the pages that is made, as ``planned`` tells of pages."""
    for path in DOWNLOADS:
        # RFC 5545 wants at least one component in a calendar, so one without events would be invalid.
        if path != EVENTS or briefing.events:
            yield path, None
    yield SEARCH, None
    # Its address is reserved even if there is no history, or no address of the site, to make it with: either may be
    # added at any time.
    yield FEED, None
    for claim in briefing.facts:
        yield fact_data(claim), claim.at("id")
