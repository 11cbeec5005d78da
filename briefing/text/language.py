"""The language of a site: its messages, dates, numbers and lists.

Messages are identified by their English text, as in gettext. ``scripts/messages`` collects them from the code and the
templates. Each language has one file of translations, ``locale/TAG.po``, which is compiled when it is loaded. Babel
formats dates, numbers and lists with data from the CLDR.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date as calendar_date
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from babel.units import format_unit

from briefing.text.edtf import DateParts, Edtf, parse_date_parts

ENGLISH_TAG = "en"
# The CLDR's tag for a right-to-left test language. Its messages are accented English.
PSEUDO_TAG = "ar-XB"
# In the CLDR, English without a country puts the month first.
_LOCALES = {"en": "en_GB"}
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")
# A placeholder for the year while a date is formatted. It must be a leap year.
_ANY_YEAR = 2000


def N_(message: str) -> str:
    """Mark a message for translation where it is used later, such as one in a table."""
    return message


def fill(message: str, values: Mapping[str, object]) -> str:
    """Return a message with its placeholders (``%(name)s``) replaced.

    In a message with placeholders, ``%%`` is a percent sign.
    """
    if not values:
        return message
    return message % values


def split_placeholders(message: str) -> list[str]:
    """Return the parts of a message: texts at even indexes, names of placeholders at odd ones."""
    parts = _PLACEHOLDER.split(message)
    parts[::2] = [text.replace("%%", "%") for text in parts[::2]]
    return parts


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A language and its messages, created by ``load_language``.

    ``tag`` is a BCP 47 tag. ``direction`` is ``ltr`` or ``rtl``.
    """

    tag: str
    direction: str
    locale: Locale
    _translations: NullTranslations
    overrides: Mapping[str, str]

    def gettext(self, message: str, **values: object) -> str:
        """Return a message in this language with its placeholders replaced."""
        return fill(self.template(message), values)

    def pgettext(self, context: str, message: str, **values: object) -> str:
        """Return a message whose translation depends on where it is used."""
        return fill(self.template(message, context), values)

    def ngettext(self, singular: str, plural: str, number: int, **values: object) -> str:
        """Return the form of a message for this number, with the number in place of ``num``."""
        return fill(self.plural_template(singular, plural, number), {"num": self.format_number(number), **values})

    def template(self, message: str, context: str = "") -> str:
        """Return a message in this language with its placeholders unchanged."""
        override = self.overrides.get(message)
        if override is not None:
            return override
        if context:
            return str(self._translations.pgettext(context, message))
        return str(self._translations.gettext(message))

    def plural_template(self, singular: str, plural: str, number: int) -> str:
        """Return the form of a message for this number with its placeholders unchanged."""
        english = singular if number == 1 else plural
        override = self.overrides.get(english)
        if override is not None:
            return override
        return str(self._translations.ngettext(singular, plural, number))

    def plural_forms(self, singular: str, plural: str) -> dict[str, str]:
        """Return every form of a message by its CLDR category (``one``, ``other`` ...), for scripts in the browser."""
        forms: dict[str, str] = {}
        # These numbers cover every plural category of every language.
        for number in (*range(200), 1_000_000):
            forms.setdefault(self.locale.plural_form(number), self.plural_template(singular, plural, number))
        return forms

    def format_number(self, number: float) -> str:
        """Return a number with the separators of this language."""
        return _format_number(number, self.locale)

    def format_size(self, size: int) -> str:
        """Return the size of a file, such as ``12 kB``; 1 kB is 1,000 bytes."""
        if size >= 1_000_000:
            return format_unit(size / 1_000_000, "digital-megabyte", "short", "#,##0.0", self.locale)
        # No file is shown as having 0 kB.
        return format_unit(max(1, round(size / 1_000)), "digital-kilobyte", "short", locale=self.locale)

    def country_name(self, english: str) -> str:
        """Return the name of a country from its English one in the CLDR; any other name stays as it is."""
        return str(self.locale.territories.get(_territory_codes().get(english, ""), english))

    def month_names(self) -> list[str]:
        """Return the short names of the months, for example for the axis of a chart."""
        return list(self.locale.months["stand-alone"]["abbreviated"].values())

    def format_list(self, items: Iterable[str]) -> str:
        """Return ``a, b and c``."""
        return format_list(list(items), locale=self.locale)

    def format_date(self, date: Edtf | None) -> str:
        """Return a date in words, with the precision of the source; an empty text for None."""
        if date is None:
            return ""
        return _format_date(self, date.text)


def primary_tag(tag: str) -> str:
    """Return the tag of a language without its region or script."""
    return tag.partition("-")[0].casefold()


def load_language(tag: str, overrides: Mapping[str, str] | None = None) -> Language:
    """Return the language for a BCP 47 tag. ``overrides`` are the briefing's replacements for some messages.

    Raises LookupError if the language has no messages.
    """
    return _load_language(tag, tuple((overrides or {}).items()))


@lru_cache(16)
def _load_language(tag: str, overrides: tuple[tuple[str, str], ...]) -> Language:
    if not _TAG.fullmatch(tag):
        raise LookupError(tag)
    locale = _find_locale(tag)
    direction = "rtl" if locale.character_order == "right-to-left" else "ltr"
    return Language(tag, direction, locale, _load_translations(tag), dict(overrides))


@cache
def catalogue() -> frozenset[str]:
    """Return every message of the site, including each form of plural messages."""
    template = read_po(BytesIO((files("briefing") / "locale" / "messages.pot").read_bytes()))
    found: set[str] = set()
    for message in template:
        found |= {message.id} if isinstance(message.id, str) else set(message.id)
    return frozenset(found - {""})


