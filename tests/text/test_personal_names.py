"""Names of people: ``Family, Given`` has parts, and any other text is one name."""

import pytest

from briefing.text.personal_names import display_name, split_name


@pytest.mark.parametrize(
    ("text", "parts", "shown"),
    [
        ("Smith, Ann", ("Smith", "Ann"), "Ann Smith"),
        ("van der Berg, Jan Piet", ("van der Berg", "Jan Piet"), "Jan Piet van der Berg"),
        ("The Ship Institute", None, "The Ship Institute"),
        ("Black, White, and Co.", None, "Black, White, and Co."),
        ("Ships,", None, "Ships,"),
    ],
)
def test_names(text: str, parts: tuple[str, str] | None, shown: str) -> None:
    assert split_name(text) == parts
    assert display_name(text) == shown
