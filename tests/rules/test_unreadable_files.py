"""A file or record that cannot be read is one problem: what would need its content is not checked."""

import re
from dataclasses import replace

import pytest

from briefing.compile import Inputs, check
from briefing.problems import Problem

_LISTS = ("facts/actors.yml", "facts/places.yml", "facts/glossary.yml", "facts/sources.yml")


# What an editor may do to a whole file, by name, as the texts that are replaced once.
_FILES = {
    "syntax error": (": ", ': "'),
    "merge conflict": ("- id", "<<<<<<< HEAD\n- id"),
    "wrong encoding": ("- id", "# caf\udce9\n- id"),
    "no list": ("- id: ", "other: "),
}
# The same for the second record; the first two lines are its id and its name or title.
_RECORD = re.compile(r"(?s)(?P<before>\n- .*?\n)(?P<id>- id: \S+\n)(?P<name>  \w+: [^\n]+\n)")
_RECORDS = {
    "misspelt aliases": r"\g<before>\g<id>\g<name>  alias: [Someone]\n",
    "text": r"\g<before>- Someone\n\g<id>\g<name>",
    "no name": r"\g<before>\g<id>",
}


def _damaged(text: str, damage: str) -> bytes:
    if damage in _RECORDS:
        damaged = _RECORD.sub(_RECORDS[damage], f"\n{text}", count=1)
    else:
        damaged = text.replace(*_FILES[damage], 1)
    return damaged.encode(errors="surrogateescape")


def _problems(inputs: Inputs, file: str, damage: str) -> tuple[Problem, ...]:
    data = _damaged(inputs.facts[file].decode(), damage)
    return check(replace(inputs, facts={**inputs.facts, file: data})).problems


@pytest.mark.parametrize("damage", [*_FILES, *_RECORDS])
@pytest.mark.parametrize("file", _LISTS)
def test_unreadable_part_of_a_list_is_the_only_problem(vasa: Inputs, file: str, damage: str) -> None:
    problems = _problems(vasa, file, damage)
    assert [problem.place.file for problem in problems] == [file], problems


@pytest.mark.parametrize("damage", ["syntax error", "no name"])
@pytest.mark.parametrize("file", _LISTS)
def test_unreadable_part_of_a_long_list_is_the_only_problem(treaty: Inputs, file: str, damage: str) -> None:
    problems = _problems(treaty, file, damage)
    assert [problem.place.file for problem in problems] == [file], problems


@pytest.mark.parametrize(
    ("file", "field"),
    [
        ("facts/topics/loss.yml", "says: Water"),
        ("facts/topics/loss.yml", "note: The"),
        ("facts/topics/loss.yml", "id: gunports-open"),
        ("facts/actors.yml", "name: Sweden"),
        ("facts/briefing.yml", "question: Why"),
    ],
)
def test_text_over_the_limit_is_the_only_problem(vasa: Inputs, file: str, field: str) -> None:
    data = vasa.facts[file].replace(field.encode(), field.encode() + 30_000 * b" and")
    (problem,) = check(replace(vasa, facts={**vasa.facts, file: data})).problems
    assert (problem.code, problem.place.file) == ("too-large", file)


def test_wrong_value_of_an_actor_hides_no_wrong_citation(vasa: Inputs) -> None:
    facts = {
        **vasa.facts,
        "facts/actors.yml": vasa.facts["facts/actors.yml"].replace(b"kind: group", b"kind: group\n  country: swedne"),
        "facts/topics/loss.yml": vasa.facts["facts/topics/loss.yml"].replace(b"cite: account:3", b"cite: account:8"),
    }
    codes = [problem.code for problem in check(replace(vasa, facts=facts)).problems]
    assert codes == ["unknown-actor", "better-paragraph"]
