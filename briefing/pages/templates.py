"""Render views to Markdown with Jinja templates. Only this module uses Jinja. It reads and writes no files."""

import json
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache, partial
from hashlib import sha256
from html import escape as escape_html
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from briefing.exports.catalog import DownloadSpec
from briefing.exports.citation_box import CiteBox, page_box
from briefing.exports.edition import Edition
from briefing.exports.error_report import report_address
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.history import NO_HISTORY, History
from briefing.pages.bug_reports import is_ours
from briefing.pages.jinja_compat import template_line
from briefing.pages.page_specs import Content, PageSpec, old_ids, page_specs, redirect_spec
from briefing.problems import Problem, Span
from briefing.rules.comparisons import Report
from briefing.text.language import ENGLISH, Language, split_placeholders
from briefing.text.markdown_source import format_front_matter
from briefing.text.scripts import script_of_language, split_scripts
from briefing.views.changes import chains, format_recent, recent
from briefing.views.fact import FactPage
from briefing.views.statement import Endnotes


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site: the path of its Markdown file, its head (front matter, as JSON values), and its Markdown.

    ``edit_path`` is the place where an editor changes the page, relative to the briefing's folder with ``#L`` and a
    line, or empty. ``leads_to`` is the page that replaces this one, or empty.
    """

    path: str
    head: Mapping[str, object]
    body: str
    edit_path: str = ""
    leads_to: str = ""

    @property
    def text(self) -> str:
        """The Markdown file: the head as YAML, and the body."""
        return f"---\n{format_front_matter(self.head)}---\n\n{self.body}"


# Every character that Markdown, HTML or an extension in use could take for markup becomes a character reference: the
# same escaping is then right in running text, in a table's cell, in a heading and in an attribute.
_REFERENCES = {ord(char): f"&#{ord(char)};" for char in '&<>"\\`*_{}[]|~^=$#'}
# The same text and links occur on many pages.
_CACHE_SIZE = 1 << 14
_LINE_START = re.compile(r"^(?:[-+:!?]|\d+(?=[.)]))+")


@lru_cache(_CACHE_SIZE)
def escape(text: str) -> Markup:
    """Return text that both Markdown and HTML display unchanged."""
    text = text.translate(_REFERENCES)
    found = _LINE_START.match(text)
    if found:
        # After digits, the full stop or parenthesis would turn the line into a list item.
        last = found.end() - 1
        if text[last].isdigit():
            last += 1
        text = f"{text[:last]}&#{ord(text[last])};{text[last + 1 :]}"
    return Markup(text)


@lru_cache(_CACHE_SIZE)
def tag_scripts(text: str, own: str) -> Markup:
    """Return the escaped text. Pieces in a script other than ``own`` have their language and direction."""
    if text.isascii():
        return escape(text)
    pieces = (
        Markup(f'<bdi lang="und-{script}">{escape(piece)}</bdi>') if script else escape(piece)
        for script, piece in split_scripts(text, own)
    )
    return Markup("").join(pieces)


def _finalize(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Markup):
        return escape(value)
    return value


def message_functions(language: Language) -> dict[str, Callable[..., object]]:
    """Return the functions with which templates format messages, dates, numbers and file sizes in a language.

    Markup in a message is escaped, and so are the values of its placeholders unless they are markup.
    """

    def _(message: str, **values: object) -> Markup:
        return _fill_message(language.template(message), values)

    def pgettext(context: str, message: str, **values: object) -> Markup:
        return _fill_message(language.template(message, context), values)

    def ngettext(singular: str, plural: str, number: int, **values: object) -> Markup:
        values = {"num": language.format_number(number), **values}
        return _fill_message(language.plural_template(singular, plural, number), values)

    return {
        "_": _,
        "gettext": _,
        "pgettext": pgettext,
        "ngettext": ngettext,
        "date": language.format_date,
        "file_size": language.format_size,
        "number": language.format_number,
    }


def _fill_message(message: str, values: Mapping[str, object]) -> Markup:
    # Without values there are no placeholders, and a percent sign stays unchanged.
    if not values:
        return escape(message)
    pieces = []
    for index, part in enumerate(split_placeholders(message)):
        if index % 2 == 0:
            pieces.append(escape(part))
        else:
            value = values[part]
            pieces.append(value if isinstance(value, Markup) else escape(_as_text(value)))
    return Markup("").join(pieces)


def _as_text(value: object) -> str:
    """Return the argument of a function called by a template as a string. Raise Jinja's exception for any other type,
    so that it is reported as an error in the template and not as a bug.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, jinja2.Undefined):
        # This raises an error that names the undefined value.
        return str(value)
    raise jinja2.TemplateRuntimeError(f"text is needed here, not {type(value).__name__}")


