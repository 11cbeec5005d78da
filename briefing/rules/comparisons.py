"""Which comparisons the rules make for each fact and each source, and with what: for the page of checks.

What there is to compare is found by the functions that the rules use themselves.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from briefing.evidence.cited_texts import CitedTexts, Part, cited_texts
from briefing.evidence.claims import polar_words
from briefing.evidence.languages import COMPARISONS, comparisons
from briefing.evidence.logic_words import LOGIC_CLASSES, NEGATION
from briefing.evidence.lookup import COMPARISON_OF
from briefing.evidence.matching import hard_tokens
from briefing.evidence.names import Names, names_in
from briefing.model.briefing import Briefing
from briefing.model.records import Fact, Source
from briefing.problems import Problem
from briefing.rules.evidence import is_declared, is_from_unpinned
from briefing.rules.meaning import claim_of, last_clause, unrecorded_names
from briefing.text.normalize import words

# What a comparison was made with, or why it was not made.
Result = Literal[
    "pinned",
    "quoted",
    "pinned and quoted",
    "nothing to compare",
    "no text",
    "other language",
    "declared",
]
COMPARED = frozenset(("pinned", "quoted", "pinned and quoted"))
UNCHECKED = frozenset(("no text", "other language", "declared"))
# The codes of the problems that each comparison can find.
CODES: Mapping[str, tuple[str, ...]] = {
    "numbers": ("not-in-source", "unconfirmed-count", "numbers-exchanged"),
    "dates": ("not-in-source",),
    "names": ("not-in-source", "unknown-name", "names-exchanged"),
    "speakers": ("not-in-source", "speaker-not-named", "said-by-another"),
    "quoted words": ("not-in-source", "misquoted", "unconfirmed-quotation"),
    "negation": ("unsupported-negation", "unconfirmed-negation", "unsupported-logic", "denied-in-source"),
    "logic words": ("unsupported-logic",),
    "opposites": ("opposite-word",),
    "clauses": ("unsupported-clause",),
    "hedges": ("hedged-in-source", "kind-mismatch"),
}
# Words that editors choose confirm a paragraph as quoted words do.
_OF_TOKENS = {**COMPARISON_OF, "word": "quoted words"}


@dataclass(frozen=True)
class FactChecks:
    """The result of each comparison for a fact, and the warnings and notes that concern it."""

    fact: Fact
    results: Mapping[str, Result]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class SourceChecks:
    """How often each result occurs for the current facts that cite a source, with the words of this source alone."""

    source: Source
    facts: int
    results: Mapping[Result, int]

    @property
    def compared(self) -> int:
        """The number of comparisons made."""
        return sum(count for result, count in self.results.items() if result in COMPARED)

    @property
    def unchecked(self) -> int:
        """The number of comparisons for which a fact has something to compare, but which were not made."""
        return sum(count for result, count in self.results.items() if result in UNCHECKED)


@dataclass(frozen=True)
class Report:
    """The comparisons of all current facts, and of all sources that they cite, in the order of the files."""

    facts: tuple[FactChecks, ...] = ()
    sources: tuple[SourceChecks, ...] = ()


def report(briefing: Briefing, problems: Iterable[Problem]) -> Report:
    """Return the comparisons of a briefing without errors. ``problems`` are those that the rules found."""
    known, names = cited_texts(briefing), names_in(briefing)
    found: dict[str, list[Problem]] = {}
    # Problems are sorted by their positions, which are no concern of readers.
    for problem in sorted(problems, key=lambda one: (one.code, one.message)):
        found.setdefault(problem.subject, []).append(problem)
    facts = []
    of_sources: dict[str, list[Result]] = {}
    citing = Counter[str]()
    for fact in briefing.current_facts:
        parts = known.parts(fact)
        results = _results(fact, parts, known, names)
        facts.append(FactChecks(fact, results, tuple(found.get(fact.id, ()))))
        for source in dict.fromkeys(cited.source for cited in fact.cite):
            citing[source] += 1
            own = [part for part in parts if part[0] == source]
            # Most facts cite one source.
            of_source = results if own == parts else _results(fact, own, known, names)
            of_sources.setdefault(source, []).extend(of_source.values())
    sources = (
        SourceChecks(source, citing[source.id], Counter(of_sources[source.id]))
        for source in briefing.sources
        if source.id in of_sources
    )
    return Report(tuple(facts), tuple(sources))


def _results(fact: Fact, parts: list[Part], known: CitedTexts, names: Names) -> dict[str, Result]:
    """Return the result of each comparison of a fact with some of the parts that it cites."""
    languages = {known.texts[source].language for source, _ in parts}
    possible = frozenset(COMPARISONS).intersection(*map(comparisons, languages))
    there, declared = _to_compare(fact, names, only_quoted=all(map(known.is_quoted, parts)))
    against = _against(parts, known)
    results: dict[str, Result] = {}
    for name in COMPARISONS:
        if name not in there:
            results[name] = "nothing to compare"
        elif against == "no text":
            results[name] = "no text"
        elif name not in possible:
            results[name] = "other language"
        else:
            results[name] = "declared" if name in declared else against
    return results


def _against(parts: list[Part], known: CitedTexts) -> Literal["pinned", "quoted", "pinned and quoted", "no text"]:
    if not parts:
        return "no text"
    if all(map(known.is_quoted, parts)):
        return "quoted"
    return "pinned and quoted" if any(map(known.is_quoted, parts)) else "pinned"


def _to_compare(fact: Fact, names: Names, *, only_quoted: bool) -> tuple[set[str], set[str]]:
    """Return the comparisons for which the fact has something, and those of which it declares everything as not in the
    text.
    """
    tokens = [
        token
        for token in hard_tokens(fact, names)
        if not (token.quantity and token.quantity.is_unchecked) and not (only_quoted and token.what == "subject")
    ]
    pairs = [(_OF_TOKENS[token.what], is_declared(fact, token)) for token in tokens]
    pairs += [("names", is_from_unpinned(fact, word.text)) for word in unrecorded_names(fact, names)]
    open_ones = {name for name, is_excused in pairs if not is_excused}
    declared = {name for name, _ in pairs} - open_ones
    return open_ones | declared | _of_sentence(fact, names), declared


def _of_sentence(fact: Fact, names: Names) -> set[str]:
    claim = claim_of(fact.says)
    forms = {form for word in words(claim) for form in word.forms}
    # A sentence without a negation or a hedge must not state what the source denies or hedges.
    found = {"negation", "hedges"}
    if any(logic.words.intersection(forms) for logic in LOGIC_CLASSES if logic != NEGATION):
        found.add("logic words")
    if polar_words(claim):
        found.add("opposites")
    if last_clause(fact, names):
        found.add("clauses")
    return found
