"""Whether cited paragraphs support the facts that cite them, according to the pins."""

from collections.abc import Iterator
from dataclasses import dataclass

from briefing.evidence.matching import MARGIN, Token, hard_tokens
from briefing.evidence.names import Names, names_in
from briefing.evidence.pins import PinnedText, pinned_texts
from briefing.model.briefing import Briefing
from briefing.model.fields import UNIT_SIGNS
from briefing.model.records import Fact, Pin, Source
from briefing.problems import Problem, Severity, Span
from briefing.text.normalize import forms, is_number, words

# A source's id and the number of one of its parts.
Part = tuple[str, int]

# How well a further paragraph that no hard token needs must fit, compared with the first. Less than 1, since the first
# is to be the one that fits best.
IDLE = 0.6


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a fact fits the part that it cites first, and the best part that it does not cite."""

    fact: Fact
    source: Source
    cited: int
    fit: float
    other: int
    other_fit: float

    @property
    def clear(self) -> bool:
        """Whether the other part fits clearly better."""
        return self.other_fit > MARGIN * self.fit


def check_evidence(briefing: Briefing) -> Iterator[Problem]:
    """Hard tokens (numbers, dates, names, quoted words) stand in cited paragraphs.

    ``not-in-source``: Every number, date, name and quoted word of a fact stands in a paragraph that it cites.

        facts/topics/harbour.yml
        -       says: The quay grew by 50 metres in 1912.
        +       says: The quay grew by 40 metres in 1912.

    ``idle-citation``: Each further citation adds something that the others do not have.

        facts/topics/harbour.yml
                when: 1912
        -       cite: [report:2, report:3]
        +       cite: report:2

    ``no-hard-word``: A fact has something that can be looked up; else ``words`` names words of the paragraph.

        facts/topics/trade.yml
        -       says: More trade is hoped for.
        +       says: The Port Authority hopes for more trade.
                kind: forecast
        -       cite: report:3
        +       about: [port-authority]
        +       cite: report:3
    """
    pinned = pinned_texts(briefing)
    names = names_in(briefing)
    for fact in briefing.current_facts:
        cited = _pinned_parts(fact, pinned)
        if not cited or fact.id in briefing.failed:
            continue
        tokens = hard_tokens(fact, names)
        # An actor that could not be read has a name that the fact may have used.
        if not tokens and not briefing.unread and not briefing.failed.intersection(fact.about):
            message = "nothing hard in this fact can be looked up: no number, name or quotation"
            yield Problem(fact.at("says"), "no-hard-word", message, "name words of the paragraph: 'words: [...]'")
        holding = {token: [part for part in cited if _holds(pinned, part, token)] for token in tokens}
        yield from _missing_tokens(briefing, fact, holding, pinned)
        yield from _idle_citations(fact, holding, pinned)


def _missing_tokens(
    briefing: Briefing, fact: Fact, holding: dict[Token, list[Part]], pinned: dict[str, PinnedText]
) -> Iterator[Problem]:
    # A source that is not pinned may say what the pinned ones do not.
    if any(citation.source not in pinned for citation in fact.cite):
        return
    missing = [token for token, parts in holding.items() if not parts and not token.entities & briefing.failed]
    if not missing:
        return
    meant = _meant_part(_fit(briefing, fact, pinned))
    for token in missing:
        # What the better paragraph has is reported once, as the wrong citation.
        if not meant or not _holds(pinned, meant, token):
            yield _not_in_source(briefing, fact, token, pinned)


def _idle_citations(fact: Fact, holding: dict[Token, list[Part]], pinned: dict[str, PinnedText]) -> Iterator[Problem]:
    cited = _pinned_parts(fact, pinned)
    fits_of = {source: pinned[source].fits(fact.says) for source, _ in cited}
    fit = {(source, number): fits_of[source].get(number, 0.0) for source, number in cited}
    for index, citation in enumerate(fact.cite[1:], 1):
        part = (citation.source, citation.number)
        needed = any(parts == [part] for parts in holding.values())
        if part in fit and not needed and fit[part] < IDLE * fit[cited[0]]:
            message = f"'{citation}' is redundant: the other cited paragraphs already support the fact"
            yield Problem(fact.at("cite", index), "idle-citation", message, "drop it, or cite the right one")


def check_fit(briefing: Briefing) -> Iterator[Problem]:
    """The cited paragraph is the one that fits.

    ``better-paragraph``: No other paragraph of the source fits the fact clearly better than the one it cites.

        facts/topics/harbour.yml
                says: The quay was made longer.
                about: [quay]
        -       cite: report:1
        +       cite: report:2
    """
    pinned = pinned_texts(briefing)
    names = names_in(briefing)
    for fit in fits(briefing):
        meant = _meant_part(fit)
        if meant is None:
            continue
        unit = UNIT_SIGNS[fit.source.unit or "paragraph"]
        right = f"{fit.source.id}:{fit.other}"
        message = f"{unit}{fit.other} fits this fact better than the cited {unit}{fit.cited}"
        cited = _pinned_parts(fit.fact, pinned)
        missing: dict[str, str] = {}
        for token in hard_tokens(fit.fact, names):
            if _holds(pinned, meant, token) and not any(_holds(pinned, part, token) for part in cited):
                missing.setdefault(token.text.casefold(), f"'{token.text}'")
        place = fit.fact.at("cite", 0)
        if missing:
            message += f", which does not have {', '.join(missing.values())}"
            yield Problem(place, "better-paragraph", message, f"did you mean '{right}'?", fix=right)
        else:
            message += f" ({fit.other_fit:.1f} against {fit.fit:.1f})"
            # Without a hard token that only the other has, the numbers may mislead, so there is no `fix`.
            hint = f"cite {right}, or confirm {unit}{fit.cited} by 'words' that stand there"
            yield Problem(place, "better-paragraph", message, hint)


def fits(briefing: Briefing) -> Iterator[Fit]:
    """How well each fact that cites a pinned source fits it, fact by fact."""
    pinned = pinned_texts(briefing)
    for fact in briefing.current_facts:
        fit = _fit(briefing, fact, pinned)
        if fit:
            yield fit


def _fit(briefing: Briefing, fact: Fact, pinned: dict[str, PinnedText]) -> Fit | None:
    first = fact.cite[0]
    if first.source not in pinned or not first.part or fact.id in briefing.failed:
        return None
    cited = {citation.number for citation in fact.cite if citation.source == first.source}
    found = pinned[first.source].fits(fact.says)
    others = {number: fit for number, fit in found.items() if number not in cited}
    # Of two that fit as well, the first in the text, so that the answer does not depend on the order of a dict.
    other = max(others, key=lambda number: (others[number], -number), default=0)
    return Fit(
        fact,
        briefing.source_by_id[first.source],
        first.number,
        found.get(first.number, 0.0),
        other,
        others.get(other, 0.0),
    )


def _meant_part(fit: Fit | None) -> Part | None:
    """Return the part that was to be cited, if that is clearly another: check_fit reports it."""
    # With `words` an editor has confirmed the citation, whatever else fits.
    if fit is None or not fit.clear or fit.fact.words:
        return None
    return fit.source.id, fit.other


def check_named(briefing: Briefing) -> Iterator[Problem]:
    """Whom a fact names, it is about.

    ``name-not-in-about``: An actor, place or term that a fact names stands in its ``about`` (warning).

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
            # Only where one record has the name is it known which id is missing.
            if len(entities) == 1:
                (sure[text],) = entities
                continue
            ids = " or ".join(f"'{entity_id}'" for entity_id in sorted(entities))
            message = f"the fact names {text}, but 'about' does not have {ids}"
            span = briefing.find(fact.at("says"), text)
            yield Problem(span, "name-not-in-about", message, "add the right one to 'about'", Severity.WARNING)
        if sure:
            yield _not_in_about(briefing, fact, sure)


