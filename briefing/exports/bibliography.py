"""References to a work: BibTeX, CSL-JSON, and plain text in three styles. Dates keep their precision.

The three styles are defined for English, so their wording and dates are English in every language.
"""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from briefing.model.briefing import Briefing
from briefing.model.records import Source
from briefing.text.edtf import Edtf
from briefing.text.language import ENGLISH, N_
from briefing.text.personal_names import display_name, split_name

FIELDS = (
    ("@misc; type", N_("A source: a webpage if it has an address, a report if it has pages, otherwise a document")),
    ("key; id", N_("The source's ID")),
    ("title", N_("Its title")),
    ("howpublished; publisher", N_("Who published it")),
    ("author", N_("Who wrote it, if known; in parts if the facts give the family name first")),
    ("date", N_("Its date in EDTF (BibTeX only)")),
    ("year, month; issued", N_("The parts of an exact year, month or day; any other date in words")),
    ("url; URL", N_("Its address")),
    ("language", N_("Its language, as an ISO code (CSL-JSON only)")),
    ("annote", N_("The editors' caution to readers")),
)
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        # BibTeX counts braces even after a backslash, so an unmatched one would end the field.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{char: f"\\{char}" for char in "$&#_%"},
    }
)
_PLAIN_DATE = re.compile(r"(\d{4})(?:-(0\d|1[0-2])(?:-(\d\d))?)?")
# The MLA style shortens the names of months with more than four letters.
_MLA_MONTHS = ["", *"Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()]


@dataclass(frozen=True, slots=True)
class Work:
    """A cited work. ``container`` is the larger work that contains it. A field without a value is an empty string."""

    id: str
    kind: Literal["webpage", "report", "document"]
    title: str
    date: Edtf | None
    container: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    version: str = ""
    url: str = ""
    language: str = ""
    note: str = ""
    annote: str = ""


def source_works(briefing: Briefing) -> tuple[Work, ...]:
    """Return the sources in the order of the file."""
    return tuple(_source_work(source) for source in briefing.sources)


def _source_work(source: Source) -> Work:
    return Work(
        id=source.id,
        kind=_source_kind(source),
        title=source.title,
        date=source.date,
        authors=(source.author,) if source.author else (),
        publisher=source.publisher,
        url=source.url or "",
        language=source.language or "",
        annote=source.note or "",
    )


def _source_kind(source: Source) -> Literal["webpage", "report", "document"]:
    if source.url:
        return "webpage"
    if source.unit == "page":
        return "report"
    return "document"


def bibtex(work: Work) -> str:
    """Return one BibTeX entry in UTF-8, for BibTeX and biblatex."""
    # A second pair of braces preserves the capitals of a title and keeps a name together.
    values = {"title": f"{{{{{_latex(work.title)}}}}}"}
    if work.authors:
        values["author"] = f"{{{' and '.join(map(_bibtex_name, work.authors))}}}"
    values["howpublished"] = _braced(work.container or work.publisher)
    if work.date:
        year, month, _ = _date_parts(work.date)
        values["date"] = _braced(work.date.text)
        values["year"] = _braced(year or ENGLISH.format_date(work.date))
        if month:
            values["month"] = calendar.month_abbr[int(month)].lower()
    values["version"] = _braced(work.version)
    values["note"] = _braced(work.note)
    values["annote"] = _braced(work.annote)
    if work.url:
        # Not escaped, because an address contains no braces or backslashes.
        values["url"] = f"{{{work.url}}}"
    lines = [f"  {name} = {value},\n" for name, value in values.items() if value]
    return f"@misc{{{work.id},\n{''.join(lines)}}}\n"


def csl(work: Work) -> dict[str, object]:
    """Return an item of CSL-JSON (Citation Style Language 1.0.2). Its schema has no field for an EDTF date."""
    item: dict[str, object] = {"id": work.id, "type": work.kind, "title": work.title}
    if work.authors:
        item["author"] = [_csl_name(name) for name in work.authors]
    item["container-title"] = work.container
    item["publisher"] = work.publisher
    if work.date:
        item["issued"] = _csl_date(work.date)
    item["version"] = work.version
    item["language"] = work.language
    item["URL"] = work.url
    item["note"] = work.note
    item["annote"] = work.annote
    return {name: value for name, value in item.items() if value}


def _bibtex_name(text: str) -> str:
    name = split_name(text)
    return f"{_latex(name.family)}, {_latex(name.given)}" if name else f"{{{_latex(text)}}}"


def _csl_name(text: str) -> dict[str, str]:
    name = split_name(text)
    return name._asdict() if name else {"literal": text}


def apa(work: Work) -> str:
    """Return a reference in plain text, after the seventh edition of the APA style."""
    date = _format_date(work.date, "{year}, {month} {day}", "{year}, {month}")
    version = f"(Version {work.version})"
    if work.authors:
        titles = _join(_with_full_stop(work.title), work.container) if work.container else work.title
        citation = f"{_join_names(work.authors, '&')} ({date}). {titles} {version}."
    elif work.container:
        citation = f"{_with_full_stop(work.title)} ({date}). {work.container} {version}."
    else:
        citation = f"{work.title} {version}. ({date})."
    return _join(citation, _with_full_stop(work.publisher), work.note, work.url)


def chicago(work: Work) -> str:
    """Return a reference in plain text, after the Chicago Manual's bibliography style."""
    date = _format_date(work.date, "{month} {day}, {year}", "{month} {year}")
    title = _with_full_stop(work.title)
    if work.container:
        title = f"{_quote_title(work.title)} {_with_full_stop(work.container)}"
    published = _join(f"{work.publisher}." if work.publisher else "", f"Version {work.version}, {date}.")
    return _join(_authors(work), title, published, work.note, _with_full_stop(work.url))


def mla(work: Work) -> str:
    """Return a reference in plain text, after the ninth edition of the MLA style."""
    date = _format_date(work.date, "{day} {month} {year}", "{month} {year}", _MLA_MONTHS)
    details = [work.version, date]
    if work.url:
        # The MLA style omits the scheme.
        details.append(re.sub(r"^https?://", "", work.url))
    if work.container:
        citation = f"{_quote_title(work.title)} {work.container}, version {', '.join(details)}."
    else:
        citation = f"{_with_full_stop(work.title)} Version {', '.join(details)}."
    return _join(_authors(work), citation, work.note)


def _authors(work: Work) -> str:
    return _with_full_stop(_join_names(work.authors, "and"))


def _join_names(names: Sequence[str], last: str) -> str:
    """Return ``A``, ``A and B`` or ``A, B, and C``, as the three styles do."""
    names = [display_name(name) for name in names]
    if len(names) < 3:
        return f" {last} ".join(names)
    return f"{', '.join(names[:-1])}, {last} {names[-1]}"


def _quote_title(title: str) -> str:
    """Return the title in double quotation marks. Quotation marks within it become single."""
    return f"“{_with_full_stop(title.replace('“', '‘').replace('”', '’'))}”"


def _with_full_stop(text: str) -> str:
    if not text or text.endswith((".", "?", "!")):
        return text
    return f"{text}."


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _date_parts(date: Edtf) -> tuple[str, str, str]:
    """Return the year, month and day of a plain date as far as it has them, or three empty strings for any other
    date.
    """
    found = _PLAIN_DATE.fullmatch(date.text)
    if not found:
        return "", "", ""
    year, month, day = found.groups(default="")
    return year, month, day


def _format_date(
    date: Edtf | None, of_day: str, of_month: str, months: Sequence[str] = tuple(calendar.month_name)
) -> str:
    """Return a day or month in a style's form, and any other date in words."""
    if date is None:
        return "n.d."
    year, month, day = _date_parts(date)
    if not month:
        return ENGLISH.format_date(date)
    if not day:
        return of_month.format(year=year, month=months[int(month)])
    return of_day.format(year=year, month=months[int(month)], day=int(day))


def _csl_date(date: Edtf) -> dict[str, object]:
    parts = [int(part) for part in _date_parts(date) if part]
    if parts:
        return {"date-parts": [parts]}
    return {"literal": ENGLISH.format_date(date)}


def _latex(text: str) -> str:
    return text.translate(_LATEX)


def _braced(text: str) -> str:
    if not text:
        return ""
    return f"{{{_latex(text)}}}"
