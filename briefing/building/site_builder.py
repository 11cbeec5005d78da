"""Build a site with MkDocs' own parts: the same pages as ``mkdocs build``, but only those that changed, on all
cores.
"""

import logging
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from briefing.building.mkdocs_plugin import BriefingPlugin, MadePage, Unmade, report_template_errors
from briefing.building.page_cache import (
    Kept,
    KeptPage,
    Links,
    carry,
    digest,
    is_as_kept,
    is_known,
    own_folders,
    site_key,
    theme_files,
    theme_sources,
)
from briefing.building.process_pool import parallel_map
from briefing.pages.jinja_compat import share_rendering
from briefing.problems import Problem, Span
from briefing.project.layout import DOCS


@dataclass(frozen=True, slots=True)
class _Made:
    """A page that was written: how it is kept, whether it was ``taken`` from the last site, and what was said and
    found wrong meanwhile.
    """

    page: KeptPage
    taken: bool
    said: tuple[logging.LogRecord, ...] = ()
    faults: tuple[Problem, ...] = ()


def build_site(config: MkDocsConfig, last: Path, kept: Kept) -> Kept:
    """Build into the empty folder ``config.site_dir``; ``last`` is the site that ``kept`` tells of.

    Where other plugins or hooks have a say in pages, nobody knows what a page is made of, and MkDocs builds them all.
    Raises MkDocs' exceptions.
    """
    plugin = config.plugins["briefing"]
    assert isinstance(plugin, BriefingPlugin)
    if not is_ours_alone(config):
        build(config)
        return Kept()
    warnings = CountHandler()
    warnings.setLevel(logging.WARNING)
    logger = engine_logger()
    logger.addHandler(warnings)
    try:
        made = _build(config, plugin, last, kept)
    except Unmade as error:
        plugin.refuse([error.problem])
        raise  # to refuse raises already
    finally:
        logger.removeHandler(warnings)
    if counts := warnings.get_counts():
        if config.strict:
            raise Abort(f"Aborted with {', '.join(f'{count} {level.lower()}s' for level, count in counts)}")
        return Kept()  # what was warned of in a page is to be said again
    return made


def _build(config: MkDocsConfig, plugin: BriefingPlugin, last: Path, kept: Kept) -> Kept:
    config = config.plugins.on_config(config)
    config.plugins.on_pre_build(config=config)
    files, nav = gathered(config)
    pages: dict[str, SitePage] = {}
    for file in files.documentation_pages():
        pages[file.src_uri] = file.page or SitePage(None, file, config)
        if file.src_uri not in plugin.made or plugin.binds(file.src_uri):
            read_page(pages[file.src_uri], config, files)
    env = config.plugins.on_env(config.theme.get_env(), config=config, files=files)

    root = Path(config.site_dir)
    sources = theme_sources(config)
    site = site_key(config, nav, files, sources)
    same = kept.site == site and kept.version and plugin.version and is_known(config, sources)
    before = kept.pages if same else {}
    shown = list(files.documentation_pages())
    _share_navigation(env, config, nav)

    def made(path: str) -> _Made:
        page = pages[path]
        source, target = last / page.file.dest_uri, root / page.file.dest_uri
        target.parent.mkdir(parents=True, exist_ok=True)
        old = before.get(path)
        if old and not is_as_kept(source, old):
            old = None
        gathered = key = ""
        content = None
        said = _HeldRecords()
        with said:
            if isinstance(page, MadePage):
                if page.markdown is None:
                    told, content = page.gathered()
                    gathered = digest(told, plugin.version)
                as_gathered = bool(old and gathered and gathered == old.gathered)
                if not as_gathered:
                    if page.markdown is None:
                        page.fill(content)
                    about = f"{page.file.dest_uri}\0{page.edit_url}\0{page.title}\0{page.meta}\0{page.markdown}"
                    key = digest(about, plugin.version)
                if old and (as_gathered or key == old.key):
                    carried = carry(source, target, old, kept.version, plugin.version)
                    return _Made(replace(carried, gathered=gathered), True)
            if page.content is None:
                render_page(page, config, files)
            try:
                output = page_output(page, config, shown, nav, env)
            except Unmade as error:  # the others are made too, for each may have a fault of its own
                plugin.find([error.problem])
                output = b""
            target.write_bytes(output)
        state, anchors = target.stat(), tuple(sorted(page.present_anchor_ids or ()))
        if isinstance(page, MadePage):
            page.markdown = page.content = None  # what is written need not be held
        new = KeptPage(gathered, key, state.st_size, state.st_mtime_ns, anchors, _links(page))
        return _Made(new, False, tuple(said.records), plugin.faults())

    new: dict[str, KeptPage] = {}
    faults: dict[Problem, None] = {}
    taken = 0
    with parallel_map(list(pages), made) as results:
        files.copy_static_files()
        for template in config.theme.static_templates:
            with report_template_errors(config, template):
                build_theme_template(template, env, files, config, nav)
        for template in config.extra_templates:
            with report_template_errors(config, template, DOCS):
                build_extra_template(template, files, config, nav)
        for path, one in results:
            for record in one.said:
                logging.getLogger(record.name).handle(record)
            faults |= dict.fromkeys(one.faults)
            taken += one.taken
            pages[path].present_anchor_ids = set(one.page.anchors)
            pages[path].links_to_anchors = _to_files(one.page.links, files)
            if path in plugin.made:
                new[path] = one.page
    plugin.refuse(faults)
    for page in pages.values():
        page.validate_anchor_links(files=files, log_level=config.validation.links.anchors)
    config.plugins.on_post_build(config=config)
    return Kept(site, plugin.version, new, taken)


