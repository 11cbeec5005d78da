"""The records of a briefing: frozen, checked for shape, without I/O.

Every class here is one kind of record in ``facts/``; a field's description is what an editor is told about it.
References between records are ids; whether they lead anywhere is for ``rules`` to say.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, ClassVar, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    PrivateAttr,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from briefing.dates import DateFault, Edtf, parse_edtf
from briefing.load import HIDDEN, UNPRINTABLE, Node, Path, place
from briefing.problems import Span

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ID = 100  # ids become names of files
_DEVICE = re.compile("con|prn|aux|nul|com[0-9]|lpt[0-9]")  # no file can have these names on Windows
_URL = re.compile(r"https?://[^\s<>\"\\^`{|}]+")
_ADDRESS = re.compile(
    rf"((f|actors|sources)/)?{SLUG.pattern}|(index|places|glossary|sources|disputed|views)#{SLUG.pattern}"
)
_PART = re.compile(r"[1-9][0-9]{0,5}(\.[0-9]{1,4})*")


@dataclass(frozen=True, slots=True)
class Citation:
    """``source`` or ``source:part``; a part is a paragraph, page or article, with its own parts after dots (3.3)."""

    source: str
    part: str = ""

    @property
    def number(self) -> int:
        """The part's own number, without what stands after a dot; 0 where the source is cited whole."""
        return int(self.part.partition(".")[0] or 0)

    def __str__(self) -> str:
        return f"{self.source}:{self.part}" if self.part else self.source


def _slug(text: str) -> str:
    if not SLUG.fullmatch(text):
        raise PydanticCustomError("bad-id", "an id is lower-case words and numbers joined by hyphens")
    if len(text) > LONGEST_ID:
        raise PydanticCustomError("bad-id", "an id has {most} characters at most", {"most": LONGEST_ID})
    if _DEVICE.fullmatch(text):
        raise PydanticCustomError("bad-id", "an id is no name that Windows keeps for a device")
    return text


def _text(value: object) -> object:
    if not isinstance(value, str):
        return value
    value = " ".join(value.split())
    if not any(unicodedata.category(sign)[0] in "LNPS" for sign in value):
        raise PydanticCustomError("empty-value", "nothing is written here")
    if UNPRINTABLE.search(value):
        raise PydanticCustomError("unprintable", "a control character stands in the text")
    return value


def _name(text: str) -> str:
    if not any(sign.isalnum() for sign in text):
        raise PydanticCustomError("bad-name", "a name has at least one letter or digit")
    return text


def _reason(text: str) -> str:
    if len(re.findall(r"[^\W\d_]{2,}", text)) < 2:  # an answer, a mark or a date gives none
        raise PydanticCustomError("no-reason", "this is no reason")
    return text


def _date(value: object) -> Edtf:
    if not isinstance(value, str):
        raise PydanticCustomError("wrong-type", "expected a date")
    try:
        return parse_edtf(value)
    except DateFault as fault:
        raise PydanticCustomError(
            "unreal-date" if fault.unreal else "bad-date", "{fault}", {"fault": str(fault)}
        ) from None


def _citation(value: object) -> Citation:
    if not isinstance(value, str):
        raise PydanticCustomError("wrong-type", "expected source:part")
    source, colon, part = value.partition(":")
    if not SLUG.fullmatch(source) or (colon and not _PART.fullmatch(part)):
        raise PydanticCustomError("bad-citation", "a citation is a source's id, a colon and a number")
    return Citation(source, part)


def _url(text: str) -> str:
    if not _URL.fullmatch(text) or UNPRINTABLE.search(text) or HIDDEN.search(text):
        raise PydanticCustomError("bad-url", "an address starts with http:// or https:// and has no spaces")
    return text


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text) or any(len(part) > LONGEST_ID for part in re.split("[/#]", text)):
        raise PydanticCustomError("bad-address", "an address is that of a fact, actor, topic, or of an entry on a page")
    return text


def _point(value: object) -> object:
    if isinstance(value, list) and len(value) != 2:
        raise PydanticCustomError("wrong-type", "a point is its latitude and its longitude")
    return value


