"""Pages from views and templates. The only user of Jinja; text in, text out."""

import json
import posixpath
import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape as escape_html
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from briefing import paths
from briefing.model import Briefing, Record
from briefing.problems import Problem, Span
from briefing.views.brief import brief
from briefing.views.coverage import coverage
from briefing.views.disputed import disputes
from briefing.views.entities import actor_list, actor_page, place_list, term_list
from briefing.views.fact import fact_page
from briefing.views.scales import scales
from briefing.views.sources import source_list
from briefing.views.speakers import speakers
from briefing.views.timeline import timeline
from briefing.views.topic import topic_page


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site: its Markdown file's path, its text, and where an editor changes it (empty: nowhere).

    ``edit_path`` is relative to the briefing's folder and ends in ``#L`` and a line.
    """

    path: str
    title: str
    text: str
    edit_path: str = ""


# Every character that Markdown, HTML or an extension in use could take for markup becomes a character reference: the
# same escaping is then right in running text, in a table's cell, in a heading and in an attribute.
_REFERENCES = {ord(sign): f"&#{ord(sign)};" for sign in '&<>"\\`*_{}[]|~^=$#'}
_LINE_START = re.compile(r"^(?:[-+:!?]|\d+(?=[.)]))+")


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


@dataclass(frozen=True, slots=True)
class _Order:
    """A page to be made: what fills which template."""

    path: str
    template: str
    title: str
    description: str
    values: Mapping[str, object]
    edit_path: str = ""


class Renderer:
    """Templates compiled once; ``render`` may be called any number of times and gives the same text each time."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        """``templates`` maps a template's name (``fact.md.j2``) to its text."""
        self._environment = jinja2.Environment(
            loader=jinja2.DictLoader(dict(templates)),
            undefined=jinja2.StrictUndefined,
            autoescape=True,
            finalize=_finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._environment.filters["href"] = _href
        self._environment.globals["site"] = paths

    def render(self, briefing: Briefing) -> tuple[list[Page], list[Problem]]:
        """Every page of a briefing without errors, and what went wrong in the templates."""
        pages: list[Page] = []
        problems: dict[Problem, None] = {}  # a template is used for many pages; its fault is told once
        for order in _orders(briefing):
            try:
                body = self._fill(order)
            except jinja2.TemplateError as error:
                problems[_template_problem(order.template, error)] = None
                continue
            if found := re.search(r"\{[{%#]|[#%}]\}", body):
                place = Span(f"templates/{order.template}")
                problems[Problem(place, "template-leftover", f"'{found[0]}' is left in {order.path}")] = None
            text = _front_matter(order.title, order.description) + body
            pages.append(Page(order.path, order.title, text, order.edit_path))
        return pages, list(problems)

    def _fill(self, order: _Order) -> str:
        def link(target: str) -> Markup:
            file, _, fragment = target.partition("#")
            relative = posixpath.relpath(file, posixpath.dirname(order.path) or ".")
            return Markup(f"{relative}#{fragment}" if fragment else relative)

        return self._environment.get_template(order.template).render(order.values, link=link)


def _orders(briefing: Briefing) -> Iterator[_Order]:
    """Every page, in the order of the site."""
    head = briefing.head
    assert head

    def of_record(path: str, template: str, title: str, description: str, record: Record, page: object) -> _Order:
        place = record.at()
        return _Order(path, template, title, description, {"page": page}, f"{place.file}#L{place.line}")

    def of_all(path: str, template: str, title: str, description: str, **values: object) -> _Order:
        return _Order(path, template, title, f"{head.title}: {description}", values)

    yield of_record(paths.BRIEF, "index.md.j2", head.title, head.question, head, brief(briefing))
    for topic in briefing.topics:
        made = topic_page(briefing, topic)
        yield of_record(paths.topic(topic), "topic.md.j2", topic.title, topic.asks, topic, made)
    yield of_all(paths.TIMELINE, "timeline.md.j2", "Timeline", "every dated fact in order", timeline=timeline(briefing))
    yield of_all(paths.VIEWS, "views.md.j2", "Views", "who says what", speakers=speakers(briefing))
    yield of_all(paths.DISPUTED, "disputed.md.j2", "Disputed", "where sources differ", topics=disputes(briefing))
    yield of_all(paths.ACTORS, "actors.md.j2", "Actors", "who is involved", groups=actor_list(briefing))
    for actor in briefing.actors:
        description = f"{actor.name}: {head.title}"
        yield of_record(paths.entity(actor), "actor.md.j2", actor.name, description, actor, actor_page(briefing, actor))
    yield of_all(paths.PLACES, "places.md.j2", "Places", "where it happens", entries=place_list(briefing))
    yield of_all(paths.SOURCES, "sources.md.j2", "Sources", "what the facts rest on", entries=source_list(briefing))
    yield of_all(paths.GLOSSARY, "glossary.md.j2", "Glossary", "terms explained", entries=term_list(briefing))
    yield of_all(paths.SCALES, "scales.md.j2", "Scales and grades", "what the words mean", scales=scales())
    for pin in briefing.pins:
        source = briefing.source_by_id[pin.source]
        title = f"{source.publisher}: {source.title}"
        parts = coverage(briefing, source)
        yield of_record(paths.coverage(source.id), "coverage.md.j2", title, f"{title}, part by part", source, parts)
    for fact in briefing.facts:
        title = _shortened(fact.says)
        yield of_record(paths.fact(fact), "fact.md.j2", title, fact.says, fact, fact_page(briefing, fact))


def _shortened(text: str, width: int = 70) -> str:
    return text if len(text) <= width else text[: text.rfind(" ", 0, width)].rstrip(",;:–- ") + "…"


def _front_matter(title: str, description: str) -> str:
    # JSON strings are YAML strings; themes print these values without escaping them
    values = {"title": escape_html(title), "description": escape_html(description)}
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items()]
    return f"---\n{''.join(lines)}---\n\n"


def _template_problem(template: str, error: jinja2.TemplateError) -> Problem:
    name, line = template, 1
    if isinstance(error, jinja2.TemplateSyntaxError):
        name, line = error.name or template, error.lineno
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename == "<template>" or frame.filename.endswith(".j2"):
                line = frame.lineno or line
    span = Span(f"templates/{name}", line, 1, line, 1)
    return Problem(span, "template-error", error.message or "the template cannot be filled")
