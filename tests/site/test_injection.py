"""Text in facts cannot break out of its place on a page, in a download, on a terminal or in a browser.

``scripts/injection`` tries every payload in every field. Here each payload is used once on every kind of page and file.
"""

import os
import sys
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from injection import (
    FILED,
    PAGES,
    PAYLOADS,
    Attack,
    attacked,
    broken_out,
    executed,
    harmless,
    kinds,
    lost,
    missing,
    outputs,
    prose,
    skeletons,
)
from playwright.sync_api import Browser
from scripted import git
from support import TODAY, VASA, copy_briefing, run_briefing, served

from briefing import problems
from briefing.compile import Inputs, check
from briefing.model import parser, routes
from briefing.model.records import Source
from briefing.model.validation import field_fault
from briefing.project.reader import UnreadableFile, read_inputs
from briefing.reporting.problems import (
    MOST_SHOWN,
    format_problem,
    format_problem_line,
    github_annotation,
    limit_problems,
    problems_json,
)
from briefing.text.characters import UNSEEN
from briefing.text.yaml_reader import MOST_BYTES, load_yaml

pytestmark = pytest.mark.process

# Files that contain only some fields, with the fields that they contain in full.
HELD_FIELDS = {
    routes.FACTS_JSONLD: [("Fact", "says"), ("Source", "title"), ("Actor", "name"), ("BriefingHead", "title")],
    routes.EVENTS: [("Source", "publisher")],
    routes.SOURCES_BIBTEX: [("Source", "title"), ("Source", "author"), ("Source", "publisher"), ("Source", "note")],
    routes.SEARCH: [("Term", "explains"), ("Place", "name"), ("Source", "note"), ("Topic", "asks")],
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Attack, Path]:
    """The payloads, and the site of the small briefing with them as its texts."""
    return attacked(tmp_path_factory.mktemp("injection") / "vasa")


def test_every_prose_field_gets_every_payload(built: tuple[Attack, Path]) -> None:
    attack, _ = built
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 150
    assert attack.unfilled == []
    assert sum(len(prose(kind)) for kind in kinds()) >= 45
    texts = "\n".join(text for texts in attack.texts.values() for text in texts)
    assert missing((" ".join(payload.split()) for payload in PAYLOADS), [texts]) == []


# The words around a quotation are in the address of its place in the source.
NOT_SHOWN = FILED | {("Allowed", "text"), ("Allowed", "because"), ("BriefingHead", "synonyms")}
NOT_SHOWN |= {("Citation", "prefix"), ("Citation", "suffix")}


def test_pages_show_payloads_as_text(built: tuple[Attack, Path]) -> None:
    attack, site = built
    shown = [page.text for page in skeletons(site).values()]
    for field, texts in attack.texts.items():
        if field not in NOT_SHOWN:
            assert missing(texts[:1], shown) == [], field


def test_downloads_contain_payloads_unchanged(built: tuple[Attack, Path]) -> None:
    attack, site = built
    assert lost(attack, site) == []
    found = outputs(site)
    for path, fields in HELD_FIELDS.items():
        for field in fields:
            assert missing(attack.texts[field], found[path]) == [], (path, field)


def test_no_payload_adds_elements(built: tuple[Attack, Path], tmp_path: Path) -> None:
    attack, site = built
    assert broken_out(skeletons(site), skeletons(harmless(tmp_path / "vasa", attack.start))) == []


def test_no_payload_runs(built: tuple[Attack, Path], browser: Browser) -> None:
    with served({"site": built[1]}) as addresses:
        assert executed(browser, addresses["site"], PAGES) == []


def test_payloads_are_not_valid_ids_or_urls() -> None:
    for payload in PAYLOADS:
        assert field_fault(Source, "id", payload)
        assert field_fault(Source, "url", payload) or payload.startswith("https://evil.example/")
    for id in ("..", "a/b", "..%2fa", "CON", "con", "nul", "lpt1", "a" * 101, "á", "a\u202eb", "a\n", "-a", ""):
        assert field_fault(Source, "id", id), id
    for url in ("https://x.example/\u202e", "https://x.example/\x1b[0m", "http://x.example/\u200b", "HTTPS:x"):
        assert field_fault(Source, "url", url), url


# ---- terminals


