"""Check that facts do not state what their sources deny, hedge, or say the opposite of.

These rules compare what the fact and the cited text say of the same words. They know English only. The page of checks
gives how often they catch an error and how often they are wrong.
"""

import re
from collections.abc import Callable, Iterator

from briefing.evidence.claims import polar_words
from briefing.evidence.logic_words import FACT_HEDGES
from briefing.evidence.names import Names, names_in
from briefing.evidence.negation import CONJUNCTIONS, clauses, content, denies
from briefing.evidence.pins import PinnedText
from briefing.model.briefing import Briefing
from briefing.model.records import Fact
from briefing.problems import Problem, Severity
from briefing.rules.meaning import CAPITALISED, Cited, claim_of, compared_facts
from briefing.text.normalize import Word, stem, words

# Phrases that deny something without a word for "not".
_DENYING = re.compile(
    r"\brul\w+ out\b|\bforb[aio]\w*|\bshort of\b|\bfar from\b|\bfree of\b|\b\w+-free\b|\bh[eo]ld\w* back\b"
    r"|\bbar(?:s|red)?\b|\bno\b"
)
# Words that support a negation but state what they stand beside.
_CONTRASTING = frozenset("before instead rather until unless except despite differ different unchanged".split())
# The words for certainty that are opposites of "may".
_CERTAIN = ("will", "shall", "must")
_DOUBTING = frozenset(("doubt", "doubts", "doubted", "doubtful", "sceptical", "skeptical"))


def check_contradictions(briefing: Briefing) -> Iterator[Problem]:
    """Report facts that state something that the cited text denies, hedges or says the opposite of.

    ``denied-in-source``: The fact states something with words that the cited paragraphs have only after "not", "no" or
    the like.

    A negation of the source may have been left out, so that the fact says the opposite.

    ``hedged-in-source`` (warning): The fact states as certain what the cited paragraphs say only with "may", "would",
    "reportedly" or the like.

    The fact is surer than its source.

    ``opposite-word`` (warning): The fact has a word such as "rose", and the cited paragraphs have one of the opposite
    meaning, such as "fell", near the same words.

    The fact may say the opposite of its source.
    """
    names = names_in(briefing)
    for fact, cited in compared_facts(briefing):
        yield from compare_claims(briefing, fact, cited, names)


def compare_claims(briefing: Briefing, fact: Fact, cited: Cited, names: Names) -> Iterator[Problem]:
    """Report what the fact states and the cited text denies, hedges or says the opposite of."""
    yield from _denied(briefing, fact, cited, names)
    yield from _hedged(briefing, fact, cited, names)
    yield from _opposites(briefing, fact, cited)


def _denied(briefing: Briefing, fact: Fact, cited: Cited, names: Names) -> Iterator[Problem]:
    word = _only_marked(_stated(fact), cited, names, PinnedText.only_denies)
    if word:
        message = f"the cited text has '{word}' only in what it denies"
        hint = "compare the fact with the source, or cite the paragraph that states it"
        yield Problem(briefing.find(fact.at("says"), word), "denied-in-source", message, hint)


def _hedged(briefing: Briefing, fact: Fact, cited: Cited, names: Names) -> Iterator[Problem]:
    if _is_hedged(fact):
        return
    word = _only_marked(claim_of(fact.says), cited, names, PinnedText.only_hedges)
    if word:
        message = f"the cited text has '{word}' only after a word such as 'may' or 'would'"
        hint = "say how certain the source is, or cite the paragraph that states it"
        place = briefing.find(fact.at("says"), word)
        yield Problem(place, "hedged-in-source", message, hint, Severity.WARNING)


def _is_hedged(fact: Fact) -> bool:
    return any(FACT_HEDGES.intersection(word.forms) for word in words(claim_of(fact.says)))


def _stated(fact: Fact) -> str:
    """Return the fact's claim with spaces in place of the parts that deny something."""
    text = claim_of(fact.says)
    # "Denied that it was" denies what follows, and "no base, alliance or clause" all of them.
    for clause in clauses(text.replace(",", " "), CONJUNCTIONS - {"that"}):
        denied = _denied_part(text, clause)
        if denied:
            first, last = denied[0].start, _end(denied)
            text = text[:first] + " " * (last - first) + text[last:]
    return text


def _denied_part(text: str, clause: list[Word]) -> list[Word]:
    """Return the part of a clause that denies something, from an "and" before the first denial; empty if none does."""
    for index, word in enumerate(clause):
        if _denies(word) or _DENYING.match(text[word.start : _end(clause)]):
            before = [at for at, one in enumerate(clause[:index]) if "and" in one.forms]
            return clause[before[-1] :] if before else clause
    return []


def _end(clause: list[Word]) -> int:
    return clause[-1].start + len(clause[-1].text)


def _denies(word: Word) -> bool:
    return denies(word) and not _CONTRASTING.intersection(word.forms)


def _only_marked(text: str, cited: Cited, names: Names, is_only: Callable[[PinnedText, int, str], bool]) -> str:
    """Return a word of the text that the cited parts have only after a mark, or an empty text.

    One word that is frequent in the source is not enough.
    """
    found: dict[str, str] = {}
    for word in words(_without_names(text, names)):
        for one in (stem(form, "en") for form in content([word])):
            having = [(pinned, number) for pinned, number in cited if pinned.has_stemmed(number, one)]
            if having and all(is_only(pinned, number, one) for pinned, number in having):
                found[one] = word.text
    rare = [one for one in found if not any(pinned.is_frequent(one) for pinned, _ in cited)]
    if rare:
        return found[rare[0]]
    return next(iter(found.values())) if len(found) > 1 else ""


def _without_names(text: str, names: Names) -> str:
    """Return the text with spaces in place of names, which a source has in sentences of all kinds."""
    # The capital at the start may only begin the sentence.
    return CAPITALISED.sub(lambda found: " " * len(found[0]) if found.start() else found[0], names.blank(text))


def _opposites(briefing: Briefing, fact: Fact, cited: Cited) -> Iterator[Problem]:
    claim = claim_of(fact.says)
    own = {stem(part, "en") for word in words(claim) for part in word.parts}
    reported = set[str]()
    for word, side, near in polar_words(claim):
        opposite = side.other
        # A fact with both words compares them, and one with a word of the source's side agrees with it.
        if word.text in reported or opposite.stems & own:
            continue
        # "Doubts that it will" is not certain.
        if word.text in _CERTAIN and any(_DOUBTING.intersection(other.forms) for other in words(claim)):
            continue
        if any(text.has_near(number, side, one) for one in near for text, number in cited):
            continue
        if any(text.has_near(number, opposite, one) for one in near for text, number in cited):
            reported.add(word.text)
            message = f"the fact has '{word.text}', but the cited text has an opposite near the same words"
            place = briefing.find(fact.at("says"), word.text)
            yield Problem(place, "opposite-word", message, "compare the fact with the source", Severity.WARNING)
