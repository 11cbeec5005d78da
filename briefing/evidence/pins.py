"""Pins: fingerprints of a source's paragraphs that can be asked for words without holding the text.

A pin (format 1) keeps of each paragraph a digest and two sets of hashes, of its words and of their stems. A hash is the
first 8 hexadecimal digits of SHA-256 over salt, ``w`` or ``s``, and the normal form (``briefing.text.normalize``).
Sets are sorted, so that the order of words is lost: enough to ask for a word, useless as a copy.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256

from briefing.evidence.last_result import cache_last
from briefing.model.briefing import Briefing
from briefing.model.records import Pin, Source
from briefing.text.normalize import forms as forms_of
from briefing.text.normalize import stems

# 32 bits are enough to tell the words of a paragraph apart, and a pin has thousands of hashes.
_HASH = 8


@dataclass(frozen=True, slots=True)
class FreshPart:
    """A paragraph as it is pinned."""

    number: int
    digest: str
    words: tuple[str, ...]
    stems: tuple[str, ...]


def split_parts(text: str) -> list[str]:
    """A source's paragraphs: one a line, numbered from 1. A byte order mark and blank lines at the end do not count."""
    return text.removeprefix("\ufeff").rstrip().splitlines()


def text_digest(text: str) -> str:
    """The digest of a whole text: of its paragraphs, whatever their line ends."""
    return sha256("\n".join(line.strip() for line in split_parts(text)).encode()).hexdigest()


def fresh_parts(text: str, salt: str, language: str) -> list[FreshPart]:
    """What a pin keeps of a text."""
    parts = []
    for number, line in enumerate(split_parts(text), 1):
        digest = sha256(f"{salt}p{' '.join(line.split())}".encode()).hexdigest()[:16]
        hashed_words = sorted({hashed(salt, "w", form) for form in forms_of(line)})
        hashed_stems = sorted({hashed(salt, "s", form) for form in stems(line, language)})
        parts.append(FreshPart(number, digest, tuple(hashed_words), tuple(hashed_stems)))
    return parts


@lru_cache(1 << 16)
def hashed(salt: str, kind: str, form: str) -> str:
    """The hash of one normal form (kind ``w``) or stem (``s``)."""
    return sha256(f"{salt}{kind}{form}".encode()).hexdigest()[:_HASH]


@dataclass(frozen=True)
class PinnedText:
    """A pin made ready for questions."""

    pin: Pin
    language: str

    @cached_property
    def _words(self) -> Mapping[int, frozenset[str]]:
        return {part.number: frozenset(part.words.split()) for part in self.pin.parts}

    @cached_property
    def _by_stem(self) -> Mapping[str, tuple[float, list[int]]]:
        """Each stem's rarity, and the paragraphs that have it."""
        found: dict[str, list[int]] = {}
        for part in self.pin.parts:
            for item in part.stems.split():
                found.setdefault(item, []).append(part.number)
        # Inverse document frequency: a stem that every paragraph has weighs nothing.
        return {item: (math.log(len(self._words) / len(numbers)), numbers) for item, numbers in found.items()}

    @cached_property
    def _fits(self) -> dict[str, dict[int, float]]:
        return {}

    @property
    def numbers(self) -> Iterable[int]:
        """The paragraphs' numbers."""
        return self._words.keys()

    def has(self, number: int, forms: Iterable[str]) -> bool:
        """Whether the paragraph has every one of these normal forms."""
        hashes = self._words.get(number, frozenset())
        return all(hashed(self.pin.salt, "w", form) in hashes for form in forms)

    def having(self, spellings: Iterable[tuple[str, ...]]) -> list[int]:
        """The paragraphs that have all forms of at least one spelling."""
        spellings = list(spellings)
        return [number for number in self.numbers if any(self.has(number, forms) for forms in spellings)]

    def fits(self, text: str) -> dict[int, float]:
        """How well each paragraph fits a text: over the stems that they share, the sum of each one's rarity."""
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
    """A pin as it is to be written, which paragraphs differ from the one before, and the facts that cite those."""

    text: str
    changed: tuple[int, ...]
    look_at: tuple[str, ...]


def repin(briefing: Briefing, source: Source, text: str) -> Repinned:
    """Pin the text of a source. Facts still to be reviewed after an earlier change stay on the list."""
    before = briefing.pin_of.get(source.id)
    language = source.language or ""
    digest = text_digest(text)
    if before is None:
        salt = digest[:16]
        return Repinned(_pin_text(source.id, language, salt, digest, (), fresh_parts(text, salt, language)), (), ())
    # The old salt gives unchanged paragraphs their old hashes, so that a diff shows only those that have changed.
    parts = fresh_parts(text, before.salt, language)
    changed = _changed_numbers(before, parts)
    look_at = tuple(dict.fromkeys((*before.look_at, *_facts_citing_parts(briefing, source, changed))))
    return Repinned(_pin_text(source.id, language, before.salt, digest, look_at, parts), changed, look_at)


def _changed_numbers(before: Pin, parts: Iterable[FreshPart]) -> tuple[int, ...]:
    """Return the paragraphs that are new, gone or different."""
    old = {part.number: part.digest for part in before.parts}
    new = {part.number: part.digest for part in parts}
    return tuple(number for number in sorted({*old, *new}) if old.get(number) != new.get(number))


def _facts_citing_parts(briefing: Briefing, source: Source, numbers: tuple[int, ...]) -> Iterator[str]:
    for fact in briefing.facts_citing.get(source.id, ()):
        if any(cited.source == source.id and cited.number in numbers for cited in fact.cite):
            yield fact.id


def seen(pin: Pin, ids: Iterable[str]) -> str:
    """Return the pin as it is to be written once these facts have been looked at."""
    parts = [
        FreshPart(part.number, part.digest, tuple(part.words.split()), tuple(part.stems.split())) for part in pin.parts
    ]
    looked_at = set(ids)
    look_at = tuple(fact_id for fact_id in pin.look_at if fact_id not in looked_at)
    return _pin_text(pin.source, pin.language, pin.salt, pin.digest, look_at, parts)


def _pin_text(
    source: str, language: str, salt: str, digest: str, look_at: Iterable[str], parts: Iterable[FreshPart]
) -> str:
    lines = [
        f"# Fingerprint of the source '{source}', made by `briefing pin`: digests and salted hashes, no text.",
        "format: 1",
        f"source: {source}",
        f"language: {language}",
        f"salt: {salt}",
        f"digest: {digest}",
        f"look_at: [{', '.join(look_at)}]",
        "parts:",
    ]
    for part in parts:
        lines += [f"  - number: {part.number}", f"    digest: {part.digest}"]
        # Twelve hashes a line keep the diff of a changed paragraph short.
        for name, hashes in (("words", part.words), ("stems", part.stems)):
            lines.append(f"    {name}: >-")
            lines += [f"      {' '.join(hashes[start : start + 12])}" for start in range(0, len(hashes), 12)]
    return "\n".join(lines) + "\n"


@cache_last
def _pinned(pins: tuple[Pin, ...]) -> dict[str, PinnedText]:
    return {pin.source: PinnedText(pin, pin.language) for pin in pins}


def pinned_texts(briefing: Briefing) -> dict[str, PinnedText]:
    """The pinned sources by id."""
    return _pinned(tuple(pin for pin in briefing.pins if pin.source in briefing.source_by_id))
