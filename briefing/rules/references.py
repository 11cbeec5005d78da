"""References between records: their targets exist, and every record is used."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeGuard

from briefing.model.briefing import Briefing
from briefing.model.fields import Citation, Kind
from briefing.model.records import Actor, BriefingHead, Place, Record, Table, Term
from briefing.problems import KnownIds, Problem, Severity, Span
from briefing.text.nodes import Path

# Two cells of a table, or two of its headings, may well have the same text.
_MAY_RECUR = {"cells", "columns"}


class _Target(NamedTuple):
    """What a reference leads to: the code if it is missing, what it is called, and where it is defined."""

    code: str
    what: str
    home: str


_TARGETS: dict[Kind, _Target] = {
    "actor": _Target("unknown-actor", "actor", "facts/actors.yml"),
    "entity": _Target(
        "unknown-entity", "actor, place or term", "facts/actors.yml, facts/places.yml or facts/glossary.yml"
    ),
    "fact": _Target("unknown-fact", "fact", "facts/topics ('briefing add fact' writes one)"),
    "place": _Target("unknown-place", "place", "facts/places.yml"),
    "question": _Target("unknown-question", "question", "'views' of facts/briefing.yml"),
    "source": _Target("unknown-source", "source", "facts/sources.yml"),
    "term": _Target("unknown-term", "term", "facts/glossary.yml"),
    "topic": _Target("unknown-topic", "topic", "facts/topics, a file each"),
}


def references(briefing: Briefing) -> Iterator[tuple[Record, Path, Kind, str | Citation]]:
    """Every reference from one record to another: the record, its path there, the kind of record that it refers to, and
    the id or citation.
    """
    for record in briefing.everything():
        yield from ((record, path, kind, target) for kind, path, target in record.references())


def citations(briefing: Briefing) -> Iterator[tuple[Record, Path, Citation]]:
    """Each citation, with the record that it stands in and its path there."""
    for record, path, _, target in references(briefing):
        if isinstance(target, Citation):
            yield record, path, target


def _known(briefing: Briefing) -> dict[Kind, KnownIds]:
    """The ids to which a reference of each kind may lead."""
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
    """Whether the record may be in a file that could not be read, so that nothing can be said of a reference to it."""
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
    """A problem where ``wanted`` is not among ``known`` and no record of that id failed to be read. ``written`` is what
    stands at ``span``, where that is more than the id; ``own`` is the id of the record itself, which cannot be meant.
    """
    if wanted in known or wanted in briefing.failed or _is_unread(briefing, kind, wanted):
        return
    code, what, home = _TARGETS[kind]
    message = f"there is no {what} '{wanted}'"
    meant = known.nearest(wanted, other_than=own)
    if meant:
        # What is written behind the id, such as a citation's part, is as right as before.
        fix = f"{meant}{written.removeprefix(wanted)}"
        yield Problem(span, code, message, f"did you mean '{meant}'?", fix=fix, subject=wanted, expected=meant)
    else:
        hint = f"those that there are stand in {home}: name one, or add it there"
        yield Problem(span, code, message, hint, subject=wanted)


def _uncounted(briefing: Briefing) -> Iterator[str]:
    """The sources without ``unit`` or ``count`` that have, or are cited as if they had, parts to count."""
    parts = Counter((cited.source, bool(cited.part)) for _, _, cited in citations(briefing))
    for source in briefing.sources:
        by_part, whole = parts[source.id, True], parts[source.id, False]
        # A single citation by part, or fewer of these than of the whole, is more likely a mistake in the citation,
        # which check_citations reports.
        has_parts = source.unit or source.count or source.id in briefing.pin_of or by_part > max(1, whole)
        if has_parts and not (source.unit and source.count) and source.id not in briefing.failed:
            yield source.id


def check_counts(briefing: Briefing) -> Iterator[Problem]:
    """Report once at the source that what is cited by its parts counts them, not at each citation (missing-field)."""
    for source_id in _uncounted(briefing):
        source = briefing.source_by_id[source_id]
        missing = " and ".join(f"'{name}'" for name in ("unit", "count") if getattr(source, name) is None)
        message = f"source '{source_id}' needs {missing}: it has parts that are cited by number"
        hint = "add 'unit: …' (paragraph, article or page) and 'count: …', how many it has"
        yield Problem(source.at("id"), "missing-field", message, hint)


def check_citations(briefing: Briefing) -> Iterator[Problem]:
    """A citation leads to a source and to a part that the source has.

    ``unknown-paragraph``: The cited part is one that the source has; a source without ``unit`` is cited whole.

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
            yield from _unknown(briefing, "source", cited.source, known, record.at(*path), str(cited))
        elif source.id in briefing.failed or source.id in uncounted:
            # Its unit or count may be what could not be read, or check_counts reports that it is missing.
            continue
        elif source.unit is None or source.count is None:
            if cited.part:
                message = f"'{cited}' names a part, but source '{source.id}' is cited whole"
                hint = "drop the part, or give the source 'unit' and 'count'"
                yield Problem(record.at(*path), "unknown-paragraph", message, hint, subject=str(cited))
        elif not cited.part:
            message = f"'{cited}' names no {source.unit}"
            hint = f"add one, from 1 to {source.count}: {source.id}:1"
            yield Problem(record.at(*path), "unknown-paragraph", message, hint, subject=str(cited))
        elif not 1 <= int(cited.part.split(".")[0]) <= source.count:
            message = f"source '{source.id}' has no {source.unit} {cited.part}"
            hint = f"it has {source.unit}s 1 to {source.count}"
            yield Problem(record.at(*path), "unknown-paragraph", message, hint, subject=str(cited))


