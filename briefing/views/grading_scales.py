"""The words that have a fixed meaning: likelihood, confidence, grades and kinds."""

from dataclasses import dataclass

from briefing.model.fields import CREDIBILITY, LIKELIHOOD, RELIABILITY
from briefing.views.statement import KIND_WORDS


@dataclass(frozen=True, slots=True)
class Scales:
    """Each scale as rows of a word and its meaning."""

    likelihood: tuple[tuple[str, str], ...]
    reliability: tuple[tuple[str, str], ...]
    credibility: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]


def scales() -> Scales:
    """The scales as the model has them."""
    return Scales(
        tuple((word, f"{low}–{high} %") for word, (low, high) in LIKELIHOOD.items()),
        tuple(RELIABILITY.items()),
        tuple(CREDIBILITY.items()),
        tuple(KIND_WORDS.values()),
    )
