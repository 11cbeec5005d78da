"""The kinds of records in ``facts/``, one class each; a field's description is what schemas and editors show."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

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
    Citation,
    Cites,
    Confidence,
    Credibility,
    Date,
    FactKind,
    Kind,
    Latitude,
    Likelihood,
    Line,
    Lines,
    Longitude,
    Meaning,
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

# What the same field means in several kinds of records is defined once.
_SAYS = Meaning(headline=True, prose=True, label="Wording")
_ASKS = Meaning(headline=True, prose=True, label="Question")
_CITE = Meaning(refers_to="citation", change="citation", label="Source")
_FACTS = Meaning(refers_to="fact", unordered=True, change="citation")


class Record(BaseModel):
    """Anything that an editor writes down. Knows where it stands."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    # Whether `Briefing.everything` yields it by itself, so that a walk over another record must leave it out.
    stands_alone: ClassVar[bool] = False
    _node: Node = PrivateAttr()

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Every prose text of the record and of the records within it that stand nowhere else, with its path."""
        for name, value in self:
            for path, item in _items(name, value):
                if isinstance(item, str):
                    yield path, item
                elif isinstance(item, Record) and not item.stands_alone:
                    yield from (((*path, *inner), text) for inner, text in item.texts())

    def references(self) -> Iterator[tuple[Kind, Path, str | Citation]]:
        """Every id and citation in the record and in the records within it that do not stand alone, with the kind of
        record that it refers to and its path, in the order of the fields.
        """
        for name, alias, meaning in fields_with_meaning(type(self)):
            value = getattr(self, name)
            # Most fields are left out.
            if not value:
                continue
            for path, item in _items(alias, value):
                if meaning.refers_to:
                    yield meaning.refers_to, path, item
                elif isinstance(item, Record) and not item.stands_alone:
                    yield from ((kind, (*path, *inner), target) for kind, inner, target in item.references())

    @classmethod
    def located(cls, node: Node, value: object) -> Self:
        """The record that ``value`` describes, standing at ``node``. Raises pydantic's ValidationError."""
        record = cls.model_validate(value)
        record._node = node
        return record

    def at(self, *path: str | int) -> Span:
        """Where the value at ``path`` stands."""
        return place(self._node, path)


def _items(name: str, value: Any) -> Iterator[tuple[Path, Any]]:
    """Yield each item of a field's value, or the value itself if it is not a list, with its path."""
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield (name, index), item
    else:
        yield (name,), value


# Asked of every record, while the answer depends on its class alone.
@cache
def fields_with_meaning(model: type[Record]) -> tuple[tuple[str, str, Meaning], ...]:
    """Each field's name, the name that an editor writes, and its meaning."""
    return tuple(
        (name, field.alias or name, next((m for m in field.metadata if isinstance(m, Meaning)), Meaning()))
        for name, field in model.model_fields.items()
    )


class Role(Record):
    """What an actor is, since when, and who says so."""

    says: Line = Field(description="What the actor is.")
    when: Date | None = Field(None, description="Since when, or from when to when, in EDTF.")
    cite: Annotated[Cites, _CITE] = Field(description="Who says so: source:part.")


class NotUsed(Record):
    """Parts of a source that no fact needs to cite, and why."""

    parts: Annotated[Numbers, Field(min_length=1)] = Field(description="Numbers of the parts.")
    because: Line = Field(description="Why no fact needs them.")