def check_references(briefing: Briefing) -> Iterator[Problem]:
    """Whatever a record refers to exists.

    ``unknown-source``: Whoever is cited stands in facts/sources.yml.

        facts/topics/harbour.yml
                when: 1912
        -       cite: reprot:2
        +       cite: report:2

    ``unknown-entity``: What a fact is ``about`` is an actor, a place or a term.

        facts/topics/harbour.yml
        -       about: [harbor-basin, quay]
        +       about: [harbour-basin, quay]

    ``unknown-actor``: A speaker or a country is an actor.

        facts/topics/trade.yml
        -       by: port-autority
        +       by: port-authority

    ``unknown-term``: A related term is one of the glossary.

        facts/glossary.yml
        -   see: [peer]
        +   see: [pier]

    ``unknown-fact``: Whatever rests on facts, corrects, refines or disputes one names a fact that exists.

        facts/topics/harbour.yml
        -       refines: [harbor-opened]
        +       refines: [harbour-opened]

    ``unknown-topic``: A topic that is named has a file of its name in facts/topics.

        facts/topics/trade.yml
        -       also: [harbor]
        +       also: [harbour]

    ``unknown-place``: What is drawn on a topic's map is a place.

        facts/topics/harbour.yml
        - map: [harbour-basn]
        + map: [harbour-basin]

    ``self-reference``: A fact corrects, refines or disputes another fact.

        facts/topics/harbour.yml
        -       refines: [quay-longer]
        +       refines: [harbour-opened]
    """
    known = _known(briefing)
    for record, path, kind, target in references(briefing):
        # These belong to check_citations and check_views.
        if isinstance(target, Citation) or kind == "question":
            continue
        # A fact cannot correct, refine, dispute or supersede itself, so its own id is not suggested for another.
        own = getattr(record, "id", "") if kind == "fact" else ""
        if own and target == own:
            if not _is_unread(briefing, kind, target):
                message = f"'{target}' {path[0]} itself"
                yield Problem(record.at(*path), "self-reference", message, "name the other fact")
        else:
            yield from _unknown(briefing, kind, target, known[kind], record.at(*path), own=own)


