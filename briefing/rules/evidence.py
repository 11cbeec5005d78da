"""Whether cited paragraphs support the facts that cite them, according to the pins."""

from collections.abc import Iterator
from dataclasses import dataclass

from briefing.evidence.matching import MARGIN, Token, hard_tokens
from briefing.evidence.names import names_in
from briefing.evidence.pins import PinnedText, pinned_texts
from briefing.model.briefing import Briefing
from briefing.model.fields import UNIT_SIGNS
from briefing.model.records import Fact, Source
from briefing.problems import Problem, Severity, Span
from briefing.text.normalize import forms, is_number, words

IDLE = 0.6  # how well a further paragraph must fit, measured by the first, where no hard token needs it


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
        if not tokens and not briefing.unread and not briefing.failed.intersection(fact.about):
            message = "nothing hard in this fact can be looked up: no number, name or quotation"
            yield Problem(fact.at("says"), "no-hard-word", message, "name words of the paragraph: 'words: [...]'")
        whole = all(citation.source in pinned for citation in fact.cite)
        holding = {token: [part for part in cited if _holds(pinned, part, token)] for token in tokens}
        # a source that is not pinned may say it
        missing = [t for t, parts in holding.items() if not parts and whole and not t.entities & briefing.failed]
        meant = _meant_part(_fit(briefing, fact, pinned)) if missing else None
        for token in missing:
            if not meant or not _holds(pinned, meant, token):  # else told once, as the wrong paragraph
                yield _not_in_source(briefing, fact, token, cited, pinned)
        found = {id: pinned[id].fits(fact.says) for id in {source for source, _ in cited}}
        fit = {part: found[part[0]].get(part[1], 0.0) for part in cited}
        for index, citation in enumerate(fact.cite[1:], 1):
            part = (citation.source, citation.number)
            needed = any(parts == [part] for parts in holding.values())
            if part in fit and not needed and fit[part] < IDLE * fit[cited[0]]:
                message = f"'{citation}' adds nothing: what the fact says stands in the other paragraphs that it cites"
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
        sign = UNIT_SIGNS[fit.source.unit or "paragraph"]
        right = f"{fit.source.id}:{fit.other}"
        message = f"{sign}{fit.other} fits this fact better than the cited {sign}{fit.cited}"
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
            hint = f"cite {right}, or confirm {sign}{fit.cited} by 'words' that stand there"
            yield Problem(place, "better-paragraph", message, hint)


def fits(briefing: Briefing) -> Iterator[Fit]:
    """How well each fact that cites a pinned source fits it, fact by fact."""
    pinned = pinned_texts(briefing)
    for fact in briefing.current_facts:
        if fit := _fit(briefing, fact, pinned):
            yield fit


def _fit(briefing: Briefing, fact: Fact, pinned: dict[str, PinnedText]) -> Fit | None:
    first = fact.cite[0]
    if first.source not in pinned or not first.part or fact.id in briefing.failed:
        return None
    cited = {citation.number for citation in fact.cite if citation.source == first.source}
    found = pinned[first.source].fits(fact.says)
    others = {number: fit for number, fit in found.items() if number not in cited}
    other = max(others, key=lambda number: (others[number], -number), default=0)
    return Fit(
        fact,
        briefing.source_by_id[first.source],
        first.number,
        found.get(first.number, 0.0),
        other,
        others.get(other, 0.0),
    )


def _meant_part(fit: Fit | None) -> tuple[str, int] | None:
    """The part that was to be cited, where that is clearly another: check_fit tells of it."""
    return (fit.source.id, fit.other) if fit and fit.clear and not fit.fact.words else None


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
        sure = {text: id for text, (id, *others) in missed.items() if not others}
        for text in (text for text in missed if text not in sure):
            ids = " or ".join(f"'{id}'" for id in sorted(missed[text]))
            message = f"the fact names {text}, but 'about' does not have {ids}"
            span = briefing.find(fact.at("says"), text)
            yield Problem(span, "name-not-in-about", message, "add the right one to 'about'", Severity.WARNING)
        if sure:
            yield _not_in_about(briefing, fact, sure)


def _not_in_about(briefing: Briefing, fact: Fact, missed: dict[str, str]) -> Problem:
    """Told at ``about``, with the list as it should be; where there is none, or a line an id, at the first name."""
    ids = [*dict.fromkeys(missed.values())]
    told = " and ".join(f"'{id}'" for id in ids)
    message = f"the fact names {' and '.join(missed)}, but 'about' does not have {told}"
    listed = ", ".join([*fact.about, *ids])
    span = fact.at("about")
    if span == fact.at():
        span = briefing.find(fact.at("says"), next(iter(missed)))
        return Problem(span, "name-not-in-about", message, f"add a line: about: [{listed}]", Severity.WARNING)
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
        facts = [briefing.fact_by_id[id] for id in ids if id in briefing.fact_by_id]
        if len(facts) < len(ids) or not briefing.failed.isdisjoint(ids):
            continue  # told at the fact, or as an unknown one
        held = {form for fact in facts for form in forms(_joined_texts(fact))}
        about = {id for fact in facts for id in (*fact.about, fact.by)}
        for text in texts:
            tokens = [word.text for word in words(text) if any(is_number(f) and f not in held for f in word.parts)]
            tokens += [
                name.text for name in names.within(text) if not name.entities & about and not forms(name.text) <= held
            ]
            for token in tokens:
                place = briefing.find(record.at(*path[:-1]), token)
                message = f"'{token}' stands in none of the facts that this rests on"
                yield Problem(place, "unsupported", message, "name the fact that says it")


