"""What we rely on in the theme without its promise: each test holds one such text of Material for MkDocs.

The templates that go before the theme's own, and why, are in the table in docs/architecture.md. Where a release of the
theme changes such a text, the test of its name fails; look at the change, follow it, and give the test the new text.
"""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from mkdocs.theme import Theme
from support import ROOT

from briefing.building.site_builder import _NAVIGATION

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


def test_the_table_lists_each_template_that_goes_before_one_of_the_theme() -> None:
    assert sorted(OVERRIDDEN) == sorted(_templates(OURS) & _templates(THEIRS))


@pytest.mark.parametrize("block", ["site_meta", "styles", "scripts", "extrahead", "content"])
def test_the_base_has_the_blocks_that_our_pages_fill(block: str) -> None:
    assert f"{{% block {block} %}}" in BASE
    assert f"{{% block {block} %}}" in (OURS / "main.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("partial", ["header", "nav", "javascripts/base", "javascripts/content", "content", "language"])
def test_the_base_includes_these_partials(partial: str) -> None:
    """Those that we replace, and those whose place our blocks and styles count on."""
    assert f'"partials/{partial}.html"' in BASE


def test_each_script_at_the_end_of_a_page_begins_and_ends_as_main_html_expects() -> None:
    """It replaces these two texts, so that the theme's script starts only after the page has been painted."""
    (block,) = re.findall(r"\{% block scripts %\}(.*?)\{% endblock %\}", BASE, re.DOTALL)
    scripts = re.findall(r"<script.*>", block)
    assert scripts
    assert [text for text in scripts if not re.fullmatch(r"""<script src="[^"]+"></script>""", text)] == []
    assert "replace('<script src=\"'" in (OURS / "main.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["content", "palette"])
def test_inline_scripts_are_those_of_the_theme(name: str) -> None:
    """The policy names them by their hashes: another text would not run."""
    assert _scripts(OURS, name) == _scripts(THEIRS, name)


def test_the_first_inline_script_differs_in_where_its_scope_comes_from() -> None:
    """The theme writes the address into the script, which then has another hash on each page."""
    (ours,), (theirs,) = _scripts(OURS, "base"), _scripts(THEIRS, "base")
    address = 'new URL("{{ config.extra.scope | d(base_url) }}",location)'
    assert theirs.replace(address, "new URL(document.currentScript.dataset.scope,location)") == ours


@pytest.mark.parametrize("name", ["__md_get", "__md_set"])
def test_site_js_uses_functions_of_that_script(name: str) -> None:
    assert f"{name}=" in _scripts(THEIRS, "base")[0]
    assert f"{name}(" in (OURS / "assets" / "site.js").read_text(encoding="utf-8")


def test_the_theme_has_inline_scripts_only_where_they_are_known() -> None:
    """A page with one that the policy does not name would lose what it does. The others need settings of their own:
    announcements, consent, versions and analytics, which docs/architecture.md does not offer.
    """
    with_scripts = {name for name in _templates(THEIRS) if "<script" in (THEIRS / name).read_text(encoding="utf-8")}
    ours = {f"partials/javascripts/{name}.html" for name in ("base", "content", "palette")}
    optional = {f"partials/javascripts/{name}.html" for name in ("announce", "consent", "outdated")}
    analytics = {"partials/integrations/analytics.html", "partials/integrations/analytics/google.html"}
    assert with_scripts == {"base.html", "redirect.html"} | ours | optional | analytics


def test_the_header_that_ours_follows_is_unchanged() -> None:
    text = (THEIRS / "partials" / "header.html").read_bytes()
    assert sha256(text).hexdigest() == "8cf3fb15bcf969ff596649616fd99366b3c31c08d57a86d05308efc16d8fa75f"


def test_only_the_header_includes_the_search() -> None:
    including = {name for name in _templates(THEIRS) if "partials/search.html" in (THEIRS / name).read_text("utf-8")}
    assert including == {"partials/header.html"}


def test_the_theme_does_not_escape_titles_and_descriptions() -> None:
    """Pages made from facts escape theirs; if the theme did as well, readers would see the references."""
    for text in (
        'content="{{ page.meta.description }}"',
        "<title>{{ page.meta.title }} - {{ config.site_name }}</title>",
    ):
        assert text in BASE


def test_a_navigation_is_made_of_the_templates_that_are_watched() -> None:
    """Pages outside the navigation share it, unless a briefing has one of these templates of its own. Icons change
    nothing in what is shared, and a contents list in the navigation belongs to a page that is in it.
    """
    assert 'include "partials/nav.html"' in BASE
    named: set[str] = set()
    left = ["partials/nav.html"]
    while left:
        name = left.pop()
        named.add(name)
        text = (THEIRS / name).read_text(encoding="utf-8")
        found = {*re.findall(r'(?:include|import) "(partials/[\w./-]+)"', text)} - {"partials/toc.html"}
        left += sorted(found - named)
    assert named == {*_NAVIGATION}


def test_not_found_is_a_static_template_of_the_theme() -> None:
    assert "404.html" in Theme(name="material").static_templates


def _style_texts() -> tuple[str, str]:
    ours = "\n".join(file.read_text(encoding="utf-8") for file in sorted((OURS / "assets").glob("[!l]*.[cj]s*")))
    styles = sorted((THEIRS / "assets" / "stylesheets").glob("*.css"))
    templates = [THEIRS / name for name in sorted(_templates(THEIRS))]
    bundles = sorted((THEIRS / "assets" / "javascripts").glob("bundle.*.js"))
    return ours, "\n".join(file.read_text(encoding="utf-8") for file in [*styles, *templates, *bundles])


@pytest.mark.parametrize("pattern", [r"\bmd-[a-z][\w-]*", r"--md-[a-z][\w-]*", r"\bdata-md-[a-z-]+"])
def test_every_class_colour_and_attribute_that_our_styles_name_is_one_of_the_theme(pattern: str) -> None:
    ours, theirs = _style_texts()
    named = set(re.findall(rf"(?<![\w-]){pattern}", ours))
    known = set(re.findall(rf"(?<![\w-]){pattern}", theirs))
    assert named
    assert named - known == set()
