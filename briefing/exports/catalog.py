"""Every file that can be downloaded, and its description on the data page."""

import re
from collections.abc import Iterable, Mapping
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
from briefing.exports.json_checks import CheckedFact, ChecksFile, checks_json
from briefing.exports.json_records import FactFile, FactRecord, FactsFile, fact_json, facts_json, json_bytes
from briefing.exports.json_schemas import fields, schema
from briefing.exports.jsonld import graph
from briefing.exports.search_script import contributor_entries, search_entries
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.history import NO_HISTORY, History
from briefing.rules.comparisons import Report
from briefing.text.language import Language

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Download:
    """A file of the site. ``path`` is relative to the site's root."""

    path: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class DownloadSpec:
    """A download with its description on the data page, in the briefing's language.

    ``count`` is the number of records in words, such as ``12 facts``. ``schema`` describes the file for programs.
    ``dictionary`` describes it for people: each name, under the heading ``head``, with its meaning.
    """

    file: Download
    holds: str
    format: str
    standard: tuple[str, str]
    count: str
    head: str
    dictionary: Fields
    schema: Download | None = None
    schema_format: str = ""
    note: str = ""

    @property
    def anchor(self) -> str:
        """The id of the section on the data page."""
        return re.sub(r"[^a-z0-9]+", "-", self.format.lower())


def download_specs(briefing: Briefing, edition: Edition, report: Report) -> tuple[DownloadSpec, ...]:
    """Return the downloads in the order of the data page."""
    specs = [
        _facts_json_spec(briefing, edition),
        _facts_csv_spec(briefing, edition),
        _facts_jsonld_spec(briefing, edition),
        _places_spec(briefing, edition),
    ]
    # A calendar must have at least one event (RFC 5545, 3.6).
    if briefing.events:
        specs.append(_events_spec(briefing, edition))
    specs += [_bibtex_spec(briefing), _csl_spec(briefing), _checks_spec(briefing, edition, report)]
    return tuple(specs)


def _facts_json_spec(briefing: Briefing, edition: Edition) -> DownloadSpec:
    t = briefing.language
    return DownloadSpec(
        file=Download(routes.FACTS_JSON, facts_json(briefing, edition)),
        holds=t.gettext("Everything: facts, sources, actors, places, terms, judgments and open questions"),
        format="JSON",
        standard=("RFC 8259", "https://www.rfc-editor.org/rfc/rfc8259"),
        count=t.ngettext("%(num)s fact", "%(num)s facts", len(briefing.facts)),
        head=t.gettext("Field of a fact"),
        dictionary=_translate(t, fields(FactRecord)),
        schema=_schema_file(routes.FACTS_SCHEMA, FactsFile, edition),
        schema_format="JSON Schema",
        note=t.gettext(
            "Every field is always present; if it has no value, it is null or an empty list. The schema describes all"
            " records."
        ),
    )


def _facts_csv_spec(briefing: Briefing, edition: Edition) -> DownloadSpec:
    t = briefing.language
    return DownloadSpec(
        file=Download(routes.FACTS_CSV, facts_csv(briefing, edition)),
        holds=t.gettext("The facts for a spreadsheet, one per row"),
        format="CSV",
        standard=("RFC 4180", "https://www.rfc-editor.org/rfc/rfc4180"),
        count=t.ngettext("%(num)s fact", "%(num)s facts", len(briefing.facts)),
        head=t.gettext("Column"),
        dictionary=_translate(t, table.FACT_COLUMNS.items()),
        schema=Download(routes.FACTS_CSV_METADATA, facts_csv_metadata(edition)),
        schema_format="CSV on the Web",
        note=t.gettext(
            "The encoding is UTF-8. A cell that starts with an apostrophe, or that a spreadsheet could read as a"
            " formula, has an extra apostrophe in front of it; remove it to restore the text. In a list, IDs are"
            " separated by spaces and pieces of text by line breaks."
        ),
    )


def _facts_jsonld_spec(briefing: Briefing, edition: Edition) -> DownloadSpec:
    t = briefing.language
    return DownloadSpec(
        file=Download(routes.FACTS_JSONLD, graph(briefing, edition)),
        holds=t.gettext("The briefing, its claims and their sources as linked data"),
        format="JSON-LD",
        standard=("schema.org", "https://schema.org/Claim"),
        count=t.ngettext("%(num)s fact", "%(num)s facts", len(briefing.facts)),
        head=t.gettext("Type or property"),
        dictionary=_translate(t, linked.FIELDS),
    )


