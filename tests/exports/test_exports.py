"""Exports match the model: a third-party parser reads each file back."""

import csv
import hashlib
import io
import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bibtexparser  # type: ignore[import-untyped]
import geojson  # type: ignore[import-untyped]
import icalendar
import pytest
import rdflib
from bibtexparser.bparser import BibTexParser  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator  # type: ignore[import-untyped]
from playwright.sync_api import Page as BrowserPage
from support import HISTORY, REVISION, ROOT, SITE, VASA, OutcomeOf, Shared, compile_once, copy_briefing, faults

from briefing.compile import Inputs, Outcome, check, compile
from briefing.evidence.detection import detection
from briefing.exports import bibliography
from briefing.exports import csv as table
from briefing.exports import icalendar as events
from briefing.exports.bibliography import Work, apa, bibtex, chicago, csl, mla
from briefing.exports.edition import Revision
from briefing.exports.geojson import split_at_antimeridian
from briefing.exports.json_records import FactRecord
from briefing.model import routes
from briefing.model.records import BriefingHead, Fact, Source
from briefing.pages.templates import Page, escape
from briefing.project.reader import read_inputs
from briefing.text.edtf import parse_edtf
from briefing.text.language import ENGLISH, PSEUDO_TAG

SUBJECTS = ["treaty", "vasa"]
SCHEMA_ORG = "https://schema.org/"


@dataclass(frozen=True)
class Exported:
    outcome: Outcome
    files: dict[str, bytes]

    @property
    def facts(self) -> tuple[Fact, ...]:
        return self.outcome.briefing.facts

    def json(self, path: str) -> Any:
        return json.loads(self.files[path])


def export(inputs: Inputs, site: str = SITE, revision: Revision | None = REVISION) -> Exported:
    return _exported(compile(replace(inputs, address=site, revision=revision, history=HISTORY)))


def _exported(outcome: Outcome) -> Exported:
    assert faults(outcome.problems) == []
    return Exported(outcome, {file.path: file.data for file in outcome.files})


@pytest.fixture(scope="module", params=SUBJECTS)
def exported(request: pytest.FixtureRequest, shared: Shared, compiled: OutcomeOf, vasa: Inputs) -> Exported:
    if request.param == "treaty":  # has this address and history in all tests
        return _exported(compiled("treaty"))
    inputs = replace(vasa, address=SITE, revision=REVISION, history=HISTORY)
    return _exported(compile_once("exported-vasa", inputs, shared)[0])


@pytest.fixture(scope="module")
def hostile(vasa: Inputs) -> Exported:
    """The small briefing with characters that could end a field, start a formula or run as a script."""
    return export(_with(vasa, SAID, source=TITLED))


SAID = """=SUM(A1) will, "quoted"; it's \\ back {brace} 100 % & $5 #1 a_b ~ ^ </script><b> ¶ é 海"""
TITLED = """@Home: {one, "two"; three} \\ % & $ # _ ~ ^ </script> 海"""


def _with(inputs: Inputs, says: str, source: str = "A short account of the Vasa", at: str = "hull-settles") -> Inputs:
    # Leave out the pin, because it does not support the new text. Then no quotation is required, either.
    facts = {file: data for file, data in inputs.facts.items() if "/pins/" not in file}
    for file, data in facts.items():
        text = data.decode()
        if file.endswith("afterlife.yml"):
            text = re.sub(rf"(id: {at}\n\s+says: ).*", lambda found: found[1] + json.dumps(says), text)
        elif file.endswith("sources.yml"):
            text = re.sub(r"\n  not_used:\n.*\n.*", "", text)
            text = text.replace("title: The Vasa Museum on its opening", f"title: {json.dumps(source)}")
        elif file == "facts/briefing.yml":
            text = re.sub(r"\nevidence: .*", "", text)
        facts[file] = text.encode()
    return replace(inputs, facts=facts)


# --- all planned files, reproducibly


def test_planned_files_are_exported(exported: Exported) -> None:
    planned = [path for path, _ in routes.planned_files(exported.outcome.briefing)]
    assert sorted(exported.files) == sorted(planned)
    assert len(set(planned)) == len(planned)


@pytest.mark.slow
def test_export_is_reproducible(vasa: Inputs) -> None:
    turned = replace(vasa, facts=dict(reversed(list(vasa.facts.items()))))
    assert export(vasa).files == export(turned).files


def test_generated_file_does_not_replace_a_hand_written_one(vasa: Inputs) -> None:
    by_hand = frozenset({"data/facts.json", "f/sinking.json", "assets/brief.png"})
    found = check(replace(vasa, assets=by_hand)).problems
    assert sorted((p.code, p.message.partition(" has")[0]) for p in found) == [
        ("page-path-conflict", "docs/data/facts.json"),
        ("page-path-conflict", "docs/f/sinking.json"),
    ]