def _not_in_about(briefing: Briefing, fact: Fact, missed: dict[str, str]) -> Problem:
    """Report at ``about``, with the list as it should be; where there is none, or a line an id, at the first name."""
    ids = [*dict.fromkeys(missed.values())]
    quoted_ids = " and ".join(f"'{entity_id}'" for entity_id in ids)
    message = f"the fact names {' and '.join(missed)}, but 'about' does not have {quoted_ids}"
    listed = ", ".join([*fact.about, *ids])
    span = fact.at("about")
    # The place of a field that is not there is that of the record around it.
    if span == fact.at():
        span = briefing.find(fact.at("says"), next(iter(missed)))
        return Problem(span, "name-not-in-about", message, f"add a line: about: [{listed}]", Severity.WARNING)
    # A list with an id a line keeps its layout: the fix would put all of them on one.
    fix = f"[{listed}]" if span.line == span.end_line else ""
    hint = f"'about' should be [{listed}]"
    return Problem(span, "name-not-in-about", message, hint, Severity.WARNING, fix)


def check_rests(briefing: Briefing) -> Iterator[Problem]:
    """What rests on facts says no more than they.

    ``unsupported``: Every number and name of a judgment, a table or a bottom line stands in one of the facts that it
    rests on.

        facts/briefing.yml
        -   - says: The harbour opened in 1901.
        +   - says: The harbour opened in 1900.
    """
    names = names_in(briefing)
    for record, path, texts, ids in briefing.iter_support():
        facts = [briefing.fact_by_id[fact_id] for fact_id in ids if fact_id in briefing.fact_by_id]
        # What is wrong is reported at the fact, or as an unknown one.
        if len(facts) < len(ids) or not briefing.failed.isdisjoint(ids):
            continue
        for text in texts:
            for token in _unsupported_tokens(text, facts, names):
                place = briefing.find(record.at(*path[:-1]), token)
                message = f"'{token}' stands in none of the facts that this rests on"
                yield Problem(place, "unsupported", message, "name the fact that says it")