def check_succession(briefing: Briefing) -> Iterator[Problem]:
    """What no longer stands is succeeded, and nothing is built on it.

    ``rests-on-retired``: Nothing rests on a fact that no longer stands.

        facts/topics/harbour.yml
              - cells: [Opening, 1900]
        -       rests_on: [harbour-opened, quay-lengthened]
        +       rests_on: [harbour-opened]

    ``hangs-on-retired``: No fact corrects, refines or disputes one that no longer stands, unless it supersedes it
    (warning).

        facts/topics/harbour.yml
        -       refines: [quay-lengthened]
        +       refines: [harbour-opened]

    ``circular-succession``: Of facts that supersede each other one is the newest; no chain of ``supersedes`` comes back
    to where it began.

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
                    message = f"'{fact.id}' {verb} '{fact_id}', which no longer stands"
                    hint = f"name the fact that stands, let this one stand by itself, or add 'supersedes: {fact_id}'"
                    yield Problem(fact.at(verb, number), "hangs-on-retired", message, hint, Severity.WARNING)
    for fact in briefing.facts:
        # A fact that supersedes itself is a self-reference, which check_references reports.
        if fact.id in _later_facts(briefing, fact.id) and fact.id not in fact.supersedes:
            message = f"'{fact.id}' supersedes facts that supersede it in turn"
            yield Problem(fact.at("supersedes"), "circular-succession", message, "let the newest supersede the others")


def _rests_on_ended(briefing: Briefing, fact_id: str, span: Span) -> Problem:
    successors = " and ".join(f"'{fact.id}'" for fact in briefing.successors_of.get(fact_id, ()))
    message = f"the fact '{fact_id}' is retired"
    hint = "rest it on facts that stand"
    if successors:
        message = f"the fact '{fact_id}' is superseded"
        hint = f"rest it on {successors}"
    return Problem(span, "rests-on-retired", message, hint)


def _later_facts(briefing: Briefing, fact_id: str) -> set[str]:
    """The ids of the facts that supersede a fact, and of those that supersede them."""
    later = set[str]()
    waiting = list(briefing.successors_of.get(fact_id, ()))
    while waiting:
        successor = waiting.pop()
        # In a circle each fact comes round again.
        if successor.id not in later:
            later.add(successor.id)
            waiting += briefing.successors_of.get(successor.id, ())
    return later


def check_views(briefing: Briefing) -> Iterator[Problem]:
    """A fact answers questions that are asked, and each is answered.

    ``unknown-question``: What a fact answers is a question among the ``views`` of facts/briefing.yml.

        facts/topics/trade.yml
        -       answers: [what-fore]
        +       answers: [what-for]

    ``unused-question``: A question of the views has an answer (warning).

        facts/topics/trade.yml
                also: [harbour]
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
    answered = {question_id for fact in briefing.current_facts for question_id in fact.answers}
    # An answer to a misspelt question, or in what could not be read, may be the one that seems to be missing.
    if not answered <= questions or briefing.failed or briefing.unread:
        return
    for question in briefing.head.views:
        if question.id not in answered:
            yield _unused("question", question.id, question.at("id"))


def check_tables(briefing: Briefing) -> Iterator[Problem]:
    """A table is even.

    ``uneven-row``: A row of a table has a cell for each column.

        facts/topics/harbour.yml
            columns: [What, When]
            rows:
        -     - cells: [Opening]
        +     - cells: [Opening, 1900]
    """
    tables: list[tuple[Record, Path, Table]] = [
        (topic, ("tables", index), table) for topic in briefing.topics for index, table in enumerate(topic.tables)
    ]
    if briefing.head and briefing.head.profile:
        tables.append((briefing.head, ("profile",), briefing.head.profile))
    for record, path, table in tables:
        for index, row in enumerate(table.rows):
            if len(row.cells) != len(table.columns):
                message = f"the row has {len(row.cells)} cells, the table {len(table.columns)} columns"
                yield Problem(record.at(*path, "rows", index), "uneven-row", message, "write one cell a column")


def check_topics(briefing: Briefing) -> Iterator[Problem]:
    """Topics are listed.

    ``unlisted-topic``: A topic's file is listed among the ``topics`` of facts/briefing.yml, where a reader should
    meet it.

        facts/briefing.yml
        - topics: [harbour]
        + topics: [harbour, trade]
    """
    if briefing.head is None:
        return
    topics = KnownIds(briefing.topic_by_id.keys())
    # A topic whose id is misspelt in the list is reported there.
    misspelt = {topics.nearest(topic_id) for topic_id in briefing.head.topics if topic_id not in topics}
    for topic in briefing.topics:
        if topic.id not in briefing.head.topics and topic.id not in misspelt:
            message = f"facts/briefing.yml does not list the topic '{topic.id}'"
            yield Problem(topic.at(), "unlisted-topic", message, "add it to 'topics' where a reader should meet it")


