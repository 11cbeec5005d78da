"""The MkDocs plugin: passes pages and files to MkDocs. It contains no domain logic."""

import logging
import os
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from hashlib import sha256
from html import escape, unescape
from pathlib import Path
from typing import Any, Literal
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as SitePage
from mkdocs.utils.templates import TemplateContext

from briefing.building.mkdocs_compat import RELOAD_SCRIPT, LazyFile, QuickPage
from briefing.building.pdf import PdfUnavailable, make_pdf
from briefing.building.staged_tree import UNESCAPED, separate_contributors, with_topics
from briefing.compile import Inputs, Outcome, draft
from briefing.exports.citation_box import markdown_page_meta
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.pages.bug_reports import request_report
from briefing.pages.page_specs import Content
from briefing.pages.single_file import Assets, Chapter, render_single_file, title_page
from briefing.pages.templates import Plan, is_template_error, template_problem
from briefing.problems import Problem, Severity, has_errors
from briefing.project.git import GitFailed
from briefing.project.layout import DOCS, FACTS, TEMPLATES, theme_folders
from briefing.project.reader import UnreadableFile, read_site
from briefing.reporting.problems import (
    format_history_fault,
    format_problem,
    format_problem_line,
    format_summary,
    limit_problems,
)
from briefing.rules.tense import AGE_CODES
from briefing.text.characters import span_at
from briefing.text.language import ENGLISH
from briefing.views.imprint import imprint
from briefing.views.status_bar import status_strip
from briefing.views.theme_texts import format_as_of, theme_texts, translate_navigation, translate_palette

log = logging.getLogger("mkdocs.plugins.briefing")


class GeneratedPage(QuickPage):
    """A page generated from facts. Its title is known, so its front matter and Markdown need not be parsed for it."""

    def __init__(
        self, title: str, file: File, config: MkDocsConfig, plan: Plan, report: Callable[[Iterable[Problem]], None]
    ) -> None:
        super().__init__(title, file, config)
        self._plan, self._report = plan, report

    def describe_inputs(self) -> tuple[str, Content]:
        """Return a text that describes everything the page is made from, and its content (see ``Plan.gathered``)."""
        return self._plan.gathered(self.file.src_uri)

    def fill(self, content: Content | None = None) -> None:
        """Set the front matter and the Markdown. Pass ``content`` if ``describe_inputs`` has returned it."""
        page, faults = self._plan.page(self.file.src_uri, content)
        self._report(faults)
        if page is None:
            self.markdown, self.meta = "# This page could not be rendered\n", {}
        else:
            self.markdown, self.meta = page.body, dict(page.head)

    def read_source(self, config: MkDocsConfig) -> None:  # noqa: ARG002 (as in MkDocs)
        self.fill()


class RenderFailed(Exception):
    """A page or a theme file cannot be rendered; ``problem`` has the place and the reason."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@contextmanager
def report_template_errors(config: MkDocsConfig, template: str, folder: str = f"{TEMPLATES}/theme") -> Iterator[None]:
    """Turn an error in a template into RenderFailed, with its file and line. ``folder`` contains the template.

    MkDocs' exceptions, system errors and bugs of ours pass through unchanged.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, MkDocsException) or (isinstance(error, OSError) and error.errno):
            raise
        problem = template_problem(folder, template, error)
        file = None
        if isinstance(error, UnicodeDecodeError):
            file = _theme_file(config, error.object)
        if file and isinstance(error, UnicodeDecodeError):
            place = span_at(file, error.object[: error.start].decode("utf-8"))
            problem = replace(problem, place=place, message="the file is not UTF-8", hint="save it as UTF-8")
        elif not is_template_error(error):
            raise
        root, name = Path(config.config_file_path).parent.resolve(), problem.place.file
        if Path(name).is_relative_to(root):
            name = Path(name).relative_to(root).as_posix()
        raise RenderFailed(replace(problem, place=problem.place._replace(file=name))) from None


def _theme_file(config: MkDocsConfig, content: bytes) -> str | None:
    """Return the theme file with this content. A UnicodeDecodeError does not name the file that was read."""
    files = (file for folder in config.theme.dirs for file in sorted(Path(folder).rglob("*")))
    return next((str(file) for file in files if file.is_file() and file.read_bytes() == content), None)


