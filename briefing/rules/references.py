"""What one record says of another: it must be there, and something must need it."""

from collections.abc import Iterable, Iterator

from briefing.load import Path
from briefing.model import Actor, Briefing, Citation, Place, Record, Table, Term
from briefing.problems import Problem, Severity, Span, did_you_mean

_LISTS = {
    "about",
    "answers",
    "map",
    "cite",
    "also",
    "corrects",
    "refines",
    "disputes",
    "supersedes",
    "rests_on",
    "see",
    "topics",
    "based_on",
    "aliases",
}
_ENTITY_FILES = {"facts/actors.yml", "facts/places.yml", "facts/glossary.yml"}


def _unknown(briefing: Briefing, id: str, known: Iterable[str], code: str, what: str, span: Span) -> Iterator[Problem]:
    """A problem where ``id`` is not among ``known`` and no record of that id failed to be read."""
    known = set(known)
    if id not in known and id not in briefing.failed:
        yield Problem(span, code, f"there is no {what} '{id}'", did_you_mean(id, known))


def _topics_unread(briefing: Briefing) -> bool:
    return any(file.startswith("facts/topics/") for file in briefing.unread)


def _citations(briefing: Briefing) -> Iterator[tuple[Record, tuple[str | int, ...], Citation]]:
    for fact in briefing.facts:
        yield from ((fact, ("cite", number), cited) for number, cited in enumerate(fact.cite))
    for term in briefing.terms:
        yield from ((term, ("cite", number), cited) for number, cited in enumerate(term.cite))
    for actor in briefing.actors:
        for index, role in enumerate(actor.roles):
            yield from ((actor, ("roles", index, "cite", number), cited) for number, cited in enumerate(role.cite))


def check_citations(briefing: Briefing) -> Iterator[Problem]:
    """``unknown-source``, ``unknown-paragraph``: a citation leads to a source and to a part that the source has."""
    if "facts/sources.yml" in briefing.unread:
        return
    sources = briefing.source_by_id
    for record, path, cited in _citations(briefing):
        span = record.at(*path)
        source = sources.get(cited.source)
        if source is None:
            yield from _unknown(briefing, cited.source, sources, "unknown-source", "source", span)
        elif source.id in briefing.failed:
            continue  # its unit or count may be what could not be read
        elif source.unit is None or source.count is None:
            if cited.part:
                message = f"'{cited}' names a part, but source '{source.id}' is cited whole"
                yield Problem(
                    span, "unknown-paragraph", message, "drop the part, or give the source 'unit' and 'count'"
                )
        elif not cited.part:
            message = f"'{cited}' names no {source.unit}"
            yield Problem(span, "unknown-paragraph", message, f"add one, from 1 to {source.count}: {source.id}:1")
        elif not 1 <= int(cited.part.split(".")[0]) <= source.count:
            message = f"source '{source.id}' has no {source.unit} {cited.part}"
            yield Problem(span, "unknown-paragraph", message, f"it has {source.unit}s 1 to {source.count}")
    for place in briefing.places:
        if place.position and place.position.origin:
            span = place.at("position", "from")
            yield from _unknown(briefing, place.position.origin, sources, "unknown-source", "source", span)
    if briefing.head:
        for number, id in enumerate(briefing.head.based_on):
            span = briefing.head.at("based_on", number)
            yield from _unknown(briefing, id, sources, "unknown-source", "source", span)


def check_entity_references(briefing: Briefing) -> Iterator[Problem]:
    """``unknown-entity``, ``unknown-actor``, ``unknown-term``: whom and what a record names is described somewhere."""
    entities = briefing.entity_by_id
    if not briefing.unread & _ENTITY_FILES:
        for fact in briefing.facts:
            for number, id in enumerate(fact.about):
                span = fact.at("about", number)
                yield from _unknown(briefing, id, entities, "unknown-entity", "actor, place or term", span)
    actors = {actor.id for actor in briefing.actors}
    if "facts/actors.yml" not in briefing.unread:
        for fact in briefing.facts:
            if fact.by:
                yield from _unknown(briefing, fact.by, actors, "unknown-actor", "actor", fact.at("by"))
        for entity in _in_countries(briefing):
            if entity.country:
                span = entity.at("country")
                yield from _unknown(briefing, entity.country, actors, "unknown-actor", "actor", span)
    terms = {term.id for term in briefing.terms}
    for term in briefing.terms:
        for number, id in enumerate(term.see):
            yield from _unknown(briefing, id, terms, "unknown-term", "term", term.at("see", number))


def check_fact_references(briefing: Briefing) -> Iterator[Problem]:
    """``unknown-fact``, ``self-reference``: a fact that is built on, corrected or disputed exists, and is another."""
    if _topics_unread(briefing):
        return
    for record, path, ids in _fact_references(briefing):
        for number, id in enumerate(ids):
            span = record.at(*path, number)
            yield from _unknown(briefing, id, briefing.fact_by_id, "unknown-fact", "fact", span)
            if id == getattr(record, "id", None):
                yield Problem(span, "self-reference", f"'{id}' {path[0]} itself", "name the other fact")


def _fact_references(briefing: Briefing) -> Iterator[tuple[Record, Path, tuple[str, ...]]]:
    for fact in briefing.facts:
        yield fact, ("corrects",), fact.corrects
        yield fact, ("refines",), fact.refines
        yield fact, ("disputes",), fact.disputes
        yield fact, ("supersedes",), fact.supersedes
    yield from ((record, path, ids) for record, path, _, ids in briefing.rested())


