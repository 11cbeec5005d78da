"""Check with the pins whether paragraphs support the facts that cite them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pydantic import ValidationError

from briefing.evidence.cited_texts import CitedTexts, Part, cited_texts
from briefing.evidence.last_result import cache_last
from briefing.evidence.lookup import having, holds, is_comparable, is_subject
from briefing.evidence.matching import MARGIN, MONTH, MONTHS, WEEKDAYS, Token, hard_tokens, is_of_date
from briefing.evidence.names import Names, names_in
from briefing.evidence.negation import denials, denied_stems
from briefing.evidence.pins import PinnedText
from briefing.evidence.quantities import Spelling
from briefing.model.briefing import Briefing
from briefing.model.fields import UNIT_SIGNS
from briefing.model.records import Actor, BottomLine, Fact, Judgment, Pin, Source
from briefing.problems import Problem, Severity, Span
from briefing.text.edtf import Edtf, printed_parts
from briefing.text.language import ENGLISH, primary_tag
from briefing.text.markdown_source import without_allowed
from briefing.text.nodes import Text, mappings, plain
from briefing.text.normalize import forms, is_number, words
from briefing.text.yaml_reader import load_yaml

# A paragraph after the first that no hard token needs must fit at least this well compared with the first. The first
# should be the best one, so this is less than 1.
IDLE = 0.6
# A pronoun may mean a person named this many paragraphs before.
_PRONOUNS = ("he", "she", "his", "her", "him")
_BACK = (1, 2)
_DATED = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b|\b\d{{4}}\b")
# A "not" before one of these is about what we know, and not about the facts.
_OUR_KNOWLEDGE = frozenset(("known", "know", "found", "clear", "reported", "confirmed"))


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a fact fits the part that it cites first, and the best of the parts that it does not cite.

    ``held`` are the hard tokens that this other part contains and no cited part does.
    """

    fact: Fact
    source: Source
    cited: int
    fit: float
    other: int
    other_fit: float
    held: tuple[Token, ...] = ()

    @property
    def clear(self) -> bool:
        """Return whether the other part fits clearly better."""
        return self.other_fit > MARGIN * self.fit


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paragraph that a fact could cite, how well it fits, and the numbers and names that both have."""

    number: int
    fit: float
    shared: tuple[str, ...]


def check_evidence(briefing: Briefing) -> Iterator[Problem]:
    """Report hard tokens (numbers, dates, names, quoted words) that no cited paragraph contains.

    ``not-in-source``: The fact contains a number, date, name or quoted word that is in none of the paragraphs it cites.

    Either the fact is wrong, or it cites the wrong paragraph. A reader who checks the source would not find the
    statement.

        facts/topics/harbour.yml
        -       says: The quay grew by 50 metres in 1912.
        +       says: The quay grew by 40 metres in 1912.

    ``unconfirmed-count`` (warning): The fact counts something in words, and the cited paragraphs do not contain the
    number.

    The paragraph may name each of the things, so that a reader can count them. Otherwise the number is wrong.

        facts/topics/harbour.yml
        -       says: The quay grew by 40 metres in 1912, in four steps.
        +       says: The quay grew by 40 metres in 1912.

    ``redundant-citation`` (note): The citation adds nothing: the other cited paragraphs already contain every
    detail of the fact that can be checked.

    Readers would look up a paragraph that says little about the fact. Often a different paragraph was intended.

        facts/topics/harbour.yml
                when: 1912
        -       cite: [report:2, report:3]
        +       cite: report:2

    ``nothing-to-check`` (note): The fact has no number, date, name or quoted word that could be looked up in the
    paragraphs it cites.

    The check could not tell whether the fact cites the wrong paragraph. List some words from the paragraph in
    ``words``.

        facts/topics/trade.yml
        -       says: More trade is hoped for.
        +       says: The Port Authority hopes for more trade.
                kind: forecast
        -       cite: report:3
        +       about: [port-authority]
        +       cite: report:3

    ``common-word``: An entry of ``words`` is a word that many paragraphs of the source contain.

    It does not show that the fact cites the right paragraph.

        facts/topics/harbour.yml
        -       words: [the quay]
        +       words: [longer]
    """
    known = cited_texts(briefing)
    names = names_in(briefing)
    for fact in briefing.current_facts:
        cited = known.parts(fact)
        if not cited or fact.id in briefing.failed:
            continue
        only_quoted = all(map(known.is_quoted, cited))
        tokens = hard_tokens(fact, names)
        # The fact may use the name of an actor that could not be read. Readers can compare a quotation themselves.
        if not tokens and not only_quoted and not briefing.unread and not briefing.failed.intersection(fact.about):
            message = "the fact has no number, date, name or quotation to look up in the cited paragraphs"
            hint = "list words from the paragraph: 'words: [...]'"
            yield Problem(fact.at("says"), "nothing-to-check", message, hint, Severity.NOTE)
        holding = {token: [part for part in cited if _holds(known, part, token)] for token in tokens}
        yield from _missing_tokens(briefing, fact, holding, known)
        yield from _idle_citations(briefing, fact, holding, known)
        yield from _common_words(fact, cited, known)
        yield from _unused_entries(fact, tokens)


def _missing_tokens(
    briefing: Briefing, fact: Fact, holding: dict[Token, list[Part]], known: CitedTexts
) -> Iterator[Problem]:
    cited = known.parts(fact)
    only_quoted = all(map(known.is_quoted, cited))
    missing = [
        token
        for token, parts in holding.items()
        if not (parts or (token.quantity and token.quantity.is_unchecked))
        and all(is_comparable(known.texts[source], token) for source, _ in cited)
        and not token.entities & briefing.failed
        and not is_declared(fact, token)
        and not _is_year_of_source(briefing, fact, token, holding)
        and not _is_implied(briefing, known, cited, token)
        and not (token.quantity and _has_any(known, cited, token.quantity.wider()))
        # A quotation of a few words need not name everything that the fact is about.
        and not (only_quoted and (token.what == "subject" or _is_date_of_source(briefing, fact, token)))
    ]
    if not missing:
        return
    meant = _meant_part(_fit(briefing, fact, known))
    for token in missing:
        # If the better paragraph contains the token, check_fit already reports the wrong citation.
        if not meant or not _holds(known, meant, token):
            yield _not_in_source(briefing, fact, token, known)


def _idle_citations(
    briefing: Briefing, fact: Fact, holding: dict[Token, list[Part]], known: CitedTexts
) -> Iterator[Problem]:
    cited = [part for part in known.parts(fact) if not known.is_quoted(part)]
    if any(_is_foreign(briefing, known.texts[source]) for source, _ in cited):
        return
    fits_of = {source: known.texts[source].fits(fact.says) for source, _ in cited}
    fit = {(source, number): fits_of[source].get(number, 0.0) for source, number in cited}
    for index, citation in enumerate(fact.cite[1:], 1):
        part = (citation.source, citation.number)
        needed = any(parts == [part] for parts in holding.values())
        if part in fit and not needed and fit[part] < IDLE * fit[cited[0]]:
            message = f"'{citation}' is redundant: the other cited paragraphs already support the fact"
            hint = "delete it, or cite another paragraph"
            yield Problem(fact.at("cite", index), "redundant-citation", message, hint, Severity.NOTE)


def is_declared(fact: Fact, token: Token) -> bool:
    """Return whether the fact says that it has this from elsewhere, or that it is a date which it works out."""
    return is_from_unpinned(fact, token.text) or bool(fact.derived and fact.when and is_of_date(token, fact.when))


def is_from_unpinned(fact: Fact, text: str) -> bool:
    """Return whether an entry of ``from_unpinned`` has all words of a text."""
    return any(forms(text) <= forms(entry) for entry in fact.from_unpinned)


def _unused_entries(fact: Fact, tokens: list[Token]) -> Iterator[Problem]:
    known = {form for token in tokens for form in forms(token.text)}
    # Names that belong to no record are no tokens.
    known |= {form for word in words(fact.says) if word.text[0].isupper() for form in word.forms}
    for index, text in enumerate(fact.from_unpinned):
        if not forms(text) <= known:
            message = f"the fact has no number, date, name or quoted word '{text}'"
            yield Problem(fact.at("from_unpinned", index), "unused-allowance", message, "delete the entry")


def _common_words(fact: Fact, cited: list[Part], known: CitedTexts) -> Iterator[Problem]:
    for index, text in enumerate(fact.words):
        if any(known.texts[part[0]].is_common(text) for part in cited if not known.is_quoted(part)):
            message = f"many paragraphs contain '{text}', so it does not confirm the citation"
            yield Problem(fact.at("words", index), "common-word", message, "choose a word that few paragraphs contain")


def _is_year_of_source(briefing: Briefing, fact: Fact, token: Token, holding: dict[Token, list[Part]]) -> bool:
    """Return whether a date lacks only its year, and that is the year in which a cited source was published.

    News gives the month and the day of an event.
    """
    sources = (briefing.source_by_id[citation.source] for citation in fact.cite)
    years = {source.date.text[:4] for source in sources if source.date}
    with_month = any(parts for other, parts in holding.items() if other.what in ("month", "date") and other != token)
    return token.what in ("number", "date") and token.text in years and with_month


def _is_date_of_source(briefing: Briefing, fact: Fact, token: Token) -> bool:
    """Return whether a token is part of the fact's date, and that is the day on which a cited source was published.

    A news report often says "today" instead of the date. A quotation with a date of its own does not.
    """
    if any(_DATED.search(f"{citation.quote} {citation.translation}") for citation in fact.cite):
        return False
    sources = (briefing.source_by_id[citation.source] for citation in fact.cite)
    if not fact.when or not fact.when.is_plain_day or fact.when not in [source.date for source in sources]:
        return False
    printed = {spelling.casefold() for spellings in printed_parts(fact.when) for spelling in spellings}
    return token.what in ("number", "date", "month") and token.text.casefold() in printed


def _is_implied(briefing: Briefing, known: CitedTexts, parts: Iterable[Part], token: Token) -> bool:
    """Return whether a paragraph may mean a name that it does not contain.

    It may mean a subject of the whole source ("both countries", "the canal"). It may also mean a person, if it has a
    pronoun and one of the two paragraphs before it has the name. A quotation may mean a name in its source's title.
    """
    if token.what not in ("name", "subject", "speaker"):
        return False
    if token.what != "speaker" and any(is_subject(known.texts[source], token) for source, _ in parts):
        return True
    if any(_holds(known, (source, known.titles[source]), token) for source, _ in parts if source in known.titles):
        return True
    if not any(one in _persons(briefing.actors) for one in token.entities):
        return False
    return any(
        any(known.texts[source].has(number, (pronoun,)) for pronoun in _PRONOUNS)
        and any(_holds(known, (source, number - back), token) for back in _BACK)
        for source, number in parts
        if source not in known.titles
    )


@cache_last
def _persons(actors: tuple[Actor, ...]) -> frozenset[str]:
    return frozenset(actor.id for actor in actors if actor.kind == "person")


def check_fit(briefing: Briefing) -> Iterator[Problem]:
    """Report facts that another paragraph supports better than the cited one.

    ``better-paragraph``: Another paragraph of the source fits the fact clearly better than the one it cites first, and
    it contains a number, date, name or quoted word that no cited paragraph contains.

    Readers who check the source would probably not find the statement where the citation points.

    Fix: check it first; paragraphs are compared by the words they share with the fact, not by their meaning.

        facts/topics/harbour.yml
                says: The quay grew by 40 metres in 1912.
                about: [quay]
                when: 1912
        -       cite: report:1
        +       cite: report:2

    ``closer-paragraph`` (note): Another paragraph of the source shares more words with the fact than the one it cites
    first.

    It may be the right one. A paraphrase in other words is no mistake.
    """
    for fit in fits(briefing):
        if not fit.clear or fit.fact.words:
            continue
        unit = UNIT_SIGNS[fit.source.unit or "paragraph"]
        right = f"{fit.source.id}:{fit.other}"
        place = fit.fact.at("cite", 0, "part")
        # In a citation with a quotation, the part has a field of its own.
        fix = right if place == fit.fact.at("cite", 0) else str(fit.other)
        if _meant_part(fit):
            missing = ", ".join(dict.fromkeys(f"'{token.text}'" for token in fit.held))
            message = f"{unit}{fit.other} fits this fact better than the cited {unit}{fit.cited}"
            message += f", which does not contain {missing}"
            yield Problem(place, "better-paragraph", message, f"did you mean '{right}'?", fix=fix)
        else:
            message = f"{unit}{fit.other} shares more words with this fact than the cited {unit}{fit.cited}"
            message += f" ({fit.other_fit:.1f} against {fit.fit:.1f})"
            hint = (
                f"compare the fact with {unit}{fit.other}; if {unit}{fit.cited} is right, list words from it in 'words'"
            )
            yield Problem(place, "closer-paragraph", message, hint, Severity.NOTE)


def fits(briefing: Briefing) -> Iterator[Fit]:
    """Yield the fit of each fact that cites a pinned source."""
    known = cited_texts(briefing)
    for fact in briefing.current_facts:
        fit = _fit(briefing, fact, known)
        if fit:
            yield fit


def _fit(briefing: Briefing, fact: Fact, known: CitedTexts) -> Fit | None:
    first = fact.cite[0]
    part = known.part(first)
    if part is None or known.is_quoted(part) or fact.id in briefing.failed:
        return None
    if _is_foreign(briefing, known.texts[first.source]):
        return None
    cited = {citation.number for citation in fact.cite if citation.source == first.source}
    found = known.texts[first.source].fits(fact.says)
    others = {number: fit for number, fit in found.items() if number not in cited}
    # If two fit equally well, take the first in the text, so that the answer does not depend on the order of a dict.
    other = max(others, key=lambda number: (others[number], -number), default=0)
    fit = Fit(
        fact,
        briefing.source_by_id[first.source],
        first.number,
        found.get(first.number, 0.0),
        other,
        others.get(other, 0.0),
    )
    if not fit.clear or fact.words:
        return fit
    parts = known.parts(fact)
    tokens = [token for token in hard_tokens(fact, names_in(briefing)) if token.is_certain]
    held = [token for token in tokens if _holds(known, (first.source, other), token)]
    missing = (one for one in held if not any(_holds(known, part, one) for part in parts))
    return replace(fit, held=tuple(one for one in missing if not _is_implied(briefing, known, parts, one)))


def candidates(briefing: Briefing, fact: Fact, source: str) -> list[Candidate]:
    """Return the paragraphs of a source that share words with a fact, the best first; none without a pin."""
    text = cited_texts(briefing).texts.get(source)
    if source not in briefing.pin_of or text is None or _is_foreign(briefing, text):
        return []
    tokens = [token for token in hard_tokens(fact, names_in(briefing)) if token.what not in ("subject", "speaker")]
    found = []
    for number, fit in text.fits(fact.says).items():
        shared = dict.fromkeys(token.text for token in tokens if holds(text, number, token))
        found.append(Candidate(number, fit, tuple(shared)))
    return sorted(found, key=lambda one: (-one.fit, one.number))


def suggest_paragraphs(briefing: Briefing, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems; a citation that lacks its paragraph gets the one that fits its fact clearly best."""
    for problem in problems:
        source = problem.expected
        if problem.code == "bad-citation" and not problem.fix and source in briefing.pin_of:
            fact = _cited_by(briefing, problem)
            best = clearly_best(candidates(briefing, fact, source)) if fact else None
            if best:
                fix = f"{source}:{best.number}"
                problem = replace(problem, hint=f"{problem.hint}; {fix} fits this fact best", fix=fix)
        yield problem


