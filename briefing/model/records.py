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
    SerializerFunctionWrapHandler,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapSerializer,
    WrapValidator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from briefing.model.fields import (
    PART,
    SLUG,
    ActorKind,
    Address,
    ChangeClass,
    Confidence,
    Consequence,
    Contact,
    Count,
    Credibility,
    Date,
    EvidenceLevel,
    FactKind,
    Horizon,
    Kind,
    LanguageTag,
    Latitude,
    Likelihood,
    Line,
    Lines,
    Longitude,
    Meaning,
    Messages,
    Numbers,
    PartNumber,
    ReadingForm,
    Reliability,
    ReportAddress,
    Route,
    Slug,
    Slugs,
    SomeSlugs,
    TermKind,
    Unit,
    Url,
    Whole,
    _day,
    _listed,
    _name,
    _reason,
)
from briefing.model.pydantic_compat import read_private
from briefing.problems import Span
from briefing.text.language import ENGLISH_TAG, N_
from briefing.text.nodes import Node, Path, place

# What the same field means in several kinds of records is defined once.
_SAYS = Meaning(headline=True, prose=True, label=N_("Wording"))
_ASKS = Meaning(headline=True, prose=True, label=N_("Question"))
_CITE = Meaning(refers_to="citation", change="citation", label=N_("Source"))
_FACTS = Meaning(refers_to="fact", unordered=True, change="citation", label=N_("Evidence"))
_KIND = Meaning(change="kind", label=N_("Kind"))
_COUNTRY = Meaning(refers_to="actor", change="party", label=N_("Country"))
_AS_OF = Meaning(change="date", filing=True, label=N_("As of"))
_REVIEW_BY = Meaning(filing=True, label=N_("Review due"))
_NOTE = Meaning(prose=True, label=N_("Note"))
_BECAUSE = Meaning(prose=True, label=N_("Our reading"))


class Record(BaseModel):
    """Anything that an editor writes down, with its position in the file."""

    # Building all validators takes a tenth of the time of a short command, so each is built when it is used.
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)
    # Whether `Briefing.everything` yields it by itself, so that a walk over another record must leave it out.
    is_addressable: ClassVar[bool] = False
    _node: Node = PrivateAttr()

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Yield each text of the record, and of the records in it that do not stand alone, with its path."""
        # Iterating over a model of pydantic is slower.
        for name, value in vars(self).items():
            for path, item in _items(name, value):
                if isinstance(item, str):
                    yield path, item
                elif isinstance(item, Record) and not item.is_addressable:
                    yield from (((*path, *inner), text) for inner, text in item.texts())

    def references(self) -> Iterator[tuple[Kind, Path, "str | Citation"]]:
        """Yield each reference of the record, and of the records in it that do not stand alone, in field order.

        A reference is the kind of record it refers to, its path, and its id or citation.
        """
        for name, alias, meaning in _fields_with_references(type(self)):
            value = getattr(self, name)
            # Most fields are left out.
            if not value:
                continue
            for path, item in _items(alias, value):
                if meaning.refers_to:
                    yield meaning.refers_to, path, item
                elif isinstance(item, Record) and not item.is_addressable:
                    yield from ((kind, (*path, *inner), target) for kind, inner, target in item.references())

    @classmethod
    def located(cls, node: Node, value: object, *, past: bool = False) -> Self:
        """Return the record with the fields of ``value`` and the position of ``node``.

        ``past`` also accepts fields that only earlier versions had. Raises pydantic's ValidationError.
        """
        record = cls.model_validate(value, context={"past": past})
        record._node = node
        return record

    def at(self, *path: str | int) -> Span:
        """Return the position of the value at ``path``."""
        return place(read_private(self, "_node"), path)


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
    """Return each field's name in Python, its name in YAML, and its meaning."""
    return tuple(
        (name, field.alias or name, next((m for m in field.metadata if isinstance(m, Meaning)), Meaning()))
        for name, field in model.model_fields.items()
    )


