"""Quantities in a sentence: what a number counts and how a source may write the same value.

A quantity is compared by its value: 4.8 billion is 4,800 million, two decades are 20 years, and 1,500 metres are 1.5
kilometres. A pin knows which words a paragraph has but not their order, so a spelling is a set of words that the
paragraph must have together. Facts are in English.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache, partial
from typing import Literal

from briefing.text.edtf import month_spellings
from briefing.text.normalize import PERCENT, Word, is_number, words

Spelling = tuple[str, ...]
# The parts of a text's words, each with its word.
Flat = list[tuple[str, Word]]

# Each magnitude with the words for it, the usual one first.
_MAGNITUDES = {
    Decimal(10**2): ("hundred", "hundreds"),
    Decimal(10**3): ("thousand", "thousands", "k"),
    Decimal(10**6): ("million", "millions", "m", "mn", "mln"),
    Decimal(10**9): ("billion", "billions", "bn", "mrd", "milliard"),
    Decimal(10**12): ("trillion", "trillions", "tn", "trn"),
}
_MILLION = 10**6
_SHORT_MAGNITUDES = {word: value for value, found in _MAGNITUDES.items() for word in found}
_MAGNITUDE_OF = {word: value for word, value in _SHORT_MAGNITUDES.items() if word not in ("m", "k")}
# The units of each dimension: their words, and their size in the dimension's smallest unit. None stands for units that
# cannot be converted into one another, such as currencies.
DIMENSIONS: dict[str, dict[tuple[str, ...], int | None]] = {
    "time": {
        ("hour", "hours", "hourly"): 1,
        ("day", "days"): 24,
        ("week", "weeks"): 168,
        ("fortnight", "fortnights"): 336,
    },
    "years": {
        ("month", "months"): 1,
        ("year", "years", "yearly"): 12,
        ("decade", "decades"): 120,
        ("century", "centuries"): 1200,
    },
    "length": {
        ("metre", "metres", "meter", "meters", "m"): 1,
        ("kilometre", "kilometres", "kilometer", "kilometers", "km"): 1000,
    },
    "miles": {
        ("mile", "miles"): None,
        ("foot", "feet", "ft"): None,
        ("metre", "metres", "meter", "meters", "kilometre", "kilometres", "kilometer", "kilometers", "km"): None,
    },
    "mass": {("kilogram", "kilograms", "kg"): 1, ("tonne", "tonnes", "ton", "tons"): 1000},
    "percent": {(PERCENT,): None, ("points", "point"): None},
    "volume": {("barrel", "barrels", "bpd"): None, ("litre", "litres"): None, ("tonne", "tonnes", "ton", "tons"): None},
    "area": {("hectare", "hectares"): None, ("acre", "acres"): None},
    "currency": {
        ("dollar", "dollars", "usd", "us"): None,
        ("euro", "euros", "eur"): None,
        ("rouble", "roubles", "ruble", "rubles", "rub"): None,
        ("franc", "francs"): None,
        ("pound", "pounds", "sterling", "gbp"): None,
        ("rial", "rials", "toman", "tomans"): None,
        ("yuan", "renminbi"): None,
        ("lira", "liras", "lire"): None,
        ("yen",): None,
        ("rupee", "rupees"): None,
        ("dirham", "dirhams"): None,
    },
}
CURRENCY_SIGNS = {"$": "dollars", "€": "euros", "£": "pounds", "₽": "roubles", "¥": "yen"}
# A source need not name these next to the number: it may have a sign instead, or name them elsewhere.
_UNSAID = {"currency", "volume", "area", "miles"}
_BEFORE_UNITS = {"cubic", "square", "nautical", "metric", "gold", "us"}
MONTHS = "January February March April May June July August September October November December".split()
_MONTHS = {month.casefold() for month in MONTHS}
_ORDINAL_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_MOST_VAGUE_ORDINAL = 3
_FRACTIONS: dict[Decimal, tuple[Spelling, ...]] = {
    Decimal(50): (("half",), ("half", "of")),
    Decimal(25): (("quarter",), ("1", "4th")),
    Decimal(75): (("3", "quarters"),),
    Decimal(20): (("1", "5th"), ("5th",)),
    Decimal(40): (("2", "fifths"),),
    Decimal(60): (("3", "fifths"),),
    Decimal(80): (("4", "fifths"),),
    Decimal(10): (("10th",),),
}
_CENTURIES = ("17", "18", "19", "20")
_HALF = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_SPACE = "[ \u00a0\u2009\u202f]"
# Digits in groups with spaces: 1 250 000.
_GROUPS = re.compile(rf"\d{{1,3}}(?:{_SPACE}\d{{3}})+(?![\d.,])")
# 30.11.1854: the day comes first.
_NUMERIC_DATE = re.compile(
    r"\b(?P<day>\d{1,2})(?P<sign>[./])(?P<month>0?[1-9]|1[0-2])(?P=sign)(?P<year>\d{4})\b|"
    r"\b(?P<iso_year>\d{4})-(?P<iso_month>0[1-9]|1[0-2])-(?P<iso_day>\d\d)\b"
)
# A number after one of these is rounded. So is "under five hundred" if the source has 486.
_ROUNDED = re.compile(
    r"\b(?:about|around|roughly|approximately|nearly|almost|some|over|under|above|below|up to|close to|"
    r"(?:more|less|fewer) than|at least|at most)\s(?:an? |the )?$",
    re.IGNORECASE,
)
_REMAINDER = re.compile(r"\b(?:remaining|other|rest)\b[\w\s,]*$", re.IGNORECASE)
_UNCHECKED = {"two", "three", "half"}
# Several rules need the quantities in the same sentence.
_CACHED_TEXTS = 1 << 12


@dataclass(frozen=True, slots=True)
class Amount:
    """What a number says in any language. ``unit`` has the English words for its unit, from ``DIMENSIONS``."""

    value: Decimal
    kind: Literal["cardinal", "ordinal", "year", "decade"] = "cardinal"
    dimension: str = ""
    unit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text.

    One of its ``spellings`` must be in the source, or a ``bare`` one without any of the ``rivals``, which are other
    units of the same kind. ``is_counted`` is whether the number is a word that counts things, so that the source may
    name these instead. ``is_unchecked`` is whether the source need not have the number at all: a few things are
    counted in many ways. ``wider`` gives values that may be meant as well, such as both years of a period; looking
    these up takes longer. ``amount`` is its value, if it has one; sources in other languages are compared with it.
    """

    text: str
    start: int
    spellings: tuple[Spelling, ...]
    bare: tuple[Spelling, ...] = ()
    rivals: tuple[str, ...] = ()
    is_counted: bool = False
    is_unchecked: bool = False
    wider: Callable[[], Iterator[Spelling]] = field(default=lambda: iter(()), compare=False)
    amount: Amount | None = None


