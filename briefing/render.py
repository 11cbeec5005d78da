"""Pages from views and templates. The only user of Jinja; text in, text out."""

import json
import posixpath
import re
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache, partial
from hashlib import sha256
from html import escape as escape_html
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from briefing import paths
from briefing.exports.citing import CiteBox, briefing_box, fact_box, page_box
from briefing.exports.downloads import Offer
from briefing.exports.edition import Edition
from briefing.exports.linked import claim, report
from briefing.history import NO_HISTORY, History
from briefing.model import Briefing, Fact, Record
from briefing.problems import Problem, Span
from briefing.views.brief import brief, questions
from briefing.views.changes import Chain, chains, changes_page, past, recent, said_recent, years
from briefing.views.coverage import coverage
from briefing.views.disputed import differences
from briefing.views.entities import actor_list, actor_page, place_list, term_list
from briefing.views.fact import FactPage, fact_page
from briefing.views.facts import fact_list
from briefing.views.scales import scales
from briefing.views.sources import source_list
from briefing.views.speakers import matrix, speakers
from briefing.views.timeline import timeline
from briefing.views.topic import topic_page


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site: its Markdown file's path, its head (front matter; values are JSON's), its Markdown, and where
    an editor changes it (empty: nowhere).

    ``edit_path`` is relative to the briefing's folder and ends in ``#L`` and a line. ``leads_to`` is the page that has
    taken the place of this one (empty: none has).
    """

    path: str
    head: Mapping[str, object]
    body: str
    edit_path: str = ""
    leads_to: str = ""

    @property
    def text(self) -> str:
        """The Markdown file: the head as YAML, and the body."""
        lines = (
            f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in self.head.items()
        )  # JSON is YAML
        return f"---\n{''.join(lines)}---\n\n{self.body}"


# Every character that Markdown, HTML or an extension in use could take for markup becomes a character reference: the
# same escaping is then right in running text, in a table's cell, in a heading and in an attribute.
_REFERENCES = {ord(sign): f"&#{ord(sign)};" for sign in '&<>"\\`*_{}[]|~^=$#'}
_KEPT = 1 << 14  # texts and links recur from page to page: so many are remembered
_LINE_START = re.compile(r"^(?:[-+:!?]|\d+(?=[.)]))+")


@lru_cache(_KEPT)
def escape(text: str) -> Markup:
    """Text that Markdown and HTML both show as it stands."""
    text = text.translate(_REFERENCES)
    if found := _LINE_START.match(text):
        last = found.end() if found[0][-1].isdigit() else found.end() - 1
        text = f"{text[:last]}&#{ord(text[last])};{text[last + 1 :]}"
    return Markup(text)


def _finalize(value: object) -> object:
    return escape(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _href(url: str) -> Markup:
    """An address for use between the parentheses of a Markdown link."""
    return Markup(
        quote(url, safe="/:?#@!$&'*+,;=%~-._").replace("&", "&amp;").replace("*", "%2A").replace("_", "&#95;")
    )


@lru_cache(_KEPT)
def _relative(path: str, folder: str) -> str:
    """The way to a path from a folder, both from the site's root."""
    return posixpath.relpath(f"/{path}", f"/{folder}")


@dataclass(frozen=True, slots=True)
class Content:
    """What fills a page's template, its linked data, and how to cite it where it is not cited as any page is."""

    values: Mapping[str, object]
    linked: Mapping[str, object] = field(default_factory=dict)
    cite: CiteBox | None = None


@dataclass(frozen=True, slots=True)
class _Order:
    """A page to be made; ``content`` is gathered when it is made."""

    path: str
    template: str
    title: str
    description: str
    content: Callable[[], Content]
    edit_path: str = ""
    leads_to: str = ""

    @property
    def tells_changes(self) -> bool:
        """Whether the page says how many of its facts changed; the others tell of change themselves."""
        return self.template not in ("fact.md.j2", "changes.md.j2", "moved.md.j2")


