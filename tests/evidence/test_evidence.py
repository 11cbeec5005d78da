"""Facts are compared with the cited paragraphs, by fingerprint or, if available, by text."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT, VASA, copy_briefing, run_briefing

from briefing.compile import Inputs, check
from briefing.evidence.names import Names
from briefing.evidence.pins import fresh_parts, repin, split_parts, text_digest
from briefing.problems import Severity
from briefing.reporting.problems import format_problem
from briefing.text.normalize import forms, words

ACCOUNT = (VASA / "account.txt").read_text(encoding="utf-8")
LOSS, AFTERLIFE = "facts/topics/loss.yml", "facts/topics/afterlife.yml"


def found_after(inputs: Inputs, file: str, old: str, new: str, **texts: str) -> list[str]:
    """Return the problems after one edit as ``line:column code hint``."""
    text = inputs.facts[file].decode()
    assert text.count(old) == 1, "the text to edit must occur once"
    edited = replace(inputs, facts={**inputs.facts, file: text.replace(old, new).encode()})
    return [
        f"{'' if p.place.file == file else p.place.file + ':'}{p.place.line}:{p.place.column} {p.code} {p.hint}"
        for p in check(edited, texts).problems
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "wanted"),
    [
        (LOSS, "died in 1627", "died in 1628", "12:39 not-in-source cite ¶4, which contains it"),
        (LOSS, "when: 1627", "when: 1624", "14:15 not-in-source correct the fact: no paragraph"),
        (LOSS, "when: 1627", "when: 1627-05", "14:15 not-in-source correct the fact: no paragraph"),
        (LOSS, "1,300 metres", "1,400 metres", "19:59 not-in-source correct the fact: no paragraph"),
        (LOSS, "1,300 metres", "1,300 years", "19:59 not-in-source correct the fact: no paragraph"),
        (LOSS, "About 30 people", "About forty people", "29:21 unconfirmed-count correct the number"),
        (LOSS, "nobody could have", "nobody would have", "61:45 not-in-source correct the fact: no paragraph"),
        (LOSS, "by: fred-hocker", "by: anders-franzen", "63:13 not-in-source cite ¶9, which contains it"),
        (
            AFTERLIFE,
            "words: [conservators, hull]",
            "words: [gunports]",
            "40:17 not-in-source cite ¶4, which contains it",
        ),
        (AFTERLIFE, "        words: [conservators, hull]\n", "", "37:15 nothing-to-check list words"),
        (LOSS, "cite: [account:4, account:1]", "cite: [account:4, account:9]", "22:27 redundant-citation delete it"),
        (
            LOSS,
            "about: [henrik-hybertsson]",
            "about: []",
            "13:16 name-not-in-about change 'about' to [henrik-hybertsson]",
        ),
        (
            LOSS,
            "        about: [henrik-hybertsson]\n",
            "",
            "12:15 name-not-in-about add a line: about: [henrik-hybertsson]",
        ),
        (
            LOSS,
            "about: [gustav-ii-adolf, henrik-hybertsson, vasa]",
            "about: vasa",
            "8:16 name-not-in-about change 'about' to [vasa, gustav-ii-adolf, henrik-hybertsson]",
        ),
        (AFTERLIFE, "        credibility: 2\n", "", "28:13 ungraded grade it from 1 to 6"),
    ],
)
def test_wrong_fact_is_reported_at_its_position(vasa: Inputs, file: str, old: str, new: str, wanted: str) -> None:
    said = found_after(vasa, file, old, new)
    assert any(line.startswith(wanted) for line in said), said


@pytest.mark.parametrize(
    ("end", "when", "codes"),
    [
        ("in 1628", "1628", []),
        ("in 1629", "1628", ["date-mismatch", "not-in-source"]),
        ("in May 1628", "1628-05", []),
        ("in May 1628", "1628-05-04", []),
        ("in June 1628", "1628-05", ["date-mismatch", "not-in-source", "not-in-source"]),
    ],
)
def test_sentence_may_give_the_derived_date(vasa: Inputs, end: str, when: str, codes: list[str]) -> None:
    text = vasa.facts[LOSS].decode()
    text = text.replace("did not live to see the ship ready.", f"had been dead for a year {end}.")
    text = text.replace("when: 1627\n", f"when: {when}\n        derived: A year after 1627, in which he died.\n")
    found = check(replace(vasa, facts={**vasa.facts, LOSS: text.encode()})).problems
    assert [problem.code for problem in found] == codes


@pytest.mark.parametrize(
    ("file", "line"), [(LOSS, "        about: [henrik-hybertsson]\n"), (AFTERLIFE, "        credibility: 2\n")]
)
def test_missing_name_or_grade_is_a_warning(vasa: Inputs, file: str, line: str) -> None:
    facts = {**vasa.facts, file: vasa.facts[file].replace(line.encode(), b"")}
    assert {problem.severity for problem in check(replace(vasa, facts=facts)).problems} == {Severity.WARNING}


def test_fix_adds_missing_names_to_about(vasa: Inputs) -> None:
    text = vasa.facts[LOSS].decode()
    wrong = text.replace("about: [gustav-ii-adolf, henrik-hybertsson, vasa]", "about: vasa")
    (problem,) = check(replace(vasa, facts={**vasa.facts, LOSS: wrong.encode()})).problems
    assert format_problem(problem, wrong).endswith("about: [vasa, gustav-ii-adolf, henrik-hybertsson]")


def test_paragraph_cited_only_by_a_retired_fact_names_that_fact(vasa: Inputs) -> None:
    old = "        when: 1627\n        cite: account:3\n"
    text = vasa.facts[LOSS].decode().replace(old, f"{old}        retired: Nobody knows when he died.\n")
    found = check(replace(vasa, facts={**vasa.facts, LOSS: text.encode()})).problems
    assert [p.message for p in found if p.code == "uncited-paragraph"] == [
        "only retired or superseded facts cite paragraph 3 of 'account': 'hybertsson-died'"
    ]


@pytest.mark.parametrize("wrong", [2, 6, 9])
def test_wrong_paragraph_is_one_problem(vasa: Inputs, wrong: int) -> None:
    """Missing words and the paragraph that is now uncited cause no further problems. Paragraph 6 is declared unused."""
    said = found_after(vasa, LOSS, "cite: account:3", f"cite: account:{wrong}")
    assert said == ["15:15 better-paragraph did you mean 'account:3'?"]
    text = vasa.facts[LOSS].decode().replace("cite: account:3", f"cite: account:{wrong}")
    (problem,) = check(replace(vasa, facts={**vasa.facts, LOSS: text.encode()})).problems
    assert problem.fix == "account:3"
    assert f"¶{wrong}" in problem.message
    assert "'1627'" in problem.message
    assert ("'Hybertsson'" in problem.message) == (wrong != 2), "the second paragraph names him"


def test_redundant_paragraph_is_reported_with_a_wrong_one(vasa: Inputs) -> None:
    unused = "  not_used:\n    - parts: 6\n      because: a heading\n"
    text = vasa.facts["facts/sources.yml"].decode()
    assert unused in text
    left = replace(vasa, facts={**vasa.facts, "facts/sources.yml": text.replace(unused, "").encode()})
    assert [line.split()[1] for line in found_after(left, LOSS, "cite: account:3", "cite: account:2")] == [
        "uncited-paragraph",
        "better-paragraph",
    ]


def test_words_field_confirms_a_paragraph(vasa: Inputs) -> None:
    fact = "      - id: raised\n        says: The wreck broke the surface on 24 April 1961."
    vague = (
        "      - id: raised\n        says: The ship came up again, with its gun deck and gunports, above the waterline."
    )
    off = found_after(vasa, AFTERLIFE, fact, vague)
    assert any("closer-paragraph" in line for line in off), off
    sure = found_after(vasa, AFTERLIFE, fact, vague + "\n        words: [surface]")
    assert not any("closer-paragraph" in line for line in sure), sure


@pytest.mark.parametrize(
    ("file", "old", "new", "wanted"),
    [
        ("facts/sources.yml", "count: 10", "count: 11", "8:10 bad-pin"),
        ("facts/sources.yml", "    - parts: 6\n", "    - parts: [5, 6]\n", "11:15 not-unused"),
        ("facts/sources.yml", "  not_used:\n    - parts: 6\n      because: a heading\n", "", "1:7 uncited-paragraph"),
        ("facts/pins/account.yml", "look_at: []", "look_at: [sinking]", "7:11 changed-paragraph"),
        ("facts/pins/account.yml", "look_at: []", "look_at: [sinking-day]", "7:11 unknown-fact"),
        ("facts/pins/account.yml", "language: en", "language: de", "facts/sources.yml:6:13 bad-pin"),
        ("facts/pins/account.yml", "number: 2\n", "number: 3\n", "9:3 bad-pin"),
        ("facts/sources.yml", "    - parts: 6\n", "    - parts: [6, 99]\n", "11:18 bad-parts"),
        ("facts/pins/account.yml", "source: account", "source: acount", "3:9 unknown-source"),
        ("facts/sources.yml", "  reliability: A\n", "", "13:7 ungraded"),
    ],
)
def test_pins_and_coverage(vasa: Inputs, file: str, old: str, new: str, wanted: str) -> None:
    said = found_after(vasa, file, old, new)
    assert any(line.startswith(wanted) for line in said), said


def test_pin_file_is_named_after_its_source(vasa: Inputs) -> None:
    facts = {file.replace("pins/account", "pins/acount"): data for file, data in vasa.facts.items()}
    (problem,) = check(replace(vasa, facts=facts)).problems
    assert (problem.code, problem.place[:3]) == ("bad-pin", ("facts/pins/acount.yml", 3, 9))


@pytest.mark.parametrize("file", ["facts/sources.yml", LOSS])
def test_syntax_error_causes_no_pin_problems(vasa: Inputs, file: str) -> None:
    broken = {**vasa.facts, file: vasa.facts[file] + b"\n- [\n"}
    assert {problem.code for problem in check(replace(vasa, facts=broken)).problems} == {"yaml-syntax"}


def test_first_pin_of_a_source(vasa: Inputs) -> None:
    """The source may lack a language. A first pin reports no changes and no facts to review."""
    pin = "facts/pins/account.yml"
    facts = {file: data.replace(b"  language: en\n", b"") for file, data in vasa.facts.items() if file != pin}
    briefing = check(replace(vasa, facts=facts)).briefing
    fresh = repin(briefing, briefing.source_by_id["account"], ACCOUNT)
    assert (fresh.changed, fresh.look_at) == ((), ())
    pinned = check(replace(vasa, facts={**facts, pin: fresh.text.encode()}))
    assert "bad-pin" not in {problem.code for problem in pinned.problems}
    assert [part.number for part in pinned.briefing.pin_of["account"].parts] == [*range(1, 11)]


def test_judgment_names_only_entities_in_its_facts(vasa: Inputs) -> None:
    said = found_after(
        vasa, "facts/briefing.yml", "The design of the ship is", "The design of the ship and Fred Hocker are"
    )
    assert said == ["11:38 unsupported add a fact that mentions it, or correct the statement"]


def test_ambiguous_name_lists_both_entities(vasa: Inputs) -> None:
    actors = "facts/actors.yml"
    both = vasa.facts[actors].replace(b"aliases: [Jakobsson]", b"aliases: [Jakobsson, Hybertsson]")
    named = replace(vasa, facts={**vasa.facts, actors: both})
    said = found_after(named, LOSS, "about: [henrik-hybertsson]", "about: [vasa]")
    assert "12:15 name-not-in-about add the right one to 'about'" in said


@pytest.mark.slow
def test_check_with_source_text(vasa: Inputs) -> None:
    assert check(vasa, {"account": ACCOUNT}).problems == ()
    taken = found_after(
        vasa,
        LOSS,
        "For most historians the ship was top-heavy",
        "Most historians hold that the ship was top-heavy",
        account=ACCOUNT,
    )
    assert [line.split()[:2] for line in taken] == [["48:15", "copied"]]
    turned = found_after(
        vasa, LOSS, '"nobody could have told the king"', '"nobody could have the told king"', account=ACCOUNT
    )
    assert [line.split()[:2] for line in turned] == [["61:38", "misquoted"]]
    other = check(vasa, {"account": ACCOUNT.replace("1990", "1991")}).problems
    assert [(problem.code, problem.place[:3]) for problem in other] == [
        ("text-mismatch", ("facts/pins/account.yml", 6, 9))
    ]
    last = " ".join(ACCOUNT.split()[-8:])
    ended = found_after(vasa, LOSS, "Water came in through the open gunports.", last, account=ACCOUNT)
    assert "copied" in {line.split()[1] for line in ended}
    assert [problem.code for problem in check(vasa, {"acount": ACCOUNT}).problems] == ["unknown-source"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The ship sank in 1628.\n", "1:18 uncited-number"),
        ("Built for Gustavus Adolphus.\n", "1:11 uncited-name"),
        ("[In 1628](f/sinking.md) it sank.\n", ""),
        ("a\n\n---\n\nIn 1628.\n\n---\n", "5:4 uncited-number"),
        ("`1628` and <b title='1628'>bold</b> and\n\n```\n1628\n```\n", ""),
        ("{# 1628 #}{{ 1628 }}\n", ""),
    ],
)
def test_facts_in_hand_written_pages_are_reported(vasa: Inputs, text: str, wanted: str) -> None:
    problems = check(replace(vasa, markdown_pages={"about.md": text})).problems
    said = [f"{p.place.line}:{p.place.column} {p.code}" for p in problems]
    assert said == ([wanted] if wanted else [])
    in_template = check(replace(vasa, templates={**vasa.templates, "views.md.j2": text})).problems
    assert [p.place.file for p in in_template] == (["templates/views.md.j2"] if wanted else [])


def test_unused_allowance_is_reported(vasa: Inputs) -> None:
    head = "facts/briefing.yml"
    allowed = "topics: [loss, afterlife]\nallowed:\n  - text: ISO 9999\n    because: A standard."
    assert found_after(vasa, head, "topics: [loss, afterlife]", allowed) == ["7:5 unused-allowance delete the entry"]
    with_page = replace(vasa, markdown_pages={"about.md": "Written after ISO 9999.\n"})
    assert found_after(with_page, head, "topics: [loss, afterlife]", allowed) == []


def test_pins_are_reproducible(vasa: Inputs) -> None:
    briefing = check(vasa).briefing
    fresh = repin(briefing, briefing.source_by_id["account"], ACCOUNT)
    assert fresh.text.encode() == vasa.facts["facts/pins/account.yml"]
    assert (fresh.changed, fresh.look_at) == ((), ())


@pytest.mark.parametrize("folder", [ROOT, VASA])
def test_pin_contains_no_text(folder: Path) -> None:
    """It contains only keys, hashes and the ids of facts to review."""
    line = re.compile(r"format: 2|source: [a-z0-9-]+|language: [a-z]*|(salt|digest): [0-9a-f]+|look_at: \[.*\]|parts:")
    inner = re.compile(
        r"  - number: \d+|    digest: [0-9a-f]{16}|    (words|stems|denied|only|near|beside|said|phrases): >-"
        r"|      [0-9a-f]{8}( [0-9a-f]{8})*"
    )
    pins = sorted((folder / "facts" / "pins").glob("*.yml"))
    assert pins
    for pin in pins:
        first, *others = pin.read_text(encoding="utf-8").splitlines()
        assert first.startswith("# Fingerprint of the source")
        assert [text for text in others if not line.fullmatch(text) and not inner.fullmatch(text)] == []


def test_hashes_do_not_reveal_word_order() -> None:
    for part in fresh_parts(ACCOUNT, "salt", "en"):
        for hashes in part.sets().values():
            assert hashes.split() == sorted(hashes.split())


def test_the_sign_of_a_currency_is_a_word() -> None:
    (signs,), (in_words,) = (fresh_parts(text, "salt", "en") for text in ("It cost $4.8.", "It cost 4.8 dollars."))
    assert signs.words == in_words.words


def test_swapped_words_change_only_the_digest() -> None:
    turned = ACCOUNT.replace("a Swedish warship", "a warship Swedish")
    assert text_digest(turned) != text_digest(ACCOUNT)
    before, after = fresh_parts(ACCOUNT, "salt", "en"), fresh_parts(turned, "salt", "en")
    assert before[0].digest != after[0].digest
    assert [(p.words, p.stems) for p in before] == [(p.words, p.stems) for p in after]


@pytest.mark.slow
def test_changed_source_needs_review_of_its_facts(tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    text = tmp_path / "account.txt"
    text.write_text(ACCOUNT.replace("died in 1627", "died in the spring of 1627"), encoding="utf-8")
    pin = ["pin", "account", str(text), "--dir", str(folder)]
    done = run_briefing(*pin, "--check")
    assert (done.returncode, done.stdout.splitlines()[:2]) == (
        1,
        ["paragraph 3 has changed", "review hybertsson-died"],
    )
    assert run_briefing("check", str(folder)).returncode == 0, "--check writes nothing"
    assert run_briefing(*pin).returncode == 0
    refused = run_briefing("check", str(folder))
    assert refused.returncode == 1
    assert "facts/pins/account.yml:7:11: error changed-paragraph" in refused.stdout
    assert run_briefing(*pin).returncode == 0, "pinning again keeps the list"
    assert run_briefing("check", str(folder)).returncode == 1
    assert run_briefing("pin", "account", "--seen", "no-such-fact", "--dir", str(folder)).returncode == 2
    assert run_briefing("pin", "account", "--seen", "hybertsson-died", "--dir", str(folder)).returncode == 0
    assert run_briefing("check", str(folder)).returncode == 0
    assert run_briefing(*pin, "--check").returncode == 0


@pytest.mark.parametrize("text", ["one\n\ntwo\n", "one\n***\n", ""])
def test_text_without_one_paragraph_per_line_is_not_pinned(tmp_path: Path, text: str) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    file = tmp_path / "text.txt"
    file.write_text(text, encoding="utf-8")
    done = run_briefing("pin", "account", str(file), "--dir", str(folder))
    assert (done.returncode, "no words" in done.stderr) == (2, True)


def test_broken_pin_is_not_overwritten_or_used(tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    pin = folder / "facts" / "pins" / "account.yml"
    pin.write_text(pin.read_text() + "<<<<<<< theirs\n", encoding="utf-8")
    done = run_briefing("pin", "account", str(VASA / "account.txt"), "--dir", str(folder))
    assert (done.returncode, "merge-conflict" in done.stderr) == (1, True)
    done = run_briefing("coverage", str(folder))
    assert (done.returncode, "merge-conflict" in done.stderr) == (1, True)


def test_coverage_lists_uncited_paragraphs(tmp_path: Path) -> None:
    done = run_briefing("coverage", str(VASA))
    assert done.returncode == 0
    assert (
        done.stdout == "account: 9 of 10 paragraphs cited, 1 declared unused, 0 open: 100 %\n  paragraph 6: a heading\n"
        "16 facts: 15 by pinned text, 0 by quotations, 1 by citations only\n"
    )
    folder = copy_briefing(VASA, tmp_path / "vasa")
    sources = folder / "facts" / "sources.yml"
    sources.write_text(sources.read_text().replace("  not_used:\n    - parts: 6\n      because: a heading\n", ""))
    done = run_briefing("coverage", str(folder))
    assert (done.returncode, done.stdout.splitlines()[1]) == (1, "  paragraph 6: OPEN")


@pytest.mark.slow
def test_treaty_briefing_is_fully_covered() -> None:
    done = run_briefing("coverage", cwd=ROOT)
    assert done.returncode == 0, done.stdout
    assert ", 0 open: 100 %" in done.stdout


def test_verbose_prints_each_comparison() -> None:
    done = run_briefing("check", "-v", str(VASA))
    assert "  sinking: account:4 scores " in done.stdout


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("twenty", {"20"}),
        ("20-year", {"20-year", "20", "year"}),
        ("twenty-five", {"25"}),
        ("1,300", {"1300"}),
        ("1980s", {"1980s"}),
        ("First", {"1st"}),
        ("7 per cent", {"7", "%"}),
        ("7%", {"7", "%"}),
        ("Türkiye’s", {"turkiye"}),
        ("A ﾞ ʼ", {"a"}),
        ("AL‑ASSAD", {"al-assad", "al", "assad"}),
    ],
)
def test_normal_forms(text: str, wanted: set[str]) -> None:
    assert forms(text) == wanted


@pytest.mark.slow
@given(st.text(max_size=80))
def test_word_offsets_match_the_text(text: str) -> None:
    for word in words(text):
        assert text[word.start : word.start + len(word.text)] == word.text
        assert all(word.forms)


@given(st.text(max_size=200))
def test_any_text_can_be_pinned(text: str) -> None:
    parts = fresh_parts(text, "salt", "en")
    assert [part.number for part in parts] == list(range(1, len(split_parts(text)) + 1))


def test_longest_name_wins(vasa: Inputs) -> None:
    names = Names(check(vasa).briefing.entities)
    found = names.within("The Vasa Museum shows the Vasa, not the wreck or the vasa of Gustavus Adolphus.")
    assert [(name.text, sorted(name.entities)) for name in found] == [
        ("Vasa Museum", ["vasa-museum"]),
        ("Vasa", ["vasa"]),
        ("Gustavus Adolphus", ["gustav-ii-adolf"]),
    ]


def test_acronym_is_case_sensitive_and_may_start_a_text(vasa: Inputs) -> None:
    (sweden, *_) = check(vasa).briefing.actors
    names = Names([sweden.model_copy(update={"name": "US", "metonyms": ()})])
    assert [name.start for name in names.within("US ships came; Us too, say the US.")] == [0, 31]


def test_publisher_does_not_name_the_entities_in_its_name(vasa: Inputs) -> None:
    """A publisher that is itself an entity, and a name beside that of a publisher, still count."""
    briefing = check(vasa).briefing
    names = Names(briefing.entities, ["Sweden Today", "Vasa Museum", "Stockholm"])
    found = names.within("Sweden Today says that Sweden gave the Vasa Museum of Stockholm a roof.")
    assert [name.text for name in found] == ["Sweden", "Vasa Museum", "Stockholm"]


@pytest.mark.parametrize(
    ("paragraph", "name", "others", "is_missing"),
    [
        ("He left a widow.", "Hybertsson", "", False),
        ("The yard left a widow.", "Hybertsson", "", True),
        ("He left a widow.", "Fred Hocker", "", True),
        ("The yard left a widow.", "Fred Hocker", "Fred Hocker", False),
    ],
)
def test_a_paragraph_may_imply_a_name(paragraph: str, name: str, others: str, is_missing: bool, vasa: Inputs) -> None:
    """A pronoun implies a person named just before, and a name that most paragraphs have is implied in all."""
    lines = ACCOUNT.splitlines()
    lines = [*lines[:3], paragraph, *(f"{others} {line}" for line in lines[4:])]
    briefing = check(vasa).briefing
    pin = repin(briefing, briefing.source_by_id["account"], "\n".join(lines)).text
    id = "fred-hocker" if name == "Fred Hocker" else "henrik-hybertsson"
    fact = f"      - id: widow\n        says: {name} left a widow.\n        about: [{id}]\n        cite: account:4\n"
    topic = vasa.facts["facts/topics/loss.yml"].replace(b"      - id: deaths", f"{fact}      - id: deaths".encode())
    facts = {**vasa.facts, "facts/pins/account.yml": pin.encode(), "facts/topics/loss.yml": topic}
    codes = {problem.code for problem in check(replace(vasa, facts=facts)).problems if problem.subject == "widow"}
    assert ("not-in-source" in codes) == is_missing
