"""Look up in a cited paragraph what a fact contains, in the language of the source."""

from collections.abc import Iterator
from decimal import Decimal

from briefing.evidence.foreign import (
    amount_spellings,
    converted_spellings,
    date_spellings,
    month_words,
    name_spellings,
    unit_words,
)
from briefing.evidence.languages import comparisons, is_foreign
from briefing.evidence.matching import Token
from briefing.evidence.pins import PinnedText
from briefing.evidence.quantities import MONTHS, Amount, Spelling
from briefing.text.edtf import SEASONS

# A name in more than this share of the paragraphs is a subject of the source.
_SUBJECT = 0.4
# The comparison that each type of token belongs to.
COMPARISON_OF = {
    "number": "numbers",
    "month": "dates",
    "date": "dates",
    "name": "names",
    "subject": "names",
    "speaker": "speakers",
    "quoted word": "quoted words",
}


def holds(text: PinnedText, number: int, token: Token) -> bool:
    """Return whether the paragraph contains a token of an English fact."""
    if any(text.has(number, forms) for forms in token.spellings):
        return True
    if is_foreign(text.language):
        return _holds_in_translation(text, number, token)
    quantity = token.quantity
    if quantity is None or any(text.has(number, (rival,)) for rival in quantity.rivals):
        return False
    return any(text.has(number, forms) for forms in quantity.bare)


def having(text: PinnedText, token: Token) -> list[int]:
    """Return the numbers of the paragraphs that contain a token."""
    return [number for number in text.numbers if holds(text, number, token)]


def is_subject(text: PinnedText, token: Token) -> bool:
    """Return whether enough paragraphs contain a name to make it a subject of the source."""
    return len(having(text, token)) > _SUBJECT * len(list(text.numbers))


def is_comparable(text: PinnedText, token: Token) -> bool:
    """Return whether a text in its language can be compared with a token at all."""
    possible = comparisons(text.language)
    if token.what not in COMPARISON_OF:
        return bool(possible)
    if COMPARISON_OF[token.what] not in possible:
        return False
    if not is_foreign(text.language):
        return True
    if token.entities:
        # No spelling of the name is in the script of the language.
        return bool(name_spellings(token.spellings, text.language))
    season = _season(token)
    return not season or bool(month_words(season, text.language))


def _holds_in_translation(text: PinnedText, number: int, token: Token) -> bool:
    language = text.language
    if not comparisons(language):
        return False
    if token.entities:
        names = name_spellings(token.spellings, language)
        return any(all(_has_one_of(text, number, forms) for forms in parts) for parts in names)
    return any(text.has_like(number, spelling) for spelling in _spellings(token, language)) or (
        token.quantity is not None
        and token.quantity.amount is not None
        and _has_amount(text, number, token.quantity.amount)
    )


def _has_one_of(text: PinnedText, number: int, forms: tuple[str, ...]) -> bool:
    return any(text.has(number, (form,)) for form in forms) or any(text.has_stem(number, form) for form in forms[:1])


def _spellings(token: Token, language: str) -> Iterator[Spelling]:
    if token.date:
        yield from date_spellings(token.date, language)
        day = token.date[2]
        if day and token.text.startswith(str(day)):
            yield from amount_spellings(Amount(Decimal(day), "ordinal"), language)
    if token.what == "word":
        yield from token.spellings
    if token.what in ("month", "date"):
        if token.text in MONTHS:
            yield from month_words(MONTHS.index(token.text) + 1, language)
        elif season := _season(token):
            yield from month_words(season, language)
        elif token.text.endswith("0s"):
            yield from ((f"{token.text[:-1]}{ending}",) for ending in ("", "er", "ern"))


def _season(token: Token) -> int:
    """Return the number of the season (21 to 24) that a part of a date is, or 0."""
    return next((number for number, name in SEASONS.items() if token.what == "date" and name == token.text), 0)


def _has_amount(text: PinnedText, number: int, amount: Amount) -> bool:
    if any(text.has_like(number, spelling) for spelling in converted_spellings(amount, text.language)):
        return True
    own, rivals = unit_words(amount, text.language)
    if _has_any_word(text, number, rivals) and not _has_any_word(text, number, own):
        return False
    return any(text.has_like(number, spelling) for spelling in amount_spellings(amount, text.language))


def _has_any_word(text: PinnedText, number: int, words: frozenset[str]) -> bool:
    return any(text.has_like(number, (word,)) for word in words)
