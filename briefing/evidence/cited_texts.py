"""What is known of the words of the parts that facts cite: pinned paragraphs, and the quotations in citations.

A quotation of a source without a pin is compared like a pinned paragraph. The words of its translation count too.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from briefing.evidence.last_result import cache_last
from briefing.evidence.pins import FORMAT, PinnedText, fresh_parts
from briefing.model.briefing import Briefing
from briefing.model.records import Citation, Fact, Pin, PinnedPart, Source
from briefing.text.language import primary_tag

# How the sources of a fact support it.
Support = Literal["quoted", "pinned"]
# A source's id and the number of one of its parts, or of one of its quotations.
Part = tuple[str, int]


@dataclass(frozen=True)
class CitedTexts:
    """The text of each source by its id: its pin, or else its quotations and, as the last part, its title and makers.

    ``numbers`` has the number of each quotation among those of its source, ``titles`` that of each title.
    """

    texts: Mapping[str, PinnedText]
    numbers: Mapping[Citation, int]
    titles: Mapping[str, int]

    def part(self, cited: Citation) -> Part | None:
        """Return where the words of a citation are, or None if they are not known."""
        if cited.source in self.titles:
            return (cited.source, self.numbers[cited]) if cited.quote else None
        return (cited.source, cited.number) if cited.source in self.texts and cited.part else None

    def parts(self, fact: Fact) -> list[Part]:
        """Return where the words of a fact's citations are, without those that are not known."""
        return [part for part in map(self.part, fact.cite) if part]

    def is_quoted(self, part: Part) -> bool:
        """Return whether the part is a quotation."""
        return part[0] in self.titles


def evidence_of(known: CitedTexts, fact: Fact) -> frozenset[Support]:
    """Return which kinds of support a fact has from its sources; none if it has only citations."""
    found = set[Support]()
    if any(cited.quote for cited in fact.cite):
        found.add("quoted")
    if not all(map(known.is_quoted, known.parts(fact))):
        found.add("pinned")
    return frozenset(found)


def language_of(source: Source) -> str:
    """Return the language of a source without its region (ISO 639-1), or an empty text."""
    return primary_tag(source.language or "")


def _imprint(source: Source) -> str:
    return " ".join(filter(None, (source.title, source.publisher, source.author)))


def citations_of(briefing: Briefing) -> Iterator[Citation]:
    """Yield the citations of all facts, roles and terms."""
    for fact in briefing.facts:
        yield from fact.cite
    for actor in briefing.actors:
        for role in actor.roles:
            yield from role.cite
    for term in briefing.terms:
        yield from term.cite


def known_text(source: str, lines: Iterable[str], language: str) -> PinnedText:
    """Return texts that are known, such as quotations, in the form of a pinned text with a part for each."""
    parts = tuple(
        PinnedPart.model_construct(None, number=part.number, digest=part.digest, **part.sets())
        for part in fresh_parts("\n".join(lines), "", language)
    )
    pin = Pin.model_construct(
        format=FORMAT, source=source, salt="", language=language, digest="", look_at=(), parts=parts
    )
    return PinnedText(pin, language)


@cache_last
def cited_texts(briefing: Briefing) -> CitedTexts:
    """Return the texts of all sources with a pin or quotations."""
    sources = briefing.source_by_id
    texts = {pin.source: PinnedText(pin, primary_tag(pin.language)) for pin in briefing.pins if pin.source in sources}
    quotations: dict[str, list[str]] = {}
    numbers: dict[Citation, int] = {}
    translated = set[str]()
    for cited in citations_of(briefing):
        if not cited.quote or cited.source in texts or cited.source not in sources or cited in numbers:
            continue
        of_source = quotations.setdefault(cited.source, [])
        # The full stop keeps the words on either side of it apart.
        of_source.append(". ".join(filter(None, (cited.quote, cited.translation))))
        numbers[cited] = len(of_source)
        if cited.translation:
            translated.add(cited.source)
    for source, lines in quotations.items():
        # With one translation among them, all quotations of a source are compared in the language of the site.
        language = primary_tag(briefing.language.tag) if source in translated else language_of(sources[source])
        lines.append(_imprint(sources[source]))
        texts[source] = known_text(source, lines, language)
    return CitedTexts(texts, numbers, {source: len(lines) for source, lines in quotations.items()})
