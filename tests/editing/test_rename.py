"""Moving about in the facts: showing and finding records, renaming them, adding one; nothing else is touched."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT, TODAY, VASA, Compiled, copy_briefing, run_briefing

from briefing.cli import main
from briefing.compile import Inputs, Outcome, check, compile
from briefing.editing.references import RECORD_FIELDS, TOPIC_FIELDS, choices
from briefing.editing.text_edits import Edit, add_fact, fact_lines, rename, suggest_id
from briefing.model import records
from briefing.model.fields import SLUG
from briefing.pages.templates import Page
from briefing.project.reader import read_editable, with_edit
from briefing.text.edtf import parse_edtf
from briefing.text.nodes import plain
from briefing.text.yaml_reader import load_yaml


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small briefing that may be changed."""
    return copy_briefing(VASA, tmp_path / "vasa")


def run(folder: Path, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, [*arguments, "--dir", str(folder)], input=typed)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def edited(folder: Path, word: str, new: str) -> Inputs:
    """The briefing in ``folder`` with a record renamed, in memory, read as of the day of the other tests."""
    briefing = check(with_edit(folder, EMPTY)).briefing
    (choice,) = choices(briefing, word)
    inputs = with_edit(folder, rename(read_editable(folder), briefing, choice.record, new))
    return replace(inputs, today=parse_edtf(TODAY))


EMPTY = Edit({})


# --- rename


@pytest.fixture(scope="module")
def treaty_made(compiled: Compiled) -> Outcome:
    return compiled("treaty")


NEW = "qzxj"  # as long as the actor's own id, so that files stay as large; and in no word


@pytest.fixture(scope="module")
def busiest(treaty_made: Outcome) -> str:
    """The treaty's most-used actor."""
    actors = {actor.id for actor in treaty_made.briefing.actors}
    return Counter(id for fact in treaty_made.briefing.facts for id in fact.about if id in actors).most_common(1)[0][0]


@pytest.fixture(scope="module")
def renamed(busiest: str) -> Inputs:
    return edited(ROOT, busiest, NEW)


def test_renaming_the_busiest_actor_touches_only_lines_that_name_it(
    treaty: Inputs, renamed: Inputs, busiest: str
) -> None:
    assert len(NEW) == len(busiest)
    lines = 0
    for file, data in treaty.facts.items():
        before, after = data.decode().splitlines(), renamed.facts[file].decode().splitlines()
        if file == "facts/briefing.yml":
            assert after[len(before) :] == ["moved:", f"  actors/{busiest}: actors/{NEW}"]
            after = after[: len(before)]
        assert len(before) == len(after)
        for old, new in zip(before, after, strict=True):
            if old != new:
                lines += 1
                assert re.sub(rf"(?<![\w-]){NEW}(?![\w-])", busiest, new) == old
    assert lines > 100
    assert check(renamed).problems == ()
    assert busiest not in {id for fact in check(renamed).briefing.facts for id in (*fact.about, fact.by)}


def test_the_site_is_the_same_but_for_the_address(treaty_made: Outcome, renamed: Inputs, busiest: str) -> None:
    made = compile(renamed)
    pages = {page.path: page for page in made.pages}
    old = pages.pop(f"actors/{busiest}.md")
    assert old.leads_to == f"actors/{NEW}.md"
    assert f"({NEW}.md)" in old.text
    assert [page.path.replace(NEW, busiest) for page in pages.values()] == [page.path for page in treaty_made.pages]

    def told(page: Page) -> str:
        """What a page says, without its cite box, which has a content hash."""
        return re.sub(r"^cite: .*$|[0-9a-f]{12,}", "", page.text, flags=re.MULTILINE)

    for before, after in zip(treaty_made.pages, pages.values(), strict=True):
        assert told(after).replace(NEW, busiest) == told(before), before.path