@dataclass(frozen=True, slots=True)
class Plan:
    """Every page of a briefing by its path, in the order of the site; each is made when it is asked for.

    ``changed`` says when each fact last changed, ``since`` since when that is told.
    """

    orders: Mapping[str, _Order]
    edition: Edition
    fill: Callable[[_Order, Content], tuple[str, list[str]]]
    changed: Mapping[str, str] = field(default_factory=dict)
    since: str = ""
    old_ids: tuple[tuple[str, str], ...] = ()
    templates: str = ""  # a digest of them

    def gathered(self, path: str) -> tuple[str, Content | None]:
        """What fills a page, and a text that tells all that the page is made of: where it is the same, so is the page.

        Where that cannot be gathered the text is empty; ``page`` says why.
        """
        order = self.orders[path]
        try:
            content = order.content()
        except Exception:
            return "", None
        times = sorted(self.changed.items()) if order.tells_changes else ()
        told = (order.path, order.template, order.title, order.description, order.edit_path, order.leads_to)
        cited = (self.edition.title, self.edition.date, self.edition.site, self.edition.version)
        return repr((told, content, cited, times, self.since, self.old_ids, self.templates)), content

    def page(self, path: str, content: Content | None = None) -> tuple[Page | None, list[Problem]]:
        """The page, and what went wrong in its template; ``content`` where it has been gathered already."""
        order = self.orders[path]
        try:
            content = content or order.content()
            body, facts = self.fill(order, content)
        except Exception as error:  # whatever an editor's template does wrong is the editor's to mend
            return None, [_template_problem(order.template, error)]
        faults = []
        if found := re.search(r"\{[{%#]|[#%}]\}", body):
            left = f"'{found[0]}' is left in the page"
            faults.append(Problem(Span(f"templates/{order.template}"), "template-leftover", left, "close or escape it"))
        for old, new in self.old_ids:
            body = body.replace(f"{{ #{new} }}", f'<span id="{old}"></span> {{ #{new} }}')
        times = [self.changed[id] for id in facts if self.changed.get(id)] if order.tells_changes else []
        cite = content.cite or page_box(self.edition, order.title, order.path)
        head = _head(order, content, times, said_recent(times, self.since), cite)
        return Page(order.path, head, body, order.edit_path, order.leads_to), faults

    def pages(self) -> tuple[list[Page], list[Problem]]:
        """All pages, and what went wrong."""
        pages: list[Page] = []
        problems: dict[Problem, None] = {}  # a template is used for many pages; its fault is told once
        for path in self.orders:
            page, faults = self.page(path)
            problems |= dict.fromkeys(faults)
            pages += [page] if page else []
        return pages, list(problems)