def is_ours_alone(config: MkDocsConfig) -> bool:
    """Whether no other plugin and no hook has a say in what a page becomes."""
    return list(config.plugins) == ["briefing"] and not config.hooks


def gathered(config: MkDocsConfig) -> tuple[Files, Navigation]:
    """All files of the site, those of the theme among them, and the navigation, once the configuration is settled."""
    files = get_files(config)
    folders = map(Path, config.theme.dirs)
    names = {file.relative_to(folder).as_posix() for folder in folders for file in theme_files(folder)}
    add_theme_files(files, config, names)
    files = config.plugins.on_files(files, config=config)
    set_exclusions(files, config)
    return files, config.plugins.on_nav(get_navigation(files, config), config=config, files=files)


def read_page(page: SitePage, config: MkDocsConfig, files: Files) -> None:
    """Make the content of a page."""
    page.read_source(config)
    render_page(page, config, files)


def render_page(page: SitePage, config: MkDocsConfig, files: Files) -> None:
    """Make the content of a page of its source. Raises Unmade."""
    with current_page(config, page):
        try:
            page.render(config, files)
        except RecursionError:
            message = "the page nests lists or quotations without end"
            raise Unmade(Problem(Span(f"{DOCS}/{page.file.src_uri}"), "template-error", message)) from None
        assert page.content is not None
        page.content = config.plugins.on_page_content(page.content, page=page, config=config, files=files)


def page_output(page: SitePage, config: MkDocsConfig, shown: Sequence[File], nav: Navigation, env: Any) -> bytes:
    """A page whose content is made, as it is served. Raises Unmade."""
    with current_page(config, page):
        page.active = True
        context = get_context(nav, shown, config, page)
        name = str(page.meta.get("template", "main.html"))
        if not isinstance(page, MadePage) and not any(Path(folder, name).is_file() for folder in config.theme.dirs):
            raise Unmade(_head_problem(page, "template", f"the theme has no template '{name}'"))
        context = config.plugins.on_page_context(context, page=page, config=config, nav=nav)
        with report_template_errors(config, name):
            text: str = env.get_template(name).render(context)
        page.active = False
    return text.encode("utf-8", errors="xmlcharrefreplace")


def _head_problem(page: SitePage, key: str, message: str) -> Problem:
    """A problem of a page written by hand, where ``key`` stands in its head."""
    lines = page.file.content_string.splitlines()
    line = next((number for number, text in enumerate(lines, 1) if text.startswith(f"{key}:")), 1)
    return Problem(Span(f"{DOCS}/{page.file.src_uri}", line, 1, line, 1), "template-error", message)


def _links(page: SitePage) -> Links:
    return tuple((file.src_uri, tuple(links.items())) for file, links in (page.links_to_anchors or {}).items())


def _to_files(links: Links, files: Files) -> dict[File, dict[str, str]]:
    found = ((files.get_file_from_path(path), dict(anchors)) for path, anchors in links)
    return {file: anchors for file, anchors in found if file}


_NAVIGATION = tuple(f"partials/{name}.html" for name in ("nav", "nav-item", "logo", "source"))


def _share_navigation(env: Any, config: MkDocsConfig, nav: Navigation) -> None:
    """Let the pages of a folder that are not in the navigation have it from the first of them: it is the same text."""
    changed = any((own / name).exists() for own in own_folders(config) for name in _NAVIGATION)
    if config.theme.name != "material" or changed:
        return
    within = {page.file.src_uri for page in nav.pages}

    def folder(context: Any) -> str | None:
        page = context.get("page")
        return None if page is None or page.file.src_uri in within else posixpath.dirname(page.url.rstrip("/"))

    share_rendering(env.get_template(_NAVIGATION[0]), folder)


class _HeldRecords(logging.Handler):
    """Holds back what MkDocs says, so that it is said in the order of the pages."""

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