def _cited_by(briefing: Briefing, problem: Problem) -> Fact | None:
    """Return the fact with an invalid citation as if it cited the first paragraph, or None if it has other problems."""
    root, _ = load_yaml(problem.place.file, briefing.files[problem.place.file])
    for node in mappings(root) if root else ():
        written_id = node.entries.get("id")
        if isinstance(written_id, Text) and written_id.value == problem.subject and "cite" in node.entries:
            value = {name: plain(part) for name, part in node.entries.items()}
            try:
                return Fact.located(node, {**value, "cite": f"{problem.expected}:1"})
            except ValidationError:
                return None
    return None


def clearly_best(found: list[Candidate]) -> Candidate | None:
    """Return the first candidate if it fits clearly better than the others and has a number or name of the fact."""
    if found and found[0].shared and all(found[0].fit > MARGIN * other.fit for other in found[1:2]):
        return found[0]
    return None


def _is_foreign(briefing: Briefing, text: PinnedText) -> bool:
    """Return whether a source is in another language than the facts, so that they have few words in common."""
    return text.language not in ("", primary_tag(briefing.language.tag))


@cache_last
def misplaced(briefing: Briefing) -> dict[str, Part]:
    """Return the part that each fact with a wrong citation should cite, by the fact's id. check_fit reports them."""
    meant = ((fit.fact.id, _meant_part(fit)) for fit in fits(briefing))
    return {fact_id: part for fact_id, part in meant if part}