class Source(Record):
    """What is cited."""

    stands_alone: ClassVar[bool] = True
    id: Slug = Field(description="Stable: citations name it.")
    title: Annotated[Line, Meaning(headline=True)] = Field(
        description="What it is called, or what it is where it has no title."
    )
    publisher: Annotated[Line, Meaning(change="attribution")] = Field(description="Who published it.")
    author: Annotated[Line | None, Meaning(change="attribution")] = Field(
        None, description="Who wrote it, where it says so."
    )
    date: Annotated[Date | None, Meaning(change="date")] = Field(None, description="When it was published, in EDTF.")
    url: Annotated[Url | None, Meaning(change="citation", label="Address")] = Field(
        None, description="Where it stands on the web."
    )
    language: Line | None = Field(None, description="Its language, as an ISO 639-1 code.")
    unit: Unit | None = Field(
        None, description="What a citation's number counts; without it the source is cited whole."
    )
    count: Annotated[int | None, Meaning(change="number")] = Field(
        None, ge=1, le=100_000, description="How many of these units the source has."
    )
    not_used: tuple[NotUsed, ...] = Field((), description="Parts that no fact cites, and why.")
    reliability: Annotated[Reliability | None, Meaning(change="citation")] = Field(
        None, description="The publisher's record, A to F (Admiralty code)."
    )
    note: Annotated[Line | None, Meaning(prose=True)] = Field(None, description="An editor's caution to the reader.")


