"""Find the briefing's actors, places and terms in a text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from briefing.evidence.last_result import cache_last
from briefing.model.briefing import Briefing
from briefing.model.records import Entity
from briefing.text.normalize import Word, words


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
            for spelling in entity.spellings:
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


_names = cache_last(Names)


def names_in(briefing: Briefing) -> Names:
    """What finds the names of the briefing's entities."""
    return _names(briefing.entities)
