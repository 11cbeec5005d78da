"""Every file that can be downloaded, and how the data page describes it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from briefing.exports import bibliography
from briefing.exports import csv as table
from briefing.exports import icalendar as events
from briefing.exports import jsonld as linked
from briefing.exports.atom import feed, has_feed
from briefing.exports.bibliography import bibtex, csl, source_works
from briefing.exports.csv import facts_csv, facts_csv_metadata
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
        if size >= 1_000_000:
            return f"{size / 1_000_000:.1f} MB"
        # No file is shown as having 0 kB.
        return f"{max(1, round(size / 1_000))} kB"


@dataclass(frozen=True, slots=True)
class DownloadSpec:
    """A download and how the data page describes it. ``rows`` counts what it has of what it is about (``noun``);
    ``schema`` describes it for machines, ``dictionary`` for people: what ``head`` names, and what each means.
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

    @property
    def anchor(self) -> str:
        """The id of its section on the data page."""
        return re.sub(r"[^a-z0-9]+", "-", self.format.lower())


def download_specs(briefing: Briefing, edition: Edition) -> tuple[DownloadSpec, ...]:
    """Return what can be downloaded, in the order of the data page."""
    specs = [
        _facts_json_spec(briefing, edition),
        _facts_csv_spec(briefing, edition),
        _facts_jsonld_spec(briefing, edition),
        _places_spec(briefing, edition),
    ]
    # A calendar must have at least one event (RFC 5545, 3.6).
    if briefing.events:
        specs.append(_events_spec(briefing, edition))
    specs += [_bibtex_spec(briefing), _csl_spec(briefing)]
    return tuple(specs)


def _facts_json_spec(briefing: Briefing, edition: Edition) -> DownloadSpec:
    return DownloadSpec(
        file=Download(routes.FACTS_JSON, facts_json(briefing, edition)),
        holds="Everything: facts, sources, actors, places, terms, judgments, questions",
        format="JSON",
        standard=("RFC 8259", "https://www.rfc-editor.org/rfc/rfc8259"),
        rows=len(briefing.facts),
        noun="fact",
        head="Field of a fact",
        dictionary=fields(FactRecord),
        schema=_schema_file(routes.FACTS_SCHEMA, FactsFile, edition),
        schema_format="JSON Schema",
        note="Every field is always there: null or an empty list where nothing is said. The schema has all records.",
    )


def _facts_csv_spec(briefing: Briefing, edition: Edition) -> DownloadSpec:
    return DownloadSpec(
        file=Download(routes.FACTS_CSV, facts_csv(briefing, edition)),
        holds="The facts for a spreadsheet, one a row",
        format="CSV",
        standard=("RFC 4180", "https://www.rfc-editor.org/rfc/rfc4180"),
        rows=len(briefing.facts),
        noun="fact",
        head="Column",
        dictionary=tuple(table.FACT_COLUMNS.items()),
        schema=Download(routes.FACTS_CSV_METADATA, facts_csv_metadata(edition)),
        schema_format="CSV on the Web",
        note="UTF-8. A cell that a spreadsheet could take for a formula, or that starts with an apostrophe, has an "
        "apostrophe in front; take one off to have the text again. Ids in a list are parted by a space, texts "
        "by a line break.",
    )


def _facts_jsonld_spec(briefing: Briefing, edition: Edition) -> DownloadSpec:
    return DownloadSpec(
        file=Download(routes.FACTS_JSONLD, graph(briefing, edition)),
        holds="The briefing, its claims and their sources as linked data",
        format="JSON-LD",
        standard=("schema.org", "https://schema.org/Claim"),
        rows=len(briefing.facts),
        noun="fact",
        head="Type or property",
        dictionary=linked.FIELDS,
    )


def _places_spec(briefing: Briefing, edition: Edition) -> DownloadSpec:
    return DownloadSpec(
        file=Download(routes.PLACES_GEOJSON, places_geojson(briefing, edition)),
        holds="Places for a map, with how each stands and which facts are about it",
        format="GeoJSON",
        standard=("RFC 7946", "https://www.rfc-editor.org/rfc/rfc7946"),
        rows=sum(1 for place in briefing.places if place.position or place.line),
        noun="place",
        head="Property",
        dictionary=fields(PlaceProperties),
        schema=_schema_file(routes.PLACES_SCHEMA, PlacesFile, edition),
        schema_format="JSON Schema",
    )


def _events_spec(briefing: Briefing, edition: Edition) -> DownloadSpec:
    return DownloadSpec(
        file=Download(routes.EVENTS, events_ics(briefing, edition)),
        holds="The facts that are dated to one day, for a calendar",
        format="iCalendar",
        standard=("RFC 5545", "https://www.rfc-editor.org/rfc/rfc5545"),
        rows=len(briefing.events),
        noun="event",
        head="Property",
        dictionary=events.FIELDS,
        note="Only a day that is neither uncertain nor approximate becomes an event; the timeline has all dates.",
    )


def _bibtex_spec(briefing: Briefing) -> DownloadSpec:
    works = source_works(briefing)
    return DownloadSpec(
        file=Download(routes.SOURCES_BIBTEX, "\n".join(bibtex(work) for work in works).encode()),
        holds="The sources for LaTeX and reference managers",
        format="BibTeX",
        standard=("BibTeX", "https://ctan.org/pkg/bibtex"),
        rows=len(works),
        noun="source",
        head="BibTeX; CSL-JSON",
        dictionary=bibliography.FIELDS,
    )


def _csl_spec(briefing: Briefing) -> DownloadSpec:
    works = source_works(briefing)
    return DownloadSpec(
        file=Download(routes.SOURCES_CSL, json_bytes([csl(work) for work in works])),
        holds="The sources for reference managers and citation processors",
        format="CSL-JSON",
        standard=("Citation Style Language", "https://docs.citationstyles.org/en/stable/specification.html"),
        rows=len(works),
        noun="source",
        head="BibTeX; CSL-JSON",
        dictionary=bibliography.FIELDS,
    )


def _schema_file(path: str, model: type[BaseModel], edition: Edition) -> Download:
    return Download(path, schema(model, path, edition))


def files(
    briefing: Briefing,
    edition: Edition,
    specs: tuple[DownloadSpec, ...],
    markdown_pages: Mapping[str, str],
    history: History = NO_HISTORY,
) -> tuple[Download, ...]:
    """Return every file beside the pages: the downloads, what describes them, each fact's own JSON, what search needs,
    and the feed where there is one.
    """
    downloads = [spec.file for spec in specs]
    downloads += [spec.schema for spec in specs if spec.schema]
    downloads.append(Download(routes.FACT_SCHEMA, schema(FactFile, routes.FACT_SCHEMA, edition)))
    downloads += [Download(routes.fact_data(fact), fact_json(briefing, fact, edition)) for fact in briefing.facts]
    downloads.append(Download(routes.SEARCH, search_entries(briefing, markdown_pages)))
    if has_feed(edition, history):
        downloads.append(Download(routes.FEED, feed(briefing, edition, history)))
    return tuple(downloads)