def _joined_texts(fact: Fact) -> str:
    cited = " ".join(citation.part for citation in fact.cite)
    return f"{fact.says} {fact.when.words if fact.when else ''} {cited}"


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
        if source is None:
            if "facts/sources.yml" not in briefing.unread and pin.source not in briefing.failed:
                message = f"there is no source '{pin.source}'"
                yield Problem(pin.at("source"), "unknown-source", message, "delete the pin", subject=pin.source)
            continue
        if pin.source in briefing.failed:
            continue
        again = f"pin it anew: briefing pin {source.id} FILE"
        if source.count != len(pin.parts):
            message = f"source '{source.id}' counts {source.count} {source.unit or 'part'}s, its pin {len(pin.parts)}"
            yield Problem(source.at("count"), "bad-pin", message, f"correct 'count', or {again}")
        if [part.number for part in pin.parts] != list(range(1, len(pin.parts) + 1)):
            message = "the parts of the pin are not numbered in order"
            yield Problem(pin.at("parts"), "bad-pin", message, again, subject=source.id)
        if (source.language or "") != pin.language:
            message = f"source '{source.id}' is in '{source.language}', its pin was made for '{pin.language}'"
            yield Problem(source.at("language"), "bad-pin", message, again)
        if pin.at().file != f"facts/pins/{source.id}.yml":
            message = f"the pin of '{source.id}' has a file of another name"
            yield Problem(pin.at("source"), "bad-pin", message, again, subject=source.id)
        for index, id in enumerate(pin.look_at):
            fact = briefing.fact_by_id.get(id)
            if fact is None and id not in briefing.failed and not briefing.unread:
                hint = "write the fact's new id, or take it off once somebody has looked"
                message = f"there is no fact '{id}'"
                yield Problem(pin.at("look_at", index), "unknown-fact", message, hint, subject=id)
            if fact:
                parts = ", ".join(str(citation) for citation in fact.cite if citation.source == source.id)
                message = f"the text behind '{id}' ({parts}) has changed; nobody has looked at the fact since"
                hint = f"compare it with the new text, then: briefing pin {source.id} --seen {id}"
                yield Problem(pin.at("look_at", index), "changed-paragraph", message, hint, subject=id)


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
    if any(file.startswith("facts/topics/") for file in briefing.unread) or briefing.failed:
        return
    for source in briefing.sources:
        pin = briefing.pin_of.get(source.id)
        if pin is None or source.count != len(pin.parts):
            for index in range(len(source.not_used) if pin is None else 0):
                message = f"'{source.id}' is not pinned: nobody asks which parts are unused"
                hint = f"pin it: briefing pin {source.id} FILE"
                yield Problem(source.at("not_used", index), "bad-parts", message, hint)
            continue
        cited = briefing.facts_by_part(source.id)
        declared: dict[int, Span] = {}
        for index, entry in enumerate(source.not_used):
            for place, number in enumerate(entry.parts):
                if number in declared or not 1 <= number <= source.count:
                    message = f"{source.unit} {number} {'stands here twice' if number in declared else 'is not there'}"
                    yield Problem(source.at("not_used", index, "parts", place), "bad-parts", message, "correct it")
                declared[number] = source.at("not_used", index, "parts", place)
        off = [number for number in range(1, source.count + 1) if (number in cited) == (number in declared)]
        slips = [fit for fit in fits(briefing) if _meant_part(fit) and fit.source is source] if off else []
        for number in off:
            name = f"{source.unit} {number} of '{source.id}'"
            if number not in cited and all(number != fit.other for fit in slips):
                hint = "cite it, or give the source 'not_used' with the reason"
                ended = [f"'{fact.id}'" for fact in briefing.facts if (source.id, number) in _parts(fact)]
                message = f"no fact cites {name}" + (f" but {', '.join(ended)}, no longer held" if ended else "")
                yield Problem(source.at("id"), "uncited-paragraph", message, hint)
            if number in cited and {*cited[number]} - {fit.fact for fit in slips}:
                hint = "take it off 'not_used'"
                yield Problem(
                    declared[number], "cited-after-all", f"{name} is declared unused, yet facts cite it", hint
                )


def _parts(fact: Fact) -> set[tuple[str, int]]:
    return {(citation.source, citation.number) for citation in fact.cite}


def _pinned_parts(fact: Fact, pinned: dict[str, PinnedText]) -> list[tuple[str, int]]:
    return [(citation.source, citation.number) for citation in fact.cite if citation.source in pinned and citation.part]


def _holds(pinned: dict[str, PinnedText], part: tuple[str, int], token: Token) -> bool:
    source, number = part
    return any(pinned[source].has(number, forms) for forms in token.spellings)


def _not_in_source(
    briefing: Briefing, fact: Fact, token: Token, cited: list[tuple[str, int]], pinned: dict[str, PinnedText]
) -> Problem:
    def label(source: str, number: int) -> str:
        return f"{UNIT_SIGNS[briefing.source_by_id[source].unit or 'paragraph']}{number}"

    looked_at = ", ".join(label(*part) for part in cited)
    source, first = cited[0]
    holding = pinned[source].having(token.spellings)
    nearest = min(holding, key=lambda number: (abs(number - first), number), default=None)
    hint = f"{label(source, nearest)} does; did you mean it?" if nearest else "no paragraph of the source has it"
    span = fact.at(*token.path)
    place = briefing.find(span, token.text) if token.path == ("says",) else span
    return Problem(place, "not-in-source", f"{looked_at} does not have the {token.what} '{token.text}'", hint)
