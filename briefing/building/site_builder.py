"""Build the same site as ``mkdocs build`` from MkDocs' own parts, but only the changed pages, and on all cores."""

import logging
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from filecmp import cmpfiles
from itertools import chain
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build, get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File, Files, get_files, set_exclusions
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page as SitePage
from mkdocs.utils import CountHandler

from briefing.building.mkdocs_compat import (
    add_theme_files,
    build_extra_template,
    build_theme_template,
    current_page,
    engine_logger,
)
from briefing.building.mkdocs_plugin import BriefingPlugin, GeneratedPage, RenderFailed, report_template_errors
from briefing.building.page_cache import CachedPage, Links, PageCache, PageInputs, own_folders, theme_files
from briefing.building.process_pool import parallel_map
from briefing.pages.jinja_compat import share_rendering
from briefing.problems import Problem, Span
from briefing.project.layout import DOCS, packaged_templates


@dataclass(frozen=True, slots=True)
class BuiltSite:
    """The number of pages reused from the last build, and the pages that the next build may reuse."""

    reused: int = 0
    pages: dict[str, CachedPage] = field(default_factory=dict)
    cache: PageCache | None = None

    def write_cache(self) -> None:
        """Write the page cache, once the site has replaced the last one."""
        if self.cache:
            self.cache.write(self.pages)


@dataclass(frozen=True, slots=True)
class _BuiltPage:
    """A page that was written: its cache entry, whether it was reused, its log records and its problems."""

    page: CachedPage
    reused: bool
    log: tuple[logging.LogRecord, ...] = ()
    faults: tuple[Problem, ...] = ()


def build_site(config: MkDocsConfig, last: Path) -> BuiltSite:
    """Build into the empty folder ``config.site_dir``; ``last`` is the folder of the last site.

    If other plugins or hooks change pages, their dependencies are unknown, and MkDocs builds all pages. Raises MkDocs'
    exceptions.
    """
    plugin = config.plugins["briefing"]
    assert isinstance(plugin, BriefingPlugin)
    if not is_ours_alone(config):
        build(config)
        return BuiltSite()
    warnings = CountHandler()
    warnings.setLevel(logging.WARNING)
    logger = engine_logger()
    logger.addHandler(warnings)
    try:
        built = _build(config, plugin, last)
    except RenderFailed as error:
        plugin.refuse([error.problem])
        raise  # not reached: refusing raises
    finally:
        logger.removeHandler(warnings)
    if counts := warnings.get_counts():
        if config.strict:
            raise Abort(f"Aborted with {', '.join(f'{count} {level.lower()}s' for level, count in counts)}")
        return BuiltSite()  # without a cache, the next build repeats the warnings
    return built


def _build(config: MkDocsConfig, plugin: BriefingPlugin, last: Path) -> BuiltSite:
    config = config.plugins.on_config(config)
    config.plugins.on_pre_build(config=config)
    files, nav = collect_files(config)
    pages = _read_pages(config, plugin, files)
    env = config.plugins.on_env(config.theme.get_env(), config=config, files=files)
    cache = PageCache(config, nav, files, plugin.version, last)
    _share_navigation(env, config, nav)
    builder = _PageBuilder(config, plugin, files, list(files.documentation_pages()), nav, env, cache, pages)
    built: dict[str, _BuiltPage] = {}
    # Processes that are forked after the first page share the templates that were compiled for it.
    first = next(iter(plugin.made or pages))
    first_page = builder.build(first)
    with parallel_map([path for path in pages if path != first], builder.build) as others:
        _write_other_files(config, env, files, nav)
        for path, page in chain([(first, first_page)], others):
            for record in page.log:
                logging.getLogger(record.name).handle(record)
            built[path] = page
    plugin.refuse(dict.fromkeys(fault for page in built.values() for fault in page.faults))
    _validate_anchors(config, files, pages, built)
    config.plugins.on_post_build(config=config)
    reusable = {path: page.page for path, page in built.items() if path in plugin.made}
    return BuiltSite(sum(page.reused for page in built.values()), reusable, cache)