def _route(points: tuple[object, ...]) -> tuple[object, ...]:
    if len(points) == 1:
        raise PydanticCustomError("wrong-type", "a route has two points or more")
    return points


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Slug = Annotated[str, AfterValidator(_slug), WithJsonSchema({"type": "string", "pattern": f"^{SLUG.pattern}$"})]
Line = Annotated[str, BeforeValidator(_text)]  # prose; white space folds to single spaces
Url = Annotated[str, AfterValidator(_url)]
Address = Annotated[
    str, AfterValidator(_address), WithJsonSchema({"type": "string", "pattern": f"^({_ADDRESS.pattern})$"})
]
# as written on the way out, too: a date keeps its precision, a citation its form
_AS_TEXT = PlainSerializer(str, return_type=str)
Date = Annotated[
    Edtf, PlainValidator(_date), _AS_TEXT, WithJsonSchema({"type": "string", "$comment": "EDTF, levels 0 and 1"})
]
Cite = Annotated[
    Citation,
    PlainValidator(_citation),
    _AS_TEXT,
    WithJsonSchema({"type": "string", "pattern": f"^{SLUG.pattern}(:{_PART.pattern})?$"}),
]
# a list of one may be written as that one
OptionalCites = Annotated[tuple[Cite, ...], BeforeValidator(_listed, json_schema_input_type=Cite | tuple[Cite, ...])]
Cites = Annotated[OptionalCites, Field(min_length=1)]
Slugs = Annotated[tuple[Slug, ...], BeforeValidator(_listed, json_schema_input_type=Slug | tuple[Slug, ...])]
SomeSlugs = Annotated[Slugs, Field(min_length=1)]
Lines = Annotated[tuple[Line, ...], BeforeValidator(_listed, json_schema_input_type=Line | tuple[Line, ...])]
Numbers = Annotated[tuple[int, ...], BeforeValidator(_listed, json_schema_input_type=int | tuple[int, ...])]

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Point = Annotated[tuple[Latitude, Longitude], BeforeValidator(_point)]

FactKind = Literal["report", "analysis", "forecast", "position", "accusation", "text"]
ActorKind = Literal["state", "person", "organisation", "group", "bloc"]
# the weightiest first
ChangeClass = Literal["retirement", "date", "number", "party", "attribution", "kind", "citation", "wording"]
TermKind = Literal["concept", "treaty", "process", "weapon", "corridor", "sanctions", "doctrine", "event"]
Unit = Literal["paragraph", "article", "page"]
UNIT_SIGNS = {"paragraph": "¶", "article": "Art. ", "page": "p. "}
# ICD 203 (Intelligence Community Directive 203, Analytic Standards): words for ranges of likelihood, in per cent
LIKELIHOOD = {
    "almost no chance": (1, 5),
    "very unlikely": (5, 20),
    "unlikely": (20, 45),
    "roughly even chance": (45, 55),
    "likely": (55, 80),
    "very likely": (80, 95),
    "almost certain": (95, 99),
}
Likelihood = Literal[
    "almost no chance",
    "very unlikely",
    "unlikely",
    "roughly even chance",
    "likely",
    "very likely",
    "almost certain",
]
Confidence = Literal["low", "moderate", "high"]


# The Admiralty code (NATO AJP-2.1): a source's reliability and an item's credibility, graded apart
RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
Reliability = Literal["A", "B", "C", "D", "E", "F"]
CREDIBILITY = {
    "1": "confirmed by other sources",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtfully true",
    "5": "improbable",
    "6": "truth cannot be judged",
}
Credibility = Literal["1", "2", "3", "4", "5", "6"]


class Record(BaseModel):
    """Anything that an editor writes down. Knows where it stands."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    stands_alone: ClassVar[bool] = False  # met in a walk over all records, not only within another
    _node: Node = PrivateAttr()

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Every prose text of the record and of the records within it that stand nowhere else, with its path."""
        for name, value in self:
            values = value if isinstance(value, tuple) else (value,)
            for index, item in enumerate(values):
                path: Path = (name, index) if isinstance(value, tuple) else (name,)
                if isinstance(item, str):
                    yield path, item
                elif isinstance(item, Record) and not item.stands_alone:
                    yield from (((*path, *inner), text) for inner, text in item.texts())

    @classmethod
    def located(cls, node: Node, value: object) -> Self:
        """The record that ``value`` describes, standing at ``node``. Raises pydantic's ValidationError."""
        record = cls.model_validate(value)
        record._node = node
        return record

    def at(self, *path: str | int) -> Span:
        """Where the value at ``path`` stands."""
        return place(self._node, path)