def _meant_part(fit: Fit | None) -> Part | None:
    """Return the part that the fact should cite, or None if the citation may be right. check_fit reports it."""
    # An editor has confirmed the citation with `words`.
    if fit is None or not fit.clear or fit.fact.words or not fit.held:
        return None
    return fit.source.id, fit.other


def check_named(briefing: Briefing) -> Iterator[Problem]:
    """Report named actors, places and terms that a fact does not list in ``about``.

    ``name-not-in-about`` (warning): The fact names an actor, place or term that its ``about`` does not list.

    Readers would not find the fact on the page or in the entry for that actor, place or term.

    Fix: check it first; the name may mean something else in this sentence.

        facts/topics/trade.yml
                says: The Port Authority hopes for more trade.
                kind: forecast
        -       about: [harbour-basin]
        +       about: [port-authority]
    """
    names = names_in(briefing)
    for fact in briefing.current_facts:
        if fact.id in briefing.failed:
            continue
        known = {*fact.about, fact.by}
        missed = {name.text: name.entities for name in names.within(fact.says) if not name.entities & known}
        sure: dict[str, str] = {}
        for text, entities in missed.items():
            # The missing id is known only if a single record has the name.
            if len(entities) == 1:
                (sure[text],) = entities
                continue
            ids = " or ".join(f"'{entity_id}'" for entity_id in sorted(entities))
            message = f"the fact names {text}, but 'about' does not list {ids}"
            span = briefing.find(fact.at("says"), text)
            yield Problem(span, "name-not-in-about", message, "add the right one to 'about'", Severity.WARNING)
        if sure:
            yield _not_in_about(briefing, fact, sure)


