"""Pages: fact text is shown unchanged, only templates create markup, and rendering is reproducible."""

import re
from builtins import compile as compile_code
from collections.abc import Callable
from html.parser import HTMLParser
from typing import NoReturn

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT, VASA, OutcomeOf

from briefing.compile import Inputs, Outcome, compile, draft
from briefing.model import routes
from briefing.pages.templates import Renderer, escape

EXTENSIONS = ["admonition", "attr_list", "md_in_html", "pymdownx.details", "tables", "toc"]
GOLDEN = VASA / "golden"


@pytest.fixture(scope="module")
def made(compiled: OutcomeOf) -> Outcome:
    return compiled("vasa")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


lines = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), min_size=1).map(
    lambda text: " ".join(text.split())
)


@pytest.mark.slow
@given(lines.filter(bool))
def test_text_is_shown_unchanged_in_a_paragraph(text: str) -> None:
    read = _Text()
    read.feed(markdown.markdown(str(escape(text)), extensions=EXTENSIONS))
    assert read.tags == ["p"]
    assert read.text == text


@pytest.mark.slow
@given(lines.filter(bool))
def test_text_is_shown_unchanged_in_a_list_and_a_table(text: str) -> None:
    read = _Text()
    read.feed(
        markdown.markdown(f"- {escape(text)}\n\n|  |  |\n|---|---|\n| a | {escape(text)} |\n", extensions=EXTENSIONS)
    )
    assert [tag for tag in read.tags if tag in ("li", "td")] == ["li", "td", "td"]
    assert set(read.tags) <= {"ul", "li", "p", "table", "thead", "tbody", "tr", "th", "td"}
    assert read.text.count(text) >= 2


@pytest.mark.parametrize(
    "text",
    [
        "# no heading",
        "- no item",
        "1. no item",
        "> no quote",
        "| a | b |",
        "*no* _emphasis_ `code`",
        "[a](b)",
        "![a](b)",
        "<script>alert(1)</script>",
        "{{ 7 * 7 }} {% x %}",
        "{ .class }",
        "&amp; &lt;",
        "a\\*b",
        ":::x",
        "!!! note",
        "??? x",
        "    four spaces",
        "--- ===",
        "~~~",
        "[^1] *[HTML]: x",
        "http://example.com <http://example.com>",
        "==x== ^^y^^",
    ],
)
def test_markup_in_a_fact_is_shown_as_text(text: str) -> None:
    read = _Text()
    read.feed(markdown.markdown(str(escape(text.strip())), extensions=EXTENSIONS))
    assert (read.tags, read.text) == (["p"], text.strip())


def test_golden_pages(made: Outcome, request: pytest.FixtureRequest) -> None:
    """Every page of the Vasa briefing, as text."""
    pages = {page.path: page.text for page in made.pages}
    if request.config.getoption("--update-golden"):
        for path, text in pages.items():
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_text(text, encoding="utf-8")
    golden = {f.relative_to(GOLDEN).as_posix(): f.read_text(encoding="utf-8") for f in GOLDEN.rglob("*.md")}
    assert pages == golden


@pytest.mark.slow
def test_rendering_is_reproducible(vasa: Inputs, made: Outcome) -> None:
    assert compile(vasa).pages == made.pages


@pytest.mark.slow
def test_order_of_files_does_not_matter(vasa: Inputs, made: Outcome) -> None:
    turned = Inputs(dict(reversed(list(vasa.facts.items()))), vasa.templates, vasa.markdown_pages)
    assert compile(turned).pages == made.pages


@pytest.mark.parametrize("name", ["treaty", "vasa"])
def test_planned_pages_are_rendered(name: str, compiled: OutcomeOf) -> None:
    outcome = compiled(name)
    assert outcome.problems == ()
    assert sorted(page.path for page in outcome.pages) == sorted(path for path, _ in routes.planned(outcome.briefing))


@pytest.mark.parametrize("name", ["treaty", "vasa"])
def test_every_current_fact_is_on_its_topic_page_with_links(name: str, compiled: OutcomeOf) -> None:
    outcome = compiled(name)
    pages = {page.path: page for page in outcome.pages}
    briefing = outcome.briefing
    for fact in briefing.facts:
        topic = pages[routes.topic(briefing.topic_of[fact.id])]
        assert (escape(fact.says) in topic.text) == briefing.is_current(fact)
        assert (f"({routes.fact(fact)})" in topic.text) == briefing.is_current(fact)
        place = fact.at()
        assert pages[routes.fact(fact)].edit_path == f"{place.file}#L{place.line}"


