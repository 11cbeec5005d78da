"""Where each page of the site stands: paths of Markdown files, from the site's root."""

from collections.abc import Iterator

from briefing.model import Actor, Briefing, Citation, Entity, Fact, Place, Topic
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
FACTS = "f/"
CHANGES = "changes/index.md"
FEED = "changes.xml"
FIXED = (BRIEF, TIMELINE, VIEWS, DISPUTED, ACTORS, PLACES, SOURCES, GLOSSARY, SCALES, CHANGES)


def address(path: str) -> str:
    """The folder, from the site's root, that a page is served as; two pages of one address cannot both be."""
    return path.removesuffix(".md").removesuffix("index").strip("/")


def topic(topic: Topic) -> str:
    """A topic's page."""
    return f"{topic.id}.md"


def fact(fact: Fact) -> str:
    """A fact's page."""
    return f"{FACTS}{fact.id}.md"


def entity(entity: Entity) -> str:
    """Where an entity is told of: an actor's own page, or its entry among the places or terms."""
    if isinstance(entity, Actor):
        return f"actors/{entity.id}.md"
    return f"{PLACES if isinstance(entity, Place) else GLOSSARY}#{entity.id}"


def source(id: str) -> str:
    """A source's entry among the sources."""
    return f"{SOURCES}#{id}"


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
