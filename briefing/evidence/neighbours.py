"""Which words of an English text stand beside its names and numbers.

In "Ayra supplied Beru with 20 ships", "supplied" follows one name and precedes the other, and "ships" follows the
number. A fact that exchanges the names or the numbers has the same words beside others.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Literal, NamedTuple

from briefing.evidence.logic_words import NEGATIONS, STOP_WORDS
from briefing.evidence.negation import clauses
from briefing.evidence.quantities import MONTHS, quantities
from briefing.text.normalize import Word, stem, words

# How many words beside a name or after a number count.
_BESIDE_NAME = 2
_BESIDE_NUMBER = 3
_FORMS_OF_BE = frozenset("is are was were be been being".split())
_PARTICIPLE = re.compile(
    r"\w+(?:ed|en|wn|ne|lt|nt|ld|pt|ght)|begun|cut|found|hit|hung|led|left|made|met|paid|put|read|run|set|shot|struck|won"
)
# Words that begin with a letter, with what joins them into a name such as "Caliber.Az".
_WORDS = re.compile(r"\b[^\W\d_][\w'’‑-]*(?:\.\w+)*")
# Before the one who acts, as in "sold by Ayra" and "bought from Ayra".
_BEFORE_ACTOR = frozenset(("by", "from"))
_MONTHS = frozenset(month.casefold() for month in MONTHS)
_MONTH_AFTER = re.compile(rf"(?: of)? (?:{'|'.join(MONTHS)})\b")
_MONTH_BEFORE = re.compile(rf"\b(?:{'|'.join(MONTHS)}) $")
# Several rules need the neighbours in the same sentence.
_CACHED_TEXTS = 1 << 10

Side = Literal["<", ">", "|"]


class Neighbour(NamedTuple):
    """The stem of a word, and its side: ``>`` after a name, ``<`` before it, ``|`` on either side of a number.

    After a passive, "by" and "from" the sides are exchanged, so that they show who does or gives something.
    """

    side: Side
    stem: str


class Beside(NamedTuple):
    """A run of words with capitals, or a number, with the words beside it.

    ``keys`` are the normal forms of the words of a name, or the value of a number. ``kind`` is ``name``, or that of the
    number (``briefing.evidence.quantities.Amount``).
    """

    start: int
    end: int
    kind: str
    keys: tuple[str, ...]
    neighbours: frozenset[Neighbour]


class _Span(NamedTuple):
    start: int
    end: int
    kind: str
    keys: tuple[str, ...]


@lru_cache(_CACHED_TEXTS)
def beside_names(text: str) -> tuple[Beside, ...]:
    """Return the names in a text, with the words beside each up to the next name.

    Every run of words with capitals counts as a name, as does the first word of a sentence.
    """
    spans: list[_Span] = []
    for found in _WORDS.finditer(text):
        if not found[0][0].isupper():
            continue
        if spans and text[spans[-1].end : found.start()].isspace():
            spans[-1] = spans[-1]._replace(end=found.end())
        else:
            spans.append(_Span(found.start(), found.end(), "name", ()))
    named = [one._replace(keys=_keys(text[one.start : one.end])) for one in spans]
    return tuple(_with_neighbours(text, [one for one in named if one.keys], _BESIDE_NAME))


def _keys(name: str) -> tuple[str, ...]:
    return tuple(part for word in words(name) for part in word.parts if part not in STOP_WORDS)


@lru_cache(_CACHED_TEXTS)
def beside_numbers(text: str) -> tuple[Beside, ...]:
    """Return the numbers in a text that have a value, with the words beside each up to the next number.

    The days of dates are left out.
    """
    spans = []
    for one in quantities(text):
        end = one.start + len(one.text)
        is_day = _MONTH_AFTER.match(text, end) or _MONTH_BEFORE.search(text, 0, one.start)
        if one.amount and (one.amount.kind == "year" or not is_day):
            spans.append(_Span(one.start, end, one.amount.kind, (f"{one.amount.value.normalize():f}",)))
    return tuple(_with_neighbours(text, spans, _BESIDE_NUMBER))


def _with_neighbours(text: str, spans: Sequence[_Span], most: int) -> Iterator[Beside]:
    if not spans:
        return
    for clause in clauses(text):
        within = {word: one for word in clause for one in spans if one.start <= word.start < one.end}
        for span in dict.fromkeys(within.values()):
            following = _until(within, (word for word in clause if word.start >= span.end))
            preceding = _until(within, (word for word in reversed(clause) if word.start < span.start))
            after: Side = "|"
            before: Side = "|"
            if span.kind == "name":
                after = "<" if _is_passive(following) else ">"
                before = ">" if _BEFORE_ACTOR & _forms_before_content(preceding) else "<"
            neighbours = [Neighbour(after, one) for one in _stems(following)[:most]]
            neighbours += [Neighbour(before, one) for one in _stems(preceding)[:most]]
            yield Beside(*span, frozenset(neighbours))


def _until(stops: Container[Word], part: Iterable[Word]) -> list[Word]:
    return list(takewhile(lambda word: word not in stops, part))


def _content(word: Word) -> list[str]:
    return [
        part
        for part in word.parts
        if not (part in STOP_WORDS or part in NEGATIONS or part in _MONTHS or part[0].isdigit())
    ]


def _stems(part: Sequence[Word]) -> list[str]:
    return [stem(form, "en") for word in part for form in _content(word)]


def _forms_before_content(part: Sequence[Word]) -> frozenset[str]:
    """Return the forms of the words before the first word with content."""
    found = set[str]()
    for word in part:
        if _content(word):
            break
        found.update(word.forms)
    return frozenset(found)


def _is_passive(following: Sequence[Word]) -> bool:
    first = next((word for word in following if _content(word)), None)
    return bool(first and _PARTICIPLE.fullmatch(first.text) and _FORMS_OF_BE & _forms_before_content(following))
