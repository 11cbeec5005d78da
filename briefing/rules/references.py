"""Check that references between records lead to existing records, and that every record is used."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeGuard

from briefing.evidence.last_result import cache_last
from briefing.model.briefing import Briefing
from briefing.model.fields import Kind
from briefing.model.records import Actor, BriefingHead, Citation, Place, Record, Table, Term
from briefing.problems import Code, KnownIds, Problem, Severity, Span
from briefing.rules.identity import copied_topics
from briefing.text.language import N_
from briefing.text.nodes import Path

# Two cells or two headings of a table may have the same text.
_MAY_RECUR = {"cells", "columns"}


class _Target(NamedTuple):
    """What a reference leads to: the code to report if it is missing, its name in messages, and where it is defined."""

    code: Code
    what: str
    home: str


_TARGETS: dict[Kind, _Target] = {
    "actor": _Target("unknown-actor", "actor", "facts/actors.yml"),
    "entity": _Target(
        "unknown-entity", "actor, place or term", "facts/actors.yml, facts/places.yml or facts/glossary.yml"
    ),
    "fact": _Target("unknown-fact", "fact", "facts/topics ('briefing add fact' adds one)"),
    "place": _Target("unknown-place", "place", "facts/places.yml"),
    "question": _Target("unknown-question", "question", "'views' of facts/briefing.yml"),
    "source": _Target("unknown-source", "source", "facts/sources.yml"),
    "term": _Target("unknown-term", "term", "facts/glossary.yml"),
    "topic": _Target("unknown-topic", "topic", "facts/topics (one file per topic)"),
}


@cache_last
def references(briefing: Briefing) -> tuple[tuple[Record, Path, Kind, str | Citation], ...]:
    """Return every reference between records as the record, the path of the reference in it, the kind of record that it
    refers to, and the id or citation.
    """
    return tuple(
        (record, path, kind, target) for record in briefing.everything() for kind, path, target in record.references()
    )


@cache_last
def citations(briefing: Briefing) -> tuple[tuple[Record, Path, Citation], ...]:
    """Return each citation with its record and its path there."""
    return tuple(
        (record, path, target) for record, path, _, target in references(briefing) if isinstance(target, Citation)
    )


def _known(briefing: Briefing) -> dict[Kind, KnownIds]:
    """Return the ids to which a reference of each kind may lead."""
    questions = set[str]()
    if briefing.head:
        questions = {question.id for question in briefing.head.views}
    return {
        "actor": KnownIds({actor.id for actor in briefing.actors}),
        "entity": KnownIds(briefing.entity_by_id.keys()),
        "fact": KnownIds(briefing.fact_by_id.keys()),
        "place": KnownIds({place.id for place in briefing.places}),
        "question": KnownIds(questions),
        "source": KnownIds(briefing.source_by_id.keys()),
        "term": KnownIds({term.id for term in briefing.terms}),
        "topic": KnownIds(briefing.topic_by_id.keys()),
    }


def _is_unread(briefing: Briefing, kind: Kind, wanted: str) -> bool:
    """Return whether a reference cannot be checked, because its target may be in a file that could not be read."""
    if kind == "fact":
        return any(file.startswith("facts/topics/") for file in briefing.unread)
    if kind == "topic":
        return f"facts/topics/{wanted}.yml" in briefing.unread
    if kind == "question":
        return briefing.head is None
    return any(file in _TARGETS[kind].home for file in briefing.unread)


def _unknown(
    briefing: Briefing, kind: Kind, wanted: str, known: KnownIds, span: Span, written: str = "", own: str = ""
) -> Iterator[Problem]:
    """Yield a problem if ``wanted`` is not among ``known`` and no record with that id could not be read.

    ``written`` is the text at ``span`` if it is longer than the id. ``own`` is the id of the record itself, which is
    never suggested.
    """
    if wanted in known or wanted in briefing.failed or _is_unread(briefing, kind, wanted):
        return
    code, what, home = _TARGETS[kind]
    message = f"there is no {what} '{wanted}'"
    meant = known.nearest(wanted, other_than=own)
    if wanted in briefing.published_ids:
        hint = "restore it, because it has been published"
        if meant:
            hint += f"; or did you mean '{meant}'?"
        yield Problem(span, code, message, hint, subject=wanted, expected=meant)
    elif meant:
        # The fix keeps what follows the id, such as the part of a citation.
        fix = f"{meant}{written.removeprefix(wanted)}"
        yield Problem(span, code, message, f"did you mean '{meant}'?", fix=fix, subject=wanted, expected=meant)
    else:
        hint = f"use an existing id from {home}, or add one there"
        yield Problem(span, code, message, hint, subject=wanted)


def _uncounted(briefing: Briefing) -> Iterator[str]:
    """Yield the sources that lack ``unit`` or ``count`` but have numbered parts, or are cited by such parts."""
    parts = Counter((cited.source, bool(cited.part)) for _, _, cited in citations(briefing))
    for source in briefing.sources:
        by_part, whole = parts[source.id, True], parts[source.id, False]
        # A single citation by part, or fewer of these than citations of the whole, is probably a mistake in the
        # citation, which check_citations reports.
        has_parts = source.unit or source.count or source.id in briefing.pin_of or by_part > max(1, whole)
        if has_parts and not (source.unit and source.count) and source.id not in briefing.failed:
            yield source.id


def check_counts(briefing: Briefing) -> Iterator[Problem]:
    """Report a missing ``unit`` or ``count`` once at the source, not at each citation (missing-field)."""
    for source_id in _uncounted(briefing):
        source = briefing.source_by_id[source_id]
        missing = " and ".join(f"'{name}'" for name in ("unit", "count") if getattr(source, name) is None)
        message = f"source '{source_id}' needs {missing} because its parts are cited by number"
        hint = "add 'unit: …' (paragraph, article or page) and 'count: …' (how many it has)"
        yield Problem(source.at("id"), "missing-field", message, hint)


def check_citations(briefing: Briefing) -> Iterator[Problem]:
    """Report citations of sources and parts that do not exist.

    ``unknown-paragraph``: The source does not have the part that the citation names. This problem is also reported if
    a citation names no part although the source has numbered parts, or names a part although the source has none.

    Readers could not find the statement in the source.

        facts/topics/harbour.yml
                when: 1912
        -       cite: report:12
        +       cite: report:2
    """
    if "facts/sources.yml" in briefing.unread:
        return
    sources = briefing.source_by_id
    known = KnownIds(sources.keys())
    uncounted = set(_uncounted(briefing))
    for record, path, cited in citations(briefing):
        source = sources.get(cited.source)
        if source is None:
            span = record.at(*path, "source")
            # The fix for a mapping replaces only its source.
            written = str(cited) if span == record.at(*path) else cited.source
            yield from _unknown(briefing, "source", cited.source, known, span, written)
        elif source.id in briefing.failed or source.id in uncounted:
            # Its unit or count could not be read, or check_counts reports that it is missing.
            continue
        elif source.unit is None or source.count is None:
            if cited.part:
                message = f"'{cited}' names a part, but source '{source.id}' has no numbered parts"
                hint = "delete the part, or give the source 'unit' and 'count'"
                yield Problem(record.at(*path, "part"), "unknown-paragraph", message, hint, subject=str(cited))
        elif not cited.part:
            message = f"'{cited}' does not name a {source.unit}"
            hint = f"add a number from 1 to {source.count}, as in {source.id}:1"
            yield Problem(record.at(*path, "part"), "unknown-paragraph", message, hint, subject=str(cited))
        elif not 1 <= int(cited.part.split(".")[0]) <= source.count:
            message = f"source '{source.id}' has no {source.unit} {cited.part}"
            hint = f"use a number from 1 to {source.count}"
            yield Problem(record.at(*path, "part"), "unknown-paragraph", message, hint, subject=str(cited))


def check_references(briefing: Briefing) -> Iterator[Problem]:
    """Report references to records that do not exist.

    ``unknown-source``: A citation or another reference names a source that facts/sources.yml does not define.

    Readers could not look up what supports the statement.

    Fix: check it first; the most similar id may not be the one you meant.

        facts/topics/harbour.yml
                when: 1912
        -       cite: reprot:2
        +       cite: report:2

    ``unknown-entity``: ``about`` names an actor, place or term that does not exist.

    Readers would not find the fact on the page or in the entry to which it belongs.

    Fix: check it first; the most similar id may not be the one you meant.

        facts/topics/harbour.yml
        -       about: [harbor-basin, quay]
        +       about: [harbour-basin, quay]

    ``unknown-actor``: ``by`` or ``country`` names an actor that facts/actors.yml does not define.

    The site could not name the speaker or the country.

    Fix: check it first; the most similar id may not be the one you meant.

        facts/topics/trade.yml
        -       by: port-autority
        +       by: port-authority

    ``unknown-term``: ``see`` names a term that facts/glossary.yml does not define.

    The glossary would lead readers to an entry that does not exist.

    Fix: check it first; the most similar id may not be the one you meant.

        facts/glossary.yml
        -   see: [peer]
        +   see: [pier]

    ``unknown-fact``: A record is based on, corrects, refines, disputes or supersedes a fact that does not exist.

    Readers could not follow the reference to the evidence.

    Fix: check it first; the most similar id may not be the one you meant.

        facts/topics/harbour.yml
        -       refines: [harbor-opened]
        +       refines: [harbour-opened]

    ``unknown-topic``: ``topics`` or ``also`` names a topic that has no file in facts/topics.

    The page on which a fact should appear does not exist.

    Fix: check it first; the most similar id may not be the one you meant.

        facts/topics/trade.yml
        -       also: [harbor]
        +       also: [harbour]

    ``unknown-place``: The ``map`` of a topic names a place that facts/places.yml does not define.

    The place would be missing from the map.

    Fix: check it first; the most similar id may not be the one you meant.

        facts/topics/harbour.yml
        - map: [harbour-basn]
        + map: [harbour-basin]

    ``self-reference``: A fact corrects, refines, disputes or supersedes itself.

    The reference means nothing to readers. Most likely another fact was meant.

        facts/topics/harbour.yml
        -       refines: [quay-longer]
        +       refines: [harbour-opened]
    """
    known = _known(briefing)
    for record, path, kind, target in references(briefing):
        # These belong to check_citations and check_views.
        if isinstance(target, Citation) or kind == "question":
            continue
        # A fact cannot correct, refine, dispute or supersede itself, so its own id is never suggested.
        own = getattr(record, "id", "") if kind == "fact" else ""
        if own and target == own:
            if not _is_unread(briefing, kind, target):
                message = f"'{target}' {path[0]} itself"
                yield Problem(record.at(*path), "self-reference", message, "name another fact")
        else:
            yield from _unknown(briefing, kind, target, known[kind], record.at(*path), own=own)


def check_succession(briefing: Briefing) -> Iterator[Problem]:
    """Report statements that depend on retired or superseded facts, and circles of ``supersedes``.

    ``based-on-retired``: A judgment, a table, the bottom line or another statement is based on a fact that is retired
    or superseded.

    The statement may no longer hold.

        facts/topics/harbour.yml
        -     - cells: [Opening, {says: 1900, rests_on: [harbour-opened, quay-lengthened]}]
        +     - cells: [Opening, {says: 1900, rests_on: [harbour-opened]}]

    ``relates-to-retired`` (warning): A fact corrects, refines or disputes a retired or superseded fact without
    superseding that fact itself.

    Readers would see a correction of something that the briefing no longer says.

        facts/topics/harbour.yml
        -       refines: [quay-lengthened]
        +       refines: [harbour-opened]

    ``circular-succession``: Facts supersede each other in a circle.

    None of their pages could tell readers which fact holds now.

        facts/topics/harbour.yml
                supersedes: [quay-lengthened]
              - id: quay-lengthened
        -       supersedes: [quay-grew]
                says: The quay was lengthened, the report says.
    """
    ended = briefing.fact_by_id.keys() - {fact.id for fact in briefing.current_facts}
    for record, path, _, ids in briefing.iter_support():
        for number, fact_id in enumerate(ids):
            if fact_id in ended:
                yield _rests_on_ended(briefing, fact_id, record.at(*path, number))
    for fact in briefing.current_facts:
        for verb, ids in (("corrects", fact.corrects), ("refines", fact.refines), ("disputes", fact.disputes)):
            for number, fact_id in enumerate(ids):
                if fact_id in ended and fact_id not in fact.supersedes:
                    message = f"'{fact.id}' {verb} '{fact_id}', which is retired or superseded"
                    hint = f"name a current fact, delete the reference, or add 'supersedes: {fact_id}'"
                    yield Problem(fact.at(verb, number), "relates-to-retired", message, hint, Severity.WARNING)
    for fact in briefing.facts:
        # A fact that supersedes itself is a self-reference, which check_references reports.
        if fact.id in _later_facts(briefing, fact.id) and fact.id not in fact.supersedes:
            message = f"'{fact.id}' supersedes a fact that directly or indirectly supersedes it"
            yield Problem(
                fact.at("supersedes"), "circular-succession", message, "delete 'supersedes' from the oldest fact"
            )


def _rests_on_ended(briefing: Briefing, fact_id: str, span: Span) -> Problem:
    successors = " and ".join(f"'{fact.id}'" for fact in briefing.successors_of.get(fact_id, ()))
    message = f"the fact '{fact_id}' is retired"
    hint = "name current facts instead"
    if successors:
        message = f"the fact '{fact_id}' is superseded"
        hint = f"name {successors} instead"
    return Problem(span, "based-on-retired", message, hint)


def _later_facts(briefing: Briefing, fact_id: str) -> set[str]:
    """Return the ids of the facts that directly or indirectly supersede a fact."""
    later = set[str]()
    waiting = list(briefing.successors_of.get(fact_id, ()))
    while waiting:
        successor = waiting.pop()
        # In a circle, the walk reaches each fact again.
        if successor.id not in later:
            later.add(successor.id)
            waiting += briefing.successors_of.get(successor.id, ())
    return later


def check_views(briefing: Briefing) -> Iterator[Problem]:
    """Report answers to unknown questions.

    ``unknown-question``: ``answers`` names a question that is not among the ``views`` of facts/briefing.yml.

    The answer would be missing from the views page.

    Fix: check it first; the most similar id may not be the one you meant.

        facts/topics/trade.yml
        -       answers: [what-fore]
        +       answers: [what-for]
    """
    if briefing.head is None:
        return
    questions = {question.id for question in briefing.head.views}
    known = KnownIds(questions)
    for fact in briefing.facts:
        for number, question_id in enumerate(fact.answers):
            span = fact.at("answers", number)
            yield from _unknown(briefing, "question", question_id, known, span)


def check_answers(briefing: Briefing) -> Iterator[Problem]:
    """Report questions without an answer.

    ``unused-question`` (warning): No current fact answers this question of ``views``.

    Readers would find a question without an answer.

        facts/topics/trade.yml
                also: [harbour]
        +       answers: [what-for]
    """
    # The missing answer may name a misspelt question, or be in a record that could not be read.
    if briefing.head is None or briefing.failed or briefing.unread:
        return
    answered = {question_id for fact in briefing.current_facts for question_id in fact.answers}
    for question in briefing.head.views:
        if question.id not in answered:
            yield _unused("unused-question", "question", question.id, question.at("id"))


def check_tables(briefing: Briefing) -> Iterator[Problem]:
    """Report rows of tables with too few or too many cells.

    ``wrong-cell-count``: A row of a table has more or fewer cells than the table has columns.

    Readers would see values under the wrong headings.

        facts/topics/harbour.yml
            columns: [What, When]
            rows:
        -     - cells: [{says: 1900, rests_on: [harbour-opened]}]
        +     - cells: [Opening, {says: 1900, rests_on: [harbour-opened]}]
    """
    for record, path, table in _tables(briefing):
        for index, row in enumerate(table.rows):
            if len(row.cells) != len(table.columns):
                message = f"columns in the table: {len(table.columns)}; cells in this row: {len(row.cells)}"
                span = record.at(*path, "rows", index)
                yield Problem(span, "wrong-cell-count", message, "write one cell for each column")


def _tables(briefing: Briefing) -> Iterator[tuple[Record, Path, Table]]:
    """Yield every table, with the record that contains it and its path in the record."""
    for topic in briefing.topics:
        for index, table in enumerate(topic.tables):
            yield topic, ("tables", index), table
    if briefing.head and briefing.head.profile:
        yield briefing.head, ("profile",), briefing.head.profile


# Messages: what a cell says if nothing is known. Any other text may be a claim.
_UNKNOWN = (N_("not known"), N_("unknown"))


def check_cells(briefing: Briefing) -> Iterator[Problem]:
    """Report evidence in cells that say that something is not known, and rows without evidence.

    ``evidence-for-unknown``: A cell of a table says only "not known" or "unknown", but names facts in ``rests_on``.

    Readers would take these facts as proof that it is not known. They most likely support another cell of the row.

        facts/topics/harbour.yml
        -     - cells: [Opening, {says: not known, rests_on: [harbour-opened]}]
        +     - cells: [Opening, {says: 1900, rests_on: [harbour-opened]}]
    """
    unknown = {briefing.language.gettext(text).casefold() for text in _UNKNOWN}
    for record, path, table in _tables(briefing):
        for index, row in enumerate(table.rows):
            is_unknown = [cell.says.rstrip(" .").casefold() in unknown for cell in row.cells]
            for number, cell in enumerate(row.cells):
                if is_unknown[number] and cell.rests_on:
                    span = record.at(*path, "rows", index, "cells", number)
                    message = f"the cell says '{cell.says}' but names facts"
                    hint = "move 'rests_on' to the cell that the facts support"
                    yield Problem(span, "evidence-for-unknown", message, hint)
            # The first cell may be only the label of the row.
            says_nothing = len(row.cells) > 1 and all(is_unknown[1:])
            if not row.fact_ids and not says_nothing:
                span = record.at(*path, "rows", index)
                message = "no cell of this row names a fact"
                yield Problem(span, "no-facts", message, "write a cell as {says: …, rests_on: […]}")


def check_topics(briefing: Briefing) -> Iterator[Problem]:
    """Report topics that facts/briefing.yml does not list.

    ``unlisted-topic``: ``topics`` in facts/briefing.yml does not list the topic of this file.

    The list decides where readers find the page in the navigation.

        facts/briefing.yml
        - topics: [harbour]
        + topics: [harbour, trade]
    """
    if briefing.head is None:
        return
    topics = KnownIds(briefing.topic_by_id.keys())
    # A topic whose id is misspelt in the list is reported there.
    misspelt = {topics.nearest(topic_id) for topic_id in briefing.head.topics if topic_id not in topics}
    copies = copied_topics(briefing)
    for topic in briefing.topics:
        if topic.id not in briefing.head.topics and topic.id not in misspelt and topic.at().file not in copies:
            message = f"facts/briefing.yml does not list the topic '{topic.id}'"
            yield Problem(topic.at(), "unlisted-topic", message, "add it to 'topics', in reading order")


def check_doubles(briefing: Briefing) -> Iterator[Problem]:
    """Report lists that contain the same item twice.

    ``duplicate-reference``: A list contains the same id, citation or text twice.

    Often one of the two was meant to be something else.

        facts/topics/harbour.yml
        -       about: [harbour-basin, harbour-basin, quay]
        +       about: [harbour-basin, quay]
    """
    for record in briefing.everything():
        for path, items in _lists(record):
            seen = set[str | Citation]()
            for index, item in enumerate(items):
                if item in seen:
                    message = f"'{item}' is listed twice in '{path[-1]}'"
                    hint = "delete one of them, or correct it"
                    yield Problem(record.at(*path, index), "duplicate-reference", message, hint)
                seen.add(item)


def _lists(record: Record) -> Iterator[tuple[Path, tuple[str | Citation, ...]]]:
    """Yield the lists of ids, citations and texts in a record and in the records that exist only within it."""
    for name, value in vars(record).items():
        # Most fields are empty or a text. This test is faster than the one whether a value is a record.
        if not value or isinstance(value, str):
            continue
        if isinstance(value, tuple):
            if isinstance(value[0], str | Citation) and name not in _MAY_RECUR:
                yield (name,), value
            if _is_within(value[0]):
                for index, part in enumerate(value):
                    yield from (((name, index, *path), items) for path, items in _lists(part))
        elif _is_within(value):
            yield from (((name, *path), items) for path, items in _lists(value))


def _is_within(value: object) -> TypeGuard[Record]:
    """Return whether a value is a record that exists only within another."""
    return isinstance(value, Record) and not value.is_addressable


def check_grades(briefing: Briefing) -> Iterator[Problem]:
    """Report sources and facts without a grade of the Admiralty code.

    ``ungraded`` (warning): A source has no ``reliability``, or a fact from a source that is not under analysis has no
    ``credibility``.

    Readers could not see how far to trust the source or the fact.

        facts/sources.yml
            url: https://survey.example/chart
        +   reliability: C
    """
    for source in briefing.sources:
        if source.reliability is None and source.id not in briefing.failed:
            message = f"source '{source.id}' has no 'reliability'"
            yield Problem(source.at("id"), "ungraded", message, "grade it from A to F", Severity.WARNING)
    # The head of the briefing names the sources under analysis.
    if briefing.head is None:
        return
    for fact in briefing.facts:
        known = fact.cite[0].source in briefing.source_by_id and fact.id not in briefing.failed
        if known and not briefing.is_base(fact) and fact.credibility is None:
            message = f"fact '{fact.id}' has no 'credibility', and its source is not under analysis"
            yield Problem(fact.at("id"), "ungraded", message, "grade it from 1 to 6", Severity.WARNING)


def check_unused(briefing: Briefing) -> Iterator[Problem]:
    """Report records that nothing uses.

    ``unused-actor`` (warning): No fact is about the actor, and no record names it as speaker or country.

    Readers would find a page without facts.

        facts/actors.yml
        - - id: harbour-master
        -   name: Harbour Master
        -   kind: person
          - id: port-authority

    ``unused-place`` (warning): No fact is about the place.

    Readers would find a place without facts.

        facts/places.yml
        - - id: lighthouse
        -   name: Lighthouse
        -   kind: lighthouse
          - id: harbour-basin

    ``unused-term`` (warning): No fact is about the term, and no other term refers to it.

    Readers would find an entry that has nothing to do with the rest of the briefing.

        facts/glossary.yml
        +   see: [pier]
          - id: pier

    ``unused-source`` (warning): Nothing cites the source.

    Readers would assume that the briefing uses it as evidence.

        facts/sources.yml
        - - id: diary
        -   title: A diary
        -   publisher: The Port
        -   reliability: D
          - id: chart
    """
    # A record that could not be read may use it.
    if briefing.failed or briefing.unread:
        return
    used = {target for _, _, kind, target in references(briefing) if kind in ("entity", "actor", "term")}
    cited = {cited.source for _, _, cited in citations(briefing)}
    # A source under analysis must be cited too. Being named in the head of the briefing does not count.
    cited |= {
        target
        for record, _, kind, target in references(briefing)
        if kind == "source" and isinstance(target, str) and not isinstance(record, BriefingHead)
    }
    kinds: tuple[tuple[Code, str, Iterable[Actor | Place | Term]], ...] = (
        ("unused-actor", "actor", briefing.actors),
        ("unused-place", "place", briefing.places),
        ("unused-term", "term", briefing.terms),
    )
    for code, name, records in kinds:
        for record in records:
            if record.id not in used:
                yield _unused(code, name, record.id, record.at("id"))
    for source in briefing.sources:
        if source.id not in cited:
            yield _unused("unused-source", "source", source.id, source.at("id"))


def _unused(code: Code, name: str, unused_id: str, span: Span) -> Problem:
    message = f"nothing uses the {name} '{unused_id}'"
    return Problem(span, code, message, "use it or delete it", Severity.WARNING)
