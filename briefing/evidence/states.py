"""Words by which English texts refer to the same state: Sweden, Stockholm, Swedish.

They count as evidence for each other, so that editors need not list capitals and demonyms as aliases. The package's
data has the words. Facts are in English.
"""

from functools import cache
from importlib.resources import files

from briefing.text.normalize import words

# The normal forms of one word or name.
Forms = tuple[str, ...]


def name_forms(name: str) -> Forms:
    """Return the normal forms of a name's words, in order."""
    return tuple(part for word in words(name) for part in word.parts)


@cache
def _states() -> dict[Forms, tuple[Forms, ...]]:
    found: dict[Forms, tuple[Forms, ...]] = {}
    text = (files("briefing") / "data" / "states-en.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            names = tuple(name_forms(name) for name in line.split(";"))
            for name in names:
                # One city may be the seat of more than one government.
                found[name] = (*found.get(name, ()), *names)
    return found


def equivalents(name: Forms) -> tuple[Forms, ...]:
    """Return the words for the state that a name refers to, including the name; empty if it refers to none."""
    return _states().get(name, ())
