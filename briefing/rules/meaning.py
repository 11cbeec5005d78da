"""Check with the pins whether the meaning of a fact has support: its logic, the names it adds, its last clause.

A pin knows which words a paragraph has, so these rules look for the word without which the paragraph cannot say what
the fact says. The page of checks gives how often they catch an error and how often they are wrong.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from briefing.evidence.cited_texts import cited_texts
from briefing.evidence.claims import synonyms
from briefing.evidence.languages import is_foreign
from briefing.evidence.last_result import cache_last
from briefing.evidence.logic_words import (
    HEDGES,
    LOGIC_CLASSES,
    NEGATION,
    STOP_WORDS,
    VERBS_DENIED,
    LogicClass,
)
from briefing.evidence.matching import MONTHS, WEEKDAYS, quoted_phrases
from briefing.evidence.names import Names, names_in
from briefing.evidence.negation import denials, denied_attribution, double_negation
from briefing.evidence.pins import PinnedText
from briefing.evidence.stated import denied_denial
from briefing.evidence.states import equivalents, name_forms
from briefing.evidence.variants import variants
from briefing.model.briefing import Briefing
from briefing.model.records import Fact
from briefing.problems import Problem, Severity, Span
from briefing.rules.evidence import is_from_unpinned, misplaced
from briefing.text.normalize import Word, words

# The cited parts: the pinned text of the source and the number of the part.
Cited = list[tuple[PinnedText, int]]

CAPITALISED = re.compile(r"[A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*)*")
# Words with a capital that name no one in particular.
_TITLES = frozenset(
    """president prime minister foreign defence defense deputy secretary general chief article paragraph treaty
    agreement pact accord war world state ministry parliament house government king queen emperor sultan sir lord mr mrs
    ms dr professor mp mps west western east eastern north northern south southern middle european asian arab muslim
    islamic i christmas easter eve""".split()
)
_CLAUSE = re.compile(r";\s+|,\s+(?:which|who|and|but|although|while|after|before|as|to|with|for|because|so)\b")
# What a fact says of its source rather than of the world, and idioms without the meaning of their words.
_ASIDES = re.compile(
    r"(?i)\b(?:whom|which|that|though|but|and|as)?,? ?the (?:article|account|source|report|text|paper|study) "
    r"(?:does|did|do) not \w+|"
    r", (?:in|according to) [^,;]*$|"
    r", (?:the )?[\w' ]{1,40} (?:argues?d?|says|said|holds|held|reports?|writes?|wrote|believes?|tells|told|thinks|"
    r"adds?|added)\.?$|\band [\w' -]+ all\b|\bnot (?:[\w ,'-]* )?(?:until|alone)\b|\bnot even\b|"
    r"\bno [\w ]*(?:but|other|except)\b|\bbefore long\b|\b(?:days|weeks|months|years) (?:[\w]+ ){1,3}before\b|"
    r"\b(?:above|after|at) all\b|\ball the\b|\bif only\b|\b(?:let|leave|left) alone\b|\bnot only\b",
)
# Words about the future, and words by which someone reports a claim or blames another.
_FUTURE = re.compile(
    r"\b(?:will|shall|going to|to come|(?:is|are|was|were) to|condition\w*|future|forecast\w*|predict\w*|foresee\w*|"
    r"foresaw|plan\w*|hope\w*|prospect\w*|risk\w*|can|could|would|may|might|likely|probabl\w+|until|by 20\d\d|soon|"
    r"next|further|expect\w*|depend\w*|potential\w*|remain\w*|should|if|once|intend\w*|aim\w*|fear\w*|want\w*)\b",
    re.IGNORECASE,
)
_REPORTS = re.compile(
    r"\b(?:accus\w+|alleg\w+|claim\w*|blam\w+|charg\w+|denounc\w+|condemn\w+|sa(?:y|ys|id)|according|complain\w*|"
    r"assert\w*|warn\w*|suspect\w*|report\w*|t[eo]ld)\b",
    re.IGNORECASE,
)
# Words by which a sentence gives what someone thinks or says.
_OPINION = re.compile(
    r"\b(?:argues?|argued|thinks|believes?|judges|in (?:the )?[\w' ]*\b(?:reading|view|opinion|eyes))\b", re.IGNORECASE
)
_SAYS = re.compile(r"\b(?:says?|said|adds?|added|states?|stated|warns?|warned|according to|explains?|explained)\b")
_CACHED_TEXTS = 1 << 12
_DENYING = VERBS_DENIED | {"no"}
# A clause of fewer words than this says too little to be compared.
_LEAST_WORDS = 2


def check_meaning(briefing: Briefing) -> Iterator[Problem]:
    """Report facts whose logic, names or last clause no cited paragraph supports.

    ``unsupported-negation``: The fact has "not", "never" or the like, and the cited paragraphs have no word that can
    express the same, or deny something else.

    One such word turns a statement into its opposite.

        facts/topics/harbour.yml
        -       says: The quay did not grow by 40 metres in 1912.
        +       says: The quay grew by 40 metres in 1912.

    ``unconfirmed-negation`` (note): The fact has "no", "without" or the like, and the cited paragraphs have no word
    that can express the same.

    A paraphrase may deny what the source says in a positive way, so compare the two.

        facts/topics/harbour.yml
        -       says: The quay grew by 40 metres in 1912 without help.
        +       says: The quay grew by 40 metres in 1912.

    ``unsupported-logic`` (warning): The fact has a word such as "all", "only" or "certain", and the cited paragraphs
    have no word that can express the same; or it has "not", and they deny something in other words.

    The fact may say more than its source, or something else.

        facts/topics/harbour.yml
        -       says: Only the quay grew by 40 metres in 1912.
        +       says: The quay grew by 40 metres in 1912.

    ``unknown-name``: The fact has a name that belongs to no record, and no paragraph of the cited source contains it.

    The source does not speak of this person, organisation or place.

        facts/topics/harbour.yml
        -       says: The quay grew by 40 metres in 1912, as in Lisbon.
        +       says: The quay grew by 40 metres in 1912.

    ``unsupported-clause`` (warning): No word of the fact's last clause is in the cited sources. It is a note if the
    sources have one of the words elsewhere, or if the cited paragraphs have a name from the clause.

    The clause may add something that the source does not say.

        facts/topics/harbour.yml
        -       says: The quay grew by 40 metres in 1912, and the fishermen moved their boats.
        +       says: The quay grew by 40 metres in 1912.
    """
    names = names_in(briefing)
    for fact, cited in compared_facts(briefing):
        yield from compare_logic(briefing, fact, cited, names)
        yield from _unknown_names(briefing, fact, cited, names)
        yield from _last_clause(briefing, fact, cited, names)


def compare_logic(briefing: Briefing, fact: Fact, cited: Cited, names: Names) -> Iterator[Problem]:
    """Report words of the fact that carry its logic and have no support in the cited text."""
    yield from _logic(briefing, fact, cited)
    yield from _denials(briefing, fact, cited, names)


@cache_last
def compared_facts(briefing: Briefing) -> tuple[tuple[Fact, Cited], ...]:
    """Return each current fact that cites pinned text or a quotation, with the parts that it cites.

    A fact that cites the wrong paragraph is left out, because that is one mistake.
    """
    known = cited_texts(briefing)
    wrong = misplaced(briefing)
    found = []
    for fact in briefing.current_facts:
        cited = [(known.texts[source], number) for source, number in known.parts(fact)]
        # These rules look for English words, and the support for a fact may be in any of its paragraphs.
        is_english = not any(is_foreign(text.language) for text, _ in cited)
        if cited and is_english and fact.id not in briefing.failed and fact.id not in wrong:
            found.append((fact, cited))
    return tuple(found)


def check_double_negations(briefing: Briefing) -> Iterator[Problem]:
    """Report sentences that deny something twice.

    ``double-negation`` (warning): A clause has two negations, such as "not" and "never".

    One of them may have been left over or put in by mistake, so that the sentence says the opposite of what is meant.

        facts/topics/harbour.yml
        -       says: The survey of the harbour basin did not never run from 1903 to 1905.
        +       says: The survey of the harbour basin ran from 1903 to 1905.
    """
    for fact in briefing.current_facts:
        if fact.id not in briefing.failed:
            yield from _double_negation(briefing, fact.at("says"), fact.says)
    for record, path, texts, _ in briefing.iter_support():
        for text in texts:
            yield from _double_negation(briefing, record.at(*path[:-1]), text)


def _double_negation(briefing: Briefing, span: Span, text: str) -> Iterator[Problem]:
    word = double_negation(claim_of(text))
    if word:
        message = f"'{word}' is the second negation in its clause"
        hint = "delete one of them, or write two sentences"
        yield Problem(briefing.find(span, word), "double-negation", message, hint, Severity.WARNING)


@lru_cache(_CACHED_TEXTS)
def claim_of(text: str) -> str:
    """Return a text with spaces in place of its quotations, which other rules check, and of remarks on its source."""
    return _ASIDES.sub(lambda found: " " * len(found[0]), without_quotations(text))


def without_quotations(text: str) -> str:
    """Return a text with spaces in place of its quotations."""
    for phrase in quoted_phrases(text):
        text = text.replace(phrase, " " * len(phrase))
    return text


def _has_support(cited: Cited, logic: LogicClass) -> bool:
    if logic == NEGATION and any(text.denies_something(number) for text, number in cited):
        return True
    return any(text.has(number, (form,)) for form in logic.support for text, number in cited)


def _denials(briefing: Briefing, fact: Fact, cited: Cited, names: Names) -> Iterator[Problem]:
    """Compare what the fact denies with what the cited paragraphs deny."""
    unsaid = denied_attribution(fact.says)
    if unsaid:
        message = f"'{unsaid}' denies that anyone says what the fact says"
        place = briefing.find(fact.at("says"), unsaid)
        yield Problem(place, "unsupported-negation", message, "delete it, or say what was not said")
    claim = claim_of(fact.says)
    if not any(_DENYING.intersection(word.forms) for word in words(claim)):
        return
    for denial in denials(without_names(claim, names), _DENYING):
        denied = {
            form: [text.denies(number, one) for one in _same(form, cited) for text, number in cited]
            for form in denial.forms
        }
        # _logic reports a paragraph that denies nothing.
        if not denied or any(None in answers for answers in denied.values()) or not _has_support(cited, NEGATION):
            continue
        undenied = {form for form, answers in denied.items() if not any(answers)}
        stated = have_stem(cited, {one for form in undenied for one in synonyms(form)})
        place = briefing.find(fact.at("says"), denial.word.text)
        of_verb = bool(VERBS_DENIED.intersection(denial.word.forms))
        if stated and len(undenied) == len(denied):
            message = f"the cited text does not deny what follows '{denial.word.text}'"
            hint = "compare the fact with the source, or cite the paragraph that denies it"
            if of_verb:
                yield Problem(place, "unsupported-negation", message, hint)
            else:
                yield Problem(place, "unconfirmed-negation", message, hint, Severity.NOTE)
        elif not of_verb:
            # "No" often denies in one word what the source denies in a sentence.
            continue
        elif stated and len(undenied) > len(denied) // 2:
            message = f"the cited text denies only some of what follows '{denial.word.text}'"
            yield Problem(place, "unsupported-logic", message, "compare the fact with the source", Severity.WARNING)
        elif len(undenied) == len(denied) and not _is_denied(denial.clause - denial.forms, cited):
            message = f"the cited text denies something, but in other words than what follows '{denial.word.text}'"
            yield Problem(place, "unsupported-logic", message, "compare the fact with the source", Severity.WARNING)


def _is_denied(forms: Iterable[str], cited: Cited) -> bool:
    """Return whether the cited text denies one of these words."""
    return any(text.denies(number, one) for form in forms for one in _same(form, cited) for text, number in cited)


def _same(form: str, cited: Cited) -> frozenset[str]:
    """Return the stems that can stand for a word: those of its own forms if the cited text has one of them."""
    own = variants(form)
    return own if have_stem(cited, own) else synonyms(form)


def _logic(briefing: Briefing, fact: Fact, cited: Cited) -> Iterator[Problem]:
    for logic in LOGIC_CLASSES:
        for word in words(claim_of(fact.says)):
            if logic.words.intersection(word.forms):
                if not _has_support(cited, logic) and not (logic == NEGATION and _is_statement(fact, cited)):
                    place = briefing.find(fact.at("says"), word.text)
                    message = f"the cited text has no word that supports the {logic.name} '{word.text}'"
                    hint = "say it as the source does, or cite the paragraph that says so"
                    if logic != NEGATION:
                        yield Problem(place, "unsupported-logic", message, hint, Severity.WARNING)
                    elif VERBS_DENIED.intersection(word.forms):
                        yield Problem(place, "unsupported-negation", message, hint)
                    else:
                        yield Problem(place, "unconfirmed-negation", message, hint, Severity.NOTE)
                break


def _is_statement(fact: Fact, cited: Cited) -> bool:
    """Return whether a fact says with two denials what the source can say without one: "did not lose" for "kept"."""
    denial = denied_denial(claim_of(fact.says))
    return bool(denial) and not have_stem(cited, synonyms(denial.casefold()))


def _unknown_names(briefing: Briefing, fact: Fact, cited: Cited, names: Names) -> Iterator[Problem]:
    for word in unrecorded_names(fact, names):
        if not _is_supported_name(word.parts, cited) and not is_from_unpinned(fact, word.text):
            place = briefing.find(fact.at("says"), word.text)
            message = f"the source does not contain the name '{word.text}'"
            yield Problem(place, "unknown-name", message, "delete it, or cite the paragraph that contains it")


def unrecorded_names(fact: Fact, names: Names) -> Iterator[Word]:
    """Yield the words with a capital that may be names, without the names of records."""
    text = names.blank(claim_of(fact.says))
    for found in CAPITALISED.finditer(text):
        for word in words(found[0]):
            at = found.start() + word.start
            # The capital may only begin a sentence.
            begins = re.search(r"(?:^|[.!?:“\"]\s*)$", text[:at].rstrip(" "))
            if not begins and word.text not in (*WEEKDAYS, *MONTHS):
                yield word


def _is_supported_name(parts: tuple[str, ...], cited: Cited) -> bool:
    for text, number in cited:
        for part in parts:
            same = {*equivalents((part,)), (part,)}
            # A name from another paragraph of the source is not made up. Other rules check the names of records.
            found = any(text.has(number, forms) for forms in same) or text.has_stem_anywhere(part)
            if not found and part not in _TITLES and not part[:1].isdigit():
                break
        else:
            return True
    return False


def have_stem(cited: Cited, stems: Iterable[str]) -> bool:
    """Return whether one of the cited parts has a word with one of these stems."""
    return any(text.has_stemmed(number, one) for one in stems for text, number in cited)


def without_names(text: str, names: Names) -> str:
    """Return the text with spaces in place of names, which a source has in sentences of all kinds."""
    # The capital at the start may only begin the sentence.
    return CAPITALISED.sub(lambda found: " " * len(found[0]) if found.start() else found[0], names.blank(text))


class Clause(NamedTuple):
    """The last clause of a fact: its text, its words with content, and the spellings of the names in it."""

    text: str
    content: frozenset[str]
    spellings: frozenset[tuple[str, ...]]


def last_clause(fact: Fact, names: Names) -> Clause | None:
    """Return the fact's last clause, or None if it says too little to be compared."""
    text = claim_of(fact.says)
    starts = [found.start() for found in _CLAUSE.finditer(text)]
    if not starts:
        return None
    clause = text[starts[-1] :]
    found = list(names.within(clause))
    named = {part for name in found for part in name_forms(name.text)}
    content = frozenset(
        part
        for word in words(clause)
        for part in word.parts
        if part not in STOP_WORDS and part not in named and len(part) > 2 and not part[:1].isdigit()
    )
    if len(content) < _LEAST_WORDS:
        return None
    spellings = frozenset(one for name in found for entity_id in name.entities for one in names.of[entity_id])
    return Clause(clause.strip(" ,;."), content, spellings)


