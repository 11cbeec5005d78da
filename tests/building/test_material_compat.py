"""Contract tests for undocumented parts of Material for MkDocs that we rely on.

docs/architecture.md lists the templates that replace the theme's own, with reasons. If a release of the theme changes
one of the texts, its test fails. Adapt our template to the change, and then the test.
"""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from mkdocs.theme import Theme
from support import ROOT

from briefing.building.site_builder import _NAVIGATION, _changes_navigation

OURS = ROOT / "templates" / "theme"
THEIRS = Path(Theme(name="material").dirs[0])
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## What we rely on in the theme")[2].partition("\n## ")[0]
OVERRIDDEN = re.findall(r"^\| `([\w./]+\.html)` \|", SECTION, re.MULTILINE)
BASE = (THEIRS / "base.html").read_text(encoding="utf-8")


def _scripts(folder: Path, name: str) -> list[str]:
    text = (folder / "partials" / "javascripts" / f"{name}.html").read_text(encoding="utf-8")
    return re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL)


def _templates(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*.html")}


def test_table_lists_every_replaced_template() -> None:
    assert sorted(OVERRIDDEN) == sorted(_templates(OURS) & _templates(THEIRS))


@pytest.mark.parametrize("block", ["site_meta", "htmltitle", "styles", "scripts", "extrahead", "content"])
def test_base_has_the_blocks_we_fill(block: str) -> None:
    assert f"{{% block {block} %}}" in BASE
    assert f"{{% block {block} %}}" in (OURS / "main.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("partial", ["header", "nav", "javascripts/base", "javascripts/content", "content", "language"])
def test_base_includes_these_partials(partial: str) -> None:
    """The partials that we replace, and those whose position our blocks and styles depend on."""
    assert f'"partials/{partial}.html"' in BASE


def test_scripts_match_replacement_in_main_html() -> None:
    """main.html replaces these two texts, so that the theme's script starts after the page has been painted."""
    (block,) = re.findall(r"\{% block scripts %\}(.*?)\{% endblock %\}", BASE, re.DOTALL)
    scripts = re.findall(r"<script.*>", block)
    assert scripts
    assert [text for text in scripts if not re.fullmatch(r"""<script src="[^"]+"></script>""", text)] == []
    assert "replace('<script src=\"'" in (OURS / "main.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["content", "palette"])
def test_inline_scripts_are_copies(name: str) -> None:
    """The policy allows scripts by hash, so a changed script would not run."""
    assert _scripts(OURS, name) == _scripts(THEIRS, name)


def test_first_inline_script_differs_only_in_scope() -> None:
    """The theme writes the address into the script, which would have a different hash on each page."""
    (ours,), (theirs,) = _scripts(OURS, "base"), _scripts(THEIRS, "base")
    address = 'new URL("{{ config.extra.scope | d(base_url) }}",location)'
    assert theirs.replace(address, "new URL(document.currentScript.dataset.scope,location)") == ours


@pytest.mark.parametrize("name", ["__md_get", "__md_set"])
def test_first_script_defines_functions_that_site_js_uses(name: str) -> None:
    assert f"{name}=" in _scripts(THEIRS, "base")[0]
    assert f"{name}(" in (OURS / "assets" / "site.js").read_text(encoding="utf-8")


def test_theme_has_no_other_inline_scripts() -> None:
    """The policy would block other inline scripts. The remaining ones need settings that we do not offer:
    announcements, consent, versions and analytics.
    """
    with_scripts = {name for name in _templates(THEIRS) if "<script" in (THEIRS / name).read_text(encoding="utf-8")}
    ours = {f"partials/javascripts/{name}.html" for name in ("base", "content", "palette")}
    optional = {f"partials/javascripts/{name}.html" for name in ("announce", "consent", "outdated")}
    analytics = {"partials/integrations/analytics.html", "partials/integrations/analytics/google.html"}
    assert with_scripts == {"base.html", "redirect.html"} | ours | optional | analytics


def test_copied_header_is_unchanged() -> None:
    text = (THEIRS / "partials" / "header.html").read_bytes()
    assert sha256(text).hexdigest() == "8cf3fb15bcf969ff596649616fd99366b3c31c08d57a86d05308efc16d8fa75f"


def test_copied_navigation_is_unchanged() -> None:
    text = (THEIRS / "partials" / "nav.html").read_bytes()
    assert sha256(text).hexdigest() == "af33f6e032f632eb055c365eb5f1a975bf8456152fa768e69a1aad6d470b843f"


def test_only_header_includes_search() -> None:
    including = {name for name in _templates(THEIRS) if "partials/search.html" in (THEIRS / name).read_text("utf-8")}
    assert including == {"partials/header.html"}


def test_theme_does_not_escape_titles_and_descriptions() -> None:
    """Generated pages escape theirs. If the theme did too, readers would see character references."""
    for text in (
        'content="{{ page.meta.description }}"',
        "<title>{{ page.meta.title }} - {{ config.site_name }}</title>",
    ):
        assert text in BASE


def test_navigation_uses_only_watched_templates() -> None:
    """Pages outside the navigation share its rendering, unless a briefing replaces one of these templates. Icons do not
    change it, and only a page in the navigation has its contents list there.
    """
    assert 'include "partials/nav.html"' in BASE
    named: set[str] = set()
    left = ["partials/nav.html"]
    while left:
        name = left.pop()
        named.add(name)
        folder = OURS if (OURS / name).exists() else THEIRS
        text = (folder / name).read_text(encoding="utf-8")
        found = {*re.findall(r'(?:include|import) "(partials/[\w./-]+)"', text)} - {"partials/toc.html"}
        left += sorted(found - named)
    assert named == {*_NAVIGATION}


@pytest.mark.parametrize(
    ("texts", "is_shared"),
    [
        ({}, True),
        ({"nav.html": None, "logo.html": None, "header.html": "Another header"}, True),
        ({"nav.html": None, "logo.html": "Another logo"}, False),
        ({"nav-item.html": "Another entry"}, False),
    ],
)
def test_pages_share_the_navigation_unless_a_briefing_changes_it(
    tmp_path: Path, texts: dict[str, str | None], is_shared: bool
) -> None:
    """None stands for a copy of the packaged template, which a folder made from a checkout has."""
    assert not _changes_navigation(OURS)
    (tmp_path / "partials").mkdir()
    for name, text in texts.items():
        (tmp_path / "partials" / name).write_text(text or (OURS / "partials" / name).read_text("utf-8"), "utf-8")
    assert _changes_navigation(tmp_path) is not is_shared


def test_404_is_a_static_template() -> None:
    assert "404.html" in Theme(name="material").static_templates


def _style_texts() -> tuple[str, str]:
    ours = "\n".join(file.read_text(encoding="utf-8") for file in sorted((OURS / "assets").glob("[!l]*.[cj]s*")))
    styles = sorted((THEIRS / "assets" / "stylesheets").glob("*.css"))
    templates = [THEIRS / name for name in sorted(_templates(THEIRS))]
    bundles = sorted((THEIRS / "assets" / "javascripts").glob("bundle.*.js"))
    return ours, "\n".join(file.read_text(encoding="utf-8") for file in [*styles, *templates, *bundles])


@pytest.mark.parametrize("pattern", [r"\bmd-[a-z][\w-]*", r"--md-[a-z][\w-]*", r"\bdata-md-[a-z-]+"])
def test_styles_use_existing_theme_names(pattern: str) -> None:
    ours, theirs = _style_texts()
    named = set(re.findall(rf"(?<![\w-]){pattern}", ours))
    known = set(re.findall(rf"(?<![\w-]){pattern}", theirs))
    assert named
    assert named - known == set()
