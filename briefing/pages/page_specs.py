"""The list of pages in the order of the site, with the view and the template of each."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from briefing.exports.catalog import DownloadSpec
from briefing.exports.citation_box import CiteBox, briefing_box, fact_box
from briefing.exports.edition import Edition
from briefing.exports.jsonld import claim, report
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.history import History
from briefing.model.records import Actor, Fact, Record, Source, Topic
from briefing.rules.comparisons import Report
from briefing.text.characters import shorten
from briefing.text.language import N_
from briefing.views.changes import Chain, changes_page, past, years
from briefing.views.checks import checks_page
from briefing.views.coverage import coverage
from briefing.views.disputed import differences
from briefing.views.entities import actor_list, actor_page, actor_sentences, place_list, term_list
from briefing.views.fact import fact_description, fact_page
from briefing.views.fact_list import fact_list
from briefing.views.grading_scales import scales
from briefing.views.home import brief, questions
from briefing.views.imprint import corrections
from briefing.views.judgments import judgments, track_record
from briefing.views.sources import source_list
from briefing.views.speakers import matrix, speakers
from briefing.views.statement import Note, Numbering
from briefing.views.timeline.page import timeline
from briefing.views.topic import topic_page

_TITLE_LENGTH = 70
# Search engines and previews of links show about as many characters.
_DESCRIPTION_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Content:
    """The values for a page's template, the notes to which its numbers refer, its linked data, and its citation if that
    differs from the usual one for pages.
    """

    values: Mapping[str, object]
    notes: tuple[Note, ...] = ()
    linked: Mapping[str, object] = field(default_factory=dict)
    cite: CiteBox | None = None


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page to be made. ``content`` is called when the page is made."""

    path: str
    template: str
    title: str
    description: str
    content: Callable[[], Content]
    edit_path: str = ""
    leads_to: str = ""

    @property
    def shows_changes(self) -> bool:
        """Whether the page shows how many of its facts have changed."""
        # These pages list changes themselves, or contain no facts.
        return self.template not in ("fact.md.j2", "changes.md.j2", "moved.md.j2", "withheld.md.j2")


def page_specs(
    briefing: Briefing,
    edition: Edition,
    downloads: Callable[[], tuple[DownloadSpec, ...]],
    report_of_checks: Callable[[], Report],
    history: History,
    known: Mapping[str, Chain],
) -> Iterator[PageSpec]:
    """Yield every page in the order of the site. The content of a page is computed only when the page is made."""
    yield _home_page(briefing, edition)
    for topic in briefing.topics:
        yield _topic_page(briefing, topic)
    yield from _overviews(briefing)
    yield _data_page(briefing, edition, downloads)
    yield _checks_page(briefing, report_of_checks)
    yield from _changes_pages(briefing, history)
    yield _corrections_page(briefing)
    for pin in briefing.pins:
        yield _coverage_page(briefing, briefing.source_by_id[pin.source])
    for actor in briefing.actors:
        yield _actor_page(briefing, actor)
    yield _overview(
        briefing,
        routes.FACTS,
        "facts.md.j2",
        N_("All facts"),
        N_("%(briefing)s: the evidence, fact by fact"),
        lambda: {"list": fact_list(briefing)},
    )
    for fact in briefing.facts:
        yield _fact_page(briefing, edition, history, fact, known.get(fact.id))
    yield from _withheld_pages(briefing)


def _page_of_record(
    record: Record, path: str, template: str, title: str, description: str, content: Callable[[], Content]
) -> PageSpec:
    """Return a page whose edit link leads to the record."""
    place = record.at()
    return PageSpec(path, template, title, description, content, f"{place.file}#L{place.line}")


def _overview(
    briefing: Briefing,
    path: str,
    template: str,
    title: str,
    description: str,
    values: Callable[[], Mapping[str, object]],
    year: str = "",
) -> PageSpec:
    """Return a page about many records, which has no single place to edit. The title and description are messages
    with placeholders for the briefing's title and the year.
    """
    assert briefing.head
    t = briefing.language.gettext
    texts = (t(title, year=year), t(description, briefing=briefing.head.title, year=year))
    return PageSpec(path, template, *texts, lambda: Content(values()))