def test_conflicts_with_files_in_docs_are_reported(tmp_path: Path) -> None:
    folder = copy_briefing(VASA, tmp_path / "vasa")
    (folder / "docs" / "data").mkdir()
    (folder / "docs" / "data" / "facts.csv").write_text("by hand")
    assert [p.code for p in check(read_inputs(folder)).problems] == ["page-path-conflict"]


# --- JSON


def test_json_facts_match_the_model(exported: Exported) -> None:
    read = {record["id"]: record for record in exported.json(routes.FACTS_JSON)["records"]["facts"]}
    assert list(read) == [fact.id for fact in exported.facts]
    briefing = exported.outcome.briefing
    for fact in exported.facts:
        record = read[fact.id]
        assert dict(Fact.model_validate({name: record[name] for name in Fact.model_fields})) == dict(fact)
        assert record["topic"] == briefing.topic_of[fact.id].id
        assert [briefing.fact_by_id[id].id for id in record["corrected_by"]] == [
            other.id for other in exported.facts if fact.id in other.corrects
        ]
        assert record["disputed_by"] == [other.id for other in exported.facts if fact.id in other.disputes]
        own = exported.json(routes.fact_data(fact))
        assert own["fact"] == record
        assert [part["cite"] for part in own["evidence"]] == record["cite"]
        assert [part["source"]["id"] for part in own["evidence"]] == [cited.source for cited in fact.cite]
        assert own["page"] == f"{SITE}f/{fact.id}/"


def test_json_records_match_the_model(exported: Exported) -> None:
    records, briefing = exported.json(routes.FACTS_JSON)["records"], exported.outcome.briefing
    for name in ("sources", "actors", "places", "terms"):
        for written, read in zip(getattr(briefing, name), records[name], strict=True):
            assert type(written).model_validate(read).model_dump() == written.model_dump()
    assert briefing.head
    assert BriefingHead.model_validate(records["briefing"]).model_dump() == briefing.head.model_dump()
    for topic, read in zip(briefing.topics, records["topics"], strict=True):
        assert [fact.id for section in topic.sections for fact in section.facts] == [
            id for section in read["sections"] for id in section["facts"]
        ]


def test_json_envelope_has_metadata_and_content_hash(exported: Exported) -> None:
    whole, head = exported.json(routes.FACTS_JSON), exported.outcome.briefing.head
    assert head
    assert (whole["format"], whole["title"], whole["site"]) == ("1", head.title, SITE)
    assert whole["license"] == ({"name": head.license.name, "url": head.license.url} if head.license else None)
    assert whole["revision"] == {"commit": "0123abc", "date": "2026-11-23T10:11:12Z", "modified": False}
    canonical = json.dumps(whole["records"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert whole["content_hash"] == f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"
    assert ".0," not in canonical, "integers have no decimal point"


@pytest.mark.slow
def test_hash_depends_only_on_content(vasa: Inputs) -> None:
    def hashed(inputs: Inputs, site: str = SITE, revision: Revision | None = None) -> str:
        return str(export(inputs, site, revision).json(routes.FACTS_JSON)["content_hash"])

    assert hashed(vasa) == hashed(vasa, "", REVISION)
    assert hashed(_with(vasa, "The hull will settle.")) != hashed(_with(vasa, "The hull will sink."))


@pytest.mark.slow
def test_schemas_validate_their_files_and_describe_every_field(exported: Exported) -> None:
    for path, data in (
        (routes.FACTS_SCHEMA, routes.FACTS_JSON),
        (routes.PLACES_SCHEMA, routes.PLACES_GEOJSON),
        (routes.CHECKS_SCHEMA, routes.CHECKS_JSON),
    ):
        _fits(exported, path, [data])
    _fits(exported, routes.FACT_SCHEMA, [routes.fact_data(fact) for fact in exported.facts])


def _fits(exported: Exported, schema: str, files: list[str]) -> None:
    read = exported.json(schema)
    Draft202012Validator.check_schema(read)
    validator = Draft202012Validator(read)
    for file in files:
        assert [error.message for error in validator.iter_errors(exported.json(file))] == []
    # Which fields the schema refuses or requires does not depend on the file.
    whole = exported.json(files[0])
    assert not validator.is_valid({**whole, "more": 1})
    assert list(validator.iter_errors({name: value for name, value in whole.items() if name != "content_hash"}))
    for kind in (read, *read["$defs"].values()):
        assert kind["description"]
        assert [name for name, field in kind["properties"].items() if not field.get("description")] == []


@pytest.mark.slow
def test_schema_rejects_invalid_facts(vasa: Inputs) -> None:
    made = export(vasa)
    validator = Draft202012Validator(made.json(routes.FACT_SCHEMA))
    whole = made.json("f/sinking.json")
    faults: list[dict[str, Any]] = [
        {"cite": []},
        {"cite": ["No Source"]},
        {"id": "Not An Id"},
        {"kind": "rumour"},
        {"when": 1628},
    ]
    for wrong in faults:
        assert list(validator.iter_errors({**whole, "fact": {**whole["fact"], **wrong}})), wrong


# --- CSV


def _rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))


