"""Every private name and unwritten habit of MkDocs, its server and its theme that a build relies on.

Nothing else in this package uses them. Each has a contract test in ``tests/building/test_mkdocs_compat.py``, so that a
release that changes one is noticed there and not in a site.
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

# write one of the theme's static templates, such as 404.html, or one of the templates that the settings name
build_theme_template = _build_theme_template
build_extra_template = _build_extra_template

# the script that the server puts into each page, which a page's Content Security Policy must allow
RELOAD_SCRIPT = re.compile(rb"<script>([^<]*livereload\([^<]*)</script></body>")


def find_title(text: str, extensions: Mapping[str, Any]) -> str:
    """Return the title that a page without front matter begins with, as HTML without tags; empty where it has none."""
    converter = Markdown(extensions=list(extensions), extension_configs={**extensions})
    finder = _ExtractTitleTreeprocessor()
    finder._register(converter)
    converter.convert(text)
    return finder.title or ""


@contextmanager
def current_page(config: MkDocsConfig, page: Page) -> Iterator[None]:
    """Let warnings name the page that is being rendered. Left as it is where rendering fails, as MkDocs leaves it."""
    config._current_page = page
    yield
    config._current_page = None


def add_theme_files(files: Files, config: MkDocsConfig, names: Iterable[str]) -> None:
    """Add the theme's files of these names. MkDocs lists the theme's files itself, among them thousands of icons that
    no site has as files; of the theme's environment it only asks for that list.
    """
    files.add_files_from_theme(cast(Any, _Names(names)), config)


class _Names:
    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(names)

    def list_templates(self, filter_func: Callable[[str], bool]) -> list[str]:
        return [name for name in self._names if filter_func(name)]


class QuickPage(Page):
    """A page whose addresses are put together. MkDocs parses and joins them, which is slow for thousands of pages."""

    def _set_canonical_url(self, base: str | None) -> None:
        if base and not base.endswith("/"):
            base += "/"
        self.canonical_url = base and base + self.url
        self.abs_url = self.canonical_url and urlsplit(self.canonical_url).path


class LazyFile(File):
    """A file of the site whose content is made when it is asked for. MkDocs' own generated files hold theirs."""

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
    """MkDocs' server, which reloads the browser, with a call before each request for a file of the site."""

    def before_request(self, path: str) -> None:
        """Prepare the file at ``path``, from the site's root; a path that ends in a slash means its index.html."""

    def _serve_request(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes] | None:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
        if path.startswith(self.mount_path):
            # the last save may still be read: the page is to show it
            with self._epoch_cond:
                self._epoch_cond.wait_for(lambda: self._visible_epoch == self._wanted_epoch)
            self.before_request(path.removeprefix(self.mount_path))
        return super()._serve_request(environ, start_response)
