"""Find what a cited paragraph must contain: the numbers, names, dates and quoted words of a fact."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from briefing.evidence.names import Names
from briefing.evidence.quantities import MONTHS as MONTHS
from briefing.evidence.quantities import Quantity, Spelling, quantities
from briefing.model.records import Fact
from briefing.text.edtf import Edtf, month_spellings, parse_date_parts, parse_edtf, printed_parts
from briefing.text.normalize import forms as forms_of
from briefing.text.normalize import words

# Another paragraph is reported as better only if its fit is this many times as good.
MARGIN = 1.25
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTH = re.compile(rf"\b(?P<month>{'|'.join(MONTHS)})\b(?P<day>,? \d)?")
_NAMES = "|".join(MONTHS)
_DATE = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_NAMES})\b(?:,? (?P<year>\d{{4}})\b)?|"
    rf"\b(?P<month_first>{_NAMES}) (?P<day_last>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year_last>\d{{4}})\b)?|"
    rf"\b(?P<only_month>{_NAMES}),? (?:of )?(?P<only_year>\d{{4}})\b"
)
_QUOTED = re.compile(r"[\"“]([^\"”]+)[\"”]")


# A year, and a month and a day if they are known.
DateNumbers = tuple[int, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Token:
    """Something in a fact that can be looked up. A cited paragraph must contain at least one spelling completely.

    ``what`` names its type in messages: number, name, date and others. ``path`` is the field that contains it. A number
    has a ``quantity``, which says what else may be in the paragraph instead.
    """

    what: str
    text: str
    path: tuple[str | int, ...]
    spellings: tuple[Spelling, ...]
    entities: frozenset[str] = frozenset()
    quantity: Quantity | None = None
    date: DateNumbers | None = None

    @property
    def is_certain(self) -> bool:
        """Whether the paragraph must have it: a number in words may be missing."""
        return self.quantity is None or not (self.quantity.is_counted or self.quantity.is_unchecked)


def quoted_phrases(text: str) -> list[str]:
    """Return the phrases in double quotation marks."""
    return _QUOTED.findall(text)


def hard_tokens(fact: Fact, names: Names) -> list[Token]:
    """Return everything that the cited paragraphs must contain."""
    tokens = [
        *number_tokens(fact.says, fact.when),
        *month_tokens(fact.says, fact.when),
        *_name_tokens(fact, names),
        *_subject_tokens(fact, names),
    ]
    if fact.by and fact.by in names.of:
        tokens.append(Token("speaker", fact.by, ("by",), names.of[fact.by], frozenset({fact.by})))
    tokens += _quoted_tokens(fact)
    # A derived date is our own calculation, so no source contains it.
    if fact.when and not fact.derived:
        tokens += _printed_date(fact.when)
    tokens += _chosen_word_tokens(fact)
    return tokens


def is_of_date(token: Token, when: Edtf) -> bool:
    """Whether the token is a number or month of this date, which may be given less exactly than it is known."""
    for _, date in _ends(when):
        said = token.date or ((int(token.text), None, None) if token.text == str(date[0]) else None)
        if said and all(part in (None, known) for part, known in zip(said, date, strict=True)):
            return True
    return False


def _ends(when: Edtf) -> Iterator[tuple[str, DateNumbers]]:
    """Yield the date, or the known ends of a period."""
    for end in when.text.split("/"):
        if end not in ("", ".."):
            parts = parse_date_parts(end)
            yield end, (parts.first_year, parts.month, parts.day)


def number_tokens(text: str, when: Edtf | None = None) -> Iterator[Token]:
    """Yield the numbers in a text. ``when`` has the year of dates without one."""
    dates = list(_dates_in(text, when))
    for found in quantities(text):
        date = _date_at(dates, found.start)
        yield Token("number", found.text, ("says",), found.spellings, quantity=found, date=date)


def _dates_in(text: str, when: Edtf | None) -> Iterator[tuple[int, int, DateNumbers]]:
    """Yield the dates in a text with a month, and where they are."""
    for found in _DATE.finditer(text):
        year = found["year"] or found["year_last"] or found["only_year"] or (when.text[:4] if when else "")
        month = found["month"] or found["month_first"] or found["only_month"]
        day = found["day"] or found["day_last"]
        if year.isdigit():
            yield found.start(), found.end(), (int(year), MONTHS.index(month) + 1, int(day) if day else None)


def _date_at(dates: list[tuple[int, int, DateNumbers]], place: int) -> DateNumbers | None:
    return next((date for start, end, date in dates if start <= place < end), None)


def month_tokens(text: str, when: Edtf | None = None) -> Iterator[Token]:
    """Yield the months in a text. ``when`` has the year of dates without one."""
    dates = list(_dates_in(text, when))
    for found in MONTH.finditer(text):
        # A capital may begin the sentence: "May" and "March" are also verbs.
        if found.start() or found["day"]:
            number = MONTHS.index(found["month"]) + 1
            spellings = tuple((spelling.casefold(),) for spelling in month_spellings(number))
            yield Token("month", found["month"], ("says",), spellings, date=_date_at(dates, found.start()))


def _name_tokens(fact: Fact, names: Names) -> Iterator[Token]:
    for name in names.within(fact.says):
        # One spelling may belong to several entities. A spelling of any of them is enough.
        spellings = tuple(spelling for entity_id in sorted(name.entities) for spelling in names.of[entity_id])
        yield Token("name", name.text, ("says",), spellings, name.entities)


def _subject_tokens(fact: Fact, names: Names) -> Iterator[Token]:
    for index, entity_id in enumerate(fact.about):
        # The rules on references report an id that does not exist.
        if entity_id in names.of:
            yield Token("subject", entity_id, ("about", index), names.of[entity_id], frozenset({entity_id}))


def _quoted_tokens(fact: Fact) -> Iterator[Token]:
    for phrase in quoted_phrases(fact.says):
        for word in words(phrase):
            # A hyphenated word is quoted as a whole, so its parts alone do not count.
            yield Token("quoted word", word.text, ("says",), (word.forms[:1],))


def _chosen_word_tokens(fact: Fact) -> Iterator[Token]:
    for index, text in enumerate(fact.words):
        forms = tuple(form for word in words(text) for form in word.parts)
        yield Token("word", text, ("words", index), (forms,))


def _printed_date(when: Edtf) -> Iterator[Token]:
    for end, date in _ends(when):
        for spellings in printed_parts(parse_edtf(end)):
            forms = tuple(tuple(forms_of(spelling)) for spelling in spellings)
            yield Token("date", spellings[0], ("when",), forms, date=date)
