"""How to cite this edition of the briefing, of a page or of a fact, for people and for programs."""

import json
from dataclasses import asdict, dataclass, replace
from typing import TypedDict

from briefing.exports.bibliography import Work, apa, bibtex, chicago, csl, mla
from briefing.exports.edition import Edition
from briefing.exports.error_report import report_address
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.records import Fact
from briefing.text.language import Language
from briefing.text.scripts import script_of_language, split_scripts
from briefing.views.fact import careful, caution
from briefing.views.statement import KIND_WORDS, source_link


class _Makers(TypedDict):
    authors: tuple[str, ...]
    publisher: str


@dataclass(frozen=True, slots=True)
class Form:
    """A citation in one form. ``code`` forms keep their line breaks and spaces.

    ``pieces`` are the text in pieces with their scripts (ISO 15924), if a part of it is in another script.
    """

    name: str
    text: str
    code: bool = False
    pieces: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CiteBox:
    """The citations that a page offers, with a title and a line that identifies the edition."""

    title: str
    edition: str
    forms: tuple[Form, ...]


def briefing_box(edition: Edition, language: Language) -> CiteBox:
    """Return the citations of the briefing as a whole."""
    work = Work(
        id=edition.slug,
        kind="report",
        title=edition.title,
        **_makers(edition),
        date=edition.date,
        version=edition.version,
        url=edition.site,
    )
    return _box(language.gettext("Cite this briefing"), edition, language, work)


def page_box(edition: Edition, language: Language, title: str, path: str) -> CiteBox:
    """Return the citations of the page whose Markdown file is ``path``."""
    work_id = f"{edition.slug}-{routes.address(path).replace('/', '-')}"
    return _box(language.gettext("Cite this page"), edition, language, _page(edition, work_id, title, path))


def markdown_page_meta(edition: Edition, language: Language, title: str, path: str) -> dict[str, object]:
    """Return the front matter that a hand-written page gets: its citations and its address for reporting errors."""
    meta: dict[str, object] = {"cite": asdict(page_box(edition, language, title, path))}
    if report := report_address(edition, language, path):
        meta["report"] = report
    return meta


def fact_box(briefing: Briefing, fact: Fact, edition: Edition) -> CiteBox:
    """Return the citations of a fact. Each includes its sources and the caution that applies to it."""
    t = briefing.language
    work = _page(edition, fact.id, fact.says, routes.fact(fact), _note(briefing, fact))
    pinned = t.gettext(
        "%(briefing)s, version %(version)s, %(date)s.",
        briefing=edition.title,
        version=edition.version,
        date=t.format_date(edition.date),
    )
    sentence = " ".join(part for part in (careful(briefing, fact), pinned, work.url) if part)
    return _box(t.gettext("Cite this fact"), edition, t, work, Form(t.gettext("Sentence"), sentence))


def _note(briefing: Briefing, fact: Fact) -> str:
    t = briefing.language
    kind = t.gettext(KIND_WORDS[fact.kind])
    sources = "; ".join(source_link(briefing, cited).text for cited in fact.cite)
    if fact.by:
        speaker = briefing.entity_by_id[fact.by].name
        note = t.gettext("%(kind)s (%(speaker)s), based on %(sources)s.", kind=kind, speaker=speaker, sources=sources)
    else:
        note = t.gettext("%(kind)s, based on %(sources)s.", kind=kind, sources=sources)
    return f"{note} {caution(briefing, fact)}".rstrip()


def _page(edition: Edition, work_id: str, title: str, path: str, note: str = "") -> Work:
    url = ""
    # Without the site's address there is only a path, which is useless in a citation.
    if edition.site:
        url = edition.url(path)
    return Work(
        id=work_id,
        kind="webpage",
        title=title,
        **_makers(edition),
        container=edition.title,
        date=edition.date,
        version=edition.version,
        url=url,
        note=note,
    )


def _makers(edition: Edition) -> _Makers:
    """Return the authors and the publisher. Without authors, the organisation is the author."""
    if edition.authors:
        return {"authors": edition.authors, "publisher": edition.organisation}
    return {"authors": (edition.organisation,) if edition.organisation else (), "publisher": ""}


def _box(title: str, edition: Edition, language: Language, work: Work, *first: Form) -> CiteBox:
    date = language.format_date(edition.date)
    return CiteBox(
        title,
        language.gettext("As of %(date)s, version %(version)s", date=date, version=edition.version),
        (
            *(
                replace(form, pieces=_pieces(form.text, language))
                for form in (*first, Form("APA", apa(work)), Form("Chicago", chicago(work)), Form("MLA", mla(work)))
            ),
            Form("BibTeX", bibtex(work).rstrip(), code=True),
            Form("CSL-JSON", _format_csl(csl(work)), code=True),
        ),
    )


def _pieces(text: str, language: Language) -> tuple[tuple[str, str], ...]:
    pieces = tuple(split_scripts(text, script_of_language(language.tag)))
    return pieces if any(script for script, _ in pieces) else ()


def _format_csl(item: dict[str, object]) -> str:
    """Return an item as CSL-JSON: a list of one item, with one field per line."""
    lines = [f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in item.items()]
    return "[{\n" + ",\n".join(lines) + "\n}]"
