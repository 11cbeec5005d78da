"""Check that facts do not state what their sources deny, hedge, or say the opposite of.

These rules compare what the fact and the cited text say of the same words. They know English only. The page of checks
gives how often they catch an error and how often they are wrong.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from briefing.evidence.claims import polar_words, synonyms
from briefing.evidence.logic_words import FACT_HEDGES
from briefing.evidence.names import Names, names_in
from briefing.evidence.negation import content, has_negative_prefix
from briefing.evidence.pins import PinnedText
from briefing.evidence.stated import stated_part
from briefing.evidence.variants import variants, with_negative_prefix
from briefing.model.briefing import Briefing
from briefing.model.records import Fact
from briefing.problems import Problem, Severity
from briefing.rules.meaning import Cited, claim_of, compared_facts, have_stem, without_names, without_quotations
from briefing.text.normalize import stem, words

# The words for certainty that are opposites of "may".
_CERTAIN = ("will", "shall", "must")
# How many words of a fact must be only in rejections or in clauses with a negation.
_SEVERAL = 2
# In a paragraph that denies at least this share of the words of a fact, one word that it only denies is enough.
_DENIED_SHARE = 1 / 3
# "Neither country" denies something of both, and other words name them.
_OF_ACTORS = frozenset("country countries state states side sides nation nations party parties".split())
# A fact that something ends may be what a source denies with "no longer" or "cease".
_ENDING = frozenset(stem(word, "en") for word in "end ended finish close closed conclude interrupt pause break".split())
_COMPARE = "compare the fact with the source"
_CITE_ANOTHER = f"{_COMPARE}, or cite the paragraph that states it"
_DOUBTING = frozenset(("doubt", "doubts", "doubted", "doubtful", "sceptical", "skeptical"))


def check_contradictions(briefing: Briefing) -> Iterator[Problem]:
    """Report facts that state something that the cited text denies, hedges or says the opposite of.

    ``denied-in-source``: The fact states something with words that the cited paragraphs have only after "not", "no" or
    the like, or with a prefix such as that of "unreliable"; or it denies nothing, and they deny all that they say. It
    is a warning if the fact denies nothing, and the paragraphs deny all or some of the words that they share with it.

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
        found = [*compare_claims(briefing, fact, cited, names)]
        yield from found
        if "denied-in-source" not in {problem.code for problem in found}:
            yield from _denied_name(briefing, fact, cited, names)


def compare_claims(briefing: Briefing, fact: Fact, cited: Cited, names: Names) -> Iterator[Problem]:
    """Report what the fact states and the cited text denies, hedges or says the opposite of."""
    yield from _denied(briefing, fact, cited, names)
    yield from _hedged(briefing, fact, cited, names)
    yield from _opposites(briefing, fact, cited)


def _denied(briefing: Briefing, fact: Fact, cited: Cited, names: Names) -> Iterator[Problem]:
    claim = claim_of(fact.says)
    stated = stated_part(claim)
    denies_nothing = stated == claim
    text = without_names(stated, names)
    shared = _shared(text, cited)
    word = _only_marked(shared, cited, PinnedText.only_denies)
    # What was rejected may exist all the same, so one such word is not enough for an error.
    word = word or _only_marked(shared, cited, PinnedText.only_rejects, _SEVERAL)
    if denies_nothing:
        word = word or _only_marked(shared, cited, PinnedText.only_in_denials, _SEVERAL)
        word = word or _only_marked(shared, cited, PinnedText.only_denies_directly, may_be_frequent=True)
    if word:
        message = f"the cited text has '{word}' only in what it denies"
        yield Problem(briefing.find(fact.at("says"), word), "denied-in-source", message, _CITE_ANOTHER)
    elif denies_nothing and all(text.denies_all_it_says(number) for text, number in cited):
        message = "the fact denies nothing, but the cited text denies something in each of its clauses"
        yield Problem(fact.at("says"), "denied-in-source", message, _COMPARE)
    elif prefixed := _prefixed(cited, text):
        message = f"the cited text has '{prefixed}' only with a prefix that denies it"
        yield Problem(briefing.find(fact.at("says"), prefixed), "denied-in-source", message, _CITE_ANOTHER)
    elif _has_no_denial(fact):
        if word := _mostly_denied(shared):
            message = f"the cited text has '{word}' only in what it denies"
        elif word := _all_denied(shared, claim):
            message = f"the cited text denies something with each word that it shares with the fact, such as '{word}'"
        else:
            return
        place = briefing.find(fact.at("says"), word)
        yield Problem(place, "denied-in-source", message, _CITE_ANOTHER, Severity.WARNING)


