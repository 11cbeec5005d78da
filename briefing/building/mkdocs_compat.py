"""Every private name and undocumented behaviour of MkDocs, its server and its theme that a build relies on.

No other module in this package uses them. Each has a contract test in ``tests/building/test_mkdocs_compat.py``, so that
a release that changes one breaks a test and not a site.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from markdown import Markdown
from mkdocs.commands.build import _build_extra_template, _build_theme_template, get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page, _ExtractTitleTreeprocessor

# These write a static template of the theme, such as 404.html, and a template listed in the settings.
build_theme_template = _build_theme_template
build_extra_template = _build_extra_template

# The server adds this script to every page. The page's Content Security Policy must allow it.
RELOAD_SCRIPT = re.compile(rb"<script>([^<]*livereload\([^<]*)</script></body>")


def find_title(text: str, extensions: Mapping[str, Any]) -> str:
    """Return the title of a page without front matter, as HTML without tags; empty if it does not start with one."""
    converter = Markdown(extensions=list(extensions), extension_configs={**extensions})
    finder = _ExtractTitleTreeprocessor()
    finder._register(converter)
    converter.convert(text)
    return finder.title or ""


@contextmanager
def current_page(config: MkDocsConfig, page: Page) -> Iterator[None]:
    """Name the page in warnings while it is rendered. Like MkDocs, do not reset this if rendering fails."""
    config._current_page = page
    yield
    config._current_page = None


def add_theme_files(files: Files, config: MkDocsConfig, names: Iterable[str]) -> None:
    """Add the theme's files with these names.

    MkDocs would take the list from the theme's environment, with thousands of icons that no site has as files. That
    list is all it uses the environment for.
    """
    files.add_files_from_theme(cast(Any, _Names(names)), config)


class _Names:
    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(names)

    def list_templates(self, filter_func: Callable[[str], bool]) -> list[str]:
        return [name for name in self._names if filter_func(name)]


class QuickPage(Page):
    """A page whose addresses are concatenated. MkDocs parses and joins them, which is slow for thousands of pages."""

    def _set_canonical_url(self, base: str | None) -> None:
        if base and not base.endswith("/"):
            base += "/"
        self.canonical_url = base and base + self.url
        self.abs_url = self.canonical_url and urlsplit(self.canonical_url).path


class LazyFile(File):
    """A file of the site whose content is generated on request. MkDocs' own generated files keep theirs in memory."""

    def __init__(self, path: str, config: MkDocsConfig, by: str, content: Callable[[], bytes]) -> None:
        super().__init__(path, None, config.site_dir, config.use_directory_urls)
        self.generated_by, self._make = by, content

    @property
    def _content(self) -> bytes:  # type: ignore[override]
        return self._make()


def engine_logger() -> logging.Logger:
    """Return the logger to which all of the engine's loggers propagate: MkDocs' own, or that of its replacement."""
    return logging.getLogger(get_context.__module__.partition(".")[0])


class RequestServer(LiveReloadServer):
    """MkDocs' live reload server, with a hook that runs before each request for a file of the site."""

    def before_request(self, path: str) -> None:
        """Prepare the file at ``path``, relative to the site's root. A trailing slash means the folder's index.html."""

    def _serve_request(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes] | None:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
        if path.startswith(self.mount_path):
            # Wait until the last save has been read, so that the page shows it.
            with self._epoch_cond:
                self._epoch_cond.wait_for(lambda: self._visible_epoch == self._wanted_epoch)
            self.before_request(path.removeprefix(self.mount_path))
        return super()._serve_request(environ, start_response)