class Entity(Record):
    """Whom or what facts are about."""

    stands_alone: ClassVar[bool] = True
    SPELLINGS: ClassVar[tuple[str, ...]] = ("name", "aliases", "metonyms")
    id: Slug = Field(description="Stable: facts name it.")
    name: Annotated[Annotated[Line, AfterValidator(_name)], Meaning(headline=True)] = Field(
        description="The one spelling used on the site."
    )
    aliases: Annotated[Lines, Meaning(unordered=True)] = Field((), description="Other names and spellings.")
    metonyms: Annotated[Lines, Meaning(unordered=True)] = Field(
        (), description="Words that point to it without being its name: Dutch, The Hague."
    )
    note: Annotated[Line | None, Meaning(prose=True)] = Field(None, description="An editor's caution to the reader.")

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every word or phrase that means it in a text."""
        return (self.name, *self.aliases, *self.metonyms)


class Actor(Entity):
    """A state, person, organisation, group or bloc."""

    kind: Annotated[ActorKind, Meaning(change="kind")] = Field(description="What kind of actor it is.")
    country: Annotated[Slug | None, Meaning(refers_to="actor", change="party")] = Field(
        None, description="The actor that is its country."
    )
    roles: tuple[Role, ...] = Field((), description="What it is, since when, and who says so.")


class Position(Record):
    """Decimal degrees (WGS 84) and where they come from; without ``from`` they are general knowledge."""

    lat: Annotated[Latitude, Meaning(change="number")] = Field(
        description="Latitude in decimal degrees, north positive."
    )
    lon: Annotated[Longitude, Meaning(change="number")] = Field(
        description="Longitude in decimal degrees, east positive."
    )
    precision: Literal["exact", "approximate"] = Field(description="Whether the position is exact or approximate.")
    origin: Annotated[Slug | None, Meaning(refers_to="source")] = Field(
        None, alias="from", description="The source of the position; none: general knowledge."
    )


class Standing(Record):
    """How a place stands, as of a date: confirmed, claimed by a party, denied by it, planned, or of the past."""

    how: Literal["confirmed", "claimed", "denied", "planned", "historical"] = Field(description="How the place stands.")
    as_of: Annotated[Date, Meaning(change="date", filing=True)] = Field(description="As of when, in EDTF.")
    review_by: Annotated[Date | None, Meaning(filing=True)] = Field(
        None, description="By when it is to be looked at again, in EDTF."
    )
    rests_on: Annotated[SomeSlugs, _FACTS] = Field(description="Facts that say so.")


class Place(Entity):
    """A base, city, sea, route or other place."""

    kind: Annotated[Line, Meaning(change="kind")] = Field(description="What kind of place it is.")
    country: Annotated[Slug | None, Meaning(refers_to="actor", change="party")] = Field(
        None, description="The actor that is its country."
    )
    position: Position | None = Field(None, description="Where it is.")
    line: Annotated[Annotated[tuple[Point, ...], AfterValidator(_route)], Meaning(change="number")] = Field(
        (), description="A route: latitude and longitude of points on it."
    )
    standing: Standing | None = Field(None, description="How it stands, as of a date.")


class Term(Entity):
    """A treaty, process, weapon or idea, explained."""

    kind: Annotated[TermKind, Meaning(change="kind")] = Field(description="What kind of term it is.")
    explains: Annotated[Line, Meaning(prose=True, label="Explanation")] = Field(description="What it means.")
    cite: Annotated[OptionalCites, _CITE] = Field((), description="Who says so: source:part.")
    see: Annotated[Slugs, Meaning(refers_to="term", unordered=True)] = Field((), description="Related terms.")


class Fact(Record):
    """One claim, in our own words, with its evidence."""

    stands_alone: ClassVar[bool] = True
    id: Slug = Field(description="Permanent: the fact's address and history depend on it.")
    says: Annotated[Line, _SAYS] = Field(description="One sentence that stands by itself.")
    about: Annotated[Slugs, Meaning(refers_to="entity", unordered=True, filing=True)] = Field(
        (), description="Every actor, place and term that the sentence is about or names."
    )
    by: Annotated[Slug | None, Meaning(refers_to="actor", change="attribution", label="Speaker")] = Field(
        None, description="The speaker, where it is not the source's own voice."
    )
    kind: Annotated[FactKind, Meaning(change="kind")] = Field("report", description="What kind of claim it is.")
    when: Annotated[Date | None, Meaning(change="date", label="Date")] = Field(
        None, description="When it happened, in EDTF."
    )
    derived: Annotated[Line | None, Meaning(prose=True, label="How dated")] = Field(
        None, description="How the date was worked out, where the source does not print it."
    )
    cite: Annotated[Cites, _CITE] = Field(description="Where the claim stands: source:part, the main one first.")
    also: Annotated[Slugs, Meaning(refers_to="topic", unordered=True, filing=True, label="Further pages")] = Field(
        (), description="Further topics on whose pages the fact stands."
    )
    corrects: Annotated[Slugs, Meaning(refers_to="fact", unordered=True, change="kind")] = Field(
        (), description="Facts that this one corrects."
    )
    refines: Annotated[Slugs, Meaning(refers_to="fact", unordered=True, change="kind", label="Makes more exact")] = (
        Field((), description="Facts that this one makes more exact; they are not wrong.")
    )
    disputes: Annotated[Slugs, Meaning(refers_to="fact", unordered=True, change="kind")] = Field(
        (), description="Facts that this one disputes."
    )
    supersedes: Annotated[Slugs, Meaning(refers_to="fact", unordered=True, change="retirement", filing=True)] = Field(
        (), description="Facts that no longer stand because this one does."
    )
    retired: Annotated[
        Annotated[Line, AfterValidator(_reason)] | None, Meaning(prose=True, change="retirement", label="Why")
    ] = Field(None, description="Why it no longer stands; its page stays and says so.")
    answers: Annotated[Slugs, Meaning(refers_to="question", unordered=True, filing=True)] = Field(
        (), description="Questions of the matrix of views that the fact answers."
    )
    because: Annotated[Line | None, Meaning(prose=True, label="Our reading")] = Field(
        None, description="Why we read the sources so, where they differ."
    )
    as_of: Annotated[Date | None, Meaning(change="date", filing=True)] = Field(
        None, description="As of when it stands so, where that is not when it happened; its age counts from here."
    )
    review_by: Annotated[Date | None, Meaning(filing=True)] = Field(
        None, description="By when it is to be looked at again, in EDTF."
    )
    credibility: Annotated[Credibility | None, Meaning(change="citation")] = Field(
        None, description="How credible the item itself is, 1 to 6, apart from its source (Admiralty code)."
    )
    words: Annotated[Lines, Meaning(unordered=True, filing=True, label="Words it leans on")] = Field(
        (), description="Words of the cited paragraph that the fact leans on."
    )
    note: Annotated[Line | None, Meaning(prose=True)] = Field(None, description="An editor's caution to the reader.")

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
    rests_on: Annotated[SomeSlugs, _FACTS] = Field(description="Facts that the row rests on.")


class Table(Record):
    """Facts side by side. The first cell of a row names it."""

    title: Line = Field(description="The heading.")
    columns: Lines = Field(description="The columns' names.")
    rows: tuple[Row, ...] = Field(description="The rows.")


class BottomLine(Record):
    """A sentence of a bottom line and the facts under it."""

    stands_alone: ClassVar[bool] = True
    says: Annotated[Line, _SAYS] = Field(description="The sentence.")
    rests_on: Annotated[SomeSlugs, _FACTS] = Field(description="Facts that it rests on.")


class Topic(Record):
    """One file of ``facts/topics/``, one page. Its id is the file's name."""

    stands_alone: ClassVar[bool] = True
    id: Slug = Field(description="The file's name, and the page's.")
    title: Annotated[Line, Meaning(headline=True)] = Field(description="The page's heading.")
    asks: Annotated[Line, _ASKS] = Field(description="The question that the page answers.")
    tables: tuple[Table, ...] = Field((), description="Facts side by side.")
    bottom_line: tuple[BottomLine, ...] = Field((), description="The page's question, answered in short.")
    map: Annotated[Slugs, Meaning(refers_to="place")] = Field(
        (), description="Places to draw on a map at the top of the page."
    )
    sections: tuple[Section, ...] = Field(description="Headings and their facts.")