def _not_in_about(briefing: Briefing, fact: Fact, missed: dict[str, str]) -> Problem:
    """Return the problem at ``about``, with the complete list as its fix; without ``about``, at the first name."""
    ids = [*dict.fromkeys(missed.values())]
    quoted_ids = " and ".join(f"'{entity_id}'" for entity_id in ids)
    message = f"the fact names {' and '.join(missed)}, but 'about' does not list {quoted_ids}"
    listed = ", ".join([*fact.about, *ids])
    span = fact.at("about")
    # A missing field has the span of its record.
    if span == fact.at():
        span = briefing.find(fact.at("says"), next(iter(missed)))
        return Problem(span, "name-not-in-about", message, f"add a line: about: [{listed}]", Severity.WARNING)
    # There is no fix for a list with one id per line, because the fix would move all of them to one line.
    fix = f"[{listed}]" if span.line == span.end_line else ""
    hint = f"change 'about' to [{listed}]"
    return Problem(span, "name-not-in-about", message, hint, Severity.WARNING, fix)


def check_rests(briefing: Briefing) -> Iterator[Problem]:
    """Report statements that contain more than the facts they are based on.

    ``unsupported``: A judgment, a table, the bottom line or another statement contains a number, month, weekday, name
    or "not" that is in none of the facts it is based on.

    Readers who follow the statement to these facts would not find it there.

        facts/briefing.yml
        -   - says: The harbour opened in 1901.
        +   - says: The harbour opened in 1900.
    """
    names = names_in(briefing)
    judgments = briefing.head.judgments if briefing.head else ()
    dates = [judgment.horizon for judgment in judgments if isinstance(judgment.horizon, Edtf)]
    # The facts do not name the date by which a judgment can be scored.
    horizons = [text for date in dates for text in (ENGLISH.format_date(date), str(date.latest[0]))]
    for record, path, texts, ids in briefing.iter_support():
        facts = [briefing.fact_by_id[fact_id] for fact_id in ids if fact_id in briefing.fact_by_id]
        # Another rule reports the unknown fact, or the fault in the fact.
        if len(facts) < len(ids) or not briefing.failed.isdisjoint(ids):
            continue
        allowed = [entry.text for entry in briefing.head.allowed] if briefing.head and "rows" in path else []
        if isinstance(record, Judgment | BottomLine):
            allowed += horizons
        for text in texts:
            for token in _unsupported_tokens(without_allowed(text, allowed)[0], facts, names):
                place = briefing.find(record.at(*path[:-1]), token)
                message = f"none of the supporting facts mentions '{token}'"
                yield Problem(place, "unsupported", message, "add a fact that mentions it, or correct the statement")
            # An argument for or against a judgment may deny what no fact does.
            if path[0] in ("alternatives", "against"):
                continue
            for word in _unsupported_negations(text, facts):
                place = briefing.find(record.at(*path[:-1]), word)
                message = f"no supporting fact denies anything, but the statement has '{word}'"
                yield Problem(place, "unsupported", message, "add a fact that denies it, or correct the statement")


