"""What an English text denies: the words that share a clause with a negation.

A clause ends at a punctuation mark or a conjunction. In a source, everything in a clause with a negation counts as
denied, because a paraphrase may put the words in another order ("is not a member", "membership was refused"), and only
a contrast ends the clause ("no difference that mattered"). In a fact, only the words that follow the negation count.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from briefing.evidence.logic_words import DENIALS, NEGATIONS, STOP_WORDS, VERBS_DENIED
from briefing.text.normalize import Word, stem, words

_BOUNDARY = re.compile(r"[.;:!?,()—–]")
CONTRASTS = frozenset("but although though while whereas".split())
CONJUNCTIONS = CONTRASTS | frozenset("because which who whom where when if unless that so".split())
# "Unreliable" denies; "under" and "union" do not.
_PREFIXED = re.compile(r"non-?[a-z]{4,}|un(?!der|i[^nm]|less|til|cle)[a-z]{4,}")
# "Cannot do without" and "neither, nor" are no double negations.
_SIMPLE = VERBS_DENIED | frozenset(("no", "none", "nobody", "nothing"))
# With more words after the negation, the rule catches fewer of the errors that scripts/measure-detection puts in.
_WORDS_DENIED = 3


class Denial(NamedTuple):
    """A negation in a fact, and the normal forms of what it denies."""

    word: Word
    forms: frozenset[str]


def denied_stems(text: str) -> frozenset[str]:
    """Return the stems of all words in clauses with a negation; "unreliable" also denies "reliable"."""
    denied = [form for clause in clauses(text, CONTRASTS) if any(map(denies, clause)) for form in content(clause)]
    bare = (
        form.removeprefix("un").removeprefix("non").removeprefix("-") for form in filter(_PREFIXED.fullmatch, denied)
    )
    return frozenset(stem(form, "en") for form in (*denied, *bare))


def denials(text: str) -> Iterator[Denial]:
    """Yield each negation of a verb, with the words after it; with the whole clause if none follow."""
    for clause in clauses(text, CONJUNCTIONS):
        for index, word in enumerate(clause):
            if VERBS_DENIED.intersection(word.forms):
                after = content(clause[index + 1 :])[:_WORDS_DENIED]
                yield Denial(word, frozenset(after or content(clause)))


def double_negation(text: str) -> str:
    """Return the second of two negations in one clause, as in "not never"; empty if there is none."""
    # "No clause, and does not bind" denies two things.
    for clause in clauses(text, CONJUNCTIONS | {"and"}):
        found = [word for word in clause if _SIMPLE.intersection(word.forms)]
        if len(found) > 1 and any(VERBS_DENIED.intersection(word.forms) for word in found):
            return found[1].text
    return ""


def has_negative_prefix(word: Word) -> bool:
    """Return whether a word denies something by its prefix, as "unstable" does."""
    return any(_PREFIXED.fullmatch(part) for part in word.parts)


def denies(word: Word) -> bool:
    """Return whether a word denies something."""
    return bool(DENIALS.intersection(word.forms)) or has_negative_prefix(word)


def clauses(text: str, conjunctions: frozenset[str] = CONJUNCTIONS) -> Iterator[list[Word]]:
    """Yield the words of each clause: the text between punctuation marks and conjunctions."""
    clause: list[Word] = []
    end = 0
    for word in words(text):
        if clause and (_BOUNDARY.search(text[end : word.start]) or word.forms[0] in conjunctions):
            yield clause
            clause = []
        clause.append(word)
        end = word.start + len(word.text)
    yield clause


def content(clause: list[Word]) -> list[str]:
    """Return the normal forms of the words that carry content, in order."""
    parts = (part for word in clause for part in word.parts)
    return [part for part in parts if part not in STOP_WORDS and part not in NEGATIONS]
