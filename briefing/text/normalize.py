"""Reduce words to normal forms, so that a fact can be compared with the paragraph it cites.

Normalised are Unicode (NFKC), case, accents, apostrophes and possessives; a hyphenated word counts whole and in its
parts; a number written as a word counts as the number (twenty, 20, 20-year), an ordinal as 1st, per cent as %.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

_TOKEN = re.compile(r"%|\d+(?:[.,]\d+)+|[^\W_]+(?:['’ʼ‑-][^\W_]+)*")
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
_KEPT = 1 << 16  # words recur, and their forms are costly: so many are remembered
_KEPT_TEXTS = 1 << 14  # a sentence is asked for its words by one rule after the other
_STEMMERS = {"en": "english", "de": "german", "fr": "french", "ru": "russian", "es": "spanish", "it": "italian"}


class Word(NamedTuple):
    """A word as it stands in a text, and its normal forms: the whole first, then its parts where it has any."""

    text: str
    start: int
    forms: tuple[str, ...]
    parts: tuple[str, ...]  # the forms that are not put together from others


@lru_cache(_KEPT_TEXTS)
def words(text: str) -> tuple[Word, ...]:
    """The words of a text, in order."""
    found = [
        Word(token, match.start(), *normal)
        for match in _TOKEN.finditer(text)
        if all((normal := _forms(token := match[0]))[0])
    ]
    joined: list[Word] = []
    for word in found:
        if word.forms == ("cent",) and joined and joined[-1].forms == ("per",):
            per = joined.pop()
            joined.append(Word(text[per.start : word.start + len(word.text)], per.start, (PERCENT,), (PERCENT,)))
        else:
            joined.append(word)
    return tuple(joined)


def forms(text: str) -> set[str]:
    """Every normal form of every word."""
    return {form for word in words(text) for form in word.forms}


def stems(text: str, language: str) -> set[str]:
    """The stems of the words; a language without a stemmer keeps them as they are."""
    return {stem(part, language) for word in words(text) for part in word.parts}


def is_number(form: str) -> bool:
    """A number, a year, a decade (1980s) or an ordinal (1st); ``one``, more often a pronoun, is none."""
    return form[0].isdigit() and form != "1"


@lru_cache(_KEPT)
def stem(form: str, language: str) -> str:
    """The stem of a normal form, by the Snowball stemmer of the language (ISO 639-1)."""
    name = _STEMMERS.get(language)
    return snowballstemmer.stemmer(name).stemWord(form) if name else form


@lru_cache(_KEPT)
def _forms(token: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A word's forms and parts."""
    whole = _normal(token)
    parts = tuple(_normal(part) for part in re.split("[‑-]", token))
    if len(parts) == 1:
        return parts, parts
    if len(parts) == 2 and parts[0] in _TEN_FORMS and parts[1] in _ONE_FORMS:  # twenty-five
        number = (str(int(parts[0]) + int(parts[1])),)
        return number, number
    return (whole, *parts), parts


_TEN_FORMS = {str(number) for number in _TENS.values()}
_ONE_FORMS = {str(number) for number in range(1, 10)}


def _normal(token: str) -> str:
    text = token.casefold()
    if not token.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", token).casefold())
        text = "".join(sign for sign in text if not unicodedata.combining(sign))
    text = re.sub("[’ʼ]", "'", text).replace("\u2010", "-")  # what NFKC makes of a non-breaking hyphen
    text = text.removesuffix("'s").replace("'", "")
    if text in ("percent", "percentage"):
        return PERCENT
    if text in _CARDINALS:
        return str(_CARDINALS[text])
    if text in _ORDINALS:
        return f"{_ORDINALS[text]}{_ending(_ORDINALS[text])}"
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text) if text[:1].isdigit() else text


def _ending(number: int) -> str:
    return {1: "st", 2: "nd", 3: "rd"}.get(number, "th")
