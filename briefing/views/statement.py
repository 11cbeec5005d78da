"""A sentence with a link to its fact: the smallest unit of a page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote, unquote

from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.records import BottomLine, Citation, Entity, Fact, Source, Topic
from briefing.model.review_dates import is_overdue, known_as_of, review_by
from briefing.text.characters import shorten
from briefing.text.language import N_, Language
from briefing.views.labels import CONSEQUENCES, part_label, translate

# The label of each kind of fact.
KIND_WORDS = {
    "report": N_("Reported fact"),
    "analysis": N_("Analysis"),
    "forecast": N_("Forecast"),
    "position": N_("Official position"),
    "accusation": N_("Accusation"),
    "text": N_("Document text"),
}
# Percent-encoded characters beyond ASCII.
_ENCODED = re.compile("(?:%[89A-F][0-9A-F])+", re.IGNORECASE)
_READ = {
    "live page": N_("accessed %(date)s"),
    "archived copy": N_("read in an archived copy, %(date)s"),
    "printed": N_("read in print, %(date)s"),
    "search excerpt": N_("read in a search excerpt, %(date)s"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A text and the page (perhaps with a fragment) that it links to."""

    text: str
    path: str


@dataclass(frozen=True, slots=True)
class EvidenceMark:
    """The number of a fact on a page, the fact's page, and the name of the link for screen readers and tooltips."""

    number: str
    path: str
    name: str


@dataclass(frozen=True, slots=True)
class NotedSource:
    """A source in print: publisher, title and part, its address, and how and on which day it was read.

    A text without a value is empty.
    """

    text: str
    url: str
    read: str


@dataclass(frozen=True, slots=True)
class Note:
    """What a number on a page refers to: the sources that the fact cites, and the fact's page.

    ``says`` is the fact's sentence, or empty if the number stands beside that sentence. ``address`` is the address of
    the fact's page, relative to the root of the site.
    """

    number: str
    says: str
    grade: str
    sources: tuple[NotedSource, ...]
    path: str
    address: str


class Numbering:
    """The numbers of facts on one page: continuous, in order of first use, and one for each fact."""

    def __init__(self, briefing: Briefing) -> None:
        self._briefing = briefing
        self._numbers: dict[str, str] = {}

    def marks(self, fact_ids: Iterable[str]) -> tuple[EvidenceMark, ...]:
        """Return a mark for each fact. A fact without a number gets the next one."""
        return tuple(self._mark(self._briefing.fact_by_id[fact_id]) for fact_id in fact_ids)

    def _mark(self, fact: Fact) -> EvidenceMark:
        language = self._briefing.language
        number = self._numbers.setdefault(fact.id, language.format_number(len(self._numbers) + 1))
        return EvidenceMark(number, routes.fact(fact), _evidence_name(language, number, fact))

    def notes(self) -> tuple[Note, ...]:
        """Return a note for each fact that has a number so far, by number."""
        facts = ((number, self._briefing.fact_by_id[fact_id]) for fact_id, number in self._numbers.items())
        return tuple(
            Note(
                number,
                fact.says,
                grade(self._briefing.source_by_id[fact.cite[0].source], fact),
                _noted_sources(self._briefing, fact),
                routes.fact(fact),
                routes.served(routes.fact(fact)),
            )
            for number, fact in facts
        )


class Endnotes:
    """The notes of a printed page: first those to which its numbers refer, then one for each other marker."""

    def __init__(self, notes: Iterable[Note], language: Language) -> None:
        self._language = language
        self._notes = {note.path: note for note in notes}

    def number(self, sentence: "Sentence") -> str:
        """Return the number of a sentence's note. A sentence without a note gets the next number."""
        path = sentence.marker.path
        if path not in self._notes:
            number = self._language.format_number(len(self._notes) + 1)
            address = routes.served(path)
            self._notes[path] = Note(number, "", sentence.grade, sentence.sources, path, address)
        return self._notes[path].number

    def notes(self) -> tuple[Note, ...]:
        """Return the notes by number."""
        return tuple(self._notes.values())


