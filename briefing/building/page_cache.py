"""Reuse pages of the last build that have not changed. ``PageCache.reuse`` decides.

The whole cache is valid for the same templates, settings, navigation, link targets and program (``_site_key``). A page
in it is reused if its file is unchanged on disk and either its data or its Markdown is the same: data may differ in
ways that readers do not see. Each page cites the edition, which is replaced in a reused page. If a page may depend on
something else, there is no cache (``_is_predictable``).
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import mkdocs
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from pydantic import TypeAdapter

from briefing.building.mkdocs_plugin import GeneratedPage
from briefing.pages.page_specs import Content
from briefing.project import cache
from briefing.project.layout import theme_folders

_PAGES = "site.json"
_KNOWN = ("markdown", "pymdownx", "material")  # packages whose Markdown extensions depend on the page's text alone
_READERS = ("pymdownx.snippets", "pymdownx.b64")  # exceptions to _KNOWN: these read other files
_NO_PAGE_DEPENDS_ON = {"plugins", "theme", "site_dir", "watch", "dev_addr", "hooks"}

# Links to anchors: for each page, its anchors with the link as written.
Links = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class PageInputs:
    """Digests of what a page is made from: its data, and its head and Markdown. Empty if not computed."""

    data: str = ""
    markdown: str = ""


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A page of the last build: its inputs, its file's size and time, its anchors, and the anchors it links to."""

    inputs: PageInputs
    size: int
    time: int
    anchors: tuple[str, ...]
    links: Links


@dataclass(frozen=True, slots=True)
class CachedPages:
    """The pages of a build by path, and the edition that they cite."""

    version: str
    pages: dict[str, CachedPage]


_AS_JSON = TypeAdapter(CachedPages)


class PageCache:
    """The pages of the last build, in the folder ``last``, that a new build may reuse."""

    def __init__(self, config: MkDocsConfig, nav: Navigation, files: Files, version: str, last: Path) -> None:
        sources = _theme_sources(config)
        # Without a version, the edition could not be replaced in a reused page.
        self._key = _site_key(config, nav, files, sources) if version and _is_predictable(config, sources) else ""
        self._root = Path(config.config_file_path).parent
        self._version, self._last = version, last
        self._cached = cache.read(self._root, _PAGES, self._key, _AS_JSON.validate_json) or CachedPages("", {})

    def reuse(self, page: GeneratedPage, target: Path) -> tuple[PageInputs, CachedPage | None]:
        """Write the page to ``target`` from the last build, if it has not changed.

        Return the page's inputs and its cache entry. The entry is None if the page has to be rendered; its Markdown is
        then set. The data are compared first, because generating the Markdown takes longer.
        """
        cached = self._unchanged_since(page)
        data, content = "", None
        if page.markdown is None:
            description, content = page.describe_inputs()
            data = self._digest(description)
            if cached and data == cached.inputs.data:
                return cached.inputs, self._copy(page, target, cached)
        inputs = PageInputs(data, self._digest_markdown(page, content))
        if cached and inputs.markdown == cached.inputs.markdown:
            return inputs, self._copy(page, target, replace(cached, inputs=inputs))
        return inputs, None

    def write(self, pages: dict[str, CachedPage]) -> None:
        """Write the cache for the next build. Call it once the new site has replaced the old one."""
        cache.write(self._root, _PAGES, self._key, _AS_JSON.dump_json(CachedPages(self._version, pages)))

    def _unchanged_since(self, page: GeneratedPage) -> CachedPage | None:
        """Return the cached page, if its file has not changed since it was written."""
        cached = self._cached.pages.get(page.file.src_uri)
        if cached is None:
            return None
        try:
            state = (self._last / page.file.dest_uri).stat()
        except OSError:
            return None
        return cached if (state.st_size, state.st_mtime_ns) == (cached.size, cached.time) else None

    def _digest_markdown(self, page: GeneratedPage, content: Content | None) -> str:
        if page.markdown is None:
            page.fill(content)
        return self._digest(f"{page.file.dest_uri}\0{page.edit_url}\0{page.title}\0{page.meta}\0{page.markdown}")

    def _digest(self, text: str) -> str:
        """Return a digest of a text that does not depend on the edition it cites."""
        if self._version:
            text = text.replace(self._version, "\0")
        return hashlib.sha256(text.encode()).hexdigest()

    def _copy(self, page: GeneratedPage, target: Path, cached: CachedPage) -> CachedPage:
        """Write a page of the last build to ``target``, citing the edition of this build."""
        source = self._last / page.file.dest_uri
        if self._cached.version == self._version:
            _link_or_copy(source, target)
            return cached
        target.write_bytes(source.read_bytes().replace(self._cached.version.encode(), self._version.encode()))
        state = target.stat()
        return replace(cached, size=state.st_size, time=state.st_mtime_ns)