def _read_pages(config: MkDocsConfig, plugin: BriefingPlugin, files: Files) -> dict[str, SitePage]:
    """Return all pages by path. Only pages whose content is needed before any page is written are rendered here."""
    pages: dict[str, SitePage] = {}
    for file in files.documentation_pages():
        pages[file.src_uri] = file.page or SitePage(None, file, config)
        if file.src_uri not in plugin.made or plugin.binds(file.src_uri):
            read_page(pages[file.src_uri], config, files)
    return pages


def _write_other_files(config: MkDocsConfig, env: Any, files: Files, nav: Navigation) -> None:
    """Write the files of the site other than the briefing's pages."""
    files.copy_static_files()
    for template in config.theme.static_templates:
        with report_template_errors(config, template):
            build_theme_template(template, env, files, config, nav)
    for template in config.extra_templates:
        with report_template_errors(config, template, DOCS):
            build_extra_template(template, files, config, nav)


def _validate_anchors(
    config: MkDocsConfig, files: Files, pages: Mapping[str, SitePage], built: Mapping[str, _BuiltPage]
) -> None:
    """Make MkDocs warn about links to missing anchors, also in pages that were reused or built in another process."""
    for path, page in pages.items():
        page.present_anchor_ids = set(built[path].page.anchors)
        page.links_to_anchors = _to_files(built[path].page.links, files)
    for page in pages.values():
        page.validate_anchor_links(files=files, log_level=config.validation.links.anchors)


@dataclass(frozen=True, slots=True)
class _PageBuilder:
    """Builds the pages of one site independently, so that processes can share the work."""

    config: MkDocsConfig
    plugin: BriefingPlugin
    files: Files
    shown: Sequence[File]
    nav: Navigation
    env: Any
    cache: PageCache
    pages: Mapping[str, SitePage]

    def build(self, path: str) -> _BuiltPage:
        """Write a page, from the last site if possible."""
        page = self.pages[path]
        target = Path(self.config.site_dir, page.file.dest_uri)
        target.parent.mkdir(parents=True, exist_ok=True)
        inputs = PageInputs()
        warnings = _HeldRecords()
        with warnings:
            if isinstance(page, GeneratedPage):
                inputs, cached = self.cache.reuse(page, target)
                if cached:
                    return _BuiltPage(cached, reused=True)
            target.write_bytes(self._render(page))
        anchors, links = tuple(sorted(page.present_anchor_ids or ())), _links(page)
        if isinstance(page, GeneratedPage):
            page.markdown = page.content = None  # thousands of pages need not stay in memory
        state = target.stat()
        built = CachedPage(inputs, state.st_size, state.st_mtime_ns, anchors, links)
        return _BuiltPage(built, False, tuple(warnings.records), self.plugin.faults())

    def _render(self, page: SitePage) -> bytes:
        if page.content is None:
            render_page(page, self.config, self.files)
        try:
            return page_output(page, self.config, self.shown, self.nav, self.env)
        except RenderFailed as error:  # render the other pages too, to report all errors at once
            self.plugin.find([error.problem])
            return b""


def is_ours_alone(config: MkDocsConfig) -> bool:
    """Return whether no other plugin and no hook can change a page."""
    return list(config.plugins) == ["briefing"] and not config.hooks


def collect_files(config: MkDocsConfig) -> tuple[Files, Navigation]:
    """Return all files of the site, including the theme's, and the navigation. Call it after ``on_config``."""
    files = get_files(config)
    folders = map(Path, config.theme.dirs)
    names = {file.relative_to(folder).as_posix() for folder in folders for file in theme_files(folder)}
    add_theme_files(files, config, names)
    files = config.plugins.on_files(files, config=config)
    set_exclusions(files, config)
    return files, config.plugins.on_nav(get_navigation(files, config), config=config, files=files)


