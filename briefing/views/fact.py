"""The page of one fact: what it says, who says so, since when, and where to check it."""

from collections import Counter
from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import CREDIBILITY, RELIABILITY
from briefing.model.records import Actor, Fact, Place, Term
from briefing.model.review_dates import review_by
from briefing.views.statement import (
    KIND_WORDS,
    Link,
    Sentence,
    cited_sources,
    entity_link,
    grade,
    named_sentences,
    part_label,
    sentence,
    sentences,
    topic_link,
)

RELATED = 6


@dataclass(frozen=True, slots=True)
class FactPage:
    """What a fact's page needs. ``speaker`` is None where the source speaks in its own voice."""

    sentence: Sentence
    kind: str
    speaker: Link | None
    publisher: str
    when: str
    derived: str
    as_of: str
    review_by: str
    sources: tuple[tuple[Link, str], ...]
    grade: str
    reliability: str
    credibility: str
    actors: tuple[Link, ...]
    places: tuple[Link, ...]
    terms: tuple[tuple[Link, str], ...]
    topic: Link
    corrects: tuple[Sentence, ...]
    refines: tuple[Sentence, ...]
    disputes: tuple[Sentence, ...]
    retired: str
    successors: tuple[Sentence, ...]
    supersedes: tuple[Sentence, ...]
    related: tuple[Sentence, ...]
    data: str
    file: str
    line: int


def fact_page(briefing: Briefing, fact: Fact) -> FactPage:
    """What the page of ``fact`` needs."""
    about = [briefing.entity_by_id[id] for id in fact.about]
    place = fact.at()
    source = briefing.source_by_id[fact.cite[0].source]
    return FactPage(
        sentence=sentence(briefing, fact),
        kind=KIND_WORDS[fact.kind],
        speaker=entity_link(briefing.entity_by_id[fact.by]) if fact.by else None,
        publisher=source.publisher,
        when=fact.when.words if fact.when else "",
        derived=fact.derived or "",
        as_of=fact.as_of.words if fact.as_of else "",
        review_by=by.words if (by := review_by(briefing, fact)) else "",
        sources=cited_sources(briefing, fact),
        grade=grade(source, fact),
        reliability=RELIABILITY[source.reliability] if source.reliability else "",
        credibility=CREDIBILITY[fact.credibility] if fact.credibility else "",
        actors=tuple(entity_link(entity) for entity in about if isinstance(entity, Actor)),
        places=tuple(entity_link(entity) for entity in about if isinstance(entity, Place)),
        terms=tuple((entity_link(entity), entity.explains) for entity in about if isinstance(entity, Term)),
        topic=topic_link(briefing.topic_of[fact.id]),
        corrects=named_sentences(briefing, fact.corrects),
        refines=named_sentences(briefing, fact.refines),
        disputes=named_sentences(briefing, fact.disputes),
        retired=fact.retired or "",
        successors=sentences(briefing, briefing.successors_of.get(fact.id, ())),
        supersedes=named_sentences(briefing, fact.supersedes),
        related=sentences(briefing, _related(briefing, fact)),
        data=routes.fact_data(fact),
        file=place.file,
        line=place.line,
    )


def careful(briefing: Briefing, fact: Fact) -> str:
    """A sentence to copy: the claim, whose it is, when said to be, by which paragraph, and how it is graded."""
    source = briefing.source_by_id[fact.cite[0].source]
    speaker = f"{briefing.entity_by_id[fact.by].name}, as given by " if fact.by else ""
    parts = [
        f"{KIND_WORDS[fact.kind].lower()} of {speaker}{source.publisher}",
        ", ".join(part_label(source, cited) for cited in fact.cite if cited.source == source.id and cited.part),
        f"dated {fact.when.words}{' (derived)' if fact.derived else ''}" if fact.when else "",
        f"grade {grade(source, fact)}" if grade(source, fact) else "",
    ]
    return f"{fact.says} [{'; '.join(part for part in parts if part)}] {caution(briefing, fact)}".rstrip()


def caution(briefing: Briefing, fact: Fact) -> str:
    """What nobody may leave out who repeats the claim; empty where there is nothing against it."""
    if not briefing.is_current(fact):
        return "No longer held: retired or superseded."
    disputed = fact.id in briefing.disputes_of or fact.id in briefing.corrections_of
    return "Other sources correct or dispute this." if disputed else ""


def _related(briefing: Briefing, fact: Fact) -> tuple[Fact, ...]:
    """The facts that share most with this one: a cited paragraph, and rare entities most."""
    shared: Counter[str] = Counter()
    for id in fact.about:
        others = briefing.facts_about.get(id, ())
        weight = 200 // (1 + len(others))
        for other in others if weight else ():  # what very many are about joins none of them
            shared[other.id] += weight
    for cited in fact.cite:
        for other in briefing.facts_by_citation.get(cited, ()):
            shared[other.id] += 60
    told = {fact.id, *fact.targets, *(other.id for other in briefing.successors_of.get(fact.id, ()))}
    told |= {other.sentence.id for other in sentence(briefing, fact).beside}
    ranked = sorted((id for id in shared if id not in told), key=lambda id: (-shared[id], id))
    return tuple(briefing.fact_by_id[id] for id in ranked[:RELATED])