class Allowed(Record):
    """A number or name that may stand in templates or hand-written pages without leading to a fact, and why."""

    text: Line = Field(description="The number or name.")
    because: Line = Field(description="Why it may stand.")


class Judgment(Record):
    """What we judge. Likelihood and confidence are two things (ICD 203)."""

    stands_alone: ClassVar[bool] = True
    id: Slug = Field(description="Stable.")
    says: Annotated[Line, _SAYS] = Field(description="The judgment in one sentence.")
    likelihood: Annotated[Likelihood, Meaning(change="number")] = Field(
        description="How likely, in the words of ICD 203."
    )
    confidence: Annotated[Confidence, Meaning(change="kind")] = Field(description="How good the evidence is.")
    basis: Annotated[Line, Meaning(prose=True)] = Field(description="What the confidence rests on.")
    would_change: Annotated[Line, Meaning(prose=True, label="What would change it")] = Field(
        description="What would change the judgment."
    )
    rests_on: Annotated[SomeSlugs, _FACTS] = Field(description="Facts that it rests on.")


class Status(Record):
    """Where the matter stands, in a few words, on every page."""

    says: Annotated[Line, _SAYS] = Field(description="A few words.")
    rests_on: Annotated[SomeSlugs, _FACTS] = Field(description="Facts that they rest on.")


class Side(Record):
    """One side of a contrast."""

    title: Line = Field(description="The heading of the side.")
    facts: Annotated[SomeSlugs, Meaning(refers_to="fact")] = Field(description="Facts under it.")


class Contrast(Record):
    """Facts under two or more headings side by side: what it does, what it does not do."""

    title: Line = Field(description="The heading.")
    sides: tuple[Side, ...] = Field(description="The sides, in reading order.")


class ViewQuestion(Record):
    """A question that facts of several speakers answer, for the matrix of views."""

    stands_alone: ClassVar[bool] = True
    id: Slug = Field(description="Stable: facts that answer it name it.")
    asks: Annotated[Line, _ASKS] = Field(description="The question.")


class Question(Record):
    """What we do not know, and where we looked."""

    stands_alone: ClassVar[bool] = True
    id: Slug = Field(description="Stable.")
    asks: Annotated[Line, _ASKS] = Field(description="The question.")
    known: Annotated[Line, Meaning(prose=True, label="What is known")] = Field(description="What is known.")
    looked_for: Annotated[Line, Meaning(prose=True)] = Field(description="Where we looked for an answer.")
    rests_on: Annotated[Slugs, _FACTS] = Field((), description="Facts on the question.")


class License(Record):
    """What others may do with the briefing's content."""

    name: Line = Field(description="Its SPDX identifier, or its name.")
    url: Url = Field(description="Where its text stands.")


