"""What an English text says of its words: which of them it only denies or hedges, and near which it puts an opposite.

A pin has these features of each paragraph, and quotations have them too. So the check compares not only the words of a
fact with those of its source, but also what both say of the same words.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from briefing.evidence.logic_words import NEGATIONS, REJECTIONS, SOURCE_HEDGES, STOP_WORDS, WEAK_NEGATIONS
from briefing.evidence.negation import clauses, content, is_negation, statements
from briefing.evidence.variants import variants
from briefing.text.normalize import Word, stem, words

# How many words a negation, a hedge or a word with an opposite concerns. Other numbers were not measured.
_WORDS_DENIED = 4
_WORDS_HEDGED = 6
_WORDS_NEAR = 3
_NEGATING = NEGATIONS | WEAK_NEGATIONS
# Several rules need the features of the same sentence.
_CACHED_TEXTS = 1 << 12


class Side(NamedTuple):
    """One side of a pair of opposites: the number of the pair, and 0 or 1."""

    pair: int
    side: int

    @property
    def other(self) -> "Side":
        """The opposite side."""
        return Side(self.pair, 1 - self.side)

    @property
    def stems(self) -> frozenset[str]:
        """The stems of the words on this side."""
        return _stems_of_sides()[self]


class Polar(NamedTuple):
    """A word with an opposite, the side of the pair that it is on, and the stems of the words near it."""

    word: Word
    side: Side
    near: frozenset[str]


def _lines(name: str) -> Iterator[str]:
    text = (files("briefing") / "data" / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


@lru_cache(1)
def _sides() -> dict[str, frozenset[Side]]:
    """Return the stem of each word that has an opposite, with the sides that it is on."""
    found: dict[str, set[Side]] = {}
    for pair, line in enumerate(_lines("opposites-en.txt")):
        for side, group in enumerate(line.split("|")):
            for word in group.split():
                found.setdefault(stem(word, "en"), set()).add(Side(pair, side))
    return {one: frozenset(sides) for one, sides in found.items()}


@lru_cache(1)
def _stems_of_sides() -> dict[Side, frozenset[str]]:
    found: dict[Side, set[str]] = {}
    for one, sides in _sides().items():
        for side in sides:
            found.setdefault(side, set()).add(one)
    return {side: frozenset(stems) for side, stems in found.items()}


@lru_cache(1)
def _synonyms() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _lines("synonyms-en.txt"):
        group = {stem(one, "en") for one in line.split(", ") if one.isalpha()}
        for one in group:
            found.setdefault(one, set()).update(group)
    return {one: frozenset(group) for one, group in found.items()}


@lru_cache(_CACHED_TEXTS)
def synonyms(form: str) -> frozenset[str]:
    """Return the stems of a word in its variants, and those of general English words that can replace it."""
    own = variants(form)
    return own.union(*(_synonyms().get(one, ()) for one in own))


@lru_cache(_CACHED_TEXTS)
def polar_words(text: str) -> tuple[Polar, ...]:
    """Return the words with an opposite, in clauses without a negation."""
    found = []
    for clause in clauses(text):
        if any(map(_negates, clause)):
            continue
        parts = [(word, part, stem(part, "en")) for word in clause for part in word.parts]
        for index, (word, _, own) in enumerate(parts):
            sides = _sides().get(own)
            if not sides:
                continue
            before = [one for _, part, one in parts[:index] if part not in STOP_WORDS]
            after = [one for _, part, one in parts[index + 1 :] if part not in STOP_WORDS]
            near = frozenset((*before[-_WORDS_NEAR:], *after[:_WORDS_NEAR]))
            found += [Polar(word, side, near) for side in sorted(sides)]
    return tuple(found)


def only_denied(text: str) -> frozenset[str]:
    """Return the stems of the words that follow a negation in their clause and stand nowhere else in the text."""
    return _only_after(text, _negates, _WORDS_DENIED)


def only_directly_denied(text: str) -> frozenset[str]:
    """Return the stems of the words that follow "no" or the like directly and stand nowhere else in the text."""
    return _only_after(text, _negates_next, 1)


def only_rejected(text: str) -> frozenset[str]:
    """Return the stems of the words that follow a word of rejection in their clause and stand nowhere else."""
    return _only_after(text, _rejects, _WORDS_DENIED)


def only_hedged(text: str) -> frozenset[str]:
    """Return the stems of the words that follow a hedge in their clause and stand nowhere else in the text."""
    return _only_after(text, _hedges, _WORDS_HEDGED)


def only_in_denials(text: str) -> frozenset[str]:
    """Return the stems of the words that stand in statements with a negation and nowhere else in the text."""
    if not any(map(is_negation, words(text))):
        return frozenset()
    denied, other = set[str](), set[str]()
    for statement in statements(text):
        stems = {stem(form, "en") for form in content(statement)}
        (denied if any(map(is_negation, statement)) else other).update(stems)
    return frozenset(denied - other)


def denies_all(text: str) -> bool:
    """Return whether a text has statements, and a negation in each of them."""
    if not any(map(is_negation, words(text))):
        return False
    found = [any(map(is_negation, statement)) for statement in statements(text) if content(statement)]
    return bool(found) and all(found)


def _only_after(text: str, is_mark: Callable[[Word], bool], most: int) -> frozenset[str]:
    """Return the stems of words with content that are among the first ``most`` after a mark, wherever they stand."""
    # Most texts have no mark, and stems are slow.
    if not any(map(is_mark, words(text))):
        return frozenset()
    marked, other = set[str](), set[str]()
    for clause in clauses(text):
        left = 0
        for index, word in enumerate(clause):
            stems = {stem(form, "en") for form in content([word])}
            (marked if left else other).update(stems)
            left -= bool(left and stems)
            # "Not only" adds something and denies nothing.
            if is_mark(word) and not any("only" in following.forms for following in clause[index + 1 : index + 2]):
                left = most
    return frozenset(marked - other)


def _negates(word: Word) -> bool:
    return bool(_NEGATING.intersection(word.forms))


def _negates_next(word: Word) -> bool:
    # "Neither country" speaks of both.
    return _negates(word) and word.forms[0] not in ("neither", "nor")


def _rejects(word: Word) -> bool:
    return bool(REJECTIONS.intersection(word.forms)) or _negates(word)


def _hedges(word: Word) -> bool:
    return bool(SOURCE_HEDGES.intersection(word.forms))
