"""JSON Schemas (2020-12) of the exports, generated from the models that write them."""

from functools import cache
from typing import Any

from pydantic import BaseModel

from briefing.exports.edition import Edition
from briefing.exports.json_records import json_bytes

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(model: type[BaseModel], path: str, edition: Edition) -> bytes:
    """Return the schema of the files that ``model`` describes. ``path`` is the address of the schema on the site."""
    document = {"$schema": DIALECT}
    # An `$id` must be an absolute address, so it needs the site's address.
    if edition.site:
        document["$id"] = edition.url(path)
    return json_bytes({**document, **_describe(model)})


@cache
def _describe(model: type[BaseModel]) -> dict[str, Any]:
    tidied: dict[str, Any] = tidy(model.model_json_schema(mode="serialization", by_alias=True))
    return tidied


def fields(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """Return the name of each field in the file, and its description."""
    return tuple((info.alias or name, info.description or "") for name, info in model.model_fields.items())


def tidy(schema: Any) -> Any:
    """Return the schema without titles that only repeat field names, and with ``minItems`` for lists.

    Pydantic writes ``minLength`` for a list that may be given as a single value.
    """
    if isinstance(schema, dict):
        # A dictionary under `title` describes a field of that name. Only a string is a title.
        tidied = {key: tidy(part) for key, part in schema.items() if key != "title" or isinstance(part, dict)}
        if tidied.get("type") == "array" and "minLength" in tidied:
            tidied["minItems"] = tidied.pop("minLength")
        return tidied
    if isinstance(schema, list):
        return [tidy(part) for part in schema]
    return schema
