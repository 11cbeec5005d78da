"""How a source in another language may spell what an English fact says: numbers, units, dates and names.

Months, units, magnitudes, decimal signs and names of states come from the CLDR (Babel), and numbers in words from its
rules for them (unicode-rbnf). A pin has only hashes, so inflected forms cannot be recognised in it. They are found by
their stem, or made from the form in the dictionary with the endings that the language has.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from itertools import chain, product

from babel import Locale
from babel.languages import get_official_languages
from babel.numbers import format_decimal, get_currency_name
from babel.units import format_unit
from unicode_rbnf import FormatPurpose, RbnfEngine
from unicode_rbnf.engine import NoRuleForNumberError

from briefing.evidence.matching import DateNumbers
from briefing.evidence.quantities import DIMENSIONS, Amount, Spelling
from briefing.evidence.states import Forms, name_forms
from briefing.text.language import ENGLISH
from briefing.text.normalize import PERCENT
from briefing.text.scripts import is_written_in, script_of_language
from briefing.text.solar_hijri import MONTHS as SOLAR_HIJRI_MONTHS
from briefing.text.solar_hijri import YEARS as SOLAR_HIJRI_YEARS
from briefing.text.solar_hijri import solar_hijri

# For each word of a name, its possible forms, the one in the dictionary first.
NameSpelling = tuple[tuple[str, ...], ...]

# The CLDR's names of units, by the first English word of each.
_UNITS = {
    "hour": "duration-hour",
    "day": "duration-day",
    "week": "duration-week",
    "month": "duration-month",
    "year": "duration-year",
    "decade": "duration-decade",
    "century": "duration-century",
    "metre": "length-meter",
    "kilometre": "length-kilometer",
    "mile": "length-mile",
    "foot": "length-foot",
    "kilogram": "mass-kilogram",
    "tonne": "mass-tonne",
    "litre": "volume-liter",
    "barrel": "volume-barrel",
    "hectare": "area-hectare",
    "acre": "area-acre",
    PERCENT: "concentr-percent",
}
# Two currencies of each name. The words that both have in common are the name; the others are those of a state.
_CURRENCIES = {
    "dollar": ("USD", "AUD"),
    "euro": ("EUR", "EUR"),
    "rouble": ("RUB", "BYN"),
    "franc": ("CHF", "RWF"),
    "pound": ("GBP", "EGP"),
    "rial": ("IRR", "OMR"),
    "rupee": ("INR", "PKR"),
    "dirham": ("AED", "MAD"),
}
_CARDINAL, _ORDINAL = FormatPurpose.CARDINAL, FormatPurpose.ORDINAL
_PLURALS = (1, 2, 5, Decimal("1.5"))  # each plural form of every language is that of one of these numbers
_MAGNITUDES = tuple(Decimal(10**power) for power in (3, 6, 9, 12))
# Countries with other names of months than most with the same language.
_OTHER_LOCALES = {"ar": ("ar_SY",), "de": ("de_AT",)}
_SEASONS = {
    "ar": "الربيع الصيف الخريف الشتاء",
    "de": "Frühling/Frühjahr Sommer Herbst Winter",
    "es": "primavera verano otoño invierno",
    "fa": "بهار تابستان پاییز/پائیز زمستان",
    "fr": "printemps été automne hiver",
    "it": "primavera estate autunno inverno",
    "ru": "весна/весной лето/летом осень/осенью зима/зимой",
    "uk": "весна/весни/весною/навесні літо/літа/влітку осінь/осені/восени зима/зими/взимку",
}
# The rules of these languages have no ordinals, or not all.
_ORDINALS = {
    "fa": {1: "اول یکم نخست نخستین"},
    "uk": dict(enumerate("перш друг трет четверт п'ят шост сьом восьм дев'ят десят".split(), 1)),
}
_ORDINAL_ENDINGS = {
    "ar": ("",),
    "es": ("o", "a", "er"),
    "fa": ("م", "مین", "ام"),
    "fr": ("e", "er", "ère", "re", "ème", "nd", "nde"),
    "it": ("o", "a"),
    "uk": ("ий", "ого", "ому", "им", "ім", "а", "ої", "ій", "у", "ою", "е", "і", "их", "ими", "я", "ьої", "ю", "є"),
}
_ONE_AND_A_HALF = {
    "ar": ("واحد ونصف",),
    "de": ("anderthalb", "eineinhalb"),
    "fa": ("یک و نیم",),
    "ru": ("полтора", "полторы", "полутора"),
    "uk": ("півтора", "півтори"),
}
# A number and a unit in one word: "zwanzigjährig".
_COMPOUNDS = {
    "de": {"hour": "stündig", "day": "tägig", "week": "wöchig", "month": "monatig", "year": "jährig"},
    "ru": {"hour": "часов", "day": "дневн", "week": "недельн", "month": "месячн", "year": "летн"},
}
# In normal forms, й is и.
_SLAVIC = (
    "ого ому его ему ом ем им ым ои еи ою ею ую юю ых их ыми ими ов ев ам ям ами ями ах ях а я у ю е ы и ь о ыи ии"
)
_NAME_ENDINGS = {
    "de": ("er", "ern", "ers"),
    "fa": ("ی", "یی", "ای"),
    "ru": tuple(f"{_SLAVIC} ая яя ое ее ые ие".split()),
    "uk": tuple(f"{_SLAVIC} і ові еві єві єю ої іи".split()),
}
# Articles, prepositions and conjunctions that are part of the next word, or come before it with an apostrophe.
_NAME_BEGINNINGS = {
    "ar": ("ال", "و", "وال", "ب", "بال", "ل", "لل", "ک", "کال"),
    "fr": ("d", "l", "qu"),
    "it": ("l", "d", "dell", "all", "dall", "nell", "sull"),
}
_VOWELS = {"ru": "аеиоуыэюяь", "uk": "аеиіоуюяєь"}
# Endings of the adjectives of states: "schwedisch".
_ADJECTIVES = {
    "ar": ("ی", "یة", "یه"),
    "de": ("isch",),
    "fa": ("ی", "یه"),
    "ru": ("ск", "иск", "ииск", "еск", "анск", "янск", "инск", "еиск"),
    "uk": ("ськ", "ииськ", "іиськ", "анськ", "янськ", "еиськ"),
}
_ADJECTIVE_ENDINGS = {
    "de": ("", "e", "em", "en", "er", "es"),
    "ru": tuple("ии ыи ои ая яя ое ее ие ые ого его ому ему им ым ом ем ую юю еи их ых ими ыми".split()),
    "uk": ("ии", "а", "е", "і", "ого", "ої", "ои", "ому", "им", "іи", "у", "ою", "их", "ими"),
}
# Endings of the names of states that their adjectives lack: "Schweden", "schwedisch".
_STATE_ENDINGS = {"de": ("land", "en", "ien", "ei"), "fa": ("یه", "ستان"), "ar": ("یا", "ا", "ة")}
_LEAST_LETTERS = 3


def amount_spellings(amount: Amount, language: str) -> Iterator[Spelling]:
    """Yield the ways to write a number without its unit."""
    number = amount.value
    if amount.kind == "decade":
        yield from ((f"{number}{ending}",) for ending in ("", "er", "ern"))
        tens = int(number) % 100
        yield from ((f"{tens}{ending}",) for ending in ("er", "ern"))
        if tens:
            for text in (*_in_words(language, tens, _CARDINAL), *_in_words(language, tens, _ORDINAL)):
                yield from (name_forms(f"{text}{ending}") for ending in ("", "er"))
    elif amount.kind == "ordinal":
        yield from _ordinals(language, int(number))
    elif amount.kind == "year":
        yield (str(number),)
        yield from date_spellings((int(number), None, None), language)
    else:
        yield from _numbers(language, number)


def unit_words(amount: Amount, language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words for the unit of a number, and those for the other units of the same kind."""
    rivals = (_unit_words(other[0], language) for other in DIMENSIONS.get(amount.dimension, {}) if other != amount.unit)
    # A pin has the signs of currencies as English words.
    own = _unit_words(amount.unit[0], language).union(amount.unit) if amount.unit else frozenset[str]()
    # Abbreviations such as "m" mean other things too.
    return own, frozenset(word for word in chain.from_iterable(rivals) if len(word) >= _LEAST_LETTERS) - own


