"""Names of people. ``Family, Given`` names a person, as in BibTeX; a name without a comma is not divided."""

from typing import NamedTuple


class PersonalName(NamedTuple):
    """The parts of a person's name."""

    family: str
    given: str


def split_name(text: str) -> PersonalName | None:
    """Return the parts of a name written as ``Family, Given``; None for any other text."""
    family, comma, given = text.partition(", ")
    if not comma or "," in given or not family or not given:
        return None
    return PersonalName(family, given)


def display_name(text: str) -> str:
    """Return a name as readers see it, with the given name first."""
    name = split_name(text)
    return f"{name.given} {name.family}" if name else text