def check_titles(briefing: Briefing) -> Iterator[Problem]:
    """Report titles that contain more than the facts below them.

    ``unsupported-title`` (note): A title contains a number, month, weekday or name that none of the facts below it
    contains.

    Readers would look for something that the page does not say.

        facts/topics/harbour.yml
        - title: The harbour in 1999
        + title: The harbour
    """
    # A fact that could not be read may have what a title says.
    if briefing.unread or briefing.failed:
        return
    names = names_in(briefing)
    titles: list[tuple[Span, str, list[Fact]]] = []
    if briefing.head:
        titles.append((briefing.head.at("title"), briefing.head.title, list(briefing.current_facts)))
    for topic in briefing.topics:
        facts = [fact for section in topic.sections for fact in section.facts]
        titles.append((topic.at("title"), topic.title, facts))
        titles += [(section.at("title"), section.title, facts) for section in topic.sections]
        titles += [(topic.at("tables", number, "title"), one.title, facts) for number, one in enumerate(topic.tables)]
    for span, title, facts in titles:
        for token in _unsupported_tokens(title, facts, names):
            message = f"none of the facts below the title mentions '{token}'"
            hint = "add a fact that mentions it, or correct the title"
            yield Problem(briefing.find(span, token), "unsupported-title", message, hint, Severity.NOTE)


