"""Pins: fingerprints of a source's paragraphs, which show whether a paragraph contains a word without storing the text.

A pin (format 2) has a digest of each paragraph and sets of hashes: of its words, of their stems, and, in English, of

- ``denied``: the stems in clauses with a negation (``briefing.evidence.negation``),
- ``only``: the stems that stand only behind a negation, only behind it directly ("no clause"), only behind a word such
  as "rejects", only in statements with a negation, or only behind a hedge; and whether each statement of the paragraph
  has a negation (``briefing.evidence.claims``),
- ``near``: each stem near a word that has an opposite, together with the side of the pair,
- ``beside``: each name and number with a stem beside it, and the side (``briefing.evidence.neighbours``),
- ``said``: each stem in a sentence together with each name that can be its speaker (``briefing.evidence.speakers``),
- ``phrases``: each phrase in quotation marks, and each that a fact quotes, in order and sorted (in any language).

The sign of a currency counts as the word for it, and a word that is broken at the end of a line counts as one word too.
A pin of format 1 has only words and stems, and no signs. A pin of format 2 that was made before a set or a letter was
added has no hash of it: the rules that need it find nothing until the source is pinned again. A hash is the first 8
hexadecimal digits of SHA-256 over the salt, a letter for the set, and the normal form (``briefing.text.normalize``).
The sets are sorted, so the text cannot be reconstructed. Anyone who hashes a dictionary can find out which words a
paragraph has, which of them it denies (all in one set, whichever clause they are in), which it has only behind a "no",
a "rejects" or a "may", which are near a number, an "after", a "strong" or another word with an opposite, and which
share a sentence with the name of a speaker. Order is known only beside names and the first word of a sentence, for two
words on each side: one may learn that "Ayra" stands before "supplied" and "Beru" after it. A phrase in quotation marks
is one hash, which only shows whether a guess is right.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Literal

from briefing.evidence.claims import (
    Side,
    denies_all,
    only_denied,
    only_directly_denied,
    only_hedged,
    only_in_denials,
    only_rejected,
    polar_words,
)
from briefing.evidence.matching import quoted_phrases
from briefing.evidence.negation import denied_stems
from briefing.evidence.neighbours import Neighbour, beside_names, beside_numbers
from briefing.evidence.quantities import CURRENCY_SIGNS
from briefing.evidence.speakers import find_words_by_speaker
from briefing.model.briefing import Briefing
from briefing.model.records import Pin, Source
from briefing.text.language import primary_tag
from briefing.text.normalize import forms as forms_of
from briefing.text.normalize import rejoined, stem, stems, words

# 32 bits are enough to distinguish the words of a paragraph, and they keep pins small: each has thousands of hashes.
_HASH = 8
# A stem in more than this share of the paragraphs is frequent.
_FREQUENT = 0.06
# The format of new pins.
FORMAT: Literal["2"] = "2"
# The letters of the hashes in ``only``.
_ONLY: Mapping[str, Callable[[str], frozenset[str]]] = {
    "n": only_denied,
    "a": only_directly_denied,
    "r": only_rejected,
    "c": only_in_denials,
    "h": only_hedged,
}
_DENIES_ALL = ("c", "")
_Hashes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FreshPart:
    """The fingerprint of one paragraph."""

    number: int
    digest: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    denied: tuple[str, ...]
    only: tuple[str, ...]
    near: tuple[str, ...]
    beside: tuple[str, ...]
    said: tuple[str, ...]
    phrases: tuple[str, ...]

    def sets(self) -> dict[str, str]:
        """Return the sets as text, by name, in the order of a pin's file."""
        return {name: " ".join(getattr(self, name)) for name in SETS}


# The sets of hashes of a part, in the order of a pin's file.
SETS = ("words", "stems", "denied", "only", "near", "beside", "said", "phrases")


def split_parts(text: str) -> list[str]:
    """Return the paragraphs of a source: one per line, without a byte order mark and blank lines at the end."""
    return text.removeprefix("\ufeff").rstrip().splitlines()


def text_digest(text: str) -> str:
    """Return the digest of a whole text, which does not depend on its line endings."""
    return sha256("\n".join(line.strip() for line in split_parts(text)).encode()).hexdigest()


def fresh_parts(text: str, salt: str, language: str, quoted: Iterable[str] = ()) -> list[FreshPart]:
    """Return the fingerprints of a text's paragraphs, numbered from 1. ``quoted`` are phrases that facts quote.

    ``language`` is a tag without a region.
    """
    parts = []
    for number, line in enumerate(split_parts(text), 1):
        digest = sha256(f"{salt}p{' '.join(line.split())}".encode()).hexdigest()[:16]
        currencies = {word for sign, word in CURRENCY_SIGNS.items() if sign in line}
        known = forms_of(line) | quotable_forms(line) | currencies
        hashed_words = _sorted({hashed(salt, "w", form) for form in known})
        hashed_stems = _sorted({hashed(salt, "s", form) for form in stems(line, language)})
        claims = _hashed_claims(line, salt) if language == "en" else ((), (), (), (), ())
        phrases = _sorted({hashed(salt, kind, form) for one in _phrases(line, quoted) for kind, form in _orders(one)})
        parts.append(FreshPart(number, digest, hashed_words, hashed_stems, *claims, phrases))
    return parts


