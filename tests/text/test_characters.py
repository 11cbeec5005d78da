"""Tests for finding characters that readers cannot see."""

import pytest

from briefing.text.characters import HIDDEN


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a\u200bb", [1]),
        ("\u00ada\u2060", [0, 2]),
        ("a\u200cb\n\u200d", [1, 4]),
        # Joiners in a script that joins letters, and in emoji: on both sides, or on one only.
        ("\u0645\u200c\u0627", []),
        ("\U0001f469\u200d\U0001f680", []),
        ("\u0645\u200ca", [1]),
        ("a\u200d\u0645", [1]),
        ("\u0645\u200c", [1]),
        ("\u200c\u0645", [0]),
        ("\u0645\u200c\u200c\u0645", [1, 2]),
        # Marks of the writing direction are hidden in every script.
        ("\u0645\u200f\u0645", [1]),
        ("a\u0645 \u2190\ufe0f", []),
    ],
)
def test_hidden_characters_are_found(text: str, at: list[int]) -> None:
    assert [found.start() for found in HIDDEN.finditer(text)] == at