@pytest.mark.slow
def test_template_error_is_a_problem_at_its_line(vasa: Inputs) -> None:
    def faults(text: str) -> list[tuple[str, str, int]]:
        outcome = compile(Inputs(vasa.facts, {**vasa.templates, "views.md.j2": text}))
        assert outcome.pages == ()
        return [(p.code, p.place.file, p.place.line) for p in outcome.problems]

    assert faults("a\n{{ speekers }}\n") == [("template-error", "templates/views.md.j2", 2)]
    assert faults("a\n\n{% for x in %}\n") == [("template-error", "templates/views.md.j2", 3)]
    assert faults("a\n{{ speakers + 1 }}\n") == [("template-error", "templates/views.md.j2", 2)]
    assert faults("{% include 'views.md.j2' %}\n")[0][0] == "template-error"
    assert faults("\n{% include 'gone.md.j2' %}\n")[0][0] == "template-error"
    assert faults("{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}\n")[0][0] == "template-error"
    assert faults("a\n{% raw %}{{ left }}{% endraw %}\n") == [("template-leftover", "templates/views.md.j2", 1)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "expression",
    [
        "1 // 0",
        "5 | length",
        "link()",
        "link(5)",
        "url(speakers)",
        "5 | href",
        "nowhere | href",
        "link(nowhere)",
        "site.fact(nowhere)",
        "site.fact()",
    ],
)
def test_error_in_a_template_expression_is_a_template_error(expression: str, vasa: Inputs) -> None:
    templates = {**vasa.templates, "views.md.j2": f"a\n{{{{ {expression} }}}}\n"}
    found = [(p.code, p.place.file, p.place.line) for p in compile(Inputs(vasa.facts, templates)).problems]
    assert found == [("template-error", "templates/views.md.j2", 2)]


class OurBug(Exception):
    """An exception that our code never raises intentionally."""


def _broken(*_: object, **__: object) -> NoReturn:
    raise OurBug


@pytest.mark.slow
def test_bug_in_a_view_is_not_a_template_error(vasa: Inputs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("briefing.pages.page_specs.fact_page", _broken)
    with pytest.raises(OurBug):
        compile(vasa)
    outcome = draft(vasa)
    assert outcome.draft
    path = routes.fact(outcome.briefing.facts[0])
    with pytest.raises(OurBug):
        outcome.draft.plan.gathered(path)
    with pytest.raises(OurBug):
        Renderer(vasa.templates).changed(outcome.briefing, outcome.briefing)


@pytest.mark.parametrize(
    ("called", "expression"),
    [
        ("pages.templates.escape", "'text'"),
        ("model.routes.is_fact", "link('a.md')"),
        ("pages.templates.quote", "'text' | href"),
    ],
)
def test_bug_in_a_function_called_by_a_template_is_not_a_template_error(
    called: str, expression: str, vasa: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"briefing.{called}", _broken)
    templates = {**vasa.templates, "index.md.j2": f"{{{{ {expression} }}}}\n"}
    with pytest.raises(OurBug):
        compile(Inputs(vasa.facts, templates))


def test_infinite_recursion_in_our_code_is_not_a_template_error(vasa: Inputs, monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, Callable[[str], bool]] = {}
    exec(compile_code("def is_fact(path): return is_fact(path)", routes.__file__, "exec"), names)
    monkeypatch.setattr("briefing.model.routes.is_fact", names["is_fact"])
    with pytest.raises(RecursionError):
        compile(vasa)


@pytest.mark.site
def test_code_and_templates_are_independent_of_the_subject(checked: OutcomeOf) -> None:
    """Neither contains a name from the treaty briefing."""
    briefing = checked("treaty").briefing
    names = {name for entity in briefing.entities for name in (entity.name, *entity.aliases)}
    names |= {word for entity in briefing.actors for word in entity.metonyms}
    # General words that are not specific to the subject of this briefing.
    names = {name for name in names if len(name) > 3 and name[0].isupper()}
    pattern = re.compile(rf"\b({'|'.join(sorted(map(re.escape, names)))})\b")
    for folder in ("briefing", "templates"):
        for file in (ROOT / folder).rglob("*.*"):
            if file.suffix in (".py", ".j2", ".html"):
                assert not pattern.search(file.read_text(encoding="utf-8")), file


def test_long_lists_are_cut_with_a_notice(vasa: Inputs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("briefing.views.speakers.SIDE_BY_SIDE", 1)
    monkeypatch.setattr("briefing.views.entities.LISTED", 1)
    pages = {page.path: page.body for page in compile(vasa).pages}
    views = pages["views.md"]
    (table,) = re.findall(r"<tbody>(.*?)</tbody>", views, re.DOTALL)
    assert table.count("<tr>") == 1
    assert "Only the speaker with the most answers is shown" in views
    assert len(re.findall(r"^### ", views, re.MULTILINE)) > 1, "the questions list the other speakers' statements"
    assert re.search(r'\?\?\? facts "\d+ facts; the first 1 shown"', pages["places.md"])