def _unsupported_tokens(text: str, facts: list[Fact], names: Names) -> Iterator[str]:
    supported = {form for fact in facts for form in forms(_joined_texts(fact))}
    about = {entity_id for fact in facts for entity_id in (*fact.about, fact.by)}
    for word in words(text):
        if any(is_number(part) and part not in supported for part in word.parts):
            yield word.text
    for found in MONTH.finditer(text):
        if (found.start() or found["day"]) and found["month"].casefold() not in supported:
            yield found["month"]
    for weekday in WEEKDAYS:
        if re.search(rf"\b{weekday}\b", text) and weekday.casefold() not in supported:
            yield weekday
    for name in names.within(text):
        # A fact may use another name of the actor, or mention it without being about it.
        if not name.entities & about and not forms(name.text) <= supported:
            yield name.text


def _unsupported_negations(text: str, facts: list[Fact]) -> Iterator[str]:
    if any(denied_stems(fact.says) for fact in facts):
        return
    for denial in denials(text):
        if not denial.forms & _OUR_KNOWLEDGE:
            yield denial.word.text


def _joined_texts(fact: Fact) -> str:
    texts = [fact.says]
    if fact.when:
        texts.append(ENGLISH.format_date(fact.when))
    # A judgment may give the number of an article, which the fact gives only in its citation.
    texts += [citation.part for citation in fact.cite]
    return " ".join(texts)


def check_pins(briefing: Briefing) -> Iterator[Problem]:
    """Report pins that do not match their source, and facts to review after a change of the source.

    ``bad-pin``: The pin does not match its source. The number of parts, the language or the file name of the pin
    differs, or its parts are not numbered in order.

    The check may compare facts with the wrong text. Pin the source again with ``briefing pin``.

        facts/sources.yml
        -   count: 5
        +   count: 4

    ``changed-paragraph``: A paragraph has changed since the fact that cites it was last reviewed.

    The new text may no longer support the fact.

        facts/pins/report.yml
        - look_at: [quay-longer]
        + look_at: []
    """
    for pin in briefing.pins:
        source = briefing.source_by_id.get(pin.source)
        if pin.source in briefing.failed:
            continue
        if source:
            yield from _pin_mismatches(source, pin)
            yield from _facts_to_review(briefing, source, pin)
        elif "facts/sources.yml" not in briefing.unread:
            message = f"there is no source '{pin.source}'"
            yield Problem(pin.at("source"), "unknown-source", message, "delete the pin", subject=pin.source)


