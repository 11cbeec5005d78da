"""How to cite the briefing, a page or a fact, for people and for programs, tied to the edition."""

import json
from dataclasses import dataclass

from briefing.exports.bibliography import Work, apa, bibtex, chicago, csl, mla
from briefing.exports.edition import Edition
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.records import Fact
from briefing.views.fact import careful, caution
from briefing.views.statement import KIND_WORDS, source_link


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a citation; ``code`` where its lines and spaces are to be kept."""

    name: str
    text: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class CiteBox:
    """What a page offers to copy. ``what`` is what is cited: briefing, page or fact."""

    what: str
    date: str
    version: str
    forms: tuple[Form, ...]


def briefing_box(edition: Edition) -> CiteBox:
    """How to cite the briefing as a whole."""
    work = Work(
        id=edition.slug,
        kind="report",
        title=edition.title,
        date=edition.date,
        version=edition.version,
        url=edition.site,
    )
    return _box("briefing", edition, work)


def page_box(edition: Edition, title: str, path: str) -> CiteBox:
    """How to cite the page whose Markdown file stands at ``path``."""
    work_id = f"{edition.slug}-{routes.address(path).replace('/', '-')}"
    return _box("page", edition, _page(edition, work_id, title, path))


def fact_box(briefing: Briefing, fact: Fact, edition: Edition) -> CiteBox:
    """How to cite a fact: always with what it rests on, and never without what speaks against it."""
    labels = "; ".join(source_link(briefing, cited).text for cited in fact.cite)
    claim = KIND_WORDS[fact.kind]
    if fact.by:
        claim = f"{claim} of {briefing.entity_by_id[fact.by].name}"
    note = f"{claim}, based on {labels}. {caution(briefing, fact)}".rstrip()
    work = _page(edition, fact.id, fact.says, routes.fact(fact), note)
    pinned = f"{edition.title}, version {edition.version}, {edition.date.words}."
    sentence = " ".join(part for part in (careful(briefing, fact), pinned, work.url) if part)
    return _box("fact", edition, work, Form("Sentence", sentence))


def _page(edition: Edition, work_id: str, title: str, path: str, note: str = "") -> Work:
    url = ""
    # Without the site's own address there is only a path, which leads a reader of the citation nowhere.
    if edition.site:
        url = edition.url(path)
    return Work(
        id=work_id,
        kind="webpage",
        title=title,
        container=edition.title,
        date=edition.date,
        version=edition.version,
        url=url,
        note=note,
    )


def _box(what: str, edition: Edition, work: Work, *first: Form) -> CiteBox:
    return CiteBox(
        what,
        edition.date.words,
        edition.version,
        (
            *first,
            Form("APA", apa(work)),
            Form("Chicago", chicago(work)),
            Form("MLA", mla(work)),
            Form("BibTeX", bibtex(work).rstrip(), code=True),
            Form("CSL-JSON", _format_csl(csl(work)), code=True),
        ),
    )


def _format_csl(item: dict[str, object]) -> str:
    """Return an item as CSL-JSON, which is a list of items, with one field a line."""
    lines = [f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in item.items()]
    return "[{\n" + ",\n".join(lines) + "\n}]"
