"""Builds a site with MkDocs' parts: the same pages as ``mkdocs build``, each anew only where something of it changed.

A page made from facts is kept as it was where all that it is made of is as it was: what was gathered for it or, where
that differs in what readers do not see, its Markdown; the templates, the configuration, the navigation, what links may
lead to and the versions of what builds it (``_site_key``). What cites the edition, as every page does, is put right in
the page that is kept. Pages written by hand are few, and made anew each
time. Where something may have a say whose ingredients nobody knows, all pages are (``_is_known``).
"""

import gc
import hashlib
import json
import logging
import multiprocessing
import os
import pickle
import posixpath
import re
import shutil
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from importlib.util import find_spec
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import mkdocs
from mkdocs.commands.build import _build_extra_template, _build_theme_template, build, get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File, Files, get_files, set_exclusions
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page as SitePage
from mkdocs.utils import CountHandler
from pydantic import TypeAdapter, ValidationError

from briefing.folder import theme_folders
from briefing.plugin import BriefingPlugin, MadePage
from briefing.problems import Problem

_FORMAT = 4  # of what is kept; another one is read by nobody
_BUILT_BY = (
    *("briefing", "jinja2", "markdown", "markupsafe", "mkdocs-material", "mkdocs-material-extensions", "pygments"),
    *("pymdown-extensions", "pyyaml"),
)
_KNOWN = ("markdown", "pymdownx", "material")  # whose extensions of Markdown make a page of nothing but its text
_READERS = ("pymdownx.snippets", "pymdownx.b64")  # but for these, which read other files
_FORKED = 100  # pages; fewer are made sooner than a second process starts


