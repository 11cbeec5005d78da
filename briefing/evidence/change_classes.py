"""Classify what changed in a record's field, by the field's meaning and by what its text says."""

import re
from collections import Counter
from itertools import pairwise
from typing import get_args

from briefing.evidence.names import Names
from briefing.evidence.quantities import MONTHS, quantities
from briefing.model.fields import ChangeClass
from briefing.model.history import SUCCESSORS, FieldChange
from briefing.model.records import fields_that, meanings
from briefing.text.normalize import is_number, words

CLASSES: tuple[ChangeClass, ...] = get_args(ChangeClass)

# A change to one of these texts is more than wording if a number, a date or a party in it changes. The other texts are
# the editors' notes and reasons.
_CLAIMS = fields_that(lambda meaning: meaning.headline) | {"explains", "known"}
_CLASS_OF: dict[str, ChangeClass] = {
    **{name: meaning.change for name, meaning in meanings().items()},
    SUCCESSORS: meanings()["supersedes"].change,  # the same change, recorded on the other fact
}
_MONTHS = {month.casefold() for month in MONTHS}


def classify_change(names: Names, change: FieldChange) -> tuple[ChangeClass, ...]:
    """Return the classes of a field's change, the most serious first. ``names`` finds actors and places, not terms."""
    name = change.field.rpartition(".")[2]
    if name == "about":  # an added entity does not change the claim
        removed = set(change.before) - set(change.after)
        if any(entity_id in names.of for entity_id in removed):
            return ("party",)
        return ("wording",)
    if name in _CLAIMS:
        before, after = (_tokens(names, " ".join(values)) for values in (change.before, change.after))
        return tuple(one for one in CLASSES if before.get(one) != after.get(one)) or ("wording",)
    return (_CLASS_OF.get(name, "wording"),)


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
