"""What a cited paragraph must contain: numbers, names, dates and quoted words of a fact."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from briefing.evidence.names import Names
from briefing.model.records import Fact
from briefing.text.edtf import Edtf, printed_parts
from briefing.text.normalize import PERCENT, Word, is_number, words
from briefing.text.normalize import forms as forms_of

# How much better another paragraph must fit before it is called the better one.
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
    """Something hard that a fact says: at least one spelling must stand whole in a cited paragraph."""

    what: str  # for the reader of a problem: number, name, date, quoted word …
    text: str
    path: tuple[str | int, ...]  # the field that says it
    spellings: tuple[tuple[str, ...], ...]
    entities: frozenset[str] = frozenset()


def quoted_phrases(text: str) -> list[str]:
    """Return what stands inside double quotation marks."""
    return _QUOTED.findall(text)


def hard_tokens(fact: Fact, names: Names) -> list[Token]:
    """Return all that must stand in a paragraph that the fact cites."""
    tokens = [*_number_tokens(fact), *_name_tokens(fact, names), *_subject_tokens(fact, names)]
    if fact.by and fact.by in names.of:
        tokens.append(Token("speaker", fact.by, ("by",), names.of[fact.by], frozenset({fact.by})))
    tokens += _quoted_tokens(fact)
    # A derived date is our own reckoning, so that no source prints it.
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
    """Return what may name the unit of a number: "20-year" has it in the word itself, "20 years" in the one after."""
    if len(word.parts) > 1:
        return word.parts[1]
    if following and following.parts:
        return following.parts[0]
    return ""


def _name_tokens(fact: Fact, names: Names) -> Iterator[Token]:
    for name in names.within(fact.says):
        # One spelling may belong to several entities; a paragraph that has any of their spellings is enough.
        spellings = tuple(spelling for entity_id in sorted(name.entities) for spelling in names.of[entity_id])
        yield Token("name", name.text, ("says",), spellings, name.entities)


def _subject_tokens(fact: Fact, names: Names) -> Iterator[Token]:
    for index, entity_id in enumerate(fact.about):
        # An id that does not exist is reported by the rules on references.
        if entity_id in names.of:
            yield Token("subject", entity_id, ("about", index), names.of[entity_id], frozenset({entity_id}))


def _quoted_tokens(fact: Fact) -> Iterator[Token]:
    for phrase in quoted_phrases(fact.says):
        for word in words(phrase):
            # A hyphenated word was quoted as a whole, so that its parts alone do not count.
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