def _href(url: object) -> Markup:
    """Return an address for use between the parentheses of a Markdown link."""
    quoted = quote(_as_text(url), safe="/:?#@!$&'*+,;=%~-._")
    return Markup(quoted.replace("&", "&amp;").replace("*", "%2A").replace("_", "&#95;"))


@lru_cache(_CACHE_SIZE)
def _relative(path: str, folder: str) -> str:
    """Return the relative path from a folder to a file, both given from the site's root."""
    return posixpath.relpath(f"/{path}", f"/{folder}")


@dataclass(frozen=True, slots=True)
class Plan:
    """Every page of a briefing by its path, in the order of the site. A page is made when it is requested.

    ``changed`` is the time at which each fact last changed. ``since`` is the day from which a change counts as recent.
    """

    specs: Mapping[str, PageSpec]
    edition: Edition
    fill: Callable[[PageSpec, Content, str], tuple[str, list[str]]]
    language: Language
    changed: Mapping[str, str] = field(default_factory=dict)
    since: str = ""
    old_ids: tuple[tuple[str, str], ...] = ()
    templates_digest: str = ""

    def gathered(self, path: str) -> tuple[str, Content]:
        """Return a text of all inputs of the page, and the content. The same text means the same page."""
        spec = self.specs[path]
        content = spec.content()
        times: list[tuple[str, str]] = []
        if spec.shows_changes:
            times = sorted(self.changed.items())
        fields = (spec.path, spec.template, spec.title, spec.description, spec.edit_path, spec.leads_to)
        cited = replace(self.edition, digest=self.edition.version, revision=None)
        return repr((fields, content, cited, times, self.since, self.old_ids, self.templates_digest)), content

    def page(self, path: str, content: Content | None = None) -> tuple[Page | None, list[Problem]]:
        """Return the page and what is wrong with its template; ``content`` if that has been worked out already."""
        spec = self.specs[path]
        content = content or spec.content()
        try:
            body, fact_ids = self.fill(spec, content, self.edition.site)
        except Exception as error:
            if not is_template_error(error):
                raise
            return None, [template_problem("templates", spec.template, error)]
        problems = []
        # These do not come from facts, whose braces are escaped.
        found = re.search(r"\{[{%#]|[#%}]\}", body)
        if found:
            message = f"the page still contains '{found[0]}'"
            place = Span(f"templates/{spec.template}")
            problems.append(Problem(place, "template-leftover", message, "close or escape it"))
        for old, new in self.old_ids:
            body = body.replace(f"{{ #{new} }}", f'<span id="{old}"></span> {{ #{new} }}')
            # In raw HTML the old id belongs to the first child of the element with the new one.
            body = re.sub(rf'(<\w+ [^>]*\bid="{new}"[^>]*><\w+)>', rf'\1 id="{old}">', body)
        times: list[str] = []
        if spec.shows_changes:
            times = [self.changed[fact_id] for fact_id in fact_ids if fact_id in self.changed]
        cite = content.cite or page_box(self.edition, self.language, spec.title, spec.path)
        report = report_address(self.edition, self.language, spec.path)
        head = _head(spec, content, times, format_recent(times, self.since, self.language), cite, report)
        return Page(spec.path, head, body, spec.edit_path, spec.leads_to), problems

    def pages(self) -> tuple[list[Page], list[Problem]]:
        """Return all pages and the problems of their templates."""
        pages: list[Page] = []
        # Many pages share a template, so report its problem once.
        problems: dict[Problem, None] = {}
        for path in self.specs:
            page, page_problems = self.page(path)
            problems |= dict.fromkeys(page_problems)
            if page:
                pages.append(page)
        return pages, list(problems)


