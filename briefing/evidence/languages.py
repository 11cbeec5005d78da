"""Which comparisons of a fact with its source work in which language.

Facts are in English. The rules on logic look for English words, so they need a source in English. Numbers, dates and
names can be compared with any language for which the CLDR has the words and that puts spaces between its words.
"""

from functools import cache

from unicode_rbnf import RbnfEngine

from briefing.text.language import ENGLISH_TAG
from briefing.text.scripts import script_of_language

COMPARISONS = (
    "numbers",
    "dates",
    "names",
    "speakers",
    "quoted words",
    "negation",
    "logic words",
    "opposites",
    "clauses",
    "hedges",
)
# The scripts of languages that join words, or a word and its particles.
_WITHOUT_SPACES = {"Hans", "Hant", "Jpan", "Kore", "Thai", "Laoo", "Khmr", "Mymr", "Tibt"}
_IN_ANY_LANGUAGE = frozenset(("numbers", "dates", "names", "speakers"))


@cache
def comparisons(language: str) -> frozenset[str]:
    """Return the comparisons that work with a source in a language (ISO 639-1).

    A source without a language is compared as if it were in English.
    """
    if not is_foreign(language):
        return frozenset(COMPARISONS)
    if script_of_language(language) in _WITHOUT_SPACES or language not in RbnfEngine.get_supported_languages():
        return frozenset()
    return _IN_ANY_LANGUAGE


def is_foreign(language: str) -> bool:
    """Return whether a source is in another language than facts, which are in English."""
    return language not in ("", ENGLISH_TAG)
