"""What an English text denies: the words that share a clause with a negation.

A clause ends at a punctuation mark or a conjunction. In a source, everything in a clause with "not", "no" or the like
counts as denied, because a paraphrase may put the words in another order ("is not a member", "membership was refused").
Of a clause with another word that denies ("refused", "lacks"), only the words near it count. In a fact, only the words
that follow the negation count.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from briefing.evidence.logic_words import DENIALS, NEGATIONS, SPEAKING, STOP_WORDS, VERBS_DENIED
from briefing.text.normalize import Word, stem, words

_BOUNDARY = re.compile(r"[.;:!?,()—–]")
CONTRASTS = frozenset("but although though while whereas".split())
CONJUNCTIONS = CONTRASTS | frozenset("because which who whom where when if unless that so".split())
# In a source, these end what a negation concerns. "No difference that mattered" denies that something mattered.
_ENDS = CONTRASTS | frozenset("because which who whom where after since".split())
# "Not only" adds something and denies nothing.
_NOT_ONLY = re.compile(r"\bnot only\b", re.IGNORECASE)
# "Moved by machines and not by hand" denies how, not that.
_HOW = frozenset("by with in on at from through".split())
# "Unreliable" denies; "under", "union" and "unnamed" do not.
_PREFIXED = re.compile(r"non-?[a-z]{4,}|un(?!der|i[^nm]|less|til|cle|named|prece|usual|veil|cover|fold)[a-z]{4,}")
# "Cannot do without" and "neither, nor" are no double negations.
_SIMPLE = VERBS_DENIED | frozenset(("no", "none", "nobody", "nothing"))
# "Doubts that it will not" says that it will, and "until it was not reached" that it was.
_TWICE = re.compile(
    r"\b(?:doubt(?:s|ed|ful)? that|s[ck]eptical that|unlikely that|improbable that|"
    r"until(?! [^,.;:]*\bthat\b))\b[^,.;:]*?\b(not|never|cannot)\b",
    re.IGNORECASE,
)
# "..., the minister never said": an attribution that is denied attributes nothing.
_UNSAID = re.compile(
    rf",[^,;:]*\b(never|not)\s+(?:{'|'.join(sorted(SPEAKING))})(?=[.,;]|$)(?!, (?:that|but|because)\b)", re.IGNORECASE
)
# Words that support a negation but state what they stand beside.
CONTRASTING = frozenset("before instead rather until unless except despite differ different unchanged".split())
# With more words after the negation, the rule catches fewer of the errors that scripts/measure-detection puts in.
_WORDS_DENIED = 3
_WORDS_DENIED_BY_PREFIX = 2
_WORDS_DENIED_BY_VERB = 6
# Several features of a text need its clauses and statements.
_CACHED_TEXTS = 1 << 12


class Denial(NamedTuple):
    """A negation in a fact, and the normal forms of what it denies and of all words in its clause."""

    word: Word
    forms: frozenset[str]
    clause: frozenset[str]


def denied_stems(text: str) -> frozenset[str]:
    """Return the stems of the words that a text denies.

    These are all words in clauses with "not", "no" or the like, those near a verb such as "refused", and those after a
    negative prefix: "unreliable ally" denies "reliable" and "ally".
    """
    denied = list[str]()
    for clause in statements(text, _ENDS):
        is_denied = any(map(is_negation, clause))
        if is_denied:
            denied += content(clause)
        for index, word in enumerate(clause):
            if denies(word) and not is_denied:
                # "Refused" denies what was refused, but not that it was. "Before" denies nothing that stands before it.
                denied += content(clause[index + 1 :])[:_WORDS_DENIED_BY_VERB]
                if not CONTRASTING.intersection(word.forms):
                    denied += content(clause[:index])[-_WORDS_DENIED:]
        for index, word in enumerate(clause):
            if has_negative_prefix(word):
                after = content(clause[index + 1 :])[:_WORDS_DENIED_BY_PREFIX]
                denied += (*word.parts, *map(_without_prefix, word.parts), *after)
    return frozenset(stem(form, "en") for form in denied)


def _without_prefix(form: str) -> str:
    return form.removeprefix("un").removeprefix("non").removeprefix("-")


def denials(text: str, negations: frozenset[str] = VERBS_DENIED) -> Iterator[Denial]:
    """Yield each of the negations, with the words after it; with those before it if none follow."""
    for clause in clauses(text, CONJUNCTIONS):
        for index, word in enumerate(clause):
            if negations.intersection(word.forms):
                after = content(clause[index + 1 :])[:_WORDS_DENIED]
                before = content(clause[:index])[-_WORDS_DENIED:]
                yield Denial(word, frozenset(after or before), frozenset(content(clause)))


def double_negation(text: str) -> str:
    """Return the second of two negations in one clause, as in "not never"; empty if there is none."""
    twice = _TWICE.search(text)
    if twice:
        return twice[1]
    # "No clause, and does not bind" denies two things.
    for clause in clauses(text, CONJUNCTIONS | {"and"}):
        found = [word for word in clause if _SIMPLE.intersection(word.forms)]
        if len(found) > 1 and any(VERBS_DENIED.intersection(word.forms) for word in found):
            return found[1].text
    return ""


def denied_attribution(text: str) -> str:
    """Return the negation in an attribution such as "..., the minister never said"; empty if there is none."""
    found = _UNSAID.search(text)
    return found[1] if found else ""


def has_negative_prefix(word: Word) -> bool:
    """Return whether a word denies something by its prefix, as "unstable" does."""
    return any(_PREFIXED.fullmatch(part) for part in word.parts)


def denies(word: Word) -> bool:
    """Return whether a word denies something."""
    return bool(DENIALS.intersection(word.forms))


@lru_cache(_CACHED_TEXTS)
def clauses(text: str, conjunctions: frozenset[str] = CONJUNCTIONS) -> tuple[list[Word], ...]:
    """Return the words of each clause: the text between punctuation marks and conjunctions."""
    found = []
    clause: list[Word] = []
    end = 0
    for word in words(text):
        is_conjunction = word.forms[0] in conjunctions and not text.startswith("so far", word.start)
        if clause and (is_conjunction or _BOUNDARY.search(text[end : word.start])):
            found.append(clause)
            clause = []
        clause.append(word)
        end = word.start + len(word.text)
    found.append(clause)
    return tuple(found)


@lru_cache(_CACHED_TEXTS)
def statements(text: str, conjunctions: frozenset[str] = CONJUNCTIONS) -> tuple[list[Word], ...]:
    """Return the words of each clause in its parts: "a diplomat and no engineer" denies only its second part."""
    found = []
    for clause in clauses(_NOT_ONLY.sub("", text), conjunctions):
        start = 0
        # Most clauses have no negation, and looking for each is slow.
        joints = (
            [at for at, word in enumerate(clause) if at and "and" in word.forms]
            if any(map(is_negation, clause))
            else ()
        )
        for index in joints:
            following = clause[index + 1 : index + 3]
            is_denied = any(map(is_negation, following)) and not any(one.forms[0] in _HOW for one in following[1:])
            if is_denied and not any(map(is_negation, clause[start:index])):
                found.append(clause[start:index])
                start = index
        found.append(clause[start:])
    return tuple(found)


def is_negation(word: Word) -> bool:
    """Return whether a word is formed with "not", "no" or "never", or means the same."""
    return bool(NEGATIONS.intersection(word.forms))


def content(clause: list[Word]) -> list[str]:
    """Return the normal forms of the words that carry content, in order."""
    parts = (part for word in clause for part in word.parts)
    return [part for part in parts if part not in STOP_WORDS and part not in NEGATIONS]
