"""Test showing, finding, renaming and adding records, and that nothing else changes."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT, TODAY, VASA, OutcomeOf, copy_briefing, run_briefing

from briefing.cli import main
from briefing.compile import Inputs, check, compile
from briefing.editing.references import RECORD_FIELDS, TOPIC_FIELDS, choices
from briefing.editing.text_edits import Edit, add_fact, fact_lines, rename, suggest_id
from briefing.model import records
from briefing.model.briefing import Briefing
from briefing.model.fields import SLUG
from briefing.pages.templates import Page
from briefing.project.reader import read_editable, with_edit
from briefing.text.edtf import parse_edtf
from briefing.text.nodes import plain
from briefing.text.yaml_reader import load_yaml


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the small briefing that tests may change."""
    return copy_briefing(VASA, tmp_path / "vasa")


def run(folder: Path, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, [*arguments, "--dir", str(folder)], input=typed)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def edited(folder: Path, briefing: Briefing, word: str, new: str) -> Inputs:
    """Return the inputs in ``folder``, which has this briefing, after a rename in memory, as of the tests' date."""
    (choice,) = choices(briefing, word)
    inputs = with_edit(folder, rename(read_editable(folder), briefing, choice.record, new))
    return replace(inputs, today=parse_edtf(TODAY))


EMPTY = Edit({})


# --- rename


NEW = "qzxj"  # not part of any word


def new_id(old: str) -> str:
    """Return an id as long as this one, so that file sizes and the widths of labels do not change."""
    return (NEW * len(old))[: len(old)]


def test_renaming_the_busiest_actor_touches_only_lines_that_name_it(treaty: Inputs, checked: OutcomeOf) -> None:
    """In the treaty briefing, that is the actor that most facts mention."""
    briefing = checked("treaty").briefing
    actors = {actor.id for actor in briefing.actors}
    mentioned = Counter(id for fact in briefing.facts for id in fact.about if id in actors)
    ((busiest, _),) = mentioned.most_common(1)
    new = new_id(busiest)
    renamed = edited(ROOT, briefing, busiest, new)
    lines = 0
    for file, data in treaty.facts.items():
        before, after = data.decode().splitlines(), renamed.facts[file].decode().splitlines()
        if file == "facts/briefing.yml":
            assert after[len(before) :] == ["moved:", f"  actors/{busiest}: actors/{new}"]
            after = after[: len(before)]
        assert len(before) == len(after)
        for old, now in zip(before, after, strict=True):
            if old != now:
                lines += 1
                assert re.sub(rf"(?<![\w-]){new}(?![\w-])", busiest, now) == old
    assert lines > 100
    outcome = check(renamed)
    assert outcome.problems == ()
    assert busiest not in {id for fact in outcome.briefing.facts for id in (*fact.about, fact.by)}


def stable_text(page: Page) -> str:
    """Return the text of a page without the citation box and hashes."""
    return re.sub(r"^cite: .*$|[0-9a-f]{12,}", "", page.text, flags=re.MULTILINE)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("word", "addresses"),
    [
        ("sinking", ["f/sinking"]),
        ("henrik-hybertsson", ["actors/henrik-hybertsson"]),
        ("loss", ["loss"]),
        ("stockholm", ["places#stockholm"]),
        ("gun-deck", ["glossary#gun-deck"]),
        ("museum", ["sources#museum"]),
        ("account", ["sources#account", "sources/account"]),
        ("design-to-blame", ["index#design-to-blame", "judgments#design-to-blame"]),
        ("who-knew", ["disputed#who-knew"]),
        ("view-cause", ["views#view-cause"]),
    ],
)
def test_every_kind_of_record_can_be_renamed(word: str, addresses: list[str], compiled: OutcomeOf) -> None:
    """The site remains the same but for the record's addresses, and the old ones lead to the new ones."""
    before = compiled("vasa")
    new = new_id(word)
    made = compile(edited(VASA, before.briefing, word, new))
    assert made.problems == ()
    assert made.briefing.head
    moved = {address: address.removesuffix(word) + new for address in addresses}
    assert made.briefing.head.moved == moved
    pages = {page.path: page for page in made.pages}
    for old, now in moved.items():
        path, _, id = old.partition("#")
        if id:
            text = pages[f"{path}.md"].text
            if f"{{ #{new} }}" in text:
                assert f'<span id="{id}"></span> {{ #{new} }}' in text
            else:
                assert f'id="{new}"' in text
                assert f'id="{id}"' in text
        else:
            redirect = pages.pop(f"{path}.md")
            assert redirect.leads_to == f"{now}.md"
            assert f"({PurePosixPath(now).name}.md)" in redirect.text

    # The part of a page to which the old address leads.
    old_part = re.compile(rf'<span id="{word}"></span> |(?<=<summary) id="{word}"')
    renamed = {
        path.replace(new, word): old_part.sub("", stable_text(page)).replace(new, word) for path, page in pages.items()
    }
    assert renamed == {page.path: stable_text(page) for page in before.pages}