def read_page(page: SitePage, config: MkDocsConfig, files: Files) -> None:
    """Read and render a page. Raises RenderFailed."""
    page.read_source(config)
    render_page(page, config, files)


def render_page(page: SitePage, config: MkDocsConfig, files: Files) -> None:
    """Render the Markdown of a page to HTML. Raises RenderFailed."""
    with current_page(config, page):
        try:
            page.render(config, files)
        except RecursionError:
            message = "lists or quotations are nested too deeply"
            raise RenderFailed(Problem(Span(f"{DOCS}/{page.file.src_uri}"), "template-error", message)) from None
        assert page.content is not None
        page.content = config.plugins.on_page_content(page.content, page=page, config=config, files=files)


def page_output(page: SitePage, config: MkDocsConfig, shown: Sequence[File], nav: Navigation, env: Any) -> bytes:
    """Return the finished HTML of a rendered page. Raises RenderFailed."""
    with current_page(config, page):
        page.active = True
        context = get_context(nav, shown, config, page)
        name = str(page.meta.get("template", "main.html"))
        if not isinstance(page, GeneratedPage) and not _has_template(config, name):
            raise RenderFailed(_head_problem(page, "template", f"the theme has no template '{name}'"))
        context = config.plugins.on_page_context(context, page=page, config=config, nav=nav)
        with report_template_errors(config, name):
            text: str = env.get_template(name).render(context)
        page.active = False
    return text.encode("utf-8", errors="xmlcharrefreplace")


def _has_template(config: MkDocsConfig, name: str) -> bool:
    return any(Path(folder, name).is_file() for folder in config.theme.dirs)


def _head_problem(page: SitePage, key: str, message: str) -> Problem:
    """Return a problem of a handwritten page, at the line of ``key`` in its front matter."""
    lines = page.file.content_string.splitlines()
    line = next((number for number, text in enumerate(lines, 1) if text.startswith(f"{key}:")), 1)
    return Problem(Span(f"{DOCS}/{page.file.src_uri}", line, 1, line, 1), "template-error", message)


def _links(page: SitePage) -> Links:
    return tuple((file.src_uri, tuple(links.items())) for file, links in (page.links_to_anchors or {}).items())


def _to_files(links: Links, files: Files) -> dict[File, dict[str, str]]:
    found = ((files.get_file_from_path(path), dict(anchors)) for path, anchors in links)
    return {file: anchors for file, anchors in found if file}


_NAVIGATION = tuple(f"partials/{name}.html" for name in ("nav", "nav-item", "logo"))


def _share_navigation(env: Any, config: MkDocsConfig, nav: Navigation) -> None:
    """Render the navigation once per folder for pages outside it. The text is the same for all of them."""
    if config.theme.name != "material" or any(map(_changes_navigation, own_folders(config))):
        return
    within = {page.file.src_uri for page in nav.pages}

    def folder(context: Any) -> str | None:
        page = context.get("page")
        # Pages for contributors have a navigation of their own.
        if page is None or page.file.src_uri in within or page.meta.get("audience"):
            return None
        return str(posixpath.dirname(page.url.rstrip("/")))

    share_rendering(env.get_template(_NAVIGATION[0]), folder)


def _changes_navigation(folder: Path) -> bool:
    """Return whether a theme folder has templates of the navigation that differ from the packaged ones."""
    names = [name for name in _NAVIGATION if (folder / name).exists()]
    unchanged, _, _ = cmpfiles(folder, packaged_templates() / "theme", names, shallow=False)
    return unchanged != names


class _HeldRecords(logging.Handler):
    """Collects MkDocs' log records, so that they can be printed in the order of the pages."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        record.msg, record.args = record.getMessage(), None
        self.records.append(record)

    def __enter__(self) -> None:
        logger = engine_logger()
        self._before, logger.handlers = logger.handlers, [self]

    def __exit__(self, *_: object) -> None:
        engine_logger().handlers = self._before
