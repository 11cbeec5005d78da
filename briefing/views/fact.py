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
    date_words,
    entity_link,
    entity_link_by_id,
    grade,
    named_sentences,
    part_label,
    sentence,
    sentences,
    topic_link,
)

RELATED = 6
# How closely a shared paragraph and a shared entity relate two facts. The entity's weight is divided among all facts
# about it, so that one of very many facts relates none of them.
_PARAGRAPH_WEIGHT = 60
_ENTITY_WEIGHT = 200


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
    about = [briefing.entity_by_id[entity_id] for entity_id in fact.about]
    place = fact.at()
    source = briefing.source_by_id[fact.cite[0].source]
    return FactPage(
        sentence=sentence(briefing, fact),
        kind=KIND_WORDS[fact.kind],
        speaker=entity_link_by_id(briefing, fact.by),
        publisher=source.publisher,
        when=date_words(fact.when),
        derived=fact.derived or "",
        as_of=date_words(fact.as_of),
        review_by=date_words(review_by(briefing, fact)),
        sources=cited_sources(briefing, fact),
        grade=grade(source, fact),
        reliability=RELIABILITY.get(source.reliability or "", ""),
        credibility=CREDIBILITY.get(fact.credibility or "", ""),
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
    speaker = source.publisher
    if fact.by:
        speaker = f"{briefing.entity_by_id[fact.by].name}, as given by {source.publisher}"
    parts = [f"{KIND_WORDS[fact.kind].lower()} of {speaker}"]
    labels = [part_label(source, cited) for cited in fact.cite if cited.source == source.id and cited.part]
    if labels:
        parts.append(", ".join(labels))
    if fact.when and fact.derived:
        parts.append(f"dated {fact.when.words} (derived)")
    elif fact.when:
        parts.append(f"dated {fact.when.words}")
    if grade(source, fact):
        parts.append(f"grade {grade(source, fact)}")
    return f"{fact.says} [{'; '.join(parts)}] {caution(briefing, fact)}".rstrip()


def caution(briefing: Briefing, fact: Fact) -> str:
    """What nobody may leave out who repeats the claim; empty where there is nothing against it."""
    if not briefing.is_current(fact):
        return "No longer held: retired or superseded."
    if fact.id in briefing.disputes_of or fact.id in briefing.corrections_of:
        return "Other sources correct or dispute this."
    return ""


def _related(briefing: Briefing, fact: Fact) -> tuple[Fact, ...]:
    """Return the facts that share most with this one: a cited paragraph, and rare entities most."""
    weights: Counter[str] = Counter()
    for entity_id in fact.about:
        others = briefing.facts_about.get(entity_id, ())
        weight = _ENTITY_WEIGHT // (1 + len(others))
        if not weight:
            continue
        for other in others:
            weights[other.id] += weight
    for cited in fact.cite:
        for other in briefing.facts_by_citation.get(cited, ()):
            weights[other.id] += _PARAGRAPH_WEIGHT
    # The page shows these anyway, each for what it has to do with the fact.
    shown = {fact.id, *fact.targets}
    shown |= {other.id for other in briefing.successors_of.get(fact.id, ())}
    shown |= {response.sentence.id for response in sentence(briefing, fact).beside}
    related = [fact_id for fact_id in weights if fact_id not in shown]
    # Ties go by id, so that the same facts give the same page.
    related.sort(key=lambda fact_id: (-weights[fact_id], fact_id))
    return tuple(briefing.fact_by_id[fact_id] for fact_id in related[:RELATED])
