"""Contract tests for undocumented parts of MkDocs, its server and its theme that we rely on."""

import inspect
import io
import logging
from pathlib import Path
from traceback import walk_tb

import mkdocs.commands.build
import pytest
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, PluginCollection
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from briefing.building import mkdocs_compat
from briefing.building.mkdocs_compat import RELOAD_SCRIPT, LazyFile, QuickPage, add_theme_files
from briefing.pages import bug_reports


@pytest.fixture
def config(tmp_path: Path) -> MkDocsConfig:
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: A site\ntheme: {name: material}\nplugins: []\n")
    return load_config(str(tmp_path / "mkdocs.yml"))


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("_build_theme_template", ["template_name", "env", "files", "config", "nav"]),
        ("_build_extra_template", ["template_name", "files", "config", "nav"]),
        ("get_context", ["nav", "files", "config", "page", "base_url"]),
    ],
)
def test_template_functions_exist(name: str, parameters: list[str]) -> None:
    assert [*inspect.signature(getattr(mkdocs.commands.build, name)).parameters] == parameters


def test_warnings_name_current_page(config: MkDocsConfig) -> None:
    assert "_current_page" in inspect.getsource(MkDocsConfig)
    page = Page("A page", File("a.md", str(config.docs_dir), config.site_dir, True), config)
    with mkdocs_compat.current_page(config, page):
        assert config._current_page is page
    assert config._current_page is None


def test_theme_files_come_from_its_environment(config: MkDocsConfig) -> None:
    ours, theirs = Files([]), Files([])
    theirs.add_files_from_theme(config.theme.get_env(), config)
    named = [file.src_uri for file in theirs]
    add_theme_files(ours, config, [*named, "main.html", ".hidden.css"])
    assert sorted(file.src_uri for file in ours) == sorted(named)


@pytest.mark.parametrize(
    "text",
    [
        "# A *b* & `c` [d](a.md) { #e }\n\n# F\n",
        "A &amp; ![b](c.png)\n===\n\nText\n",
        "Text\n\n# Later\n",
        "## Second\n",
        "<h1>HTML</h1>\n",
        "",
    ],
)
def test_titles_match_mkdocs(config: MkDocsConfig, text: str) -> None:
    page = Page(None, LazyFile("a-page.md", config, "a test", text.encode), config)
    page.read_source(config)
    page.render(config, Files([page.file]))
    extensions = {name: config.mdx_configs.get(name) or {} for name in config.markdown_extensions}
    assert (mkdocs_compat.find_title(text, extensions) or "A page") == page.title


@pytest.mark.parametrize("base", [None, "", "https://a.example", "https://a.example/", "https://a.example/b/"])
@pytest.mark.parametrize("path", ["index.md", "f/a.md", "a/index.md"])
def test_addresses_match_mkdocs(config: MkDocsConfig, base: str | None, path: str) -> None:
    found = []
    for kind in (Page, QuickPage):
        page = kind("A page", File(path, str(config.docs_dir), config.site_dir, True), config)
        page._set_canonical_url(base)
        found.append((page.canonical_url or None, page.abs_url or None))
    assert found[0] == found[1]


def test_file_content_is_generated_on_read(config: MkDocsConfig, tmp_path: Path) -> None:
    asked: list[str] = []

    def content() -> bytes:
        asked.append("a")
        return b"{}"

    file = LazyFile("data/a.json", config, "briefing", content)
    assert asked == []
    assert file.content_bytes == b"{}"
    assert file.generated_by == "briefing"
    file.abs_dest_path = str(tmp_path / "a.json")
    file.copy_file()
    assert (tmp_path / "a.json").read_bytes() == b"{}"


def test_mkdocs_loggers_propagate_to_one() -> None:
    assert mkdocs_compat.engine_logger() is logging.getLogger("mkdocs")
    assert mkdocs.commands.build.log.name.startswith("mkdocs.")


def test_plugin_calls_come_from_expected_module() -> None:
    """Otherwise an exception in another plugin would be reported as a bug of ours."""

    class Failing(BasePlugin):  # type: ignore[type-arg, no-untyped-call]
        def on_nav(self, nav: object, **_: object) -> object:  # type: ignore[override]
            raise ValueError(nav)

    plugins = PluginCollection()
    plugins["failing"] = Failing()
    with pytest.raises(ValueError, match="a navigation") as raised:
        plugins.on_nav("a navigation", config=None, files=None)  # type: ignore[arg-type]
    names = [frame.f_globals["__name__"] for frame, _ in walk_tb(raised.value.__traceback__)]
    assert names[-2] in bug_reports._DISPATCH
    assert not bug_reports.is_ours(raised.value)


def test_server_adds_script_and_waits_for_saves(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<html><body>A page</body></html>")
    asked: list[str] = []

    class Server(mkdocs_compat.RequestServer):
        def before_request(self, path: str) -> None:
            asked.append(path)

    server = Server(lambda: None, "127.0.0.1", 0, str(tmp_path), "/b/")
    server.watch(str(tmp_path))
    environ = {"PATH_INFO": "/b/", "REQUEST_METHOD": "GET", "wsgi.input": io.BytesIO()}
    headers: list[tuple[str, str]] = []
    body = b"".join(server.serve_request(environ, lambda _, found: headers.extend(found)))
    assert ("Content-Type", "text/html") in headers
    assert asked == [""]
    assert RELOAD_SCRIPT.search(body)
    assert {"_serve_request", "serve_request"} <= set(vars(LiveReloadServer))
    server.server_close()


@pytest.mark.parametrize(
    ("text", "title"),
    [("# A *title* of `code`\n\nText\n", "A title of code"), ("Text\n\n# Too late\n", ""), ("## Of level 2\n", "")],
)
def test_title_is_first_heading(text: str, title: str) -> None:
    assert mkdocs_compat.find_title(text, {"toc": {}}) == title
