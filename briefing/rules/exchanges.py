"""Check that names, numbers and speakers of a fact go with the same words as in the cited text.

These rules know English only. The page of checks gives how often they catch an error and how often they are wrong.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from briefing.evidence.names import Names, names_in
from briefing.evidence.neighbours import Beside, Neighbour, beside_names, beside_numbers
from briefing.evidence.speakers import find_lower_case_stems
from briefing.model.briefing import Briefing
from briefing.model.records import Fact
from briefing.problems import Code, Problem, Severity
from briefing.rules.meaning import Cited, claim_of, compared_facts, have_stem
from briefing.text.normalize import is_number, words

# Names and numbers with nothing else between them are a list, whose order says nothing.
_LISTED = re.compile(r"\W*(?:(?:and|or|nor|with)\b)?\W*(?:the\b)?\W*")
# At least this many words must be beside the other name in the cited text. With one, many honest paraphrases were
# reported.
_LEAST_BESIDE_NAMES = 2
_LEAST_BESIDE_NUMBERS = 1
# At least this many more words of a fact must be in sentences of other speakers than in sentences without one.
_LEAST_OF_OTHERS = 2


class _Held(NamedTuple):
    """A name or number of a fact, the keys that a source can have for it, and the words beside it."""

    start: int
    end: int
    keys: frozenset[str]
    neighbours: frozenset[Neighbour]


def check_exchanges(briefing: Briefing) -> Iterator[Problem]:
    """Report facts whose names, numbers or speakers go with other words than in the cited text.

    ``names-exchanged`` (warning): In the cited paragraphs, the words beside one actor of the fact are beside another
    of its actors.

    The fact may say that one did to the other what, in the source, the other did.

        facts/topics/harbour.yml
        -       says: Later the Port Authority sold 30 lamps and 12 ropes to Sweden.
        +       says: Later Sweden sold 30 lamps and 12 ropes to the Port Authority.

    ``numbers-exchanged`` (warning): In the cited paragraphs, the words beside one number of the fact are beside another
    of its numbers.

    The numbers may have changed places.

        facts/topics/harbour.yml
        -       says: Later Sweden sold 12 lamps and 30 ropes to the Port Authority.
        +       says: Later Sweden sold 30 lamps and 12 ropes to the Port Authority.

    ``said-by-another`` (warning): The fact has ``by``, and the cited paragraphs name the actor, but have the words of
    the fact only in sentences that may be someone else's words.

    Readers would attribute one party's view to another.

        facts/topics/harbour.yml
        -       says: The Port Authority feared that a tunnel would flood the lower streets.
        -       about: [port-authority]
        -       by: port-authority
        +       says: Sweden feared that a tunnel would flood the lower streets.
        +       about: [sweden]
        +       by: sweden
    """
    names = names_in(briefing)
    for fact, cited in compared_facts(briefing):
        yield from compare_exchanges(briefing, fact, cited, names)


def compare_exchanges(briefing: Briefing, fact: Fact, cited: Cited, names: Names) -> Iterator[Problem]:
    """Report names, numbers and speakers of a fact that go with other words in the cited text."""
    claim = claim_of(fact.says)
    actors = _exchanged(claim, _actors(briefing, claim, names), cited, _LEAST_BESIDE_NAMES)
    if actors:
        yield _problem(briefing, fact, "names-exchanged", actors, "check who does what to whom")
    numbers = [_exchanged(claim, held, cited, _LEAST_BESIDE_NUMBERS) for held in _numbers(claim)]
    found = [pair for pair in numbers if pair]
    # If years and counts have both changed places, each count still belongs to its year.
    if len(found) == 1:
        yield _problem(briefing, fact, "numbers-exchanged", found[0], "check what each number counts")
    if _belongs_to_another_speaker(fact, cited, names):
        name = briefing.entity_by_id[fact.by].name if fact.by else ""
        message = f"the cited text has these words only in sentences that do not seem to be those of '{name}'"
        yield Problem(fact.at("by"), "said-by-another", message, "check who says so", Severity.WARNING)


def _problem(briefing: Briefing, fact: Fact, code: Code, pair: tuple[str, str], hint: str) -> Problem:
    first, second = pair
    message = f"'{first}' and '{second}' may have changed places: the cited text has words of one next to the other"
    return Problem(briefing.find(fact.at("says"), first), code, message, hint, Severity.WARNING)


def _actors(briefing: Briefing, claim: str, names: Names) -> list[_Held]:
    """Return the actors that a text names once, each in words of its own; none of fewer than two names."""
    found = names.within(claim)
    if len(found) < 2:
        return []
    mentioned = Counter(entity for name in found for entity in name.entities)
    actors = {actor.id for actor in briefing.actors}
    held = []
    for run in beside_names(claim):
        within = [name for name in found if run.start <= name.start < run.end]
        # A longer run may be another name: "Ayra Shipping" is not Ayra.
        if len(within) != 1 or not _is_whole(claim, run, within[0].text):
            continue
        entities = within[0].entities
        if entities & actors and all(mentioned[one] == 1 for one in entities):
            keys = frozenset(part for one in entities for spelling in names.of[one] for part in spelling)
            name = within[0]
            held.append(_Held(name.start, max(run.end, name.start + len(name.text)), keys, run.neighbours))
    return held


def _is_whole(claim: str, run: Beside, name: str) -> bool:
    """Return whether the words with capitals are all of the name; one that begins the sentence need not be."""
    own = {part for word in words(name) for part in word.parts}
    begins = re.search(r"(?:^|[.!?]\s+)$", claim[: run.start])
    return {*run.keys} <= own or bool(begins and run.keys[0] not in own and {*run.keys[1:]} <= own)


def _numbers(claim: str) -> Iterator[list[_Held]]:
    """Yield the numbers of each kind, so that a year is not compared with a count; none of fewer than two."""
    if sum(is_number(word.forms[0]) for word in words(claim)) < 2:
        return
    found = beside_numbers(claim)
    for kind in dict.fromkeys(one.kind for one in found):
        yield [_Held(one.start, one.end, frozenset(one.keys), one.neighbours) for one in found if one.kind == kind]


def _exchanged(claim: str, held: Sequence[_Held], cited: Cited, least: int) -> tuple[str, str] | None:
    """Return two of these whose words the cited text has beside the other of the two, but not beside themselves."""
    for one, other in combinations(held, 2):
        if _LISTED.fullmatch(claim, one.end, other.start):
            continue
        keys, other_keys = one.keys - other.keys, other.keys - one.keys
        own, other_own = one.neighbours - other.neighbours, other.neighbours - one.neighbours
        if _beside(keys, own, cited) + _beside(other_keys, other_own, cited):
            continue
        if _beside(other_keys, own, cited) + _beside(keys, other_own, cited) >= least:
            return claim[one.start : one.end], claim[other.start : other.end]
    return None


def _beside(keys: Iterable[str], neighbours: Iterable[Neighbour], cited: Cited) -> int:
    """Return how many of these words the cited text has beside one of the keys."""
    return sum(
        any(text.has_beside(number, key, neighbour) for key in keys for text, number in cited)
        for neighbour in neighbours
    )


def _belongs_to_another_speaker(fact: Fact, cited: Cited, names: Names) -> bool:
    spellings = names.of.get(fact.by or "", ())
    if not any(text.has(number, spelling) for spelling in spellings for text, number in cited):
        return False
    own_name = {part for spelling in spellings for part in spelling}
    if not all(text.names_speakers(number) for text, number in cited):
        return False
    text = names.blank(claim_of(fact.says))
    shared = {one for one in find_lower_case_stems(text) if have_stem(cited, (one,))}
    if any(_may_say(cited, name, one) for name in own_name for one in shared):
        return False
    unknown = sum(_may_say(cited, "", one) for one in shared)
    return len(shared) - 2 * unknown >= _LEAST_OF_OTHERS


def _may_say(cited: Cited, speaker: str, stemmed: str) -> bool:
    return any(text.may_say(number, speaker, stemmed) for text, number in cited)