def _site_key(config: MkDocsConfig, nav: Navigation, files: Files, sources: Sequence[tuple[str, bytes]]) -> str:
    """Return a key of everything that all pages depend on. A page's own text is not part of it."""
    settings = {name: value for name, value in config.items() if name not in _NO_PAGE_DEPENDS_ON}
    inputs = [
        # ProperDocs replaces the module, but its name differs.
        (mkdocs.__name__, mkdocs.__version__),
        settings,
        [dict(config.theme), config.theme.dirs],
        str(nav),
        # The files that a link may lead to.
        sorted((file.src_uri, file.inclusion.name) for file in files),
        [(name, hashlib.sha256(data).hexdigest()) for name, data in sources],
        os.environ.get("SOURCE_DATE_EPOCH") if _prints_date(sources) else "",
    ]
    return cache.make_key(_serialise(inputs))


def _serialise(value: Any) -> str:
    """Return a setting as text for a key: its value, or the name of a function."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key!r}: {_serialise(item)}' for key, item in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_serialise, value))}]"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(_serialise, value)))}}}"
    if callable(value) and hasattr(value, "__qualname__"):
        return f"{value.__module__}.{value.__qualname__}"
    return repr(value) if isinstance(value, str | bytes) else re.sub(r" at 0x[0-9a-f]+", "", repr(value))


def _theme_sources(config: MkDocsConfig) -> list[tuple[str, bytes]]:
    """Return the theme files that pages may use: its templates, and all files of our own and of the briefing."""
    own = own_folders(config)
    found = []
    for folder in map(Path, config.theme.dirs):
        ours = folder.resolve() in own
        files: Iterable[Path] = theme_files(folder)
        if ours:
            files = sorted(file for file in folder.rglob("*") if file.is_file())
        for file in files:
            if ours or file.suffix == ".html":
                found.append((str(file), file.read_bytes()))
    return found


def own_folders(config: MkDocsConfig) -> set[Path]:
    """Return the theme folders that belong to the briefing or to this package."""
    own = {folder.resolve() for folder in theme_folders(Path(config.config_file_path).parent)}
    if config.theme.custom_dir:
        own.add(Path(config.theme.custom_dir).resolve())
    return own


def _is_predictable(config: MkDocsConfig, sources: Sequence[tuple[str, bytes]]) -> bool:
    """Return whether pages depend only on what their keys include.

    They do not if a template prints the time or a Markdown extension reads other files. Unknown extensions may.
    """
    for name in config.markdown_extensions:
        known = name.partition(".")[0] in _KNOWN or ("." not in name and find_spec(f"markdown.extensions.{name}"))
        if name.startswith(_READERS) or not known:
            return False
    if any(module.partition(".")[0] not in _KNOWN for module in _modules(config.mdx_configs)):
        return False
    return "SOURCE_DATE_EPOCH" in os.environ or not _prints_date(sources)


def _modules(value: Any) -> Iterator[str]:
    """Yield the module of each function among settings."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from _modules(item)
    elif callable(value):
        yield str(getattr(value, "func", value).__module__)


def _prints_date(sources: Iterable[tuple[str, bytes]]) -> bool:
    return any(b"build_date" in data or b"update_date" in data for _, data in sources)


def theme_files(folder: Path) -> list[Path]:
    """Return the files in a theme folder in order, without the thousands of icons."""
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(parent, name) for name in sorted(names)]
    return found


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # the file system has no hard links
        shutil.copy2(source, target)