def check_succession(briefing: Briefing) -> Iterator[Problem]:
    """``rests-on-retired``, ``circular-succession``: nothing rests on what no longer stands; one fact is the newest."""
    current = {fact.id for fact in briefing.current_facts}
    for record, path, _, ids in briefing.rested():
        for number, id in enumerate(ids):
            if id in briefing.fact_by_id and id not in current:
                successors = " and ".join(f"'{fact.id}'" for fact in briefing.successors_of.get(id, ()))
                message = f"the fact '{id}' is {'superseded' if successors else 'retired'}"
                help = f"rest it on {successors or 'facts that stand'}"
                yield Problem(record.at(*path, number), "rests-on-retired", message, help)
    for fact in briefing.facts:
        newer, left = set[str](), list(briefing.successors_of.get(fact.id, ()))
        while left:
            successor = left.pop()
            if successor.id not in newer:
                newer.add(successor.id)
                left += briefing.successors_of.get(successor.id, ())
        if fact.id in newer and fact.id not in fact.supersedes:
            message = f"'{fact.id}' supersedes facts that supersede it in turn"
            yield Problem(fact.at("supersedes"), "circular-succession", message, "let the newest supersede the others")


def check_views(briefing: Briefing) -> Iterator[Problem]:
    """``unknown-question``, ``unused-question``: a fact answers questions that are asked, and each is answered."""
    if briefing.head is None:
        return
    asked = {question.id for question in briefing.head.views}
    for fact in briefing.facts:
        for number, id in enumerate(fact.answers):
            span = fact.at("answers", number)
            yield from _unknown(briefing, id, asked, "unknown-question", "question among 'views'", span)
    answered = {id for fact in briefing.current_facts for id in fact.answers}
    for question in briefing.head.views:
        if question.id not in answered and not briefing.failed and not briefing.unread:
            yield _unused("question", question.id, question.at("id"))


def check_tables(briefing: Briefing) -> Iterator[Problem]:
    """``uneven-row``: a row of a table has a cell for each column."""
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


def _in_countries(briefing: Briefing) -> tuple[Actor | Place, ...]:
    return (*briefing.actors, *briefing.places)


def check_topic_references(briefing: Briefing) -> Iterator[Problem]:
    """``unknown-topic``, ``unlisted-topic``, ``unknown-place``: topics are listed, have files and known places."""
    topics = briefing.topic_by_id
    for fact in briefing.facts:
        for number, id in enumerate(fact.also):
            span = fact.at("also", number)
            if f"facts/topics/{id}.yml" not in briefing.unread:
                yield from _unknown(briefing, id, topics, "unknown-topic", "topic", span)
    if briefing.head is None:
        return
    for number, id in enumerate(briefing.head.topics):
        if f"facts/topics/{id}.yml" not in briefing.unread:
            span = briefing.head.at("topics", number)
            yield from _unknown(briefing, id, topics, "unknown-topic", "topic", span)
    places = {place.id for place in briefing.places}
    for topic in briefing.topics:
        for number, id in enumerate(topic.map if "facts/places.yml" not in briefing.unread else ()):
            yield from _unknown(briefing, id, places, "unknown-place", "place", topic.at("map", number))
        if topic.id not in briefing.head.topics:
            message = f"facts/briefing.yml does not list the topic '{topic.id}'"
            yield Problem(topic.at(), "unlisted-topic", message, "add it to 'topics' where a reader should meet it")


def check_doubles(briefing: Briefing) -> Iterator[Problem]:
    """``duplicate-reference``: a list names nothing twice; often one of the two was meant to be another."""
    for record in briefing.everything():
        for name, value in record:
            if name in _LISTS and isinstance(value, tuple):
                for index, item in enumerate(value):
                    if item in value[:index]:
                        message = f"'{item}' stands twice in '{name}'"
                        yield Problem(
                            record.at(name, index), "duplicate-reference", message, "delete one, or name the other"
                        )


def check_grades(briefing: Briefing) -> Iterator[Problem]:
    """``ungraded``: a source has its reliability, and what other sources add its credibility (warning)."""
    for source in briefing.sources:
        if source.reliability is None and source.id not in briefing.failed:
            message = f"source '{source.id}' has no 'reliability'"
            yield Problem(source.at("id"), "ungraded", message, "grade it from A to F", Severity.WARNING)
    if briefing.head is None:
        return  # nobody knows which sources are the others
    for fact in briefing.facts:
        known = fact.cite[0].source in briefing.source_by_id and fact.id not in briefing.failed
        if known and not briefing.is_base(fact) and fact.credibility is None:
            message = f"fact '{fact.id}' cites another source and has no 'credibility'"
            yield Problem(fact.at("id"), "ungraded", message, "grade it from 1 to 6", Severity.WARNING)


def check_unused(briefing: Briefing) -> Iterator[Problem]:
    """``unused-actor``, ``unused-place``, ``unused-term``, ``unused-source``: every record serves a fact (warning)."""
    if briefing.failed or briefing.unread:
        return  # what could not be read may have used it
    used = {id for fact in briefing.facts for id in (*fact.about, *([fact.by] if fact.by else []))}
    used |= {entity.country for entity in _in_countries(briefing) if entity.country}
    used |= {id for term in briefing.terms for id in term.see}
    cited = {cited.source for _, _, cited in _citations(briefing)}
    cited |= {place.position.origin for place in briefing.places if place.position and place.position.origin}
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


def _unused(name: str, id: str, span: Span) -> Problem:
    return Problem(span, f"unused-{name}", f"nothing uses the {name} '{id}'", "use it or delete it", Severity.WARNING)
