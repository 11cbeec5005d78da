"""The types of fields: what a value may be, and its JSON Schema."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from briefing.text.characters import HIDDEN, UNPRINTABLE
from briefing.text.edtf import DateFault, Edtf, parse_edtf

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Ids become names of files, which most file systems limit to 255 bytes with their suffix.
LONGEST_ID = 100
# Windows reserves these names, whatever suffix follows.
_DEVICE = re.compile("con|prn|aux|nul|com[0-9]|lpt[0-9]")
_URL = re.compile(r"https?://[^\s<>\"\\^`{|}]+")
_ADDRESS = re.compile(
    rf"((f|actors|sources)/)?{SLUG.pattern}|(index|places|glossary|sources|disputed|views)#{SLUG.pattern}"
)
_PART = re.compile(r"[1-9][0-9]{0,5}(\.[0-9]{1,4})*")


Kind = Literal["actor", "place", "term", "entity", "topic", "question", "source", "citation", "fact"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a field means beyond the type of its value, attached to the field with ``Annotated``.

    The rules, the editor's schemas, renaming, ``diff``, history and the JSON exports take it from here. Exports in
    other vocabularies (BibTeX, CSL, JSON-LD, GeoJSON, iCalendar) and the search choose their fields themselves.

    ``refers_to`` is the kind of record whose ids the field holds (``entity``: an actor, place or term; ``citation``: a
    source with its part). A ``headline`` says what the record is; ``prose`` is quoted where a change of it is shown. In
    an ``unordered`` list the order means nothing. ``change`` is the class of a change to the field. ``filing`` says on
    which pages a fact appears, while its own page reads the same. ``label`` is what a reader sees as the field's name,
    if that is not the name itself.
    """

    refers_to: Kind | None = None
    headline: bool = False
    prose: bool = False
    unordered: bool = False
    change: "ChangeClass" = "wording"
    filing: bool = False
    label: str = ""


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
        raise PydanticCustomError("bad-id", "Windows reserves this name for a device")
    return text


def _text(value: object) -> object:
    if not isinstance(value, str):
        return value
    value = " ".join(value.split())
    # Letters, numbers, punctuation and symbols can be seen; marks need one of these, and a text of them alone is empty.
    if not any(unicodedata.category(char)[0] in "LNPS" for char in value):
        raise PydanticCustomError("empty-value", "nothing is written here")
    if UNPRINTABLE.search(value):
        raise PydanticCustomError("unprintable", "the text contains a control character")
    return value


def _name(text: str) -> str:
    if not any(char.isalnum() for char in text):
        raise PydanticCustomError("bad-name", "a name has at least one letter or digit")
    return text


def _reason(text: str) -> str:
    # Two words at least: "yes", "x" or a date says nothing of why.
    if len(re.findall(r"[^\W\d_]{2,}", text)) < 2:
        raise PydanticCustomError("no-reason", "this is no reason")
    return text


def _date(value: object) -> Edtf:
    if not isinstance(value, str):
        raise PydanticCustomError("wrong-type", "expected a date")
    try:
        return parse_edtf(value)
    except DateFault as fault:
        code: Literal["unreal-date", "bad-date"] = "unreal-date" if fault.unreal else "bad-date"
        # The message is a parameter, since pydantic would read braces in it as parameters.
        raise PydanticCustomError(code, "{fault}", {"fault": str(fault)}) from None


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
# Prose. White space folds to single spaces, as YAML itself folds only some of it.
Line = Annotated[str, BeforeValidator(_text)]
Url = Annotated[str, AfterValidator(_url)]
Address = Annotated[
    str, AfterValidator(_address), WithJsonSchema({"type": "string", "pattern": f"^({_ADDRESS.pattern})$"})
]
# Exports have dates and citations as they are written: a date keeps its precision.
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
# A list of one may be written as that one, which is how most facts cite. The schema for editors allows both.
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
# From the weightiest to the least: changes are listed in this order.
ChangeClass = Literal["retirement", "date", "number", "party", "attribution", "kind", "citation", "wording"]
TermKind = Literal["concept", "treaty", "process", "weapon", "corridor", "sanctions", "doctrine", "event"]
Unit = Literal["paragraph", "article", "page"]
UNIT_SIGNS = {"paragraph": "¶", "article": "Art. ", "page": "p. "}
# ICD 203 (Intelligence Community Directive 203, Analytic Standards) sets these words for ranges of likelihood, in per
# cent.
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


# The Admiralty code (NATO AJP-2.1) grades a source's reliability and an item's credibility apart: a reliable source may
# report what is improbable.
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
