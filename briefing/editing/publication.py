"""Write ``facts/published.yml``, the list of what has been published."""

import re
from collections.abc import Iterator

from briefing.editing.references import addresses
from briefing.model.briefing import Briefing

_HEADER = """\
# What readers have seen: the day of the first publication, and every published id with its address.
# Written by `briefing mark-published`. Records that have since been removed stay on the list.
"""


def mark_published(briefing: Briefing, today: str) -> str:
    """Return the list with the briefing's records added to those that are on it already.

    ``today`` (ISO 8601) becomes the day of the first publication if the list has none.
    """
    first = str(briefing.published.first) if briefing.published else today
    lines = [_HEADER, f"first: {first}\nrecords:\n"]
    for kind, record_id, address in sorted({*_listed(briefing), *_present(briefing)}):
        lines.append(f"  - {{kind: {kind}, id: {record_id}, address: {address}}}\n")
    return "".join(lines)


def count_new(briefing: Briefing) -> int:
    """Return how many of the briefing's addresses are not on the list yet."""
    return len({*_present(briefing)}.difference(_listed(briefing)))


def _present(briefing: Briefing) -> Iterator[tuple[str, str, str]]:
    for record in (*briefing.records(), *briefing.topics):
        kind = re.sub("(?<=[a-z])(?=[A-Z])", "-", type(record).__name__).lower()
        yield from ((kind, record.id, address) for address in addresses(briefing, record))


def _listed(briefing: Briefing) -> Iterator[tuple[str, str, str]]:
    if briefing.published:
        yield from ((record.kind, record.id, record.address) for record in briefing.published.records)