class Role(Record):
    """What an actor is, since when, and who says so."""

    says: Line = Field(description="What the actor is.")
    when: Date | None = Field(None, description="Since when, or from when to when, in EDTF.")
    cite: Cites = Field(description="Who says so: source:part.")


class NotUsed(Record):
    """Parts of a source that no fact needs to cite, and why."""

    parts: Annotated[Numbers, Field(min_length=1)] = Field(description="Numbers of the parts.")
    because: Line = Field(description="Why no fact needs them.")


class Source(Record):
    """What is cited."""

    stands_alone: ClassVar[bool] = True
    id: Slug = Field(description="Stable: citations name it.")
    title: Line = Field(description="What it is called, or what it is where it has no title.")
    publisher: Line = Field(description="Who published it.")
    author: Line | None = Field(None, description="Who wrote it, where it says so.")
    date: Date | None = Field(None, description="When it was published, in EDTF.")
    url: Url | None = Field(None, description="Where it stands on the web.")
    language: Line | None = Field(None, description="Its language, as an ISO 639-1 code.")
    unit: Unit | None = Field(
        None, description="What a citation's number counts; without it the source is cited whole."
    )
    count: int | None = Field(None, ge=1, le=100_000, description="How many of these units the source has.")
    not_used: tuple[NotUsed, ...] = Field((), description="Parts that no fact cites, and why.")
    reliability: Reliability | None = Field(None, description="The publisher's record, A to F (Admiralty code).")
    note: Line | None = Field(None, description="An editor's caution to the reader.")


class Entity(Record):
    """Whom or what facts are about."""

    stands_alone: ClassVar[bool] = True
    id: Slug = Field(description="Stable: facts name it.")
    name: Annotated[Line, AfterValidator(_name)] = Field(description="The one spelling used on the site.")
    aliases: Lines = Field((), description="Other names and spellings.")
    metonyms: Lines = Field((), description="Words that point to it without being its name: Dutch, The Hague.")
    note: Line | None = Field(None, description="An editor's caution to the reader.")


class Actor(Entity):
    """A state, person, organisation, group or bloc."""

    kind: ActorKind = Field(description="What kind of actor it is.")
    country: Slug | None = Field(None, description="The actor that is its country.")
    roles: tuple[Role, ...] = Field((), description="What it is, since when, and who says so.")


class Position(Record):
    """Decimal degrees (WGS 84) and where they come from; without ``from`` they are general knowledge."""

    lat: Latitude = Field(description="Latitude in decimal degrees, north positive.")
    lon: Longitude = Field(description="Longitude in decimal degrees, east positive.")
    precision: Literal["exact", "approximate"] = Field(description="Whether the position is exact or approximate.")
    origin: Slug | None = Field(None, alias="from", description="The source of the position; none: general knowledge.")


class Standing(Record):
    """How a place stands, as of a date: confirmed, claimed by a party, denied by it, planned, or of the past."""

    how: Literal["confirmed", "claimed", "denied", "planned", "historical"] = Field(description="How the place stands.")
    as_of: Date = Field(description="As of when, in EDTF.")
    review_by: Date | None = Field(None, description="By when it is to be looked at again, in EDTF.")
    rests_on: SomeSlugs = Field(description="Facts that say so.")


class Place(Entity):
    """A base, city, sea, route or other place."""

    kind: Line = Field(description="What kind of place it is.")
    country: Slug | None = Field(None, description="The actor that is its country.")
    position: Position | None = Field(None, description="Where it is.")
    line: Annotated[tuple[Point, ...], AfterValidator(_route)] = Field(
        (), description="A route: latitude and longitude of points on it."
    )
    standing: Standing | None = Field(None, description="How it stands, as of a date.")


class Term(Entity):
    """A treaty, process, weapon or idea, explained."""

    kind: TermKind = Field(description="What kind of term it is.")
    explains: Line = Field(description="What it means.")
    cite: OptionalCites = Field((), description="Who says so: source:part.")
    see: Slugs = Field((), description="Related terms.")