# to anchors: the page, and each anchor with the link as it is written
_Links = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as it was built: a digest of what was gathered for it and one of its Markdown, its file's size and time,
    and what links ask of it.
    """

    gathered: str
    key: str
    size: int
    time: int
    anchors: tuple[str, ...]
    links: _Links


@dataclass(frozen=True, slots=True)
class Kept:
    """What a build keeps for the next: its pages by path, and the edition that they cite. ``taken`` says how many of
    them were taken from the last site.
    """

    site: str = ""
    version: str = ""
    pages: dict[str, KeptPage] = field(default_factory=dict)
    taken: int = 0

    def dumps(self) -> str:
        """The text to be kept."""
        pages = {
            path: [page.gathered, page.key, page.size, page.time, page.anchors, page.links]
            for path, page in self.pages.items()
        }
        return json.dumps([_FORMAT, self.site, self.version, pages])


_DUMPED = TypeAdapter(
    tuple[Literal[_FORMAT], str, str, dict[str, tuple[str, str, int, int, tuple[str, ...], _Links]]]  # type: ignore[valid-type]
)


def read_kept(text: bytes) -> Kept:
    """What ``dumps`` wrote; nothing where the text is anything else."""
    try:
        _, site, version, pages = _DUMPED.validate_json(text)
    except ValidationError:
        return Kept()
    return Kept(site, version, {path: KeptPage(*page) for path, page in pages.items()})


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
    logger = _engine_logger()
    logger.addHandler(warnings)
    try:
        made = _build(config, plugin, last, kept)
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
    sources = _theme_sources(config)
    site = _site_key(config, nav, files, sources)
    same = kept.site == site and kept.version and plugin.version and _is_known(config, sources)
    before = kept.pages if same else {}
    shown = list(files.documentation_pages())
    _share_navigation(env, config, nav)

    def made(path: str) -> _Made:
        page = pages[path]
        source, target = last / page.file.dest_uri, root / page.file.dest_uri
        target.parent.mkdir(parents=True, exist_ok=True)
        old = before.get(path)
        if old and not _is_as_kept(source, old):
            old = None
        gathered = key = ""
        said = _Said()
        with said:
            if isinstance(page, MadePage):
                if page.markdown is None:
                    told, content = page.gathered()
                    gathered = _digest(told, plugin.version)
                    if old and gathered == old.gathered:
                        return _Made(_carry(source, target, old, kept.version, plugin.version), True)
                    page.fill(content)
                about = f"{page.file.dest_uri}\0{page.edit_url}\0{page.title}\0{page.meta}\0{page.markdown}"
                key = _digest(about, plugin.version)
                if old and key == old.key:
                    carried = _carry(source, target, old, kept.version, plugin.version)
                    return _Made(replace(carried, gathered=gathered), True)
            if page.content is None:
                render_page(page, config, files)
            target.write_bytes(page_output(page, config, shown, nav, env))
        state, anchors = target.stat(), tuple(sorted(page.present_anchor_ids or ()))
        if isinstance(page, MadePage):
            page.markdown = page.content = None  # what is written need not be held
        new = KeptPage(gathered, key, state.st_size, state.st_mtime_ns, anchors, _links(page))
        return _Made(new, False, tuple(said.records), plugin.faults())

    new: dict[str, KeptPage] = {}
    faults: dict[Problem, None] = {}
    taken = 0
    with _at_work(list(pages), made) as results:
        files.copy_static_files()
        for template in config.theme.static_templates:
            _build_theme_template(template, env, files, config, nav)
        for template in config.extra_templates:
            _build_extra_template(template, files, config, nav)
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
    files.add_files_from_theme(cast(Any, _Names(config.theme.dirs)), config)
    files = config.plugins.on_files(files, config=config)
    set_exclusions(files, config)
    return files, config.plugins.on_nav(get_navigation(files, config), config=config, files=files)


def read_page(page: SitePage, config: MkDocsConfig, files: Files) -> None:
    """Make the content of a page."""
    page.read_source(config)
    render_page(page, config, files)


def render_page(page: SitePage, config: MkDocsConfig, files: Files) -> None:
    """Make the content of a page of its source."""
    config._current_page = page
    page.render(config, files)
    assert page.content is not None
    page.content = config.plugins.on_page_content(page.content, page=page, config=config, files=files)
    config._current_page = None


def page_output(page: SitePage, config: MkDocsConfig, shown: Sequence[File], nav: Navigation, env: Any) -> bytes:
    """A page whose content is made, as it is served."""
    config._current_page = page
    page.active = True
    context = get_context(nav, shown, config, page)
    template = env.get_template(page.meta.get("template", "main.html"))
    context = config.plugins.on_page_context(context, page=page, config=config, nav=nav)
    text: str = template.render(context)
    page.active = False
    config._current_page = None
    return text.encode("utf-8", errors="xmlcharrefreplace")


def _links(page: SitePage) -> _Links:
    return tuple((file.src_uri, tuple(links.items())) for file, links in (page.links_to_anchors or {}).items())


def _to_files(links: _Links, files: Files) -> dict[File, dict[str, str]]:
    found = ((files.get_file_from_path(path), dict(anchors)) for path, anchors in links)
    return {file: anchors for file, anchors in found if file}


_NAVIGATION = tuple(f"partials/{name}.html" for name in ("nav", "nav-item", "logo", "source"))


def _share_navigation(env: Any, config: MkDocsConfig, nav: Navigation) -> None:
    """Let the pages of a folder that are not in the navigation have it from the first of them: it is the same text."""
    if config.theme.name != "material" or any((own / name).exists() for own in _own(config) for name in _NAVIGATION):
        return
    template = env.get_template(_NAVIGATION[0])
    render, within = template.root_render_func, {page.file.src_uri for page in nav.pages}
    shared: dict[str, str] = {}

    def shares(context: Any) -> Iterator[str]:
        page = context.get("page")
        if page is None or page.file.src_uri in within:
            yield from render(context)
            return
        folder = posixpath.dirname(page.url.rstrip("/"))
        if folder not in shared:
            shared[folder] = "".join(render(context))
        yield shared[folder]

    template.root_render_func = shares


# --- what a page is made of


def _site_key(config: MkDocsConfig, nav: Navigation, files: Files, sources: Sequence[tuple[str, bytes]]) -> str:
    """A digest of all that every page is made of, but for the page's own text."""
    settings = {name: value for name, value in config.items() if name not in _OF_NO_PAGE}
    parts = [
        [(name, version(name)) for name in _BUILT_BY] + [(mkdocs.__name__, mkdocs.__version__)],
        [file.read_text(encoding="utf-8") for file in sorted(Path(__file__).parent.rglob("*.py"))],  # in a checkout
        settings,
        [dict(config.theme), config.theme.dirs],
        str(nav),
        sorted((file.src_uri, file.inclusion.name) for file in files),  # what a link may lead to
        [(name, hashlib.sha256(data).hexdigest()) for name, data in sources],
        os.environ.get("SOURCE_DATE_EPOCH") if _is_dated(sources) else "",
    ]
    return hashlib.sha256(_told(parts).encode()).hexdigest()


