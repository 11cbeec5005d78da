"""Find names of the briefing's actors, places and terms in a text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from briefing.evidence.last_result import cache_last
from briefing.evidence.states import equivalents
from briefing.model.briefing import Briefing
from briefing.model.records import Actor, Entity, Place
from briefing.text.normalize import Word, words


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text and the entities that it may refer to."""

    text: str
    start: int
    entities: frozenset[str]


class Names:
    """Finds the briefing's entities in texts by any of their spellings. The longest match wins.

    The name of a publisher does not name the entities in it: "Harbour Times" is not the harbour.

    ``of`` has everything that counts as evidence for an entity: its spellings and, if it is a state or its capital, all
    words for that state.
    """

    def __init__(self, entities: Iterable[Entity], publishers: Iterable[str] = ()) -> None:
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
                # Words in lower case are evidence for the entity but too common to be its name. Many scripts have no
                # capitals that show the difference.
                if spelling[0].isupper() or not spelling[0].isascii():
                    # Without capitals, "US" and "WHO" are everyday words.
                    is_acronym = spelling.isupper() and len(spelling) < 6
                    self._spellings.setdefault(parts[0], []).append((parts, entity.id, is_acronym))
            stands_for_state = isinstance(entity, Place) or (isinstance(entity, Actor) and entity.kind != "person")
            more = [forms for parts in known for forms in equivalents(parts)] if stands_for_state else []
            self.of[entity.id] = tuple(dict.fromkeys((*known, *more)))
        for publisher in publishers:
            parts = tuple(part for word in words(publisher) for part in word.parts)
            # A name of one word still means the entity.
            if len(parts) > 1:
                self._spellings.setdefault(parts[0], []).append((parts, "", False))

    def within(self, text: str) -> list[Name]:
        """Return the names in a text, in order."""
        if text not in self._within:
            self._within[text] = self._find_names(text)
        return self._within[text]

    def blank(self, text: str) -> str:
        """Return a text with spaces in place of its names."""
        for name in self.within(text):
            text = text[: name.start] + " " * len(name.text) + text[name.start + len(name.text) :]
        return text

    def _find_names(self, text: str) -> list[Name]:
        flat = [(part, word) for word in words(text) for part in word.parts]
        found: list[Name] = []
        index = 0
        while index < len(flat):
            # Few words begin a name.
            if flat[index][0] not in self._spellings:
                index += 1
                continue
            length, entity_ids = self._longest_name_at(flat, index)
            if not length:
                index += 1
                continue
            first, last = flat[index][1], flat[index + length - 1][1]
            index += length
            # A publisher may also be an actor.
            if known := entity_ids - {""}:
                found.append(Name(text[first.start : last.start + len(last.text)], first.start, known))
        return found

    def _longest_name_at(self, flat: list[tuple[str, Word]], index: int) -> tuple[int, frozenset[str]]:
        """Return the number of parts of the longest name at this index, and its entities; 0 if there is none."""
        best, entity_ids = 0, frozenset[str]()
        part, word = flat[index]
        if not any(char.isupper() or char.isdigit() for char in word.text):
            return best, entity_ids
        for parts, entity_id, is_acronym in self._spellings[part]:
            if not _has_parts_at(flat, index, parts):
                continue
            if is_acronym and not any(piece.isupper() for piece in re.split(r"\W", word.text)):
                continue
            if len(parts) > best:
                best, entity_ids = len(parts), frozenset({entity_id})
            elif len(parts) == best:
                entity_ids |= {entity_id}
        return best, entity_ids


def _has_parts_at(flat: list[tuple[str, Word]], index: int, parts: tuple[str, ...]) -> bool:
    return tuple(part for part, _ in flat[index : index + len(parts)]) == parts


@dataclass(frozen=True, slots=True)
class _Named:
    """What the finder is made of. Comparing whole records would take longer than making it."""

    spellings: tuple[tuple[type, str, str, tuple[str, ...]], ...]
    publishers: tuple[str, ...]
    entities: tuple[Entity, ...] = field(compare=False)


@cache_last
def names_in(briefing: Briefing) -> Names:
    """Return the finder for names of the briefing's entities."""
    spellings = tuple((type(one), one.id, getattr(one, "kind", ""), one.spellings) for one in briefing.entities)
    publishers = tuple(source.publisher for source in briefing.sources)
    return _names(_Named(spellings, publishers, briefing.entities))


@lru_cache(2)
def _names(named: _Named) -> Names:
    # It keeps the names found in each text, so it is also used for later states of the facts.
    return Names(named.entities, named.publishers)