class Fact(Record):
    """One claim, in our own words, with its evidence."""

    stands_alone: ClassVar[bool] = True
    id: Slug = Field(description="Stable for ever: the fact's page and history hang on it.")
    says: Line = Field(description="One sentence that stands by itself.")
    about: Slugs = Field((), description="Every actor, place and term that the sentence is about or names.")
    by: Slug | None = Field(None, description="The speaker, where it is not the source's own voice.")
    kind: FactKind = Field("report", description="What kind of claim it is.")
    when: Date | None = Field(None, description="When it happened, in EDTF.")
    derived: Line | None = Field(None, description="How the date was worked out, where the source does not print it.")
    cite: Cites = Field(description="Where the claim stands: source:part, the main one first.")
    also: Slugs = Field((), description="Further topics on whose pages the fact stands.")
    corrects: Slugs = Field((), description="Facts that this one corrects.")
    refines: Slugs = Field((), description="Facts that this one makes more exact; they are not wrong.")
    disputes: Slugs = Field((), description="Facts that this one disputes.")
    supersedes: Slugs = Field((), description="Facts that no longer stand because this one does.")
    retired: Annotated[Line, AfterValidator(_reason)] | None = Field(
        None, description="Why it no longer stands; its page stays and says so."
    )
    answers: Slugs = Field((), description="Questions of the matrix of views that the fact answers.")
    because: Line | None = Field(None, description="Why we read the sources so, where they differ.")
    as_of: Date | None = Field(None, description="As of when it stands so, where that is not when it happened.")
    review_by: Date | None = Field(None, description="By when it is to be looked at again, in EDTF.")
    credibility: Credibility | None = Field(
        None, description="How credible the item is, 1 to 6, whoever says it (Admiralty code)."
    )
    words: Lines = Field((), description="Words of the cited paragraph that the fact leans on.")
    note: Line | None = Field(None, description="An editor's caution to the reader.")

    @property
    def targets(self) -> Slugs:
        """The facts beside which this one stands: those that it corrects, makes more exact or disputes."""
        return (*self.corrects, *self.refines, *self.disputes)


class Section(Record):
    """A heading and its facts, in reading order."""

    stands_alone: ClassVar[bool] = True
    title: Line = Field(description="The heading.")
    facts: tuple[Fact, ...] = Field((), description="Its facts, in reading order.")


class Row(Record):
    """A row of a table and the facts that it rests on."""

    cells: Lines = Field(description="The cells, a text a column.")
    rests_on: SomeSlugs = Field(description="Facts that the row rests on.")


class Table(Record):
    """Facts side by side. The first cell of a row names it."""

    title: Line = Field(description="The heading.")
    columns: Lines = Field(description="The columns' names.")
    rows: tuple[Row, ...] = Field(description="The rows.")


class BottomLine(Record):
    """A sentence of a bottom line and the facts under it."""

    stands_alone: ClassVar[bool] = True
    says: Line = Field(description="The sentence.")
    rests_on: SomeSlugs = Field(description="Facts that it rests on.")


class Topic(Record):
    """One file of ``facts/topics/``, one page. Its id is the file's name."""

    stands_alone: ClassVar[bool] = True
    id: Slug = Field(description="The file's name, and the page's.")
    title: Line = Field(description="The page's heading.")
    asks: Line = Field(description="The question that the page answers.")
    tables: tuple[Table, ...] = Field((), description="Facts side by side.")
    bottom_line: tuple[BottomLine, ...] = Field((), description="The page's question, answered in short.")
    map: Slugs = Field((), description="Places to draw on a map at the top of the page.")
    sections: tuple[Section, ...] = Field(description="Headings and their facts.")


class Allowed(Record):
    """A number or name that may stand in templates or hand-written pages without leading to a fact, and why."""

    text: Line = Field(description="The number or name.")
    because: Line = Field(description="Why it may stand.")