def month_words(month: int, language: str) -> tuple[Spelling, ...]:
    """Return the names of a month, or of a season (21 to 24); empty if they are not known."""
    if month > 20:
        seasons = _SEASONS.get(language, "").split()
        return tuple(name_forms(name) for name in seasons[month - 21].split("/")) if seasons else ()
    found = []
    for name in (language, *_OTHER_LOCALES.get(language, ())):
        months = Locale.parse(name).months
        found += [months[use][width][month] for use in ("format", "stand-alone") for width in ("wide", "abbreviated")]
    spellings = list(dict.fromkeys(map(name_forms, found)))
    inflected = ((form,) for spelling in spellings if len(spelling) == 1 for form in _inflected(spelling[0], language))
    return (*spellings, *inflected)


def date_spellings(numbers: DateNumbers, language: str) -> Iterator[Spelling]:
    """Yield the ways to write a date, or the days of a month or year, in digits and in the calendar of the language."""
    year, month, day = numbers
    if month and day:
        yield from _digits(year, month, day)
    else:
        for one, other in product((month,) if month else range(1, 13), range(1, 32)):
            yield from ((f"{other}.{one}.{year}",), (f"{other:02}.{one:02}.{year}",), (f"{year}-{one:02}-{other:02}",))
    if language != "fa" or year not in SOLAR_HIJRI_YEARS:
        return
    # A Gregorian year or month has days of two Solar Hijri ones.
    days = [(year, month or one, day or other) for one, other in ((1, 1), (12, 28))]
    for solar_year, solar_month, solar_day in dict.fromkeys(map(solar_hijri, days)):
        if not month:
            yield (str(solar_year),)
            continue
        name = name_forms(SOLAR_HIJRI_MONTHS[solar_month - 1])
        if day:
            yield from _digits(solar_year, solar_month, solar_day)
            yield from ((*spelling, *name) for spelling in _ordinals(language, solar_day))
        else:
            yield (*name, str(solar_year))