def test_csv_matches_json(exported: Exported) -> None:
    data = exported.files[routes.FACTS_CSV]
    rows = _rows(data)
    records = exported.json(routes.FACTS_JSON)["records"]["facts"]
    assert len(rows) == len(records) == len(exported.facts)
    described = {
        column["name"]: column for column in exported.json(routes.FACTS_CSV_METADATA)["tableSchema"]["columns"]
    }
    assert list(rows[0]) == list(described)
    assert {*FactRecord.model_fields} < {*described}
    assert all(column["dc:description"] for column in described.values())
    for row, record in zip(rows, records, strict=True):
        for name, value in record.items():
            cell = row[name].removeprefix("'")
            if name == "cite":
                assert len(cell.split(" ")) == len(value)
            elif isinstance(value, list):
                assert (cell.split(described[name]["separator"]) if cell else []) == value
            else:
                assert cell == (value or "")
        assert row["page"] == f"{SITE}f/{record['id']}/"
    lines = re.sub(rb'"[^"]*"', b"", data).split(b"\r\n")
    assert len(lines) == len(rows) + 2
    assert lines[-1] == b""
    assert not any(b"\n" in line or b"\r" in line for line in lines)


@pytest.mark.slow
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"])))
def test_escaped_cell_is_not_a_formula_and_can_be_unescaped(text: str) -> None:
    cell = table.escape_formula(text)
    assert cell[:1] not in {*"=+-@\t\r＝＋－＠"}
    assert cell.removeprefix("'") == text


@pytest.mark.slow
@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_formula_in_a_fact_is_escaped_in_csv(vasa: Inputs, sign: str) -> None:
    says = f'{sign}HYPERLINK("https://evil.example","open"), he will say'
    row = _row(export(_with(vasa, says)), "hull-settles")
    assert row["says"] == f"'{says}"


def _row(made: Exported, id: str) -> dict[str, str]:
    return next(row for row in _rows(made.files[routes.FACTS_CSV]) if row["id"] == id)


# --- JSON-LD


def test_jsonld_facts_match_the_model(exported: Exported) -> None:
    briefing = exported.outcome.briefing
    graph = _graph(exported.files[routes.FACTS_JSONLD])
    word = rdflib.Namespace(SCHEMA_ORG)
    assert {*graph.subjects(rdflib.RDF.type, word.Claim)} == {_node(routes.fact(fact)) for fact in exported.facts}
    for fact in exported.facts:
        node = _node(routes.fact(fact))
        assert {str(name) for name in graph.objects(node, word.name)} == {fact.says}
        assert {str(id) for id in graph.objects(node, word.identifier)} == {fact.id}
        assert {str(when) for when in graph.objects(node, word.temporalCoverage)} == (
            {fact.when.text} if fact.when else set()
        )
        assert {*graph.objects(node, word.author)} == (
            {_node(routes.entity(briefing.entity_by_id[fact.by]))} if fact.by else set()
        )
        assert {*graph.objects(node, word.about)} == {
            _node(routes.entity(briefing.entity_by_id[id])) for id in fact.about
        }
        cited = set()
        for work in graph.objects(node, word.appearance):
            whole = graph.value(work, word.isPartOf, default=work)
            cited.add((str(graph.value(whole, word.identifier)), str(graph.value(work, word.position) or "")))
        assert cited == {(citation.source, citation.part) for citation in fact.cite}
    for source in briefing.sources:
        assert str(graph.value(_node(routes.source(source.id)), word.name)) == source.title
    report = next(graph.subjects(rdflib.RDF.type, word.Report))
    assert len({*graph.objects(report, word.hasPart)}) == len(exported.facts)
    rated = {str(term).removeprefix(SCHEMA_ORG) for triple in graph for term in triple[1:]}
    assert not rated & {"ClaimReview", "reviewRating", "Rating", "ratingValue"}


# The schema.org types that we use with their parent types, and the properties that each type adds.
_PARENTS = {
    "Report": "Article",
    "Article": "CreativeWork",
    "Claim": "CreativeWork",
    "Quotation": "CreativeWork",
    "CreativeWork": "Thing",
    "Country": "AdministrativeArea",
    "AdministrativeArea": "Place",
    "Place": "Thing",
    "Person": "Thing",
    "Organization": "Thing",
    "ContactPoint": "Intangible",
    "DefinedTerm": "Intangible",
    "Intangible": "Thing",
}
_PROPERTIES = {
    "Thing": "alternateName description identifier name url",
    "CreativeWork": (
        "about author citation creativeWorkStatus dateModified datePublished hasPart isPartOf license position"
        " inLanguage publisher temporalCoverage text version"
    ),
    "Claim": "appearance",
    "ContactPoint": "email",
    "Organization": "contactPoint",
    "Person": "familyName givenName",
}