@pytest.mark.parametrize(
    ("word", "new", "moved"),
    [
        ("sinking", "went-down", {"f/sinking": "f/went-down"}),
        ("henrik-hybertsson", "shipwright", {"actors/henrik-hybertsson": "actors/shipwright"}),
        ("loss", "voyage", {"loss": "voyage"}),
        ("stockholm", "the-capital", {"places#stockholm": "places#the-capital"}),
        ("gun-deck", "deck", {"glossary#gun-deck": "glossary#deck"}),
        ("museum", "shop", {"sources#museum": "sources#shop"}),
        ("account", "paper", {"sources#account": "sources#paper", "sources/account": "sources/paper"}),
        ("design-to-blame", "design", {"index#design-to-blame": "index#design"}),
        ("who-knew", "knowledge", {"disputed#who-knew": "disputed#knowledge"}),
        ("view-cause", "cause", {"views#view-cause": "views#cause"}),
    ],
)
def test_every_kind_of_record_can_be_renamed(folder: Path, word: str, new: str, moved: dict[str, str]) -> None:
    inputs = edited(folder, word, new)
    made = compile(inputs)
    assert made.problems == ()
    assert made.briefing.head
    assert made.briefing.head.moved == moved
    pages = {page.path: page for page in made.pages}
    for old, now in moved.items():
        page, _, id = old.partition("#")
        if id:
            assert f'<span id="{id}"></span> {{ #{new} }}' in pages[f"{page}.md"].text
        else:
            assert pages[f"{page}.md"].leads_to == f"{now}.md"


def test_links_of_pages_written_by_hand_and_of_the_navigation_follow(folder: Path) -> None:
    page = folder / "docs" / "method.md"
    page.write_text(
        '# Method\r\n\r\n[a](f/sinking.md) [b](./f/sinking/) <a href="../f/sinking/#x">c</a> [d](f/sinking-ship.md)\r\n'
        "[e](https://vasa.example/f/sinking/) sinking `[f](f/sinking.md)` [g][r]\r\n\r\n[r]: f/sinking.md\r\n",
        newline="",
    )
    settings = folder / "mkdocs.yml"
    settings.write_text(
        settings.read_text().replace("  - timeline.md", "  - The sinking: f/sinking.md # key\n  - timeline.md")
    )
    assert run(folder, "rename", "sinking", "went-down").exit_code == 0
    assert page.read_bytes().decode() == (
        '# Method\r\n\r\n[a](f/went-down.md) [b](./f/went-down/) <a href="../f/went-down/#x">c</a>'
        " [d](f/sinking-ship.md)\r\n"
        "[e](https://vasa.example/f/sinking/) sinking `[f](f/sinking.md)` [g][r]\r\n\r\n[r]: f/went-down.md\r\n"
    )
    assert "  - The sinking: f/went-down.md # key\n" in settings.read_text()


def test_comments_quotes_and_line_ends_stay(folder: Path) -> None:
    topic = folder / "facts" / "topics" / "loss.yml"
    text = topic.read_text().replace("about: [vasa]", "about: # what\n          - 'vasa'   # \"vasa\", the ship", 1)
    topic.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    before = topic.read_bytes()
    assert run(folder, "rename", "vasa", "wasa").exit_code == 0
    assert b"          - 'wasa'   # \"vasa\", the ship\r\n" in topic.read_bytes()
    assert re.sub(rb"\bwasa\b", b"vasa", topic.read_bytes()) == before


def test_an_old_address_leads_on_for_ever(folder: Path) -> None:
    for old, new in (("sinking", "went-down"), ("went-down", "sank")):
        assert run(folder, "rename", old, new).exit_code == 0
    head = check(with_edit(folder, EMPTY)).briefing.head
    assert head
    assert head.moved == {"f/sinking": "f/sank", "f/went-down": "f/sank"}
    back = run(folder, "rename", "sank", "sinking")
    assert back.exit_code == 2
    assert "was another's before" in back.output


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sinkink", "x", "did you mean 'sinking'?"),
        ("sinking", "deaths", "is taken by facts/topics/loss.yml:28"),
        ("sinking", "loss", "is taken by facts/topics/loss.yml:1"),
        ("sinking", "Not An Id", "is no id"),
        ("loss", "timeline", "page-clash"),
    ],
)
def test_a_refused_rename_changes_nothing(folder: Path, old: str, new: str, said: str) -> None:
    before = contents(folder)
    done = run(folder, "rename", old, new)
    assert done.exit_code in (1, 2)
    assert said in done.output
    assert contents(folder) == before


def test_no_rename_in_facts_that_cannot_be_read(folder: Path) -> None:
    (folder / "facts" / "actors.yml").write_text("- id: [")
    before = contents(folder)
    assert run(folder, "rename", "sinking", "x").exit_code == 1
    assert contents(folder) == before


