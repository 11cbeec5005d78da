"""In another language no text beside the pages has an English label, and every such text is in the catalogue."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.resources import files
from io import BytesIO
from xml.etree import ElementTree

import icalendar
import pytest
from babel.messages.pofile import read_po
from injection import Attack
from lxml.html import document_fromstring

from briefing.compile import Inputs, Outcome, compile
from briefing.exports.catalog import download_specs
from briefing.exports.edition import Revision
from briefing.model import routes
from briefing.model.history import Change, FieldChange, History
from briefing.model.history import Revision as Changed
from briefing.model.records import Fact
from briefing.pages.single_file import Assets, render_single_file, title_page
from briefing.rules.comparisons import Report
from briefing.text.language import PSEUDO_TAG
from briefing.views.search_index import findables

# Facts are in another script, so that every Latin word is a label.
WORD = "слово "
SITE = "https://briefing.test/x/"
REVISION = Revision(commit="0123abc", date="2026-11-23T10:11:12Z", modified=False)
# One change of each kind, to each kind of record and to every sort of field.
CHANGES = (
    Change("added", "fact", "sinking", WORD),
    Change("changed", "fact", "raised", WORD, fields=(
        FieldChange("says", (WORD,), (f"{WORD}2",)),
        FieldChange("when", (), ("1961-04-24",)),
        FieldChange("kind", (), ("analysis",)),
        FieldChange("credibility", ("2",), ("3",)),
        FieldChange("cite", ("account:1",), ("account:2", "museum")),
        FieldChange("about", ("sweden",), ()),
    )),
    Change("changed", "fact", "top-heavy", WORD, fields=(FieldChange("also", (), ("loss",)),)),
    Change("retired", "fact", "hull-settles", WORD, fields=(FieldChange("retired", (), (WORD,)),)),
    Change("renamed", "actor", "sweden", WORD, was="svea"),
    *(Change("removed", kind, "gone", WORD) for kind in ("source", "actor", "place", "term", "judgment", "question")),
)  # fmt: skip
HISTORY = History((Changed(REVISION.date, tuple(replace(change, when=REVISION.date) for change in CHANGES)),))
FORMATS = {"BibTeX", "CSL-JSON", "APA", "Chicago", "MLA"}
# APA, Chicago and MLA have English conventions in every language.
STYLES = {"Version", "version", "November", "Nov", "and"}


@pytest.fixture(scope="module")
def pseudo(vasa: Inputs) -> Outcome:
    facts = Attack(harmless=WORD).facts(vasa.facts)
    head = json.loads(facts["facts/briefing.yml"])
    # The briefing's own labels are in no other script.
    del head["messages"]
    facts["facts/briefing.yml"] = json.dumps({**head, "language": PSEUDO_TAG}).encode()
    inputs = replace(vasa, facts=facts, markdown_pages={}, address=SITE, revision=REVISION, history=HISTORY)
    outcome = compile(inputs, past=True)
    assert outcome.edition
    return outcome


def _english(texts: Iterable[str], allowed: Iterable[str] = ()) -> list[str]:
    """Return the English words in texts, and check that there is a translated one, too."""
    together = " ".join(texts)
    assert re.search("[áéíóúñ]", together)
    # Addresses and hashes are not words.
    words = re.findall(r"[A-Za-z][A-Za-z-]+", re.sub(r"https?://\S+|[0-9a-f]{12,}|briefing\.test/\S*", "", together))
    return sorted(set(words) - set(allowed))


def _file(outcome: Outcome, path: str) -> bytes:
    return next(file.data for file in outcome.files if file.path == path)


@pytest.mark.slow
def test_feed(pseudo: Outcome) -> None:
    root = ElementTree.fromstring(_file(pseudo, routes.FEED))
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == PSEUDO_TAG
    names = ("title", "name", "content")
    texts = [element.text or "" for element in root.iter() if element.tag.rpartition("}")[2] in names]
    # Ids are the facts' own.
    ids = {change.id for change in CHANGES} | {change.was for change in CHANGES}
    assert _english((document_fromstring(f"<p>{text}</p>").text_content() for text in texts), ids) == []


@pytest.mark.slow
def test_calendar(pseudo: Outcome) -> None:
    calendar = icalendar.Calendar.from_ical(_file(pseudo, routes.EVENTS))
    texts = [str(calendar["X-WR-CALNAME"])]
    for event in calendar.events:
        texts += [str(event["SUMMARY"]), str(event["DESCRIPTION"]), *event.categories]
        languages = {event[name].params["LANGUAGE"] for name in ("SUMMARY", "DESCRIPTION", "CATEGORIES")}
        assert languages == {PSEUDO_TAG}
    assert _english(texts) == []


@pytest.mark.slow
def test_citation_boxes(pseudo: Outcome) -> None:
    boxes = [cite for page in pseudo.pages if isinstance(cite := page.head.get("cite"), dict)]
    labels = [text for box in boxes for text in (box["title"], box["edition"])]
    forms = [form for box in boxes for form in box["forms"]]
    labels += [form["name"] for form in forms]
    assert _english(labels, FORMATS) == []
    translated = [form["text"] for form in forms if form["name"] not in FORMATS]
    assert _english(translated) == []
    styled = (form["text"] for form in forms if form["name"] in ("APA", "Chicago", "MLA"))
    assert _english(styled, STYLES) == []
    items = [item for form in forms if form["name"] == "CSL-JSON" for item in json.loads(form["text"])]
    assert _english(item.get("note", "") for item in items) == []


def _list_of_downloads(outcome: Outcome) -> Iterator[str]:
    assert outcome.edition
    for spec in download_specs(outcome.briefing, outcome.edition, Report()):
        yield from (spec.holds, spec.count, spec.head, spec.note)
        yield from (meaning for _, meaning in spec.dictionary)


@pytest.mark.slow
def test_list_of_downloads(pseudo: Outcome) -> None:
    assert _english(_list_of_downloads(pseudo), FORMATS) == []


@pytest.mark.slow
def test_search_index(pseudo: Outcome) -> None:
    entries = findables(pseudo.briefing, {})
    texts = [text for entry in entries for text in (entry.label, entry.title, entry.within, entry.who, entry.text)]
    texts += [name for entry in entries for name in entry.names]
    assert _english(texts) == []


@pytest.mark.slow
def test_single_file(pseudo: Outcome) -> None:
    assert pseudo.edition
    title = title_page(pseudo.briefing, pseudo.edition)
    document = document_fromstring(render_single_file(title, [], Assets()))
    assert (document.get("lang"), document.get("dir")) == (PSEUDO_TAG, "rtl")
    assert _english([document.text_content(), *title.lines]) == []


@pytest.mark.slow
def test_list_of_downloads_is_in_the_catalogue(vasa: Inputs) -> None:
    """The pseudo-language translates any text, a real one only those that are extracted."""
    catalogue = read_po(BytesIO((files("briefing") / "locale" / "messages.pot").read_bytes()))
    known = {form for message in catalogue for form in (message.id if isinstance(message.id, tuple) else [message.id])}
    outcome = compile(replace(vasa, address=SITE), past=True)
    assert outcome.edition
    specs = download_specs(outcome.briefing, outcome.edition, Report())
    texts = {text for spec in specs for text in (spec.holds, spec.note, *(meaning for _, meaning in spec.dictionary))}
    # The fields that an editor writes are described in English, for editors.
    for_editors = {field.description for field in Fact.model_fields.values()}
    assert sorted(texts - known - for_editors - {""}) == []