def _find_misplaced(value: object) -> Iterator[str]:
    """Yield each property of a JSON-LD value that its type does not have."""
    if isinstance(value, list):
        for item in value:
            yield from _find_misplaced(item)
    elif isinstance(value, dict):
        known: set[str] = set()
        kind = value.get("@type", "")
        while kind:
            known.update(_PROPERTIES.get(kind, "").split())
            kind = _PARENTS.get(kind, "")
        yield from (f"{value.get('@type')}.{name}" for name in value if name[0] != "@" and name not in known)
        for inner in value.values():
            yield from _find_misplaced(inner)


def test_jsonld_properties_belong_to_their_types(exported: Exported) -> None:
    """This covers the whole graph and every page."""
    pages = [json.loads(str(page.head["jsonld"])) for page in exported.outcome.pages if "jsonld" in page.head]
    assert len(pages) > len(exported.facts)
    graph = exported.json(routes.FACTS_JSONLD)["@graph"]
    assert sorted({*_find_misplaced(pages), *_find_misplaced(graph)}) == []


@pytest.mark.slow
def test_people_are_exported_with_their_family_names(vasa: Inputs) -> None:
    graph = export(vasa).json(routes.FACTS_JSONLD)["@graph"]
    (hocker,) = (node for node in graph if node.get("identifier") == "fred-hocker")
    assert (hocker["@type"], hocker["familyName"], hocker["givenName"]) == ("Person", "Hocker", "Fred")
    (report,) = (node for node in graph if node["@type"] == "Report")
    assert report["author"] == [
        {"@type": "Person", "name": "Ann Smith", "familyName": "Smith", "givenName": "Ann"},
        {"@type": "Person", "name": "Bo Lee"},
    ]


def _graph(data: bytes) -> rdflib.Graph:
    with warnings.catch_warnings():  # the library uses a class that it has deprecated
        warnings.simplefilter("ignore", DeprecationWarning)
        return rdflib.Graph().parse(data=data, format="json-ld", publicID=f"{SITE}{routes.FACTS_JSONLD}")


def _node(path: str) -> rdflib.URIRef:
    file, hash, fragment = path.partition("#")
    return rdflib.URIRef(f"{SITE}{routes.address(file)}/{hash}{fragment}")


@pytest.mark.slow
def test_jsonld_without_site_url_is_valid(vasa: Inputs) -> None:
    made = export(vasa, site="")
    graph = _graph(made.files[routes.FACTS_JSONLD])
    claims = {*graph.subjects(rdflib.RDF.type, rdflib.URIRef(f"{SCHEMA_ORG}Claim"))}
    assert claims == {_node(routes.fact(fact)) for fact in made.facts}


# --- GeoJSON


def test_geojson_places_match_the_model(exported: Exported) -> None:
    read = geojson.loads(exported.files[routes.PLACES_GEOJSON].decode())
    assert read.is_valid, read.errors()
    briefing = exported.outcome.briefing
    by_id = {feature["id"]: feature for feature in read["features"]}
    assert len(by_id) == len(read["features"])
    located = [place for place in briefing.places if place.position or place.line]
    assert {feature["properties"]["place"] for feature in read["features"]} == {place.id for place in located}
    for place in located:
        for feature in (by_id[id] for id in (place.id, f"{place.id}#route") if id in by_id):
            properties = feature["properties"]
            assert properties["name"] == place.name
            assert properties["facts"] == [fact.id for fact in briefing.current_facts if place.id in fact.about]
            assert properties["standing"] == (place.standing.how if place.standing else None)
            assert properties["as_of"] == (str(place.standing.as_of) if place.standing else None)
        if place.position:
            point = by_id[place.id]
            assert point["geometry"] == {"type": "Point", "coordinates": [place.position.lon, place.position.lat]}
            assert point["properties"]["precision"] == place.position.precision
            assert point["properties"]["position_from"] == place.position.origin
        if place.line:
            route = by_id[f"{place.id}#route"]["geometry"]
            assert [(lat, lon) for lon, lat in route["coordinates"]] == list(place.line)


def test_route_across_the_antimeridian_is_split() -> None:
    assert split_at_antimeridian(((0.0, 170.0), (10.0, -170.0), (10.0, -160.0))).model_dump() == {
        "type": "MultiLineString",
        "coordinates": [[(170.0, 0.0), (180.0, 5.0)], [(-180.0, 5.0), (-170.0, 10.0), (-160.0, 10.0)]],
    }
    westward = split_at_antimeridian(((10.0, -170.0), (0.0, 170.0)))
    assert westward.coordinates == [[(-170.0, 10.0), (-180.0, 5.0)], [(180.0, 5.0), (170.0, 0.0)]]


# --- iCalendar


def _events(data: bytes) -> Iterator[Any]:
    yield from icalendar.Calendar.from_ical(data).walk("VEVENT")