def _last_clause(briefing: Briefing, fact: Fact, cited: Cited, names: Names) -> Iterator[Problem]:
    clause = last_clause(fact, names)
    if clause is None or any(text.has_stem(number, part) for part in clause.content for text, number in cited):
        return
    message = f"no word of '{clause.text}' is in the cited text"
    place = briefing.find(fact.at("says"), clause.text)
    # A clause in other words is more likely if it concerns the names in the text, or if it comes from near by.
    is_near = any(text.has(number, one) for one in clause.spellings for text, number in cited) or any(
        text.has_stem_anywhere(part) for part in clause.content for text, _ in cited
    )
    severity = Severity.NOTE if is_near else Severity.WARNING
    yield Problem(place, "unsupported-clause", message, "check that the source says so", severity)


def check_kinds(briefing: Briefing) -> Iterator[Problem]:
    """Report facts whose kind does not fit their sentence.

    ``kind-mismatch`` (warning): The sentence of a report gives an opinion, that of a forecast says nothing about the
    future, or an accusation has no ``by``. It is a note if the sentence of a report hedges ("may", "likely").

    Readers rely on the kind to tell what happened from what someone expects.

        facts/topics/trade.yml
        -       says: The Port Authority has more trade.
        +       says: The Port Authority hopes for more trade.
                kind: forecast
    """
    for fact in briefing.current_facts:
        hedged = hedges_in(fact)
        if fact.kind == "report" and hedged and not fact.by and not _REPORTS.search(fact.says):
            message = f"the fact is a report, but '{hedged[0]}' hedges it"
            place = briefing.find(fact.at("says"), hedged[0])
            hint = "choose another kind, such as forecast or analysis, or say what happened"
            yield Problem(place, "kind-mismatch", message, hint, Severity.NOTE)
        elif found := _kind_mismatch(fact):
            message, word, hint = found
            place = briefing.find(fact.at("says"), word) if word else fact.at("kind")
            yield Problem(place, "kind-mismatch", message, hint, Severity.WARNING)


def hedges_in(fact: Fact) -> list[str]:
    """Return the words of the fact that hedge it."""
    return [word.text for word in words(claim_of(fact.says)) if HEDGES.intersection(word.forms) and word.text != "May"]


def _kind_mismatch(fact: Fact) -> tuple[str, str, str] | None:
    """Return what does not fit, the word that shows it (empty if a word is missing), and what to do."""
    opinion = _OPINION.search(fact.says)
    if fact.kind == "report" and opinion:
        return f"the fact is a report, but '{opinion[0]}' says what someone thinks", opinion[0], "choose 'analysis'"
    if fact.kind == "report" and fact.by and not fact.when and (said := _SAYS.search(fact.says)):
        message = f"the fact is a report, but '{said[0]}' says what someone claims"
        return message, said[0], "choose another kind, such as position or analysis, or delete 'by'"
    if fact.kind == "forecast" and not hedges_in(fact) and not _FUTURE.search(fact.says):
        return "the fact is a forecast, but its sentence says nothing about the future", "", "choose another kind"
    if fact.kind == "accusation" and not fact.by:
        return "the fact is an accusation, but does not say by whom", "", "add 'by', or choose another kind"
    return None
