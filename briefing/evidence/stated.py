"""What an English fact states, as opposed to what it denies in any way.

A paraphrase may deny without "not": "rules out", "far from", "little unites them". So the words and phrases here are
many more than those that deny in a source: a clause of a fact that has one of them is not compared with what the source
denies.
"""

import re
from functools import lru_cache

from briefing.evidence.negation import CONJUNCTIONS, CONTRASTING, clauses, denies
from briefing.text.normalize import Word, stem

# Phrases that deny something without a word for "not", and words whose stems are those of others.
_DENYING = re.compile(
    r"(?:rul\w+ out|forb[aio]\w*|short of|far from|free (?:of|from)|\w+-free|h[eo]ld\w* back|bar(?:s|red)?|no|"
    r"turn\w* down|g[ai]v(?:e|es|ing|en) up|anything but|yet to|beyond|out of|by no means|against|"
    r"objec(?:ts?|ted|ting) to|objections?|put\w* off|leaves? open|left open|(?:stay|keep|kept)\w* out|too \w+ to|"
    r"(?:was|were|is|are|remains?|remained) to (?:be|come)|in vain|\w{3,}less)\b"
)
# Words that deny in a clause of a fact, besides those that deny in a source. They are compared by their stems.
_DENYING_STEMS = frozenset(
    stem(word, "en")
    for word in """abandon absent abstain averse avert ban bare barren block boycott bypass cancel circumvent
    contradict curb dearth decline declined defy deprive deter devoid disallow disappear disavow discard discontinue
    discourage dispense disprove dispute disregard dodge drop dropped eliminate elude empty escape evade exception
    exempt expire few fewer fewest forfeit forgo gap halt hamper hesitate hinder hostile ignore immune impede
    incomplete inconclusive ineffective inhibit insignificant invalid invalidate invisible lapse least less little
    lose loses losing loss lost miss missed misses missing mistake mistaken negate negative neglect neutral
    nonexistent nowhere object obstruct omit omitted oppose outstanding overlook overrule postpone preclude protest
    quit rebuff refute relinquish renounce repeal repudiate resist restrain revoke scrap scrapped shortage shun skip
    skipped spare spurn stall stop stopped suspend terminate thwart veto waive wary withdraw withdrawn withdrew wonder
    zero""".split()
)
# What follows these is not so, or is named only to be set aside.
_REPLACED = re.compile(
    r"\b(?:rather than|apart from|aside from|instead of|other than|unlike|(?<!not )as opposed to)\b[^.,;:]*",
    re.IGNORECASE,
)
# With at most two words between, as in "does not want to give up".
_DENIED_DENIAL = re.compile(
    r"\b(?:not|never|cannot|\w+n['’]t)(?:\s+\w+){0,2}\s+(abandon\w*|ceas\w+|den(?:y|ied)|doubt\w*|exclude\w*|fail\w*|"
    r"giv\w+(?= up)|gave(?= up)|ignor\w+|los[et]\w*|miss(?:ed)?|neglect\w*|refuse\w*|reject\w*|rul\w+(?= out)|spared?|"
    r"stop\w*)\b",
    re.IGNORECASE,
)
# After "and", one of these begins another statement, and so does a word before an article.
_AUXILIARIES = frozenset(
    """is are was were has have had will would can could may might should must does did it they he she""".split()
)
_PREPOSITIONS = frozenset("of in on at to by for from with over about between among into against without".split())
# The facts of a briefing are checked again when one of them changes.
_CACHED_TEXTS = 1 << 12
_ARTICLES = frozenset("a an the no its their his her this these both all each".split())


@lru_cache(_CACHED_TEXTS)
def stated_part(text: str) -> str:
    """Return a text with spaces in place of the parts that deny something."""
    text = _REPLACED.sub(lambda found: " " * len(found[0]), text)
    # "Denied that it was" denies what follows, and "no base, alliance or clause" all of them.
    for clause in clauses(text.replace(",", " "), CONJUNCTIONS - {"that"}):
        for statement in _statements(clause):
            denied = _denied_part(text, statement)
            if denied:
                text = text[: denied[0].start] + " " * (_end(denied) - denied[0].start) + text[_end(denied) :]
    return text


def denied_denial(text: str) -> str:
    """Return the verb of denial that a negation turns into a statement ("did not lose"); empty if there is none."""
    found = _DENIED_DENIAL.search(text)
    return found[1] if found else ""


def _statements(clause: list[Word]) -> list[list[Word]]:
    """Return the parts of a clause, which begin with an "and" before another verb."""
    starts = [0]
    for index, word in enumerate(clause):
        if index and "and" in word.forms and _begins_statement(clause[index + 1 : index + 4]):
            starts.append(index)
    return [clause[start:end] for start, end in zip(starts, [*starts[1:], len(clause)], strict=True)]


def _denied_part(text: str, statement: list[Word]) -> list[Word]:
    """Return the part of a statement from the "and" before its first denial, or all of it; empty if it has none."""
    for index, word in enumerate(statement):
        if _is_denial(text, word, statement):
            before = [at for at, one in enumerate(statement[:index]) if "and" in one.forms]
            return statement[before[-1] :] if before else statement
    return []


def _begins_statement(following: list[Word]) -> bool:
    first, *rest = [word.forms[0] for word in following] or [""]
    return first in _AUXILIARIES or (first not in _PREPOSITIONS and any(word in _ARTICLES for word in rest[:1]))


def _is_denial(text: str, word: Word, part: list[Word]) -> bool:
    if CONTRASTING.intersection(word.forms):
        return False
    if denies(word) or any(stem(one, "en") in _DENYING_STEMS for one in word.parts):
        return True
    return bool(_DENYING.match(text, word.start, _end(part)))


def _end(part: list[Word]) -> int:
    return part[-1].start + len(part[-1].text)
