"""Adapt pydantic: the error types, error data and path format that validation relies on, and private attributes.

No other module uses them, and none reads pydantic's English messages. Each has a contract test in
``tests/model/test_pydantic_compat.py``, so that a release that changes one fails a test before it confuses an editor.
"""

from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from briefing.text.nodes import Path

MISSING = "missing"
UNKNOWN_FIELD = "extra_forbidden"
NO_CHOICE = "literal_error"
TOO_SHORT = "too_short"
TOO_SMALL = "greater_than_equal"
TOO_LARGE = "less_than_equal"
NO_DECIMAL: Final = "float_parsing"
NO_WHOLE: Final = "int_parsing"
NO_LIST = "tuple_type"
# Error types for a value of the wrong kind, with what an editor should write.
EXPECTED = {
    "string_type": "text",
    NO_LIST: "a list",
    "model_type": "fields, each as 'name: value'",
    "dict_type": "fields, each as 'name: value'",
    NO_WHOLE: "a whole number",
    "int_type": "a whole number",
    "int_parsing_size": "a smaller number",
    NO_DECIMAL: "a number",
    "float_type": "a number",
    "finite_number": "a number",
}

# Follows the name of a field in a path if the name is invalid and not the value.
_KEY = "[key]"
_LIMITS = {TOO_SMALL: "ge", TOO_LARGE: "le"}


def is_of_name(path: Path) -> bool:
    """Return whether a path leads to the name of a field, not to its value."""
    return path[-1:] == (_KEY,)


def limit(detail: ErrorDetails) -> float:
    """Return the limit that a number exceeds, from an error ``TOO_SMALL`` or ``TOO_LARGE``."""
    return float(detail["ctx"][_LIMITS[detail["type"]]])


def read_private(model: BaseModel, name: str) -> Any:
    """Return the private attribute with this name, for code that reads one very often.

    ``getattr`` takes five times as long, because pydantic first searches the class. Raises KeyError if it is not set.
    """
    values = model.__pydantic_private__
    assert values is not None
    return values[name]
