"""Labels for the facts' fixed vocabulary, such as kinds of actor. Each label is a message."""

from collections.abc import Mapping

from briefing.model.records import Source
from briefing.text.language import N_, Language

ACTOR_KINDS = {
    "state": N_("State"),
    "person": N_("Person"),
    "organisation": N_("Organisation"),
    "group": N_("Group"),
    "bloc": N_("Bloc"),
}
TERM_KINDS = {
    "concept": N_("concept"),
    "treaty": N_("treaty"),
    "process": N_("process"),
    "weapon": N_("weapon"),
    "corridor": N_("corridor"),
    "sanctions": N_("sanctions"),
    "doctrine": N_("doctrine"),
    "event": N_("event"),
}
LIKELIHOODS = {
    "almost no chance": N_("almost no chance"),
    "very unlikely": N_("very unlikely"),
    "unlikely": N_("unlikely"),
    "roughly even chance": N_("roughly even chance"),
    "likely": N_("likely"),
    "very likely": N_("very likely"),
    "almost certain": N_("almost certain"),
}
CONFIDENCES = {"low": N_("low"), "moderate": N_("moderate"), "high": N_("high")}
CONSEQUENCES = {
    "changes the conclusion": N_("error that changes the conclusion"),
    "misleads": N_("misleading claim"),
    "imprecise": N_("imprecise claim"),
}
MOVES = {"more likely": N_("more likely"), "less likely": N_("less likely")}
RESULTS = {"right": N_("Right"), "wrong": N_("Wrong"), "unclear": N_("Cannot be decided")}
PRECISIONS = {"exact": N_("exact"), "approximate": N_("approximate")}
STANDINGS = {
    "confirmed": N_("confirmed"),
    "claimed": N_("claimed"),
    "denied": N_("denied"),
    "planned": N_("planned"),
    "historical": N_("historical"),
}
UNITS = {"paragraph": N_("paragraph"), "article": N_("article"), "page": N_("page")}
_PARTS = {"paragraph": N_("¶%(part)s"), "article": N_("Art. %(part)s"), "page": N_("p. %(part)s")}


def translate(language: Language, labels: Mapping[str, str], word: str) -> str:
    """Return the label of a word. A word without a label, such as one from an old revision, stays unchanged."""
    label = labels.get(word)
    if label is None:
        return word
    return language.gettext(label)


def part_label(source: Source, part: str, language: Language) -> str:
    """Return ``¶12``, ``Art. 3.3`` or ``p. 7``, or an empty string if the source is cited as a whole."""
    if not source.unit or not part:
        return ""
    return language.gettext(_PARTS[source.unit], part=part)


def format_percentages(language: Language, low: int, high: int) -> str:
    """Return a range such as ``55–80%``."""
    return language.gettext("%(low)s–%(high)s%%", low=language.format_number(low), high=language.format_number(high))