class Judgment(Record):
    """What we judge. Likelihood and confidence are two things (ICD 203)."""

    stands_alone: ClassVar[bool] = True
    id: Slug = Field(description="Stable.")
    says: Line = Field(description="The judgment in one sentence.")
    likelihood: Likelihood = Field(description="How likely, in the words of ICD 203.")
    confidence: Confidence = Field(description="How good the evidence is.")
    basis: Line = Field(description="What the confidence rests on.")
    would_change: Line = Field(description="What would change the judgment.")
    rests_on: SomeSlugs = Field(description="Facts that it rests on.")


class Status(Record):
    """Where the matter stands, in a few words, on every page."""

    says: Line = Field(description="A few words.")
    rests_on: SomeSlugs = Field(description="Facts that they rest on.")


class Side(Record):
    """One side of a contrast."""

    title: Line = Field(description="The heading of the side.")
    facts: SomeSlugs = Field(description="Facts under it.")


class Contrast(Record):
    """Facts under two or more headings side by side: what it does, what it does not do."""

    title: Line = Field(description="The heading.")
    sides: tuple[Side, ...] = Field(description="The sides, in reading order.")


class Asked(Record):
    """A question that facts of several speakers answer, for the matrix of views."""

    stands_alone: ClassVar[bool] = True
    id: Slug = Field(description="Stable: facts that answer it name it.")
    asks: Line = Field(description="The question.")


class Question(Record):
    """What we do not know, and where we looked."""

    stands_alone: ClassVar[bool] = True
    id: Slug = Field(description="Stable.")
    asks: Line = Field(description="The question.")
    known: Line = Field(description="What is known.")
    looked_for: Line = Field(description="Where we looked for an answer.")
    rests_on: Slugs = Field((), description="Facts on the question.")


class License(Record):
    """What others may do with the briefing's content."""

    name: Line = Field(description="Its SPDX identifier, or its name.")
    url: Url = Field(description="Where its text stands.")


class Age(Record):
    """How long a kind of fact, or the standing of a place, is left before it is looked at again."""

    of: Literal[FactKind, "standing"] = Field(description="A kind of fact, or `standing`.")
    months: int = Field(ge=1, le=1200, description="After so many months.")


FORMAT = 1  # how facts are written; it goes up when what was right to write no longer is


class Head(Record):
    """``facts/briefing.yml``: the briefing's own words."""

    format: int = Field(
        FORMAT,
        ge=1,
        description="The format that the facts are written in; 1 where it is left out.",
        exclude=True,  # how facts are written, not what they say
    )
    title: Line = Field(description="The briefing's title.")
    question: Line = Field(description="The question that it answers.")
    cutoff: Date = Field(description="The day after which nothing is taken into account, in EDTF.")
    based_on: Slugs = Field(description="Sources under analysis.")
    topics: SomeSlugs = Field(description="The topics, in reading order.")
    bottom_line: tuple[BottomLine, ...] = Field(description="The answer, in a few sentences.")
    judgments: tuple[Judgment, ...] = Field(description="What we judge.")
    open_questions: tuple[Question, ...] = Field((), description="What we do not know.")
    status: Status | None = Field(None, description="Where the matter stands.")
    reviewed: Date | None = Field(None, description="When somebody last went through all of it, in EDTF.")
    next_review: Date | None = Field(None, description="When somebody will again, in EDTF.")
    license: License | None = Field(None, description="Under which the briefing's content may be shared.")
    profile: Table | None = Field(None, description="The subject at a glance: a row a label.")
    contrast: Contrast | None = Field(None, description="Facts under two or more headings side by side.")
    views: tuple[Asked, ...] = Field((), description="Questions of the matrix of views.")
    ages: tuple[Age, ...] = Field((), description="How long a kind of fact is left before it is looked at again.")
    evidence_for: Annotated[tuple[ChangeClass, ...], BeforeValidator(_listed)] = Field(
        ("date", "number", "party", "attribution"),
        description="Changes that need a new or changed citation, or a reason, with them.",
    )
    allowed: tuple[Allowed, ...] = Field((), description="Numbers and names that pages may state without a fact.")
    moved: dict[Address, Address] = Field(
        {},
        description="Old addresses and where each leads, for ever: f/old-id: f/new-id. Written by briefing rename.",
        exclude=True,  # how the site is laid out, no content: exports and their content hash know nothing of it
    )