def _pin_mismatches(source: Source, pin: Pin) -> Iterator[Problem]:
    again = f"pin it again: briefing pin {source.id} FILE"
    if source.count != len(pin.parts):
        message = f"source '{source.id}' has 'count: {source.count}', but its pin has {len(pin.parts)} parts"
        yield Problem(source.at("count"), "bad-pin", message, f"correct 'count', or {again}")
    if [part.number for part in pin.parts] != list(range(1, len(pin.parts) + 1)):
        message = "the parts of the pin are not numbered in order"
        yield Problem(pin.at("parts"), "bad-pin", message, again, subject=source.id)
    # The stems in a pin are those of its language.
    if (source.language or "") != pin.language:
        message = f"source '{source.id}' is in '{source.language}', but its pin was made for '{pin.language}'"
        yield Problem(source.at("language"), "bad-pin", message, again)
    if pin.at().file != f"facts/pins/{source.id}.yml":
        message = f"the pin of '{source.id}' is in a file with another name"
        yield Problem(pin.at("source"), "bad-pin", message, f"rename the file, or {again}", subject=source.id)


def _facts_to_review(briefing: Briefing, source: Source, pin: Pin) -> Iterator[Problem]:
    for index, fact_id in enumerate(pin.look_at):
        fact = briefing.fact_by_id.get(fact_id)
        span = pin.at("look_at", index)
        if fact:
            parts = ", ".join(str(citation) for citation in fact.cite if citation.source == source.id)
            message = f"the text that '{fact_id}' cites ({parts}) has changed since the fact was last reviewed"
            hint = f"compare the fact with the new text, then run: briefing pin {source.id} --seen {fact_id}"
            yield Problem(span, "changed-paragraph", message, hint, subject=fact_id)
        elif fact_id not in briefing.failed and not briefing.unread:
            hint = "write the new id of the fact, or delete the entry after a review"
            yield Problem(span, "unknown-fact", f"there is no fact '{fact_id}'", hint, subject=fact_id)


def check_coverage(briefing: Briefing) -> Iterator[Problem]:
    """Report parts of pinned sources that the briefing may have overlooked.

    ``uncited-paragraph``: No fact cites this part of a pinned source, and the source does not list it in ``not_used``.

    Readers cannot tell whether the briefing left the part out on purpose or overlooked it.

        facts/sources.yml
        -   reliability: B
        +   reliability: B
        +   not_used:
        +     - parts: 4
        +       because: It says nothing of the harbour.

    ``not-unused``: A fact cites a part that the source lists in ``not_used``.

    The site would state that the briefing leaves out a part that it uses.

        facts/sources.yml
        -     - parts: [2, 4]
        +     - parts: 4

    ``bad-parts``: ``not_used`` lists a part that the source does not have, lists a part twice, or belongs to a source
    without a pin.

    A wrong number may hide a part that the briefing has overlooked.

        facts/sources.yml
        -     - parts: [4, 5]
        +     - parts: 4
    """
    # Facts that could not be read may cite the parts that seem overlooked.
    if any(file.startswith("facts/topics/") for file in briefing.unread) or briefing.failed:
        return
    for source in briefing.sources:
        pin = briefing.pin_of.get(source.id)
        if pin is None:
            yield from _unpinned_declarations(source)
        # A pin that does not match its source cannot be checked further. check_pins reports it.
        elif source.count == len(pin.parts):
            yield from _bad_parts(source)
            yield from _overlooked_parts(briefing, source)


def _unpinned_declarations(source: Source) -> Iterator[Problem]:
    message = f"'{source.id}' is not pinned, so its unused parts are not checked"
    hint = f"pin it: briefing pin {source.id} FILE"
    for index in range(len(source.not_used)):
        yield Problem(source.at("not_used", index), "bad-parts", message, hint)


def _declared_parts(source: Source) -> Iterator[tuple[int, Span]]:
    """Yield each number in ``not_used`` and its span."""
    for index, entry in enumerate(source.not_used):
        for place, number in enumerate(entry.parts):
            yield number, source.at("not_used", index, "parts", place)


