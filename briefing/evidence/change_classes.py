"""Classify what changed in a record's field, by the field's meaning and by what its text says."""

import re
from collections import Counter
from itertools import pairwise
from typing import get_args

from briefing.evidence.logic_words import ATTRIBUTION, CHANGED_LOGIC, DENIALS, PREFIXED, LogicClass
from briefing.evidence.names import Names
from briefing.evidence.negation import has_negative_prefix
from briefing.evidence.quantities import MONTHS, quantities
from briefing.model.fields import ChangeClass
from briefing.model.history import SUCCESSORS, FieldChange
from briefing.model.records import fields_that, meanings
from briefing.text.normalize import Word, is_number, words

CLASSES: tuple[ChangeClass, ...] = get_args(ChangeClass)

# A change to one of these texts is more than wording if a number, a date or a party in it changes. The other texts are
# the editors' notes and reasons.
_CLAIMS = fields_that(lambda meaning: meaning.headline) | {"explains", "known"}
# The logic of titles and names is not compared, because they claim nothing.
_SENTENCES = fields_that(lambda meaning: meaning.headline and meaning.prose) | {"explains", "known"}
_CLASS_OF: dict[str, ChangeClass] = {
    **{name: meaning.change for name, meaning in meanings().items()},
    SUCCESSORS: meanings()["supersedes"].change,  # the same change, recorded on the other fact
}
_MONTHS = {month.casefold() for month in MONTHS}
# Phrases without the logic of their words, such as the superlative "the most important", and what means the same.
_IDIOMS = tuple(
    (re.compile(pattern, re.IGNORECASE), meaning)
    for pattern, meaning in (
        (r"\bno (?:\w+ )?(?:but|other than)\b|\bno other\b", "only"),
        (r"\bcertain (?!(?:to|that|of)\b)", "some "),
        (r"\b(?:above|after|at|(?:first|least|most) of) all\b|\ball but\b|\bfor all (?:its|his|her|their)\b", ""),
        (r"\bif only\b|\bnot only\b|\bor not\b|\bthe most\b|\bat most\b|\bmost recent(?:ly)?\b", ""),
        (r"\bsome (?=\d)|\bexpected (?!to\b)", ""),
        (r"\b(?:(?:what|how|who|which|when|where)ever|so that)\b[^,;.]*?\b(?:may|might|can|could)\b", ""),
    )
)


def classify_change(names: Names, change: FieldChange, language: str) -> tuple[ChangeClass, ...]:
    """Return the classes of a field's change, the most serious first. ``names`` finds actors and places, not terms.

    ``language`` is the language of the text (a BCP 47 tag). The logic of a sentence is known only in English.
    """
    name = change.field.rpartition(".")[2]
    if name == "about":  # an added entity does not change the claim
        removed = set(change.before) - set(change.after)
        if any(entity_id in names.of for entity_id in removed):
            return ("party",)
        return ("wording",)
    if name in _CLAIMS:
        texts = " ".join(change.before), " ".join(change.after)
        before, after = (_tokens(names, text) for text in texts)
        found = {one for one in before if before[one] != after[one]}
        if name in _SENTENCES:
            found |= changed_logic(*texts, language)
        return tuple(one for one in CLASSES if one in found) or ("wording",)
    return (_CLASS_OF.get(name, "wording"),)


def changed_logic(before: str, after: str, language: str) -> set[ChangeClass]:
    """Return the classes of the words of logic that are in one text, while the other has no word of the same meaning.

    The result is empty if the text is not in English.
    """
    if language.partition("-")[0] != "en":
        return set()
    old, new = _logic_forms(before), _logic_forms(after)
    # A word that is in both texts supports nothing else.
    removed, added = old - new, new - old
    found = {
        name for name, classes in CHANGED_LOGIC.items() if any(_is_changed(one, removed, added) for one in classes)
    }
    # One "says" may cover a whole sentence, so an attribution is missing only if the text has none at all.
    if _is_changed(ATTRIBUTION, old, new):
        found.add("attribution")
    return found


def _is_changed(logic: LogicClass, before: Counter[str], after: Counter[str]) -> bool:
    return any(
        not logic.words.isdisjoint(one) and logic.support.isdisjoint(other)
        for one, other in ((before, after), (after, before))
    )


def _logic_forms(text: str) -> Counter[str]:
    for idiom, meaning in _IDIOMS:
        text = idiom.sub(meaning, text)
    return Counter(map(_logic_form, words(text)))


def _logic_form(word: Word) -> str:
    # A month and a name.
    if word.text in ("May", "Said"):
        return ""
    return PREFIXED if has_negative_prefix(word) and word.forms[0] not in DENIALS else word.forms[0]


def _tokens(names: Names, text: str) -> dict[ChangeClass, Counter[object]]:
    """Return the numbers, dates and parties in a text. A number next to a month belongs to the date."""
    found = words(text)
    forms = [word.forms[0] for word in found]
    beside = {index for index, (one, other) in enumerate(pairwise(forms)) if one in _MONTHS or other in _MONTHS}
    dates: Counter[object] = Counter()
    dated = set[int]()
    for index, form in enumerate(forms):
        if is_number(form):
            if {index, index - 1} & beside or re.fullmatch(r"1\d{3}s?|20\d{2}s?", found[index].text):
                dates[form] += 1
                dated.add(found[index].start)
        elif form in _MONTHS - {"may", "march"} or (form in _MONTHS and {index, index - 1} & beside):
            dates[form] += 1
    # With their magnitude and unit: 1.6 million is another number than 1.6 billion.
    counted = (one for one in quantities(text) if one.start not in dated)
    numbers: Counter[object] = Counter(one.spellings[:1] or one.bare[:1] for one in counted)
    parties: Counter[object] = Counter({name.entities for name in names.within(text)})
    return {"date": dates, "number": numbers, "party": Counter(dict.fromkeys(parties, 1))}
