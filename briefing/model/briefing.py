"""Hold all records of a briefing, and look up one from another."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from briefing.model.fields import Slugs
from briefing.model.records import (
    Actor,
    BriefingHead,
    Entity,
    Fact,
    Identified,
    Judgment,
    Pin,
    Place,
    Publication,
    Record,
    Section,
    Source,
    Table,
    Term,
    Topic,
)
from briefing.problems import Span
from briefing.text.edtf import Edtf
from briefing.text.language import ENGLISH, Language, load_language
from briefing.text.nodes import Path

K = TypeVar("K")


@dataclass(frozen=True)
class Briefing:
    """All records of one briefing, in the order in which they were written.

    ``published`` is None if the briefing has not been published. ``failed`` has the ids of records that could not be
    read completely, and ``unread`` such files. A reference to them is not a second problem. ``has_all_names`` is False
    if names of actors, places, terms or publishers could not be read. ``docs_paths`` has the paths of the pages and
    files in ``docs/``. ``today`` is the current day, or None if the day does not matter.
    """

    head: BriefingHead | None
    topics: tuple[Topic, ...] = ()
    sources: tuple[Source, ...] = ()
    actors: tuple[Actor, ...] = ()
    places: tuple[Place, ...] = ()
    terms: tuple[Term, ...] = ()
    pins: tuple[Pin, ...] = ()
    published: Publication | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    failed: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    has_all_names: bool = True
    docs_paths: frozenset[str] = frozenset()
    today: Edtf | None = None

    @cached_property
    def _lines(self) -> dict[str, list[str]]:
        """The lines of the files that have been searched, by file."""
        # `find` fills it, so that each file is split only once.
        return {}

    @cached_property
    def language(self) -> Language:
        """The language of the site's labels, dates, numbers and lists."""
        if self.head is None:
            return ENGLISH
        return load_language(self.head.language, self.head.messages)

    @cached_property
    def published_ids(self) -> frozenset[str]:
        """The ids of all records that have been published."""
        return frozenset(record.id for record in self.published.records) if self.published else frozenset()

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact, topic by topic."""
        return tuple(fact for topic in self.topics for section in topic.sections for fact in section.facts)

    @cached_property
    def current_facts(self) -> tuple[Fact, ...]:
        """Every fact that is neither retired nor superseded. The others appear only on their own pages."""
        return self.current(self.facts)

    def current(self, facts: Iterable[Fact]) -> tuple[Fact, ...]:
        """Return the facts that are neither retired nor superseded."""
        return tuple(filter(self.is_current, facts))

    def is_current(self, fact: Fact) -> bool:
        """Return whether the fact is neither retired nor superseded."""
        return not fact.retired and fact.id not in self.successors_of

    @cached_property
    def events(self) -> tuple[Fact, ...]:
        """The current facts with the date of one certain day."""
        return tuple(fact for fact in self.current_facts if fact.when and fact.when.is_plain_day)

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        """Actors, places and terms."""
        return (*self.actors, *self.places, *self.terms)

    def find(self, span: Span, word: str) -> Span:
        """Return where ``word`` is within ``span``, or ``span`` itself if the word is not there in one piece."""
        whole_word = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        if span.file not in self._lines:
            self._lines[span.file] = self.files[span.file].decode("utf-8-sig").splitlines()
        lines = self._lines[span.file]
        for number in range(span.line, min(span.end_line, len(lines)) + 1):
            line = lines[number - 1]
            if number == span.end_line:
                line = line[: span.end_column - 1]
            start = span.column - 1 if number == span.line else 0
            found = whole_word.search(line, start)
            if found:
                return Span(span.file, number, found.start() + 1, number, found.end() + 1)
        return span

    def iter_support(self) -> Iterator[tuple[Record, Path, tuple[str, ...], Slugs]]:
        """Yield every list of supporting facts: its record, its path in the record, the texts it supports, the list."""
        if self.head:
            yield from _support_of_head(self.head)
        for topic in self.topics:
            yield from ((part, ("rests_on",), (part.says,), part.rests_on) for part in topic.bottom_line)
            for number, table in enumerate(topic.tables):
                yield from _support_of_rows(topic, ("tables", number), table)
        for actor in self.actors:
            yield from ((part, ("rests_on",), (part.says,), part.rests_on) for part in actor.bottom_line)
        for site in self.places:
            if site.standing:
                yield site, ("standing", "rests_on"), (), site.standing.rests_on

    def everything(self) -> Iterator[Record]:
        """Yield every record that contains prose."""
        yield from self.records()
        for topic in self.topics:
            yield topic
            yield from topic.bottom_line
            yield from topic.sections
        for actor in self.actors:
            yield from actor.bottom_line
        if self.head:
            yield self.head
            yield from self.head.bottom_line

    def records(self) -> Iterator[Identified]:
        """Yield every record whose id must be unique."""
        yield from self.sources
        yield from self.entities
        yield from self.facts
        if self.head:
            yield from self.head.judgments
            yield from self.head.open_questions
            yield from self.head.views

    @cached_property
    def fact_by_id(self) -> Mapping[str, Fact]:
        return {fact.id: fact for fact in self.facts}

    @cached_property
    def source_by_id(self) -> Mapping[str, Source]:
        return {source.id: source for source in self.sources}

    @cached_property
    def entity_by_id(self) -> Mapping[str, Entity]:
        return {entity.id: entity for entity in self.entities}

    @cached_property
    def topic_of(self) -> Mapping[str, Topic]:
        """The topic whose file contains a fact, by the fact's id."""
        return {fact.id: topic for topic in self.topics for section in topic.sections for fact in section.facts}

    @cached_property
    def section_of(self) -> Mapping[str, Section]:
        """The section that contains a fact, by the fact's id."""
        return {fact.id: section for topic in self.topics for section in topic.sections for fact in section.facts}

    @cached_property
    def topic_by_id(self) -> Mapping[str, Topic]:
        return {topic.id: topic for topic in self.topics}

    @cached_property
    def facts_about(self) -> Mapping[str, tuple[Fact, ...]]:
        """The current facts about an entity, by its id. All groups below but the successors are current, too."""
        return _grouped((entity, fact) for fact in self.current_facts for entity in fact.about)

    @cached_property
    def facts_by(self) -> Mapping[str, tuple[Fact, ...]]:
        """The facts attributed to a speaker, by the speaker's id."""
        return _grouped((fact.by, fact) for fact in self.current_facts if fact.by)

    @cached_property
    def facts_citing(self) -> Mapping[str, tuple[Fact, ...]]:
        """The facts that cite a source, by its id."""
        # A fact that cites several parts of a source is listed once under it.
        sources_of = ((fact, dict.fromkeys(cited.source for cited in fact.cite)) for fact in self.current_facts)
        return _grouped((source, fact) for fact, sources in sources_of for source in sources)

    def facts_by_part(self, source: str) -> Mapping[int, tuple[Fact, ...]]:
        """Return the facts that cite each part of a source, by the part's number."""
        # The ids avoid duplicates, because a fact may cite two places within one part (3.1 and 3.2 of article 3).
        groups: dict[int, dict[str, Fact]] = {}
        for fact in self.facts_citing.get(source, ()):
            for cited in fact.cite:
                if cited.source == source and cited.part:
                    groups.setdefault(cited.number, {})[fact.id] = fact
        return {number: tuple(facts.values()) for number, facts in sorted(groups.items())}

    @cached_property
    def facts_by_citation(self) -> Mapping[tuple[str, str], tuple[Fact, ...]]:
        """The facts that cite exactly this part of a source, by ``Citation.place``."""
        places = ((fact, dict.fromkeys(cited.place for cited in fact.cite)) for fact in self.current_facts)
        return _grouped((place, fact) for fact, cited in places for place in cited)

    @cached_property
    def pin_of(self) -> Mapping[str, Pin]:
        """The pin of a source, by the source's id."""
        return {pin.source: pin for pin in self.pins}

    @cached_property
    def corrections_of(self) -> Mapping[str, tuple[Fact, ...]]:
        """The facts that correct a fact, by its id."""
        return _grouped((target, fact) for fact in self.current_facts for target in fact.corrects)

    @cached_property
    def refinements_of(self) -> Mapping[str, tuple[Fact, ...]]:
        """The facts that clarify a fact, by its id."""
        return _grouped((target, fact) for fact in self.current_facts for target in fact.refines)

    @cached_property
    def disputes_of(self) -> Mapping[str, tuple[Fact, ...]]:
        """The facts that dispute a fact, by its id."""
        return _grouped((target, fact) for fact in self.current_facts for target in fact.disputes)

    @cached_property
    def successors_of(self) -> Mapping[str, tuple[Fact, ...]]:
        """The facts that supersede a fact, by its id."""
        # A superseded fact still supersedes earlier ones.
        return _grouped((target, fact) for fact in self.facts for target in fact.supersedes)

    def is_base(self, fact: Fact) -> bool:
        """Return whether the main source of the fact is one under analysis."""
        return self.head is not None and fact.cite[0].source in self.head.based_on