def _listed_citations(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


class Reading(Record):
    """When and in which form someone read a quotation in its source."""

    date: Annotated[Date, AfterValidator(_day)] = Field(description=N_("The day, as YYYY-MM-DD."))
    form: ReadingForm = Field(description=N_("What was read: the live page, an archived copy, print or an excerpt."))


class Citation(Record):
    """A source with its part, written as ``source:part``, or as a mapping that also quotes the source.

    ``quote``, ``prefix`` and ``suffix`` are a text quote selector of the W3C Web Annotation Data Model (exact, prefix
    and suffix).
    """

    source: Annotated[Slug, Meaning(refers_to="source")] = Field(description=N_("The id of the source."))
    part: PartNumber = Field("", description=N_("The paragraph, page or article, if the source has numbered parts."))
    quote: Annotated[Line | None, Meaning(prose=True, change="citation", label=N_("Quotation"))] = Field(
        None, description=N_("At most 25 words of the source, in its own language, exactly as written there.")
    )
    prefix: Line | None = Field(None, description=N_("A few words before the quotation, to find it in the source."))
    suffix: Line | None = Field(None, description=N_("A few words after the quotation, to find it in the source."))
    translation: Annotated[Line | None, Meaning(prose=True, label=N_("Translation"))] = Field(
        None, description=N_("The quotation in the language of the site, if the source is in another one.")
    )
    seen: Reading | None = Field(None, description=N_("When and in which form someone read the quotation."))

    @property
    def place(self) -> tuple[str, str]:
        """The source and its part, whatever is quoted."""
        return self.source, self.part

    @property
    def number(self) -> int:
        """The part's number without its subparts, or 0 if the source is cited as a whole."""
        return int(self.part.partition(".")[0] or 0)

    def __str__(self) -> str:
        return f"{self.source}:{self.part}" if self.part else self.source

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Yield nothing: the words are the source's, not ours."""
        return iter(())


def _citation(value: object, validate: ValidatorFunctionWrapHandler) -> object:
    if isinstance(value, dict) and len(value) == 1 and not value.keys() & Citation.model_fields.keys():
        # A space after the colon makes it a mapping.
        raise PydanticCustomError("bad-citation", "invalid citation")
    if not isinstance(value, str):
        return validate(value)
    source, colon, part = value.partition(":")
    if not SLUG.fullmatch(source) or (colon and not PART.fullmatch(part)):
        raise PydanticCustomError("bad-citation", "invalid citation")
    return validate({"source": source, "part": part} if part else {"source": source})


ShortCite = Annotated[str, WithJsonSchema({"type": "string", "pattern": f"^{SLUG.pattern}(:{PART.pattern})?$"})]


def _as_written(cited: Citation, serialize: SerializerFunctionWrapHandler) -> Any:
    if not cited.quote:
        return str(cited)
    return {name: value for name, value in serialize(cited).items() if value}


Cite = Annotated[
    Citation,
    WrapValidator(_citation, json_schema_input_type=ShortCite | Citation),
    WrapSerializer(_as_written, return_type=ShortCite | dict[str, Any]),
]
# A list of one item may be written as that item, as in most citations. The editor schemas allow both.
OptionalCites = Annotated[
    tuple[Cite, ...], BeforeValidator(_listed_citations, json_schema_input_type=Cite | tuple[Cite, ...])
]
Cites = Annotated[OptionalCites, Field(min_length=1)]


class Role(Record):
    """A role of an actor, with its dates and source."""

    says: Line = Field(description=N_("The role, in a few words."))
    when: Date | None = Field(None, description=N_("The start date, or the start and end dates, in EDTF."))
    cite: Annotated[Cites, _CITE] = Field(description=N_("The evidence, as source:part."))


class Archived(Record):
    """A copy of a source in a web archive. Only a copy that someone opened counts."""

    url: Url = Field(description=N_("The web address of the copy."))
    saved: Annotated[Annotated[Date, AfterValidator(_day)], Meaning(change="date", label=N_("Archived on"))] = Field(
        description=N_("The day on which the copy was made, as YYYY-MM-DD.")
    )


class NotUsed(Record):
    """Parts of a source that no fact needs to cite, and why."""

    parts: Annotated[Numbers, Field(min_length=1)] = Field(description=N_("The numbers of the parts."))
    because: Line = Field(description=N_("Why no fact needs to cite these parts."))


class Source(Record):
    """A document that facts cite."""

    is_addressable: ClassVar[bool] = True
    id: Slug = Field(description=N_("The permanent id, used in citations."))
    title: Annotated[Line, Meaning(headline=True, label=N_("Title"))] = Field(
        description=N_("The title, or a description if it has none.")
    )
    publisher: Annotated[Line, Meaning(change="attribution", label=N_("Publisher"))] = Field(
        description=N_("The publisher.")
    )
    author: Annotated[Line | None, Meaning(change="attribution", label=N_("Author"))] = Field(
        None, description=N_("The author, if named; of a person as `Family, Given`.")
    )
    date: Annotated[Date | None, Meaning(change="date", label=N_("Published"))] = Field(
        None, description=N_("The date of publication, in EDTF.")
    )
    url: Annotated[Url | None, Meaning(change="citation", label=N_("Address"))] = Field(
        None, description=N_("The web address.")
    )
    accessed: Annotated[Annotated[Date, AfterValidator(_day)] | None, Meaning(filing=True, label=N_("Accessed"))] = (
        Field(None, description=N_("The day on which someone last opened the address, as YYYY-MM-DD."))
    )
    archived: Archived | None = Field(None, description=N_("A copy in a web archive that someone opened."))
    language: Annotated[Line | None, Meaning(label=N_("Language"))] = Field(
        None, description=N_("The language, as an ISO 639-1 code.")
    )
    unit: Annotated[Unit | None, Meaning(label=N_("Unit of citation"))] = Field(
        None,
        description=N_(
            "The unit that the number in a citation refers to. Without a unit, the source is cited as a whole."
        ),
    )
    count: Annotated[Count | None, Meaning(change="number", label=N_("Number of units"))] = Field(
        None, description=N_("The number of units of citation in the source.")
    )
    not_used: Annotated[tuple[NotUsed, ...], Meaning(label=N_("Not used"))] = Field(
        (), description=N_("Parts that no fact needs to cite, with reasons.")
    )
    reliability: Annotated[Reliability | None, Meaning(change="citation", label=N_("Reliability"))] = Field(
        None, description=N_("The reliability of the publisher, A to F (Admiralty code).")
    )
    note: Annotated[Line | None, _NOTE] = Field(None, description=N_("A caution from the editors to readers."))


class Entity(Record):
    """An actor, place or term that facts are about."""

    is_addressable: ClassVar[bool] = True
    SPELLINGS: ClassVar[tuple[str, ...]] = ("name", "aliases", "metonyms")
    id: Slug = Field(description=N_("The permanent id, used in facts."))
    name: Annotated[Annotated[Line, AfterValidator(_name)], Meaning(headline=True, label=N_("Name"))] = Field(
        description=N_("The only spelling used on the site.")
    )
    aliases: Annotated[Lines, Meaning(unordered=True, label=N_("Other names"))] = Field(
        (), description=N_("Other names and spellings.")
    )
    metonyms: Annotated[Lines, Meaning(unordered=True, label=N_("Words that refer to it"))] = Field(
        (), description=N_("Words that refer to it but are not its name, such as Dutch or The Hague.")
    )
    note: Annotated[Line | None, _NOTE] = Field(None, description=N_("A caution from the editors to readers."))

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every word or phrase that refers to it in a text."""
        return (self.name, *self.aliases, *self.metonyms)


class BottomLine(Record):
    """A sentence of a bottom line and its supporting facts."""

    is_addressable: ClassVar[bool] = True
    says: Annotated[Line, _SAYS] = Field(description=N_("The sentence."))
    rests_on: Annotated[SomeSlugs, _FACTS] = Field(description=N_("The facts that support it."))


def _part_of_name(family: str, info: ValidationInfo) -> str:
    # A fault in the name is reported there.
    if family not in info.data.get("name", family):
        raise PydanticCustomError("bad-name", "the family name is not part of 'name'")
    return family


class Actor(Entity):
    """A state, person, organisation, group or bloc."""

    kind: Annotated[ActorKind, _KIND] = Field(description=N_("The kind of actor."))
    family: Annotated[Annotated[Line, AfterValidator(_part_of_name)] | None, Meaning(label=N_("Family name"))] = Field(
        None, description=N_("The family name of a person, as written in `name`.")
    )
    country: Annotated[Slug | None, _COUNTRY] = Field(
        None, description=N_("The country it belongs to, as the id of an actor.")
    )
    roles: Annotated[tuple[Role, ...], Meaning(change="party", label=N_("Roles"))] = Field(
        (), description=N_("Roles of the actor, with dates and sources.")
    )
    bottom_line: Annotated[tuple[BottomLine, ...], Meaning(label=N_("Bottom line"))] = Field(
        (), description=N_("A summary of what the facts say about the actor, in a few sentences.")
    )


class Position(Record):
    """A position in decimal degrees (WGS 84), with its source. Without ``from``, it is general knowledge."""

    lat: Annotated[Latitude, Meaning(change="number", label=N_("Latitude"))] = Field(
        description=N_("Latitude in decimal degrees, north positive.")
    )
    lon: Annotated[Longitude, Meaning(change="number", label=N_("Longitude"))] = Field(
        description=N_("Longitude in decimal degrees, east positive.")
    )
    precision: Annotated[Literal["exact", "approximate"], Meaning(label=N_("Precision"))] = Field(
        description=N_("Whether the position is exact or approximate.")
    )
    origin: Annotated[
        Slug | None, Meaning(refers_to="source", change="citation", label=N_("Source of the position"))
    ] = Field(
        None, alias="from", description=N_("The source of the position. Omit it if the position is general knowledge.")
    )


class Standing(Record):
    """The status of a place as of a date: confirmed, claimed or denied by a party, planned or historical."""

    how: Annotated[
        Literal["confirmed", "claimed", "denied", "planned", "historical"],
        Meaning(change="kind", label=N_("Status")),
    ] = Field(description=N_("The status."))
    as_of: Annotated[Date, _AS_OF] = Field(description=N_("The date of this status, in EDTF."))
    review_by: Annotated[Date | None, _REVIEW_BY] = Field(
        None, description=N_("The date by which it is due for review, in EDTF.")
    )
    rests_on: Annotated[SomeSlugs, _FACTS] = Field(description=N_("The facts that support this status."))


class Place(Entity):
    """A base, city, sea, route or other place."""

    kind: Annotated[Line, _KIND] = Field(description=N_("The kind of place."))
    country: Annotated[Slug | None, _COUNTRY] = Field(
        None, description=N_("The country it belongs to, as the id of an actor.")
    )
    position: Position | None = Field(None, description=N_("The coordinates."))
    line: Annotated[Route, Meaning(change="number", label=N_("Line"))] = Field(
        (), description=N_("A route, as the latitude and longitude of its points.")
    )
    standing: Standing | None = Field(None, description=N_("The status as of a date."))


class Term(Entity):
    """A treaty, process, weapon or idea, with an explanation."""

    kind: Annotated[TermKind, _KIND] = Field(description=N_("The kind of term."))
    explains: Annotated[Line, Meaning(prose=True, label=N_("Explanation"))] = Field(description=N_("The explanation."))
    cite: Annotated[OptionalCites, _CITE] = Field((), description=N_("The evidence, as source:part."))
    see: Annotated[Slugs, Meaning(refers_to="term", unordered=True, label=N_("See also"))] = Field(
        (), description=N_("Related terms.")
    )


class Fact(Record):
    """One claim, in our own words, with its evidence."""

    is_addressable: ClassVar[bool] = True
    id: Slug = Field(description=N_("The permanent id, on which the fact's address and history depend."))
    says: Annotated[Line, _SAYS] = Field(description=N_("One sentence that can be understood on its own."))
    about: Annotated[Slugs, Meaning(refers_to="entity", unordered=True, filing=True, label=N_("About"))] = Field(
        (), description=N_("Every actor, place and term that the sentence is about or names.")
    )
    by: Annotated[Slug | None, Meaning(refers_to="actor", change="attribution", label=N_("Speaker"))] = Field(
        None, description=N_("The speaker, if not the source itself.")
    )
    kind: Annotated[FactKind, _KIND] = Field("report", description=N_("The kind of claim."))
    when: Annotated[Date | None, Meaning(change="date", label=N_("Date"))] = Field(
        None, description=N_("The date of the event, in EDTF.")
    )
    derived: Annotated[Line | None, Meaning(prose=True, label=N_("How the date was derived"))] = Field(
        None, description=N_("How the date was worked out, if the source does not give it.")
    )
    cite: Annotated[Cites, _CITE] = Field(description=N_("The evidence, as source:part, with the main item first."))
    also: Annotated[Slugs, Meaning(refers_to="topic", unordered=True, filing=True, label=N_("Also on"))] = Field(
        (), description=N_("Other topics whose pages show the fact.")
    )
    corrects: Annotated[Slugs, Meaning(refers_to="fact", unordered=True, change="relation", label=N_("Corrects"))] = (
        Field((), description=N_("Facts that this one corrects."))
    )
    refines: Annotated[Slugs, Meaning(refers_to="fact", unordered=True, change="relation", label=N_("Clarifies"))] = (
        Field((), description=N_("Facts that this one clarifies without contradicting them."))
    )
    disputes: Annotated[Slugs, Meaning(refers_to="fact", unordered=True, change="relation", label=N_("Disputes"))] = (
        Field((), description=N_("Facts that this one disputes."))
    )
    supersedes: Annotated[
        Slugs, Meaning(refers_to="fact", unordered=True, change="retirement", filing=True, label=N_("Supersedes"))
    ] = Field((), description=N_("Facts that are out of date because of this one."))
    retired: Annotated[
        Annotated[Line, AfterValidator(_reason)] | None,
        Meaning(prose=True, change="retirement", label=N_("Reason for withdrawal")),
    ] = Field(None, description=N_("Why the fact is out of date. Its page remains and gives this reason."))
    answers: Annotated[Slugs, Meaning(refers_to="question", unordered=True, filing=True, label=N_("Answers"))] = Field(
        (), description=N_("Questions in the matrix of views that the fact answers.")
    )
    because: Annotated[Line | None, _BECAUSE] = Field(
        None, description=N_("Why we read the sources this way, if they differ.")
    )
    consequence: Annotated[Consequence | None, Meaning(filing=True, label=N_("Consequence"))] = Field(
        None,
        description=N_("How much the claim that it corrects or disputes matters to the conclusions of the reader."),
    )
    as_of: Annotated[Date | None, _AS_OF] = Field(
        None,
        description=N_(
            "The date as of which the fact is true, if not the date of the event. The fact's age is counted from it."
        ),
    )
    review_by: Annotated[Date | None, _REVIEW_BY] = Field(
        None, description=N_("The date by which it is due for review, in EDTF.")
    )
    credibility: Annotated[Credibility | None, Meaning(change="citation", label=N_("Credibility"))] = Field(
        None, description=N_("How credible the claim is, 1 to 6 (Admiralty code), regardless of its source.")
    )
    words: Annotated[Lines, Meaning(unordered=True, filing=True, label=N_("Key words"))] = Field(
        (), description=N_("Words of the cited paragraph that the fact relies on.")
    )
    from_unpinned: Annotated[Lines, Meaning(unordered=True, filing=True, label=N_("Not quoted"))] = Field(
        (),
        description=N_(
            "Numbers, dates, names and quoted words that a cited source has beyond its pin and its quotations."
        ),
    )
    note: Annotated[Line | None, _NOTE] = Field(None, description=N_("A caution from the editors to readers."))

    @property
    def targets(self) -> Slugs:
        """The facts that this one corrects, clarifies or disputes. It is shown with them."""
        return (*self.corrects, *self.refines, *self.disputes)


class Section(Record):
    """A heading and its facts, in reading order."""

    is_addressable: ClassVar[bool] = True
    title: Line = Field(description=N_("The heading."))
    facts: tuple[Fact, ...] = Field((), description=N_("The facts, in reading order."))


class Cell(Record):
    """A cell of a table and its supporting facts. A cell without facts is written as a plain text."""

    says: Annotated[Line, _SAYS] = Field(description=N_("The text of the cell."))
    # In exports, and only there, the list is empty if the cell has no facts.
    rests_on: Annotated[Slugs, _FACTS] = Field(description=N_("The facts that support this cell."))


def _plain_cell(value: object) -> object:
    """Return a plain text as a cell without facts, so that all cells are records."""
    if isinstance(value, str):
        return {"says": value, "rests_on": ()}
    return value


AnyCell = Annotated[Cell, BeforeValidator(_plain_cell, json_schema_input_type=Line | Cell)]


class Row(Record):
    """A row of a table. Each cell has its own supporting facts."""

    cells: Annotated[
        tuple[AnyCell, ...], BeforeValidator(_listed, json_schema_input_type=Line | tuple[AnyCell, ...])
    ] = Field(description=N_("The cells, one for each column: a text, or a text with its supporting facts."))

    @property
    def fact_ids(self) -> Slugs:
        """The facts that support any of the cells, in the order of the cells."""
        return tuple(dict.fromkeys(fact_id for cell in self.cells for fact_id in cell.rests_on))

    @model_validator(mode="before")
    @classmethod
    def _evidence_of_row(cls, value: Any, info: ValidationInfo) -> Any:
        """Move the evidence of a whole row, as earlier versions had it, to the last cell, where readers saw it."""
        if not (info.context or {}).get("past") or not isinstance(value, dict) or "rests_on" not in value:
            return value
        cells = _listed(value.get("cells"))
        if not isinstance(cells, list) or not cells or not isinstance(cells[-1], str):
            return value
        return {"cells": [*cells[:-1], {"says": cells[-1], "rests_on": value["rests_on"]}]}


class Table(Record):
    """A table of facts. The first cell of each row is its label."""

    title: Line = Field(description=N_("The heading."))
    columns: Lines = Field(description=N_("The names of the columns."))
    rows: tuple[Row, ...] = Field(description=N_("The rows."))


class Topic(Record):
    """A page, from one file of ``facts/topics/``. Its id is the name of the file."""

    is_addressable: ClassVar[bool] = True
    id: Slug = Field(description=N_("The name of the file and of the page."))
    title: Annotated[Line, Meaning(headline=True, label=N_("Title"))] = Field(
        description=N_("The heading of the page.")
    )
    asks: Annotated[Line, _ASKS] = Field(description=N_("The question that the page answers."))
    tables: tuple[Table, ...] = Field((), description=N_("Tables that compare facts."))
    bottom_line: tuple[BottomLine, ...] = Field((), description=N_("The short answer to the page's question."))
    map: Annotated[Slugs, Meaning(refers_to="place")] = Field(
        (), description=N_("Places to show on a map at the top of the page.")
    )
    sections: tuple[Section, ...] = Field(description=N_("The headings, with their facts."))


class Allowed(Record):
    """A number or name that templates, hand-written pages and tables may use without a link to a fact, and why."""

    text: Line = Field(description=N_("The number or name."))
    because: Line = Field(description=N_("Why it needs no supporting fact."))


class Alternative(Record):
    """Another answer that was considered, and why it is less likely (ICD 203, standard 4)."""

    says: Annotated[Line, _SAYS] = Field(description=N_("What may be true or happen instead."))
    because: Annotated[Line, _BECAUSE] = Field(description=N_("Why that is less likely."))
    rests_on: Annotated[Slugs, _FACTS] = Field((), description=N_("The facts that support the reason."))


class Counterevidence(Record):
    """Facts that speak against a judgment, and why they do not outweigh the others."""

    says: Annotated[Line, _SAYS] = Field(description=N_("What speaks against the judgment, and how we weigh it."))
    rests_on: Annotated[SomeSlugs, _FACTS] = Field(description=N_("The facts that speak against it."))


class Implication(Record):
    """What follows from a judgment, and for whom (ICD 203, standard 5)."""

    whom: Annotated[Line, Meaning(prose=True, label=N_("For whom"))] = Field(
        description=N_("Who is affected, in a few words.")
    )
    says: Annotated[Line, _SAYS] = Field(description=N_("What it means for them."))


class Indicator(Record):
    """Something that can be observed and that would make a judgment more or less likely."""

    says: Annotated[Line, _SAYS] = Field(description=N_("What to watch for."))
    where: Annotated[Line, Meaning(prose=True, label=N_("Where to look"))] = Field(
        description=N_("Where it would be seen, such as an institution or a publication.")
    )
    until: Annotated[Date, Meaning(change="date", label=N_("Until"))] = Field(
        description=N_("The date until which to watch, in EDTF. After it, the indicator is due for review.")
    )
    moves: Annotated[Literal["more likely", "less likely"], Meaning(change="certainty", label=N_("Effect"))] = Field(
        description=N_("Whether seeing it would make the judgment more or less likely.")
    )
    observed: Annotated[Line | None, Meaning(prose=True, label=N_("Observed"))] = Field(
        None, description=N_("What was seen by then. The indicator is then no longer due.")
    )


class Outcome(Record):
    """How a judgment turned out."""

    result: Annotated[Literal["right", "wrong", "unclear"], Meaning(change="certainty", label=N_("Result"))] = Field(
        description=N_("Whether what the judgment says came true, seen from its horizon.")
    )
    decided: Annotated[Annotated[Date, AfterValidator(_day)], Meaning(change="date", label=N_("Decided on"))] = Field(
        description=N_("The day on which the editors decided, as YYYY-MM-DD.")
    )
    says: Annotated[Line, _SAYS] = Field(description=N_("What happened."))
    rests_on: Annotated[SomeSlugs, _FACTS] = Field(description=N_("The facts that show it."))


class Judgment(Record):
    """An assessment of our own, with what ICD 203 (Analytic Standards) asks for.

    Likelihood and confidence are stated separately. ``likelihood`` is that of the sentence being true by ``horizon``.
    """

    is_addressable: ClassVar[bool] = True
    id: Slug = Field(description=N_("The permanent id."))
    says: Annotated[Line, _SAYS] = Field(description=N_("The judgment in one sentence, with a single claim."))
    likelihood: Annotated[Likelihood, Meaning(change="certainty", label=N_("Likelihood"))] = Field(
        description=N_("The likelihood, in the terms of ICD 203.")
    )
    confidence: Annotated[Confidence, Meaning(change="certainty", label=N_("Confidence"))] = Field(
        description=N_("How strong the evidence is.")
    )
    horizon: Annotated[Horizon | None, Meaning(change="date", label=N_("Horizon"))] = Field(
        None,
        description=N_("The date by which the judgment can be scored, in EDTF; `past` if it is about the past."),
    )
    basis: Annotated[Line, Meaning(prose=True, label=N_("Basis"))] = Field(
        description=N_("The reasons for the judgment and for this level of confidence.")
    )
    assumptions: Annotated[Lines, Meaning(prose=True, label=N_("Assumptions"))] = Field(
        (), description=N_("What the judgment takes for granted, one sentence each.")
    )
    alternatives: Annotated[tuple[Alternative, ...], Meaning(label=N_("Alternatives"))] = Field(
        (), description=N_("Other answers that were considered, and why they are less likely.")
    )
    against: Annotated[tuple[Counterevidence, ...], Meaning(label=N_("Evidence against"))] = Field(
        (), description=N_("The evidence against the judgment, and how it was weighed.")
    )
    implications: Annotated[tuple[Implication, ...], Meaning(label=N_("What it means"))] = Field(
        (), description=N_("What follows from the judgment, and for whom.")
    )
    indicators: Annotated[tuple[Indicator, ...], Meaning(label=N_("What to watch"))] = Field(
        (), description=N_("What to watch, where and until when, and which way it would move the judgment.")
    )
    would_change: Annotated[Line, Meaning(prose=True, label=N_("What would change our mind"))] = Field(
        description=N_("What would change the judgment.")
    )
    changed: Annotated[Line | None, Meaning(prose=True, label=N_("What has changed"))] = Field(
        None, description=N_("What has changed since the previous version of the judgment, and why.")
    )
    outcome: Annotated[Outcome | None, Meaning(label=N_("Outcome"))] = Field(
        None, description=N_("How it turned out, once that is known.")
    )
    rests_on: Annotated[SomeSlugs, _FACTS] = Field(description=N_("The facts that support it."))

    @property
    def fact_ids(self) -> frozenset[str]:
        """Every fact that it weighs: those that support it, and those named under alternatives and against it."""
        argued = [*(one.rests_on for one in self.alternatives), *(one.rests_on for one in self.against)]
        return frozenset(self.rests_on).union(*argued)


class Status(Record):
    """The current state of affairs in a few words, shown on every page."""

    says: Annotated[Line, _SAYS] = Field(description=N_("The state of affairs in a few words."))
    rests_on: Annotated[SomeSlugs, _FACTS] = Field(description=N_("The facts that support it."))


class Side(Record):
    """One side of a contrast."""

    title: Line = Field(description=N_("The heading of the side."))
    facts: Annotated[SomeSlugs, Meaning(refers_to="fact")] = Field(description=N_("The facts under the heading."))


class Contrast(Record):
    """Facts under two or more headings side by side, such as what a treaty does and does not do."""

    title: Line = Field(description=N_("The heading."))
    sides: tuple[Side, ...] = Field(description=N_("The sides, in reading order."))


class ViewQuestion(Record):
    """A question in the matrix of views, which facts from several speakers answer."""

    is_addressable: ClassVar[bool] = True
    id: Slug = Field(description=N_("The permanent id, used in facts that answer the question."))
    asks: Annotated[Line, _ASKS] = Field(description=N_("The question."))


class Question(Record):
    """Something that we do not know, and where we looked."""

    is_addressable: ClassVar[bool] = True
    id: Slug = Field(description=N_("The permanent id."))
    asks: Annotated[Line, _ASKS] = Field(description=N_("The question."))
    known: Annotated[Line, Meaning(prose=True, label=N_("What is known"))] = Field(description=N_("What is known."))
    looked_for: Annotated[Line, Meaning(prose=True, label=N_("What we looked for"))] = Field(
        description=N_("Where we looked for an answer.")
    )
    rests_on: Annotated[Slugs, _FACTS] = Field((), description=N_("Facts about the question."))


class License(Record):
    """The licence of the briefing's content."""

    name: Line = Field(description=N_("The SPDX identifier or the name of the licence."))
    url: Url = Field(description=N_("The address of its text."))


class Correction(Record):
    """An entry in the public log of corrections to published facts."""

    date: Date = Field(description=N_("The date of the correction, in EDTF."))
    fact: Annotated[Slug, Meaning(refers_to="fact")] = Field(description=N_("The corrected fact."))
    was: Annotated[Line, Meaning(prose=True)] = Field(description=N_("What was wrong, in a sentence."))
    because: Line = Field(description=N_("How the error was found or why it was corrected, for readers."))


class Withheld(Record):
    """A published fact that was withdrawn for legal reasons. The site says so but no longer shows what it said."""

    id: Slug = Field(description=N_("The id of the fact, which no other record may have."))
    date: Date = Field(description=N_("The date of the withdrawal, in EDTF."))
    because: Line = Field(description=N_("Why it was withdrawn, for readers."))


class ReviewInterval(Record):
    """The time until a kind of fact, or the status of a place, is due for review."""

    of: Literal[FactKind, "standing"] = Field(
        description=N_("A kind of fact, or `standing` for the status of places and reports about the present.")
    )
    months: Whole = Field(
        ge=0, le=1200, description=N_("The number of months until it is due for review, or 0 for never.")
    )


# How facts are written. It goes up when what was right to write no longer is.
FORMAT = 1


class RequiredEvidence(Record):
    """The evidence that each kind of fact needs. Written as one word, it is the same for all kinds."""

    report: EvidenceLevel = Field("none", description=N_("For reported facts: none, quote or pin."))
    analysis: EvidenceLevel = Field("none", description=N_("For analyses."))
    forecast: EvidenceLevel = Field("none", description=N_("For forecasts."))
    position: EvidenceLevel = Field("none", description=N_("For official positions."))
    accusation: EvidenceLevel = Field("none", description=N_("For accusations."))
    text: EvidenceLevel = Field("none", description=N_("For the wording of documents."))


def _for_all_kinds(value: object) -> object:
    return dict.fromkeys(RequiredEvidence.model_fields, value) if value in get_args(EvidenceLevel) else value


class BriefingHead(Record):
    """The main file, ``facts/briefing.yml``: title, question, answer and judgments of the briefing."""

    # Left out of exports, which say what facts say and not how they are written.
    format: Whole = Field(
        FORMAT,
        ge=1,
        description=N_("The format version of the facts. The default is 1."),
        exclude=True,
    )
    title: Annotated[Line, Meaning(headline=True, label=N_("Title"))] = Field(
        description=N_("The title of the briefing.")
    )
    question: Line = Field(description=N_("The question that the briefing answers."))
    # Left out of exports, as the next one is: they say what facts say, in the words of the facts.
    language: LanguageTag = Field(
        ENGLISH_TAG,
        description=N_("The language of the site's labels and dates, as a BCP 47 tag such as en."),
        exclude=True,
    )
    messages: Messages = Field(
        {},
        description=N_("Your own wording for the site's labels: each English message and the text to show instead."),
        exclude=True,
    )
    cutoff: Date = Field(description=N_("The last day whose news the briefing covers, in EDTF."))
    based_on: Annotated[Slugs, Meaning(refers_to="source")] = Field(description=N_("The sources under analysis."))
    topics: Annotated[SomeSlugs, Meaning(refers_to="topic")] = Field(description=N_("The topics, in reading order."))
    bottom_line: tuple[BottomLine, ...] = Field(description=N_("The answer, in a few sentences."))
    judgments: tuple[Judgment, ...] = Field(description=N_("Our own assessments."))
    open_questions: tuple[Question, ...] = Field((), description=N_("The questions that we cannot answer."))
    status: Status | None = Field(None, description=N_("The current state of affairs, shown on every page."))
    reviewed: Date | None = Field(None, description=N_("The date of the last review of the whole briefing, in EDTF."))
    next_review: Date | None = Field(
        None, description=N_("The date of the next review, in EDTF. From then on, `briefing due` lists the briefing.")
    )
    license: License | None = Field(None, description=N_("The licence of the briefing's content."))
    authors: Lines = Field((), description=N_("The names of the authors, of people as `Family, Given`."))
    organisation: Line | None = Field(None, description=N_("The organisation that publishes the briefing."))
    contact: Contact | None = Field(None, description=N_("The editors' e-mail address or web address."))
    report_errors: ReportAddress | None = Field(
        None,
        description=N_(
            "Where readers report errors: an e-mail address, or a web address with {id}, {address} and {version} to be"
            " filled in."
        ),
    )
    corrections: tuple[Correction, ...] = Field((), description=N_("The public log of corrections to published facts."))
    withheld: tuple[Withheld, ...] = Field(
        (), description=N_("Facts that were withdrawn for legal reasons. The history does not show their text either.")
    )
    profile: Table | None = Field(None, description=N_("The subject at a glance, with one label in each row."))
    contrast: Contrast | None = Field(None, description=N_("Facts set side by side under two or more headings."))
    views: tuple[ViewQuestion, ...] = Field((), description=N_("The questions in the matrix of views."))
    ages: tuple[ReviewInterval, ...] = Field((), description=N_("How soon each kind of fact is due for review."))
    evidence_for: Annotated[tuple[ChangeClass, ...], BeforeValidator(_listed)] = Field(
        ("negation", "date", "number", "party", "attribution", "certainty", "scope", "kind"),
        description=N_("The kinds of change that need a new citation or a reason."),
    )
    evidence: Annotated[
        RequiredEvidence | None,
        BeforeValidator(_for_all_kinds, json_schema_input_type=EvidenceLevel | RequiredEvidence | None),
    ] = Field(None, description=N_("The evidence that facts need: none, quote or pin, or one of these for each kind."))
    allowed: tuple[Allowed, ...] = Field(
        (), description=N_("Numbers and names that pages may use without a supporting fact.")
    )
    # Left out of exports and their content hash, as the next one is: they concern the site, not its content.
    synonyms: tuple[Annotated[tuple[Line, ...], Field(min_length=2)], ...] = Field(
        (),
        description=N_(
            "Lists of words and phrases that mean the same in this briefing. A search for one also finds the others."
        ),
        exclude=True,
    )
    moved: dict[Address, Address] = Field(
        {},
        description=N_("Old addresses with their new ones, as f/old-id: f/new-id. Written by `briefing rename`."),
        exclude=True,
    )


class PublishedRecord(Record):
    """A record that readers have seen, and the address at which they saw it."""

    kind: Literal["actor", "fact", "judgment", "place", "question", "source", "term", "topic", "view-question"] = Field(
        description=N_("The kind of record.")
    )
    id: Slug = Field(description=N_("The record's id."))
    address: Address = Field(description=N_("The address of its page or entry, as f/fact-id or places#place-id."))


class Publication(Record):
    """What has been published, from ``facts/published.yml``. Written by ``briefing mark-published``."""

    first: Annotated[Date, AfterValidator(_day)] = Field(
        description=N_("The day of the first publication. Later changes are listed on the site.")
    )
    # Records that have since been removed stay here: readers may still have links to them.
    records: tuple[PublishedRecord, ...] = Field(
        (), description=N_("Every record that has been published, with its address.")
    )


class PinnedPart(Record):
    """The fingerprint of one paragraph: a digest of its text and sets of sorted, salted hashes.

    ``briefing.evidence.pins`` explains the sets. Those after ``stems`` are new in format 2.
    """

    number: int
    digest: Line
    words: Line
    stems: Line
    denied: str = ""
    only: str = ""
    near: str = ""
    beside: str = ""
    said: str = ""
    phrases: str = ""


class Pin(Record):
    """The fingerprint of a source's text, written by ``briefing pin``. It does not reveal the text."""

    format: Literal["1", "2"]
    source: Annotated[Slug, Meaning(refers_to="source")]
    salt: Line
    language: str = ""
    digest: Line
    look_at: Annotated[Slugs, Meaning(refers_to="fact")] = Field(
        (), description=N_("Facts to review because the paragraph they cite has changed.")
    )
    parts: tuple[PinnedPart, ...]


Identified = Source | Entity | Fact | Judgment | Question | ViewQuestion


@cache
def meanings() -> Mapping[str, Meaning]:
    """Return what each field means, by its name in YAML.

    A name means the same in all kinds of records. If one of them does not define it, the definition in another holds.
    """
    # Tables of names that rules and exports keep are derived from this, so that a field is described in one place.
    found: dict[str, Meaning] = {}
    for model in _all_below(Record):
        for _, name, meaning in fields_with_meaning(model):
            if meaning != Meaning():
                found[name] = meaning
    return found


def fields_that(holds: Callable[[Meaning], object]) -> frozenset[str]:
    """Return the names of the fields whose meaning satisfies a condition."""
    return frozenset(name for name, meaning in meanings().items() if holds(meaning))


def headline(model: type[Record]) -> str:
    """Return the name of the field that describes a record of this kind as a whole."""
    return next(name for _, name, meaning in fields_with_meaning(model) if meaning.headline)


def kinds_in(annotation: object) -> Iterator[type[Record]]:
    """Yield the kinds of record that a type contains."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        yield annotation
    for part in get_args(annotation):
        yield from kinds_in(part)


@cache
def _fields_with_references(model: type[Record]) -> tuple[tuple[str, str, Meaning], ...]:
    """Return the fields that refer to records, or contain records that do not stand alone."""
    return tuple(
        (name, alias, meaning)
        for name, alias, meaning in fields_with_meaning(model)
        if meaning.refers_to or any(not kind.is_addressable for kind in kinds_in(model.model_fields[name].annotation))
    )


@cache
def parts_of(model: type[Record]) -> Mapping[str, type[Record]]:
    """Return the fields that contain records that stand alone, with the kind of these records."""
    return {
        name: kind
        for name, field in model.model_fields.items()
        for kind in kinds_in(field.annotation)
        if kind.is_addressable
    }


def _all_below(model: type[Record]) -> Iterator[type[Record]]:
    for kind in model.__subclasses__():
        # Exports and tests derive records of their own, which no editor writes.
        if kind.__module__ == __name__:
            yield kind
            yield from _all_below(kind)
