"""Facts dated to a day as iCalendar (RFC 5545).

The calendar's stamps and sequence number come from the last commit that touched the facts: minutes since 2020, which
only grow, also where a clone holds a part of the history. All events move together, as nothing here knows the history
of a single fact. Without version control the stamp is the day of the edition and the sequence number 0.
"""

import calendar
import re
from collections.abc import Iterator

from briefing.exports.edition import Edition
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.records import Fact
from briefing.text.edtf import Edtf
from briefing.views.fact import careful
from briefing.views.statement import KIND_WORDS

FIELDS = (
    ("VEVENT", "a fact whose date is precise to one day and neither uncertain nor approximate"),
    ("UID", "the fact's id and the site's host: the same for ever"),
    ("DTSTAMP, LAST-MODIFIED", "when the facts were last changed, or the day of the last review"),
    ("SEQUENCE", "a number that grows with each change of the facts"),
    ("DTSTART", "the day; events last the whole day and take no time (TRANSP)"),
    ("SUMMARY", "what the fact says, after the kind of claim where it is no plain report"),
    ("DESCRIPTION", "the same with whose claim it is, the part of the source, and whether other sources differ"),
    ("CATEGORIES", "the kind of claim and the topic"),
    ("STATUS", "TENTATIVE for a forecast"),
    ("URL", "the fact's page"),
)
# Minutes since 1970 would do as well; a later start keeps sequence numbers small.
_EPOCH = calendar.timegm((2020, 1, 1, 0, 0, 0))
# Octets, not characters, and without the line's end (RFC 5545, 3.1).
_LINE = 75


def events_ics(briefing: Briefing, edition: Edition) -> bytes:
    """A calendar of the facts that are dated to a day; lines end in CR LF."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Briefing//Facts//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(edition.title)}",
    ]
    for fact in briefing.events:
        lines += ["BEGIN:VEVENT", *_event(briefing, fact, edition), "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) for line in lines).encode()


def sequence(edition: Edition) -> int:
    """The number that grows with each change."""
    if edition.revision is None:
        return 0
    numbers = [int(part) for part in re.findall(r"\d+", edition.revision.date)]
    return max(0, (calendar.timegm((*numbers[:6], 0, 0, 0)) - _EPOCH) // 60)


def stamp(edition: Edition) -> str:
    """A moment in UTC."""
    if edition.revision:
        return re.sub(r"[-:]", "", edition.revision.date)
    return f"{_day(edition.date)}T000000Z"


def _event(briefing: Briefing, fact: Fact, edition: Edition) -> Iterator[str]:
    assert fact.when
    kind = KIND_WORDS[fact.kind]
    summary = fact.says
    # A calendar shows the summary alone; a forecast or an accusation must not look like a plain report there.
    if fact.kind != "report":
        summary = f"{kind}: {fact.says}"
    yield f"UID:{fact.id}@{edition.host or edition.slug}"
    yield f"DTSTAMP:{stamp(edition)}"
    yield f"LAST-MODIFIED:{stamp(edition)}"
    yield f"SEQUENCE:{sequence(edition)}"
    yield f"DTSTART;VALUE=DATE:{_day(fact.when)}"
    yield f"SUMMARY:{_text(summary)}"
    yield f"DESCRIPTION:{_text(careful(briefing, fact))}"
    yield f"CATEGORIES:{_text(kind)},{_text(briefing.topic_of[fact.id].title)}"
    if fact.kind == "forecast":
        yield "STATUS:TENTATIVE"
    yield "TRANSP:TRANSPARENT"
    if edition.site:
        yield f"URL:{edition.url(routes.fact(fact))}"


def _day(date: Edtf) -> str:
    year, month, day = date.earliest
    # A DATE has four digits for the year, of the common era.
    return f"{min(max(year, 1), 9999):04}{month:02}{day:02}"


def _text(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", text)


def _folded(line: str) -> str:
    """The line in pieces of 75 octets at most, none of which ends within a character."""
    pieces, size = [""], 0
    for char in line:
        octets = len(char.encode())
        if size + octets > _LINE:
            # A line that starts with a space goes on with the one before; the space counts.
            pieces.append(" ")
            size = 1
        pieces[-1] += char
        size += octets
    return "\r\n".join(pieces) + "\r\n"
