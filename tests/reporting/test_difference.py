"""``briefing diff``: changed records, changed sentences, and changes without evidence or a reason."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import markdown
import pytest
from scripted import AFTERLIFE, HEAD, LOSS, SOURCES, STEPS, scripted_repository
from support import ROOT, VASA, copy_briefing, run_briefing

from briefing.compile import Inputs
from briefing.model.parser import PUBLISHED, parse
from briefing.pages.templates import Page
from briefing.problems import Problem, Severity
from briefing.reporting.difference import (
    Difference,
    classed_changes,
    difference,
    page_sentences,
    unconfirmed_additions,
    unexplained,
)
from briefing.reporting.difference_text import (
    format_difference,
    format_difference_as_json,
    format_difference_as_markdown,
)

GOLDEN = ROOT / "tests" / "history"


def _edited(inputs: Inputs, *edits: tuple[str, str, str]) -> Inputs:
    facts = dict(inputs.facts)
    for file, old, new in edits:
        assert facts[file].count(old.encode()) == 1, old
        facts[file] = facts[file].replace(old.encode(), new.encode())
    return replace(inputs, facts=facts)


def _found(inputs: Inputs, *edits: tuple[str, str, str]) -> Difference:
    return difference(inputs.facts, _edited(inputs, *edits))


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        yield scripted_repository(tmp_path_factory.mktemp("diff") / "vasa")


@pytest.mark.process
@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_difference_over_thirty_commits(form: str, repository: Path, request: pytest.FixtureRequest) -> None:
    done = run_briefing("diff", f"HEAD~{len(STEPS) - 1}", "HEAD", "--format", form, cwd=repository)
    assert (done.returncode, done.stderr) == (1, "")
    golden = GOLDEN / {"text": "diff.txt", "markdown": "diff.md", "json": "diff.json"}[form]
    if request.config.getoption("--update-golden"):
        golden.write_text(done.stdout, encoding="utf-8")
    assert done.stdout == golden.read_text(encoding="utf-8")


@pytest.mark.process
def test_folders_revisions_and_current_files(repository: Path, tmp_path: Path) -> None:
    copy = copy_briefing(VASA, tmp_path / "vasa")
    same = run_briefing("diff", str(VASA), cwd=copy)
    assert (same.returncode, same.stdout) == (0, "no records changed; 0 sentences on 0 pages; no problems\n")
    topic = copy / LOSS
    topic.write_text(topic.read_text().replace("Water came in", "Water ran in"))
    done = run_briefing("diff", str(VASA), cwd=copy)
    assert done.returncode == 0
    assert done.stdout == (
        "1 record changed; 1 sentence on 7 pages; no problems\n\n"
        "changed: fact gunports-open [wording]: Water ran in through the open gunports.\n"
        "    says: Water came in through the open gunports. → Water ran in through the open gunports.\n\n"
        "on The loss, Timeline, Sources, Glossary, Harbour Papers: A short account of the Vasa and 2 more:\n"
        "  - Water came in through the open gunports.\n"
        "  + Water ran in through the open gunports.\n"
    )
    turned = run_briefing("diff", str(copy), str(VASA), cwd=copy)
    assert "  - Water ran in through" in turned.stdout
    for nothing in ("no-such-revision", str(tmp_path)):
        done = run_briefing("diff", nothing, cwd=repository)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"'{nothing}' is neither a folder with 'facts' nor a Git revision" in done.stderr


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (LOSS, "cite: [account:2, account:1]", "cite:\n          - account:2\n          - account:1"),
        (AFTERLIFE, "about: [anders-franzen, wreck-site]", "about: [wreck-site, anders-franzen]"),
        (LOSS, "says: The Vasa went down", "says: >-\n          The Vasa\n          went down"),
    ],
)
def test_layout_and_order_are_ignored(file: str, old: str, new: str, vasa: Inputs) -> None:
    found = _found(vasa, (file, old, new))
    assert (found.changes, found.pages, found.problems) == ((), (), ())


@pytest.mark.parametrize(
    ("file", "old", "new", "classes"),
    [
        (LOSS, "the open gunports.", "the gunports, which stood open.", ["wording"]),
        (LOSS, "about 1,300 metres", "about 1,400 metres", ["number"]),
        (LOSS, "went down on 10 August 1628", "went down on 11 August 1628", ["date"]),
        (LOSS, "went down on 10 August 1628", "went down in 1628", ["date"]),
        (LOSS, "questioned Söfring Hansson", "questioned Hein Jakobsson", ["party"]),
        (LOSS, "from Henrik Hybertsson in", "from Hybertsson in", ["wording"]),
        (LOSS, "says: For most historians", "says: For many of the historians", ["scope"]),
        (LOSS, "by: fred-hocker", "by: historians", ["attribution"]),
        (AFTERLIFE, "when: 1956", "when: 1957", ["date"]),
        (AFTERLIFE, "kind: forecast", "kind: analysis", ["kind"]),
        (AFTERLIFE, "cite: account:8", "cite: account:9", ["citation"]),
        (AFTERLIFE, "about: [anders-franzen, wreck-site]", "about: [wreck-site]", ["party"]),
        (AFTERLIFE, "about: [vasa-museum]", "about: [vasa-museum, stockholm]", ["wording"]),
        (AFTERLIFE, "also: [loss]", "retired: It is told twice.", ["retirement", "wording"]),
        (HEAD, "likelihood: very likely", "likelihood: likely", ["certainty"]),
        (HEAD, "confidence: high", "confidence: low", ["certainty"]),
        (SOURCES, "date: 2026", "date: 2025", ["date"]),
    ],
)
def test_classes_of_changes(file: str, old: str, new: str, classes: list[str], vasa: Inputs) -> None:
    before, after = (parse(one.facts, frozenset())[0] for one in (vasa, _edited(vasa, (file, old, new))))
    (classed,) = classed_changes(before, after)
    assert list(classed.classes) == classes


def test_a_changed_date_needs_evidence_or_a_reason(vasa: Inputs) -> None:
    redated = (AFTERLIFE, "when: 1956\n        cite: account:9", "when: 1957\n        cite: account:9")

    def found(*edits: tuple[str, str, str]) -> list[Problem]:
        before, after = (parse(one.facts, frozenset())[0] for one in (vasa, _edited(vasa, *edits)))
        return list(unexplained(after, classed_changes(before, after)))

    (problem,) = found(redated)
    assert problem.code == "unexplained-change"
    assert (problem.place.file, problem.place.line, problem.place.column) == (AFTERLIFE, 14, 15)
    assert (
        problem.message == "the date of 'wreck-found' changed without new evidence or a reason (when from 1956 to 1957)"
    )

    reason = (redated[0], redated[1], redated[2] + "\n        because: The account errs here.")
    cited = (redated[0], redated[1], redated[2].replace("account:9", "account:10"))
    policy = (HEAD, "views:\n", "evidence_for: [number]\nviews:\n")
    for accounted in ([reason], [cited], [redated, policy]):
        assert found(*accounted) == []
    strict = (HEAD, "views:\n", "evidence_for: wording\nviews:\n")
    reworded = (LOSS, "Water came in", "Water ran in")
    assert found(reworded, strict)
    assert not found(reworded)
    assert found((LOSS, "Water came in", "No water came in"))
    assert not found((LOSS, "Water came in", "No water came in"), policy)
    likelihood = (HEAD, "likelihood: very likely", "likelihood: likely")
    assert found(likelihood)
    assert not found(likelihood, (HEAD, "basis: Historians agree", "basis: Many agree"))


@pytest.mark.parametrize(
    ("says", "fields", "found"),
    [
        ("Anders Franzén never found the wreck in 1956.", "cite: account:9", "negation"),
        ("Anders Franzén found the wreck in 1956.", "kind: position\n        cite: account:9", "kind"),
        ("Anders Franzén found the wreck in 1956.", "by: fred-hocker\n        cite: account:9", "attribution"),
        ("In 1956 Anders Franzén found the wreck.", "cite: account:9", ""),
        ("Anders Franzén never found the wreck in 1956.", "cite: account:10", ""),
        ("Anders Franzén never found the wreck in 1956.", "cite: account:9\n        because: The account errs.", ""),
    ],
)
def test_new_fact_that_supersedes_another_needs_evidence_for_what_differs(
    says: str, fields: str, found: str, vasa: Inputs
) -> None:
    first = "      - id: wreck-found\n"
    lines = ("      - id: new-one", f"says: {says}", "supersedes: wreck-found", "when: 1956", f"{fields}\n")
    new = "\n        ".join(lines)
    before, after = (parse(one.facts, frozenset())[0] for one in (vasa, _edited(vasa, (AFTERLIFE, first, new + first))))
    problems = list(unexplained(after, classed_changes(before, after)))
    expected = [f"the {found} differs from 'wreck-found' without new evidence or a reason"] if found else []
    assert [one.message for one in problems] == expected


@pytest.mark.parametrize(
    ("says", "fields", "found"),
    [
        ("The hull did not break.", "cite: papers:1", "negation"),
        ("All of the hull broke.", "cite: papers:1", "scope"),
        ("The hull may have broken.", "cite: papers:1", "certainty"),
        ("The hull broke.", "kind: accusation\n        cite: papers:1", "kind"),
        ("The hull broke.", "by: fred-hocker\n        cite: papers:1", "attribution"),
        ("The hull broke.", "cite: papers:1", ""),
        ("The hull did not break.", "cite: account:2", ""),
        ("The hull did not break.", "cite: {source: papers, part: 1, quote: it did not break}", ""),
        ("The hull did not break.", "cite: papers:1\n        because: The papers say so.", ""),
        ("The hull did not break.", "cite: papers:1\n        retired: It was an error.", ""),
    ],
)
def test_new_fact_needs_evidence_for_its_logic(says: str, fields: str, found: str, vasa: Inputs) -> None:
    first = "      - id: gunports-open\n"
    new = f"      - id: new-one\n        says: {says}\n        when: 1628\n        {fields}\n"
    before, after = (parse(one.facts, frozenset())[0] for one in (vasa, _edited(vasa, (LOSS, first, new + first))))
    problems = list(unconfirmed_additions(after, classed_changes(before, after)))
    expected = [f"nothing confirms the {found} of the new fact"] if found else []
    assert [one.message for one in problems] == expected


@pytest.mark.slow
def test_facts_with_errors_are_compared(vasa: Inputs) -> None:
    found = _found(vasa, (AFTERLIFE, "wreck in 1956", "wreck in 1957"))
    assert "not-in-source" in {problem.code for problem in found.problems}
    assert found.pages
    broken = _found(vasa, (AFTERLIFE, "title: The afterlife", "title: 'The afterlife"))
    assert broken.pages is None
    assert broken.changes == (), "a file that cannot be read cannot be compared"


@pytest.mark.slow
def test_fact_text_is_not_markup_in_comment(vasa: Inputs) -> None:
    text = "A ``` b ````` <script>x</script> @somebody [a](http://x.example) ![i](i.png) <!-- c"
    found = _found(vasa, (LOSS, "Water came in through the open gunports.", f"'{text}'"))
    html = markdown.markdown(format_difference_as_markdown(found), extensions=["pymdownx.superfences"])
    outside = "".join(part.partition("</code>")[2] for part in f"</code>{html}".split("<code"))
    assert "A ``` b" in html
    for part in ("script", "somebody", "href", "img", "<!--"):
        assert part not in outside.replace('class="language', "")


@pytest.mark.slow
def test_comment_is_wrapped_and_complete(vasa: Inputs) -> None:
    said = "Water came in through the open gunports, " * 5 + "which no reader can miss."
    added = f"      - id: new-one\n        says: {said}\n        when: 1628\n        cite: account:3\n"
    found = _found(vasa, (LOSS, "      - id: gunports-open\n", f"{added}      - id: gunports-open\n"))
    lines = format_difference_as_markdown(found).splitlines()
    start = lines.index("`added: fact new-one`") + 3
    block = lines[start : lines.index("```", start)]
    assert " ".join(line.removeprefix("+").strip() for line in block) == f"{said} when: 1628 cite: account:3"
    assert max(map(len, block)) < 90


def test_sentences_of_a_page() -> None:
    body = """# Title { #anchor }

