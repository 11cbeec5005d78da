"""Evidence markers: one number for each fact of a page, names that say what the fact says, and notes for paper."""

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from support import OutcomeOf

from briefing.compile import Inputs, Outcome, check, compile
from briefing.text.markdown_html import parse_markdown, plain_text
from briefing.views.home import brief
from briefing.views.statement import EvidenceMark, Note, sentence
from briefing.views.topic import TopicPage, topic_page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LOSS = "facts/topics/loss.yml"


@pytest.fixture(params=["treaty", "vasa"])
def outcome(request: pytest.FixtureRequest, compiled: OutcomeOf) -> Outcome:
    return compiled(request.param)


def _marks(outcome: Outcome) -> list[tuple[list[EvidenceMark], tuple[Note, ...]]]:
    """Return the marks of each page with numbers, in reading order, and its notes."""
    home = brief(outcome.briefing)
    views = [
        (home.bottom_line, [home.profile] if home.profile else [], home.notes),
        *((page.bottom_line, page.tables, page.notes) for page in _topics(outcome)),
    ]
    return [
        (
            [
                *(mark for answer in bottom_line for mark in answer.evidence),
                *(mark for table in tables for row in table.rows for cell in row for mark in cell.evidence),
            ],
            notes,
        )
        for bottom_line, tables, notes in views
    ]


def _topics(outcome: Outcome) -> list[TopicPage]:
    return [topic_page(outcome.briefing, topic) for topic in outcome.briefing.topics]


def _page(outcome: Outcome, path: str) -> "HtmlElement":
    return parse_markdown(next(page.body for page in outcome.pages if page.path == path))


def test_a_fact_has_one_number_on_a_page(outcome: Outcome) -> None:
    for marks, notes in _marks(outcome):
        first = {mark.path: mark.number for mark in reversed(marks)}
        assert all(first[mark.path] == mark.number for mark in marks)
        in_order = dict.fromkeys(mark.number for mark in marks)
        assert list(in_order) == [str(number) for number in range(1, len(first) + 1)], "continuous, in reading order"
        assert [(note.number, note.path) for note in notes] == list({m.number: m.path for m in marks}.items())


def test_notes_resolve_the_numbers_of_a_printed_page(outcome: Outcome) -> None:
    page = _page(outcome, "index.md")
    home = brief(outcome.briefing)
    shown = page.xpath("//section[@class='notes']//li")
    for note, item in zip(home.notes, shown[: len(home.notes)], strict=True):
        text = plain_text(item)
        assert note.says in text
        assert text.endswith(note.address), "the address of the fact's page"
        for source in note.sources:
            assert source.text in text
            assert source.url in text
            assert source.read in text


@pytest.mark.slow
def test_every_marker_of_a_page_has_one_note_with_its_source(outcome: Outcome) -> None:
    facts, sources = outcome.briefing.fact_by_id, outcome.briefing.source_by_id
    # Pages of the same kind have the same template, so three of each are enough.
    kinds: dict[str, list[str]] = {}
    for printed in outcome.pages:
        kinds.setdefault(printed.path.rpartition("/")[0], []).append(printed.path)
    for path in [path for paths in kinds.values() for path in paths[: 3 if "/" in paths[0] else None]]:
        page = _page(outcome, path)
        notes = page.xpath("//section[contains(@class, 'notes')]//li")
        assert [note.findtext("span") for note in notes] == [str(number + 1) for number in range(len(notes))]
        note_of = {note.findtext("span"): note for note in notes}
        markers = page.xpath("//a[contains(concat(' ', @class, ' '), ' ref ')]")
        numbers = [marker.get("data-note") or marker.text for marker in markers]
        assert set(numbers) == set(note_of), path
        for marker, number in zip(markers, numbers, strict=True):
            fact_id = _fact_id(marker.get("href"))
            assert _fact_id(note_of[number].xpath("a/@href")[0]) == fact_id, path
            for cited in facts[fact_id].cite:
                assert unquote(sources[cited.source].url or "") in unquote(plain_text(note_of[number]))


def test_addresses_in_notes_are_readable_and_remain_valid(vasa: Inputs) -> None:
    old, new = b"https://museum.example/opening?lang=en", b"https://museum.example/%C3%B6ppet%20nu/%E2%80%8C%C3%A5r%E0"
    changed = replace(vasa, facts={file: text.replace(old, new) for file, text in vasa.facts.items()})
    briefing = check(changed).briefing
    (source,) = sentence(briefing, briefing.fact_by_id["museum-opening-day"]).sources
    assert source.url == "https://museum.example/öppet%20nu/%E2%80%8Cår%E0&part=(1)"