def available_languages() -> tuple[str, ...]:
    """Return the tags of all languages that have messages, except the test language."""
    names = (file.name for file in (files("briefing") / "locale").iterdir())
    return tuple(sorted({ENGLISH_TAG, *(name.removesuffix(".po") for name in names if name.endswith(".po"))}))


@lru_cache(maxsize=1 << 12, typed=True)
def _format_number(number: float, locale: Locale) -> str:
    # Rounding would change the precision of coordinates.
    return format_decimal(number, locale=locale, decimal_quantization=False)


@cache
def _territory_codes() -> dict[str, str]:
    """Return the codes of the CLDR's territories by their names in English."""
    return {name: code for code, name in Locale(ENGLISH_TAG).territories.items()}


def _find_locale(tag: str) -> Locale:
    name = _LOCALES.get(tag, tag.replace("-", "_"))
    for candidate in (name, tag.partition("-")[0]):
        try:
            return Locale.parse(candidate)
        except UnknownLocaleError:
            continue
    raise LookupError(tag)


def _load_translations(tag: str) -> NullTranslations:
    if tag == PSEUDO_TAG:
        return _PseudoTranslations()
    base = tag.partition("-")[0]
    for name in (tag, base):
        file = files("briefing") / "locale" / f"{name}.po"
        if file.is_file():
            compiled = BytesIO()
            write_mo(compiled, read_po(BytesIO(file.read_bytes()), locale=base))
            compiled.seek(0)
            return Translations(compiled)
    if base == ENGLISH_TAG:
        return NullTranslations()
    raise LookupError(tag)


_ACCENTED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áƀçďéƒĝĥíĵķĺɱñóþɋŕšţúṽŵẋýžÁƁÇĎÉƑĜĤÍĴĶĹṀÑÓÞɊŔŠŢÚṼŴẊÝŽ",
)


def pseudo_translate(message: str) -> str:
    """Return a message with accented letters and 40% more length; placeholders are unchanged."""
    parts = _PLACEHOLDER.split(message)
    length = sum(map(len, parts[::2]))
    parts[::2] = [text.translate(_ACCENTED) for text in parts[::2]]
    parts[1::2] = [f"%({name})s" for name in parts[1::2]]
    return f"{''.join(parts)}{'ẽ' * max(1, length * 2 // 5)}"


class _PseudoTranslations(NullTranslations):
    """Translations that make any text outside the catalogue stand out."""

    def gettext(self, message: str) -> str:
        return pseudo_translate(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo_translate(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002
        return pseudo_translate(message)


_SEASONS = {21: N_("spring"), 22: N_("summer"), 23: N_("autumn"), 24: N_("winter")}


@lru_cache(4096)
def _format_date(language: Language, text: str) -> str:
    if "/" not in text:
        return _format_single(language, text)
    start, _, end = text.partition("/")
    # In EDTF two dots mean an open end, and an empty text means an unknown one.
    if start == "..":
        return language.gettext("until %(date)s", date=_format_single(language, end))
    if not start:
        return language.gettext("until %(date)s, start not known", date=_format_single(language, end))
    if end == "..":
        return language.gettext("since %(date)s", date=_format_single(language, start))
    if not end:
        return language.gettext("from %(date)s, end not known", date=_format_single(language, start))
    return language.gettext(
        "%(start)s to %(end)s", start=_format_single(language, start), end=_format_single(language, end)
    )


def _format_single(language: Language, text: str) -> str:
    parts = parse_date_parts(text)
    words = _format_parts(language, parts)
    if parts.is_approximate and parts.is_uncertain:
        return language.gettext("about %(date)s (uncertain)", date=words)
    if parts.is_approximate:
        return language.gettext("about %(date)s", date=words)
    if parts.is_uncertain:
        return language.gettext("%(date)s (uncertain)", date=words)
    return words


def _format_parts(language: Language, parts: DateParts) -> str:
    year = _format_year(language, parts.first_year)
    if parts.last_year - parts.first_year == 9:
        # Translators: a decade by its first year, as in "the 1970s".
        return language.gettext("the %(year)ss", year=str(parts.first_year))
    if parts.last_year != parts.first_year:
        return language.gettext(
            "sometime between %(start)s and %(end)s", start=year, end=_format_year(language, parts.last_year)
        )
    if parts.month is None:
        if parts.has_unknown_day:
            return language.gettext("a day in %(date)s", date=year)
        if parts.has_unknown_month:
            return language.gettext("a month in %(date)s", date=year)
        return year
    if parts.month in _SEASONS:
        season = language.gettext(_SEASONS[parts.month])
        return language.pgettext("season", "%(season)s %(year)s", season=season, year=year)
    # Babel supports only the years 1 to 9999, so the real year is inserted afterwards.
    any_year = format_skeleton("y", calendar_date(_ANY_YEAR, 1, 1), locale=language.locale)
    any_date = calendar_date(_ANY_YEAR, parts.month, parts.day or 1)
    if parts.day is not None:
        return format_date(any_date, "long", locale=language.locale).replace(any_year, year)
    words = format_skeleton("yMMMM", any_date, locale=language.locale).replace(any_year, year)
    if parts.has_unknown_day:
        return language.gettext("a day in %(date)s", date=words)
    return words


def _format_year(language: Language, year: int) -> str:
    if year > 9999:
        return str(year)
    if year > 0:
        any_year = calendar_date(year, 1, 1)
        return format_skeleton("y", any_year, locale=language.locale)
    return language.gettext("%(year)s BC", year=str(1 - year))


ENGLISH = load_language(ENGLISH_TAG)