def test_rename_updates_links_and_navigation(folder: Path) -> None:
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


def test_rename_preserves_comments_quotes_and_line_ends(folder: Path) -> None:
    topic = folder / "facts" / "topics" / "loss.yml"
    text = topic.read_text().replace("about: [vasa]", "about: # what\n          - 'vasa'   # \"vasa\", the ship", 1)
    topic.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    before = topic.read_bytes()
    assert run(folder, "rename", "vasa", "wasa").exit_code == 0
    assert b"          - 'wasa'   # \"vasa\", the ship\r\n" in topic.read_bytes()
    assert re.sub(rb"\bwasa\b", b"vasa", topic.read_bytes()) == before


@pytest.mark.slow
def test_old_addresses_redirect_and_cannot_be_reused(folder: Path) -> None:
    for old, new in (("sinking", "went-down"), ("went-down", "sank")):
        assert run(folder, "rename", old, new).exit_code == 0
    head = check(with_edit(folder, EMPTY)).briefing.head
    assert head
    assert head.moved == {"f/sinking": "f/sank", "f/went-down": "f/sank"}
    back = run(folder, "rename", "sank", "sinking")
    assert back.exit_code == 2
    assert "was used before" in back.output


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("moved: {}", "moved: {f/sinking: f/went-down}"),
        ("moved: {f/loss: f/sinking}", "moved: {f/loss: f/went-down, f/sinking: f/went-down}"),
    ],
)
def test_redirects_in_braces_stay_in_braces(folder: Path, before: str, after: str) -> None:
    head = folder / "facts" / "briefing.yml"
    head.write_text(f"{head.read_text()}{before}\n")
    assert run(folder, "rename", "sinking", "went-down").exit_code == 0
    assert head.read_text().endswith(f"\n{after}\n")


def test_id_with_an_escape_is_not_renamed(folder: Path) -> None:
    topic = folder / "facts" / "topics" / "loss.yml"
    topic.write_text(topic.read_text().replace("about: [vasa]", 'about: ["\\x76asa"]', 1))
    before = contents(folder)
    done = run(folder, "rename", "vasa", "wasa")
    assert (done.exit_code, contents(folder)) == (2, before)
    assert "facts/topics/loss.yml:20: first write 'vasa' there without escapes" in done.output


def test_site_without_a_navigation_can_be_renamed(folder: Path) -> None:
    settings = folder / "mkdocs.yml"
    text = re.sub(r"^nav:\n(?:  .*\n)+", "", settings.read_text(), flags=re.MULTILINE)
    settings.write_text(text)
    assert run(folder, "rename", "sinking", "went-down").exit_code == 0
    assert settings.read_text() == text


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("sinkink", "x", "did you mean 'sinking'?"),
        ("sinking", "deaths", "is already used at facts/topics/loss.yml:28"),
        ("sinking", "loss", "is already used at facts/topics/loss.yml:1"),
        ("sinking", "Not An Id", "is not a valid id"),
        ("loss", "timeline", "page-path-conflict"),
    ],
)
def test_rejected_rename_changes_nothing(folder: Path, old: str, new: str, message: str) -> None:
    before = contents(folder)
    done = run(folder, "rename", old, new)
    assert done.exit_code in (1, 2)
    assert message in done.output
    assert contents(folder) == before


def test_rename_fails_if_facts_cannot_be_read(folder: Path) -> None:
    (folder / "facts" / "actors.yml").write_text("- id: [")
    before = contents(folder)
    assert run(folder, "rename", "sinking", "x").exit_code == 1
    assert contents(folder) == before


def test_rename_covers_every_field_that_refers_to_a_record() -> None:
    """Rename would skip a field of ids that ``references`` does not list. A published address stays as it was."""

    def names(schema: object) -> bool:
        """Return whether a value may be an id, or a citation, which starts with one."""
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
    assert fields == RECORD_FIELDS | TOPIC_FIELDS | {"id", "moved", "address"}


