"""A briefing's language and its own labels: a mistake in them is reported with what to write instead."""

from dataclasses import replace

import pytest

from briefing.compile import Inputs, check, compile

HEAD = "facts/briefing.yml"


def _with(vasa: Inputs, lines: str) -> Inputs:
    return replace(vasa, facts={**vasa.facts, HEAD: vasa.facts[HEAD] + lines.encode()})


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("language: xx\n", "choose one of: en"),
        ("messages:\n  Last reviewd: Checked\n", "did you mean 'Last reviewed'?"),
        ('messages:\n  "%(name)s copied": "%(what)s copied"\n', "has no placeholder %(what)s"),
    ],
)
def test_a_mistake_is_reported_at_its_line(lines: str, message: str, vasa: Inputs) -> None:
    (problem,) = check(_with(vasa, lines)).problems
    assert problem.code == "unknown-value"
    assert message in f"{problem.message} {problem.hint}"
    written = vasa.facts[HEAD].decode() + lines
    assert problem.place.line in (written.count("\n"), written.count("\n") - 1)


@pytest.mark.slow
def test_a_label_in_the_briefings_own_words_is_on_its_pages(vasa: Inputs) -> None:
    outcome = compile(_with(vasa, "messages:\n  Timeline: Chronology\n"))
    assert outcome.problems == ()
    assert {page.head["title"] for page in outcome.pages if page.path == "timeline.md"} == {"Chronology"}


@pytest.mark.slow
def test_the_language_changes_no_record(vasa: Inputs) -> None:
    """The content hash identifies what facts say, not the words around them."""
    english, other = compile(vasa), compile(_with(vasa, "language: ar-XB\n"))
    assert english.edition and other.edition
    assert english.edition.digest == other.edition.digest