def test_icalendar_events_match_the_model(exported: Exported) -> None:
    data = exported.files[routes.EVENTS]
    read = {str(event["UID"]).removesuffix("@briefing.test"): event for event in _events(data)}
    facts = exported.outcome.briefing.current_facts
    days = {fact.id: fact for fact in facts if fact.when and re.fullmatch(r"\d{4}-\d\d-\d\d", fact.when.text)}
    assert list(read) == list(days)
    for id, fact in days.items():
        event = read[id]
        assert fact.when
        assert event.decoded("DTSTART").isoformat() == fact.when.text
        assert event["DTSTART"].params["VALUE"] == "DATE"
        assert str(event["SUMMARY"]).endswith(fact.says)
        assert (str(event["SUMMARY"]) == fact.says) == (fact.kind == "report")
        assert fact.says in str(event["DESCRIPTION"])
        assert str(event["URL"]) == f"{SITE}f/{id}/"
        assert event.decoded("DTSTAMP").isoformat() == "2026-11-23T10:11:12+00:00"
        assert event.decoded("LAST-MODIFIED") == event.decoded("DTSTAMP")
        documented = " ".join(name for name, _ in events.FIELDS) + " TRANSP"
        assert [name for name in event if name not in documented] == []
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert not icalendar.Calendar.from_ical(data).errors


@pytest.mark.slow
def test_sequence_increases_and_uids_stay(vasa: Inputs) -> None:
    def first(revision: Revision | None, site: str = SITE) -> Any:
        return next(_events(export(vasa, site, revision).files[routes.EVENTS]))

    later = Revision(commit="4567def", date="2026-11-23T10:13:00Z", modified=False)
    assert first(None)["SEQUENCE"] == 0
    assert first(None).decoded("DTSTAMP").isoformat() == "2026-11-01T00:00:00+00:00"
    assert 0 < first(REVISION)["SEQUENCE"] < first(later)["SEQUENCE"] < 2**31
    assert first(REVISION)["UID"] == first(later)["UID"]
    assert str(first(None, site="")["UID"]) == "sinking@the-loss-of-the-vasa"


@pytest.mark.parametrize("when", ["1628-08", "1628-08-10?", "1628-08-10~", "1628-08-10/1628-08-11", "-0044-03-15"])
def test_date_less_precise_than_a_day_is_not_an_event(when: str) -> None:
    assert not parse_edtf(when).is_plain_day


@pytest.mark.slow
def test_briefing_without_exact_dates_has_no_calendar(vasa: Inputs) -> None:
    # Replace each day by its year, which the source text also contains.
    facts = {file: re.sub(rb"(when: \d{4})-\d\d-\d\d", rb"\1", data) for file, data in vasa.facts.items()}
    made = export(replace(vasa, facts=facts))
    assert routes.EVENTS not in made.files
    assert "iCalendar" not in next(page.text for page in made.outcome.pages if page.path == routes.DATA)


# --- BibTeX and CSL-JSON


def _entries(text: str) -> dict[str, dict[str, str]]:
    # Month names are unquoted macros, and the braces around titles belong to LaTeX.
    parser = BibTexParser(common_strings=True, ignore_nonstandard_types=False)
    return {entry["ID"]: entry for entry in bibtexparser.loads(text, parser=parser).entries}


def _unlatex(text: str) -> str:
    words = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~", "asciicircum": "^"}
    if text.startswith("{") and text.endswith("}"):
        text = text[1:-1]
    return re.sub(r"\\text(\w+)\{\}|\\([$&#_%])", lambda found: words.get(found[1] or "", found[2]), text)


def test_bibliographies_match_the_model(exported: Exported) -> None:
    entries = _entries(exported.files[routes.SOURCES_BIBTEX].decode())
    items = {item["id"]: item for item in exported.json(routes.SOURCES_CSL)}
    sources = exported.outcome.briefing.sources
    assert list(entries) == list(items) == [source.id for source in sources]
    for source in sources:
        _agrees(source, entries[source.id], items[source.id])


def _find_csl_errors(items: list[dict[str, object]]) -> list[str]:
    """Return the errors found by the CSL-JSON schema.

    tests/csl/csl-data.json is schemas/input/csl-data.json of github.com/citation-style-language/schema, tag v1.0.2
    (commit 506040022f6c), under the MIT licence in the same folder.
    """
    schema = json.loads((ROOT / "tests" / "csl" / "csl-data.json").read_text(encoding="utf-8"))
    return [error.message for error in Draft7Validator(schema).iter_errors(items)]


def test_csl_json_is_valid(exported: Exported) -> None:
    """This covers the sources and the citation of each page in its cite box."""
    items = exported.json(routes.SOURCES_CSL)
    assert _find_csl_errors(items) == []
    assert _find_csl_errors([{**items[0], "issued": {"edtf": "1971"}}])
    texts = [form["text"] for page in exported.outcome.pages for form in _cite_forms(page)]
    references = [reference for text in texts if text.startswith("[{") for reference in json.loads(text)]
    assert len(references) == len(exported.outcome.pages)
    assert _find_csl_errors(references) == []


