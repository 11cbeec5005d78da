"""The evidence for a fact as shown to readers: for each citation the source, its words, and where to read them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from briefing.evidence.cited_texts import Support, cited_texts, evidence_of
from briefing.model.briefing import Briefing
from briefing.model.records import Citation, Fact
from briefing.text.language import N_
from briefing.views.statement import Link, source_link

# In which form someone read a quotation.
_READ = {
    "live page": N_("Read on the live page on %(date)s."),
    "archived copy": N_("Read in an archived copy on %(date)s."),
    "printed": N_("Read in print on %(date)s."),
    "search excerpt": N_("Seen only in a search excerpt, on %(date)s."),
}
_SUPPORT: Mapping[Support, str] = {
    "quoted": N_("against a quotation from the source"),
    "pinned": N_("against a fingerprint of the cited text"),
}
# A longer quotation is found by its first and last words, because a page may break it in between.
_WHOLE = 8
_OURS = re.compile(r"\[[^\]]*\]|…|\.{3}")
_ENDS = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """One citation. A text without a value is empty.

    ``url`` is the address of the source, ``context`` that of the quoted words in it (a text fragment, WICG Scroll to
    Text Fragment), and ``archived`` that of a copy. ``is_pinned`` says whether the cited text has a fingerprint.
    ``robust`` has the attributes of a link to the source (Robust Links 1.0).
    """

    source: Link
    url: str
    context: str
    archived: str
    archived_on: str
    accessed: str
    quote: str
    language: str
    translation: str
    is_pinned: bool
    read: str
    robust: Mapping[str, str]


def evidence(briefing: Briefing, fact: Fact) -> tuple[Evidence, ...]:
    """Return the citations of a fact, the main one first."""
    return tuple(_evidence(briefing, cited) for cited in fact.cite)


def checks(briefing: Briefing, fact: Fact) -> tuple[str, ...]:
    """Return against what the fact was checked. Every fact is compared with itself."""
    t = briefing.language.gettext
    found = evidence_of(cited_texts(briefing), fact)
    return (t("for consistency with itself"), *(t(_SUPPORT[one]) for one in _SUPPORT if one in found))


def _evidence(briefing: Briefing, cited: Citation) -> Evidence:
    source = briefing.source_by_id[cited.source]
    language = briefing.language
    url = source.url or ""
    seen = cited.seen
    archived = source.archived
    known = cited_texts(briefing)
    part = known.part(cited)
    return Evidence(
        source=source_link(briefing, cited),
        url=url,
        context=_context(cited, archived.url if archived and seen and seen.form == "archived copy" else url),
        archived=archived.url if archived else "",
        archived_on=language.format_date(archived.saved) if archived else "",
        accessed=language.format_date(source.accessed),
        quote=cited.quote or "",
        language=source.language or "",
        translation=cited.translation or "",
        is_pinned=part is not None and not known.is_quoted(part),
        read=language.gettext(_READ[seen.form], date=language.format_date(seen.date)) if seen else "",
        robust=_robust(briefing, cited) if url else {},
    )


def _context(cited: Citation, url: str) -> str:
    """Return the address of the quoted words; empty if they were read in print."""
    if not url or not cited.quote or (cited.seen and cited.seen.form == "printed"):
        return ""
    return f"{url}{'' if '#' in url else '#'}{_text_fragment(cited)}"


def _text_fragment(cited: Citation) -> str:
    # The page does not have what is in brackets or left out.
    words = max(_OURS.split(cited.quote or ""), key=len).split()
    ends = [" ".join(words)] if len(words) <= _WHOLE else [" ".join(words[:_ENDS]), " ".join(words[-_ENDS:])]
    parts = [_encoded(end) for end in ends]
    if cited.prefix:
        parts.insert(0, f"{_encoded(cited.prefix)}-")
    if cited.suffix:
        parts.append(f"-{_encoded(cited.suffix)}")
    return f":~:text={','.join(parts)}"


def _encoded(text: str) -> str:
    # A hyphen or comma has a meaning in a text fragment.
    return quote(text, safe="").replace("-", "%2D")


def _robust(briefing: Briefing, cited: Citation) -> dict[str, str]:
    source = briefing.source_by_id[cited.source]
    found = {"data-originalurl": source.url or ""}
    day = source.archived.saved if source.archived else source.accessed or (cited.seen and cited.seen.date)
    if source.archived:
        found["data-versionurl"] = source.archived.url
    if day:
        found["data-versiondate"] = day.text
    return found