def _unsupported_tokens(text: str, facts: list[Fact], names: Names) -> Iterator[str]:
    supported = {form for fact in facts for form in forms(_joined_texts(fact))}
    about = {entity_id for fact in facts for entity_id in (*fact.about, fact.by)}
    for word in words(text):
        if any(is_number(part) and part not in supported for part in word.parts):
            yield word.text
    for name in names.within(text):
        # A fact may name an actor by another of its names, or name it without being about it.
        if not name.entities & about and not forms(name.text) <= supported:
            yield name.text


def _joined_texts(fact: Fact) -> str:
    texts = [fact.says]
    if fact.when:
        texts.append(fact.when.words)
    # A judgment may refer to an article by its number, which the fact has only in its citation.
    texts += [citation.part for citation in fact.cite]
    return " ".join(texts)


def check_pins(briefing: Briefing) -> Iterator[Problem]:
    """A pin fits its source, and what changed in the source has been looked at.

    ``bad-pin``: A pin was made of the source as it is now. Pin it anew with ``briefing pin``.

        facts/sources.yml
        -   count: 5
        +   count: 4

    ``changed-paragraph``: A fact whose paragraph has changed has been compared with the new text.

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
        message = f"source '{source.id}' counts {source.count} {source.unit or 'part'}s, its pin {len(pin.parts)}"
        yield Problem(source.at("count"), "bad-pin", message, f"correct 'count', or {again}")
    if [part.number for part in pin.parts] != list(range(1, len(pin.parts) + 1)):
        message = "the parts of the pin are not numbered in order"
        yield Problem(pin.at("parts"), "bad-pin", message, again, subject=source.id)
    # The stems in a pin are those of its language.
    if (source.language or "") != pin.language:
        message = f"source '{source.id}' is in '{source.language}', its pin was made for '{pin.language}'"
        yield Problem(source.at("language"), "bad-pin", message, again)
    if pin.at().file != f"facts/pins/{source.id}.yml":
        message = f"the pin of '{source.id}' has a file of another name"
        yield Problem(pin.at("source"), "bad-pin", message, again, subject=source.id)


def _facts_to_review(briefing: Briefing, source: Source, pin: Pin) -> Iterator[Problem]:
    for index, fact_id in enumerate(pin.look_at):
        fact = briefing.fact_by_id.get(fact_id)
        span = pin.at("look_at", index)
        if fact:
            parts = ", ".join(str(citation) for citation in fact.cite if citation.source == source.id)
            message = f"the text behind '{fact_id}' ({parts}) has changed since the fact was last reviewed"
            hint = f"compare it with the new text, then: briefing pin {source.id} --seen {fact_id}"
            yield Problem(span, "changed-paragraph", message, hint, subject=fact_id)
        elif fact_id not in briefing.failed and not briefing.unread:
            hint = "write the fact's new id, or take it off once somebody has looked"
            yield Problem(span, "unknown-fact", f"there is no fact '{fact_id}'", hint, subject=fact_id)


def check_coverage(briefing: Briefing) -> Iterator[Problem]:
    """Nothing in a pinned source is overlooked.

    ``uncited-paragraph``: A part of a pinned source is cited, or its source says in ``not_used`` why not.

        facts/sources.yml
        -   reliability: B
        +   reliability: B
        +   not_used:
        +     - parts: 4
        +       because: It says nothing of the harbour.

    ``cited-after-all``: A part that is declared unused is cited by nobody.

        facts/sources.yml
        -     - parts: [2, 4]
        +     - parts: 4

    ``bad-parts``: The declared parts are parts of the source, each named once.

        facts/sources.yml
        -     - parts: [4, 5]
        +     - parts: 4
    """
    # What could not be read may cite the parts that seem overlooked.
    if any(file.startswith("facts/topics/") for file in briefing.unread) or briefing.failed:
        return
    for source in briefing.sources:
        pin = briefing.pin_of.get(source.id)
        if pin is None:
            yield from _unpinned_declarations(source)
        # Of a pin that does not fit its source check_pins reports that, and nothing else can be judged.
        elif source.count == len(pin.parts):
            yield from _bad_parts(source)
            yield from _overlooked_parts(briefing, source)


def _unpinned_declarations(source: Source) -> Iterator[Problem]:
    message = f"'{source.id}' is not pinned, so its unused parts are not checked"
    hint = f"pin it: briefing pin {source.id} FILE"
    for index in range(len(source.not_used)):
        yield Problem(source.at("not_used", index), "bad-parts", message, hint)


def _declared_parts(source: Source) -> Iterator[tuple[int, Span]]:
    """Yield each number in ``not_used``, and where it is written."""
    for index, entry in enumerate(source.not_used):
        for place, number in enumerate(entry.parts):
            yield number, source.at("not_used", index, "parts", place)


def _bad_parts(source: Source) -> Iterator[Problem]:
    assert source.count
    seen = set[int]()
    for number, span in _declared_parts(source):
        if number in seen:
            yield Problem(span, "bad-parts", f"{source.unit} {number} is listed twice", "correct it")
        elif not 1 <= number <= source.count:
            yield Problem(span, "bad-parts", f"{source.unit} {number} is not there", "correct it")
        seen.add(number)


def _overlooked_parts(briefing: Briefing, source: Source) -> Iterator[Problem]:
    assert source.count
    cited = briefing.facts_by_part(source.id)
    declared = dict(_declared_parts(source))
    wrong = [number for number in range(1, source.count + 1) if (number in cited) == (number in declared)]
    if not wrong:
        return
    # A fact that cites the wrong paragraph is one mistake, not three: check_fit reports it, so the paragraph that it
    # should cite counts as cited, and its citation of the other one as nothing.
    misplaced = [fit for fit in fits(briefing) if _meant_part(fit) and fit.source is source]
    misplaced_facts = {fit.fact for fit in misplaced}
    meant = {fit.other for fit in misplaced}
    for number in wrong:
        name = f"{source.unit} {number} of '{source.id}'"
        if number not in cited and number not in meant:
            message = f"no fact cites {name}"
            ended = [f"'{fact.id}'" for fact in briefing.facts if (source.id, number) in _parts(fact)]
            if ended:
                message += f" but {', '.join(ended)}, no longer held"
            hint = "cite it, or give the source 'not_used' with the reason"
            yield Problem(source.at("id"), "uncited-paragraph", message, hint)
        if number in cited and not misplaced_facts.issuperset(cited[number]):
            message = f"{name} is declared unused, yet facts cite it"
            yield Problem(declared[number], "cited-after-all", message, "take it off 'not_used'")


def _parts(fact: Fact) -> set[Part]:
    return {(citation.source, citation.number) for citation in fact.cite}


def _pinned_parts(fact: Fact, pinned: dict[str, PinnedText]) -> list[Part]:
    return [(citation.source, citation.number) for citation in fact.cite if citation.source in pinned and citation.part]


def _holds(pinned: dict[str, PinnedText], part: Part, token: Token) -> bool:
    source, number = part
    return any(pinned[source].has(number, forms) for forms in token.spellings)


def _not_in_source(briefing: Briefing, fact: Fact, token: Token, pinned: dict[str, PinnedText]) -> Problem:
    cited = _pinned_parts(fact, pinned)
    looked_at = ", ".join(_part_label(briefing, part) for part in cited)
    source, first = cited[0]
    holding = pinned[source].having(token.spellings)
    hint = "no paragraph of the source has it"
    if holding:
        # Most often a number is off by one, or a fact was put beside its neighbour.
        nearest = min(holding, key=lambda number: (abs(number - first), number))
        hint = f"{_part_label(briefing, (source, nearest))} does; did you mean it?"
    place = fact.at(*token.path)
    if token.path == ("says",):
        place = briefing.find(place, token.text)
    return Problem(place, "not-in-source", f"{looked_at} does not have the {token.what} '{token.text}'", hint)


def _part_label(briefing: Briefing, part: Part) -> str:
    source, number = part
    return f"{UNIT_SIGNS[briefing.source_by_id[source].unit or 'paragraph']}{number}"