def _noted_sources(briefing: Briefing, fact: Fact) -> tuple[NotedSource, ...]:
    # Two quotations from one page are one source.
    return tuple(dict.fromkeys(_noted_source(briefing, cited) for cited in fact.cite))


def _noted_source(briefing: Briefing, cited: Citation) -> NotedSource:
    source = briefing.source_by_id[cited.source]
    form, day = (cited.seen.form, cited.seen.date) if cited.seen else ("live page", source.accessed)
    read = briefing.language.gettext(_READ[form], date=briefing.language.format_date(day)) if day else ""
    return NotedSource(source_link(briefing, cited).text, _as_iri(source.url or ""), read)


def _as_iri(url: str) -> str:
    """Return an address with the letters that it encodes, as RFC 3987, section 3.2, describes. It stays valid."""
    return _ENCODED.sub(lambda found: _decoded(found[0]), url)


def _decoded(encoded: str) -> str:
    letters = unquote(encoded)
    if "\ufffd" in letters:  # not UTF-8
        return encoded
    return "".join(letter if letter.isprintable() else quote(letter) for letter in letters)


# A screen reader reads the whole name in a list of links.
_NAME_LENGTH = 80


def _evidence_name(language: Language, marker: str, fact: Fact) -> str:
    """Return the name of a link to a fact: its marker, which readers see, and the start of its sentence."""
    return language.gettext("Evidence %(marker)s: %(fact)s", marker=marker, fact=shorten(fact.says, _NAME_LENGTH))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A fact as shown on a page. ``voice`` is ``base`` or ``other``. ``kind`` is empty for a reported fact.

    ``name`` is the name of the link to the fact for screen readers. ``sources`` are those that the fact cites.

    ``overdue`` is empty unless the fact's review is overdue. It then gives the date as of which the fact is known,
    which is more useful to a reader than the date of the missed review.
    """

    id: str
    says: str
    marker: Link
    voice: str
    kind: str
    when: str
    note: str
    because: str
    grade: str
    name: str
    sources: tuple[NotedSource, ...]
    overdue: str = ""
    beside: tuple["Response", ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """A response to a sentence by another fact: ``corrected``, ``disputed`` or ``refined`` (stated more precisely).

    ``consequence`` says how much the error matters, or is empty.
    """

    how: str
    sentence: Sentence
    consequence: str


def sentence(briefing: Briefing, fact: Fact) -> Sentence:
    """Return the fact with the facts that correct it, dispute it or state it more precisely."""
    # The most serious come first.
    kinds = {
        "corrected": briefing.corrections_of,
        "disputed": briefing.disputes_of,
        "refined": briefing.refinements_of,
    }
    # A response is shown without its own responses, because two facts may dispute each other.
    responses = [
        Response(how, _sentence_alone(briefing, other), consequence(briefing, other))
        for how, facts in kinds.items()
        for other in facts.get(fact.id, ())
    ]
    return replace(_sentence_alone(briefing, fact), beside=tuple(responses))


def consequence(briefing: Briefing, fact: Fact) -> str:
    """Return how much the error that a fact sets right matters to readers, or an empty string if it does not say."""
    return translate(briefing.language, CONSEQUENCES, fact.consequence or "")


def sentences(briefing: Briefing, facts: Iterable[Fact]) -> tuple[Sentence, ...]:
    """Return each fact as a sentence, in the order given."""
    return tuple(sentence(briefing, fact) for fact in facts)


def named_sentences(briefing: Briefing, ids: Iterable[str]) -> tuple[Sentence, ...]:
    """Return the facts of these ids as sentences."""
    return sentences(briefing, (briefing.fact_by_id[fact_id] for fact_id in ids))


ByTopic = tuple[tuple[Link, tuple[Sentence, ...]], ...]


def by_topic(briefing: Briefing, facts: Iterable[Fact]) -> ByTopic:
    """Return the facts by the topics in whose files they are written, in the order of the topics."""
    groups: dict[str, list[Fact]] = {topic.id: [] for topic in briefing.topics}
    for fact in facts:
        groups[briefing.topic_of[fact.id].id].append(fact)
    return tuple(
        (topic_link(topic), sentences(briefing, groups[topic.id])) for topic in briefing.topics if groups[topic.id]
    )


def voice_of(briefing: Briefing, fact: Fact) -> Literal["base", "other"]:
    """Return whether a fact speaks for a source under analysis or for other sources."""
    if briefing.is_base(fact):
        return "base"
    return "other"


def _sentence_alone(briefing: Briefing, fact: Fact) -> Sentence:
    cited = fact.cite[0]
    source = briefing.source_by_id[cited.source]
    marker = source.publisher
    # Readers know the source under analysis, so only other sources are named.
    if briefing.is_base(fact) and cited.part:
        marker = part_label(source, cited.part, briefing.language)
        # Otherwise the same number could be in any of them.
        if briefing.head and len(briefing.head.based_on) > 1:
            marker = f"{source.publisher} {marker}"
    kind = ""
    if fact.kind != "report":
        kind = briefing.language.gettext(KIND_WORDS[fact.kind])
    graded = grade(source, fact)
    label = f"{marker} · {graded}" if graded else marker
    return Sentence(
        id=fact.id,
        says=fact.says,
        marker=Link(marker, routes.fact(fact)),
        voice=voice_of(briefing, fact),
        kind=kind,
        when=briefing.language.format_date(fact.when),
        note=fact.note or "",
        because=fact.because or "",
        grade=graded,
        name=_evidence_name(briefing.language, label, fact),
        sources=_noted_sources(briefing, fact),
        overdue=_overdue(briefing, fact),
    )


def _overdue(briefing: Briefing, fact: Fact) -> str:
    if not is_overdue(briefing, review_by(briefing, fact)):
        return ""
    known = known_as_of(briefing, fact)
    if known is None:
        return briefing.language.gettext("review overdue")
    return briefing.language.gettext("as of %(date)s", date=briefing.language.format_date(known))


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence of a bottom line, and the marks of the facts that support it."""

    says: str
    evidence: tuple[EvidenceMark, ...]