def _bad_parts(source: Source) -> Iterator[Problem]:
    assert source.count
    seen = set[int]()
    for number, span in _declared_parts(source):
        if number in seen:
            yield Problem(span, "bad-parts", f"{source.unit} {number} is listed twice", "delete one of them")
        elif not 1 <= number <= source.count:
            message = f"source '{source.id}' has no {source.unit} {number}"
            yield Problem(span, "bad-parts", message, f"use a number from 1 to {source.count}")
        seen.add(number)


def _overlooked_parts(briefing: Briefing, source: Source) -> Iterator[Problem]:
    assert source.count
    cited = briefing.facts_by_part(source.id)
    declared = dict(_declared_parts(source))
    wrong = [number for number in range(1, source.count + 1) if (number in cited) == (number in declared)]
    if not wrong:
        return
    # A fact that cites the wrong paragraph is one mistake, not three. check_fit reports it, so the paragraph that it
    # should cite counts as cited, and its wrong citation does not count.
    misplaced = [fit for fit in fits(briefing) if _meant_part(fit) and fit.source is source]
    misplaced_facts = {fit.fact for fit in misplaced}
    meant = {fit.other for fit in misplaced}
    for number in wrong:
        name = f"{source.unit} {number} of '{source.id}'"
        if number not in cited and number not in meant:
            message = f"no fact cites {name}"
            ended = [f"'{fact.id}'" for fact in briefing.facts if (source.id, number) in _parts(fact)]
            if ended:
                message = f"only retired or superseded facts cite {name}: {', '.join(ended)}"
            hint = "cite it, or list it in the source's 'not_used' with a reason"
            yield Problem(source.at("id"), "uncited-paragraph", message, hint)
        if number in cited and not misplaced_facts.issuperset(cited[number]):
            message = f"{name} is declared unused, but facts cite it"
            yield Problem(declared[number], "not-unused", message, "delete it from 'not_used'")


def _parts(fact: Fact) -> set[Part]:
    return {(citation.source, citation.number) for citation in fact.cite}


def _holds(known: CitedTexts, part: Part, token: Token) -> bool:
    source, number = part
    return holds(known.texts[source], number, token)


def _has_any(known: CitedTexts, cited: list[Part], spellings: Iterable[Spelling]) -> bool:
    return any(known.texts[source].has(number, forms) for forms in spellings for source, number in cited)


def _not_in_source(briefing: Briefing, fact: Fact, token: Token, known: CitedTexts) -> Problem:
    cited = known.parts(fact)
    looked_at = ", ".join(dict.fromkeys(_part_label(briefing, known, part) for part in cited))
    place = fact.at(*token.path)
    if token.path == ("says",):
        place = briefing.find(place, token.text)
    does_not = "does not" if len(cited) == 1 else "do not"
    message = f"{looked_at} {does_not} contain the {token.what} '{token.text}'"
    if not token.is_certain:
        hint = "correct the number, unless the text names each of the things that it counts"
        return Problem(place, "unconfirmed-count", message, hint, Severity.WARNING)
    if token.quantity and _has_any(known, cited, token.quantity.bare):
        message += ": it has the number with another unit"
    hint = _where_else(briefing, token, cited, known)
    when = fact.when
    if when and token.path == ("when",) and not (when.is_interval or when.text.startswith(token.text)):
        message += f" of 'when: {when.text}'"
        hint += f"; if the source gives only the year, write {when.text[:4]}"
    return Problem(place, "not-in-source", message, hint)


def _where_else(briefing: Briefing, token: Token, cited: list[Part], known: CitedTexts) -> str:
    """Return a hint at what contains the token, or at what to do."""
    pinned = [part for part in cited if not known.is_quoted(part)]
    if not pinned:
        return "quote the words that contain it, list it in 'from_unpinned' if the source has it, or correct the fact"
    source, first = pinned[0]
    holding = having(known.texts[source], token)
    if not holding:
        return "correct the fact: no paragraph of the source contains it"
    # Most often the number of the paragraph is off by one, or the fact belongs to the one before or after.
    nearest = min(holding, key=lambda number: (abs(number - first), number))
    return f"cite {_part_label(briefing, known, (source, nearest))}, which contains it, or correct the fact"


def _part_label(briefing: Briefing, known: CitedTexts, part: Part) -> str:
    source, number = part
    if known.is_quoted(part):
        return f"the quotation from '{source}'"
    return f"{UNIT_SIGNS[briefing.source_by_id[source].unit or 'paragraph']}{number}"