def _agrees(source: Source, entry: dict[str, str], item: dict[str, Any]) -> None:
    assert _unlatex(entry["title"]) == item["title"] == source.title
    assert _unlatex(entry["howpublished"]) == item["publisher"] == source.publisher
    assert entry.get("url") == item.get("URL") == source.url
    authors = [author.get("literal") or f"{author['family']}, {author['given']}" for author in item.get("author", [])]
    assert authors == ([source.author] if source.author else [])
    assert authors == ([_unlatex(entry["author"])] if "author" in entry else [])
    if source.date is None:
        assert not {"date", "year", "month"} & {*entry}
        assert "issued" not in item
        return
    assert _unlatex(entry["date"]) == source.date.text
    assert item["issued"].get("literal", ENGLISH.format_date(source.date)) == ENGLISH.format_date(source.date)
    assert len(item["issued"].get("date-parts", [[]])[0]) <= len(source.date.text.split("-"))


@pytest.mark.parametrize(
    ("when", "year", "month", "issued"),
    [
        ("1971", "1971", None, {"date-parts": [[1971]]}),
        ("2024-12", "2024", "December", {"date-parts": [[2024, 12]]}),
        ("2025-01-17", "2025", "January", {"date-parts": [[2025, 1, 17]]}),
        ("198X", "the 1980s", None, {"literal": "the 1980s"}),
        ("1971~", "about 1971", None, {"literal": "about 1971"}),
        ("2024-22", "summer 2024", None, {"literal": "summer 2024"}),
        ("2010/2016", "2010 to 2016", None, {"literal": "2010 to 2016"}),
        ("2015/..", "since 2015", None, {"literal": "since 2015"}),
    ],
)
def test_bibliography_dates_keep_their_precision(
    when: str, year: str, month: str | None, issued: dict[str, object]
) -> None:
    work = Work("a", "document", "A", parse_edtf(when), version="0" * 12)
    entry = _entries(bibtex(work))["a"]
    assert (_unlatex(entry["year"]), entry.get("month")) == (year, month)
    assert csl(work)["issued"] == issued
    assert _find_csl_errors([csl(work)]) == []


lines = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), min_size=1).map(
    lambda text: " ".join(text.split())
)


@pytest.mark.slow
@settings(max_examples=40)  # the parser is slow
@given(lines.filter(bool))
def test_text_stays_within_its_bibtex_field(text: str) -> None:
    entry = _entries(bibtex(Work("a", "document", text, None, publisher=text)))["a"]
    assert _unlatex(entry["title"]) == text
    assert {*entry} == {"ID", "ENTRYTYPE", "title", "howpublished"}


# --- in the language of the briefing


@pytest.mark.slow
def test_labels_in_files_are_in_the_language_of_the_briefing(vasa: Inputs) -> None:
    head = vasa.facts["facts/briefing.yml"] + f"\nlanguage: {PSEUDO_TAG}\n".encode()
    made = export(replace(vasa, facts={**vasa.facts, "facts/briefing.yml": head}))
    assert b'xml:lang="ar-XB"' in made.files[routes.FEED]
    assert b": changes" not in made.files[routes.FEED]
    assert b"Reported fact" not in made.files[routes.EVENTS]
    assert b'"label":"Fact"' not in made.files[routes.SEARCH]
    assert made.json("f/sinking.json")["fact"]["kind"] == "report"
    assert made.json(routes.FACTS_JSONLD)["@graph"][0]["inLanguage"] == PSEUDO_TAG


# --- special characters in every format


def test_special_characters_survive_every_export(hostile: Exported) -> None:
    id = "hull-settles"
    assert hostile.json(f"f/{id}.json")["fact"]["says"] == SAID
    assert _row(hostile, id)["says"] == f"'{SAID}"
    graph = _graph(hostile.files[routes.FACTS_JSONLD])
    assert str(graph.value(_node(f"f/{id}.md"), rdflib.URIRef(f"{SCHEMA_ORG}name"))) == SAID
    entry = _entries(hostile.files[routes.SOURCES_BIBTEX].decode())["museum"]
    assert _unlatex(entry["title"]) == TITLED
    assert next(item["title"] for item in hostile.json(routes.SOURCES_CSL) if item["id"] == "museum") == TITLED
    opening = next(event for event in _events(hostile.files[routes.EVENTS]) if "opening-day" in event["UID"])
    assert "Vasa Museum" in str(opening["DESCRIPTION"])


