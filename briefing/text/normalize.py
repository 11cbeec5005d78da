"""Reduce words to normal forms, so that a fact can be compared with the paragraph it cites.

Normalisation removes differences of Unicode (NFKC), case, accents, apostrophes and possessives. A hyphenated word
yields itself and its parts. Digits of all scripts become ASCII ones, and the Arabic letters that Persian writes in
another way become Persian ones. English numbers in words become digits (twenty is 20), ordinals become 1st, and per
cent becomes %.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any, NamedTuple

import snowballstemmer

# U+00AD, the soft hyphen, is part of a word.
_TOKEN = re.compile(r"[%٪]|\d+(?:[.,·٫٬]\d+)+|[^\W_]+(?:['’ʼ‑\u00ad-][^\W_]+)*")
_DIGIT = re.compile(r"\d")
_BROKEN = re.compile(r"(?<=[^\W\d_])[-‑‐]\s+(?=[^\W\d_])")
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
_CARDINALS = {word: number for number, word in enumerate(f"{_ONES} eighteen nineteen".split())}
_TENS = {
    word: 20 + 10 * number
    for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
}
_CARDINALS |= _TENS
_ORDINALS = {
    word: number
    for number, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)
}
PERCENT = "%"
# Words recur, and computing their forms is slow.
_CACHED_WORDS = 1 << 16
# Several rules need the words of the same sentence.
_CACHED_TEXTS = 1 << 14
_STEMMERS = {
    "ar": "arabic",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "nl": "dutch",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
# Arabic and Persian keyboards write these letters with different characters. The rest are signs in numbers.
_ARABIC = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "٪": PERCENT, "٫": ".", "٬": None})


class Word(NamedTuple):
    """A word as written and its normal forms: the whole word first, then its parts if it has any."""

    text: str
    start: int
    forms: tuple[str, ...]
    # The forms that are not combinations of others.
    parts: tuple[str, ...]


@lru_cache(_CACHED_TEXTS)
def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text, in order."""
    found: list[Word] = []
    for match in _TOKEN.finditer(text):
        normal, parts = _forms(match[0])
        # U+02BC, an apostrophe, is a letter in Unicode, so it can form a token. That token has no normal form.
        if not all(normal):
            continue
        # "per cent" is two tokens but one word.
        if normal == ("cent",) and found and found[-1].forms == ("per",):
            per = found.pop()
            found.append(Word(text[per.start : match.end()], per.start, (PERCENT,), (PERCENT,)))
        else:
            found.append(Word(match[0], match.start(), normal, parts))
    return tuple(found)


def ascii_digits(text: str) -> str:
    """Return a text with the digits of all scripts as ASCII ones."""
    return text if text.isascii() else _DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), text)


def rejoined(text: str) -> str:
    """Return a text in which words that are broken at the end of a line are one word again."""
    return _BROKEN.sub("", text)


def forms(text: str) -> set[str]:
    """Return every normal form of every word."""
    return {form for word in words(text) for form in word.forms}


def stems(text: str, language: str) -> set[str]:
    """Return the stems of the words, or the words themselves if the language has no stemmer."""
    return {stem(part, language) for word in words(text) for part in word.parts}


def is_number(form: str) -> bool:
    """Whether the form is a number, a year, a decade (1980s) or an ordinal (1st).

    1 does not count, because ``one`` is more often a pronoun.
    """
    return form[0].isdigit() and form != "1"


@lru_cache(_CACHED_WORDS)
def stem(form: str, language: str) -> str:
    """Return the stem of a normal form, from the Snowball stemmer for the language (ISO 639-1)."""
    name = _STEMMERS.get(language)
    if name is None:
        return form
    stemmed: str = _stemmer(name).stemWord(form)
    return stemmed


@cache
def _stemmer(name: str) -> Any:
    return snowballstemmer.stemmer(name)


@lru_cache(_CACHED_WORDS)
def _forms(token: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the forms and parts of a word."""
    whole = _normal(token)
    parts = tuple(_normal(part) for part in re.split("[‑-]", token))
    if len(parts) == 1:
        return parts, parts
    # "twenty-five" is one number. It matches 25, but not 20 or 5.
    if len(parts) == 2 and parts[0] in _TEN_FORMS and parts[1] in _ONE_FORMS:
        number = (str(int(parts[0]) + int(parts[1])),)
        return number, number
    return (whole, *parts), parts


_TEN_FORMS = {str(number) for number in _TENS.values()}
_ONE_FORMS = {str(number) for number in range(1, 10)}


def _normal(token: str) -> str:
    text = token.casefold()
    # Normalisation is slow and does not change ASCII, which most words are.
    if not token.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", token).casefold())
        text = "".join(char for char in text if not unicodedata.combining(char)).translate(_ARABIC)
        text = ascii_digits(text)
    # NFKC turns a non-breaking hyphen into U+2010.
    text = re.sub("[’ʼ]", "'", text).replace("\u2010", "-").replace("\u00ad", "")
    text = text.removesuffix("'s").replace("'", "")
    if text in ("percent", "percentage"):
        return PERCENT
    if text in _CARDINALS:
        return str(_CARDINALS[text])
    if text in _ORDINALS:
        return f"{_ORDINALS[text]}{_ending(_ORDINALS[text])}"
    if text[:1].isdigit():
        # 1,000 and 1000 are the same number. 1,5 is unchanged, because in some languages the comma is a decimal one. In
        # some texts the decimal point is a middle dot.
        return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text).replace("·", ".")
    return text


def _ending(number: int) -> str:
    return {1: "st", 2: "nd", 3: "rd"}.get(number, "th")
