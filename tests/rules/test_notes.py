"""Notes are shown and never fail a check. Files, records and loopholes that earlier versions passed over in silence."""

from dataclasses import replace
from pathlib import Path

import pytest
from support import TODAY, VASA, copy_briefing, run_briefing

from briefing.compile import Inputs, check
from briefing.problems import Severity
from briefing.project.reader import read_inputs

LOSS = "facts/topics/loss.yml"
MUSEUM = "        cite: museum\n"


def _codes(inputs: Inputs, file: str, old: str, new: str) -> set[str]:
    text = inputs.facts[file].decode()
    assert old in text
    changed = {**inputs.facts, file: text.replace(old, new, 1).encode()}
    return {problem.code for problem in check(replace(inputs, facts=changed)).problems}


def test_a_note_fails_no_check(tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    (folder / "facts" / "notes.txt").write_text("A list of things to do.\n")
    for form in ("text", "json", "github"):
        done = run_briefing("check", "--strict", "--today", TODAY, "--format", form, str(folder))
        assert done.returncode == 0, done.stdout
        assert "ignored-file" in done.stdout
    assert "::notice title=ignored-file" in done.stdout or "note" in done.stdout


def test_topics_outside_facts_are_one_problem_each() -> None:
    inputs = read_inputs(VASA, TODAY)
    for folder in ("topics", "facts/Topics", "facts/topic"):
        moved = {LOSS: f"{folder}/loss.yml", "facts/topics/afterlife.yml": f"{folder}/afterlife.yml"}
        facts = {moved.get(file, file): data for file, data in inputs.facts.items()}
        read = {file: data for file, data in facts.items() if file.startswith("facts/")}
        problems = check(replace(inputs, facts=read, ignored=frozenset(facts.keys() - read.keys()))).problems
        assert [(p.code, p.place.file) for p in problems] == [("unknown-file", file) for file in sorted(moved.values())]
        assert all(f"'{file}'" in p.hint for p, file in zip(problems, sorted(moved), strict=True))


@pytest.mark.parametrize("name", ["loss-copy", "loss2", "copy-of-loss"])
def test_a_copy_of_a_topic_is_one_problem(name: str) -> None:
    inputs = read_inputs(VASA, TODAY)
    copy = f"facts/topics/{name}.yml"
    (problem,) = check(replace(inputs, facts={**inputs.facts, copy: inputs.facts[LOSS]})).problems
    assert (problem.code, problem.place.file) == ("duplicate-id", copy)
    assert problem.hint.startswith("delete this file if it is a copy")


@pytest.mark.parametrize("cited", ["A short account of the Vasa", "account:p.7"])
def test_citation_without_a_paragraph_gets_the_best_one(cited: str) -> None:
    inputs = read_inputs(VASA, TODAY)
    text = inputs.facts[LOSS].decode().replace("cite: account:3", f"cite: {cited}", 1)
    (problem,) = check(replace(inputs, facts={**inputs.facts, LOSS: text.encode()})).problems
    assert (problem.code, problem.fix, problem.is_safe) == ("bad-citation", "account:3", False)


@pytest.mark.parametrize("path", ["facts/notes.txt", "facts/topics/loss.yml.bak", "topics/loss.yml"])
def test_a_file_that_is_not_read_is_named(path: str, tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text("title: Loss\n")
    (problem,) = check(read_inputs(folder, TODAY)).problems
    assert (problem.code, problem.place.file, problem.severity) == ("ignored-file", path, Severity.NOTE)


def test_capitals_in_the_extension_are_an_unknown_file(tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    (folder / "facts" / "topics" / "more.YML").write_text("title: More\n")
    assert "unknown-file" in {problem.code for problem in check(read_inputs(folder, TODAY)).problems}


def test_a_published_record_that_is_gone_is_an_error_without_git(vasa: Inputs) -> None:
    listed, line = "facts/published.yml", "id: deaths, address: f/deaths}"
    gone = line.replace("deaths", "number-of-deaths")
    assert _codes(vasa, listed, line, gone) == {"missing-published"}
    moved = "moved:\n  f/number-of-deaths: f/deaths\n"
    head = "facts/briefing.yml"
    inputs = replace(vasa, facts={**vasa.facts, head: vasa.facts[head] + moved.encode()})
    assert _codes(inputs, listed, line, gone) == set()


def test_a_published_fact_that_is_gone_is_an_error_whatever_else_is_reported(vasa: Inputs) -> None:
    text = vasa.facts[LOSS].decode()
    start = text.index("      - id: hocker-nobody-could")
    fact = text[start : text.index("map: [")]
    assert _codes(vasa, LOSS, fact, "") == {"missing-published", "unused-question", "unused-actor"}


def test_an_unpinned_source_excuses_only_what_is_listed(vasa: Inputs) -> None:
    old = "says: Water came in through the open gunports.\n"
    said = "says: Water came in through the 64 open gunports.\n"
    cite = "        about: [gunport]\n        when: 1628-08-10\n        cite: account:4\n"
    both = cite.replace("account:4", "[account:4, museum]")
    assert "not-in-source" in _codes(vasa, LOSS, f"{old}{cite}", f"{said}{both}")
    listed = f"{both}        from_unpinned: ['64']\n"
    assert _codes(vasa, LOSS, f"{old}{cite}", f"{said}{listed}") == set()
    unused = f"{both}        from_unpinned: ['65']\n"
    assert _codes(vasa, LOSS, f"{old}{cite}", f"{old}{unused}") == {"unused-allowance"}


def test_a_closer_paragraph_is_a_note(vasa: Inputs) -> None:
    old = "says: An inquiry questioned Söfring Hansson and found nobody guilty."
    vague = "says: A heavy gun deck with guns made the ship of the king sink, Söfring Hansson was told."
    assert "closer-paragraph" in _codes(vasa, LOSS, old, vague)


def test_the_bottom_line_denies_only_what_a_supporting_fact_denies(vasa: Inputs) -> None:
    says = "says: The Vasa sank on 10 August 1628 on its first voyage, when"
    assert _codes(vasa, LOSS, says, says.replace("sank", "did not sink")) == {"unsupported"}
    assert _codes(vasa, LOSS, says, says.replace("when", "for reasons that are not known, when")) == set()
    assert _codes(vasa, LOSS, says, says.replace("on 10", "on Monday, 10")) == {"unsupported"}
