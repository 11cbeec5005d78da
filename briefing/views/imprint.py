"""Who publishes the briefing, for the footer of every page, and the log of corrections."""

from dataclasses import dataclass

from briefing.model.briefing import Briefing
from briefing.text.personal_names import display_name
from briefing.views.statement import Sentence, sentence


@dataclass(frozen=True, slots=True)
class Imprint:
    """The footer's line. ``by`` is a text such as ``By Ann Smith and Bo Lee, The Port``. A field may be empty."""

    by: str
    contact: str
    has_accessibility: bool


@dataclass(frozen=True, slots=True)
class Corrected:
    """An entry in the log of corrections, with the fact as it is now."""

    day: str
    was: str
    now: Sentence
    because: str


def imprint(briefing: Briefing) -> Imprint:
    """Return the imprint of a briefing without errors."""
    head = briefing.head
    assert head
    t = briefing.language
    by = head.organisation or ""
    if head.authors:
        by = t.gettext("By %(authors)s", authors=t.format_list([*map(display_name, head.authors)]))
        if head.organisation:
            by = t.gettext("%(authors)s, %(organisation)s", authors=by, organisation=head.organisation)
    contact = head.contact or ""
    if contact and "//" not in contact:
        contact = f"mailto:{contact}"
    return Imprint(by, contact, "accessibility.md" in briefing.docs_paths)


def corrections(briefing: Briefing) -> tuple[Corrected, ...]:
    """Return the log of corrections, the newest first."""
    assert briefing.head
    entries = sorted(briefing.head.corrections, key=lambda entry: entry.date, reverse=True)
    return tuple(
        Corrected(
            briefing.language.format_date(entry.date),
            entry.was,
            sentence(briefing, briefing.fact_by_id[entry.fact]),
            entry.because,
        )
        for entry in entries
    )
