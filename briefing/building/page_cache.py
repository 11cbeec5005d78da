"""What one build keeps for the next, and whether a page can be reused.

A page made from facts is kept as it was where all that it is made of is as it was: what was gathered for it or, where
that differs in what readers do not see, its Markdown; the templates, the configuration, the navigation, what links may
lead to and the versions of what builds it (``site_key``). What cites the edition, as every page does, is put right in
the page that is kept. Where something may have a say whose ingredients nobody knows, all pages are made anew
(``is_known``).
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import mkdocs
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from pydantic import TypeAdapter, ValidationError

from briefing.project.layout import theme_folders

_FORMAT = 4  # of what is kept; another one is read by nobody
_BUILT_BY = (
    *("briefing", "jinja2", "markdown", "markupsafe", "mkdocs-material", "mkdocs-material-extensions", "pygments"),
    *("pymdown-extensions", "pyyaml"),
)
_KNOWN = ("markdown", "pymdownx", "material")  # whose extensions of Markdown make a page of nothing but its text
_READERS = ("pymdownx.snippets", "pymdownx.b64")  # but for these, which read other files
_OF_NO_PAGE = {"plugins", "theme", "site_dir", "watch", "dev_addr", "hooks"}

# to anchors: the page, and each anchor with the link as it is written
Links = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


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
    links: Links


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
    tuple[Literal[_FORMAT], str, str, dict[str, tuple[str, str, int, int, tuple[str, ...], Links]]]  # type: ignore[valid-type]
)


def read_kept(text: bytes) -> Kept:
    """What ``dumps`` wrote; nothing where the text is anything else."""
    try:
        _, site, version, pages = _DUMPED.validate_json(text)
    except ValidationError:
        return Kept()
    return Kept(site, version, {path: KeptPage(*page) for path, page in pages.items()})


def site_key(config: MkDocsConfig, nav: Navigation, files: Files, sources: Sequence[tuple[str, bytes]]) -> str:
    """A digest of all that every page is made of, but for the page's own text."""
    settings = {name: value for name, value in config.items() if name not in _OF_NO_PAGE}
    parts = [
        [(name, version(name)) for name in _BUILT_BY] + [(mkdocs.__name__, mkdocs.__version__)],
        [
            file.read_text(encoding="utf-8") for file in sorted(Path(__file__).parent.parent.rglob("*.py"))
        ],  # in a checkout
        settings,
        [dict(config.theme), config.theme.dirs],
        str(nav),
        sorted((file.src_uri, file.inclusion.name) for file in files),  # what a link may lead to
        [(name, hashlib.sha256(data).hexdigest()) for name, data in sources],
        os.environ.get("SOURCE_DATE_EPOCH") if _is_dated(sources) else "",
    ]
    return hashlib.sha256(_serialise(parts).encode()).hexdigest()


def _serialise(value: Any) -> str:
    """A setting as it is told in a key: what it says, and of a function which one it is."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key!r}: {_serialise(item)}' for key, item in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_serialise, value))}]"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(_serialise, value)))}}}"
    if callable(value) and hasattr(value, "__qualname__"):
        return f"{value.__module__}.{value.__qualname__}"
    return repr(value) if isinstance(value, str | bytes) else re.sub(r" at 0x[0-9a-f]+", "", repr(value))


def theme_sources(config: MkDocsConfig) -> list[tuple[str, bytes]]:
    """What pages may take from the theme: its templates, and every file of a briefing's own, pictures included."""
    own = own_folders(config)
    found = []
    for folder in map(Path, config.theme.dirs):
        ours = folder.resolve() in own
        for file in sorted(file for file in folder.rglob("*") if file.is_file()) if ours else theme_files(folder):
            if ours or file.suffix == ".html":
                found.append((str(file), file.read_bytes()))
    return found


def own_folders(config: MkDocsConfig) -> set[Path]:
    """The folders of the theme that are a briefing's own or ours."""
    own = {folder.resolve() for folder in theme_folders(Path(config.config_file_path).parent)}
    return own | ({Path(config.theme.custom_dir).resolve()} if config.theme.custom_dir else set())


def is_known(config: MkDocsConfig, sources: Sequence[tuple[str, bytes]]) -> bool:
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


def theme_files(folder: Path) -> list[Path]:
    """The files in one of the theme's folders, but for the thousands of icons, in the order of their names."""
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(parent, name) for name in sorted(names)]
    return found


def digest(about: str, edition: str) -> str:
    """A digest of what a page is made of, whatever edition it cites."""
    about = about.replace(edition, "\0") if edition else about
    return hashlib.sha256(about.encode()).hexdigest()


def is_as_kept(file: Path, old: KeptPage) -> bool:
    """Whether a page's file is the one that was written when the page was kept."""
    try:
        state = file.stat()
    except OSError:
        return False
    return (state.st_size, state.st_mtime_ns) == (old.size, old.time)


def carry(source: Path, target: Path, old: KeptPage, cited: str, cites: str) -> KeptPage:
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