def _home_page(briefing: Briefing, edition: Edition) -> PageSpec:
    head = briefing.head
    assert head

    def content() -> Content:
        page = brief(briefing)
        return Content({"page": page}, page.notes, report(briefing, edition), briefing_box(edition, briefing.language))

    description = _opening(part.says for part in head.bottom_line) or head.question
    return _page_of_record(head, routes.BRIEF, "index.md.j2", head.title, description, content)


def _topic_page(briefing: Briefing, topic: Topic) -> PageSpec:
    def content() -> Content:
        page = topic_page(briefing, topic)
        return Content({"page": page}, page.notes)

    description = _opening(part.says for part in topic.bottom_line) or topic.asks
    return _page_of_record(topic, routes.topic(topic), "topic.md.j2", topic.title, description, content)


def _judgments_page(briefing: Briefing) -> PageSpec:
    def content() -> Content:
        numbering = Numbering(briefing)
        page = judgments(briefing, numbering)
        return Content({"judgments": page, "record": track_record(briefing)}, numbering.notes())

    assert briefing.head
    t = briefing.language.gettext
    description = t(
        "%(briefing)s: our judgments, what to watch, and how earlier ones turned out", briefing=briefing.head.title
    )
    return PageSpec(routes.JUDGMENTS, "judgments.md.j2", t("Key judgments"), description, content)


def _overviews(briefing: Briefing) -> Iterator[PageSpec]:
    yield _judgments_page(briefing)
    yield _overview(
        briefing,
        routes.TIMELINE,
        "timeline.md.j2",
        N_("Timeline"),
        N_("%(briefing)s: every dated fact in order"),
        lambda: {"timeline": timeline(briefing)},
    )
    yield _overview(
        briefing,
        routes.VIEWS,
        "views.md.j2",
        N_("Views"),
        N_("%(briefing)s: who says what"),
        lambda: {"matrix": matrix(briefing), "speakers": speakers(briefing)},
    )
    yield _overview(
        briefing,
        routes.DISPUTED,
        "disputed.md.j2",
        N_("Disputed and unknown"),
        N_("%(briefing)s: where sources disagree, and what is unknown"),
        lambda: {"differences": differences(briefing), "questions": questions(briefing)},
    )
    yield _overview(
        briefing,
        routes.ACTORS,
        "actors.md.j2",
        N_("Actors"),
        N_("%(briefing)s: who is involved"),
        lambda: {"groups": actor_list(briefing)},
    )
    yield _overview(
        briefing,
        routes.PLACES,
        "places.md.j2",
        N_("Places"),
        N_("%(briefing)s: where it happens"),
        lambda: {"places": place_list(briefing)},
    )
    yield _overview(
        briefing,
        routes.SOURCES,
        "sources.md.j2",
        N_("Sources"),
        N_("%(briefing)s: where the facts come from"),
        lambda: {"sources": source_list(briefing)},
    )
    yield _overview(
        briefing,
        routes.GLOSSARY,
        "glossary.md.j2",
        N_("Glossary"),
        N_("%(briefing)s: terms explained"),
        lambda: {"entries": term_list(briefing)},
    )
    yield _overview(
        briefing,
        routes.SCALES,
        "scales.md.j2",
        N_("Scales and grades"),
        N_("%(briefing)s: what the terms and grades mean"),
        lambda: {"scales": scales(briefing.language)},
    )


def _data_page(briefing: Briefing, edition: Edition, downloads: Callable[[], tuple[DownloadSpec, ...]]) -> PageSpec:
    head = briefing.head
    assert head
    return _overview(
        briefing,
        routes.DATA,
        "data.md.j2",
        N_("Data"),
        N_("%(briefing)s: everything to download"),
        lambda: {"offers": downloads(), "edition": edition, "license": head.license},
    )


def _checks_page(briefing: Briefing, report_of_checks: Callable[[], Report]) -> PageSpec:
    return _overview(
        briefing,
        routes.CHECKS,
        "checks.md.j2",
        N_("Checks"),
        N_("%(briefing)s: what was compared with the sources, and how many errors that catches"),
        lambda: {"page": checks_page(briefing, report_of_checks())},
    )