def _digits(year: int, month: int, day: int) -> Iterator[Spelling]:
    for month_text, day_text in product(dict.fromkeys((str(month), f"{month:02}")), (str(day), f"{day:02}")):
        yield (f"{day_text}.{month_text}.{year}",)
        yield (f"{year}-{month_text}-{day_text}",)
        yield (str(year), month_text, day_text)


def name_spellings(spellings: tuple[Forms, ...], language: str) -> tuple[NameSpelling, ...]:
    """Return the spellings of a name in a language: for each word of each, its forms. Empty if none is known."""
    script = script_of_language(language)
    own = [parts for parts in spellings if all(is_written_in(part, script) for part in parts)]
    found = [tuple(_inflected(part, language) for part in parts) for parts in own]
    for parts in spellings:
        if code := _territories().get(parts):
            found += _state_spellings(code, language)
    return tuple(found)


@lru_cache(1 << 12)
def _inflected(part: str, language: str) -> tuple[str, ...]:
    """Return the forms that a word of a name may have."""
    beginnings = ("", *_NAME_BEGINNINGS.get(language, ()))
    endings = ("", *_NAME_ENDINGS.get(language, ()))
    if len(part) < _LEAST_LETTERS:
        return (part,)
    roots = {part}
    vowels = _VOWELS.get(language, "")
    if part[-1:] in vowels:
        roots |= {part[:-1], part[:-2] if part[-2] in vowels else part[:-1]}
    elif vowels and part[-2] in vowels and len(part) > _LEAST_LETTERS:
        roots.add(part[:-2] + part[-1])  # Павел, Павла
    made = (f"{begin}{root}{end}" for root in sorted(roots) for begin in beginnings for end in endings)
    return tuple(dict.fromkeys((part, *made)))