Support = tuple[Record, Path, tuple[str, ...], Slugs]


def _support_of_head(head: BriefingHead) -> Iterator[Support]:
    yield from ((part, ("rests_on",), (part.says,), part.rests_on) for part in head.bottom_line)
    for judgment in head.judgments:
        yield from _support_of_judgment(judgment)
    # A question and the headings of a contrast make no claims that facts would have to support.
    yield from ((part, ("rests_on",), (), part.rests_on) for part in head.open_questions)
    if head.status:
        yield head, ("status", "rests_on"), (head.status.says,), head.status.rests_on
    if head.profile:
        yield from _support_of_rows(head, ("profile",), head.profile)
    if head.contrast:
        for index, side in enumerate(head.contrast.sides):
            yield head, ("contrast", "sides", index, "facts"), (), side.facts


def _support_of_judgment(judgment: Judgment) -> Iterator[Support]:
    yield judgment, ("rests_on",), (judgment.says,), judgment.rests_on
    for number, part in enumerate(judgment.against):
        yield judgment, ("against", number, "rests_on"), (part.says,), part.rests_on
    for number, other in enumerate(judgment.alternatives):
        if other.rests_on:
            yield judgment, ("alternatives", number, "rests_on"), (other.because,), other.rests_on
    if judgment.outcome:
        yield judgment, ("outcome", "rests_on"), (judgment.outcome.says,), judgment.outcome.rests_on


def _support_of_rows(record: Record, path: Path, table: Table) -> Iterator[Support]:
    for row_number, row in enumerate(table.rows):
        for number, cell in enumerate(row.cells):
            # The first cell of a row may be only its label. In any other, a number or name needs a fact.
            texts = (cell.says,) if number or cell.rests_on else ()
            yield record, (*path, "rows", row_number, "cells", number, "rests_on"), texts, cell.rests_on


def _grouped(pairs: Iterable[tuple[K, Fact]]) -> Mapping[K, tuple[Fact, ...]]:
    groups: dict[K, list[Fact]] = {}
    for key, fact in pairs:
        groups.setdefault(key, []).append(fact)
    return {key: tuple(facts) for key, facts in groups.items()}
