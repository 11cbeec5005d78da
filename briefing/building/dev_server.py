"""Serve a site while its facts are edited. Every save is checked; each page is built on request.

MkDocs' server polls the files. It has no public way to use another observer.
"""

import posixpath
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs.commands.serve import serve
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.structure.files import Files, InclusionLevel
from mkdocs.structure.nav import Navigation

from briefing.building.mkdocs_compat import RequestServer, build_theme_template
from briefing.building.mkdocs_plugin import BriefingPlugin, RenderFailed, report_template_errors
from briefing.building.site_builder import collect_files, is_ours_alone, page_output, read_page
from briefing.pages.bug_reports import request_report

_POLL_INTERVAL = 0.05  # seconds


def serve_site(root: Path, port: int) -> None:
    """Serve the briefing's site on 127.0.0.1, and reload it after every save, until interrupted.

    While the facts have problems, the last good pages stay, with the problems at the top. If other plugins or hooks
    change pages, MkDocs builds all of them each time. Raises OSError if the port is unavailable, and KeyboardInterrupt.
    """
    settings = str(root / "mkdocs.yml")
    if not is_ours_alone(load_config(settings)):
        serve(settings, dev_addr=f"127.0.0.1:{port}")  # returns when it is interrupted
        raise KeyboardInterrupt
    with tempfile.TemporaryDirectory(prefix="briefing-") as folder:
        site = _Site(root, port, Path(folder))
        site.prepare()
        server = _Server(site, port)
        site.config.plugins.on_serve(server, config=site.config, builder=site.prepare)
        for path in dict.fromkeys([site.config.docs_dir, site.config.config_file_path, *site.config.watch]):
            server.watch(path)
        try:
            server.serve()  # type: ignore[no-untyped-call]
        finally:
            server.shutdown()


@contextmanager
def _bugs_reported() -> Iterator[None]:
    """Ask for a report if one of our bugs raises. MkDocs' server prints its traceback."""
    try:
        yield
    except MkDocsException:
        raise
    except Exception as error:
        request_report(error)
        raise


class _Site:
    """The site as of the last good save. ``folder`` has the files that were requested since."""

    config: MkDocsConfig
    _files: Files
    _nav: Navigation
    _env: Any = None

    def __init__(self, root: Path, port: int, folder: Path) -> None:
        self.folder = folder
        self._root, self._port = root, port
        self._lock = threading.Lock()
        self._provided: set[str] = set()

    def prepare(self) -> None:
        """Read and check everything again. Raises MkDocs' exceptions if mkdocs.yml is invalid."""
        with self._lock, _bugs_reported():
            config = load_config(str(self._root / "mkdocs.yml"), site_dir=str(self.folder))
            config.site_url = f"http://127.0.0.1:{self._port}{urlsplit(config.site_url or '/').path}"
            plugin = config.plugins["briefing"]
            assert isinstance(plugin, BriefingPlugin)
            config.plugins.on_startup(command="serve", dirty=False)
            config = config.plugins.on_config(config)
            if plugin.problems and self._env:
                return
            if not self._env or config.theme.dirs != self.config.theme.dirs:
                self._env = config.theme.get_env()
                self._env.auto_reload = True
            self.config = config
            self._files, self._nav = collect_files(config)
            self._env = config.plugins.on_env(self._env, config=config, files=self._files)
            self._by_address = {file.dest_uri: file for file in self._files}
            self._provided.clear()

    def provide(self, address: str) -> None:
        """Write the file at this path of the site, unless it has been written since the last save."""
        with self._lock, _bugs_reported():
            if address in self._provided:
                return
            try:
                self._build_file(address)
            except RenderFailed as error:
                plugin = self.config.plugins["briefing"]
                assert isinstance(plugin, BriefingPlugin)
                plugin.find([error.problem])
                self._write(address, b"<html><body><h1>This page could not be rendered</h1></body></html>")
            self._provided.add(address)

    def _build_file(self, address: str) -> None:
        file = self._by_address.get(address)
        if file is None and address in self.config.theme.static_templates:
            with report_template_errors(self.config, address):
                build_theme_template(address, self._env, self._files, self.config, self._nav)
        elif file and file.is_documentation_page():
            assert file.page
            read_page(file.page, self.config, self._files)
            shown = self._files.documentation_pages(inclusion=InclusionLevel.is_in_serve)
            self._write(address, page_output(file.page, self.config, shown, self._nav, self._env))
        elif file:
            file.copy_file()

    def _write(self, address: str, data: bytes) -> None:
        target = self.folder / address
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


class _Server(RequestServer):
    """MkDocs' server for a site whose files are built on request."""

    def __init__(self, site: _Site, port: int) -> None:
        mount = urlsplit(site.config.site_url or "").path
        super().__init__(site.prepare, "127.0.0.1", port, str(site.folder), mount, _POLL_INTERVAL, _POLL_INTERVAL)
        self.build_delay = _POLL_INTERVAL / 2
        self.error_handler = self._error
        self._site = site

    def before_request(self, path: str) -> None:
        self._site.provide(posixpath.normpath(f"{path}index.html" if path.endswith("/") or not path else path))

    def _error(self, code: int) -> bytes | None:
        self._site.provide(f"{code}.html")
        page = self._site.folder / f"{code}.html"
        return page.read_bytes() if page.is_file() else None
