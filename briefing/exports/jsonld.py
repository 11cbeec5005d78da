"""The briefing and its claims as linked data (JSON-LD 1.1, schema.org). No claim is rated true or false."""

from collections.abc import Callable
from dataclasses import replace

from briefing.exports.edition import Edition
from briefing.exports.json_records import HASHED, json_bytes
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import Citation
from briefing.model.records import Actor, Entity, Fact, Place, Source, Term
from briefing.views.statement import part_label

Linked = dict[str, object]
ON_PAGES = "https://schema.org"  # search engines know the context by this name and fetch nothing
ALONE = {"@vocab": "https://schema.org/"}  # the same words without a context that must be fetched
_TYPES = {"state": "Country", "person": "Person", "organisation": "Organization", "bloc": "Organization"}

# what stands for what, for readers of the graph
FIELDS = (
    ("Report", "the briefing: name, description, citation (sources under analysis), version (content hash), license"),
    ("Claim", "a fact: identifier, name (what it says), temporalCoverage (when, in EDTF), url"),
    ("Claim.creativeWorkStatus", "Obsolete for a fact that was retired or superseded"),
    ("Claim.author", "the speaker, where it is not the source's own voice"),
    ("Claim.appearance", "what the fact cites: the source (isPartOf) and the part of it (position)"),
    ("Claim.about", "the actors, places and terms that the fact is about"),
    ("CreativeWork", "a source: name, publisher, author, url, datePublished (where a day is known)"),
    ("Thing", "an actor, place or term: name, alternateName; also Country, Person, Organization, Place, DefinedTerm"),
)


def report(briefing: Briefing, edition: Edition) -> Linked:
    """The briefing as a schema.org Report, by itself."""
    head = briefing.head
    assert head
    works = [_work(briefing.source_by_id[id], edition) for id in head.based_on]
    return {"@context": ON_PAGES, **_report(briefing, edition), "citation": works}


def claim(briefing: Briefing, fact: Fact, edition: Edition) -> Linked:
    """A fact as a schema.org Claim, by itself: who makes it, and where it appears."""
    return {
        "@context": ON_PAGES,
        **_claim(briefing, fact, edition, lambda one: _work(one, edition), lambda one: _thing(one, edition)),
    }


def graph(briefing: Briefing, edition: Edition) -> bytes:
    """The briefing, its claims, sources, actors, places and terms as one graph.

    Nodes are called by their addresses; where no site is said, by the same from the file's own folder.
    """
    head = briefing.head
    assert head
    edition = replace(edition, site=edition.site or "../")

    def source_ref(source: Source) -> Linked:
        return _name(edition, routes.source(source.id))

    def entity_ref(entity: Entity) -> Linked:
        return _name(edition, routes.entity(entity))

    claims = [_claim(briefing, fact, edition, source_ref, entity_ref) for fact in briefing.facts]
    whole = {
        **_report(briefing, edition),
        "citation": [source_ref(briefing.source_by_id[id]) for id in head.based_on],
        "hasPart": [{"@id": node["@id"]} for node in claims],
    }
    works = [_work(source, edition) for source in briefing.sources]
    things = [_thing(entity, edition) for entity in briefing.entities]
    return json_bytes({"@context": ALONE, "@graph": [whole, *claims, *works, *things]})


def _name(edition: Edition, path: str) -> Linked:
    """What a node is called: its address, where one is said."""
    return {"@id": edition.url(path)} if edition.site else {}


def _report(briefing: Briefing, edition: Edition) -> Linked:
    head = briefing.head
    assert head
    return {
        **_name(edition, routes.BRIEF),
        "@type": "Report",
        "name": head.title,
        "description": head.question,
        "version": HASHED + edition.digest,
        **({"url": edition.site} if edition.site else {}),
        **({"license": head.license.url} if head.license else {}),
        **({"dateModified": head.reviewed.text} if head.reviewed and head.reviewed.is_plain_day else {}),
    }


def _claim(
    briefing: Briefing,
    fact: Fact,
    edition: Edition,
    work: Callable[[Source], Linked],
    thing: Callable[[Entity], Linked],
) -> Linked:
    def appearance(cited: Citation) -> Linked:
        source = briefing.source_by_id[cited.source]
        part = part_label(source, cited)
        if not part:
            return work(source)
        return {"@type": "CreativeWork", "name": part, "position": cited.part, "isPartOf": work(source)}

    return {
        **_name(edition, routes.fact(fact)),
        "@type": "Claim",
        "identifier": fact.id,
        "name": fact.says,
        **({"author": thing(briefing.entity_by_id[fact.by])} if fact.by else {}),
        **({} if briefing.is_current(fact) else {"creativeWorkStatus": "Obsolete"}),
        **({"temporalCoverage": fact.when.text} if fact.when else {}),
        **({"url": edition.url(routes.fact(fact))} if edition.site else {}),
        **({"about": [thing(briefing.entity_by_id[id]) for id in fact.about]} if fact.about else {}),
        "appearance": [appearance(cited) for cited in fact.cite],
    }


def _work(source: Source, edition: Edition) -> Linked:
    return {
        **_name(edition, routes.source(source.id)),
        "@type": "CreativeWork",
        "identifier": source.id,
        "name": source.title,
        "publisher": {"@type": "Organization", "name": source.publisher},
        **({"author": {"@type": "Thing", "name": source.author}} if source.author else {}),
        **({"url": source.url} if source.url else {}),
        **({"datePublished": source.date.text} if source.date and source.date.is_plain_day else {}),
    }


def _thing(entity: Entity, edition: Edition) -> Linked:
    kind = "Thing"
    if isinstance(entity, Actor):
        kind = _TYPES.get(entity.kind, "Thing")
    elif isinstance(entity, Place):
        kind = "Place"
    elif isinstance(entity, Term):
        kind = "DefinedTerm"
    return {
        **_name(edition, routes.entity(entity)),
        "@type": kind,
        "identifier": entity.id,
        "name": entity.name,
        **({"alternateName": list(entity.aliases)} if entity.aliases else {}),
    }
