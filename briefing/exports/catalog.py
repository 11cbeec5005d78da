"""Every file that can be downloaded, and how the data page describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from briefing.exports import bibliography
from briefing.exports import csv as table
from briefing.exports import icalendar as events
from briefing.exports import jsonld as linked
from briefing.exports.atom import feed, has_feed
from briefing.exports.bibliography import bibtex, csl, source_works
from briefing.exports.csv import csv_metadata, facts_csv
from briefing.exports.edition import Edition
from briefing.exports.geojson import PlaceProperties, PlacesFile, places_geojson
from briefing.exports.icalendar import events_ics
from briefing.exports.json_records import FactFile, FactRecord, FactsFile, fact_json, facts_json, json_bytes
from briefing.exports.json_schemas import fields, schema
from briefing.exports.jsonld import graph
from briefing.exports.search_script import search_entries
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.history import NO_HISTORY, History

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Download:
    """A file of the site; ``path`` is from the site's root."""

    path: str
    data: bytes = field(repr=False)

    @property
    def size(self) -> str:
        """The size in words: 1 kB is 1,000 bytes."""
        size = len(self.data)
        return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1_000))} kB"


@dataclass(frozen=True, slots=True)
class Offer:
    """A download with what it is. ``rows`` counts what it has of what it is about (``noun``); ``schema`` describes it
    for machines, ``dictionary`` for people: what ``head`` names, and what each means.
    """

    file: Download
    holds: str
    format: str
    standard: tuple[str, str]
    rows: int
    noun: str
    head: str
    dictionary: Fields
    schema: Download | None = None
    schema_format: str = ""
    note: str = ""


def offers(briefing: Briefing, edition: Edition) -> tuple[Offer, ...]:
    """What is offered, in the order of the page."""
    works = source_works(briefing)
    facts = len(briefing.facts)

    def described(path: str, model: type[BaseModel]) -> Download:
        return Download(path, schema(model, path, edition))

    made = [
        Offer(
            Download(routes.FACTS_JSON, facts_json(briefing, edition)),
            "Everything: facts, sources, actors, places, terms, judgments, questions",
            "JSON",
            ("RFC 8259", "https://www.rfc-editor.org/rfc/rfc8259"),
            facts,
            "fact",
            "Field of a fact",
            fields(FactRecord),
            described(routes.FACTS_SCHEMA, FactsFile),
            "JSON Schema",
            "Every field is always there: null or an empty list where nothing is said. The schema has all records.",
        ),
        Offer(
            Download(routes.FACTS_CSV, facts_csv(briefing, edition)),
            "The facts for a spreadsheet, one a row",
            "CSV",
            ("RFC 4180", "https://www.rfc-editor.org/rfc/rfc4180"),
            facts,
            "fact",
            "Column",
            tuple(table.COLUMNS.items()),
            Download(routes.FACTS_CSV_METADATA, csv_metadata(edition)),
            "CSV on the Web",
            "UTF-8. A cell that a spreadsheet could take for a formula, or that starts with an apostrophe, has an "
            "apostrophe in front; take one off to have the text again. Ids in a list are parted by a space, texts "
            "by a line break.",
        ),
        Offer(
            Download(routes.FACTS_JSONLD, graph(briefing, edition)),
            "The briefing, its claims and their sources as linked data",
            "JSON-LD",
            ("schema.org", "https://schema.org/Claim"),
            facts,
            "fact",
            "Type or property",
            linked.FIELDS,
        ),
        Offer(
            Download(routes.PLACES_GEOJSON, places_geojson(briefing, edition)),
            "Places for a map, with how each stands and which facts are about it",
            "GeoJSON",
            ("RFC 7946", "https://www.rfc-editor.org/rfc/rfc7946"),
            sum(1 for place in briefing.places if place.position or place.line),
            "place",
            "Property",
            fields(PlaceProperties),
            described(routes.PLACES_SCHEMA, PlacesFile),
            "JSON Schema",
        ),
        Offer(
            Download(routes.EVENTS, events_ics(briefing, edition)),
            "The facts that are dated to one day, for a calendar",
            "iCalendar",
            ("RFC 5545", "https://www.rfc-editor.org/rfc/rfc5545"),
            len(briefing.events),
            "event",
            "Property",
            events.FIELDS,
            note="Only a day that is neither uncertain nor approximate becomes an event; the timeline has all dates.",
        ),
        Offer(
            Download(routes.SOURCES_BIBTEX, "\n".join(bibtex(work) for work in works).encode()),
            "The sources for LaTeX and reference managers",
            "BibTeX",
            ("BibTeX", "https://ctan.org/pkg/bibtex"),
            len(works),
            "source",
            "BibTeX; CSL-JSON",
            bibliography.FIELDS,
        ),
        Offer(
            Download(routes.SOURCES_CSL, json_bytes([csl(work) for work in works])),
            "The sources for reference managers and citation processors",
            "CSL-JSON",
            ("Citation Style Language", "https://docs.citationstyles.org/en/stable/specification.html"),
            len(works),
            "source",
            "BibTeX; CSL-JSON",
            bibliography.FIELDS,
        ),
    ]
    # a calendar without events is none (RFC 5545, 3.6)
    return tuple(offer for offer in made if offer.file.path != routes.EVENTS or briefing.events)


def files(
    briefing: Briefing,
    edition: Edition,
    offers: tuple[Offer, ...],
    handwritten: Mapping[str, str],
    history: History = NO_HISTORY,
) -> tuple[Download, ...]:
    """Every file beside the pages: what is offered, what describes it, each fact's own JSON, what search needs, and
    the feed where there is one.
    """
    described = [offer.schema for offer in offers if offer.schema]
    fact_schema = Download(routes.FACT_SCHEMA, schema(FactFile, routes.FACT_SCHEMA, edition))
    facts = [Download(routes.fact_data(fact), fact_json(briefing, fact, edition)) for fact in briefing.facts]
    search = Download(routes.SEARCH, search_entries(briefing, handwritten))
    made = [Download(routes.FEED, feed(briefing, edition, history))] if has_feed(edition, history) else []
    return (*(offer.file for offer in offers), *described, fact_schema, *facts, search, *made)