class Renderer:
    """Compiled templates. They give the same text each time."""

    def __init__(self, templates: Mapping[str, str], language: Language = ENGLISH) -> None:
        """``templates`` maps a template's name (``fact.md.j2``) to its text; messages are in ``language``."""

        def load(name: str) -> tuple[str, str, None] | None:
            if name not in templates:
                return None
            # The second value is the file that Jinja names in an error. Its own DictLoader names none.
            return templates[name], name, None

        self._language = language
        self._environment = jinja2.Environment(
            loader=jinja2.FunctionLoader(load),
            undefined=jinja2.StrictUndefined,
            autoescape=True,
            finalize=_finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._environment.globals |= message_functions(language)
        self._environment.filters["href"] = _href
        self._environment.filters["tag_scripts"] = partial(tag_scripts, own=script_of_language(language.tag))
        self._environment.globals["site"] = routes
        # A label that the briefing overrides is on the pages but not in their content.
        made_from = (sorted(templates.items()), language.tag, sorted(language.overrides.items()))
        self._digest = sha256(repr(made_from).encode()).hexdigest()

    def plan(
        self,
        briefing: Briefing,
        edition: Edition,
        downloads: Callable[[], tuple[DownloadSpec, ...]],
        report: Callable[[], Report],
        history: History = NO_HISTORY,
    ) -> Plan:
        """Return the pages of a briefing without errors.

        ``template-error``: A template contains a Jinja error, or uses a value that the page does not have.

        The page cannot be rendered, so the site is not built.

            templates/views.md.j2
            - {{ speekers | length }}
            + {{ speakers | length }}

        ``template-leftover``: A rendered page still contains Jinja markup.

        Readers would see the markup instead of the text that should replace it.

            templates/views.md.j2
            - {% raw %}{{ left }}{% endraw %}
            + {{ speakers | length }}
        """
        known = chains(briefing, history)
        specs = {spec.path: spec for spec in page_specs(briefing, edition, downloads, report, history, known)}
        specs |= {routes.at(old): redirect_spec(briefing, specs, old, new) for old, new in routes.moved_pages(briefing)}
        changed = {fact_id: chain.last for fact_id, chain in known.items() if chain.last}
        return Plan(
            specs,
            edition,
            self._fill,
            briefing.language,
            changed,
            recent(briefing, history),
            tuple(old_ids(briefing)),
            self._digest,
        )

    def changed(
        self, before: Briefing, after: Briefing
    ) -> tuple[list[tuple[str, str, Page | None, Page | None]], list[Problem]]:
        """Return the pages that differ between two briefings: path, title, and the page of each (None: it has none).

        What each page says of the edition does not count, nor does what the pages of data and checks say.
        """
        assert after.head
        # Both briefings get the same edition, no downloads and an empty report, so that these never differ.
        edition = Edition(after.head.title, after.head.cutoff, "", "")
        old, new = self._plain_plan(before, edition), self._plain_plan(after, edition)
        found: list[tuple[str, str, Page | None, Page | None]] = []
        problems: list[Problem] = []
        for path in {**new.specs, **old.specs}:
            old_spec, new_spec = old.specs.get(path), new.specs.get(path)
            old_content, new_content = _content_of(old_spec), _content_of(new_spec)
            if _as_read(old_spec, old_content) == _as_read(new_spec, new_content):
                continue
            old_page = new_page = None
            if old_content:
                old_page, page_problems = old.page(path, old_content)
                problems += page_problems
            if new_content:
                new_page, page_problems = new.page(path, new_content)
                problems += page_problems
            title = (new_spec or old.specs[path]).title
            found.append((path, title, old_page, new_page))
        return found, problems

    def _plain_plan(self, briefing: Briefing, edition: Edition) -> Plan:
        specs = page_specs(briefing, edition, tuple, Report, NO_HISTORY, {})
        return Plan({spec.path: spec for spec in specs}, edition, self._fill, briefing.language)

    def _fill(self, spec: PageSpec, content: Content, site_url: str) -> tuple[str, list[str]]:
        """Return the text, and the ids of the facts to which it links."""
        endnotes = Endnotes(content.notes, self._language)
        # A dictionary keeps each id once, in the order of the page.
        fact_ids: dict[str, None] = {}

        def split(target: object) -> tuple[str, str]:
            """Return the file that a link leads to, and the fragment with its #. Record the file if it is a fact's."""
            file, hash_sign, fragment = _as_text(target).partition("#")
            if routes.is_fact(file):
                fact_ids[posixpath.basename(file).removesuffix(".md")] = None
            if not fragment:
                return file, ""
            return file, hash_sign + fragment

        def link(target: object) -> Markup:
            file, fragment = split(target)
            return Markup(_relative(file, posixpath.dirname(spec.path)) + fragment)

        def url(target: object) -> Markup:
            """Return the address of a page for raw HTML, in which engines rewrite nothing."""
            file, fragment = split(target)
            relative = _relative(routes.address(file), routes.address(spec.path))
            if file.endswith(".md"):
                relative = f"{relative}/"
            return Markup(relative + fragment)

        functions = {"link": link, "url": url, "note_number": endnotes.number}
        text = self._environment.get_template(spec.template).render(content.values, **functions)
        if notes := endnotes.notes():
            text += self._environment.get_template("_notes.md.j2").render(notes=notes, site_url=site_url, url=url)
        return text, list(fact_ids)


def renderer_of(templates: Mapping[str, str], language: Language) -> Renderer:
    """Return a renderer of these templates. The same templates share a renderer."""
    return _renderer(tuple(templates.items()), language)


# A preview and a comparison of revisions read everything again, nearly always with the same templates.
@lru_cache(4)
def _renderer(templates: tuple[tuple[str, str], ...], language: Language) -> Renderer:
    return Renderer(dict(templates), language)


def _content_of(spec: PageSpec | None) -> Content | None:
    if spec is None:
        return None
    return spec.content()


def _as_read(spec: PageSpec | None, content: Content | None) -> object:
    """Return what readers see of a page: everything but the line of its record, its linked data and its citations."""
    if spec is None or content is None:
        return None
    values = content.values
    page = values.get("page")
    if isinstance(page, FactPage):
        values = {**values, "page": replace(page, line=0)}
    return spec.template, spec.title, spec.description, spec.leads_to, values


def _head(
    spec: PageSpec, content: Content, times: list[str], changed: str, cite: CiteBox, report: str
) -> dict[str, object]:
    # Themes print the title and the description unescaped.
    values: dict[str, object] = {"title": escape_html(spec.title), "description": escape_html(spec.description)}
    if content.linked:
        # "</script>" in a text would end the script that holds the linked data.
        values["jsonld"] = json.dumps(content.linked, ensure_ascii=False).replace("<", "\\u003c")
    if times:
        # The site's script shows a returning reader how many facts of the page have changed since.
        values["changes"] = " ".join(f"{time}*{count}" for time, count in sorted(Counter(times).items()))
    if changed:
        values["changed"] = changed
    if spec.leads_to:
        values |= {"template": "moved.html", "moved": f"{routes.address(spec.leads_to)}/"}
    else:
        values["cite"] = asdict(cite)
        if report:
            values["report"] = report
    return values


def is_template_error(error: Exception) -> bool:
    """Return whether an exception raised while a template was rendered is an error in the template and not a bug in a
    function that it called.
    """
    return isinstance(error, jinja2.TemplateError) or not is_ours(error)


def template_problem(folder: str, template: str, error: Exception) -> Problem:
    """Return a problem at the file and line of the template that failed. ``template`` is the requested template, by
    its path from ``folder``. A file with a known absolute path is named by that path.
    """
    name, line = template, 1
    message = getattr(error, "message", None) or str(error) or "the template cannot be filled"
    if isinstance(error, jinja2.TemplateNotFound):
        message = f"there is no template '{error.name}'"
    elif isinstance(error, jinja2.TemplateSyntaxError):
        name, line = error.filename or template, error.lineno
    elif isinstance(error, RecursionError):
        message = "the template includes itself endlessly"
    # The deepest frame of a template is where the error is; but a syntax error knows its own line, and of endless
    # recursion any frame is as good as another.
    if not isinstance(error, jinja2.TemplateSyntaxError | RecursionError):
        name, line = template_line(error) or (name, line)
    return Problem(Span(posixpath.join(folder, name), line, 1, line, 1), "template-error", message)
