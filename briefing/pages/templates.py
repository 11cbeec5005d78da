"""Render views to Markdown with Jinja templates. The only user of Jinja; text in, text out."""

import json
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from html import escape as escape_html
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from briefing.exports.catalog import DownloadSpec
from briefing.exports.citation_box import CiteBox, page_box
from briefing.exports.edition import Edition
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.history import NO_HISTORY, History
from briefing.pages.bug_reports import is_ours
from briefing.pages.jinja_compat import template_line
from briefing.pages.page_specs import Content, Order, old_ids, page_specs, redirect_spec
from briefing.problems import Problem, Span
from briefing.views.changes import chains, format_recent, recent
from briefing.views.fact import FactPage


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


def _as_text(value: object) -> str:
    """What a template hands to a function of ours that takes text. Raises Jinja's exception where it is anything else,
    so that this is the template's error and no bug of ours.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, jinja2.Undefined):
        return str(value)  # raises, and names what is undefined
    raise jinja2.TemplateRuntimeError(f"text is needed here, not {type(value).__name__}")


def _href(url: object) -> Markup:
    """An address for use between the parentheses of a Markdown link."""
    quoted = quote(_as_text(url), safe="/:?#@!$&'*+,;=%~-._")
    return Markup(quoted.replace("&", "&amp;").replace("*", "%2A").replace("_", "&#95;"))


@lru_cache(_KEPT)
def _relative(path: str, folder: str) -> str:
    """The way to a path from a folder, both from the site's root."""
    return posixpath.relpath(f"/{path}", f"/{folder}")


