"""The records as JSON: all in one file, and each fact in its own file. The models also define the schemas."""

import posixpath
from typing import Any, Literal

from pydantic import BaseModel, Field
from pydantic_core import to_json

from briefing.exports.edition import Edition, Exported, Revision, hashed
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import Date, Slug, Slugs, Url
from briefing.model.records import Actor, BriefingHead, Cite, Fact, License, Place, Record, Source, Table, Term
from briefing.text.language import N_
from briefing.views.labels import part_label
from briefing.views.statement import voice_of

FORMAT: Literal["1"] = "1"
HASHED = "sha256:"


class FactRecord(Fact):
    """A fact as written, with its topic and section, and with the facts that respond to it."""

    topic: Slug = Field(description=N_("The topic it belongs to."))
    section: str = Field(description=N_("The heading above the fact on the topic's page."))
    voice: Literal["base", "other"] = Field(
        description=N_("base for a source under analysis, other for any other source.")
    )
    corrected_by: Slugs = Field(description=N_("Current facts that correct this one."))
    refined_by: Slugs = Field(description=N_("Current facts that clarify this one."))
    disputed_by: Slugs = Field(description=N_("Current facts that dispute this one."))
    superseded_by: Slugs = Field(description=N_("Facts that supersede this one."))


class SectionRecord(Record):
    """A heading and its facts, by id, in reading order."""

    title: str = Field(description="The heading.")
    facts: Slugs = Field(description="Ids of its facts.")


class TopicRecord(Record):
    """A page of the briefing."""

    id: Slug = Field(description="The page's name.")
    title: str = Field(description="The page's heading.")
    asks: str = Field(description="The question that the page answers.")
    tables: tuple[Table, ...] = Field(description="Tables that compare facts.")
    map: Slugs = Field(description="Places drawn on a map at the top of the page.")
    sections: tuple[SectionRecord, ...] = Field(description="Headings and their facts.")


class Records(Record):
    """All records of the briefing, linked by ids."""

    briefing: BriefingHead = Field(description="The editors' own part: bottom line, judgments, open questions.")
    topics: tuple[TopicRecord, ...] = Field(description="The pages, in reading order.")
    facts: tuple[FactRecord, ...] = Field(
        description="Every fact, including retired and superseded ones, by topic in reading order."
    )
    sources: tuple[Source, ...] = Field(description="The sources that the facts cite.")
    actors: tuple[Actor, ...] = Field(description="Who is involved.")
    places: tuple[Place, ...] = Field(description="Where it happens.")
    terms: tuple[Term, ...] = Field(description="Terms explained.")


class Envelope(Exported):
    """What every file says of the briefing and its edition."""

    # Every pydantic model has a method `schema`, so no field can have that name.
    described_by: str = Field(alias="$schema", description="The address of this file's schema, relative to this file.")
    format: Literal["1"] = Field(description="The version of this format. It changes when the structure changes.")
    title: str = Field(description="The briefing's title.")
    site: Url | None = Field(description="The address where the briefing is published.")
    cutoff: Date = Field(description="The date up to which information was considered, in EDTF.")
    reviewed: Date | None = Field(description="The date of the last full review, in EDTF.")
    license: License | None = Field(description="The licence of the content.")
    content_hash: str = Field(
        description="sha256: followed by the SHA-256 hash, in hexadecimal digits, of all records (`records` in the file"
        " of all facts) as canonical JSON: keys sorted, no white space, UTF-8.",
        pattern="^sha256:[0-9a-f]{64}$",
    )
    revision: Revision | None = Field(description="The state of the facts in version control, if they are in it.")


class FactsFile(Envelope):
    """The whole briefing."""

    records: Records = Field(description="The records that the content hash is computed from.")


class Evidence(Exported):
    """A citation of a fact, with its source."""

    cite: Cite = Field(description="The citation as written in the fact: source:part, or with its quotation.")
    part: str = Field(
        description="The part of the source as shown to readers; empty if the source is cited as a whole."
    )
    page: str = Field(description="The address of the page about the source or its part.")
    source: Source = Field(description="The source.")


class FactFile(Envelope):
    """One fact with its evidence."""

    page: str = Field(description="The address of the fact's page.")
    data: str = Field(description="The address of the file of all facts.")
    fact: FactRecord = Field(description="The fact.")
    evidence: tuple[Evidence, ...] = Field(description="Its citations, the main one first.")


def fact_record(briefing: Briefing, fact: Fact) -> FactRecord:
    """Return the fact with its topic, its section and the facts that respond to it."""
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
    """Return every record of a briefing without errors, except the pins."""
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
    """Return a record as JSON values under the field names that editors use. Every field is present; without a value
    it is null.
    """
    value: dict[str, Any] = _whole(model.model_dump(mode="json", by_alias=True))
    return value


def _whole(value: Any) -> Any:
    """Return the value with whole floats as integers (32 for 32.0), so that programs in any language compute the same
    hash.
    """
    if isinstance(value, dict):
        return {key: _whole(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_whole(part) for part in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def edition(briefing: Briefing, site: str, revision: Revision | None) -> Edition:
    """Return the edition of a briefing without errors."""
    head = briefing.head
    assert head
    return Edition(
        title=head.title,
        date=head.reviewed or head.cutoff,
        site=site,
        digest=hashed(plain(records(briefing))),
        revision=revision,
        authors=head.authors,
        organisation=head.organisation or "",
        report_errors=head.report_errors or "",
    )


def facts_json(briefing: Briefing, edition: Edition) -> bytes:
    """Return all records in one file (``FactsFile``)."""
    file = FactsFile.model_construct(
        **envelope(briefing, edition, posixpath.basename(routes.FACTS_SCHEMA)), records=records(briefing)
    )
    return json_bytes(plain(file))


def fact_json(briefing: Briefing, fact: Fact, edition: Edition) -> bytes:
    """Return one fact with its evidence (``FactFile``)."""
    file = FactFile.model_construct(
        **envelope(briefing, edition, f"../{routes.FACT_SCHEMA}"),
        page=edition.url(routes.fact(fact)),
        data=edition.url(routes.FACTS_JSON),
        fact=fact_record(briefing, fact),
        evidence=tuple(
            Evidence.model_construct(
                cite=cited,
                part=part_label(briefing.source_by_id[cited.source], cited.part, briefing.language),
                page=edition.url(routes.cited(briefing, cited)),
                source=briefing.source_by_id[cited.source],
            )
            for cited in fact.cite
        ),
    )
    return json_bytes(plain(file))


def envelope(briefing: Briefing, edition: Edition, schema: str) -> dict[str, Any]:
    """Return the fields of ``Envelope``. ``schema`` is the relative address of the file's schema."""
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
    """Return indented JSON in UTF-8."""
    return to_json(value, indent=1) + b"\n"
