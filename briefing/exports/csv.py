"""The facts as CSV (RFC 4180), with a description of the columns (CSV on the Web).

A cell that starts with an apostrophe, or that a spreadsheet could read as a formula, gets an apostrophe in front.
Removing one apostrophe from the start of a cell restores the text.
"""

import csv
import posixpath
from io import StringIO

from briefing.exports.edition import Edition
from briefing.exports.json_records import FactRecord, fact_record, json_bytes, plain
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import Meaning
from briefing.model.records import Fact, meanings
from briefing.text.language import N_
from briefing.views.statement import source_link

# Characters that spreadsheets read as the start of a formula (OWASP, CSV injection), also in full width. The apostrophe
# is included so that removing one always restores the text.
DEFUSED = tuple("=+-@\t\r'＝＋－＠")
FACT_COLUMNS = {
    **{name: field.description or "" for name, field in FactRecord.model_fields.items()},
    "cited": N_("The cited sources in words: publisher, title and part."),
    "quoted": N_("The quoted words of the cited sources."),
    "page": N_("The address of the fact's page."),
}


def facts_csv(briefing: Briefing, edition: Edition) -> bytes:
    """Return the facts as UTF-8 with a header row and one row per fact. Lines end in CR LF. A field without a value
    is empty.
    """
    text = StringIO(newline="")
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(FACT_COLUMNS)
    for fact in briefing.facts:
        cells = _fact_cells(briefing, fact, edition)
        rows.writerow([escape_formula(cells[name]) for name in FACT_COLUMNS])
    return text.getvalue().encode()


def facts_csv_metadata(edition: Edition) -> bytes:
    """Return the data dictionary (W3C, Metadata Vocabulary for Tabular Data)."""
    columns = []
    for name, meaning in FACT_COLUMNS.items():
        column = {"name": name, "titles": name, "dc:description": meaning, "datatype": "string"}
        separator = separator_of(name)
        if separator:
            column["separator"] = separator
        columns.append(column)
    return json_bytes(
        {
            "@context": "http://www.w3.org/ns/csvw",
            "url": posixpath.basename(routes.FACTS_CSV),
            "dc:title": edition.title,
            "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
            "tableSchema": {"columns": columns, "primaryKey": "id"},
        }
    )


def separator_of(column: str) -> str:
    """Return the separator of a list in this column, or an empty string if the column's values are not lists."""
    if column in ("cited", "quoted"):
        return "\n"
    field = FactRecord.model_fields.get(column)
    if field is None or "tuple" not in str(field.annotation):
        return ""
    holds_texts = column in Fact.model_fields and not meanings().get(column, Meaning()).refers_to
    # Pieces of text contain spaces, so they are separated by line breaks. Ids and citations do not.
    if holds_texts:
        return "\n"
    return " "


def _fact_cells(briefing: Briefing, fact: Fact, edition: Edition) -> dict[str, str]:
    values = {
        **plain(fact_record(briefing, fact)),
        "cite": [str(cited) for cited in fact.cite],
        "cited": [source_link(briefing, cited).text for cited in fact.cite],
        "quoted": [cited.quote for cited in fact.cite if cited.quote],
        "page": edition.url(routes.fact(fact)),
    }
    return {name: _cell(name, value) for name, value in values.items()}


def _cell(name: str, value: list[str] | str | None) -> str:
    if isinstance(value, list):
        return separator_of(name).join(value)
    return value or ""


def escape_formula(cell: str) -> str:
    """Put an apostrophe in front of a cell that a spreadsheet could read as a formula."""
    if cell.startswith(DEFUSED):
        return f"'{cell}"
    return cell
