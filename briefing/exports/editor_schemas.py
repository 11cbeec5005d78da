"""JSON Schemas (draft-07) for text editors with a YAML language server, one per kind of facts file.

The programs read YAML's own types, where our check takes a scalar as it is written: so ``1971`` may be a number there.
Ids of other records are suggested, never required: whether an id leads anywhere is for the check to say.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter

from briefing.exports.json_records import json_bytes
from briefing.exports.json_schemas import tidy
from briefing.model.briefing import Briefing
from briefing.model.fields import Cite, Slug
from briefing.model.records import Actor, BriefingHead, Place, Source, Term, Topic, meanings

DRAFT = "http://json-schema.org/draft-07/schema#"
_SCALAR = ["string", "number"]
# the files, by the name of their schema: a pattern, what a person calls them, the model, and whether of a list of them
FILES: Mapping[str, tuple[str, str, type[BaseModel], bool]] = {
    "briefing": ("facts/briefing.yml", "The briefing", BriefingHead, False),
    "sources": ("facts/sources.yml", "Sources", Source, True),
    "actors": ("facts/actors.yml", "Actors", Actor, True),
    "places": ("facts/places.yml", "Places", Place, True),
    "glossary": ("facts/glossary.yml", "Glossary", Term, True),
    "topic": ("facts/topics/*.yml", "A topic: one page", Topic, False),
}


def editor_schemas(briefing: Briefing) -> dict[str, bytes]:
    """The schema of each kind of file in ``FILES``, by its name; the briefing's own ids are offered where they fit.

    ``json-syntax``: VS Code's settings are plain JSON where ``briefing schema`` adds to them, without comments.
    """
    known = _known(briefing)
    made = {}
    for name, (_, title, model, listed) in FILES.items():
        whole = model.model_json_schema(mode="validation", by_alias=True)
        definitions = whole.pop("$defs", {})
        record = _plain(tidy(whole), tidy(definitions))
        if model is Topic:  # the file's name is its id
            del record["properties"]["id"]
            record["required"].remove("id")
        if listed:
            record = {
                "description": "A list of records, each starting with `- `.",
                "type": "array",
                "items": {"title": _title(model.__name__), **record},
            }
        ids = {kind: _suggested(kind, known[kind]) for kind in sorted(set(_references(record)))}
        made[name] = json_bytes({"$schema": DRAFT, "title": title, **record, "definitions": ids})
    return made


def _known(briefing: Briefing) -> dict[str, dict[str, str]]:
    """Every id that can be named, with what it stands for, by kind."""
    return {
        "entity": {record.id: record.name for record in briefing.entities},
        "actor": {record.id: record.name for record in briefing.actors},
        "place": {record.id: record.name for record in briefing.places},
        "term": {record.id: record.name for record in briefing.terms},
        "topic": {record.id: record.title for record in briefing.topics},
        "question": {record.id: record.asks for record in (briefing.head.views if briefing.head else ())},
        "source": {record.id: record.title for record in briefing.sources},
        "citation": {f"{record.id}{':' if record.unit else ''}": record.title for record in briefing.sources},
        "fact": {record.id: record.says for record in briefing.facts},
    }


def _suggested(kind: str, known: Mapping[str, str]) -> dict[str, Any]:
    """What takes any id and offers the known ones. As ``enum`` they would be told, all of them, of each field."""
    form = {**TypeAdapter(Cite if kind == "citation" else Slug).json_schema(), "type": _SCALAR}
    return {**form, "defaultSnippets": [{"label": id, "body": id, "description": says} for id, says in known.items()]}


def _references(schema: Any) -> Iterable[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        for part in schema.values():
            yield from _references(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _references(part)


def _plain(schema: dict[str, Any], definitions: Mapping[str, Any], field: str = "") -> dict[str, Any]:
    """A schema of pydantic's as draft-07 without references to models: what stands beside such a reference would be
    ignored.
    """
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        beside = {key: part for key, part in schema.items() if key != "$ref"}
        schema = {"title": _title(name), **definitions[name], **beside}
    made = {key: part for key, part in schema.items() if part not in (None, [])}
    choices = [choice for choice in made.pop("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        return _plain({**choices[0], **made}, definitions, field)
    if choices:
        least = {"minItems": made.pop("minLength")} if "minLength" in made else {}  # pydantic tells it of both
        made["anyOf"] = [
            {**_plain(choice, definitions, field), **(least if "items" in choice else {})} for choice in choices
        ]
    if "description" in made:
        made["description"] = " ".join(made["description"].replace("``", "`").split())
    if "properties" in made:
        made["properties"] = {name: _plain(part, definitions, name) for name, part in made["properties"].items()}
    if "items" in made:
        made["items"] = _plain(made["items"], definitions, field)
    if "prefixItems" in made:
        made["items"] = [_plain(item, definitions, field) for item in made.pop("prefixItems")]
    if made.get("type") == "string":
        made["type"] = _SCALAR
        if "enum" in made:
            made["enum"] = made["enum"] + [int(value) for value in made["enum"] if value.isdigit()]
        elif field in meanings() and (kind := meanings()[field].refers_to):
            reference = {"$ref": f"#/definitions/{kind}"}
            made = {"description": made["description"], "anyOf": [reference]} if "description" in made else reference
    return made


def _title(model: str) -> str:
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", model).capitalize()
