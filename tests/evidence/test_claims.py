"""What an English text only denies or hedges, and near which words it puts a word with an opposite."""

from importlib.resources import files

import pytest

from briefing.evidence.claims import Side, only_denied, only_hedged, polar_words, synonyms

OPPOSITES = (files("briefing") / "data" / "opposites-en.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "denied", "stated"),
    [
        ("The treaty contains no mutual defence clause.", {"mutual", "defenc", "claus"}, {"treati", "contain"}),
        ("The clause is not mutual. A clause binds both.", {"mutual"}, {"claus", "bind"}),
        ("The treaty is not only mutual, it binds.", set(), {"mutual", "bind"}),
        ("The levels of the seas hardly differ.", {"differ"}, {"level"}),
        ("It was not signed, and the king was told.", {"sign"}, {"king", "told"}),
        ("No ship that carried guns of that kind at all sank.", {"ship"}, {"gun", "sank"}),
    ],
)
def test_only_the_words_after_a_negation_are_denied(text: str, denied: set[str], stated: set[str]) -> None:
    found = only_denied(text)
    assert denied <= found
    assert not stated & found


@pytest.mark.parametrize(
    ("text", "hedged", "stated"),
    [
        ("Their interests may diverge in other fields.", {"diverg", "field"}, {"interest"}),
        ("The talks appeared to fail before they began.", {"fail"}, {"talk"}),
        ("They may diverge, and they diverge in trade.", set(), {"diverg", "trade"}),
    ],
)
def test_only_the_words_after_a_hedge_are_hedged(text: str, hedged: set[str], stated: set[str]) -> None:
    found = only_hedged(text)
    assert hedged <= found
    assert not stated & found


def test_a_word_with_an_opposite_concerns_the_words_near_it() -> None:
    (polar,) = polar_words("The envoys of both kings met after the coronation of the queen in the old town hall.")[:1]
    assert polar.word.text == "after"
    assert polar.near == {"envoy", "king", "met", "coron", "queen", "old"}
    assert "befor" in polar.side.other.stems
    assert polar.side.other.other == polar.side


def test_words_with_an_opposite_in_a_negation_are_left_out() -> None:
    assert polar_words("The position was not strong.") == ()
    assert [polar.word.text for polar in polar_words("The position was strong.")] == ["strong"]


def test_opposites_are_on_both_sides_of_a_pair() -> None:
    """A word must not be its own opposite."""
    lines = [line for line in OPPOSITES.splitlines() if line and not line.startswith("#")]
    assert len(lines) > 100
    for pair in range(len(lines)):
        one = Side(pair, 0)
        assert not one.stems & one.other.stems, lines[pair]


def test_general_synonyms_support_one_another() -> None:
    assert synonyms("assistance") & synonyms("help")
    assert synonyms("gunports") == {"gunport"}