def check_doubles(briefing: Briefing) -> Iterator[Problem]:
    """Nothing is listed twice.

    ``duplicate-reference``: Of two that are the same, often one was meant to be another.

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
                    hint = "delete one, or name the other"
                    yield Problem(record.at(*path, index), "duplicate-reference", message, hint)
                seen.add(item)


def _lists(record: Record) -> Iterator[tuple[Path, tuple[str | Citation, ...]]]:
    """The lists of ids, citations and texts in a record and in the records within it that do not stand alone."""
    for name, value in record:
        # Most fields are empty or a text, and asking a value whether it is a record takes longer.
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
    """Whether a value is a record that is met only within another."""
    return isinstance(value, Record) and not value.stands_alone


def check_grades(briefing: Briefing) -> Iterator[Problem]:
    """What is cited is graded by the Admiralty code.

    ``ungraded``: A source has its reliability, and what other sources than those under analysis add its
    credibility (warning).

        facts/sources.yml
            url: https://survey.example/chart
        +   reliability: C
    """
    for source in briefing.sources:
        if source.reliability is None and source.id not in briefing.failed:
            message = f"source '{source.id}' has no 'reliability'"
            yield Problem(source.at("id"), "ungraded", message, "grade it from A to F", Severity.WARNING)
    # Without it the sources under analysis are not known.
    if briefing.head is None:
        return
    for fact in briefing.facts:
        known = fact.cite[0].source in briefing.source_by_id and fact.id not in briefing.failed
        if known and not briefing.is_base(fact) and fact.credibility is None:
            message = f"fact '{fact.id}' cites another source and has no 'credibility'"
            yield Problem(fact.at("id"), "ungraded", message, "grade it from 1 to 6", Severity.WARNING)


def check_unused(briefing: Briefing) -> Iterator[Problem]:
    """Every record serves a fact.

    ``unused-actor``: An actor speaks, is a country, or has a fact about it (warning).

        facts/actors.yml
        - - id: harbour-master
        -   name: Harbour Master
        -   kind: person
          - id: port-authority

    ``unused-place``: A place has a fact about it (warning).

        facts/places.yml
        - - id: lighthouse
        -   name: Lighthouse
        -   kind: lighthouse
          - id: harbour-basin

    ``unused-term``: A term has a fact about it, or another term leads to it (warning).

        facts/glossary.yml
        +   see: [pier]
          - id: pier

    ``unused-source``: A source is cited (warning).

        facts/sources.yml
        - - id: diary
        -   title: A diary
        -   publisher: The Port
        -   reliability: D
          - id: chart
    """
    # What could not be read may have used it.
    if briefing.failed or briefing.unread:
        return
    used = {target for _, _, kind, target in references(briefing) if kind in ("entity", "actor", "term")}
    cited = {cited.source for _, _, cited in citations(briefing)}
    # A source under analysis has to be cited, too: that the briefing's head names it does not count.
    cited |= {
        target
        for record, _, kind, target in references(briefing)
        if kind == "source" and isinstance(target, str) and not isinstance(record, BriefingHead)
    }
    kinds: tuple[tuple[str, Iterable[Actor | Place | Term]], ...] = (
        ("actor", briefing.actors),
        ("place", briefing.places),
        ("term", briefing.terms),
    )
    for name, records in kinds:
        for record in records:
            if record.id not in used:
                yield _unused(name, record.id, record.at("id"))
    for source in briefing.sources:
        if source.id not in cited:
            yield _unused("source", source.id, source.at("id"))


def _unused(name: str, unused_id: str, span: Span) -> Problem:
    message = f"nothing uses the {name} '{unused_id}'"
    return Problem(span, f"unused-{name}", message, "use it or delete it", Severity.WARNING)