@pytest.mark.slow
@given(lines.filter(bool))
def test_text_stays_within_its_icalendar_property(text: str) -> None:
    calendar = "".join(
        events.fold_line(line)
        for line in (
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//x//EN",
            "BEGIN:VEVENT",
            "UID:x",
            f"SUMMARY:{events.escape_text(text)}",
            "END:VEVENT",
            "END:VCALENDAR",
        )
    ).encode()
    assert str(next(_events(calendar))["SUMMARY"]) == text
    assert all(len(line) <= 75 for line in calendar.split(b"\r\n"))


# --- checks


def test_checks_have_every_current_fact_and_cited_source(exported: Exported) -> None:
    checks, briefing = exported.json(routes.CHECKS_JSON), exported.outcome.briefing
    assert [one["id"] for one in checks["facts"]] == [fact.id for fact in briefing.current_facts]
    cited = {citation.source for fact in briefing.current_facts for citation in fact.cite}
    assert {one["id"]: one["facts"] for one in checks["sources"]} == {
        source: sum(any(one.source == source for one in fact.cite) for fact in briefing.current_facts)
        for source in cited
    }
    kinds = [kind["name"] for kind in checks["comparisons"]]
    assert all(list(one["results"]) == kinds for one in checks["facts"])
    assert checks["rates"] == detection().model_dump(mode="json")


# --- the data page


def test_data_page_describes_every_download(exported: Exported) -> None:
    page = next(page.text for page in exported.outcome.pages if page.path == routes.DATA)
    for path in routes.DOWNLOADS:
        assert path.removeprefix("data/") in page, path
    for name, _ in (*table.FACT_COLUMNS.items(), *events.FIELDS, *bibliography.FIELDS):
        assert f"<code>{escape(name)}</code>" in page
    assert str(exported.json(routes.FACTS_JSON)["content_hash"]).removeprefix("sha256:") in page
    anchors = re.findall(r"^## .* \{ #(\S+) \}$", page, re.MULTILINE)
    assert len(anchors) > 5
    assert len(set(anchors)) == len(anchors)


# --- citing


def test_citation_styles() -> None:
    whole = Work("a", "report", "A title", parse_edtf("2026-11-01"), version="abc", url="https://x.test/")
    assert apa(whole) == "A title (Version abc). (2026, November 1). https://x.test/"
    assert chicago(whole) == "A title. Version abc, November 1, 2026. https://x.test/."
    assert mla(whole) == "A title. Version abc, 1 Nov. 2026, x.test/."
    part = replace(whole, title="It is “so”.", container="A title", note="Based on B, ¶12.", date=parse_edtf("2026"))
    assert apa(part) == "It is “so”. (2026). A title (Version abc). Based on B, ¶12. https://x.test/"
    assert chicago(part) == "“It is ‘so’.” A title. Version abc, 2026. Based on B, ¶12. https://x.test/."
    assert mla(part) == "“It is ‘so’.” A title, version abc, 2026, x.test/. Based on B, ¶12."


def _cite_forms(page: Page) -> list[dict[str, str]]:
    """Return the references in a page's cite box."""
    line = next(line for line in page.text.splitlines() if line.startswith("cite: "))
    forms: list[dict[str, str]] = json.loads(line.removeprefix("cite: "))["forms"]
    return forms


@pytest.mark.slow
def test_every_page_can_be_cited_and_facts_cite_their_paragraphs(exported: Exported) -> None:
    version = exported.json(routes.FACTS_JSON)["content_hash"].removeprefix("sha256:")[:12]
    boxes = {}
    for page in exported.outcome.pages:
        forms = boxes[page.path] = _cite_forms(page)
        assert all(version in form["text"] for form in forms), page.path
        assert [form["name"] for form in forms][-5:] == ["APA", "Chicago", "MLA", "BibTeX", "CSL-JSON"]
    # Parse the entries at once, because the parser starts slowly, and not those of all facts, because it is slow.
    facts = [path for path in boxes if routes.is_fact(path)]
    parsed = {path: forms for path, forms in boxes.items() if path not in facts or path in facts[::4]}
    entries = _entries("\n".join(forms[-2]["text"] for forms in parsed.values()))
    assert len(entries) == len(parsed)
    for (path, forms), entry in zip(parsed.items(), entries.values(), strict=True):
        (read,) = json.loads(forms[-1]["text"])
        assert entry["url"] == read["URL"] == f"{SITE}{routes.address(path)}/".replace("//", "/").replace(":/", "://")
    briefing = exported.outcome.briefing
    for fact in exported.facts:
        for form in boxes[routes.fact(fact)]:
            text = _unlatex(form["text"])
            for cited in fact.cite if form["name"] != "Sentence" else fact.cite[:1]:
                source = briefing.source_by_id[cited.source]
                assert source.publisher in text
                assert not (cited.part and source.unit == "paragraph") or f"¶{cited.part}" in text
            if fact.id in briefing.corrections_of or fact.id in briefing.disputes_of:
                assert "Other sources correct or dispute this fact." in text