# --- show, where


@pytest.mark.slow
def test_show_lists_evidence_position_and_pages(folder: Path) -> None:
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


@pytest.mark.slow
def test_show_gives_quotations_with_their_translations(folder: Path) -> None:
    lines = run(folder, "show", "gun-deck").output.splitlines()
    quoted = ": 'På batteridäcken stod kanonerna' ('The guns stood on the gun decks')"
    assert any(line.endswith(quoted) for line in lines)


@pytest.mark.slow
def test_where_lists_every_line_page_and_file(folder: Path) -> None:
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
        "file /f/*.json (2 facts)",
    ]


def test_ambiguous_id_lists_the_choices(folder: Path) -> None:
    topics = folder / "facts" / "topics"
    (topics / "loss.yml").rename(topics / "vasa.yml")
    done = run(folder, "where", "vasa")
    assert done.exit_code == 2
    assert "glossary/vasa or topics/vasa" in done.output
    assert "the record itself" in run(folder, "where", "glossary/vasa").output


def test_where_works_despite_errors(folder: Path) -> None:
    facts = folder / "facts" / "topics" / "loss.yml"
    facts.write_text(facts.read_text().replace("when: 1627", "when: 1627-13"))
    done = run(folder, "where", "stockholm")
    assert done.exit_code == 0
    assert "facts/places.yml:1:7: the record itself" in done.output
    assert "run briefing check" in done.output


# --- add


SAYS = "Hein Jakobsson, the assistant of Hybertsson, finished the work."
GIVEN = ["--says", SAYS, "--cite", "account:3", "--about", "hein-jakobsson", "--about", "henrik-hybertsson"]


def test_fact_is_added_at_the_end_of_the_last_section(folder: Path) -> None:
    file = folder / "facts" / "topics" / "loss.yml"
    before = file.read_text()
    done = run(folder, "add", "fact", "--topic", "loss", *GIVEN)
    assert (done.exit_code, done.output) == (
        0,
        "facts/topics/loss.yml:67: added hein-jakobsson-assistant-hybertsson\n",
    )
    added = (
        "      - id: hein-jakobsson-assistant-hybertsson\n"
        f"        says: {SAYS}\n"
        "        about: [hein-jakobsson, henrik-hybertsson]\n"
        "        cite: account:3\n"
    )
    assert file.read_text() == before.replace("\nmap:", f"\n{added}map:")


def test_add_asks_for_missing_values(folder: Path) -> None:
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


def test_add_asks_for_the_topic(folder: Path) -> None:
    answers = ["lost", "loss", SAYS, "account:3", "hein-jakobsson, henrik-hybertsson", "", "", "", ""]
    done = run(folder, "add", "fact", typed="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    assert done.output.count("(loss, afterlife)") == 2
    assert "facts/topics/loss.yml:67: " in done.output


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--topic", "loss", *GIVEN, "--when", "1629"], "not-in-source ¶3 does not contain the date '1629'"),
        (["--topic", "loss", *GIVEN, "--kind", "rumour"], "unknown-value"),
        (["--topic", "loss", *GIVEN, "--id", "sinking"], "duplicate-id"),
        (["--topic", "lost", *GIVEN], "did you mean 'loss'?"),
        (["--topic", "zzz", *GIVEN], "no topic 'zzz' in facts/topics; the topics are: loss, afterlife"),
        (GIVEN, "--topic is missing; choose one of: loss, afterlife"),
    ],
)
def test_invalid_fact_is_not_written(folder: Path, options: list[str], message: str) -> None:
    before = contents(folder)
    done = run(folder, "add", "fact", *options)
    assert done.exit_code in (1, 2)
    assert message in done.output
    assert contents(folder) == before


BEST = "account:3  fit 12.7, both have Hein Jakobsson, Hybertsson"


def _add_citing(folder: Path, cited: str) -> Result:
    given = [cited if option == "account:3" else option for option in GIVEN]
    done = run(folder, "add", "fact", "--topic", "loss", *given)
    assert "these paragraphs of 'account' fit the sentence best:\n" in done.output
    assert next(line for line in done.output.splitlines() if "  fit " in line).strip() == BEST
    return done