def answers(bottom_line: tuple[BottomLine, ...], numbering: Numbering) -> tuple[Answer, ...]:
    """Return a bottom line. Its facts get the numbers that they have on the page."""
    return tuple(Answer(part.says, numbering.marks(part.rests_on)) for part in bottom_line)


def topic_link(topic: Topic) -> Link:
    """Return a link to a topic, with its title."""
    return Link(topic.title, routes.topic(topic))


def entity_link(entity: Entity) -> Link:
    """Return a link to an actor, place or term, with its name."""
    return Link(entity.name, routes.entity(entity))


def entity_link_by_id(briefing: Briefing, entity_id: str | None) -> Link | None:
    """Return a link to the entity that a field names, or None if the field is left out."""
    if entity_id is None:
        return None
    return entity_link(briefing.entity_by_id[entity_id])


def source_link(briefing: Briefing, cited: Citation) -> Link:
    """Return a link to a citation, with its publisher, title and part."""
    source = briefing.source_by_id[cited.source]
    label = ", ".join(
        part for part in (source.publisher, source.title, part_label(source, cited.part, briefing.language)) if part
    )
    return Link(label, routes.cited(briefing, cited))


def grade(source: Source, fact: Fact) -> str:
    """Return a grade such as ``B2``, the source's reliability and the item's credibility (Admiralty code), or an
    empty string.
    """
    if not source.reliability or not fact.credibility:
        return ""
    return f"{source.reliability}{fact.credibility}"