def _places_spec(briefing: Briefing, edition: Edition) -> DownloadSpec:
    t = briefing.language
    located = sum(1 for place in briefing.places if place.position or place.line)
    return DownloadSpec(
        file=Download(routes.PLACES_GEOJSON, places_geojson(briefing, edition)),
        holds=t.gettext("Places with coordinates, status and related facts"),
        format="GeoJSON",
        standard=("RFC 7946", "https://www.rfc-editor.org/rfc/rfc7946"),
        count=t.ngettext("%(num)s place", "%(num)s places", located),
        head=t.gettext("Property"),
        dictionary=_translate(t, fields(PlaceProperties)),
        schema=_schema_file(routes.PLACES_SCHEMA, PlacesFile, edition),
        schema_format="JSON Schema",
    )


def _events_spec(briefing: Briefing, edition: Edition) -> DownloadSpec:
    t = briefing.language
    return DownloadSpec(
        file=Download(routes.EVENTS, events_ics(briefing, edition)),
        holds=t.gettext("Facts dated to a single day, for a calendar"),
        format="iCalendar",
        standard=("RFC 5545", "https://www.rfc-editor.org/rfc/rfc5545"),
        count=t.ngettext("%(num)s event", "%(num)s events", len(briefing.events)),
        head=t.gettext("Property"),
        dictionary=_translate(t, events.FIELDS),
        note=t.gettext("Only exact days become events. The timeline has every date."),
    )


def _bibtex_spec(briefing: Briefing) -> DownloadSpec:
    t = briefing.language
    works = source_works(briefing)
    return DownloadSpec(
        file=Download(routes.SOURCES_BIBTEX, "\n".join(bibtex(work) for work in works).encode()),
        holds=t.gettext("The sources for LaTeX and reference managers"),
        format="BibTeX",
        standard=("BibTeX", "https://ctan.org/pkg/bibtex"),
        count=t.ngettext("%(num)s source", "%(num)s sources", len(works)),
        head="BibTeX; CSL-JSON",
        dictionary=_translate(t, bibliography.FIELDS),
    )


def _csl_spec(briefing: Briefing) -> DownloadSpec:
    t = briefing.language
    works = source_works(briefing)
    return DownloadSpec(
        file=Download(routes.SOURCES_CSL, json_bytes([csl(work) for work in works])),
        holds=t.gettext("The sources for reference managers and citation software"),
        format="CSL-JSON",
        standard=("Citation Style Language", "https://docs.citationstyles.org/en/stable/specification.html"),
        count=t.ngettext("%(num)s source", "%(num)s sources", len(works)),
        head="BibTeX; CSL-JSON",
        dictionary=_translate(t, bibliography.FIELDS),
    )


def _checks_spec(briefing: Briefing, edition: Edition, report: Report) -> DownloadSpec:
    t = briefing.language
    return DownloadSpec(
        file=Download(routes.CHECKS_JSON, checks_json(briefing, edition, report)),
        holds=t.gettext("What the check compared of each fact and source, and how many errors it catches"),
        format=t.gettext("JSON: checks"),
        standard=("RFC 8259", "https://www.rfc-editor.org/rfc/rfc8259"),
        count=t.ngettext("%(num)s fact", "%(num)s facts", len(report.facts)),
        head=t.gettext("Field of a fact"),
        dictionary=_translate(t, fields(CheckedFact)),
        schema=_schema_file(routes.CHECKS_SCHEMA, ChecksFile, edition),
        schema_format="JSON Schema",
        note=t.gettext("The schema describes the results, the sources and the rates of errors caught."),
    )


def _translate(language: Language, dictionary: Iterable[tuple[str, str]]) -> Fields:
    return tuple((name, language.gettext(meaning)) for name, meaning in dictionary)


def _schema_file(path: str, model: type[BaseModel], edition: Edition) -> Download:
    return Download(path, schema(model, path, edition))


def files(
    briefing: Briefing,
    edition: Edition,
    specs: tuple[DownloadSpec, ...],
    markdown_pages: Mapping[str, str],
    history: History = NO_HISTORY,
) -> tuple[Download, ...]:
    """Return every file of the site except pages: the downloads with their schemas, the JSON of each fact, the entries
    of the search for readers and for contributors, and the feed if there is one.
    """
    downloads = [spec.file for spec in specs]
    downloads += [spec.schema for spec in specs if spec.schema]
    downloads.append(Download(routes.FACT_SCHEMA, schema(FactFile, routes.FACT_SCHEMA, edition)))
    downloads += [Download(routes.fact_data(fact), fact_json(briefing, fact, edition)) for fact in briefing.facts]
    downloads.append(Download(routes.SEARCH, search_entries(briefing, markdown_pages)))
    downloads.append(Download(routes.SEARCH_FOR_CONTRIBUTORS, contributor_entries(briefing, markdown_pages)))
    if has_feed(briefing, edition, history):
        downloads.append(Download(routes.FEED, feed(briefing, edition, history)))
    return tuple(downloads)