def _told(value: Any) -> str:
    """A setting as it is told in a key: what it says, and of a function which one it is."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key!r}: {_told(item)}' for key, item in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_told, value))}]"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(_told, value)))}}}"
    if callable(value) and hasattr(value, "__qualname__"):
        return f"{value.__module__}.{value.__qualname__}"
    return repr(value) if isinstance(value, str | bytes) else re.sub(r" at 0x[0-9a-f]+", "", repr(value))


def _theme_sources(config: MkDocsConfig) -> list[tuple[str, bytes]]:
    """What pages may take from the theme: its templates, and every file of a briefing's own, pictures included."""
    own = _own(config)
    found = []
    for folder in map(Path, config.theme.dirs):
        ours = folder.resolve() in own
        for file in sorted(file for file in folder.rglob("*") if file.is_file()) if ours else _theme_files(folder):
            if ours or file.suffix == ".html":
                found.append((str(file), file.read_bytes()))
    return found


def _own(config: MkDocsConfig) -> set[Path]:
    """The folders of the theme that are a briefing's own or ours."""
    own = {folder.resolve() for folder in theme_folders(Path(config.config_file_path).parent)}
    return own | ({Path(config.theme.custom_dir).resolve()} if config.theme.custom_dir else set())


def _is_known(config: MkDocsConfig, sources: Sequence[tuple[str, bytes]]) -> bool:
    """Whether pages are made of nothing but what their keys hold: Markdown is extended by nobody that may read other
    files, and no template asks what time it is.
    """
    for name in config.markdown_extensions:
        known = name.partition(".")[0] in _KNOWN or ("." not in name and find_spec(f"markdown.extensions.{name}"))
        if name.startswith(_READERS) or not known:
            return False
    if any(module.partition(".")[0] not in _KNOWN for module in _modules(config.mdx_configs)):
        return False
    return "SOURCE_DATE_EPOCH" in os.environ or not _is_dated(sources)


def _modules(value: Any) -> Iterator[str]:
    """Where the functions among settings come from."""
    if isinstance(value, Mapping | list | tuple):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _modules(item)
    elif callable(value):
        yield str(getattr(value, "func", value).__module__)


def _is_dated(sources: Iterable[tuple[str, bytes]]) -> bool:
    return any(b"build_date" in data or b"update_date" in data for _, data in sources)


class _Names:
    """Lists a theme's files as its environment does, but for the thousands of icons, which are no files of a site."""

    def __init__(self, folders: Iterable[str]) -> None:
        self.names = sorted(
            {file.relative_to(folder).as_posix() for folder in folders for file in _theme_files(Path(folder))}
        )

    def list_templates(self, filter_func: Callable[[str], bool]) -> list[str]:
        return [name for name in self.names if filter_func(name)]


_OF_NO_PAGE = {"plugins", "theme", "site_dir", "watch", "dev_addr", "hooks"}


def _theme_files(folder: Path) -> list[Path]:
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(parent, name) for name in sorted(names)]
    return found