def _hashed_claims(line: str, salt: str) -> tuple[_Hashes, _Hashes, _Hashes, _Hashes, _Hashes]:
    """Return the hashes for ``denied``, ``only``, ``near``, ``beside`` and ``said``."""
    denied = {hashed(salt, "d", one) for one in denied_stems(line)}
    only = {hashed(salt, kind, one) for kind, only_stems in _ONLY.items() for one in only_stems(line)}
    if denies_all(line):
        only.add(hashed(salt, *_DENIES_ALL))
    near = {_hashed_near(salt, polar.side, one) for polar in polar_words(line) for one in polar.near}
    beside = {
        _hashed_pair(salt, key, neighbour)
        for one in (*beside_names(line), *beside_numbers(line))
        for key in one.keys
        for neighbour in one.neighbours
    }
    said = {_hashed_with_speaker(salt, *one) for one in find_words_by_speaker(line)}
    return _sorted(denied), _sorted(only), _sorted(near), _sorted(beside), _sorted(said)


def _sorted(hashes: Iterable[str]) -> _Hashes:
    return tuple(sorted(hashes))


def _hashed_near(salt: str, side: Side, stemmed: str) -> str:
    # The words of the side stand for it, so that a pin outlives a change in the order of the list.
    return hashed(salt, "o", f"{' '.join(sorted(side.stems))} {stemmed}")


def _hashed_pair(salt: str, key: str, neighbour: Neighbour) -> str:
    return hashed(salt, "e", f"{key} {neighbour.side} {neighbour.stem}")


def _hashed_with_speaker(salt: str, speaker: str, stemmed: str) -> str:
    return hashed(salt, "v", f"{speaker} {stemmed}")


def _phrases(line: str, quoted: Iterable[str]) -> Iterator[str]:
    """Yield the phrases in quotation marks, and those of ``quoted`` that the line has in this order."""
    for phrase in quoted_phrases(line):
        yield _sequence(phrase)
    whole = f" {_sequence(line)} "
    for phrase in quoted:
        if f" {_sequence(phrase)} " in whole:
            yield _sequence(phrase)


def _orders(phrase: str) -> tuple[tuple[str, str], ...]:
    """Return the phrase in its order (kind ``q``), and its words in alphabetical order (kind ``b``)."""
    return ("q", phrase), ("b", " ".join(sorted(phrase.split())))


def _sequence(text: str) -> str:
    return " ".join(word.forms[0] for word in words(text))


def quotable_forms(text: str) -> set[str]:
    """Return the forms of the words, and the brackets, that a quotation of this text may have.

    Words that are broken at the end of a line are one word. Square brackets count, because they mark words of ours.
    """
    return forms_of(rejoined(text)) | {bracket for bracket in "[]" if bracket in text}


@lru_cache(1 << 16)
def hashed(salt: str, kind: str, form: str) -> str:
    """Return the hash of one normal form (kind ``w``), stem (``s``) or denied stem (``d``)."""
    return sha256(f"{salt}{kind}{form}".encode()).hexdigest()[:_HASH]


