"""Which pages there are, in the order of the site, and which view and template make each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from briefing.exports.catalog import DownloadSpec
from briefing.exports.citation_box import CiteBox, briefing_box, fact_box
from briefing.exports.edition import Edition
from briefing.exports.jsonld import claim, report
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.history import History
from briefing.model.records import Fact, Record
from briefing.views.changes import Chain, changes_page, past, years
from briefing.views.coverage import coverage
from briefing.views.disputed import differences
from briefing.views.entities import actor_list, actor_page, place_list, term_list
from briefing.views.fact import fact_page
from briefing.views.fact_list import fact_list
from briefing.views.grading_scales import scales
from briefing.views.home import brief, questions
from briefing.views.sources import source_list
from briefing.views.speakers import matrix, speakers
from briefing.views.timeline.page import timeline
from briefing.views.topic import topic_page


@dataclass(frozen=True, slots=True)
class Content:
    """What fills a page's template, its linked data, and how to cite it where it is not cited as any page is."""

    values: Mapping[str, object]
    linked: Mapping[str, object] = field(default_factory=dict)
    cite: CiteBox | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A page to be made; ``content`` is gathered when it is made."""

    path: str
    template: str
    title: str
    description: str
    content: Callable[[], Content]
    edit_path: str = ""
    leads_to: str = ""

    @property
    def shows_changes(self) -> bool:
        """Whether the page says how many of its facts changed; the others tell of change themselves."""
        return self.template not in ("fact.md.j2", "changes.md.j2", "moved.md.j2")


def page_specs(
    briefing: Briefing,
    edition: Edition,
    downloads: Callable[[], tuple[DownloadSpec, ...]],
    history: History,
    known: Mapping[str, Chain],
) -> Iterator[Order]:
    """Every page, in the order of the site."""
    head = briefing.head
    assert head

    def of_record(
        path: str, template: str, title: str, description: str, record: Record, content: Callable[[], Content]
    ) -> Order:
        place = record.at()
        return Order(path, template, title, description, content, f"{place.file}#L{place.line}")

    def of_all(path: str, template: str, title: str, says: str, values: Callable[[], Mapping[str, object]]) -> Order:
        return Order(path, template, title, f"{head.title}: {says}", lambda: Content(values()))

    def page_of(view: Callable[..., object], *records: object) -> Callable[[], Content]:
        return lambda: Content({"page": view(briefing, *records)})

    def front() -> Content:
        return Content({"page": brief(briefing)}, report(briefing, edition), briefing_box(edition))

    def of_fact(fact: Fact) -> Content:
        values = {"page": fact_page(briefing, fact), "past": past(briefing, history, fact, known.get(fact.id))}
        return Content(values, claim(briefing, fact, edition), fact_box(briefing, fact, edition))

    def changes(year: str) -> Mapping[str, object]:
        return {"page": changes_page(briefing, history, year), "year": year}

    yield of_record(routes.BRIEF, "index.md.j2", head.title, head.question, head, front)
    for topic in briefing.topics:
        content = page_of(topic_page, topic)
        yield of_record(routes.topic(topic), "topic.md.j2", topic.title, topic.asks, topic, content)
    yield of_all(
        routes.TIMELINE,
        "timeline.md.j2",
        "Timeline",
        "every dated fact in order",
        lambda: {"timeline": timeline(briefing)},
    )
    yield of_all(
        routes.VIEWS,
        "views.md.j2",
        "Views",
        "who says what",
        lambda: {"matrix": matrix(briefing), "speakers": speakers(briefing)},
    )
    yield of_all(
        routes.DISPUTED,
        "disputed.md.j2",
        "Disputed and unknown",
        "where sources differ",
        lambda: {"differences": differences(briefing), "questions": questions(briefing)},
    )
    yield of_all(routes.ACTORS, "actors.md.j2", "Actors", "who is involved", lambda: {"groups": actor_list(briefing)})
    yield of_all(routes.PLACES, "places.md.j2", "Places", "where it happens", lambda: {"entries": place_list(briefing)})
    yield of_all(
        routes.SOURCES, "sources.md.j2", "Sources", "what the facts rest on", lambda: {"entries": source_list(briefing)}
    )
    yield of_all(
        routes.GLOSSARY, "glossary.md.j2", "Glossary", "terms explained", lambda: {"entries": term_list(briefing)}
    )
    yield of_all(
        routes.SCALES, "scales.md.j2", "Scales and grades", "what the words mean", lambda: {"scales": scales()}
    )
    yield of_all(
        routes.DATA,
        "data.md.j2",
        "Data",
        "everything to take along",
        lambda: {"offers": downloads(), "edition": edition, "license": head.license},
    )
    yield of_all(routes.CHANGES, "changes.md.j2", "Changes", "what changed, newest first", partial(changes, ""))
    for year in years(history):
        path = routes.changes_of(year)
        yield of_all(path, "changes.md.j2", f"Changes in {year}", "what changed", partial(changes, year))
    for pin in briefing.pins:
        source = briefing.source_by_id[pin.source]
        title = f"{source.publisher}: {source.title}"
        content = page_of(coverage, source)
        yield of_record(routes.coverage(source.id), "coverage.md.j2", title, f"{title}, part by part", source, content)
    for actor in briefing.actors:
        description = f"{actor.name}: {head.title}"
        content = page_of(actor_page, actor)
        yield of_record(routes.entity(actor), "actor.md.j2", actor.name, description, actor, content)
    evidence = "the evidence, fact by fact"
    yield of_all(routes.FACTS, "facts.md.j2", "All facts", evidence, lambda: {"topics": fact_list(briefing)})
    for fact in briefing.facts:
        title = _shortened(fact.says)
        yield of_record(routes.fact(fact), "fact.md.j2", title, fact.says, fact, partial(of_fact, fact))


def redirect_spec(briefing: Briefing, orders: Mapping[str, Order], old: str, new: str) -> Order:
    """The page at an old address that leads on to the new one."""
    assert briefing.head
    path = routes.at(new)
    title, place = orders[path].title, briefing.head.at("moved", old)

    def content() -> Content:
        return Content({"title": title, "path": path})

    edit_path = f"{place.file}#L{place.line}"
    return Order(routes.at(old), "moved.md.j2", "This page has moved", title, content, edit_path, leads_to=path)


def old_ids(briefing: Briefing) -> list[tuple[str, str]]:
    """The ids that entries on a page had before, with those that they have now."""
    moved = briefing.head.moved.items() if briefing.head else ()
    return [(old.partition("#")[2], new.partition("#")[2]) for old, new in moved if "#" in old]


def _shortened(text: str, width: int = 70) -> str:
    if len(text) <= width:
        return text
    space = text.rfind(" ", 0, width)
    return text[: space if space > 0 else width].rstrip(",;:–- ") + "…"