class BriefingConfig(Config):
    """The plugin has no settings. A site's sources are in fixed folders next to mkdocs.yml."""


class BriefingPlugin(BasePlugin[BriefingConfig]):
    """Adds the pages and files generated from facts to the site, in memory. Each is generated when it is read.

    A build fails before anything is written if the facts have errors. The development server keeps the last good pages,
    and every page shows ``problems``.
    """

    def __init__(self) -> None:
        self._as_of: tuple[str, str] | None = None
        self._today = ""
        self.problems: tuple[str, ...] = ()
        self._serving = False
        self._text = Inputs({}, {}).text
        self._markdown_pages: Mapping[str, str] = {}
        self._good: Outcome | None = None
        self._wanted: set[str] = set()
        self._order: list[str] = []
        self.made: dict[str, GeneratedPage] = {}
        self._faults: dict[Problem, None] = {}
        self._contents: dict[str, Chapter] = {}
        self._bound: dict[str, bytes] = {}

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:  # noqa: ARG002
        """Remember the command. MkDocs reuses the instance, and so the last good pages, because this method exists."""
        self._serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Compile the facts and add the topics to the navigation."""
        root = Path(config.config_file_path).parent
        config.watch += [str(root / folder) for folder in (FACTS, TEMPLATES) if (root / folder).is_dir()]
        # The custom_dir in mkdocs.yml comes first, so that its files replace ours.
        position = 1 if config.theme.custom_dir else 0
        config.theme.dirs[position:position] = [str(folder) for folder in theme_folders(root)]
        for name in UNESCAPED:
            value = config[f"site_{name}"]
            if value:
                config[f"site_{name}"] = escape(value)
        outcome = self._compile(root, config)
        self._faults = {}
        self._report(outcome)
        self.problems = ()
        if has_errors(outcome.problems):
            self.problems = _format_problems(outcome.problems)
        else:
            self._good = outcome
        good = self._good
        if good is None:
            # A site of one page, which shows the problems.
            config.extra["texts"] = theme_texts(ENGLISH)
            config.nav = [{"Problems": routes.BRIEF}]
            return config
        assert good.draft
        config.extra["briefing"] = asdict(status_strip(good.briefing))
        config.extra["imprint"] = asdict(imprint(good.briefing))
        config.extra["texts"] = theme_texts(good.briefing.language)
        if self._as_of:
            config.extra["as_of"] = format_as_of(good.briefing.language, self._as_of[0])
        config.extra["feed"] = routes.FEED if good.draft.has_feed else ""
        config.extra["latest_change"] = good.draft.latest_change
        language = good.briefing.language
        topics = [routes.topic(topic) for topic in good.briefing.topics]
        config.nav, config.extra["contributors"] = separate_contributors(
            translate_navigation(with_topics(config.nav, topics), language),
            self._markdown_pages,
            language.gettext("For contributors"),
        )
        config.theme["palette"] = translate_palette(config.theme.get("palette"), language)
        return config

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:  # noqa: ARG002
        """Show the problems in the facts at the top of every served page."""
        server.set_app(_with_problems(server.serve_request, lambda: self.problems))
        return server

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the pages and files."""
        for file in files.documentation_pages():
            file.edit_uri = f"{DOCS}/{file.src_uri}"  # relative to the briefing's folder, like that of a record
        self.made = {}
        draft = self._good.draft if self._good else None
        if draft is None:
            files.append(File.generated(config, routes.BRIEF, content="# The facts have problems\n"))
            return files
        titles = dict(_titles(config.nav))
        for order in draft.plan.specs.values():
            file = File.generated(config, order.path, content="")
            if order.leads_to:
                file.inclusion = InclusionLevel.NOT_IN_NAV
            file.edit_uri = order.edit_path or None
            files.append(file)
            title = titles.get(order.path) or escape(order.title)
            self.made[order.path] = GeneratedPage(title, file, config, draft.plan, self.find)
        for path, _ in routes.planned_files(draft.briefing):
            if path == routes.FEED and not draft.has_feed:
                continue
            files.append(LazyFile(path, config, "briefing", partial(draft.file, path)))
        return files

    def find(self, faults: Iterable[Problem]) -> None:
        """Record problems in templates or handwritten pages."""
        self._faults |= dict.fromkeys(faults)
        if self._serving:
            self._log_problems(faults)
            # Keep the problems of a broken save.
            self.problems = tuple(dict.fromkeys(self.problems + _format_problems(faults)))

    def faults(self) -> tuple[Problem, ...]:
        """Return the problems that ``find`` has recorded."""
        return tuple(self._faults)

    def refuse(self, faults: Iterable[Problem]) -> None:
        """Report problems in templates. Raises MkDocs' exception if there are any."""
        assert self._good
        problems = tuple(sorted(faults))
        if problems:
            self._report(replace(self._good, problems=problems))

    def set_options(
        self, *, as_of: tuple[str, str] | None = None, today: str = "", html: bool = False, pdf: bool = False
    ) -> None:
        """Set what the next build does, until MkDocs shuts its plugins down.

        To build from the facts of an earlier day, ``as_of`` is that day (ISO 8601) and the last commit by the end of
        it. ``today`` is the date to check the facts against; if empty, the clock's. ``html`` and ``pdf``: also write
        the whole briefing as one file of that kind.
        """
        self._as_of, self._today = as_of, today
        self._wanted = {name for name, wanted in (("html", html), ("pdf", pdf)) if wanted}
        self._contents, self._bound = {}, {}

    def on_shutdown(self) -> None:
        """Forget the options: MkDocs reuses the instance for the next build of the same process."""
        self.set_options()

    def binds(self, path: str) -> bool:
        """Return whether the page's content is needed before any page is written."""
        return bool(self._wanted) and routes.in_book(path)

    @property
    def version(self) -> str:
        """Return the version of the edition that the pages cite; empty if there is no edition."""
        return self._good.edition.version if self._good and self._good.edition else ""

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:  # noqa: ARG002
        """Remember the order of the pages."""
        self._order = [page.file.src_uri for page in nav.pages]
        return nav

    def on_page_content(self, html: str, *, page: SitePage, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002
        """Keep the content of a page for the single file, unless it is a page for contributors."""
        is_chapter = page.meta.get("audience") != "contributors" and "moved" not in page.meta
        if self._wanted and routes.in_book(page.file.src_uri) and is_chapter:
            title = str(page.meta.get("title") or page.title)
            self._contents[page.file.src_uri] = Chapter(page.url.removeprefix("./"), unescape(title), html)
        return html

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> Any:  # noqa: ARG002
        """Make the single file and the PDF. All contents are known now, and the pages that link to them come later."""
        if not self._serving:
            self.refuse(self._faults)
        if self._wanted and self._good:
            document = self._bind(self._good, env, config)
            if "html" in self._wanted:
                self._bound[routes.BOOK] = document.encode()
            if "pdf" in self._wanted:
                try:
                    self._bound[routes.BOOK_PDF] = make_pdf(document, int(os.environ.get("SOURCE_DATE_EPOCH", 0)))
                except PdfUnavailable as error:
                    raise PluginError(str(error)) from None
            language = self._good.briefing.language
            config.extra["bound"] = [
                {"path": path, "size": language.format_size(len(data))} for path, data in self._bound.items()
            ]
        return env

    def on_build_error(self, *, error: Exception) -> None:
        """Ask for a bug report if one of our bugs fails the build."""
        request_report(error)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the single file and the PDF."""
        for path, data in self._bound.items():
            Path(config.site_dir, path).write_bytes(data)

    def _bind(self, outcome: Outcome, env: Any, config: MkDocsConfig) -> str:
        def asset(name: str) -> str:
            with report_template_errors(config, f"assets/{name}"):
                return str(env.loader.get_source(env, f"assets/{name}")[0])

        assert outcome.edition
        rest = [path for path in self._contents if path not in self._order]
        chapters = [self._contents[path] for path in [*self._order, *rest] if path in self._contents]
        assert outcome.draft
        with report_template_errors(config, "partials/search.html"):
            search = env.get_template("partials/search.html").render(config=config)
        assets = Assets(
            (asset("briefing.css"), asset("book.css")),
            asset("search-library.js"),
            outcome.draft.file(routes.SEARCH).decode(),
            asset("search.js"),
            search,
        )
        title = title_page(outcome.briefing, outcome.edition)
        return render_single_file(title, chapters, assets)

    def on_page_context(
        self,
        context: TemplateContext,
        *,
        page: SitePage,
        config: MkDocsConfig,  # noqa: ARG002
        nav: Navigation,  # noqa: ARG002
    ) -> TemplateContext:
        """Escape the front matter of a handwritten page, and add a citation box, which generated pages have already."""
        if not isinstance(page, GeneratedPage):
            for name in UNESCAPED:
                value = page.meta.get(name)
                if value:
                    page.meta[name] = escape(str(value))
        if self._good and self._good.edition and "cite" not in page.meta:
            language = self._good.briefing.language
            page.meta.update(markdown_page_meta(self._good.edition, language, str(page.title), page.file.src_uri))
        return context

    def _compile(self, root: Path, config: MkDocsConfig) -> Outcome:
        try:
            inputs = read_site(root, config.site_url or "", self._today, self._as_of)
        except UnreadableFile as error:
            self._text = Inputs({}, {}).text
            return Outcome(Briefing(None), (error.problem,))
        except GitFailed as error:
            raise PluginError(str(error)) from None
        if inputs.history.fault:  # not a warning: a strict build succeeds without a history
            log.info(format_history_fault(inputs.history.fault))
        self._text = inputs.text
        self._markdown_pages = inputs.markdown_pages
        return draft(inputs, past=self._as_of is not None)

    def _log_problems(self, problems: Iterable[Problem]) -> None:
        first, others = limit_problems(problems)
        for problem in first:
            level = logging.ERROR if problem.severity is Severity.ERROR else logging.WARNING
            # Neither a note nor the passing of time may fail a strict build.
            if problem.severity is Severity.NOTE or problem.code in AGE_CODES:
                level = logging.INFO
            log.log(level, format_problem(problem, self._text(problem.place.file)))
        if others:
            log.warning(others)

    def _report(self, outcome: Outcome) -> None:
        self._log_problems(outcome.problems)
        summary = format_summary(outcome.briefing, outcome.problems)
        if has_errors(outcome.problems) and not self._serving:
            raise PluginError(f"nothing was built, because the facts have problems: {summary}")
        log.info(summary)


_POLICY = b"; script-src 'self'"  # in a page's Content Security Policy


def _with_problems(app: WSGIApplication, problems: Callable[[], tuple[str, ...]]) -> WSGIApplication:
    """Return the server's application, changed to show the problems, if any, at the top of each page.

    It also allows the server's own script in each page's Content Security Policy.
    """

    def with_problems(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answered: list[tuple[str, list[tuple[str, str]]]] = []

        def answer(status: str, headers: list[tuple[str, str]], _: Any = None) -> Callable[[bytes], object]:
            answered.append((status, headers))
            return lambda _: None

        body = b"".join(app(environ, answer))
        status, headers = answered[-1]
        found = None
        if ("Content-Type", "text/html") in headers:
            found = re.search(rb"<body[^>]*>", body)
        if found:
            shown = problems()
            if shown:
                body = body[: found.end()] + _render_problems(shown).encode() + body[found.end() :]
            script = RELOAD_SCRIPT.search(body)
            if script:
                allowed = b" 'sha256-%b'" % b64encode(sha256(script[1]).digest())
                body = body.replace(_POLICY, _POLICY + allowed, 1)
            headers = [(name, value) for name, value in headers if name != "Content-Length"]
            headers.append(("Content-Length", str(len(body))))
        start_response(status, headers)
        return [body]

    return with_problems


def _format_problems(problems: Iterable[Problem]) -> tuple[str, ...]:
    first, others = limit_problems(problems)
    lines = [format_problem_line(problem) for problem in first]
    if others:
        lines.append(others)
    return tuple(lines)


def _render_problems(problems: Iterable[str]) -> str:
    items = "".join(f"<li><code>{escape(problem)}</code></li>" for problem in problems)
    says = "The facts have problems; this is the last good site."
    return f'<div class="problems" role="alert"><strong>{says}</strong><ul>{items}</ul></div>'


def _titles(nav: Any, title: str | None = None) -> Iterator[tuple[str, str | None]]:
    """Yield each page in a navigation as in mkdocs.yml, with the title given there."""
    if isinstance(nav, list):
        for item in nav:
            yield from _titles(item)
    elif isinstance(nav, dict):
        for name, item in nav.items():
            yield from _titles(item, name)
    elif isinstance(nav, str):
        yield nav, title
