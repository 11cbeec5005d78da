"""JSON Schemas (draft-07) for text editors with a YAML language server, one per kind of facts file.

YAML language servers convert scalars by YAML's own rules, whereas our check reads them as written. So a schema also
accepts ``1971`` as a number. Ids of other records are suggested but not required, because the check reports ids that
do not exist.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter

from briefing.exports.json_records import json_bytes
from briefing.exports.json_schemas import tidy
from briefing.model.briefing import Briefing
from briefing.model.fields import Meaning, Slug
from briefing.model.records import Actor, BriefingHead, Place, Publication, ShortCite, Source, Term, Topic, meanings

DRAFT = "http://json-schema.org/draft-07/schema#"
_SCALAR = ["string", "number"]
# For each schema, by name: its files, their title, the model, and whether a file is a list of such records.
FILES: Mapping[str, tuple[str, str, type[BaseModel], bool]] = {
    "briefing": ("facts/briefing.yml", "The briefing", BriefingHead, False),
    "sources": ("facts/sources.yml", "Sources", Source, True),
    "actors": ("facts/actors.yml", "Actors", Actor, True),
    "places": ("facts/places.yml", "Places", Place, True),
    "glossary": ("facts/glossary.yml", "Glossary", Term, True),
    "published": ("facts/published.yml", "What has been published", Publication, False),
    "topic": ("facts/topics/*.yml", "A topic: one page", Topic, False),
}


def editor_schemas(briefing: Briefing) -> dict[str, bytes]:
    """Return the schema of each kind of file in ``FILES``, by its name. It suggests the briefing's own ids.

    ``json-syntax``: A VS Code settings file in ``.vscode`` is not plain JSON. It may contain comments, trailing
    commas, or something other than settings.

    ``briefing schema`` adds to these settings, and would lose any part that it cannot read.
    """
    known = _known_ids(briefing)
    schemas = {}
    for name, (_, title, model, is_list) in FILES.items():
        schema = _file_schema(model, is_list=is_list)
        kinds = sorted(set(_references(schema)))
        definitions = {kind: _id_schema(kind, known[kind]) for kind in kinds}
        schemas[name] = json_bytes({"$schema": DRAFT, "title": title, **schema, "definitions": definitions})
    return schemas


def _file_schema(model: type[BaseModel], *, is_list: bool) -> dict[str, Any]:
    schema = model.model_json_schema(mode="validation", by_alias=True)
    definitions = schema.pop("$defs", {})
    record = _as_draft_07(tidy(schema), tidy(definitions))
    # A topic's id is the name of its file.
    if model is Topic:
        del record["properties"]["id"]
        record["required"].remove("id")
    if not is_list:
        return record
    return {
        "description": "A list of records, each starting with `- `.",
        "type": "array",
        "items": {"title": _title(model.__name__), **record},
    }


def _known_ids(briefing: Briefing) -> dict[str, dict[str, str]]:
    """Return, by kind, every id that a field can refer to, with its description."""
    questions: dict[str, str] = {}
    if briefing.head:
        questions = {record.id: record.asks for record in briefing.head.views}
    return {
        "entity": {record.id: record.name for record in briefing.entities},
        "actor": {record.id: record.name for record in briefing.actors},
        "place": {record.id: record.name for record in briefing.places},
        "term": {record.id: record.name for record in briefing.terms},
        "topic": {record.id: record.title for record in briefing.topics},
        "question": questions,
        "source": {record.id: record.title for record in briefing.sources},
        "citation": {_citation_start(record): record.title for record in briefing.sources},
        "fact": {record.id: record.says for record in briefing.facts},
    }


def _citation_start(source: Source) -> str:
    """Return the start of a citation, to which the author adds the part."""
    if source.unit:
        return f"{source.id}:"
    return source.id


def _id_schema(kind: str, known: Mapping[str, str]) -> dict[str, Any]:
    """Return a schema that accepts any id and suggests the known ones."""
    id_type: Any = Slug
    if kind == "citation":
        id_type = ShortCite
    # With an `enum`, editors would reject every other id and list all known ones in the description of the field.
    snippets = [{"label": known_id, "body": known_id, "description": says} for known_id, says in known.items()]
    return {**TypeAdapter(id_type).json_schema(), "type": _SCALAR, "defaultSnippets": snippets}


def _references(schema: Any) -> Iterable[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        for part in schema.values():
            yield from _references(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _references(part)


def _as_draft_07(schema: dict[str, Any], definitions: Mapping[str, Any], field: str = "") -> dict[str, Any]:
    """Return one of pydantic's schemas as draft-07, with references to models replaced by the models."""
    schema = _without_reference(schema, definitions)
    # A default of null or an empty list is of no use to an author.
    result = {key: part for key, part in schema.items() if part not in (None, [])}
    # An optional field is left out rather than set to null.
    choices = [choice for choice in result.pop("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        return _as_draft_07({**choices[0], **result}, definitions, field)
    if choices:
        # Pydantic puts the minimum length of a list next to the choices, which are a string and a list of strings.
        least_length = result.pop("minLength", None)
        result["anyOf"] = []
        for choice in choices:
            converted = _as_draft_07(choice, definitions, field)
            if least_length is not None and "items" in choice:
                converted["minItems"] = least_length
            result["anyOf"].append(converted)
    if "description" in result:
        result["description"] = " ".join(result["description"].replace("``", "`").split())
    if "properties" in result:
        properties = result["properties"].items()
        result["properties"] = {name: _as_draft_07(part, definitions, name) for name, part in properties}
    if "items" in result:
        result["items"] = _as_draft_07(result["items"], definitions, field)
    if "prefixItems" in result:
        # In draft-07, `items` is a list where later drafts use `prefixItems`.
        result["items"] = [_as_draft_07(item, definitions, field) for item in result.pop("prefixItems")]
    if result.get("type") == "string":
        return _text_schema(result, field)
    return result


def _without_reference(schema: dict[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema with the referenced model in place of the reference.

    Draft-07 ignores everything next to a ``$ref``, so the description of the field would be lost.
    """
    if "$ref" not in schema:
        return schema
    name = schema["$ref"].rpartition("/")[2]
    others = {key: part for key, part in schema.items() if key != "$ref"}
    return {"title": _title(name), **definitions[name], **others}


def _text_schema(schema: dict[str, Any], field: str) -> dict[str, Any]:
    """Return the schema of a piece of text, which YAML may read as a number. If the field holds ids, the schema
    refers to them.
    """
    schema["type"] = _SCALAR
    if "enum" in schema:
        schema["enum"] = schema["enum"] + [int(value) for value in schema["enum"] if value.isdigit()]
        return schema
    kind = meanings().get(field, Meaning()).refers_to
    if not kind:
        return schema
    reference = {"$ref": f"#/definitions/{kind}"}
    if "description" not in schema:
        return reference
    # A description next to a reference would be ignored, so the reference becomes the only item of `anyOf`.
    return {"description": schema["description"], "anyOf": [reference]}


def _title(model: str) -> str:
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", model).capitalize()