@lru_cache(_CACHED_TEXTS)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities in a text, in order."""
    # The parts of hyphenated words are words of their own: "20-year" has two.
    flat = [(part, word) for word in words(text) for part in word.parts]
    found = []
    index = 0
    while index < len(flat):
        length, quantity = _at(text, flat, index)
        if quantity:
            found.append(quantity)
        index += max(1, length)
    return tuple(found)


def _at(text: str, flat: Flat, index: int) -> tuple[int, Quantity | None]:
    """Return the quantity at this index and how many parts it has."""
    form, word = flat[index]
    following = [part for part, _ in flat[index + 1 : index + 6]]
    after = following[0] if following else ""
    before = flat[index - 1][0] if index else ""
    if form == "half" and following[:1] == ["a"] and following[1:2] and following[1] in _MAGNITUDE_OF:
        return 3, _cardinal(text, flat, index, Decimal("0.5") * _MAGNITUDE_OF[following[1]], 3)
    if form[-1:] in ("⁄", "2", "4") and "⁄" in form:
        return _fraction(text, flat, index)
    if form in _ORDINAL_WORDS:
        return 1, _ordinal(word, f"{_ORDINAL_WORDS.index(form) + 1}th", before, after)
    if date := _NUMERIC_DATE.match(text, word.start):
        return sum(date.start() <= other.start < date.end() for _, other in flat), _date_in_digits(date)
    if groups := _GROUPS.match(text, word.start):
        length = len(re.split(_SPACE, groups[0]))
        return length, _cardinal(text, flat, index, Decimal(re.sub(_SPACE, "", groups[0])), length)
    if form in ("a", "1") and after in _MAGNITUDE_OF:
        # "A hundred and twenty thousand" is a number; "a million" alone may only mean many.
        length, value = _magnitudes(Decimal(1), following)
        counts = length > 2 or word.text[:1].isdigit()
        return length, _cardinal(text, flat, index, value, length) if counts else None
    if not is_number(form):
        return 1, None
    if re.fullmatch(r"\d+(?:st|nd|rd|th)", form):
        return 1, _ordinal(word, form, before, after)
    if re.fullmatch(r"\d+s", form):
        amount = Amount(Decimal(form[:-1]), "decade")
        return 1, Quantity(word.text, word.start, ((form,),), wider=partial(_decade, form), amount=amount)
    if not re.fullmatch(r"\d+(?:[.,]\d+)*", form):
        return _glued(text, flat, index)
    if len(form) == 2 and text[max(0, word.start - 1) : word.start] in ("'", "’"):
        return 1, Quantity(word.text, word.start, tuple((f"{century}{form}",) for century in _CENTURIES))
    number = _decimal(form)
    if number is None:
        return 1, Quantity(word.text, word.start, ((form,),))
    length, value = _magnitudes(number, following)
    if length == 1 and (after in _MONTHS or before in _MONTHS):
        ordinal = f"{form}{_ending(int(value))}" if value == int(value) else form
        if not re.fullmatch(r"\d{4}", form):
            return 1, Quantity(word.text, word.start, ((form,), (ordinal,)), amount=Amount(value))
    is_year = re.fullmatch(r"1\d{3}|20\d{2}", form) and "," not in word.text
    if length == 1 and is_year and not _unit(following)[1]:
        return 1, Quantity(word.text, word.start, tuple(_year(form)), amount=Amount(value, "year"))
    return length, _cardinal(text, flat, index, value, length)


def _date_in_digits(date: re.Match[str]) -> Quantity:
    number = int(date["day"] or date["iso_day"])
    days = (str(number), f"{number}{_ending(number)}")
    month = month_spellings(int(date["month"] or date["iso_month"]))
    year = date["year"] or date["iso_year"]
    spellings = ((day, spelling.casefold(), year) for day in days for spelling in month)
    return Quantity(date[0], date.start(), ((date[0],), *spellings))


def _magnitudes(value: Decimal, following: list[str]) -> tuple[int, Decimal]:
    """Return how many parts a number has with the magnitudes that follow it, and its value.

    "Two hundred and fifty thousand" has two magnitudes, and a number between them.
    """
    length = 1
    while length <= len(following) and following[length - 1] in _MAGNITUDE_OF:
        value *= _MAGNITUDE_OF[following[length - 1]]
        length += 1
        rest = re.match(r"hundred (?:and )?([1-9]\d?)\b(?! \d)", " ".join(following[length - 2 :]))
        if rest:
            value += int(rest[1])
            length += len(rest[0].split()) - 1
    return length, value


def _decimal(form: str) -> Decimal | None:
    if re.fullmatch(r"\d+(?:\.\d+)?", form):
        return Decimal(form)
    return None


def _ending(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _glued(text: str, flat: Flat, index: int) -> tuple[int, Quantity]:
    """Return a number with its magnitude or unit written without a space, such as ``5bn`` or ``10km``."""
    form, word = flat[index]
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([a-z]+)", form)
    if not found:
        return 1, Quantity(word.text, word.start, ((form,),))
    size = _SHORT_MAGNITUDES.get(found[2])
    quantity = _cardinal(text, flat, index, Decimal(found[1]) * size, 1) if size else None
    if quantity:
        # "10m" may also be ten metres.
        metres = _spelt_with(Decimal(found[1]), ("metre", "metres", "meter", "meters")) if found[2] == "m" else ()
        return 1, replace(quantity, spellings=(*quantity.spellings, *metres))
    return 1, Quantity(word.text, word.start, ((form,), (found[1], found[2])))


def _spelt_with(value: Decimal, units: tuple[str, ...]) -> list[Spelling]:
    return [(*spelling, one) for spelling in _spellings(value) for one in units]


def _fraction(text: str, flat: Flat, index: int) -> tuple[int, Quantity | None]:
    _, word = flat[index]
    whole = word.text[:-1]
    value = _HALF.get(word.text[-1:])
    if value is None or (whole and not whole.isdigit()):
        return 1, None
    return 1, _cardinal(text, flat, index, value + int(whole or 0), 1)


def _ordinal(word: Word, form: str, before: str, after: str) -> Quantity | None:
    number = int(form[:-2])
    spellings = [(form,)]
    amount = Amount(Decimal(number), "ordinal")
    if number <= len(_ORDINAL_WORDS):
        spellings.append((_ORDINAL_WORDS[number - 1],))
    if before in _MONTHS or after in (*_MONTHS, "of"):
        spellings.append((str(number),))
    elif after in ("century", "centuries"):
        return Quantity(word.text, word.start, tuple(spellings), wider=partial(_century, number), amount=amount)
    # "First" and "second" are also adverbs, and "a third" is a fraction.
    is_vague = word.text[:1].isalpha() and number <= _MOST_VAGUE_ORDINAL
    is_counted = word.text[:1].isalpha() and not is_vague
    if is_counted:
        # "Article 4" is the fourth article.
        spellings.append((str(number),))
    return Quantity(
        word.text, word.start, tuple(spellings), is_counted=is_counted, is_unchecked=is_vague, amount=amount
    )


def _century(number: int) -> Iterator[Spelling]:
    """Yield the years of a century; a source may name one of them instead."""
    yield from ((str(year),) for year in range((number - 1) * 100, number * 100 + 1))
    yield from ((f"{decade}s",) for decade in range((number - 1) * 100, number * 100, 10))


def _decade(form: str) -> Iterator[Spelling]:
    first = int(form[:-1])
    yield from ((str(year),) for year in range(first, first + 10))
    # "The first two decades of this century" are the 2000s and the 2010s.
    if first % 10 == 0:
        yield from (("decades", "century"), ("decade", "century"))


def _year(form: str) -> Iterator[Spelling]:
    yield (form,)
    # 2015–16 ends in 2016.
    yield (str(int(form) - 1), form[2:])


def _cardinal(text: str, flat: Flat, index: int, value: Decimal, length: int) -> Quantity | None:
    """Return the quantity of this value, whose number has ``length`` parts, with the unit that follows."""
    word, last = flat[index][1], flat[index + length - 1][1]
    written = text[word.start : last.start + len(last.text)]
    following = [part for part, _ in flat[index + length : index + length + 3]]
    dimension, unit = _unit(following)
    sign = text[max(0, word.start - 1) : word.start]
    if not unit and sign in CURRENCY_SIGNS:
        dimension, unit = _unit([CURRENCY_SIGNS[sign]])
    make = partial(Quantity, written, word.start, amount=Amount(value, dimension=dimension, unit=unit))
    in_words = word.text[:1].isalpha() and length == 1
    if in_words and not unit and word.text.casefold() in _UNCHECKED:
        return make(((_plain(value),),), is_unchecked=True)
    spellings = list(_spellings(value))
    if not unit and written.isdigit() and len(written) == 2 and text[max(0, word.start - 1) : word.start] in ("–", "/"):
        spellings += [(f"{century}{written}",) for century in _CENTURIES]
    wider = partial(_wider, value, dimension, unit, text[: word.start])
    if not unit:
        return make(tuple(spellings), is_counted=in_words, wider=wider)
    with_unit = [(*spelling, one) for spelling in spellings for one in unit]
    with_unit += _converted(value, dimension, unit)
    others = tuple(one for other in DIMENSIONS[dimension] if other != unit for one in other if one != "us")
    if unit == (PERCENT,):
        return make(_FRACTIONS.get(value, ()), tuple(with_unit), others, wider=wider)
    if dimension in _UNSAID:
        return make(tuple(with_unit), tuple(spellings), others, in_words, wider=wider)
    return make(tuple(with_unit), is_counted=in_words, wider=wider)


def _unit(following: list[str]) -> tuple[str, tuple[str, ...]]:
    """Return the dimension and the words of the unit that these words begin with; empty if they begin with none."""
    if following[:1] and following[0] in _BEFORE_UNITS:
        following = following[1:]
    if following[:1] == [PERCENT] and following[1:2] and following[1] in ("point", "points"):
        return "percent", ("points", "point")
    for dimension, units in DIMENSIONS.items():
        for unit in units:
            if following and following[0] in unit and following[0] not in ("m", "us"):
                return dimension, unit
    return "", ()


def _converted(value: Decimal, dimension: str, unit: tuple[str, ...]) -> Iterator[Spelling]:
    units = DIMENSIONS[dimension]
    size = units[unit]
    for other, other_size in units.items():
        if size and other_size and other != unit:
            for spelling in _spellings(value * size / other_size):
                yield from ((*spelling, one) for one in other)
                # "A decade" is ten years.
                if spelling == ("1",):
                    yield from ((one,) for one in other[:1])


def _spellings(value: Decimal) -> Iterator[Spelling]:
    """Yield the ways to write a value: in digits, with a word for its magnitude, or as a fraction."""
    plain = _plain(value)
    yield (plain,)
    if "." in plain:
        yield (plain.replace(".", ","),)
        whole, _, rest = plain.partition(".")
        signs = {"5": "1⁄2", "25": "1⁄4", "75": "3⁄4"}
        if rest in signs:
            yield (f"{whole.removeprefix('0')}{signs[rest]}",)
        if plain == "0.5":
            yield ("half",)
    elif len(plain) > 3:
        # Digits in groups with spaces.
        first = len(plain) % 3 or 3
        yield (plain[:first], *(plain[at : at + 3] for at in range(first, len(plain), 3)))
    for size, found in _MAGNITUDES.items():
        share = value / size
        least = Decimal("0.1") if size >= _MILLION else Decimal(1)
        if least <= share < _MILLION and share == round(share, 3):
            number = _plain(share)
            for word in found:
                yield (number, word)
                yield (f"{number}{word}",)
                if number == "1":
                    yield (word,)
                if number == "0.5":
                    yield ("half", word)
                    yield ("1⁄2", word)
                if "." in number:
                    yield (number.replace(".", ","), word)


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _wider(value: Decimal, dimension: str, unit: tuple[str, ...], before: str) -> Iterator[Spelling]:
    if value != int(value):
        return
    number = int(value)
    # The other part of the whole: "the remaining 56 per cent".
    if unit == (PERCENT,) and number < 100 and _REMAINDER.search(before):
        yield (str(100 - number), PERCENT)
    # The years at both ends of a period.
    if dimension == "years" and number <= 200:
        yield from ((str(year), str(year + number)) for year in range(1700, 2100))
    # "Three days later": from the 17th to the 20th.
    if "days" in unit:
        yield from ((str(day), str(day + number)) for day in range(1, 32 - number))
    # The 2000s and 2010s are two decades.
    if "decades" in unit and 2 <= number <= 5:
        for first in range(1700, 2100, 10):
            yield tuple(f"{decade}s" for decade in range(first, first + 10 * number, 10))
    if _ROUNDED.search(before) and number >= 20:
        # Every number that is rounded to this one.
        half = 10 ** (len(str(number)) - len(str(number).rstrip("0"))) // 2
        for other in range(number - half, number + half + 1, max(1, half // 500)):
            yield from ((str(other), one) for one in unit)
            if not unit:
                yield (str(other),)
