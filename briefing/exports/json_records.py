"""The records as JSON, in one envelope, and each fact in a file of its own. The models are also the schemas."""

import posixpath
from typing import Any, Literal

from pydantic import BaseModel, Field
from pydantic_core import to_json

from briefing.exports.edition import Edition, Exported, Revision, hashed
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import Cite, Date, Slug, Slugs, Url
from briefing.model.records import Actor, BriefingHead, Fact, License, Place, Record, Source, Table, Term
from briefing.views.statement import part_label, voice_of

FORMAT: Literal["1"] = "1"
HASHED = "sha256:"


class FactRecord(Fact):
    """A fact as it is written, with what follows from where it stands and from other facts."""

    topic: Slug = Field(description="The topic on whose page it stands first.")
    section: str = Field(description="The heading under which it stands there.")
    voice: Literal["base", "other"] = Field(
        description="Whether it speaks for a source under analysis (base) or for other sources (other)."
    )
    corrected_by: Slugs = Field(description="Facts that still stand and correct this one.")
    refined_by: Slugs = Field(description="Facts that still stand and make this one more exact.")
    disputed_by: Slugs = Field(description="Facts that still stand and dispute this one.")
    superseded_by: Slugs = Field(description="Facts because of which this one no longer stands.")


class SectionRecord(Record):
    """A heading and its facts, by id, in reading order."""

    title: str = Field(description="The heading.")
    facts: Slugs = Field(description="Ids of its facts.")


class TopicRecord(Record):
    """A page of the briefing."""

    id: Slug = Field(description="The page's name.")
    title: str = Field(description="The page's heading.")
    asks: str = Field(description="The question that the page answers.")
    tables: tuple[Table, ...] = Field(description="Facts side by side.")
    map: Slugs = Field(description="Places drawn on a map at the top of the page.")
    sections: tuple[SectionRecord, ...] = Field(description="Headings and their facts.")


class Records(Record):
    """Everything that the briefing says. Ids lead from one record to another."""

    briefing: BriefingHead = Field(description="The briefing's own words: bottom line, judgments, open questions.")
    topics: tuple[TopicRecord, ...] = Field(description="The pages, in reading order.")
    facts: tuple[FactRecord, ...] = Field(
        description="Every fact, topic by topic, in reading order, also those retired or superseded."
    )
    sources: tuple[Source, ...] = Field(description="What the facts cite.")
    actors: tuple[Actor, ...] = Field(description="Who is involved.")
    places: tuple[Place, ...] = Field(description="Where it happens.")
    terms: tuple[Term, ...] = Field(description="Terms explained.")


class _Envelope(Exported):
    # Every pydantic model has a method called `schema`, so that a field cannot have that name.
    described_by: str = Field(alias="$schema", description="Where the schema of this file stands, from this file.")
    format: Literal["1"] = Field(description="The version of this format; another number is another shape.")
    title: str = Field(description="The briefing's title.")
    site: Url | None = Field(description="Where the briefing is published.")
    cutoff: Date = Field(description="The day after which nothing is taken into account, in EDTF.")
    reviewed: Date | None = Field(description="When somebody last went through all of it, in EDTF.")
    license: License | None = Field(description="Under which the content may be shared.")
    content_hash: str = Field(
        description="sha256: and the SHA-256, in hexadecimal digits, of all the briefing's records (`records` of the "
        "file of all facts) as canonical JSON: keys sorted, no white space, UTF-8.",
        pattern="^sha256:[0-9a-f]{64}$",
    )
    revision: Revision | None = Field(description="The state of the facts in version control, where there is one.")


class FactsFile(_Envelope):
    """The whole briefing."""

    records: Records = Field(description="What the content hash is made of.")


class Evidence(Exported):
    """What stands behind a fact."""

    cite: Cite = Field(description="The citation as the fact has it: source:part.")
    part: str = Field(description="The part of the source, as a reader is shown it; empty for the whole.")
    page: str = Field(description="The page of this site that tells of the source or of its part.")
    source: Source = Field(description="The source.")