def test_every_field_that_names_a_record_is_known() -> None:
    """A field of ids that ``lookup`` does not know would be left out of a rename."""

    def names(schema: object) -> bool:
        """Whether a value may be an id, or a citation, which starts with one."""
        if isinstance(schema, dict):
            return SLUG.pattern in str(schema.get("pattern")) or any(map(names, schema.values()))
        return isinstance(schema, list) and any(map(names, schema))

    kinds = [kind for kind in vars(records).values() if isinstance(kind, type) and issubclass(kind, records.Record)]
    fields = {
        name
        for kind in kinds
        for name, schema in kind.model_json_schema(by_alias=True).get("properties", {}).items()
        if names(schema)
    }
    assert fields == RECORD_FIELDS | TOPIC_FIELDS | {"id", "moved"}


# --- show, where


def test_show_has_the_evidence_the_place_and_the_pages(folder: Path) -> None:
    done = run(folder, "show", "museum-opening-day")
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert lines[0] == "facts/museum-opening-day  facts/topics/afterlife.yml:28"
    assert "  evidence    museum  Vasa Museum, The Vasa Museum on its opening, reliability A" in lines
    assert "  credibility 2" in lines
    assert "  page        /f/museum-opening-day/" in lines
    assert "  page        /afterlife/" in lines
    assert (
        "account:2  Harbour Papers, A short account of the Vasa, ¶2, reliability B, pinned"
        in run(folder, "show", "henrik-hybertsson").output
    )


def test_where_has_every_line_page_and_file(folder: Path) -> None:
    done = run(folder, "where", "stockholm")
    assert done.output.splitlines() == [
        "facts/places.yml:1:7: the record itself",
        "facts/topics/afterlife.yml:25:30: about of museum-opened",
        "facts/topics/loss.yml:30:23: about of deaths",
        "facts/topics/loss.yml:67:7: map of facts/topics/loss.yml",
        "page /places/#stockholm",
        "page /loss/",
        "page /f/deaths/",
        "page /f/museum-opened/",
        "file /data/facts.json",
        "file /data/facts.csv",
        "file /data/facts.jsonld",
        "file /data/places.geojson",
        "file /search/entries.js",
        "file /f/*.json of 2 facts",
    ]


def test_a_word_that_two_records_have_is_asked_about(folder: Path) -> None:
    topics = folder / "facts" / "topics"
    (topics / "loss.yml").rename(topics / "vasa.yml")
    done = run(folder, "where", "vasa")
    assert done.exit_code == 2
    assert "glossary/vasa or topics/vasa" in done.output
    assert "the record itself" in run(folder, "where", "glossary/vasa").output


def test_what_is_broken_can_still_be_found(folder: Path) -> None:
    facts = folder / "facts" / "topics" / "loss.yml"
    facts.write_text(facts.read_text().replace("when: 1627", "when: 1627-13"))
    done = run(folder, "where", "stockholm")
    assert done.exit_code == 0
    assert "facts/places.yml:1:7: the record itself" in done.output
    assert "run briefing check" in done.output


# --- add


SAYS = "Hein Jakobsson, the assistant of Hybertsson, finished the work."
GIVEN = ["--says", SAYS, "--cite", "account:3", "--about", "hein-jakobsson", "--about", "henrik-hybertsson"]


def test_a_fact_is_added_at_the_end_of_the_last_section(folder: Path) -> None:
    file = folder / "facts" / "topics" / "loss.yml"
    before = file.read_text()
    done = run(folder, "add", "fact", "--topic", "loss", *GIVEN)
    assert (done.exit_code, done.output) == (
        0,
        "facts/topics/loss.yml:67: hein-jakobsson-assistant-hybertsson written\n",
    )
    added = (
        "      - id: hein-jakobsson-assistant-hybertsson\n"
        f"        says: {SAYS}\n"
        "        about: [hein-jakobsson, henrik-hybertsson]\n"
        "        cite: account:3\n"
    )
    assert file.read_text() == before.replace("\nmap:", f"\n{added}map:")