ESCAPES = [
    r"\e]0;title\a",
    r"\e[31mred",
    r"\x9b31m",
    r"two\nlines",
    r"\r\n::error::not so",
    r"\u202eturned",
    r"\0",
    r"\x08",
]


@pytest.mark.parametrize("escape", ESCAPES)
def test_reports_contain_no_terminal_or_workflow_commands(escape: str, vasa: Inputs) -> None:
    """This includes problems that quote a value, which may contain YAML escapes."""
    file = "facts/glossary.yml"
    record = f'- id: "{escape}"\n  name: "{escape}"\n  kind: "{escape}"\n  "{escape}": x\n  cite: "{escape}"\n'
    found = check(Inputs({**vasa.facts, file: record.encode()}, {})).problems
    assert len(found) >= 4
    for problem in found:
        text = format_problem(problem, record if problem.place.file == file else None)
        one = [format_problem_line(problem), github_annotation(problem)]
        for line in [*text.split("\n"), *one]:
            assert line.isprintable(), ascii(line)
            assert not line.startswith("::") or line in one
        assert one[1].count("::") - one[0].count("::") == 2


# ---- limits, measured in steps rather than time


def test_oversized_input_is_one_problem_with_position() -> None:
    for data, line in (
        (b"- " * 1_900_000 + b"x", 1),
        (b"[" * 1_000_000, 1),
        (b"{a: " * 900_000, 1),
        (b"? " * 1_900_000, 1),
        (b"a: b\n" + b"c: " + b"[" * 60, 2),
        (b"x" * (MOST_BYTES + 1), 1),
        (b"- x\n" * 200_001, 1),
        (b"a: b\nc: " + b"x" * 100_001, 2),
    ):
        _, problems = load_yaml("x.yml", data)
        assert [(problem.code, problem.place.line) for problem in problems] == [("too-large", line)]


def _count_calls_to_read_aliases(length: int) -> int:
    """Return how many Python functions are called to read a chain of lines that each use the line before twice."""
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, length)]
    data = "\n".join(lines).encode()
    calls = 0

    def count_call(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    profiler = sys.getprofile()
    sys.setprofile(count_call)
    try:
        node, problems = load_yaml("x.yml", data)
    finally:
        sys.setprofile(profiler)
    assert node is None
    assert {problem.code for problem in problems} == {"yaml-alias"}
    return calls


def test_yaml_alias_bomb_is_read_in_linear_time() -> None:
    _count_calls_to_read_aliases(1)  # fills the caches of the modules it uses
    assert _count_calls_to_read_aliases(20) < 3 * _count_calls_to_read_aliases(10)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a: !!python/object/apply:os.system [id]\n", "yaml-tag"),
        (b"a: &x 1\n", "yaml-alias"),
        (b"a: b\0c\n", "yaml-syntax"),
        (b"a: b\x1bc\n", "yaml-syntax"),
        (b"a: \xff\n", "encoding"),
        ("a: b\n".encode("utf-16"), "encoding"),
        ("a: b\n".encode("utf-16-le"), "encoding"),
        (b"a:\n\tb: c\n", "yaml-syntax"),
    ],
)
def test_hostile_bytes_are_one_problem_with_position(data: bytes, code: str) -> None:
    _, problems = load_yaml("x.yml", data)
    assert [problem.code for problem in problems] == [code]


def test_byte_order_mark_and_crlf_are_accepted() -> None:
    for data in (b"\xef\xbb\xbfa: b\nc: d\n", b"a: b\r\nc: d\r\n"):
        node, problems = load_yaml("x.yml", data)
        assert problems == []
        assert node is not None
        assert node.span.line == 1


def test_joiners_needed_by_scripts_are_not_hidden_characters() -> None:
    for text in ("نمی‌خواهم", "שלום", "مرحبا", "क्‍ष", "👩‍🚀", "Ünïcode", "海"):
        assert load_yaml("x.yml", f"a: {text}\n".encode())[1] == []
    for sign in "\u00ad\u200b\u200e\u202a\u202e\u2060\u2066\u2069\U000e0041\u200d\u200c\ufe01":
        (problem,) = load_yaml("x.yml", f"a: Te{sign}st # x\n".encode())[1]
        # A fix includes the letter before the sign.
        assert (problem.code, problem.severity) == ("hidden-character", "warning")
        assert (problem.place.line, problem.place.end_column) == (1, 7)
        assert f"U+{ord(sign):04X}" in format_problem_line(problem)
        (problem,) = load_yaml("x.yml", f"a: Test # {sign}\n".encode())[1]
        assert problem.code == "hidden-character", "comments are checked too"


