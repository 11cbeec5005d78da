"""References to a work: BibTeX, CSL-JSON, and plain text in three styles. Dates keep their precision."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from briefing.model.briefing import Briefing
from briefing.model.records import Source
from briefing.text.edtf import Edtf

FIELDS = (
    ("@misc; type", "a source: webpage where it has an address, report where it has pages, else document"),
    ("key; id", "the source's id"),
    ("title", "its title"),
    ("howpublished; publisher", "who published it"),
    ("author", "who wrote it, where it says so; one name, not taken apart"),
    ("date", "the date as written, in EDTF (BibTeX only)"),
    ("year, month; issued", "a plain year, month or day in parts; any other date in words"),
    ("url; URL", "its address"),
    ("language", "its language, as an ISO code (CSL-JSON only)"),
    ("annote", "an editor's caution to the reader"),
)
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",  # a brace by itself would end the field, also behind a backslash
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "$&#_%"},
    }
)
_PLAIN = re.compile(r"(\d{4})(?:-(0\d|1[0-2])(?:-(\d\d))?)?")
_MLA_MONTHS = ["", *"Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()]


@dataclass(frozen=True, slots=True)
class Work:
    """What is cited. ``container`` is the larger work that it is part of; texts are empty where nothing is said."""

    id: str
    kind: Literal["webpage", "report", "document"]
    title: str
    date: Edtf | None
    container: str = ""
    author: str = ""
    publisher: str = ""
    version: str = ""
    url: str = ""
    language: str = ""
    note: str = ""
    annote: str = ""


def source_works(briefing: Briefing) -> tuple[Work, ...]:
    """The sources, in the order in which they are written."""
    return tuple(_source_work(source) for source in briefing.sources)


def _source_work(source: Source) -> Work:
    return Work(
        id=source.id,
        kind="webpage" if source.url else "report" if source.unit == "page" else "document",
        title=source.title,
        date=source.date,
        author=source.author or "",
        publisher=source.publisher,
        url=source.url or "",
        language=source.language or "",
        annote=source.note or "",
    )


def bibtex(work: Work) -> str:
    """One BibTeX entry in UTF-8, for BibTeX and biblatex. Braces keep the capitals of titles and names whole."""
    year, month, _ = _parts(work.date)
    values = {
        "title": f"{{{{{_latex(work.title)}}}}}",
        "author": f"{{{{{_latex(work.author)}}}}}" if work.author else "",
        "howpublished": _braced(work.container or work.publisher),
        "date": _braced(work.date.text if work.date else ""),
        "year": _braced(year or (work.date.words if work.date else "")),
        "month": calendar.month_abbr[int(month)].lower() if month else "",
        "version": _braced(work.version),
        "note": _braced(work.note),
        "annote": _braced(work.annote),
        "url": f"{{{work.url}}}" if work.url else "",  # verbatim; an address has no braces and no backslash
    }
    lines = [f"  {name} = {value},\n" for name, value in values.items() if value]
    return f"@misc{{{work.id},\n{''.join(lines)}}}\n"


def csl(work: Work) -> dict[str, object]:
    """One item of CSL-JSON (Citation Style Language 1.0.2), whose schema has no place for a date in EDTF."""
    values = {
        "id": work.id,
        "type": work.kind,
        "title": work.title,
        "author": [{"literal": work.author}] if work.author else None,
        "container-title": work.container,
        "publisher": work.publisher,
        "issued": _csl_date(work.date) if work.date else None,
        "version": work.version,
        "language": work.language,
        "URL": work.url,
        "note": work.note,
        "annote": work.annote,
    }
    return {name: value for name, value in values.items() if value}


def apa(work: Work) -> str:
    """Plain text in the manner of the APA's seventh edition."""
    date = _format_date(work.date, "{year}, {month} {day}", "{year}, {month}")
    version = f"(Version {work.version})"
    if work.container:
        told = f"{_ended(work.title)} ({date}). {work.container} {version}."
    else:
        told = f"{work.title} {version}. ({date})."
    return _joined(told, work.note, work.url)


def chicago(work: Work) -> str:
    """Plain text in the manner of the Chicago Manual's bibliographies."""
    date = _format_date(work.date, "{month} {day}, {year}", "{month} {year}")
    return _joined(_titled(work), f"Version {work.version}, {date}.", work.note, _ended(work.url))


def mla(work: Work) -> str:
    """Plain text in the manner of the MLA's ninth edition."""
    date = _format_date(work.date, "{day} {month} {year}", "{month} {year}", _MLA_MONTHS)
    where = re.sub(r"^https?://", "", work.url)
    version = f"ersion {work.version}, {date}{f', {where}' if where else ''}."
    if work.container:
        return _joined(f"{_quoted(work.title)} {work.container}, v{version}", work.note)
    return _joined(f"{_ended(work.title)} V{version}", work.note)


def _titled(work: Work) -> str:
    return f"{_quoted(work.title)} {_ended(work.container)}" if work.container else _ended(work.title)


def _quoted(title: str) -> str:
    """The title in double quotation marks, those within it single."""
    return f"“{_ended(title.replace('“', '‘').replace('”', '’'))}”"


def _ended(text: str) -> str:
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _parts(date: Edtf | None) -> tuple[str, str, str]:
    """Year, month and day of a plain date, as far as it says them; three empty texts for any other."""
    found = _PLAIN.fullmatch(date.text) if date else None
    return (found[1], found[2] or "", found[3] or "") if found else ("", "", "")


def _format_date(
    date: Edtf | None, of_day: str, of_month: str, months: Sequence[str] = tuple(calendar.month_name)
) -> str:
    """A date as a style has that of a day and that of a month; in our words where it is neither."""
    year, month, day = _parts(date)
    if not month:
        return date.words if date else "n.d."
    return (of_day if day else of_month).format(year=year, month=months[int(month)], day=int(day or 0))


def _csl_date(date: Edtf) -> dict[str, object]:
    parts = [int(part) for part in _parts(date) if part]
    return {"date-parts": [parts]} if parts else {"literal": date.words}


def _latex(text: str) -> str:
    return text.translate(_LATEX)


def _braced(text: str) -> str:
    return f"{{{_latex(text)}}}" if text else ""