class FactFile(_Envelope):
    """One fact with its evidence."""

    page: str = Field(description="The fact's page.")
    data: str = Field(description="The file of all facts.")
    fact: FactRecord = Field(description="The fact.")
    evidence: tuple[Evidence, ...] = Field(description="What it cites, the main one first.")


def fact_record(briefing: Briefing, fact: Fact) -> FactRecord:
    """The fact with what follows from its place."""
    return FactRecord.model_construct(
        **dict(fact),
        topic=briefing.topic_of[fact.id].id,
        section=briefing.section_of[fact.id].title,
        voice=voice_of(briefing, fact),
        corrected_by=tuple(other.id for other in briefing.corrections_of.get(fact.id, ())),
        refined_by=tuple(other.id for other in briefing.refinements_of.get(fact.id, ())),
        disputed_by=tuple(other.id for other in briefing.disputes_of.get(fact.id, ())),
        superseded_by=tuple(other.id for other in briefing.successors_of.get(fact.id, ())),
    )


def records(briefing: Briefing) -> Records:
    """Every record of a briefing without errors, but for what machines keep of pinned sources."""
    assert briefing.head
    return Records(
        briefing=briefing.head,
        topics=tuple(
            TopicRecord(
                id=topic.id,
                title=topic.title,
                asks=topic.asks,
                tables=topic.tables,
                map=topic.map,
                sections=tuple(
                    SectionRecord(title=section.title, facts=tuple(fact.id for fact in section.facts))
                    for section in topic.sections
                ),
            )
            for topic in briefing.topics
        ),
        facts=tuple(fact_record(briefing, fact) for fact in briefing.facts),
        sources=briefing.sources,
        actors=briefing.actors,
        places=briefing.places,
        terms=briefing.terms,
    )


def plain(model: BaseModel) -> dict[str, Any]:
    """A record as JSON's own values, under the names that an editor writes; every field is there, null if not said."""
    value: dict[str, Any] = _whole(model.model_dump(mode="json", by_alias=True))
    return value


def _whole(value: Any) -> Any:
    """The value with 32 for 32.0, as other languages write it: the hash must come out the same in all."""
    if isinstance(value, dict):
        return {key: _whole(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_whole(part) for part in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def edition(briefing: Briefing, site: str, revision: Revision | None) -> Edition:
    """The edition of a briefing without errors."""
    head = briefing.head
    assert head
    return Edition(head.title, head.reviewed or head.cutoff, site, hashed(plain(records(briefing))), revision)


def facts_json(briefing: Briefing, edition: Edition) -> bytes:
    """All records in one envelope (``FactsFile``)."""
    file = FactsFile.model_construct(
        **_envelope(briefing, edition, posixpath.basename(routes.FACTS_SCHEMA)), records=records(briefing)
    )
    return json_bytes(plain(file))


def fact_json(briefing: Briefing, fact: Fact, edition: Edition) -> bytes:
    """One fact with its evidence (``FactFile``)."""
    file = FactFile.model_construct(
        **_envelope(briefing, edition, f"../{routes.FACT_SCHEMA}"),
        page=edition.url(routes.fact(fact)),
        data=edition.url(routes.FACTS_JSON),
        fact=fact_record(briefing, fact),
        evidence=tuple(
            Evidence.model_construct(
                cite=cited,
                part=part_label(briefing.source_by_id[cited.source], cited),
                page=edition.url(routes.cited(briefing, cited)),
                source=briefing.source_by_id[cited.source],
            )
            for cited in fact.cite
        ),
    )
    return json_bytes(plain(file))


def _envelope(briefing: Briefing, edition: Edition, schema: str) -> dict[str, Any]:
    head = briefing.head
    assert head
    return {
        "described_by": schema,
        "format": FORMAT,
        "title": head.title,
        "site": edition.site or None,
        "cutoff": head.cutoff,
        "reviewed": head.reviewed,
        "license": head.license,
        "content_hash": HASHED + edition.digest,
        "revision": edition.revision,
    }


def json_bytes(value: object) -> bytes:
    """JSON as people can read it, in UTF-8."""
    return to_json(value, indent=1) + b"\n"