class PinnedPart(Record):
    """What is kept of one paragraph: a digest of its text and salted hashes of its words and stems, in no order."""

    number: int
    digest: Line
    words: Line
    stems: Line


class Pin(Record):
    """The fingerprint of a source's text, made by ``briefing pin``. The text cannot be read from it."""

    format: Literal["1"]
    source: Slug
    salt: Line
    language: str = ""
    digest: Line
    look_at: Slugs = Field((), description="Facts whose paragraph has changed and which nobody has looked at since.")
    parts: tuple[PinnedPart, ...]


K = TypeVar("K")
Identified = Source | Entity | Fact | Judgment | Question | Asked


@dataclass(frozen=True)
class Briefing:
    """All records of one briefing, in the order in which they were written.

    ``failed`` has the ids of records, and ``unread`` the files, that do not stand here whole, so that what refers to
    them is no second problem. ``handwritten`` has the paths of the pages and files that somebody put into ``docs/``.
    ``today`` is the day as of which it is read; None where no day matters.
    """

    head: Head | None
    topics: tuple[Topic, ...] = ()
    sources: tuple[Source, ...] = ()
    actors: tuple[Actor, ...] = ()
    places: tuple[Place, ...] = ()
    terms: tuple[Term, ...] = ()
    pins: tuple[Pin, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    failed: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    handwritten: frozenset[str] = frozenset()
    today: Edtf | None = None

    @cached_property
    def _lines(self) -> dict[str, list[str]]:
        """The lines of the files in which something was to be found."""
        return {}

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact, topic by topic."""
        return tuple(fact for topic in self.topics for section in topic.sections for fact in section.facts)

    @cached_property
    def current_facts(self) -> tuple[Fact, ...]:
        """Every fact that still stands; the others keep their pages and are met on no other."""
        return self.current(self.facts)

    def current(self, facts: Iterable[Fact]) -> tuple[Fact, ...]:
        """Those of the facts that are neither retired nor superseded."""
        return tuple(filter(self.is_current, facts))

    def is_current(self, fact: Fact) -> bool:
        """Whether the fact still stands."""
        return not fact.retired and fact.id not in self.successors_of

    @cached_property
    def events(self) -> tuple[Fact, ...]:
        """The current facts that are dated to one day, for sure."""
        return tuple(fact for fact in self.current_facts if fact.when and fact.when.is_plain_day)

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        """Actors, places and terms."""
        return (*self.actors, *self.places, *self.terms)

    def find(self, span: Span, word: str) -> Span:
        """Where ``word`` stands within ``span``; ``span`` itself where it is not written there in one piece."""
        whole_word = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        if span.file not in self._lines:
            self._lines[span.file] = self.files[span.file].decode("utf-8-sig").splitlines()
        lines = self._lines[span.file]
        for number in range(span.line, min(span.end_line, len(lines)) + 1):
            start = span.column - 1 if number == span.line else 0
            end = span.end_column - 1 if number == span.end_line else None
            found = whole_word.search(lines[number - 1][:end], start)
            if found:
                return Span(span.file, number, found.start() + 1, number, found.end() + 1)
        return span

    def rested(self) -> Iterator[tuple[Record, Path, tuple[str, ...], Slugs]]:
        """All that rests on facts: the record, the path within it to the list of facts, what it says, and the list."""
        if head := self.head:
            yield from ((part, ("rests_on",), (part.says,), part.rests_on) for part in head.bottom_line)
            yield from ((part, ("rests_on",), (part.says,), part.rests_on) for part in head.judgments)
            yield from ((part, ("rests_on",), (), part.rests_on) for part in head.open_questions)
            if head.status:
                yield head, ("status", "rests_on"), (head.status.says,), head.status.rests_on
            for index, row in enumerate(head.profile.rows if head.profile else ()):
                yield head, ("profile", "rows", index, "rests_on"), row.cells[1:], row.rests_on
            for index, side in enumerate(head.contrast.sides if head.contrast else ()):
                yield head, ("contrast", "sides", index, "facts"), (), side.facts
        for topic in self.topics:
            yield from ((part, ("rests_on",), (part.says,), part.rests_on) for part in topic.bottom_line)
            for number, table in enumerate(topic.tables):
                for index, row in enumerate(table.rows):
                    yield topic, ("tables", number, "rows", index, "rests_on"), row.cells[1:], row.rests_on
        for site in self.places:
            if site.standing:
                yield site, ("standing", "rests_on"), (), site.standing.rests_on

    def everything(self) -> Iterator[Record]:
        """Every record that holds prose."""
        yield from self.records()
        for topic in self.topics:
            yield topic
            yield from topic.bottom_line
            yield from topic.sections
        if self.head:
            yield self.head
            yield from self.head.bottom_line

    def records(self) -> Iterator[Identified]:
        """Every record whose id must be unique."""
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
        """The topic in whose file a fact stands, by the fact's id."""
        return {fact.id: topic for topic in self.topics for section in topic.sections for fact in section.facts}

    @cached_property
    def section_of(self) -> Mapping[str, Section]:
        """The section in which a fact stands, by the fact's id."""
        return {fact.id: section for topic in self.topics for section in topic.sections for fact in section.facts}

    @cached_property
    def topic_by_id(self) -> Mapping[str, Topic]:
        return {topic.id: topic for topic in self.topics}

    @cached_property
    def facts_about(self) -> Mapping[str, tuple[Fact, ...]]:
        """The current facts about an entity, by its id; so are all groups below but the successors."""
        return _grouped((id, fact) for fact in self.current_facts for id in fact.about)

    @cached_property
    def facts_by(self) -> Mapping[str, tuple[Fact, ...]]:
        """What a speaker says, by the speaker's id."""
        return _grouped((fact.by, fact) for fact in self.current_facts if fact.by)

    @cached_property
    def facts_citing(self) -> Mapping[str, tuple[Fact, ...]]:
        """The facts that cite a source, by its id."""
        return _grouped((id, fact) for fact in self.current_facts for id in dict.fromkeys(c.source for c in fact.cite))

    def facts_by_part(self, source: str) -> Mapping[int, tuple[Fact, ...]]:
        """The facts that cite a part of a source, by the part's number."""
        groups: dict[int, dict[str, Fact]] = {}
        for fact in self.facts_citing.get(source, ()):
            for cited in fact.cite:
                if cited.source == source and cited.part:
                    groups.setdefault(cited.number, {})[fact.id] = fact
        return {number: tuple(facts.values()) for number, facts in sorted(groups.items())}

    @cached_property
    def facts_by_citation(self) -> Mapping[Citation, tuple[Fact, ...]]:
        """The facts that cite just this part of a source."""
        return _grouped((cited, fact) for fact in self.current_facts for cited in dict.fromkeys(fact.cite))

    @cached_property
    def pin_of(self) -> Mapping[str, Pin]:
        """The pin of a source, by the source's id."""
        return {pin.source: pin for pin in self.pins}

    @cached_property
    def corrections_of(self) -> Mapping[str, tuple[Fact, ...]]:
        """The facts that correct a fact, by its id."""
        return _grouped((id, fact) for fact in self.current_facts for id in fact.corrects)

    @cached_property
    def refinements_of(self) -> Mapping[str, tuple[Fact, ...]]:
        """The facts that make a fact more exact, by its id."""
        return _grouped((id, fact) for fact in self.current_facts for id in fact.refines)

    @cached_property
    def disputes_of(self) -> Mapping[str, tuple[Fact, ...]]:
        """The facts that dispute a fact, by its id."""
        return _grouped((id, fact) for fact in self.current_facts for id in fact.disputes)

    @cached_property
    def successors_of(self) -> Mapping[str, tuple[Fact, ...]]:
        """The facts that supersede a fact, by its id."""
        return _grouped((id, fact) for fact in self.facts for id in fact.supersedes)

    def is_base(self, fact: Fact) -> bool:
        """Whether the fact speaks for a source under analysis, rather than for other sources."""
        return self.head is not None and fact.cite[0].source in self.head.based_on


def _grouped(pairs: Iterable[tuple[K, Fact]]) -> Mapping[K, tuple[Fact, ...]]:
    groups: dict[K, list[Fact]] = {}
    for key, fact in pairs:
        groups.setdefault(key, []).append(fact)
    return {key: tuple(facts) for key, facts in groups.items()}
