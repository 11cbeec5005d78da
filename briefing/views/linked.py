"""The briefing and its claims as linked data (JSON-LD, schema.org). No claim's truth is rated."""

from briefing import paths
from briefing.model import Briefing, Fact

Linked = dict[str, object]


def report(briefing: Briefing, site: str) -> Linked:
    """The briefing as a schema.org Report; ``site`` is its address, empty where it is not known."""
    head = briefing.head
    assert head
    return {
        "@context": "https://schema.org",
        "@type": "Report",
        "name": head.title,
        "description": head.question,
        **({"url": site} if site else {}),
        **({"dateModified": head.reviewed.text} if head.reviewed and head.reviewed.is_day else {}),
        "citation": [_work(briefing, source.id) for source in briefing.sources if source.id in head.based_on],
    }


def claim(briefing: Briefing, fact: Fact, site: str) -> Linked:
    """A fact as a schema.org Claim: who makes it, and where it appears."""
    speaker = briefing.entity_by_id[fact.by].name if fact.by else ""
    works = [_work(briefing, id) for id in dict.fromkeys(cited.source for cited in fact.cite)]
    return {
        "@context": "https://schema.org",
        "@type": "Claim",
        "name": fact.says,
        **({"author": {"@type": "Thing", "name": speaker}} if speaker else {}),
        **({"temporalCoverage": fact.when.text} if fact.when else {}),
        **({"url": f"{site}{paths.address(paths.fact(fact))}/"} if site else {}),
        "appearance": works,
    }


def _work(briefing: Briefing, id: str) -> Linked:
    source = briefing.source_by_id[id]
    return {
        "@type": "CreativeWork",
        "name": source.title,
        "publisher": {"@type": "Organization", "name": source.publisher},
        **({"url": source.url} if source.url else {}),
        **({"datePublished": source.date.text} if source.date and source.date.is_day else {}),
    }
