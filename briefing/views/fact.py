"""The page of one fact: the claim, its source, its date, and where to check it."""

from collections import Counter
from dataclasses import dataclass

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import CREDIBILITY, RELIABILITY
from briefing.model.records import Actor, Fact, Place, Term
from briefing.model.review_dates import review_by
from briefing.views.evidence import Evidence, checks, evidence
from briefing.views.labels import part_label, translate
from briefing.views.statement import (
    KIND_WORDS,
    Link,
    Sentence,
    consequence,
    entity_link,
    entity_link_by_id,
    grade,
    named_sentences,
    sentence,
    sentences,
    topic_link,
)

RELATED = 6
# The weight of a shared paragraph and of a shared entity. The weight of an entity is divided among all facts about it,
# so that an entity with very many facts relates none of them.
_PARAGRAPH_WEIGHT = 60
_ENTITY_WEIGHT = 200


@dataclass(frozen=True, slots=True)
class FactPage:
    """The content of a fact's page.

    ``speaker`` is None if the source speaks in its own voice. ``compared`` is its entry on the page of checks,
    or empty if the fact is no longer current.
    """

    sentence: Sentence
    kind: str
    speaker: Link | None
    publisher: str
    when: str
    derived: str
    as_of: str
    review_by: str
    evidence: tuple[Evidence, ...]
    checks: tuple[str, ...]
    compared: str
    consequence: str
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


def fact_description(briefing: Briefing, fact: Fact) -> str:
    """Return the fact with its source and date, as a description of its page."""
    t = briefing.language.gettext
    source = claimant(briefing, fact)
    if fact.when is None:
        return t("%(sentence)s Source: %(source)s.", sentence=fact.says, source=source)
    date = briefing.language.format_date(fact.when)
    return t("%(sentence)s Source: %(source)s. Date: %(date)s.", sentence=fact.says, source=source, date=date)


def fact_page(briefing: Briefing, fact: Fact) -> FactPage:
    """Return the content of the page of ``fact``."""
    about = [briefing.entity_by_id[entity_id] for entity_id in fact.about]
    place = fact.at()
    t = briefing.language
    source = briefing.source_by_id[fact.cite[0].source]
    return FactPage(
        sentence=sentence(briefing, fact),
        kind=t.gettext(KIND_WORDS[fact.kind]),
        speaker=entity_link_by_id(briefing, fact.by),
        publisher=source.publisher,
        when=t.format_date(fact.when),
        derived=fact.derived or "",
        as_of=t.format_date(fact.as_of),
        review_by=t.format_date(review_by(briefing, fact)),
        evidence=evidence(briefing, fact),
        checks=checks(briefing, fact),
        compared=routes.fact_checks(fact) if briefing.is_current(fact) else "",
        consequence=consequence(briefing, fact),
        grade=grade(source, fact),
        reliability=translate(t, RELIABILITY, source.reliability or ""),
        credibility=translate(t, CREDIBILITY, fact.credibility or ""),
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
    """Return a sentence to copy: the claim with its kind, source, paragraph, date, grade and caution."""
    t = briefing.language
    source = briefing.source_by_id[fact.cite[0].source]
    parts = [t.gettext(KIND_WORDS[fact.kind]), claimant(briefing, fact)]
    labels = [part_label(source, cited.part, t) for cited in fact.cite if cited.source == source.id and cited.part]
    if labels:
        parts.append(", ".join(labels))
    if fact.when and fact.derived:
        parts.append(t.gettext("dated %(date)s (derived)", date=t.format_date(fact.when)))
    elif fact.when:
        parts.append(t.gettext("dated %(date)s", date=t.format_date(fact.when)))
    if grade(source, fact):
        parts.append(t.gettext("grade %(grade)s", grade=grade(source, fact)))
    return f"{fact.says} [{'; '.join(parts)}] {caution(briefing, fact)}".rstrip()


def claimant(briefing: Briefing, fact: Fact) -> str:
    """Return who makes the claim: the speaker and the publisher that reports it, or the publisher alone."""
    publisher = briefing.source_by_id[fact.cite[0].source].publisher
    if not fact.by:
        return publisher
    speaker = briefing.entity_by_id[fact.by].name
    return briefing.language.gettext("%(speaker)s, as reported by %(publisher)s", speaker=speaker, publisher=publisher)


def caution(briefing: Briefing, fact: Fact) -> str:
    """Return the caution that belongs with every copy of the claim, or an empty string if it is undisputed."""
    if not briefing.is_current(fact):
        return briefing.language.gettext("We no longer stand by this fact: it has been withdrawn or superseded.")
    if fact.id in briefing.disputes_of or fact.id in briefing.corrections_of:
        return briefing.language.gettext("Other sources correct or dispute this fact.")
    return ""


def _related(briefing: Briefing, fact: Fact) -> tuple[Fact, ...]:
    """Return the facts that share most with this one. A cited paragraph and a rare entity count most."""
    weights: Counter[str] = Counter()
    for entity_id in fact.about:
        others = briefing.facts_about.get(entity_id, ())
        weight = _ENTITY_WEIGHT // (1 + len(others))
        if not weight:
            continue
        for other in others:
            weights[other.id] += weight
    for cited in fact.cite:
        for other in briefing.facts_by_citation.get(cited.place, ()):
            weights[other.id] += _PARAGRAPH_WEIGHT
    # The page already shows these under their relation to the fact.
    shown = {fact.id, *fact.targets}
    shown |= {other.id for other in briefing.successors_of.get(fact.id, ())}
    shown |= {response.sentence.id for response in sentence(briefing, fact).beside}
    related = [fact_id for fact_id in weights if fact_id not in shown]
    # Break ties by id, so that the same facts give the same page.
    related.sort(key=lambda fact_id: (-weights[fact_id], fact_id))
    return tuple(briefing.fact_by_id[fact_id] for fact_id in related[:RELATED])