def _digest(about: str, edition: str) -> str:
    """A digest of what a page is made of, whatever edition it cites; empty where that is not known."""
    about = about.replace(edition, "\0") if edition else about
    return about and hashlib.sha256(about.encode()).hexdigest()


def _is_as_kept(file: Path, old: KeptPage) -> bool:
    try:
        state = file.stat()
    except OSError:
        return False
    return (state.st_size, state.st_mtime_ns) == (old.size, old.time)


# --- files


def _carry(source: Path, target: Path, old: KeptPage, cited: str, cites: str) -> KeptPage:
    """Take over a page that is as it was, but for the edition that it cites."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if cited == cites:
        _link(source, target)
        return old
    target.write_bytes(source.read_bytes().replace(cited.encode(), cites.encode()))
    state = target.stat()
    return replace(old, size=state.st_size, time=state.st_mtime_ns)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without links
        shutil.copy2(source, target)


# --- more than one process


def _engine_logger() -> logging.Logger:
    """What all of the engine's loggers hand on to: MkDocs' own, or that of what stands in for it."""
    return logging.getLogger(get_context.__module__.partition(".")[0])


class _Said(logging.Handler):
    """Holds back what MkDocs says, so that it is said in the order of the pages."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        record.msg, record.args = record.getMessage(), None
        self.records.append(record)

    def __enter__(self) -> None:
        logger = _engine_logger()
        self._before, logger.handlers = logger.handlers, [self]

    def __exit__(self, *_: object) -> None:
        _engine_logger().handlers = self._before


R = TypeVar("R")


@contextmanager
def _at_work(items: Sequence[str], work: Callable[[str], R]) -> Iterator[Iterator[tuple[str, R]]]:
    """Each item with what comes of it, in order. Where there are many and it can be done, all cores are at work on them
    from here on, whatever is done before they are asked for.
    """
    many = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    # a process that has threads is not safely forked
    if many < 2 or len(items) < _FORKED or threading.active_count() > 1:
        yield ((item, work(item)) for item in items)
        return
    forks = multiprocessing.get_context("fork")
    begun = forks.Value("i", 0)  # how many items somebody has taken on
    pipes = [forks.Pipe(duplex=False) for _ in range(many)]

    def run(own: Any) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started us, and it ends us
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for reader, writer in pipes:  # so that a pipe breaks, and we end, where the process that started us is killed
            reader.close()
            if writer is not own:
                writer.close()
        while True:
            with begun.get_lock():
                number, begun.value = begun.value, begun.value + 1
            if number >= len(items):
                return
            try:
                result = pickle.dumps((number, work(items[number])))
            except Exception as error:
                result = pickle.dumps((number, error))
            try:
                own.send_bytes(result)
            except OSError:
                return

    def results() -> Iterator[tuple[str, R]]:
        done: dict[int, Any] = {}
        at_work: dict[Any, Any] = {reader: worker for (reader, _), worker in zip(pipes, workers, strict=True)}
        for number, item in enumerate(items):
            while number not in done:
                for reader in cast(Any, wait([*at_work])):
                    try:
                        found, done[found] = pickle.loads(reader.recv_bytes())
                    except EOFError:
                        worker = at_work.pop(reader)
                        worker.join()
                        if worker.exitcode:
                            raise ChildProcessError(
                                f"a process that made pages was killed ({worker.exitcode})"
                            ) from None
            result = done.pop(number)
            if isinstance(result, Exception):
                raise result
            yield item, result

    gc.freeze()  # what is there stays there: nobody need look through it, and memory stays shared
    workers = [forks.Process(target=run, args=(writer,)) for _, writer in pipes]
    try:
        for worker in workers:
            worker.start()
        for _, writer in pipes:
            writer.close()
        yield results()
    finally:
        for reader, _ in pipes:
            reader.close()
        for worker in workers:
            if worker.pid is not None:
                worker.terminate()
                worker.join()
        gc.unfreeze()
