"""Define the path of every page and file on the site, from its root. A page has the path of its Markdown file."""

from collections.abc import Iterator

from briefing.model.briefing import Briefing
from briefing.model.records import Actor, Citation, Entity, Fact, Place, Topic, Withheld
from briefing.problems import Span

BRIEF = "index.md"
JUDGMENTS = "judgments.md"
TIMELINE = "timeline.md"
VIEWS = "views.md"
ACTORS = "actors/index.md"
PLACES = "places.md"
SOURCES = "sources.md"
GLOSSARY = "glossary.md"
DISPUTED = "disputed.md"
SCALES = "scales.md"
DATA = "data.md"
CHECKS = "checks.md"
CHANGES = "changes/index.md"
CORRECTIONS = "corrections.md"
FACTS = "f/index.md"
FIXED = (
    BRIEF,
    JUDGMENTS,
    TIMELINE,
    VIEWS,
    DISPUTED,
    ACTORS,
    PLACES,
    SOURCES,
    GLOSSARY,
    SCALES,
    DATA,
    CHECKS,
    FACTS,
    CHANGES,
    CORRECTIONS,
)

FACTS_JSON = "data/facts.json"
FACTS_SCHEMA = "data/facts.schema.json"
FACT_SCHEMA = "data/fact.schema.json"
FACTS_CSV = "data/facts.csv"
# CSV on the Web expects the metadata next to the file, under its name with this ending.
FACTS_CSV_METADATA = "data/facts.csv-metadata.json"
FACTS_JSONLD = "data/facts.jsonld"
PLACES_GEOJSON = "data/places.geojson"
PLACES_SCHEMA = "data/places.schema.json"
EVENTS = "data/events.ics"
SOURCES_BIBTEX = "data/sources.bib"
SOURCES_CSL = "data/sources.csl.json"
CHECKS_JSON = "data/checks.json"
CHECKS_SCHEMA = "data/checks.schema.json"
SEARCH = "search/entries.js"
SEARCH_FOR_CONTRIBUTORS = "search/contributors.js"
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
    CHECKS_JSON,
    CHECKS_SCHEMA,
)


def address(path: str) -> str:
    """Return the folder in which a page is served, from the site's root. No two pages can share one."""
    return path.removesuffix(".md").removesuffix("index").strip("/")


def served(path: str) -> str:
    """Return the URL of a page, an entry on one, or a file, from the site's root. That of a page ends in a slash."""
    file, mark, entry = path.partition("#")
    folder = address(file)
    # The home page is at the root of the site.
    if folder and file.endswith(".md"):
        folder += "/"
    return f"{folder}{mark}{entry}"


def topic(topic: Topic) -> str:
    """Return the page of a topic."""
    return f"{topic.id}.md"


def fact(fact: Fact) -> str:
    """Return the page of a fact."""
    return f"f/{fact.id}.md"


def judgment(judgment_id: str) -> str:
    """Return the entry of a judgment on the page of judgments."""
    return f"{JUDGMENTS}#{judgment_id}"


def withheld(withheld: Withheld) -> str:
    """Return the page in place of a fact that was withdrawn for legal reasons."""
    return f"f/{withheld.id}.md"


def is_fact(path: str) -> bool:
    """Return whether a page is the page of a fact."""
    return path.startswith("f/") and path != FACTS


def in_book(path: str) -> bool:
    """Return whether a page is a chapter of the single-file briefing.

    Pages that an overview summarises (facts, actors) and pages about the site (data, checks, changes) are not.
    """
    folder, _, name = path.rpartition("/")
    return path not in (DATA, CHECKS) and folder != "changes" and (folder not in ("f", "actors") or name == "index.md")


def fact_checks(fact: Fact) -> str:
    """Return the entry of a fact on the page of checks."""
    # No id has a full stop, so this is none of the page's other anchors.
    return f"{CHECKS}#fact.{fact.id}"


def fact_data(fact: Fact) -> str:
    """Return the JSON file of a fact."""
    return f"f/{fact.id}.json"


def entity(entity: Entity) -> str:
    """Return the page of an actor, or the entry of a place or term on its page."""
    if isinstance(entity, Actor):
        return f"actors/{entity.id}.md"
    if isinstance(entity, Place):
        return f"{PLACES}#{entity.id}"
    return f"{GLOSSARY}#{entity.id}"


def source(source_id: str) -> str:
    """Return the entry of a source on the page of sources."""
    return f"{SOURCES}#{source_id}"


def coverage(source: str) -> str:
    """Return the page that lists the facts that cite each part of a pinned source."""
    return f"sources/{source}.md"


def changes_of(year: str) -> str:
    """Return the page of the changes of one year, which a long history has."""
    return f"changes/{year}.md"


def cited(briefing: Briefing, citation: Citation) -> str:
    """Return the target of a citation: the part, if the source is pinned, or the entry of the source."""
    if citation.source in briefing.pin_of and citation.number:
        return f"{coverage(citation.source)}#p{citation.number}"
    return source(citation.source)


def planned(briefing: Briefing) -> Iterator[tuple[str, Span | None]]:
    """Yield every page, with the position of the record that causes it, or None if every briefing has it."""
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
        for index, gone in enumerate(briefing.head.withheld):
            yield withheld(gone), briefing.head.at("withheld", index, "id")
        for old, _ in moved_pages(briefing):
            yield at(old), briefing.head.at("moved", old)


def moved_pages(briefing: Briefing) -> Iterator[tuple[str, str]]:
    """Yield the old and new addresses of moved pages. Moved entries on a page are left out."""
    if briefing.head is None:
        return
    for old, new in briefing.head.moved.items():
        if "#" not in old:
            yield old, new


def at(address: str) -> str:
    """Return the page or entry of an address in ``moved``."""
    file, _, fragment = address.partition("#")
    return f"{file}.md#{fragment}" if fragment else f"{file}.md"


def planned_files(briefing: Briefing) -> Iterator[tuple[str, Span | None]]:
    """Yield every file other than pages, with its position as in ``planned``."""
    for path in DOWNLOADS:
        # RFC 5545 requires at least one component in a calendar, so one without events would be invalid.
        if path != EVENTS or briefing.events:
            yield path, None
    yield SEARCH, None
    yield SEARCH_FOR_CONTRIBUTORS, None
    # The feed needs a history and the address of the site. Its path is reserved even without them, because both may be
    # added at any time.
    yield FEED, None
    for claim in briefing.facts:
        yield fact_data(claim), claim.at("id")
