"""Quantities are compared by their value, whatever their spelling."""

import pytest

from briefing.evidence.change_classes import classify_change
from briefing.evidence.names import Names
from briefing.evidence.quantities import Quantity, quantities
from briefing.evidence.states import equivalents, name_forms
from briefing.model.history import FieldChange
from briefing.text.normalize import forms


def _supports(source: str, quantity: Quantity) -> bool:
    """Return whether a text has the quantity, as rules/evidence looks it up in a pin."""
    there = forms(source)
    if any(there.issuperset(spelling) for spelling in quantity.spellings):
        return True
    if not there.intersection(quantity.rivals) and any(there.issuperset(spelling) for spelling in quantity.bare):
        return True
    return any(there.issuperset(spelling) for spelling in quantity.wider())


def _all_supported(source: str, text: str) -> bool:
    return all(_supports(source, one) for one in quantities(text) if not one.is_unchecked)


@pytest.mark.parametrize(
    ("source", "fact"),
    [
        ("It cost 4,800 million dollars.", "It cost $4.8 billion."),
        ("It cost $4.8bn.", "It cost 4,800,000,000 dollars."),
        ("It rose by 3½ %.", "It rose by 3.5 per cent."),
        ("500,000 barrels a day", "half a million barrels a day"),
        ("in the season of 2015–16", "It ended in 2016."),
        ("the 20th century", "the twentieth century"),
        ("on the 17th of January, 2025", "on 17 January 2025"),
        ("1 250 000 men", "1.25 million men"),
        ("1,250,000 men", "1 250 000 men"),
        ("a treaty of 20 years", "a two-decade treaty"),
        ("1.5 kilometres", "1,500 metres"),
        ("From 2010 it was delayed until 2016.", "It was delayed for six years."),
        ("486 ships", "nearly five hundred ships"),
        ("four-fifths of the workers", "80% of the workers"),
        ("the two sides", "both sides"),
        ("in the 2000s and the 2010s", "in the first two decades of this century"),
        ("84 million francs", "84m francs"),
        ("84 metres", "84m"),
        ("207,000 shares", "207k shares"),
        ("120,000 men", "a hundred and twenty thousand men"),
        ("in 1862", "in '62"),
        ("on 30 November 1854", "on 30/11/1854"),
        ("on 30 November 1854", "on 1854-11-30"),
        ("44 per cent", "the remaining 56 per cent"),
        ("from 17 to 20 November", "three days later"),
        ("176,602 shares", "nearly 177,000 shares"),
        ("400,000 shares", "four hundred thousand shares"),
        ("250 ships", "two hundred and fifty ships"),
        ("251,000 francs", "two hundred and fifty-one thousand francs"),
        ("on the 3rd of November 1854", "on 3.11.1854"),
    ],
)
def test_the_same_value_is_found(source: str, fact: str) -> None:
    assert _all_supported(source, fact)


@pytest.mark.parametrize(
    ("source", "fact"),
    [
        ("It cost 1.6 billion euros.", "It cost 1.6 million euros."),
        ("25 billion dollars", "25 billion euros"),
        ("75 million cubic metres", "75 million cubic feet"),
        ("84 million francs", "85m francs"),
        ("1 billion barrels", "a hundred and one million barrels"),
        ("in 1862", "in '63"),
        ("44 per cent", "the remaining 55 per cent"),
        ("44 per cent", "56 per cent"),
        ("from 17 to 20 November", "four days later"),
        ("250 ships", "two hundred and sixty ships"),
        ("400,000 shares", "four hundred million shares"),
        ("on 3 November 1854", "on 3.12.1854"),
        ("500 barrels", "500 tonnes"),
        ("It grew by 5 percentage points.", "It grew by 5 per cent."),
        ("It grew by 5 per cent.", "It grew by 5 percentage points."),
        ("a treaty of 20 years", "a treaty of 20 months"),
        ("about 1,300 metres", "about 1,400 metres"),
        ("about 1,300 metres", "about 1,300 years"),
        ("the 20th century", "the 19th century"),
        ("1 250 000 men", "1.35 million men"),
    ],
)
def test_another_magnitude_or_unit_is_not_found(source: str, fact: str) -> None:
    assert not _all_supported(source, fact)


@pytest.mark.parametrize("name", ["Stockholm", "Swedish", "Swedes", "Sweden"])
def test_capitals_and_demonyms_stand_for_their_state(name: str) -> None:
    assert ("sweden",) in equivalents(name_forms(name))
    assert ("norway",) not in equivalents(name_forms(name))


def test_a_changed_magnitude_is_a_changed_number() -> None:
    change = FieldChange("says", ("It cost 1.6 billion euros.",), ("It cost 1.6 million euros.",))
    assert classify_change(Names([]), change, "en") == ("number",)
