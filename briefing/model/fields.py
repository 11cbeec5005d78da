"""Define the types of fields: their valid values and their JSON Schemas."""

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
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError, PydanticKnownError

from briefing.model.pydantic_compat import NO_DECIMAL, NO_WHOLE
from briefing.problems import nearest
from briefing.text.characters import HIDDEN, UNPRINTABLE
from briefing.text.edtf import DateFault, Edtf, parse_edtf
from briefing.text.language import N_, available_languages, catalogue, load_language, split_placeholders

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Ids become file names, which most file systems limit to 255 bytes including the suffix.
LONGEST_ID = 100
# Windows reserves these names with any suffix.
_DEVICE = re.compile("con|prn|aux|nul|com[0-9]|lpt[0-9]")
_URL = re.compile(r"https?://[^\s<>\"\\^`{|}]+")
_STRAY_DOT = re.compile(r"https?://(?:\.|[^/?#:]*\.(?:[./?#:]|$))")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
# What the address for reporting errors may contain: the fact's id, the page's address, and the edition's version.
REPORT_PLACEHOLDERS = ("id", "address", "version")
_ADDRESS = re.compile(
    rf"((f|actors|sources)/)?{SLUG.pattern}|(index|judgments|places|glossary|sources|disputed|views)#{SLUG.pattern}"
)
_WHOLE = re.compile(r"[-+]?\d+", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)", re.ASCII)
_POINTS = "write the latitude and the longitude of each point, for example [[59.1, 18.2], [59.3, 18.9]]"
PART = re.compile(r"[1-9][0-9]{0,5}(\.[0-9]{1,4})*")


