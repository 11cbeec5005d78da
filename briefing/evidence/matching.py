"""Find what a cited paragraph must contain: the numbers, names, dates and quoted words of a fact."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from briefing.evidence.names import Names
from briefing.model.records import Fact
from briefing.text.edtf import Edtf, printed_parts
from briefing.text.normalize import PERCENT, Word, is_number, words
from briefing.text.normalize import forms as forms_of

# Another paragraph is reported as better only if its fit is this many times as good.
MARGIN = 1.25
_QUOTED = re.compile(r"[\"“]([^\"”]+)[\"”]")
# A number is checked together with what it counts: "12 days" must not be supported by "12 months".
_UNITS = {
    form: (unit, f"{unit}s")
    for unit in "year month week day hour decade metre kilometre".split()
    for form in (unit, f"{unit}s")
} | {PERCENT: (PERCENT,)}


@dataclass(frozen=True, slots=True)
class Token:
    """Something in a fact that can be looked up. A cited paragraph must contain at least one spelling completely.

    ``what`` names its type in messages: number, name, date and others. ``path`` is the field that contains it.
    """

    what: str
    text: str
    path: tuple[str | int, ...]
    spellings: tuple[tuple[str, ...], ...]
    entities: frozenset[str] = frozenset()


def quoted_phrases(text: str) -> list[str]:
    """Return the phrases in double quotation marks."""
    return _QUOTED.findall(text)


def hard_tokens(fact: Fact, names: Names) -> list[Token]:
    """Return everything that the cited paragraphs must contain."""
    tokens = [*_number_tokens(fact), *_name_tokens(fact, names), *_subject_tokens(fact, names)]
    if fact.by and fact.by in names.of:
        tokens.append(Token("speaker", fact.by, ("by",), names.of[fact.by], frozenset({fact.by})))
    tokens += _quoted_tokens(fact)
    # A derived date is our own calculation, so no source contains it.
    if fact.when and not fact.derived:
        tokens += _printed_date(fact.when)
    tokens += _chosen_word_tokens(fact)
    return tokens


def _number_tokens(fact: Fact) -> list[Token]:
    tokens = []
    fact_words = words(fact.says)
    for word, following in zip_longest(fact_words, fact_words[1:]):
        for form in word.parts:
            if is_number(form):
                units = _UNITS.get(_counted_form(word, following), ())
                spellings = tuple((form, unit) for unit in units) or ((form,),)
                tokens.append(Token("number", word.text, ("says",), spellings))
    return tokens


def _counted_form(word: Word, following: Word | None) -> str:
    """Return the form that may be the unit of a number: the second part of "20-year", or the word after "20"."""
    if len(word.parts) > 1:
        return word.parts[1]
    if following and following.parts:
        return following.parts[0]
    return ""


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


def _printed_date(when: Edtf) -> list[Token]:
    return [
        Token("date", spellings[0], ("when",), tuple(tuple(forms_of(spelling)) for spelling in spellings))
        for spellings in printed_parts(when)
    ]