@cache
def _territories() -> dict[Forms, str]:
    """Return the codes of states by the words of their English names."""
    return {name_forms(name): code for code, name in ENGLISH.locale.territories.items() if len(code) == 2}


@lru_cache(1 << 10)
def _state_spellings(code: str, language: str) -> list[NameSpelling]:
    """Return the words for a state: its name, and adjectives."""
    locale = Locale.parse(language)
    name = name_forms(str(locale.territories.get(code, "")))
    found = [tuple(_inflected(part, language) for part in name)] if name else []
    if len(name) == 1:
        found.append((tuple(_adjectives(name[0], language)),))
    # The name of a language has the adjective: "deutsch", "amerikanisches Englisch".
    for one in get_official_languages(code, de_facto=True)[:1]:
        adjective = name_forms(str(locale.languages.get(one, "")))
        variety = name_forms(str(locale.languages.get(f"{one}_{code}", "")))
        found += [(_inflected(part, language),) for part in variety if part not in adjective]
        if len(adjective) == 1:
            found.append((_inflected(adjective[0], language),))
    return found


def _adjectives(name: str, language: str) -> Iterator[str]:
    vowels = _VOWELS.get(language, "")
    roots = [name, name.rstrip(vowels)] if vowels else [name]
    roots += [name.removesuffix(ending) for ending in _STATE_ENDINGS.get(language, ())]
    for root, middle in product(dict.fromkeys(roots), _ADJECTIVES.get(language, ())):
        for ending in _ADJECTIVE_ENDINGS.get(language, ("",)):
            yield f"{root}{middle}{ending}"


@cache
def _engine(language: str) -> RbnfEngine:
    return RbnfEngine.for_language(language)


@lru_cache(1 << 12)
def _in_words(language: str, number: int, purpose: FormatPurpose) -> frozenset[str]:
    try:
        found = frozenset(_engine(language).format_number(number, purpose).text_by_ruleset.values())
    except (ValueError, NoRuleForNumberError):  # the language has no such rules
        return frozenset()
    if language == "ar":
        # The rules have only the nominative.
        found |= {text.replace("ون", "ين") for text in found}
    return found


def _ordinals(language: str, number: int) -> Iterator[Spelling]:
    yield (str(number),)
    endings = _ORDINAL_ENDINGS.get(language, ())
    yield from ((f"{number}{ending}",) for ending in endings)
    for text in _in_words(language, number, _ORDINAL):
        yield name_forms(text)
        yield name_forms(text.removeprefix("ال"))
    bases = _ORDINALS.get(language, {}).get(number, "").split()
    yield from (name_forms(base) for base in bases)
    if language == "fa":
        bases += _in_words(language, number, _CARDINAL)
        bases = [text.removesuffix("سه") + "سو" if text.endswith("سه") else text for text in bases]
    yield from (name_forms(f"{base}{ending}") for base in bases for ending in endings)
    # Centuries, sovereigns and articles.
    if 0 < number < 40:
        units = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
        yield (f"{'x' * (number // 10)}{units[number % 10]}",)


def _numbers(language: str, value: Decimal) -> Iterator[Spelling]:
    yield from _simple_numbers(language, value)
    for size in _MAGNITUDES:
        share = value / size
        if not Decimal("0.1") <= share < 1_000_000:
            continue
        if share == round(share, 3):
            yield from _with_magnitude(language, share, size)
        # 4 billion 800 million
        whole, rest = divmod(value, size)
        if whole and rest and size >= 1_000_000 and rest % (size / 1000) == 0:
            first = _with_magnitude(language, whole, size)
            second = list(_with_magnitude(language, rest / (size / 1000), size / 1000))
            yield from ((*one, *other) for one in first for other in second)