Kind = Literal["actor", "place", "term", "entity", "topic", "question", "source", "citation", "fact"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a field means beyond the type of its value, attached to the field with ``Annotated``.

    The rules, the editor schemas, renaming, ``diff``, history and the JSON exports are derived from it. Exports in
    other vocabularies (BibTeX, CSL, JSON-LD, GeoJSON, iCalendar) and the search choose their fields themselves.

    ``refers_to`` is the kind of record whose ids the field contains (``entity``: an actor, place or term; ``citation``:
    a source with its part). A ``headline`` field describes the record as a whole. A change to a ``prose`` field is
    shown with quotations. The order of an ``unordered`` list has no meaning. ``change`` is the class of a change to the
    field. A ``filing`` field decides which pages show a fact, but does not change the fact's own page. ``label`` is the
    message that names the field to readers where its changes are shown.
    """

    refers_to: Kind | None = None
    headline: bool = False
    prose: bool = False
    unordered: bool = False
    change: "ChangeClass" = "wording"
    filing: bool = False
    label: str = ""


def _slug(text: str) -> str:
    if not SLUG.fullmatch(text):
        raise PydanticCustomError("bad-id", "invalid id")
    if len(text) > LONGEST_ID:
        raise PydanticCustomError("bad-id", "the id has more than {most} characters", {"most": LONGEST_ID})
    if _DEVICE.fullmatch(text):
        raise PydanticCustomError("bad-id", "Windows reserves this id for a device")
    return text


def _text(value: object) -> object:
    if not isinstance(value, str):
        return value
    value = " ".join(value.split())
    # Letters, numbers, punctuation and symbols are visible. A text with only combining marks counts as empty.
    if not any(unicodedata.category(char)[0] in "LNPS" for char in value):
        raise PydanticCustomError("empty-value", "the value is empty")
    if UNPRINTABLE.search(value):
        raise PydanticCustomError("unprintable", "the text contains a control character")
    return value


def _name(text: str) -> str:
    if not any(char.isalnum() for char in text):
        raise PydanticCustomError("bad-name", "a name needs at least one letter or digit")
    return text


def _reason(text: str) -> str:
    # At least two words are needed: "yes", "x" or a date is not a reason.
    if len(re.findall(r"[^\W\d_]{2,}", text)) < 2:
        raise PydanticCustomError("no-reason", "the reason is too short")
    return text


def _date(value: object) -> Edtf:
    # YAML reads [1667, 1668] as a list, and {1667, 1668} as fields without values.
    if isinstance(value, list) or (isinstance(value, dict) and not any(value.values())):
        raise _no_set([*map(str, value)])
    if not isinstance(value, str):
        raise PydanticCustomError("wrong-type", "expected a date")
    if value[:1] in ("[", "{"):
        raise _no_set(value.strip("[]{} ").split(","))
    try:
        return parse_edtf(value)
    except DateFault as fault:
        code: Literal["impossible-date", "bad-date"] = "impossible-date" if fault.unreal else "bad-date"
        # The message is passed as a parameter because pydantic would read braces in it as parameters.
        raise PydanticCustomError(code, "{fault}", {"fault": str(fault)}) from None


def _no_set(dates: list[str]) -> PydanticCustomError:
    interval = f"{dates[0].strip()}/{dates[-1].strip()}" if len(dates) > 1 else ""
    try:
        parse_edtf(interval)
    except DateFault:
        interval = "an interval such as 1799/1801"
    hint = f"EDTF sets are not supported: write {interval}, or two facts"
    return PydanticCustomError("bad-date", "a date cannot be a set of dates", {"hint": hint})


def _horizon(value: object) -> Edtf | str:
    return PAST if value == PAST else _date(value)


def _day(date: Edtf) -> Edtf:
    if not date.is_plain_day:
        raise PydanticCustomError("bad-date", "expected one day, such as 2025-01-17")
    return date


def _part(value: object) -> object:
    if not isinstance(value, str) or not PART.fullmatch(value):
        raise PydanticCustomError("bad-citation", "invalid part of a source")
    return value


def _url(text: str, info: ValidationInfo) -> str:
    if not _URL.fullmatch(text) or UNPRINTABLE.search(text) or HIDDEN.search(text):
        raise PydanticCustomError("bad-url", "invalid web address")
    # Earlier versions accepted these, so the history may have them.
    if _STRAY_DOT.match(text) and not (info.context or {}).get("past"):
        hint = "complete the host, or delete the dot"
        raise PydanticCustomError("bad-url", "the host has a dot too many", {"hint": hint})
    return text


def _contact(text: str) -> str:
    if _EMAIL.fullmatch(text) or (_URL.fullmatch(text) and not _PLACEHOLDER.search(text)):
        return text
    raise PydanticCustomError("bad-contact", "neither an e-mail address nor a web address")


def _report_address(text: str) -> str:
    if unknown := set(_PLACEHOLDER.findall(text)) - set(REPORT_PLACEHOLDERS):
        raise PydanticCustomError("bad-contact", "unknown placeholder {{{name}}}", {"name": min(unknown)})
    _contact(_PLACEHOLDER.sub("x", text))
    return text


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text) or any(len(part) > LONGEST_ID for part in re.split("[/#]", text)):
        raise PydanticCustomError("bad-address", "invalid address")
    return text


def _decimal(value: object) -> object:
    # Python would also accept 4_8.86, 1e1 and digits of other scripts, which are more likely to be mistakes.
    if isinstance(value, str) and not _DECIMAL.fullmatch(value.strip()):
        raise PydanticKnownError(NO_DECIMAL)
    return value


def _whole(value: object) -> object:
    if isinstance(value, str) and not _WHOLE.fullmatch(value.strip()):
        raise PydanticKnownError(NO_WHOLE)
    return value


def _point(value: object) -> object:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise PydanticCustomError("wrong-type", "a point needs a latitude and a longitude", {"hint": _POINTS})
    return value


def _points(value: object) -> object:
    # If no item is a point, one problem is enough.
    if not isinstance(value, list | tuple) or (value and not any(isinstance(item, list | tuple) for item in value)):
        raise PydanticCustomError("wrong-type", "a route is a list of points, not of places", {"hint": _POINTS})
    return value


def _route(points: tuple[object, ...]) -> tuple[object, ...]:
    if len(points) == 1:
        raise PydanticCustomError("wrong-type", "a route needs at least two points", {"hint": _POINTS})
    return points


def _language(tag: str) -> str:
    try:
        load_language(tag)
    except LookupError:
        known = {"known": ", ".join(available_languages())}
        message = "the site has no translation for this language; choose one of: {known}"
        raise PydanticCustomError("unknown-value", message, known) from None
    return tag


def _messages(texts: dict[str, str]) -> dict[str, str]:
    for message, text in texts.items():
        if message not in catalogue():
            near = nearest(message, catalogue())
            hint = f"; did you mean '{near}'?" if near else ""
            fault = f"the site has no message '{message}'{hint}"
            raise PydanticCustomError("unknown-value", "{fault}", {"fault": fault})
        unknown = set(split_placeholders(text)[1::2]) - set(split_placeholders(message)[1::2])
        if unknown:
            fault = f"the message '{message}' has no placeholder %({min(unknown)})s"
            raise PydanticCustomError("unknown-value", "{fault}", {"fault": fault})
    return texts


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Slug = Annotated[str, AfterValidator(_slug), WithJsonSchema({"type": "string", "pattern": f"^{SLUG.pattern}$"})]
# Prose. White space is folded to single spaces, because YAML folds only some of it.
Line = Annotated[str, BeforeValidator(_text)]
LanguageTag = Annotated[str, AfterValidator(_language)]
Messages = Annotated[dict[Line, Line], AfterValidator(_messages)]
Url = Annotated[str, AfterValidator(_url)]
Contact = Annotated[str, AfterValidator(_contact)]
ReportAddress = Annotated[str, AfterValidator(_report_address)]
Address = Annotated[
    str, AfterValidator(_address), WithJsonSchema({"type": "string", "pattern": f"^({_ADDRESS.pattern})$"})
]
# Exports contain dates as written, so that they keep their precision.
_AS_TEXT = PlainSerializer(str, return_type=str)
Date = Annotated[
    Edtf, PlainValidator(_date), _AS_TEXT, WithJsonSchema({"type": "string", "$comment": "EDTF, levels 0 and 1"})
]
# The date by which a judgment can be scored. One about the past has none.
PAST = "past"
Horizon = Annotated[
    Edtf | Literal["past"],
    PlainValidator(_horizon),
    _AS_TEXT,
    WithJsonSchema({"type": "string", "$comment": "EDTF, levels 0 and 1, or 'past'"}),
]
Slugs = Annotated[tuple[Slug, ...], BeforeValidator(_listed, json_schema_input_type=Slug | tuple[Slug, ...])]
SomeSlugs = Annotated[Slugs, Field(min_length=1)]
Lines = Annotated[tuple[Line, ...], BeforeValidator(_listed, json_schema_input_type=Line | tuple[Line, ...])]
# A whole number in digits.
Whole = Annotated[int, BeforeValidator(_whole)]
# After the validator, the limits would be missing from the JSON Schema.
Count = Annotated[int, Field(ge=1, le=100_000), BeforeValidator(_whole)]
Numbers = Annotated[tuple[Whole, ...], BeforeValidator(_listed, json_schema_input_type=int | tuple[int, ...])]

# A paragraph, page or article, with subparts after dots (3.3).
PartNumber = Annotated[str, BeforeValidator(_part), WithJsonSchema({"type": "string", "pattern": f"^{PART.pattern}$"})]

Latitude = Annotated[float, BeforeValidator(_decimal, json_schema_input_type=float), Field(ge=-90, le=90)]
Longitude = Annotated[float, BeforeValidator(_decimal, json_schema_input_type=float), Field(ge=-180, le=180)]
Point = Annotated[tuple[Latitude, Longitude], BeforeValidator(_point)]
Route = Annotated[tuple[Point, ...], BeforeValidator(_points), AfterValidator(_route)]

FactKind = Literal["report", "analysis", "forecast", "position", "accusation", "text"]
ActorKind = Literal["state", "person", "organisation", "group", "bloc"]
# Changes are listed in this order, the most important first.
ChangeClass = Literal[
    "retirement",
    "negation",
    "date",
    "number",
    "party",
    "attribution",
    "certainty",
    "scope",
    "kind",
    "relation",
    "citation",
    "wording",
]
TermKind = Literal["concept", "treaty", "process", "weapon", "corridor", "sanctions", "doctrine", "event"]
Unit = Literal["paragraph", "article", "page"]
EvidenceLevel = Literal["none", "quote", "pin"]
# In which form someone read a source.
ReadingForm = Literal["live page", "archived copy", "printed", "search excerpt"]
UNIT_SIGNS = {"paragraph": "¶", "article": "Art. ", "page": "p. "}
# ICD 203 (Intelligence Community Directive 203, Analytic Standards) defines these terms for ranges of likelihood in per
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
# What it does to the conclusions of a reader if a claim is wrong, the worst first.
Consequence = Literal["changes the conclusion", "misleads", "imprecise"]


# The Admiralty code (NATO AJP-2.1) grades the reliability of a source and the credibility of an item separately,
# because a reliable source may report something improbable.
RELIABILITY = {
    "A": N_("completely reliable"),
    "B": N_("usually reliable"),
    "C": N_("fairly reliable"),
    "D": N_("not usually reliable"),
    "E": N_("unreliable"),
    "F": N_("reliability cannot be judged"),
}
Reliability = Literal["A", "B", "C", "D", "E", "F"]
CREDIBILITY = {
    "1": N_("confirmed by other sources"),
    "2": N_("probably true"),
    "3": N_("possibly true"),
    "4": N_("doubtfully true"),
    "5": N_("improbable"),
    "6": N_("truth cannot be judged"),
}
Credibility = Literal["1", "2", "3", "4", "5", "6"]
