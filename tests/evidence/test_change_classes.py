"""A word that is added or removed can change what a sentence means; another word for the same does not."""

import pytest

from briefing.evidence.change_classes import changed_logic


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("The treaty contains no mutual defence clause.", "The treaty contains a mutual defence clause.", "negation"),
        ("The treaty lacks a clause.", "The treaty has a clause.", "negation"),
        ("The hull is not new and not sound.", "The hull is not new and sound.", "negation"),
        ("Some ships sank.", "All ships sank.", "scope"),
        ("Most ships sank.", "Many ships sank.", "scope"),
        ("Only the hull broke.", "The hull broke.", "scope"),
        ("The hull may break.", "The hull will break.", "certainty"),
        ("The hull will probably break.", "The hull may break.", "certainty"),
        ("The hull seems to be sound.", "The hull is sound.", "certainty"),
        ("The hull is certain to break.", "The hull is going to break.", "certainty"),
        ("The hull reportedly broke.", "The hull broke.", "attribution"),
        ("According to Hocker, the hull broke.", "The hull broke.", "attribution"),
        ("The hull broke, Hocker says.", "The hull broke.", "attribution"),
        ("Hocker says that it broke, according to the museum.", "Hocker says that it broke.", "attribution"),
    ],
)
def test_change_of_meaning_is_found_in_both_directions(before: str, after: str, expected: str) -> None:
    assert changed_logic(before, after, "en") == {expected}
    assert changed_logic(after, before, "en-GB") == {expected}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The hull isn't sound.", "The hull is not sound."),
        ("The hull cannot float.", "The hull can not float."),
        ("The hull cannot float.", "The hull is unable to float."),
        ("The hull is not stable.", "The hull is unstable."),
        ("It has no keel.", "It is without any keel."),
        ("It has neither keel nor mast.", "It has no keel or mast."),
        ("The king did not agree.", "The king refused to agree."),
        ("No ship but the Vasa sank.", "The Vasa alone sank."),
        ("All ships sank.", "Every ship sank."),
        ("Some crews fled.", "Certain crews fled."),
        ("The most famous ship sank.", "The famous ship sank."),
        ("Above all, the hull broke.", "The hull broke."),
        ("Some 30 people died.", "30 people died."),
        ("The long-expected day came.", "The long-awaited day came."),
        ("It sank on 2 May 1628.", "It sank on 2 June 1628."),
        ("It sinks whatever the king may do.", "It sinks whatever the king does."),
        ("The hull might break.", "Perhaps the hull breaks."),
        ("Hocker says that it broke.", "According to Hocker, it broke."),
        ("Hocker says that it broke, and says that it sank.", "Hocker says that it broke and sank."),
    ],
)
def test_another_word_of_the_same_meaning_is_wording(before: str, after: str) -> None:
    assert changed_logic(before, after, "en") == set()
    assert changed_logic(after, before, "en") == set()


def test_logic_is_known_only_in_english() -> None:
    assert changed_logic("Das Schiff sank not all.", "Das Schiff sank.", "de") == set()
