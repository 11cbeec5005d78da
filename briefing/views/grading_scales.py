"""The words with a fixed meaning: likelihood, confidence, grades and kinds."""

from dataclasses import dataclass

from briefing.model.fields import CREDIBILITY, LIKELIHOOD, RELIABILITY
from briefing.text.language import N_, Language
from briefing.views.labels import LIKELIHOODS, format_percentages
from briefing.views.statement import KIND_WORDS

_KIND_MEANINGS = {
    "report": N_("what a source reports as a fact; sentences of this kind have no label"),
    "analysis": N_("an interpretation"),
    "forecast": N_("what somebody expects to happen, never an outcome"),
    "position": N_("what a government or its officials maintain"),
    "accusation": N_("what one party alleges about another"),
    "text": N_("what a text such as a treaty provides"),
}


@dataclass(frozen=True, slots=True)
class Scales:
    """Each scale as rows of a word and its meaning."""

    likelihood: tuple[tuple[str, str], ...]
    reliability: tuple[tuple[str, str], ...]
    credibility: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]


def scales(language: Language) -> Scales:
    """Return the scales of the model in a language."""
    t = language.gettext
    return Scales(
        tuple((t(LIKELIHOODS[word]), format_percentages(language, *bounds)) for word, bounds in LIKELIHOOD.items()),
        tuple((grade, t(meaning)) for grade, meaning in RELIABILITY.items()),
        tuple((grade, t(meaning)) for grade, meaning in CREDIBILITY.items()),
        tuple((t(word), t(_KIND_MEANINGS[kind])) for kind, word in KIND_WORDS.items()),
    )