def _with_magnitude(language: str, share: Decimal, size: Decimal) -> Iterator[Spelling]:
    for number, word in product(list(_simple_numbers(language, share)), _magnitude_words(language, size)):
        yield (*number, word)
    if share == 1:
        yield from ((word,) for word in _magnitude_words(language, size))


@lru_cache(1 << 12)
def _simple_numbers(language: str, value: Decimal) -> tuple[Spelling, ...]:
    """Return a number in digits and in words."""
    plain = format(value.normalize(), "f")
    found: list[Spelling] = [(plain,)]
    found += [
        name_forms(format_decimal(value, locale=language, decimal_quantization=False, group_separator=grouped))
        for grouped in (True, False)
    ]
    if "." in plain:
        # Where a point separates thousands, 4.125 is another number.
        if len(plain.partition(".")[2]) == 3:
            del found[0]
        found.append((plain.replace(".", ","),))
        found += [tuple(plain.split(".")), (f"{plain}0",), (f"{plain.replace('.', ',')}0",)]
    elif len(plain) > 3:
        first = len(plain) % 3 or 3
        found.append((plain[:first], *(plain[at : at + 3] for at in range(first, len(plain), 3))))
    if value == Decimal("1.5"):
        found += map(name_forms, _ONE_AND_A_HALF.get(language, ()))
    if value == int(value):
        found += map(name_forms, _in_words(language, int(value), _CARDINAL))
    return tuple(dict.fromkeys(found))


@cache
def _magnitude_words(language: str, size: Decimal) -> frozenset[str]:
    formats = Locale.parse(language).compact_decimal_formats
    plurals = chain.from_iterable(widths.values() for widths in formats.values())
    # A language may lack a plural form.
    patterns = (sizes[str(size)].pattern for sizes in plurals if str(size) in sizes)
    words = chain.from_iterable(name_forms(pattern.replace("0", " ").replace("'", "")) for pattern in patterns)
    return frozenset(word for word in words if not word.isdigit())


@cache
def _unit_words(unit: str, language: str) -> frozenset[str]:
    if unit in _CURRENCIES:
        one, other = _CURRENCIES[unit]
        return _currency_words(one, language) & _currency_words(other, language)
    name = _UNITS.get(unit)
    if not name:
        return frozenset()
    texts = [format_unit(number, name, width, locale=language) for number in _PLURALS for width in ("long", "short")]
    # Babel writes the CLDR's own name if a language has no pattern for a number.
    words = chain.from_iterable(name_forms(text) for text in texts if name not in text)
    return frozenset(word for word in words if not word[:1].isdigit())


def _currency_words(currency: str, language: str) -> frozenset[str]:
    names = (get_currency_name(currency, number, language) for number in _PLURALS)
    return frozenset(chain.from_iterable(map(name_forms, names)))


def converted_spellings(amount: Amount, language: str) -> Iterator[Spelling]:
    """Yield the ways to write a number with its unit: in other units, and in one word."""
    if not amount.unit:
        return
    units = DIMENSIONS[amount.dimension]
    size = units[amount.unit]
    for other, other_size in units.items():
        if size and other_size and other != amount.unit:
            value = amount.value * size / other_size
            if value == round(value, 3):
                yield from (
                    (*number, word)
                    for number, word in product(list(_numbers(language, value)), _unit_words(other[0], language))
                )
    compound = _COMPOUNDS.get(language, {}).get(amount.unit[0])
    if compound and amount.value == int(amount.value):
        numbers = (str(amount.value), *_in_words(language, int(amount.value), _CARDINAL))
        for text, ending in product(numbers, _ADJECTIVE_ENDINGS[language]):
            yield name_forms(f"{text}{compound}{ending}")
