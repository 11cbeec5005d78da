"""The words with a fixed meaning: likelihood, confidence, grades and kinds."""

from dataclasses import dataclass

from briefing.model.fields import CREDIBILITY, LIKELIHOOD, RELIABILITY
from briefing.text.language import Language
from briefing.views.labels import LIKELIHOODS, format_percentages
from briefing.views.statement import KIND_WORDS


@dataclass(frozen=True, slots=True)
class Scales:
    """Each scale as rows of a word and its meaning."""

    likelihood: tuple[tuple[str, str], ...]
    reliability: tuple[tuple[str, str], ...]
    credibility: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]


def scales(language: Language) -> Scales:
    """Return the scales of the model in a language."""
    t = language.gettext
    return Scales(
        tuple((t(LIKELIHOODS[word]), format_percentages(language, *bounds)) for word, bounds in LIKELIHOOD.items()),
        tuple((grade, t(meaning)) for grade, meaning in RELIABILITY.items()),
        tuple((grade, t(meaning)) for grade, meaning in CREDIBILITY.items()),
        tuple(map(t, KIND_WORDS.values())),
    )
