"""Compare facts with the sentences of a source whose text is at hand.

A pin only knows which words a whole paragraph has. With the text, a fact is compared with those sentences of its
paragraphs that share most with it, so that what another sentence denies, hedges or says does not count.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

from briefing.evidence.cited_texts import known_text, language_of
from briefing.evidence.logic_words import ATTRIBUTION, SPEAKING
from briefing.evidence.names import Name, Names, names_in
from briefing.evidence.negation import clauses, content
from briefing.evidence.pins import PinnedText, split_parts
from briefing.model.briefing import Briefing
from briefing.model.records import Fact, Source
from briefing.problems import Problem, Severity
from briefing.rules.contradictions import compare_claims
from briefing.rules.exchanges import compare_exchanges
from briefing.rules.meaning import claim_of, compare_logic, compared_facts
from briefing.text.normalize import stem, words
from briefing.text.sentences import split_sentences

# A sentence is compared if it fits the fact at least this well compared with the one that fits best.
_CLOSE = 0.6
# Facts that speak of their source say where a claim comes from.
_SOURCE_ITSELF = re.compile(r"\bthe (?:article|account|source|report|text|paper|study|author)\b", re.IGNORECASE)
# Between two names, these make the second one the actor ("was paid by").
_TURNED = re.compile(r"\b(?:by|from)\b")
_RELATIVE = frozenset("who whom whose which where".split())
# With one of these or nothing but signs between two names, their order says nothing.
_LISTED = re.compile(r"\b(?:and|or|nor|with)\b|^\W*$")


def check_sentences(briefing: Briefing, source: Source, text: str, found: Iterable[Problem]) -> Iterator[Problem]:
    """Report facts that differ in meaning from the closest sentences of their paragraphs, given the source's text.

    The rules that compare a fact with whole paragraphs are applied to these sentences too. ``found`` are the problems
    that are known already.

    ``unattributed`` (warning): The closest sentence of the source says who says or thinks so, and the fact does not.
    Only ``--text`` shows this.

    Readers would take a claim for something that the source itself states.

    ``names-reversed`` (note): The fact names two actors in the opposite order to the closest sentence of the source.
    Only ``--text`` shows this.

    The fact may say that one did to the other what, in the source, the other did.
    """
    # With a name missing, a word could be taken for one.
    if not briefing.has_all_names:
        return
    known_already = {(one.code, one.place) for one in found}
    sentences: list[str] = []
    of_part: dict[int, list[int]] = {}
    for number, part in enumerate(split_parts(text), 1):
        for sentence in split_sentences(part):
            sentences.append(sentence)
            of_part.setdefault(number, []).append(len(sentences))
    known = known_text(source.id, sentences, language_of(source))
    names = names_in(briefing)
    for fact, cited in compared_facts(briefing):
        numbers = [at for pinned, number in cited if pinned.pin.source == source.id for at in of_part.get(number, ())]
        close = _closest(known, fact, numbers)
        if not close:
            continue
        others = [pair for pair in cited if pair[0].pin.source != source.id]
        near = [*((known, at) for at in close), *others]
        compared = chain.from_iterable(
            compare(briefing, fact, near, names) for compare in (compare_logic, compare_claims, compare_exchanges)
        )
        yield from (one for one in compared if (one.code, one.place) not in known_already)
        if not others:
            yield from _unattributed(fact, sentences[close[0] - 1], names)
            yield from _reversed(briefing, fact, sentences[close[0] - 1], names)


def _closest(known: PinnedText, fact: Fact, numbers: Iterable[int]) -> list[int]:
    """Return the numbers of the sentences that fit the fact well, the best first."""
    fits = known.fits(fact.says)
    found = sorted((number for number in numbers if fits.get(number)), key=lambda number: -fits[number])
    return [number for number in found if fits[number] >= _CLOSE * fits[found[0]]]


def _unattributed(fact: Fact, sentence: str, names: Names) -> Iterator[Problem]:
    own = {form for word in words(fact.says) for form in word.forms}
    if fact.by or own & ATTRIBUTION.support or _SOURCE_ITSELF.search(fact.says):
        return
    said = {stem(form, "en") for form in content([*words(fact.says)])}
    same = max(clauses(sentence), key=lambda clause: len(said & {stem(form, "en") for form in content(clause)}))
    # In "Smith, who built the pier, says that it is safe", the source itself states who built it.
    if _RELATIVE.intersection(same[0].forms):
        return
    for word in words(names.blank(sentence)):
        if SPEAKING.intersection(word.forms):
            message = f"the source gives this as what someone says or thinks ('{word.text}')"
            hint = "say who says so, and name the speaker in 'by'"
            yield Problem(fact.at("says"), "unattributed", message, hint, Severity.WARNING)
            return


def _reversed(briefing: Briefing, fact: Fact, sentence: str, names: Names) -> Iterator[Problem]:
    claim = claim_of(fact.says)
    theirs = names.within(sentence)
    actors = {actor.id for actor in briefing.actors}
    own = [name for name in names.within(claim) if name.entities & actors and fact.by not in name.entities]
    for first, second in pairwise(own):
        before, after = _of(theirs, second), _of(theirs, first)
        if first.entities & second.entities or not before or not after or before[-1].start > after[0].start:
            continue
        # The fact has them in both orders.
        if _of(own, second)[0].start < first.start:
            continue
        if any(map(_is_possessive, (first, second, before[-1], after[0]))):
            continue
        between, theirs_between = _between(claim, first, second), _between(sentence, before[-1], after[0])
        if _LISTED.search(between) or bool(_TURNED.search(between)) != bool(_TURNED.search(theirs_between)):
            continue
        message = f"the closest sentence of the source has '{second.text}' before '{first.text}'"
        place = briefing.find(fact.at("says"), first.text)
        yield Problem(place, "names-reversed", message, "check who does what to whom", Severity.NOTE)
        return


def _is_possessive(name: Name) -> bool:
    return name.text.endswith(("'s", "’s", "s'", "s’"))


def _of(among: list[Name], name: Name) -> list[Name]:
    """Return the names that may refer to the same as this one."""
    return [one for one in among if one.entities & name.entities]


def _between(text: str, first: Name, second: Name) -> str:
    return text[first.start + len(first.text) : second.start]