@pytest.mark.parametrize("cited", ["account:2", "account:99"])
def test_add_does_not_replace_a_given_paragraph(folder: Path, cited: str) -> None:
    before = contents(folder)
    done = _add_citing(folder, cited)
    assert done.exit_code == 1
    assert "compare them, and give one with --cite\n" in done.output
    assert contents(folder) == before


@pytest.mark.slow
def test_add_cites_the_paragraph_that_fits_clearly_best(folder: Path) -> None:
    done = _add_citing(folder, "account")
    assert done.exit_code == 0, done.output
    assert "account:3 fits clearly best, so it is cited\n" in done.output
    fact = check(with_edit(folder, EMPTY)).briefing.fact_by_id["hein-jakobsson-assistant-hybertsson"]
    assert [*map(str, fact.cite)] == ["account:3"]


@pytest.mark.parametrize(
    "says",
    [
        "The Vasa was a Swedish ship with guns.",  # several paragraphs are about as good
        "The ship was ready.",  # without a number or name, a few common words decide
    ],
)
def test_add_cites_no_paragraph_if_none_is_clearly_best(folder: Path, says: str) -> None:
    before = contents(folder)
    done = run(folder, "add", "fact", "--topic", "loss", "--says", says, "--cite", "account")
    assert done.exit_code == 1
    assert done.output.count("  fit ") == 3
    assert "none is clearly the right one, so none is cited" in done.output
    assert "the fact was not written" in done.output
    assert contents(folder) == before


@pytest.mark.parametrize(
    "options",
    [
        GIVEN,
        [*GIVEN, "--when", "1629"],  # another paragraph would not help
        ["--says", SAYS, "--cite", "museum:1"],  # no text to compare
    ],
)
def test_add_suggests_no_paragraph_without_need(folder: Path, options: list[str]) -> None:
    assert "  fit " not in run(folder, "add", "fact", "--topic", "loss", *options).output


def test_add_reports_a_section_without_facts(folder: Path) -> None:
    (folder / "facts" / "topics" / "loss.yml").write_text("title: a\nasks: b\nsections: [{title: x, facts: []}]\n")
    done = run(folder, "add", "fact", "--topic", "loss", *GIVEN)
    assert done.exit_code == 2
    assert "write the first fact of the last section by hand" in done.output


lines = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), min_size=1).map(
    lambda text: " ".join(text.split())
)


@pytest.mark.slow
@given(lines.filter(lambda text: bool(text) and text.isprintable()))
def test_any_sentence_is_parsed_unchanged_after_writing(text: str) -> None:
    node, problems = load_yaml("x.yml", "\n".join(fact_lines({"id": "x", "says": text}, 2, 4)).encode())
    assert {problem.code for problem in problems} <= {"hidden-character"}
    assert node is not None
    assert plain(node) == [{"id": "x", "says": text}]


def test_fact_is_added_to_a_file_without_a_final_line_break(vasa: Inputs) -> None:
    file = "facts/topics/afterlife.yml"
    facts = {**vasa.facts, file: vasa.facts[file].rstrip()}
    topic = check(replace(vasa, facts=facts)).briefing.topic_by_id["afterlife"]
    edit, place = add_fact(facts, topic, {"id": "x", "says": "Said.", "cite": ("account:10",)})
    after = edit.files[file].decode()
    assert after.endswith("words: [conservators, hull]\n      - id: x\n        says: Said.\n        cite: account:10\n")
    assert after.splitlines()[place.line - 1] == "      - id: x"


def test_suggested_id_is_unused_and_significant() -> None:
    assert suggest_id("Anders Franzén found the wreck in 1956.", set()) == "anders-franzen-found-wreck"
    assert suggest_id("It is so.", {"it-is-so"}) == "it-is-so-2"
    assert suggest_id("Да.", set()) == "fact"


@pytest.mark.parametrize("command", ["show", "where"])
@pytest.mark.parametrize("id", ["sinking", "loss", "facts/sinking"])
def test_record_in_an_unreadable_file_is_not_reported_as_missing(tmp_path: Path, command: str, id: str) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    topic = folder / "facts" / "topics" / "loss.yml"
    topic.write_text(topic.read_text().replace("about: [gunport]", "about: [gunport"))
    done = run_briefing(command, id, "--dir", str(folder))
    assert done.returncode == 1
    assert f"'{id}' is in a file that cannot be read" in done.stderr
    assert "error yaml-syntax" in done.stderr
    other = run_briefing(command, "no-such-fact", "--dir", str(folder))
    assert "no record 'no-such-fact'" in other.stderr
