"""JSON Schemas (2020-12) of the exports, generated from the models that write them."""

from typing import Any

from pydantic import BaseModel

from briefing.exports.edition import Edition
from briefing.exports.json_records import json_bytes

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(model: type[BaseModel], path: str, edition: Edition) -> bytes:
    """The schema of files that ``model`` describes; ``path`` is where it will stand."""
    document = {"$schema": DIALECT}
    # An `$id` must be an absolute address, which only a site with an address of its own has.
    if edition.site:
        document["$id"] = edition.url(path)
    return json_bytes({**document, **tidy(model.model_json_schema(mode="serialization", by_alias=True))})


def fields(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """Each field of a model under its name in the file, with what it means."""
    return tuple((info.alias or name, info.description or "") for name, info in model.model_fields.items())


def tidy(schema: Any) -> Any:
    """The schema without titles that only repeat the fields' names, and with the right word for a list's least length:
    pydantic takes a list that is made from one text for a text.
    """
    if isinstance(schema, dict):
        # A dictionary under `title` describes a field of that name; only a text is a title.
        tidied = {key: tidy(part) for key, part in schema.items() if key != "title" or isinstance(part, dict)}
        if tidied.get("type") == "array" and "minLength" in tidied:
            tidied["minItems"] = tidied.pop("minLength")
        return tidied
    if isinstance(schema, list):
        return [tidy(part) for part in schema]
    return schema