def _changes_pages(briefing: Briefing, history: History) -> Iterator[PageSpec]:
    def values(year: str) -> Mapping[str, object]:
        return {"page": changes_page(briefing, history, year), "year": year}

    template = "changes.md.j2"
    yield _overview(
        briefing,
        routes.CHANGES,
        template,
        N_("Changes"),
        N_("%(briefing)s: what changed, newest first"),
        partial(values, ""),
    )
    for year in years(briefing, history):
        path, title = routes.changes_of(year), N_("Changes in %(year)s")
        description = N_("%(briefing)s: what changed in %(year)s")
        yield _overview(briefing, path, template, title, description, partial(values, year), year)


def _corrections_page(briefing: Briefing) -> PageSpec:
    return _overview(
        briefing,
        routes.CORRECTIONS,
        "corrections.md.j2",
        N_("Corrections"),
        N_("%(briefing)s: errors that we have corrected, with dates"),
        lambda: {
            "entries": corrections(briefing),
            "can_report": bool(briefing.head and briefing.head.report_errors),
            "has_corrected": bool(briefing.corrections_of),
        },
    )


def _coverage_page(briefing: Briefing, source: Source) -> PageSpec:
    def content() -> Content:
        return Content({"page": coverage(briefing, source)})

    title = f"{source.publisher}: {source.title}"
    path = routes.coverage(source.id)
    description = briefing.language.gettext("Which facts cite each part of the source: %(source)s", source=title)
    return _page_of_record(source, path, "coverage.md.j2", title, description, content)


def _actor_page(briefing: Briefing, actor: Actor) -> PageSpec:
    def content() -> Content:
        page = actor_page(briefing, actor)
        return Content({"page": page}, page.notes)

    description = _opening(actor_sentences(briefing, actor))
    return _page_of_record(actor, routes.entity(actor), "actor.md.j2", actor.name, description, content)


def _fact_page(briefing: Briefing, edition: Edition, history: History, fact: Fact, chain: Chain | None) -> PageSpec:
    def content() -> Content:
        values = {"page": fact_page(briefing, fact), "past": past(briefing, history, fact, chain)}
        return Content(values, (), claim(briefing, fact, edition), fact_box(briefing, fact, edition))

    title, description = shorten(fact.says, _TITLE_LENGTH), fact_description(briefing, fact)
    return _page_of_record(fact, routes.fact(fact), "fact.md.j2", title, description, content)


def _withheld_pages(briefing: Briefing) -> Iterator[PageSpec]:
    assert briefing.head
    title = briefing.language.gettext("Withdrawn for legal reasons")
    for index, fact in enumerate(briefing.head.withheld):
        values = {"date": briefing.language.format_date(fact.date), "because": fact.because}
        place = briefing.head.at("withheld", index)
        edit_path = f"{place.file}#L{place.line}"
        path, template = routes.withheld(fact), "withheld.md.j2"
        yield PageSpec(path, template, title, fact.because, partial(Content, values), edit_path)


def redirect_spec(briefing: Briefing, specs: Mapping[str, PageSpec], old: str, new: str) -> PageSpec:
    """Return the page at an old address that redirects to the new one."""
    assert briefing.head
    path = routes.at(new)
    title, place = specs[path].title, briefing.head.at("moved", old)

    def content() -> Content:
        return Content({"title": title, "path": path})

    edit_path = f"{place.file}#L{place.line}"
    moved = briefing.language.gettext("This page has moved")
    return PageSpec(routes.at(old), "moved.md.j2", moved, title, content, edit_path, leads_to=path)


def old_ids(briefing: Briefing) -> list[tuple[str, str]]:
    """Return the previous ids of entries on a page, with their current ids."""
    if briefing.head is None:
        return []
    moved = briefing.head.moved.items()
    # An address without a fragment belonged to a separate page, which has a redirect.
    return [(old.partition("#")[2], new.partition("#")[2]) for old, new in moved if "#" in old]


def _opening(sentences: Iterable[str]) -> str:
    """Return as many whole sentences as fit into a description, and at least the first."""
    text = ""
    for sentence in sentences:
        longer = f"{text} {sentence}".strip()
        if text and len(longer) > _DESCRIPTION_LENGTH:
            break
        text = longer
    return text