@dataclass(frozen=True, slots=True)
class Plan:
    """Every page of a briefing by its path, in the order of the site; each is made when it is asked for.

    ``changed`` says when each fact last changed, ``since`` since when that is told.
    """

    orders: Mapping[str, Order]
    edition: Edition
    fill: Callable[[Order, Content], tuple[str, list[str]]]
    changed: Mapping[str, str] = field(default_factory=dict)
    since: str = ""
    old_ids: tuple[tuple[str, str], ...] = ()
    templates: str = ""  # a digest of them

    def gathered(self, path: str) -> tuple[str, Content]:
        """A text that names all that the page is made of, and what fills it. The same text means the same page."""
        order = self.orders[path]
        content = order.content()
        times = sorted(self.changed.items()) if order.shows_changes else ()
        told = (order.path, order.template, order.title, order.description, order.edit_path, order.leads_to)
        cited = (self.edition.title, self.edition.date, self.edition.site, self.edition.version)
        return repr((told, content, cited, times, self.since, self.old_ids, self.templates)), content

    def page(self, path: str, content: Content | None = None) -> tuple[Page | None, list[Problem]]:
        """The page, and what went wrong in its template; ``content`` where it has been gathered already."""
        order = self.orders[path]
        content = content or order.content()
        try:
            body, facts = self.fill(order, content)
        except Exception as error:
            if not is_template_error(error):
                raise
            return None, [template_problem("templates", order.template, error)]
        faults = []
        if found := re.search(r"\{[{%#]|[#%}]\}", body):
            left = f"'{found[0]}' is left in the page"
            faults.append(Problem(Span(f"templates/{order.template}"), "template-leftover", left, "close or escape it"))
        for old, new in self.old_ids:
            body = body.replace(f"{{ #{new} }}", f'<span id="{old}"></span> {{ #{new} }}')
        times = [self.changed[id] for id in facts if self.changed.get(id)] if order.shows_changes else []
        cite = content.cite or page_box(self.edition, order.title, order.path)
        head = _head(order, content, times, format_recent(times, self.since), cite)
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
        self._environment.globals["site"] = routes
        self._digest = sha256(repr(sorted(templates.items())).encode()).hexdigest()

    def plan(
        self,
        briefing: Briefing,
        edition: Edition,
        downloads: Callable[[], tuple[DownloadSpec, ...]],
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
        orders = {order.path: order for order in page_specs(briefing, edition, downloads, history, known)}
        orders |= {
            routes.at(old): redirect_spec(briefing, orders, old, new) for old, new in routes.moved_pages(briefing)
        }
        changed = {id: chain.last for id, chain in known.items()}
        return Plan(orders, edition, self._fill, changed, recent(history), tuple(old_ids(briefing)), self._digest)

    def changed(
        self, before: Briefing, after: Briefing
    ) -> tuple[list[tuple[str, str, Page | None, Page | None]], list[Problem]]:
        """The pages that two briefings do not make alike: path, title, and the page of each (None: it makes none).

        What every page says of the edition, and the page of downloads of the files, counts for nothing.
        """
        assert after.head
        edition = Edition(after.head.title, after.head.cutoff, "", "")
        olds, news = (
            Plan({order.path: order for order in page_specs(one, edition, tuple, NO_HISTORY, {})}, edition, self._fill)
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

    def _fill(self, order: Order, content: Content) -> tuple[str, list[str]]:
        """The text, and the ids of the facts that it leads to."""
        facts: dict[str, None] = {}

        def seen(file: str) -> None:
            if routes.is_fact(file):
                facts[posixpath.basename(file).removesuffix(".md")] = None

        def link(target: object) -> Markup:
            file, _, fragment = _as_text(target).partition("#")
            seen(file)
            relative = _relative(file, posixpath.dirname(order.path))
            return Markup(f"{relative}#{fragment}" if fragment else relative)

        def url(target: object) -> Markup:
            """Like ``link``, for raw HTML, in which engines rewrite nothing: the address that a page gets."""
            file, _, fragment = _as_text(target).partition("#")
            seen(file)
            relative = _relative(routes.address(file), routes.address(order.path))
            slash = "/" if file.endswith(".md") else ""
            return Markup(f"{relative}{slash}{'#' if fragment else ''}{fragment}")

        text = self._environment.get_template(order.template).render(content.values, link=link, url=url)
        return text, list(facts)


def _as_read(order: Order | None, content: Content | None) -> object:
    """What readers read in a page: neither the line of its record, nor its linked data, nor how to cite it."""
    if order is None or content is None:
        return None
    values = content.values
    page = values.get("page")
    values = {**values, "page": replace(page, line=0)} if isinstance(page, FactPage) else values
    return order.template, order.title, order.description, order.leads_to, values


def _head(order: Order, content: Content, times: list[str], changed: str, cite: CiteBox) -> dict[str, object]:
    # themes print title and description without escaping them
    values: dict[str, object] = {"title": escape_html(order.title), "description": escape_html(order.description)}
    if content.linked:
        values["jsonld"] = json.dumps(content.linked, ensure_ascii=False).replace("<", "\\u003c")
    if times:  # when the facts of the page last changed, for "since your last visit"
        values["changes"] = " ".join(f"{time}*{count}" for time, count in sorted(Counter(times).items()))
    if changed:
        values["changed"] = changed
    if order.leads_to:
        values |= {"template": "moved.html", "moved": f"{routes.address(order.leads_to)}/"}
    else:
        values["cite"] = asdict(cite)
    return values


def is_template_error(error: Exception) -> bool:
    """Whether what was raised as a template was filled is the template's own error, and no bug in what it called."""
    return isinstance(error, jinja2.TemplateError) or not is_ours(error)


def template_problem(folder: str, template: str, error: Exception) -> Problem:
    """What went wrong as a template was filled, in the file and line where it did; ``template`` is the one that was
    asked for, by its path from ``folder``. A file whose whole path is known is named by that.
    """
    name, line = template, 1
    message = getattr(error, "message", None) or str(error) or "the template cannot be filled"
    if isinstance(error, jinja2.TemplateNotFound):
        message = f"there is no template '{error.name}'"
    elif isinstance(error, jinja2.TemplateSyntaxError):
        name, line = error.filename or template, error.lineno
    elif isinstance(error, RecursionError):
        message = "the template includes itself without end"
    if not isinstance(error, jinja2.TemplateSyntaxError | RecursionError):
        name, line = template_line(error) or (name, line)
    return Problem(Span(posixpath.join(folder, name), line, 1, line, 1), "template-error", message)