def test_total_size_of_facts_is_limited(vasa: Inputs, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = {**vasa.facts, "facts/topics/x1.yml": b"#" * 1000, "facts/topics/x2.yml": b"#"}
    monkeypatch.setattr(parser, "MOST_BYTES_IN_ALL", sum(map(len, facts.values())) - 1)
    found = check(Inputs(facts, {})).problems
    assert [p.place.file for p in found if p.code == "too-large"] == ["facts/topics/x2.yml"]


# ---- ten thousand problems


def test_ten_thousand_problems_are_summarised(vasa: Inputs) -> None:
    file = "facts/topics/loss.yml"
    fact = "      - {id: fact-%d, says: X, cite: nobody-%d:1, refines: fakt-%d}\n"
    facts = "".join(fact % (number, number, number) for number in range(5_000))  # each has two
    text = f"title: The loss\nasks: Why?\nsections:\n  - title: One\n    facts:\n{facts}"
    outcome = check(Inputs({**vasa.facts, file: text.encode()}, {}))
    many = outcome.problems
    assert len(many) >= 10_000
    first, others = limit_problems(many)
    assert len(first) == MOST_SHOWN
    assert first == sorted(first)
    assert others.startswith(f"{len(many) - MOST_SHOWN:,} more problems")
    assert problems_json(outcome.briefing, many).count('"severity"') == len(many)
    # The number of comparisons between ids and the number of times a file is split into lines are limited.
    assert 0 < sum(bool(problem.expected) for problem in many) < 100
    assert limit_problems(many[:MOST_SHOWN]) == (list(many[:MOST_SHOWN]), "")


_FACT = "title: The loss\nasks: Why?\nsections:\n  - title: One\n    facts:\n      - id: order\n"
# A name that is misspelt in thousands of ways, as the field of a record, in a list of names and as a value.
_MISSPELT = {
    "fields": ("facts/topics/loss.yml", _FACT, "        answrs{}: X\n"),
    "ids": ("facts/topics/loss.yml", f"{_FACT}        about:\n", "        - Vasa Museem {}\n"),
    "values": ("facts/actors.yml", "", "- id: actor-{0}\n  name: Actor\n  kind: persn{0}\n"),
    "records": ("facts/actors.yml", "", "- id: actor-{0}\n  name: Actor\n  kind: person\n  alises{0}: X\n"),
}


@pytest.mark.parametrize("case", _MISSPELT)
def test_only_the_first_thousands_of_misspelt_names_are_compared(
    case: str, vasa: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each comparison takes long, so their number is limited."""
    compared = 0

    def count_comparisons(word: str, known: Collection[str], **options: Any) -> list[str]:
        nonlocal compared
        compared += len(known)
        return get_close_matches(word, known, **options)

    monkeypatch.setattr(problems, "get_close_matches", count_comparisons)
    file, start, line = _MISSPELT[case]
    data = start + "".join(line.format(number) for number in range(6_000))
    facts = {**vasa.facts, file: data.encode()}
    found = [problem for problem in check(Inputs(facts, {})).problems if problem.place.file == file]
    # One limit for each set of names: the fields of a record, those it lacks, the ids, their spellings.
    assert 1_000 < compared < 4 * 100_000
    # The wrong ids of one list are one problem, without a suggestion unless all of them have one.
    hints = [problem.hint for problem in found if problem.code in ("unknown-field", "unknown-value")]
    # Of a file, only the first 500 problems are reported, two of which are that fields are missing.
    assert len(hints) == {"ids": 0, "fields": 498}.get(case, 500)
    assert all("did you mean" in hint for hint in hints)


# ---- files


def _refused(folder: Path) -> str:
    with pytest.raises(UnreadableFile) as raised:
        read_inputs(folder, TODAY)
    assert raised.value.problem.code == "unreadable-file"
    return raised.value.problem.place.file


@pytest.mark.parametrize("within", ["facts", "facts/topics", "docs", "docs/assets", "templates"])
def test_link_out_of_the_folder_is_rejected(within: str, tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "x.yml").write_text("secret")
    (folder / within).mkdir(exist_ok=True)
    link = folder / within / "x.yml"
    for to in (tmp_path / "secret" / "x.yml", tmp_path / "secret", tmp_path / "nothing"):
        link.symlink_to(to)
        assert _refused(folder) == f"{within}/x.yml"
        link.unlink()


def test_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    sources = folder / "facts" / "sources.yml"
    sources.rename(folder / "shared.yml")
    sources.symlink_to(folder / "shared.yml")
    assert read_inputs(folder, TODAY).facts == read_inputs(VASA, TODAY).facts


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files on this system")
@pytest.mark.parametrize("path", ["facts/sources.yml", "facts/topics/x.yml", "docs/x.md", "docs/x.png"])
def test_pipe_is_rejected_without_blocking(path: str, tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    (folder / path).unlink(missing_ok=True)
    os.mkfifo(folder / path)
    assert _refused(folder) == path


@pytest.mark.parametrize("name", ["a\x1b[31m.yml", "a\nb.yml", b"a\xff.yml", "a\x85.yml"])
def test_unprintable_file_name_is_rejected(name: str | bytes, tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    (folder / "facts" / os.fsdecode(name)).write_text("x")
    file = _refused(folder)
    assert file.startswith("facts/a")
    file.encode()


@pytest.mark.parametrize("name", ["CON", "aux", "..%2fx", "a b", "A", "x" * 120])
def test_invalid_topic_name_is_one_problem(name: str, vasa: Inputs) -> None:
    file = f"facts/topics/{name}.yml"
    found = check(Inputs({**vasa.facts, file: vasa.facts["facts/topics/loss.yml"]}, {})).problems
    assert "bad-id" in {problem.code for problem in found if problem.place.file == file}


@pytest.mark.parametrize("file", ["facts/topics/sub/loss.yml", "facts/topics/x.yml/y.yml"])
def test_file_in_a_subfolder_is_the_only_problem(file: str, vasa: Inputs) -> None:
    (problem,) = check(Inputs({**vasa.facts, file: vasa.facts["facts/topics/loss.yml"]}, vasa.templates)).problems
    assert (problem.code, problem.place.file) == ("unknown-file", file)
    assert "glossary" not in problem.hint


def test_names_that_differ_only_in_case_conflict(vasa: Inputs) -> None:
    inputs = Inputs(vasa.facts, {}, assets=frozenset({"Loss.md", "assets/A.png", "assets/a.png", "F/sinking.md"}))
    found = [problem for problem in check(inputs).problems if problem.code == "page-path-conflict"]
    assert len(found) == 3


@pytest.mark.parametrize(
    "address", ["../x", "f/../../x", "/etc/passwd", "f/%2e%2e", "f/A", "f/" + "x" * 120, "f/x#y#z"]
)
def test_redirect_from_an_address_outside_the_site_is_rejected(address: str, vasa: Inputs) -> None:
    file = "facts/briefing.yml"
    facts = {**vasa.facts, file: vasa.facts[file] + f'moved:\n  "{address}": f/sinking\n'.encode()}
    assert [problem.code for problem in check(Inputs(facts, {})).problems][:1] == ["bad-address"]


def test_control_characters_are_escaped_in_output(tmp_path: Path) -> None:
    """This covers facts printed by ``diff`` and ``show``."""
    folder = copy_briefing(VASA, tmp_path / "vasa")
    for what in (["init", "-q"], ["add", "facts"], ["commit", "-q", "-m", "facts"]):
        git(folder, *what)
    file = folder / "facts" / "topics" / "loss.yml"
    file.write_text(file.read_text().replace("About 30 people", "About 30 \u202epeople\u200b"))
    said = [run_briefing(*line, "--dir", str(folder)).stdout for line in (["diff", "HEAD"], ["show", "deaths"])]
    said.append(run_briefing("show", "a\u202e\x1b]0;x\x07", "--dir", str(folder)).stderr)
    assert all("U+202E" in text for text in said)
    assert not any(UNSEEN.search(text) for text in said)
