"""Find text in a script other than the page's, which needs a language of its own (WCAG 2.2, success criterion 3.1.2),
and letters of one script that look like those of another.

Scripts are named by their ISO 15924 codes.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

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

# Cyrillic and Greek letters that look like Latin ones in most fonts, after Unicode Technical Standard 39. Greek letters
# that formulas use, such as μ, ν and α, are left out.
_CYRILLIC = dict(zip("АВСЕНІЈКМОРЅТУХаеорсухіјѕһԁԛԝ", "ABCEHIJKMOPSTYXaeopcyxijshdqw", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo", strict=True))
# For each script, the letters of others that look like letters of it.
_ALIKE = {
    "Latn": str.maketrans(_CYRILLIC | _GREEK),
    "Cyrl": str.maketrans({latin: letter for letter, latin in _CYRILLIC.items()}),
    "Grek": str.maketrans({latin: letter for letter, latin in _GREEK.items()}),
}
_LATIN_RANGE = "A-Za-zÀ-ɏ"
_OTHER_RANGE = "\u0370-\u052f"
# A cheap test that few texts pass.
_MIXED = re.compile(rf"[{_LATIN_RANGE}][{_OTHER_RANGE}]|[{_OTHER_RANGE}][{_LATIN_RANGE}]")
_WORD = re.compile(r"[^\W\d_]+")


class MixedWord(NamedTuple):
    """A word with letters of two scripts, and the word that was probably meant."""

    text: str
    meant: str


def mixed_words(text: str) -> Iterator[MixedWord]:
    """Yield each word in which most letters are of one script and the others only look like letters of it.

    Brand names and formulas, such as Яndex, µTorrent, kΩ and γδT, also mix scripts, but not with such letters, or not
    with so few of them.
    """
    if text.isascii() or not _MIXED.search(text):
        return
    for found in _WORD.finditer(text):
        word = found[0]
        for script, alike in _ALIKE.items():
            meant = word.translate(alike)
            wrong = sum(letter != right for letter, right in zip(word, meant, strict=True))
            if 0 < 3 * wrong < len(word) and is_written_in(meant, script):
                yield MixedWord(word, meant)


def as_latin(text: str) -> str:
    """Return a text with letters that look like Latin ones replaced by these, or the text itself if others remain."""
    latin = text.translate(_ALIKE["Latn"])
    return latin if is_written_in(latin, "Latn") else text


def letter_names(text: str, meant: str) -> list[str]:
    """Describe the letters that differ between two texts of the same length by their Unicode names, each once."""
    pairs = zip(text, meant, strict=True)
    wrong = dict.fromkeys(char for char, right in pairs if char != right)
    return [f"'{char}' is the {unicodedata.name(char).capitalize()}" for char in wrong]


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