@pytest.mark.slow
def test_front_page_cites_the_whole_briefing(vasa: Inputs) -> None:
    page = next(page for page in export(vasa).outcome.pages if page.path == routes.BRIEF)
    assert '"title": "Cite this briefing"' in page.text


# --- the built site


def test_site_has_the_exported_files(sites: dict[str, Path], vasa: Inputs) -> None:
    made = export(vasa, "https://vasa.example/", None)
    for path, data in made.files.items():
        if path == routes.FEED:
            continue  # depends on the history of this repository
        assert (sites["vasa"] / path).read_bytes() == data, path


@pytest.mark.slow
def test_authors_are_named_in_every_citation_and_export(vasa: Inputs) -> None:
    outcome = compile(vasa)
    page = next(page for page in outcome.pages if page.path == "f/sinking.md")
    forms = {form["name"]: form["text"] for form in _cite_forms(page)}
    assert forms["APA"].startswith("Ann Smith & Bo Lee (")
    assert "The Ship Institute." in forms["Chicago"]
    assert forms["Chicago"].startswith("Ann Smith and Bo Lee. ")
    assert forms["MLA"].startswith("Ann Smith and Bo Lee. ")
    assert "author = {Smith, Ann and {Bo Lee}}" in forms["BibTeX"]
    assert '"author": [{"family": "Smith", "given": "Ann"}, {"literal": "Bo Lee"}]' in forms["CSL-JSON"]
    data = {file.path: file.data for file in outcome.files}
    graph = json.loads(data[routes.FACTS_JSONLD])["@graph"][0]
    assert [author["name"] for author in graph["author"]] == ["Ann Smith", "Bo Lee"]
    assert graph["publisher"]["name"] == "The Ship Institute"
    assert graph["publisher"]["contactPoint"]["email"] == "editors@vasa.example"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (
            "https://vasa.example/report?fact={id}&page={address}&version={version}",
            "https://vasa.example/report?fact=sinking&page=https%3A%2F%2Fvasa.example%2Ff%2Fsinking%2F&version=VERSION",
        ),
        (
            "errors@vasa.example",
            "mailto:errors@vasa.example?subject=Error%20in%3A%20The%20loss%20of%20the%20Vasa"
            "&body=Page%3A%20https%3A%2F%2Fvasa.example%2Ff%2Fsinking%2F%0D%0AVersion%3A%20VERSION%0D%0A%0D%0A"
            "What%20is%20wrong%3A%0D%0A",
        ),
        ("", ""),
    ],
)
def test_errors_are_reported_with_page_and_version(setting: str, expected: str, vasa: Inputs) -> None:
    head = vasa.facts["facts/briefing.yml"].decode()
    old = next(line for line in head.splitlines() if line.startswith("report_errors:"))
    changed = head.replace(old, f"report_errors: {setting}" if setting else "")
    facts = {**vasa.facts, "facts/briefing.yml": changed.encode()}
    outcome = compile(replace(vasa, facts=facts, address="https://vasa.example/"))
    page = next(page for page in outcome.pages if page.path == "f/sinking.md")
    assert outcome.edition
    assert page.head.get("report", "") == expected.replace("VERSION", outcome.edition.version)


@pytest.mark.slow
def test_corrections_are_logged_with_the_current_fact(vasa: Inputs) -> None:
    page = next(page for page in compile(vasa).pages if page.path == routes.CORRECTIONS)
    was, now = page.body.index("the day of his death"), page.body.index("f/hybertsson-died")
    assert page.body.index("20 October 2026") < was < now


def test_hand_written_pages_can_be_cited(sites: dict[str, Path]) -> None:
    text = (sites["vasa"] / "method" / "index.html").read_text(encoding="utf-8")
    assert "Cite this page" in text
    assert "https://vasa.example/method/" in text


@pytest.mark.parametrize("allowed", [True, False], ids=["clipboard", "no-clipboard"])
def test_copy_button(allowed: bool, addresses: dict[str, str], page: BrowserPage) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{addresses['vasa']}/f/sinking/")
    if not allowed:
        page.evaluate("Object.defineProperty(navigator.clipboard, 'writeText', {value: () => Promise.reject()})")
    page.locator("details.cite > summary").click()
    for name in ("Sentence", "APA", "BibTeX", "CSL-JSON"):
        form = page.locator(".cite-form", has=page.get_by_role("heading", name=name, exact=True))
        form.get_by_role("button").click()
        page.locator(".cite [role=status]", has_text=f"{name} copied").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.strip() == (form.locator("p, pre").text_content() or "").strip()
        assert "10 August 1628" in copied


def test_citation_is_selectable_without_scripts(addresses: dict[str, str], page_without_scripts: BrowserPage) -> None:
    page = page_without_scripts
    page.goto(f"{addresses['vasa']}/f/sinking/")
    page.locator("details.cite > summary").click()
    assert page.locator(".cite-form p").first.is_visible()
    assert page.locator(".cite-form button:visible").count() == 0
