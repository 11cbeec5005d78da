"""Does the cited paragraph say what the fact says? Asked of pins alone: no network, no source text.

A pin (format 1) keeps of each paragraph a digest and two sets of hashes, of its words and of their stems. A hash is the
first 8 hexadecimal digits of SHA-256 over salt, ``w`` or ``s``, and the normal form (``briefing.words``). Sets are
sorted, so that the order of words is lost: enough to ask for a word, useless as a copy.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TypeVar

from briefing.dates import Edtf, printed_parts
from briefing.model import Briefing, Entity, Fact, Pin, Source
from briefing.words import PERCENT, Word, is_number, stems, words
from briefing.words import forms as forms_of

MARGIN = 1.25  # how much better another paragraph must fit before it is called the better one
_HASH = 8
_QUOTED = re.compile(r"[\"“]([^\"”]+)[\"”]")
# what a number may count: the number and its unit are checked together
_UNITS = {
    form: (unit, f"{unit}s")
    for unit in "year month week day hour decade metre kilometre".split()
    for form in (unit, f"{unit}s")
} | {PERCENT: (PERCENT,)}


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
        held = self._words.get(number, frozenset())
        return all(hashed(self.pin.salt, "w", form) in held for form in forms)

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
class Token:
    """Something hard that a fact says: at least one spelling must stand whole in a cited paragraph."""

    what: str  # for the reader of a problem: number, name, date, quoted word …
    text: str
    path: tuple[str | int, ...]  # the field that says it
    spellings: tuple[tuple[str, ...], ...]
    entities: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text and the entities it may stand for."""

    text: str
    start: int
    entities: frozenset[str]


