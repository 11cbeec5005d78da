"""Facts dated to a day as iCalendar (RFC 5545).

The stamps and the sequence number of all events come from the last commit that changed the facts. The sequence number
counts minutes since 2020, so it only grows, even in a clone that has only part of the history. Without version
control the stamp is the day of the edition, and the sequence number is 0.
"""

import calendar
import re
from collections.abc import Iterator

from briefing.exports.edition import Edition
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.records import Fact
from briefing.text.edtf import Edtf
from briefing.text.language import N_
from briefing.views.fact import careful
from briefing.views.statement import KIND_WORDS

FIELDS = (
    ("VEVENT", N_("A fact whose date is one exact day, neither uncertain nor approximate")),
    ("UID", N_("A permanent identifier: the fact's ID and the site's host name")),
    ("DTSTAMP, LAST-MODIFIED", N_("The date of the last change to the facts or, failing that, of the last review")),
    ("SEQUENCE", N_("A number that grows with each change to the facts")),
    ("DTSTART", N_("The day; events last all day and do not mark the reader as busy (TRANSP)")),
    ("SUMMARY", N_("The text of the fact, preceded by its kind unless it is a reported fact")),
    (
        "DESCRIPTION",
        N_("The text with its speaker or publisher, the part of the source, and whether other sources differ"),
    ),
    ("CATEGORIES", N_("The kind of fact and its topic")),
    ("STATUS", N_("TENTATIVE for a forecast")),
    ("URL", N_("The address of the fact's page")),
)
# Minutes since 1970 would do as well; a later start keeps sequence numbers small.
_EPOCH = calendar.timegm((2020, 1, 1, 0, 0, 0))
# In octets, not characters, without the line's end (RFC 5545, 3.1).
_LINE = 75


def events_ics(briefing: Briefing, edition: Edition) -> bytes:
    """Return a calendar of the facts that are dated to a day. Lines end in CR LF."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Briefing//Facts//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escape_text(edition.title)}",
    ]
    for fact in briefing.events:
        lines += ["BEGIN:VEVENT", *_event(briefing, fact, edition), "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(fold_line(line) for line in lines).encode()


def sequence(edition: Edition) -> int:
    """Return a number that grows with each change."""
    if edition.revision is None:
        return 0
    numbers = [int(part) for part in re.findall(r"\d+", edition.revision.date)]
    return max(0, (calendar.timegm((*numbers[:6], 0, 0, 0)) - _EPOCH) // 60)


def stamp(edition: Edition) -> str:
    """Return a moment in UTC."""
    if edition.revision:
        return re.sub(r"[-:]", "", edition.revision.date)
    return f"{_day(edition.date)}T000000Z"


def _event(briefing: Briefing, fact: Fact, edition: Edition) -> Iterator[str]:
    assert fact.when
    t = briefing.language
    kind = t.gettext(KIND_WORDS[fact.kind])
    summary = fact.says
    # A calendar shows only the summary, in which a forecast or an accusation must not look like a plain report.
    if fact.kind != "report":
        summary = t.gettext("%(kind)s: %(fact)s", kind=kind, fact=fact.says)
    yield f"UID:{fact.id}@{edition.host or edition.slug}"
    yield f"DTSTAMP:{stamp(edition)}"
    yield f"LAST-MODIFIED:{stamp(edition)}"
    yield f"SEQUENCE:{sequence(edition)}"
    yield f"DTSTART;VALUE=DATE:{_day(fact.when)}"
    # The language of the summary and the description (RFC 5545, 3.2.10).
    yield f"SUMMARY;LANGUAGE={t.tag}:{escape_text(summary)}"
    yield f"DESCRIPTION;LANGUAGE={t.tag}:{escape_text(careful(briefing, fact))}"
    yield f"CATEGORIES;LANGUAGE={t.tag}:{escape_text(kind)},{escape_text(briefing.topic_of[fact.id].title)}"
    if fact.kind == "forecast":
        yield "STATUS:TENTATIVE"
    yield "TRANSP:TRANSPARENT"
    if edition.site:
        yield f"URL:{edition.url(routes.fact(fact))}"


def _day(date: Edtf) -> str:
    year, month, day = date.earliest
    # A DATE has a four-digit year of the common era.
    return f"{min(max(year, 1), 9999):04}{month:02}{day:02}"


def escape_text(text: str) -> str:
    """Escape the characters that are special in a TEXT value (RFC 5545, 3.3.11)."""
    return re.sub(r"([\\;,])", r"\\\1", text)


def fold_line(line: str) -> str:
    """Fold a content line into lines of at most 75 octets, without splitting a character."""
    pieces, size = [""], 0
    for char in line:
        octets = len(char.encode())
        if size + octets > _LINE:
            # A line that starts with a space continues the previous line. The space counts.
            pieces.append(" ")
            size = 1
        pieces[-1] += char
        size += octets
    return "\r\n".join(pieces) + "\r\n"
