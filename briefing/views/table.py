"""Tables whose rows are supported by facts."""

from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.records import Table
from briefing.views.statement import Link


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of a row and the facts that support it, numbered from 1."""

    cells: tuple[str, ...]
    evidence: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as shown on a page."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]


def table_view(briefing: Briefing, table: Table) -> TableView:
    """Return the table with links to its facts."""
    return TableView(
        table.title,
        table.columns,
        tuple(TableRow(row.cells, _numbered_links(briefing, row.rests_on)) for row in table.rows),
    )


def _numbered_links(briefing: Briefing, fact_ids: tuple[str, ...]) -> tuple[Link, ...]:
    language = briefing.language
    paths = [routes.fact(briefing.fact_by_id[fact_id]) for fact_id in fact_ids]
    return tuple(Link(language.format_number(number), path) for number, path in enumerate(paths, 1))
