"""The kinds of records in ``facts/``, one class each; a field's description is what schemas and editors show."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
)

from briefing.model.fields import (
    ActorKind,
    Address,
    ChangeClass,
    Cites,
    Confidence,
    Credibility,
    Date,
    FactKind,
    Latitude,
    Likelihood,
    Line,
    Lines,
    Longitude,
    Numbers,
    OptionalCites,
    Point,
    Reliability,
    Slug,
    Slugs,
    SomeSlugs,
    TermKind,
    Unit,
    Url,
    _listed,
    _name,
    _reason,
    _route,
)
from briefing.problems import Span
from briefing.text.nodes import Node, Path, place


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
    as_of: Date | None = Field(
        None, description="As of when it stands so, where that is not when it happened; its age counts from here."
    )
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
    """How long a kind of fact, or a standing, is left before it is due for review."""

    of: Literal[FactKind, "standing"] = Field(
        description="A kind of fact, or `standing`: a place's status, and a report of how things are."
    )
    months: int = Field(ge=0, le=1200, description="After how many months it is due for review; 0: never.")


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
    next_review: Date | None = Field(
        None, description="When somebody will again, in EDTF; `briefing due` lists the briefing then."
    )
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


Identified = Source | Entity | Fact | Judgment | Question | Asked
