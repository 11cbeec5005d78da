"""Contract tests for the undocumented behaviour of Jinja that we rely on."""

import jinja2
import pytest
from mkdocs.theme import Theme

from briefing.pages.jinja_compat import is_template, share_rendering, template_line


def environment(texts: dict[str, str]) -> jinja2.Environment:
    def load(name: str) -> tuple[str, str, None]:
        return texts[name], name, None

    return jinja2.Environment(loader=jinja2.FunctionLoader(load), autoescape=True)


def test_included_template_is_rendered_by_its_root_function() -> None:
    templates = environment({"page": "{% include 'nav' %}", "nav": "{{ count() }}"})
    numbers = iter(range(10))
    share_rendering(templates.get_template("nav"), lambda context: context.get("folder"))
    page = templates.get_template("page")

    def render(folder: str | None) -> str:
        return page.render(folder=folder, count=lambda: next(numbers))

    assert [render(folder) for folder in ("a", "a", None, "b", None, "a")] == ["0", "0", "1", "2", "3", "0"]


def test_theme_template_has_a_root_function() -> None:
    assert callable(Theme(name="material").get_env().get_template("partials/nav.html").root_render_func)


def fail() -> None:
    raise ValueError("a value that a function of ours refuses")


@pytest.mark.parametrize(
    ("texts", "place"),
    [
        ({"page.md.j2": "a\n{{ fail() }}"}, ("page.md.j2", 2)),
        ({"page.md.j2": "{% include 'part.md.j2' %}", "part.md.j2": "\n\n{{ fail() }}"}, ("part.md.j2", 3)),
        (
            {
                "page.md.j2": "{% from 'part.md.j2' import a %}\n{{ a() }}",
                "part.md.j2": "{% macro a() %}\n{{ fail() }}{% endmacro %}",
            },
            ("part.md.j2", 2),
        ),
    ],
)
def test_traceback_has_a_frame_for_each_template(texts: dict[str, str], place: tuple[str, int]) -> None:
    templates = environment(texts)
    templates.globals["fail"] = fail
    with pytest.raises(ValueError, match="refuses") as raised:
        templates.get_template("page.md.j2").render()
    assert template_line(raised.value) == place


def test_template_without_a_file_has_a_distinct_name() -> None:
    template = jinja2.Environment().from_string("{{ fail() }}")
    with pytest.raises(ValueError, match="refuses") as raised:
        template.render(fail=fail)
    assert template_line(raised.value) == ("<template>", 1)


def test_error_outside_templates_has_no_template_line() -> None:
    with pytest.raises(ValueError, match="refuses") as raised:
        fail()
    assert template_line(raised.value) is None
    assert not is_template("<frozen importlib._bootstrap>")
