"""Find text in a script other than the page's, which needs a language of its own (WCAG 2.2, success criterion 3.1.2).

Scripts are named by their ISO 15924 codes.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache

from babel.core import get_global

# The first word of a letter's Unicode name, for scripts in common use.
_CODES = {
    "ARABIC": "Arab",
    "ARMENIAN": "Armn",
    "BENGALI": "Beng",
    "CJK": "Hani",
    "CYRILLIC": "Cyrl",
    "DEVANAGARI": "Deva",
    "ETHIOPIC": "Ethi",
    "GEORGIAN": "Geor",
    "GREEK": "Grek",
    "HANGUL": "Hang",
    "HEBREW": "Hebr",
    "HIRAGANA": "Hira",
    "KATAKANA": "Kana",
    "LATIN": "Latn",
    "TAMIL": "Taml",
    "THAI": "Thai",
}


@cache
def script_of_language(tag: str) -> str:
    """Return the script in which a language (BCP 47) is usually written, according to CLDR, or an empty string."""
    likely = str(get_global("likely_subtags").get(tag.partition("-")[0], ""))
    return next((part for part in likely.split("_") if len(part) == 4), "")


@cache
def _script(char: str) -> str:
    return _CODES.get(unicodedata.name(char, "").partition(" ")[0], "") if char.isalpha() else ""


def split_scripts(text: str, own: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a text with their scripts. Pieces in the script ``own`` have an empty one.

    Spaces and punctuation belong to a piece in another script only between its letters, and digits also after them.
    """
    start = 0
    while start < len(text):
        first = next((at for at in range(start, len(text)) if _is_foreign(text[at], own)), len(text))
        if first > start:
            yield "", text[start:first]
        if first == len(text):
            return
        script, end = _script(text[first]), first + 1
        for at in range(end, len(text)):
            here = _script(text[at])
            if here == script:
                end = at + 1
            elif here:
                break
        # Marks that combine with the last letter, and digits of the same word.
        while end < len(text) and (unicodedata.combining(text[end]) or text[end].isdigit()):
            end += 1
        yield script, text[first:end]
        start = end


def _is_foreign(char: str, own: str) -> bool:
    return _script(char) not in ("", own)


def is_written_in(text: str, script: str) -> bool:
    """Return whether all letters of a text are in a script."""
    return all(_script(char) in ("", script) for char in text)