@pytest.mark.slow
def test_a_marker_names_its_source_if_several_are_analysed(vasa: Inputs) -> None:
    more = vasa.facts["facts/briefing.yml"].replace(b"based_on: [account]", b"based_on: [account, museum]")
    pages = [
        _page(compile(Inputs({**vasa.facts, "facts/briefing.yml": text}, vasa.templates), past=True), "loss.md")
        for text in (vasa.facts["facts/briefing.yml"], more)
    ]
    labels = [{link.text for link in page.xpath("//ul//a[contains(@class, 'ref-base')]")} for page in pages]
    assert "\xb62" in labels[0]
    assert {f"Harbour Papers {label}" for label in labels[0]} <= labels[1]
    assert not any(label.startswith("\xb6") for label in labels[1])


@pytest.mark.slow
def test_a_note_beside_its_sentence_does_not_repeat_it(vasa: Inputs) -> None:
    page = _page(compile(vasa, past=True), "loss.md")
    numbered, others = (page.xpath(f"//section[@class='notes']//li[{test}]") for test in ("not(@class)", "@class"))
    assert numbered
    assert others
    facts = check(vasa).briefing.fact_by_id
    assert all(facts[_fact_id(note.xpath("a/@href")[0])].says in plain_text(note) for note in numbered)
    for note in others:
        assert facts[_fact_id(note.xpath("a/@href")[0])].says not in plain_text(note)


def _fact_id(href: str) -> str:
    return href.removesuffix("/").removesuffix(".md").rpartition("/")[2]


@pytest.mark.slow
def test_every_evidence_link_is_named_after_its_fact(outcome: Outcome) -> None:
    facts = outcome.briefing.fact_by_id
    for path in ("index.md", f"{outcome.briefing.topics[0].id}.md", "timeline.md", "disputed.md", "places.md"):
        links = _page(outcome, path).xpath("//a[contains(@class, 'ref')]")
        assert links, path
        for link in links:
            label = link.text_content()
            fact = facts[_fact_id(link.get("href"))]
            start = f"Evidence {label}: "
            assert link.get("aria-label").startswith(start)
            assert fact.says.startswith(link.get("aria-label").removeprefix(start).removesuffix("…")), path


@pytest.mark.slow
def test_a_name_may_contain_markup(vasa: Inputs) -> None:
    text = vasa.facts[LOSS].replace(b"Gustav II Adolf ordered", b"Gustav \"II\" Adolf [*so* _called_] 'ordered'")
    outcome = compile(Inputs({**vasa.facts, LOSS: text}, vasa.templates, vasa.markdown_pages), past=True)
    links = _page(outcome, "index.md").xpath("//a[contains(@class, 'num')]/@aria-label")
    assert any("Gustav \"II\" Adolf [*so* _called_] 'ordered' the Vasa" in name for name in links)


@pytest.mark.slow
def test_no_line_has_a_number_alone(compiled: OutcomeOf) -> None:
    for path in ("index.md", "treaty.md"):
        for cell in _page(compiled("treaty"), path).xpath("//*[a[contains(@class, 'num')]]"):
            links = cell.xpath("a[contains(@class, 'num')]")
            before = [(links[0].getprevious().tail if links[0].getprevious() is not None else cell.text)]
            before += [link.tail for link in links[:-1]]
            assert before[0].endswith("\xa0"), "with the word before it"
            assert before[-1].endswith("\xa0"), "with the number before it"


@pytest.mark.slow
def test_a_cell_that_is_not_known_has_no_evidence(compiled: OutcomeOf) -> None:
    cells = [
        cell for page in _topics(compiled("treaty")) for table in page.tables for row in table.rows for cell in row
    ]
    unknown = [cell for cell in cells if cell.says == "Not known"]
    assert unknown
    assert not any(cell.evidence for cell in unknown)


def test_the_marks_of_a_cell_follow_its_text(vasa: Inputs) -> None:
    page = topic_page(check(vasa).briefing, check(vasa).briefing.topic_by_id["loss"])
    who, until = page.tables[0].rows[0]
    assert (who.says, [mark.path for mark in who.evidence]) == ("Henrik Hybertsson", ["f/order.md"])
    assert (until.says, [mark.path for mark in until.evidence]) == ("1627", ["f/hybertsson-died.md"])