class Names:
    """Finds the briefing's entities in texts, by any of their spellings; the longest wins."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._spellings: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
        self._within: dict[str, list[Name]] = {}
        self.of: dict[str, tuple[tuple[str, ...], ...]] = {}
        for entity in entities:
            known = []
            for spelling in (entity.name, *entity.aliases, *entity.metonyms):
                parts = tuple(part for word in words(spelling) for part in word.parts)
                if not parts:
                    continue
                known.append(parts)
                if spelling[0].isupper() or not spelling[0].isascii():  # other words are evidence, not names
                    shouted = spelling.isupper() and len(spelling) < 6
                    self._spellings.setdefault(parts[0], []).append((parts, entity.id, shouted))
            self.of[entity.id] = tuple(known)

    def within(self, text: str) -> list[Name]:
        """The names in a text, in order."""
        if text not in self._within:
            self._within[text] = self._found(text)
        return self._within[text]

    def _found(self, text: str) -> list[Name]:
        flat = [(part, word) for word in words(text) for part in word.parts]
        found: list[Name] = []
        index = 0
        while index < len(flat):
            part, word = flat[index]
            length, ids = self._longest(flat, index) if part in self._spellings else (0, frozenset[str]())
            if length:
                last = flat[index + length - 1][1]
                found.append(Name(text[word.start : last.start + len(last.text)], word.start, ids))
                index += length
            else:
                index += 1
        return found

    def _longest(self, flat: list[tuple[str, Word]], index: int) -> tuple[int, frozenset[str]]:
        best, ids = 0, frozenset[str]()
        part, word = flat[index]
        if not any(sign.isupper() or sign.isdigit() for sign in word.text):
            return best, ids
        for parts, id, shouted in self._spellings[part]:
            if len(parts) > 1 and tuple(step[0] for step in flat[index : index + len(parts)]) != parts:
                continue
            if shouted and not any(piece.isupper() for piece in re.split(r"\W", word.text)):
                continue
            if len(parts) > best:
                best, ids = len(parts), frozenset({id})
            elif len(parts) == best:
                ids |= {id}
        return best, ids


def quoted_phrases(text: str) -> list[str]:
    """What stands inside double quotation marks."""
    return _QUOTED.findall(text)


def hard_tokens(fact: Fact, names: Names) -> list[Token]:
    """All that must stand in a paragraph that the fact cites."""
    return [
        *_numbers(fact),
        *(
            Token(
                "name",
                name.text,
                ("says",),
                tuple(s for id in sorted(name.entities) for s in names.of[id]),
                name.entities,
            )
            for name in names.within(fact.says)
        ),
        *(
            Token("subject", id, ("about", index), names.of[id], frozenset({id}))
            for index, id in enumerate(fact.about)
            if id in names.of
        ),
        *(
            [Token("speaker", fact.by, ("by",), names.of[fact.by], frozenset({fact.by}))]
            if fact.by and fact.by in names.of
            else []
        ),
        *(
            Token("quoted word", word.text, ("says",), (word.forms[:1],))
            for quoted in quoted_phrases(fact.says)
            for word in words(quoted)
        ),
        *(_printed_date(fact.when) if fact.when and not fact.derived else []),
        *(
            Token("word", text, ("words", index), (tuple(form for word in words(text) for form in word.parts),))
            for index, text in enumerate(fact.words)
        ),
    ]


def _numbers(fact: Fact) -> list[Token]:
    found = []
    said = words(fact.says)
    for index, word in enumerate(said):
        for form in word.parts:
            if is_number(form):
                after = [*word.parts[1:], *(said[index + 1].parts[:1] if index + 1 < len(said) else ())][:1]
                units = [unit for counted in after for unit in _UNITS.get(counted, ())]
                spellings = tuple((form, unit) for unit in units) or ((form,),)
                found.append(Token("number", word.text, ("says",), spellings))
    return found


def _printed_date(when: Edtf) -> list[Token]:
    return [
        Token("date", spellings[0], ("when",), tuple(tuple(forms_of(spelling)) for spelling in spellings))
        for spellings in printed_parts(when)
    ]


@dataclass(frozen=True, slots=True)
class Repinned:
    """A pin as it is to be written, which paragraphs differ from the one before, and the facts that cite those."""

    text: str
    changed: tuple[int, ...]
    look_at: tuple[str, ...]


def repin(briefing: Briefing, source: Source, text: str) -> Repinned:
    """Pin the text of a source. What nobody has looked at since an earlier change stays to be looked at."""
    before = briefing.pin_of.get(source.id)
    digest = text_digest(text)
    salt = before.salt if before else digest[:16]  # kept, so that only changed paragraphs differ
    parts = fresh_parts(text, salt, source.language or "")
    known = {part.number: part.digest for part in before.parts} if before else {}
    now = {part.number: part.digest for part in parts}
    changed = tuple(number for number in sorted({*known, *now}) if before and known.get(number) != now.get(number))
    citing = (
        fact.id
        for fact in briefing.facts_citing.get(source.id, ())
        if any(c.source == source.id and c.number in changed for c in fact.cite)
    )
    look_at = tuple(dict.fromkeys((*(before.look_at if before else ()), *citing)))
    return Repinned(_pin_text(source.id, source.language or "", salt, digest, look_at, parts), changed, look_at)


def seen(pin: Pin, ids: Iterable[str]) -> str:
    """The pin as it is to be written once these facts have been looked at."""
    parts = [
        FreshPart(part.number, part.digest, tuple(part.words.split()), tuple(part.stems.split())) for part in pin.parts
    ]
    ids = set(ids)
    look_at = tuple(id for id in pin.look_at if id not in ids)
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
        for name, hashes in (("words", part.words), ("stems", part.stems)):
            lines.append(f"    {name}: >-")
            lines += [f"      {' '.join(hashes[start : start + 12])}" for start in range(0, len(hashes), 12)]
    return "\n".join(lines) + "\n"


K = TypeVar("K")
T = TypeVar("T")


def _once(make: Callable[[K], T]) -> Callable[[K], T]:
    """Remembers what was made last: one rule after the other, and a check after each save, asks the same again."""
    last: list[tuple[K, T]] = []

    def made(of: K) -> T:
        if not last or last[0][0] != of:
            last[:] = [(of, make(of))]
        return last[0][1]

    return made


_names = _once(Names)


@_once
def _pinned(pins: tuple[Pin, ...]) -> dict[str, PinnedText]:
    return {pin.source: PinnedText(pin, pin.language) for pin in pins}


def names_in(briefing: Briefing) -> Names:
    """What finds the names of the briefing's entities."""
    return _names(briefing.entities)


def pinned_texts(briefing: Briefing) -> dict[str, PinnedText]:
    """The pinned sources by id."""
    return _pinned(tuple(pin for pin in briefing.pins if pin.source in briefing.source_by_id))