class Renderer:
    """Templates compiled once; they give the same text each time."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        """``templates`` maps a template's name (``fact.md.j2``) to its text."""
        self._environment = jinja2.Environment(
            # a name for each, so that a fault is told in the file where it is
            loader=jinja2.FunctionLoader(lambda name: (templates[name], name, None) if name in templates else None),
            undefined=jinja2.StrictUndefined,
            autoescape=True,
            finalize=_finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._environment.filters["href"] = _href
        self._environment.globals["site"] = paths
        self._digest = sha256(repr(sorted(templates.items())).encode()).hexdigest()

    def plan(
        self,
        briefing: Briefing,
        edition: Edition,
        offers: Callable[[], tuple[Offer, ...]],
        history: History = NO_HISTORY,
    ) -> Plan:
        """The pages of a briefing without errors.

        ``template-error``: A template uses Jinja as it is, and only what it is given.

            templates/views.md.j2
            - {{ speekers | length }}
            + {{ speakers | length }}

        ``template-leftover``: Nothing of Jinja's is left in a page.

            templates/views.md.j2
            - {% raw %}{{ left }}{% endraw %}
            + {{ speakers | length }}
        """
        known = chains(history)
        orders = {order.path: order for order in _orders(briefing, edition, offers, history, known)}
        orders |= {paths.at(old): _moved(briefing, orders, old, new) for old, new in paths.moved_pages(briefing)}
        changed = {id: chain.last for id, chain in known.items()}
        return Plan(orders, edition, self._fill, changed, recent(history), tuple(_old_ids(briefing)), self._digest)

    def changed(
        self, before: Briefing, after: Briefing
    ) -> tuple[list[tuple[str, str, Page | None, Page | None]], list[Problem]]:
        """The pages that two briefings do not make alike: path, title, and the page of each (None: it makes none).

        What every page says of the edition, and the page of downloads of the files, counts for nothing.
        """
        assert after.head
        edition = Edition(after.head.title, after.head.cutoff, "", "")
        olds, news = (
            Plan({order.path: order for order in _orders(one, edition, tuple, NO_HISTORY, {})}, edition, self._fill)
            for one in (before, after)
        )
        found: list[tuple[str, str, Page | None, Page | None]] = []
        faults: list[Problem] = []
        for path in {**news.orders, **olds.orders}:
            sides = [plan.orders.get(path) for plan in (olds, news)]
            contents = [order.content() if order else None for order in sides]
            if _as_read(sides[0], contents[0]) != _as_read(sides[1], contents[1]):
                made = [
                    plan.page(path, content) if content else (None, [])
                    for plan, content in zip((olds, news), contents, strict=True)
                ]
                faults += [fault for _, side in made for fault in side]
                found.append((path, (news.orders.get(path) or olds.orders[path]).title, made[0][0], made[1][0]))
        return found, faults

    def _fill(self, order: _Order, content: Content) -> tuple[str, list[str]]:
        """The text, and the ids of the facts that it leads to."""
        facts: dict[str, None] = {}

        def seen(file: str) -> None:
            if paths.is_fact(file):
                facts[posixpath.basename(file).removesuffix(".md")] = None

        def link(target: str) -> Markup:
            file, _, fragment = target.partition("#")
            seen(file)
            relative = _relative(file, posixpath.dirname(order.path))
            return Markup(f"{relative}#{fragment}" if fragment else relative)

        def url(target: str) -> Markup:
            """Like ``link``, for raw HTML, in which engines rewrite nothing: the address that a page gets."""
            file, _, fragment = target.partition("#")
            seen(file)
            relative = _relative(paths.address(file), paths.address(order.path))
            slash = "/" if file.endswith(".md") else ""
            return Markup(f"{relative}{slash}{'#' if fragment else ''}{fragment}")

        text = self._environment.get_template(order.template).render(content.values, link=link, url=url)
        return text, list(facts)


def _orders(
    briefing: Briefing,
    edition: Edition,
    offers: Callable[[], tuple[Offer, ...]],
    history: History,
    known: Mapping[str, Chain],
) -> Iterator[_Order]:
    """Every page, in the order of the site."""
    head = briefing.head
    assert head

    def of_record(
        path: str, template: str, title: str, description: str, record: Record, content: Callable[[], Content]
    ) -> _Order:
        place = record.at()
        return _Order(path, template, title, description, content, f"{place.file}#L{place.line}")

    def of_all(path: str, template: str, title: str, says: str, values: Callable[[], Mapping[str, object]]) -> _Order:
        return _Order(path, template, title, f"{head.title}: {says}", lambda: Content(values()))

    def page_of(view: Callable[..., object], *records: object) -> Callable[[], Content]:
        return lambda: Content({"page": view(briefing, *records)})

    def front() -> Content:
        return Content({"page": brief(briefing)}, report(briefing, edition), briefing_box(edition))

    def of_fact(fact: Fact) -> Content:
        values = {"page": fact_page(briefing, fact), "past": past(briefing, history, fact, known.get(fact.id))}
        return Content(values, claim(briefing, fact, edition), fact_box(briefing, fact, edition))

    def changes(year: str) -> Mapping[str, object]:
        return {"page": changes_page(briefing, history, year), "year": year}

    yield of_record(paths.BRIEF, "index.md.j2", head.title, head.question, head, front)
    for topic in briefing.topics:
        content = page_of(topic_page, topic)
        yield of_record(paths.topic(topic), "topic.md.j2", topic.title, topic.asks, topic, content)
    yield of_all(
        paths.TIMELINE,
        "timeline.md.j2",
        "Timeline",
        "every dated fact in order",
        lambda: {"timeline": timeline(briefing)},
    )
    yield of_all(
        paths.VIEWS,
        "views.md.j2",
        "Views",
        "who says what",
        lambda: {"matrix": matrix(briefing), "speakers": speakers(briefing)},
    )
    yield of_all(
        paths.DISPUTED,
        "disputed.md.j2",
        "Disputed and unknown",
        "where sources differ",
        lambda: {"differences": differences(briefing), "questions": questions(briefing)},
    )
    yield of_all(paths.ACTORS, "actors.md.j2", "Actors", "who is involved", lambda: {"groups": actor_list(briefing)})
    yield of_all(paths.PLACES, "places.md.j2", "Places", "where it happens", lambda: {"entries": place_list(briefing)})
    yield of_all(
        paths.SOURCES, "sources.md.j2", "Sources", "what the facts rest on", lambda: {"entries": source_list(briefing)}
    )
    yield of_all(
        paths.GLOSSARY, "glossary.md.j2", "Glossary", "terms explained", lambda: {"entries": term_list(briefing)}
    )
    yield of_all(paths.SCALES, "scales.md.j2", "Scales and grades", "what the words mean", lambda: {"scales": scales()})
    yield of_all(
        paths.DATA,
        "data.md.j2",
        "Data",
        "everything to take along",
        lambda: {"offers": offers(), "edition": edition, "license": head.license},
    )
    yield of_all(paths.CHANGES, "changes.md.j2", "Changes", "what changed, newest first", partial(changes, ""))
    for year in years(history):
        path = paths.changes_of(year)
        yield of_all(path, "changes.md.j2", f"Changes in {year}", "what changed", partial(changes, year))
    for pin in briefing.pins:
        source = briefing.source_by_id[pin.source]
        title = f"{source.publisher}: {source.title}"
        content = page_of(coverage, source)
        yield of_record(paths.coverage(source.id), "coverage.md.j2", title, f"{title}, part by part", source, content)
    for actor in briefing.actors:
        description = f"{actor.name}: {head.title}"
        content = page_of(actor_page, actor)
        yield of_record(paths.entity(actor), "actor.md.j2", actor.name, description, actor, content)
    evidence = "the evidence, fact by fact"
    yield of_all(paths.FACTS, "facts.md.j2", "All facts", evidence, lambda: {"topics": fact_list(briefing)})
    for fact in briefing.facts:
        title = _shortened(fact.says)
        yield of_record(paths.fact(fact), "fact.md.j2", title, fact.says, fact, partial(of_fact, fact))


def _as_read(order: _Order | None, content: Content | None) -> object:
    """What readers read in a page: neither the line of its record, nor its linked data, nor how to cite it."""
    if order is None or content is None:
        return None
    values = content.values
    page = values.get("page")
    values = {**values, "page": replace(page, line=0)} if isinstance(page, FactPage) else values
    return order.template, order.title, order.description, order.leads_to, values


def _moved(briefing: Briefing, orders: Mapping[str, _Order], old: str, new: str) -> _Order:
    """The page at an old address that leads on to the new one."""
    assert briefing.head
    path = paths.at(new)
    title, place = orders[path].title, briefing.head.at("moved", old)

    def content() -> Content:
        return Content({"title": title, "path": path})

    edit_path = f"{place.file}#L{place.line}"
    return _Order(paths.at(old), "moved.md.j2", "This page has moved", title, content, edit_path, leads_to=path)


def _old_ids(briefing: Briefing) -> list[tuple[str, str]]:
    """The ids that entries on a page had before, with those that they have now."""
    moved = briefing.head.moved.items() if briefing.head else ()
    return [(old.partition("#")[2], new.partition("#")[2]) for old, new in moved if "#" in old]


def _shortened(text: str, width: int = 70) -> str:
    if len(text) <= width:
        return text
    space = text.rfind(" ", 0, width)
    return text[: space if space > 0 else width].rstrip(",;:–- ") + "…"


def _head(order: _Order, content: Content, times: list[str], changed: str, cite: CiteBox) -> dict[str, object]:
    # themes print title and description without escaping them
    values: dict[str, object] = {"title": escape_html(order.title), "description": escape_html(order.description)}
    if content.linked:
        values["jsonld"] = json.dumps(content.linked, ensure_ascii=False).replace("<", "\\u003c")
    if times:  # when the facts of the page last changed, for "since your last visit"
        values["changes"] = " ".join(f"{time}*{count}" for time, count in sorted(Counter(times).items()))
    if changed:
        values["changed"] = changed
    if order.leads_to:
        values |= {"template": "moved.html", "moved": f"{paths.address(order.leads_to)}/"}
    else:
        values["cite"] = asdict(cite)
    return values


def _template_problem(template: str, error: Exception) -> Problem:
    name, line = template, 1
    message = getattr(error, "message", None) or str(error) or "the template cannot be filled"
    if isinstance(error, jinja2.TemplateNotFound):
        message = f"there is no template '{error.name}'"
    elif isinstance(error, jinja2.TemplateSyntaxError):
        name, line = error.name or template, error.lineno
    elif isinstance(error, RecursionError):
        message = "the template includes itself without end"
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename.endswith(".j2"):
                name, line = frame.filename, frame.lineno or line
    return Problem(Span(f"templates/{name}", line, 1, line, 1), "template-error", message)