class ReviewInterval(Record):
    """How long a kind of fact, or a standing, is left before it is due for review."""

    of: Literal[FactKind, "standing"] = Field(
        description="A kind of fact, or `standing`: a place's status, and a report of how things are."
    )
    months: int = Field(ge=0, le=1200, description="After how many months it is due for review; 0: never.")


# How facts are written. It goes up when what was right to write no longer is.
FORMAT = 1


class BriefingHead(Record):
    """``facts/briefing.yml``: the briefing's own words."""

    # Left out of exports, which say what facts say and not how they are written.
    format: int = Field(
        FORMAT,
        ge=1,
        description="The format that the facts are written in; 1 where it is left out.",
        exclude=True,
    )
    title: Annotated[Line, Meaning(headline=True)] = Field(description="The briefing's title.")
    question: Line = Field(description="The question that it answers.")
    cutoff: Date = Field(description="The day after which nothing is taken into account, in EDTF.")
    based_on: Annotated[Slugs, Meaning(refers_to="source")] = Field(description="Sources under analysis.")
    topics: Annotated[SomeSlugs, Meaning(refers_to="topic")] = Field(description="The topics, in reading order.")
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
    views: tuple[ViewQuestion, ...] = Field((), description="Questions of the matrix of views.")
    ages: tuple[ReviewInterval, ...] = Field(
        (), description="How long a kind of fact is left before it is looked at again."
    )
    evidence_for: Annotated[tuple[ChangeClass, ...], BeforeValidator(_listed)] = Field(
        ("date", "number", "party", "attribution"),
        description="Changes that need a new or changed citation, or a reason, with them.",
    )
    allowed: tuple[Allowed, ...] = Field((), description="Numbers and names that pages may state without a fact.")
    # Left out of exports and their content hash: it is how the site is laid out, not content.
    moved: dict[Address, Address] = Field(
        {},
        description="Old addresses and where each redirects: f/old-id: f/new-id. Written by briefing rename.",
        exclude=True,
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
    source: Annotated[Slug, Meaning(refers_to="source")]
    salt: Line
    language: str = ""
    digest: Line
    look_at: Annotated[Slugs, Meaning(refers_to="fact")] = Field(
        (), description="Facts to review, because their paragraph has changed."
    )
    parts: tuple[PinnedPart, ...]


Identified = Source | Entity | Fact | Judgment | Question | ViewQuestion


@cache
def meanings() -> Mapping[str, Meaning]:
    """What each field means, by the name that an editor writes. In all kinds of records that have it, a name means the
    same; where one of them says nothing about it, what the others say holds.
    """
    # Tables of names that rules and exports keep are derived from this, so that a field is described in one place.
    found: dict[str, Meaning] = {}
    for model in _all_below(Record):
        for _, name, meaning in fields_with_meaning(model):
            if meaning != Meaning():
                found[name] = meaning
    return found


def fields_that(holds: Callable[[Meaning], object]) -> frozenset[str]:
    """The names of the fields for whose meaning something holds."""
    return frozenset(name for name, meaning in meanings().items() if holds(meaning))


def headline(model: type[Record]) -> str:
    """The name of the field that says what a record of this kind is."""
    return next(name for _, name, meaning in fields_with_meaning(model) if meaning.headline)


def kinds_in(annotation: object) -> Iterator[type[Record]]:
    """The kinds of record that a type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        yield annotation
    for part in get_args(annotation):
        yield from kinds_in(part)


@cache
def parts_of(model: type[Record]) -> Mapping[str, type[Record]]:
    """The fields that hold a list of records which stand alone, with the kind of these records."""
    return {
        name: kind
        for name, field in model.model_fields.items()
        for kind in kinds_in(field.annotation)
        if kind.stands_alone
    }


def _all_below(model: type[Record]) -> Iterator[type[Record]]:
    for kind in model.__subclasses__():
        # Exports and tests derive records of their own, which no editor writes.
        if kind.__module__ == __name__:
            yield kind
            yield from _all_below(kind)
