"""``briefing mark-published`` and facts/published.yml."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support import VASA, copy_briefing

from briefing.cli import main
from briefing.compile import Inputs, check
from briefing.model import routes
from briefing.model.parser import PUBLISHED
from briefing.project.reader import read_inputs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_briefing(VASA, tmp_path / "vasa")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def mark(folder: Path, today: str = "2026-11-28") -> str:
    done = run("mark-published", str(folder), "--today", today)
    assert done.exit_code == 0, done.output
    return done.output.partition(": ")[2].strip()


def test_first_run_sets_the_day_and_later_runs_keep_it(folder: Path) -> None:
    (folder / PUBLISHED).unlink()
    assert check(read_inputs(folder)).briefing.published is None
    assert mark(folder, "2026-11-28") == "written, 44 added"
    written = (folder / PUBLISHED).read_bytes()
    assert b"\nfirst: 2026-11-28\n" in written
    assert mark(folder, "2026-12-24") == "unchanged"
    assert (folder / PUBLISHED).read_bytes() == written


def test_list_is_sorted_and_has_every_address(folder: Path) -> None:
    briefing = check(read_inputs(folder)).briefing
    assert briefing.published
    assert briefing.head
    listed = [(record.kind, record.id, record.address) for record in briefing.published.records]
    assert listed == sorted(listed)
    pages = {path for path, span in routes.planned(briefing) if span} - set(
        map(routes.withheld, briefing.head.withheld)
    )
    of_pages = {routes.at(address) for _, _, address in listed if "#" not in address}
    assert of_pages == pages, "every page that a record causes"
    assert {id for _, id, _ in listed} == {record.id for record in (*briefing.records(), *briefing.topics)}


@pytest.mark.slow
def test_removed_and_renamed_ids_stay_on_the_list(folder: Path) -> None:
    assert run("rename", "deaths", "deaths-of-1628", "--dir", str(folder)).exit_code == 0
    topic = folder / "facts" / "topics" / "afterlife.yml"
    before = topic.read_text()
    removed = before[before.index("      - id: guns-recovered") : before.index("      - id: wreck-found")]
    topic.write_text(before.replace(removed, ""))
    sources = folder / "facts" / "sources.yml"
    sources.write_text(sources.read_text().replace("parts: 6", "parts: [6, 8]"))
    head = folder / "facts" / "briefing.yml"
    head.write_text(head.read_text().replace("moved:\n", "moved:\n  f/guns-recovered: afterlife\n"))
    assert mark(folder) == "written, 1 added"
    text = (folder / PUBLISHED).read_text()
    for fact_id in ("deaths", "deaths-of-1628", "guns-recovered"):
        assert f"  - {{kind: fact, id: {fact_id}, address: f/{fact_id}}}\n" in text
    assert mark(folder) == "unchanged"


def test_nothing_is_written_if_the_facts_have_errors(folder: Path) -> None:
    file = folder / PUBLISHED
    file.write_text("first: 2026-11\n")
    done = run("mark-published", str(folder))
    assert (done.exit_code, file.read_text()) == (1, "first: 2026-11\n")
    assert "bad-date" in done.output


@pytest.mark.slow
def test_where_does_not_list_the_list(folder: Path) -> None:
    assert PUBLISHED not in run("where", "stockholm", "--dir", str(folder)).output


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("records: []\n", 1, "missing-field"),
        ("first: 2026-11\n", 1, "bad-date"),
        ("first: soon\n", 1, "bad-date"),
        ("first: 2026-11-28\nlast: 2026-11-29\n", 2, "unknown-field"),
        ("- first: 2026-11-28\n", 1, "wrong-type"),
        ("first: 2026-11-28\nrecords:\n  - {kind: fact, id: a, address: facts#a}\n", 3, "bad-address"),
        ("first: 2026-11-28\nrecords:\n  - {kind: fakt, id: a, address: f/a}\n", 3, "unknown-value"),
        ("first: 2026-11-28\nrecords:\n  - {kind: fact, id: A, address: f/a}\n", 3, "bad-id"),
        ("first: 2026-11-28\nrecords:\n  - {kind: fact, id: a}\n", 3, "missing-field"),
        ("", 1, "empty-file"),
    ],
)
def test_wrong_list_is_a_problem(text: str, line: int, code: str, vasa: Inputs) -> None:
    problems = check(Inputs({**vasa.facts, PUBLISHED: text.encode()}, {})).problems
    assert [(problem.place.file, problem.place.line, problem.code) for problem in problems] == [(PUBLISHED, line, code)]