def test_what_is_needed_is_asked_for(folder: Path) -> None:
    answers = [
        SAYS,
        "acount:3",
        "account:3",
        "jakobson",
        "hein-jakobsson, henrik-hybertsson",
        "1627-13",
        "",
        "",
        "",
        "work-finished",
    ]
    done = run(folder, "add", "fact", "--topic", "loss", typed="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    assert "did you mean 'account'?" in done.output
    assert "did you mean 'hein-jakobsson'?" in done.output
    assert "there is no month 13" in done.output
    assert "[hein-jakobsson-assistant-hybertsson]" in done.output
    assert "work-finished" in check(with_edit(folder, EMPTY)).briefing.fact_by_id


def test_the_topic_is_asked_for_too(folder: Path) -> None:
    answers = ["lost", "loss", SAYS, "account:3", "hein-jakobsson, henrik-hybertsson", "", "", "", ""]
    done = run(folder, "add", "fact", typed="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    assert done.output.count("(loss, afterlife)") == 2
    assert "facts/topics/loss.yml:67: " in done.output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--topic", "loss", *GIVEN, "--when", "1629"], "not-in-source ¶3 does not have the date '1629'"),
        (["--topic", "loss", *GIVEN, "--kind", "rumour"], "unknown-value"),
        (["--topic", "loss", *GIVEN, "--id", "sinking"], "duplicate-id"),
        (["--topic", "lost", *GIVEN], "did you mean 'loss'?"),
        (["--topic", "zzz", *GIVEN], "there is no facts/topics/zzz.yml; the topics are: loss, afterlife"),
        (GIVEN, "--topic is needed, one of: loss, afterlife"),
    ],
)
def test_a_broken_fact_is_not_written(folder: Path, options: list[str], said: str) -> None:
    before = contents(folder)
    done = run(folder, "add", "fact", *options)
    assert done.exit_code in (1, 2)
    assert said in done.output
    assert contents(folder) == before


def test_a_section_that_cannot_be_added_to_is_told(folder: Path) -> None:
    (folder / "facts" / "topics" / "loss.yml").write_text("title: a\nasks: b\nsections: [{title: x, facts: []}]\n")
    done = run(folder, "add", "fact", "--topic", "loss", *GIVEN)
    assert done.exit_code == 2
    assert "needs a fact, written under 'facts:'" in done.output


lines = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), min_size=1).map(
    lambda text: " ".join(text.split())
)


@given(lines.filter(lambda text: bool(text) and text.isprintable()))
def test_any_sentence_is_written_so_that_it_reads_the_same(text: str) -> None:
    node, problems = load_yaml("x.yml", "\n".join(fact_lines({"id": "x", "says": text}, 2, 4)).encode())
    assert {problem.code for problem in problems} <= {"hidden-character"}
    assert node is not None
    assert plain(node) == [{"id": "x", "says": text}]


def test_a_fact_behind_a_file_without_a_last_line_end(vasa: Inputs) -> None:
    file = "facts/topics/afterlife.yml"
    facts = {**vasa.facts, file: vasa.facts[file].rstrip()}
    topic = check(replace(vasa, facts=facts)).briefing.topic_by_id["afterlife"]
    edit, place = add_fact(facts, topic, {"id": "x", "says": "Said.", "cite": ("account:10",)})
    after = edit.files[file].decode()
    assert after.endswith("words: [conservators, hull]\n      - id: x\n        says: Said.\n        cite: account:10\n")
    assert after.splitlines()[place.line - 1] == "      - id: x"


def test_a_suggested_id_is_free_and_tells_what_it_is_about() -> None:
    assert suggest_id("Anders Franzén found the wreck in 1956.", set()) == "anders-franzen-found-wreck"
    assert suggest_id("It is so.", {"it-is-so"}) == "it-is-so-2"
    assert suggest_id("Да.", set()) == "fact"


@pytest.mark.parametrize("command", ["show", "where"])
@pytest.mark.parametrize("id", ["sinking", "loss", "facts/sinking"])
def test_a_record_in_a_file_that_cannot_be_read_is_not_said_to_be_missing(
    tmp_path: Path, command: str, id: str
) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    topic = folder / "facts" / "topics" / "loss.yml"
    topic.write_text(topic.read_text().replace("about: [gunport]", "about: [gunport"))
    done = run_briefing(command, id, "--dir", str(folder))
    assert done.returncode == 1
    assert f"'{id}' is in a file that cannot be read" in done.stderr
    assert "error yaml-syntax" in done.stderr
    other = run_briefing(command, "no-such-fact", "--dir", str(folder))
    assert "there is no record 'no-such-fact'" in other.stderr