A sentence*s* of [one](f/one.md)'s. [¶1](f/one.md){ .ref data-aside="" title="open" }
A line of its own

!!! note "A title"
    - An item [2](f/two.md){ data-aside="" }.

        - An item of it

| Column | Other |
|---|---|
| Date | 1956, as printed |

<div><b>Name</b><span>kind</span><br>more <span data-aside="">aside</span>, too</div>
<svg><text>drawn</text></svg> <!-- hidden -->

## Related

- Elsewhere
"""
    sentences = [
        *("Title", "A sentences of one's.", "A line of its own", "A title", "An item.", "An item of it"),
        *("Column Other", "Date 1956, as printed", "Name kind more, too"),
    ]
    assert page_sentences(Page("topic.md", {}, body)) == [*sentences, "Related", "Elsewhere"]
    assert page_sentences(Page("f/one.md", {}, body)) == sentences


@pytest.mark.slow
def test_formats_agree(vasa: Inputs) -> None:
    found = _found(vasa, (AFTERLIFE, "when: 1956", "when: 1957"))
    data = json.loads(format_difference_as_json(found))
    (change,) = data["changes"]
    assert (change["what"], change["kind"], change["id"], change["classes"]) == (
        "changed",
        "fact",
        "wreck-found",
        ["date"],
    )
    assert change["fields"] == [{"field": "when", "before": ["1956"], "after": ["1957"], "classes": ["date"]}]
    assert {"before": "Date 1956 (as given)", "after": "Date 1957 (as given)"} in [
        sentence for page in data["pages"] for sentence in page["sentences"]
    ]
    for text, field in (
        (format_difference(found), "when: 1956 → 1957"),
        (format_difference_as_markdown(found), "- when: 1956\n+ when: 1957\n"),
    ):
        assert field in text
        assert "Date 1957 (as given)" in text
        assert "unexplained-change" in text


@pytest.mark.slow
def test_a_record_taken_off_the_list_of_published_records_is_an_error(vasa: Inputs) -> None:
    """Otherwise a fact could be deleted together with its line."""
    line = "  - {kind: fact, id: raised, address: f/raised}\n"
    listed = {**vasa.facts, PUBLISHED: f"first: 2026-01-01\nrecords:\n{line}".encode()}
    shorter = {**listed, PUBLISHED: b"first: 2026-01-01\nrecords: []\n"}
    gone = {file: data for file, data in vasa.facts.items() if file != PUBLISHED}
    for now in (shorter, gone):
        problems = difference(listed, replace(vasa, facts=now)).problems
        assert [(one.code, one.subject, one.severity) for one in problems] == [
            ("unlisted-published", "raised", Severity.ERROR)
        ]
    assert difference(gone, replace(vasa, facts=listed)).problems == ()
