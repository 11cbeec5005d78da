"""Tables whose cells are supported by facts."""

from dataclasses import dataclass

from briefing.model.records import Table
from briefing.views.statement import EvidenceMark, Numbering


@dataclass(frozen=True, slots=True)
class TableCell:
    """The text of a cell, and the marks of the facts that support it."""

    says: str
    evidence: tuple[EvidenceMark, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as shown on a page. ``rows`` have one cell for each column; the first is the row's label."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]


def row_anchor(table: int, row: int) -> str:
    """Return the id of a row on its page. Both numbers start at 1. The template macro ``table`` writes the same id."""
    # No other id on a page contains a dot.
    return f"row.{table}.{row}"


def table_view(table: Table, numbering: Numbering) -> TableView:
    """Return the table. Its facts have the numbers that they have on the page."""
    return TableView(
        table.title,
        table.columns,
        tuple(tuple(TableCell(cell.says, numbering.marks(cell.rests_on)) for cell in row.cells) for row in table.rows),
    )