def _denied_name(briefing: Briefing, fact: Fact, cited: Cited, names: Names) -> Iterator[Problem]:
    """Report a name that the cited text has only in what it denies.

    This rule is not for single sentences, because a sentence that denies something has all its names in a denial.
    """
    if not _has_no_denial(fact):
        return
    claim = claim_of(fact.says)
    own = {one.word for one in _shared(without_names(claim, names), cited)}
    named = [one for one in _shared(claim, cited) if one.word not in own]
    if word := _only_marked(named, cited, PinnedText.only_denies, may_be_frequent=True):
        message = f"the cited text has '{word}' only in what it denies"
        yield Problem(
            briefing.find(fact.at("says"), word), "denied-in-source", message, _CITE_ANOTHER, Severity.WARNING
        )


def _has_no_denial(fact: Fact) -> bool:
    """Return whether the fact denies nothing, not even in an idiom such as "not until", which its claim leaves out."""
    text = without_quotations(fact.says)
    return stated_part(text) == text


def _prefixed(cited: Cited, text: str) -> str:
    """Return a word of the fact that the source has only with a negative prefix; empty if there is none."""
    for word in words(text):
        for form in content([word]):
            # The source has most words without a prefix, and looking for prefixes takes longer.
            same = synonyms(form)
            if not have_stem(cited, same) and (
                have_stem(cited, with_negative_prefix(form))
                # A pin has "reliable" among what "unreliable" denies, but not among its words.
                or any(pinned.denies(number, one) for one in same for pinned, number in cited)
            ):
                return word.text
    return ""


def _hedged(briefing: Briefing, fact: Fact, cited: Cited, names: Names) -> Iterator[Problem]:
    if _is_hedged(fact):
        return
    word = _only_marked(_shared(without_names(claim_of(fact.says), names), cited), cited, PinnedText.only_hedges)
    if word:
        message = f"the cited text has '{word}' only after a word such as 'may' or 'would'"
        hint = "say how certain the source is, or cite the paragraph that states it"
        place = briefing.find(fact.at("says"), word)
        yield Problem(place, "hedged-in-source", message, hint, Severity.WARNING)


def _is_hedged(fact: Fact) -> bool:
    return any(FACT_HEDGES.intersection(word.forms) for word in words(claim_of(fact.says)))


class _Shared(NamedTuple):
    """A word of the fact, one of its stems, and the cited parts that have it."""

    word: str
    stem: str
    having: list[tuple[PinnedText, int, str]]


def _shared(text: str, cited: Cited) -> list[_Shared]:
    """Return the words of a text that cited parts have too."""
    found = []
    for word in words(text):
        for form in content([word]):
            stems = variants(form)
            having = [
                (pinned, number, one) for one in stems for pinned, number in cited if pinned.has_stemmed(number, one)
            ]
            if having:
                found.append(_Shared(word.text, having[0][2], having))
    return found


def _only_marked(
    shared: list[_Shared],
    cited: Cited,
    is_only: Callable[[PinnedText, int, str], bool],
    least: int = 1,
    *,
    may_be_frequent: bool = False,
) -> str:
    """Return a word that the cited parts have only after a mark, or an empty text.

    ``least`` is the number of such words that are needed. One word that is frequent in the source is not enough, unless
    it may be.
    """
    found = {one.stem: one.word for one in shared if all(is_only(*part) for part in one.having)}
    if len(found) < least:
        return ""
    rare = [one for one in found if not any(pinned.is_frequent(one) for pinned, _ in cited)]
    if rare:
        return found[rare[0]]
    return next(iter(found.values()), "") if len(found) > 1 or may_be_frequent else ""


def _mostly_denied(shared: list[_Shared]) -> str:
    """Return a word, frequent or not, that the source only rejects, if the source denies enough of the others too."""
    telling = [one for one in shared if one.word.casefold() not in _OF_ACTORS]
    rejected = [one for one in telling if all(PinnedText.only_rejects(*part) for part in one.having)]
    denied = [one for one in telling if _is_denied(one)]
    return rejected[0].word if rejected and len(denied) >= _DENIED_SHARE * len(telling) else ""


def _all_denied(shared: list[_Shared], claim: str) -> str:
    """Return one of the words that the source has too, if it denies something with each of them."""
    for word in words(claim):
        # Such a fact may deny the same without "not".
        if has_negative_prefix(word) or any(stem(part, "en") in _ENDING for part in word.parts):
            return ""
    telling = [one for one in shared if one.word.casefold() not in _OF_ACTORS and not one.stem[0].isdigit()]
    return telling[0].word if telling and all(map(_is_denied, telling)) else ""


def _is_denied(one: _Shared) -> bool:
    return all(text.denies(number, stemmed) for text, number, stemmed in one.having)


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
            yield Problem(place, "opposite-word", message, _COMPARE, Severity.WARNING)
