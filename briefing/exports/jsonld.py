"""The briefing and its claims as linked data (JSON-LD 1.1, schema.org). No claim is rated true or false."""

from collections.abc import Callable
from dataclasses import replace

from briefing.exports.edition import Edition
from briefing.exports.json_records import HASHED, json_bytes
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.records import Actor, Citation, Entity, Fact, Place, Source, Term
from briefing.text.language import N_
from briefing.text.personal_names import display_name, split_name
from briefing.views.labels import part_label

Linked = dict[str, object]
# Search engines know this context by its name and do not fetch it.
ON_PAGES = "https://schema.org"
# This inline context saves a program that reads the graph from fetching the named one.
ALONE = {"@vocab": "https://schema.org/"}
_TYPES = {"state": "Country", "person": "Person", "organisation": "Organization", "bloc": "Organization"}

FIELDS = (
    (
        "Report",
        N_(
            "The briefing: name, description, language, sources under analysis (citation), content hash (version) and"
            " licence"
        ),
    ),
    ("Claim", N_("A fact: ID, text (name), language, date in EDTF (temporalCoverage) and address")),
    ("Claim.creativeWorkStatus", N_("Obsolete if the fact has been withdrawn or superseded")),
    ("Claim.author", N_("The speaker, if not the source itself")),
    ("Claim.appearance", N_("The cited sources (isPartOf), each with the part cited (position)")),
    ("Quotation.text", N_("The quoted words of a cited source")),
    ("Claim.about", N_("The actors, places and terms that the fact is about")),
    (
        "CreativeWork",
        N_("A source: title, publisher, author, address, and the date of publication if the day is known"),
    ),
    (
        "Thing",
        N_(
            "An actor, place or term, with its names; the type may also be Country, Person, Organization, Place or"
            " DefinedTerm"
        ),
    ),
)


def report(briefing: Briefing, edition: Edition) -> Linked:
    """Return the briefing as a separate schema.org Report."""
    head = briefing.head
    assert head
    works = [_work(briefing.source_by_id[source_id], edition) for source_id in head.based_on]
    return {"@context": ON_PAGES, **_report(briefing, edition), "citation": works}


def claim(briefing: Briefing, fact: Fact, edition: Edition) -> Linked:
    """Return a fact as a separate schema.org Claim, with its author and the pages on which it appears."""
    return {
        "@context": ON_PAGES,
        **_claim(briefing, fact, edition, lambda one: _work(one, edition), lambda one: _thing(one, edition)),
    }


def graph(briefing: Briefing, edition: Edition) -> bytes:
    """Return the briefing, its claims, sources, actors, places and terms as one graph.

    Nodes are identified by their addresses or, if the site's address is unknown, by paths relative to the file's
    folder.
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
        "citation": [source_ref(briefing.source_by_id[source_id]) for source_id in head.based_on],
        "hasPart": [{"@id": node["@id"]} for node in claims],
    }
    works = [_work(source, edition) for source in briefing.sources]
    things = [_thing(entity, edition) for entity in briefing.entities]
    return json_bytes({"@context": ALONE, "@graph": [whole, *claims, *works, *things]})


def _name(edition: Edition, path: str) -> Linked:
    """Return the identifier of a node, which is its address if one is known."""
    if edition.site:
        return {"@id": edition.url(path)}
    return {}


def _report(briefing: Briefing, edition: Edition) -> Linked:
    head = briefing.head
    assert head
    node: Linked = {
        **_name(edition, routes.BRIEF),
        "@type": "Report",
        "name": head.title,
        "description": head.question,
        "inLanguage": briefing.language.tag,
        "version": HASHED + edition.digest,
    }
    if edition.site:
        node["url"] = edition.site
    if head.authors:
        node["author"] = [_author(name, "Person") for name in head.authors]
    if head.organisation:
        node["publisher"] = {"@type": "Organization", "name": head.organisation, **_contact(head.contact)}
    if head.license:
        node["license"] = head.license.url
    # schema.org requires an ISO 8601 date, and the other forms of EDTF are not.
    if head.reviewed and head.reviewed.is_plain_day:
        node["dateModified"] = head.reviewed.text
    return node


def _contact(contact: str | None) -> Linked:
    if not contact:
        return {}
    name = "url" if "//" in contact else "email"
    return {"contactPoint": {"@type": "ContactPoint", name: contact}}


def _claim(
    briefing: Briefing,
    fact: Fact,
    edition: Edition,
    work: Callable[[Source], Linked],
    thing: Callable[[Entity], Linked],
) -> Linked:
    def appearance(cited: Citation) -> Linked:
        source = briefing.source_by_id[cited.source]
        part = part_label(source, cited.part, briefing.language)
        if not part and not cited.quote:
            return work(source)
        node: Linked = {"@type": "CreativeWork", "isPartOf": work(source)}
        if part:
            node |= {"name": part, "position": cited.part}
        if cited.quote:
            node |= {"@type": "Quotation", "text": cited.quote}
            if source.language:
                node["inLanguage"] = source.language
        return node

    node: Linked = {
        **_name(edition, routes.fact(fact)),
        "@type": "Claim",
        "identifier": fact.id,
        "name": fact.says,
        "inLanguage": briefing.language.tag,
    }
    # If the source speaks in its own voice, it is not the author of the claim but the work in which the claim appears.
    if fact.by:
        node["author"] = thing(briefing.entity_by_id[fact.by])
    if not briefing.is_current(fact):
        node["creativeWorkStatus"] = "Obsolete"
    if fact.when:
        node["temporalCoverage"] = fact.when.text
    if edition.site:
        node["url"] = edition.url(routes.fact(fact))
    if fact.about:
        node["about"] = [thing(briefing.entity_by_id[entity_id]) for entity_id in fact.about]
    node["appearance"] = [appearance(cited) for cited in fact.cite]
    return node


def _author(text: str, undivided: str) -> Linked:
    """Return an author. ``undivided`` is the type of one whose name is not divided."""
    name = split_name(text)
    if name is None:
        return {"@type": undivided, "name": text}
    return {"@type": "Person", "name": display_name(text), "familyName": name.family, "givenName": name.given}


def _work(source: Source, edition: Edition) -> Linked:
    node: Linked = {
        **_name(edition, routes.source(source.id)),
        "@type": "CreativeWork",
        "identifier": source.id,
        "name": source.title,
        "publisher": {"@type": "Organization", "name": source.publisher},
    }
    if source.author:
        # An undivided name may be that of a person or of an organisation.
        node["author"] = _author(source.author, "Thing")
    if source.url:
        node["url"] = source.url
    if source.date and source.date.is_plain_day:
        node["datePublished"] = source.date.text
    return node


def _thing(entity: Entity, edition: Edition) -> Linked:
    node: Linked = {
        **_name(edition, routes.entity(entity)),
        "@type": _type_of(entity),
        "identifier": entity.id,
        "name": entity.name,
    }
    if isinstance(entity, Actor) and entity.family:
        given = " ".join(entity.name.replace(entity.family, "").split())
        node |= {"familyName": entity.family, **({"givenName": given} if given else {})}
    if entity.aliases:
        node["alternateName"] = list(entity.aliases)
    return node


def _type_of(entity: Entity) -> str:
    if isinstance(entity, Actor):
        return _TYPES.get(entity.kind, "Thing")
    if isinstance(entity, Place):
        return "Place"
    if isinstance(entity, Term):
        return "DefinedTerm"
    return "Thing"