@dataclass(frozen=True)
class PinnedText:
    """A pin in a form that is fast to search."""

    pin: Pin
    language: str

    @cached_property
    def _words(self) -> Mapping[int, frozenset[str]]:
        return {part.number: frozenset(part.words.split()) for part in self.pin.parts}

    @cached_property
    def _by_stem(self) -> Mapping[str, tuple[float, list[int]]]:
        """The rarity of each stem, and the paragraphs that contain it."""
        found: dict[str, list[int]] = {}
        for part in self.pin.parts:
            for item in part.stems.split():
                found.setdefault(item, []).append(part.number)
        # This is the inverse document frequency. It is 0 for a stem that every paragraph contains.
        return {item: (math.log(len(self._words) / len(numbers)), numbers) for item, numbers in found.items()}

    @cached_property
    def _fits(self) -> dict[str, dict[int, float]]:
        return {}

    @cached_property
    def _sets(self) -> dict[str, dict[int, frozenset[str]]]:
        return {}

    def _hashes(self, name: str, number: int) -> frozenset[str]:
        """Return the hashes in a set of a paragraph. The sets are split when they are first used."""
        if name not in self._sets:
            self._sets[name] = {part.number: frozenset(getattr(part, name).split()) for part in self.pin.parts}
        return self._sets[name].get(number, frozenset())

    @property
    def numbers(self) -> Iterable[int]:
        """The numbers of the paragraphs."""
        return self._words.keys()

    def has(self, number: int, forms: Iterable[str]) -> bool:
        """Return whether the paragraph contains all of these normal forms."""
        hashes = self._words.get(number, frozenset())
        return all(hashed(self.pin.salt, "w", form) in hashes for form in forms)

    def has_stem(self, number: int, form: str) -> bool:
        """Return whether the paragraph contains a word with the stem of this form."""
        return self.has_stemmed(number, stem(form, self.language))

    def has_stemmed(self, number: int, stemmed: str) -> bool:
        """Return whether the paragraph contains a word with this stem."""
        _, numbers = self._by_stem.get(hashed(self.pin.salt, "s", stemmed), (0.0, ()))
        return number in numbers

    def has_like(self, number: int, forms: Iterable[str]) -> bool:
        """Return whether the paragraph contains all of these numbers, and words with the stems of all other forms."""
        return all(
            self.has(number, (form,)) or (not form[0].isdigit() and self.has_stem(number, form)) for form in forms
        )

    def has_stem_anywhere(self, form: str) -> bool:
        """Return whether any paragraph contains a word with the stem of this form."""
        return hashed(self.pin.salt, "s", stem(form, self.language)) in self._by_stem

    def denies(self, number: int, stemmed: str) -> bool | None:
        """Return whether the paragraph denies something with this stem; None if the pin does not say."""
        if self.pin.format == "1" or self.language != "en":
            return None
        return hashed(self.pin.salt, "d", stemmed) in self._hashes("denied", number)

    def only_denies(self, number: int, stemmed: str) -> bool:
        """Return whether the paragraph has a stem only behind a negation."""
        return self._has_only(number, "n", stemmed)

    def only_denies_directly(self, number: int, stemmed: str) -> bool:
        """Return whether the paragraph has a stem only directly behind a negation, as in "no clause"."""
        return self._has_only(number, "a", stemmed)

    def only_rejects(self, number: int, stemmed: str) -> bool:
        """Return whether the paragraph has a stem only behind a negation or a word such as "rejects"."""
        return self._has_only(number, "r", stemmed)

    def only_in_denials(self, number: int, stemmed: str) -> bool:
        """Return whether the paragraph has a stem only in statements with a negation."""
        return self._has_only(number, "c", stemmed)

    def denies_all_it_says(self, number: int) -> bool:
        """Return whether each statement of the paragraph has a negation."""
        return self._has_only(number, *_DENIES_ALL)

    def only_hedges(self, number: int, stemmed: str) -> bool:
        """Return whether the paragraph has a stem only behind a hedge."""
        return self._has_only(number, "h", stemmed)

    def _has_only(self, number: int, kind: str, stemmed: str) -> bool:
        return hashed(self.pin.salt, kind, stemmed) in self._hashes("only", number)

    def has_near(self, number: int, side: Side, stemmed: str) -> bool:
        """Return whether the paragraph has a word on this side of a pair of opposites near the stem."""
        return _hashed_near(self.pin.salt, side, stemmed) in self._hashes("near", number)

    def has_beside(self, number: int, key: str, neighbour: Neighbour) -> bool:
        """Return whether the paragraph has a word beside a part of a name, or beside a number."""
        return _hashed_pair(self.pin.salt, key, neighbour) in self._hashes("beside", number)

    def names_speakers(self, number: int) -> bool:
        """Return whether the paragraph is known to have a sentence with a speaker."""
        return bool(self._hashes("said", number))

    def may_say(self, number: int, speaker: str, stemmed: str) -> bool:
        """Return whether this can be a speaker, or part of its name, of a sentence of the paragraph with this stem.

        For the empty speaker, return whether a sentence with the stem has no known speaker.
        """
        return _hashed_with_speaker(self.pin.salt, speaker, stemmed) in self._hashes("said", number)

    def quotes(self, number: int, phrase: str) -> bool | None:
        """Return whether the paragraph is known to have the words of a phrase in this order.

        None if the pin does not say.
        """
        if self.pin.format == "1":
            return None
        (kind, form), _ = _orders(_sequence(phrase))
        return hashed(self.pin.salt, kind, form) in self._hashes("phrases", number)

    def reorders(self, number: int, phrase: str) -> bool:
        """Return whether the paragraph is known to have the words of a phrase, but only in another order."""
        _, (kind, form) = _orders(_sequence(phrase))
        has_words = hashed(self.pin.salt, kind, form) in self._hashes("phrases", number)
        return has_words and not self.quotes(number, phrase)

    def denies_something(self, number: int) -> bool:
        """Return whether the pin says that the paragraph has a clause with a negation."""
        return bool(self._hashes("denied", number))

    def is_common(self, text: str) -> bool:
        """Return whether every word of a text is in more than a quarter of the paragraphs."""
        found = (self._by_stem.get(hashed(self.pin.salt, "s", form)) for form in stems(text, self.language))
        most = max(1, len(self._words) // 4)
        return all(known is not None and len(known[1]) > most for known in found)

    def is_frequent(self, stemmed: str) -> bool:
        """Return whether more than a few paragraphs contain a stem."""
        _, numbers = self._by_stem.get(hashed(self.pin.salt, "s", stemmed), (0.0, ()))
        return len(numbers) > max(2, _FREQUENT * len(self._words))

    def having(self, spellings: Iterable[tuple[str, ...]]) -> list[int]:
        """Return the numbers of the paragraphs that contain all forms of at least one spelling."""
        spellings = list(spellings)
        return [number for number in self.numbers if any(self.has(number, forms) for forms in spellings)]

    def fits(self, text: str) -> dict[int, float]:
        """Return how well each paragraph fits a text: the sum of the rarities of the stems that they share."""
        if text not in self._fits:
            fits: dict[int, float] = {}
            for form in stems(text, self.language):
                rarity, numbers = self._by_stem.get(hashed(self.pin.salt, "s", form), (0.0, ()))
                for number in numbers:
                    fits[number] = fits.get(number, 0.0) + rarity
            self._fits[text] = fits
        return self._fits[text]


@dataclass(frozen=True, slots=True)
class Repinned:
    """A new pin: the text of its file, the paragraphs that changed since the previous pin, and the facts to review."""

    text: str
    changed: tuple[int, ...]
    look_at: tuple[str, ...]


def repin(briefing: Briefing, source: Source, text: str) -> Repinned:
    """Return a new pin of a source's text. Facts that still await review after an earlier change stay on the list."""
    before = briefing.pin_of.get(source.id)
    language = source.language or ""
    digest = text_digest(text)
    quoted = {phrase for fact in briefing.facts_citing.get(source.id, ()) for phrase in quoted_phrases(fact.says)}
    if before is None:
        salt = digest[:16]
        parts = fresh_parts(text, salt, primary_tag(language), quoted)
        return Repinned(_pin_text(FORMAT, source.id, language, salt, digest, (), parts), (), ())
    # With the old salt, unchanged paragraphs keep their hashes, so that a diff shows only what has changed.
    parts = fresh_parts(text, before.salt, primary_tag(language), quoted)
    changed = _changed_numbers(before, parts)
    look_at = tuple(dict.fromkeys((*before.look_at, *_facts_citing_parts(briefing, source, changed))))
    return Repinned(_pin_text(FORMAT, source.id, language, before.salt, digest, look_at, parts), changed, look_at)


def _changed_numbers(before: Pin, parts: Iterable[FreshPart]) -> tuple[int, ...]:
    """Return the numbers of the paragraphs that were added, removed or changed."""
    old = {part.number: part.digest for part in before.parts}
    new = {part.number: part.digest for part in parts}
    return tuple(number for number in sorted({*old, *new}) if old.get(number) != new.get(number))


def _facts_citing_parts(briefing: Briefing, source: Source, numbers: tuple[int, ...]) -> Iterator[str]:
    for fact in briefing.facts_citing.get(source.id, ()):
        if any(cited.source == source.id and cited.number in numbers for cited in fact.cite):
            yield fact.id


def seen(pin: Pin, ids: Iterable[str]) -> str:
    """Return the text of the pin's file after these facts have been reviewed."""
    parts = [
        FreshPart(part.number, part.digest, *(tuple(getattr(part, name).split()) for name in SETS))
        for part in pin.parts
    ]
    looked_at = set(ids)
    look_at = tuple(fact_id for fact_id in pin.look_at if fact_id not in looked_at)
    return _pin_text(pin.format, pin.source, pin.language, pin.salt, pin.digest, look_at, parts)


def _pin_text(
    format: str,
    source: str,
    language: str,
    salt: str,
    digest: str,
    look_at: Iterable[str],
    parts: Iterable[FreshPart],
) -> str:
    lines = [
        f"# Fingerprint of the source '{source}', made by `briefing pin`: digests and salted hashes, no text.",
        f"format: {format}",
        f"source: {source}",
        f"language: {language}",
        f"salt: {salt}",
        f"digest: {digest}",
        f"look_at: [{', '.join(look_at)}]",
        "parts:",
    ]
    for part in parts:
        lines += [f"  - number: {part.number}", f"    digest: {part.digest}"]
        # With twelve hashes per line, the diff of a changed paragraph stays short.
        for name in SETS:
            hashes = getattr(part, name)
            if not hashes:
                continue
            lines.append(f"    {name}: >-")
            lines += [f"      {' '.join(hashes[start : start + 12])}" for start in range(0, len(hashes), 12)]
    return "\n".join(lines) + "\n"
