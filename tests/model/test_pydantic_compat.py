"""What validation relies on in pydantic's errors without its promise: each test holds one such name."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from briefing.model import pydantic_compat, records
from briefing.model.fields import Address, Line
from briefing.model.pydantic_compat import EXPECTED, is_of_name, limit, read_private
from briefing.model.records import Record, kinds_in
from briefing.model.suggestions import Known
from briefing.model.validation import translate_errors
from briefing.problems import Span
from briefing.reporting.explanations import explanations
from briefing.text.nodes import Node
from briefing.text.yaml_reader import load_yaml


class Inner(Record):
    text: Line


class Example(Record):
    text: Line = ""
    lines: Annotated[tuple[Line, ...], Field(min_length=1)] = ("",)
    choice: Literal["one", "two", "or, three"] | None = None
    whole: int | None = Field(None, ge=1, le=100)
    decimal: float | None = Field(None, ge=-0.5, le=90)
    record: Inner | None = None
    names: dict[Address, Line] = Field({})


CASES: list[tuple[dict[str, Any], str, tuple[str | int, ...]]] = [
    ({"record": {}}, pydantic_compat.MISSING, ("record", "text")),
    ({"record": {"text": "a", "other": "b"}}, pydantic_compat.UNKNOWN_FIELD, ("record", "other")),
    ({"choice": "three"}, pydantic_compat.NO_CHOICE, ("choice",)),
    ({"choice": ["one"]}, pydantic_compat.NO_CHOICE, ("choice",)),
    ({"lines": []}, pydantic_compat.TOO_SHORT, ("lines",)),
    ({"whole": "0"}, pydantic_compat.TOO_SMALL, ("whole",)),
    ({"whole": "101"}, pydantic_compat.TOO_LARGE, ("whole",)),
    ({"decimal": "1,5"}, pydantic_compat.NO_DECIMAL, ("decimal",)),
    ({"lines": "a"}, pydantic_compat.NO_LIST, ("lines",)),
    ({"text": ["a"]}, "string_type", ("text",)),
    ({"lines": ["a", {}]}, "string_type", ("lines", 1)),
    ({"record": "a"}, "model_type", ("record",)),
    ({"names": "a"}, "dict_type", ("names",)),
    ({"whole": "five"}, "int_parsing", ("whole",)),
    ({"whole": ["5"]}, "int_type", ("whole",)),
    ({"whole": "9" * 5000}, "int_parsing_size", ("whole",)),
    ({"decimal": ["5"]}, "float_type", ("decimal",)),
    ({"decimal": "nan"}, "finite_number", ("decimal",)),
]


def errors(value: dict[str, Any]) -> list[ErrorDetails]:
    with pytest.raises(ValidationError) as raised:
        Example.model_validate(value)
    return raised.value.errors(include_url=False)


@pytest.mark.parametrize(("value", "kind", "path"), CASES)
def test_pydantic_names_an_error_like_this(value: dict[str, Any], kind: str, path: tuple[str | int, ...]) -> None:
    (detail,) = errors(value)
    assert (detail["type"], detail["loc"]) == (kind, path)
    assert not is_of_name(detail["loc"])


def test_no_type_of_error_is_known_without_an_example() -> None:
    assert {kind for _, kind, _ in CASES} >= {*EXPECTED}


@pytest.mark.parametrize(
    ("value", "most"),
    [({"whole": "0"}, 1), ({"whole": "101"}, 100), ({"decimal": "-1"}, -0.5), ({"decimal": "91"}, 90)],
)
def test_an_error_holds_the_limit(value: dict[str, Any], most: float) -> None:
    (detail,) = errors(value)
    assert limit(detail) == most


def test_a_path_says_that_a_name_is_wrong() -> None:
    (name,) = errors({"names": {"no address": "a"}})
    (value,) = errors({"names": {"index#a": ["a"]}})
    assert (name["loc"], is_of_name(name["loc"])) == (("names", "no address", "[key]"), True)
    assert (value["loc"], is_of_name(value["loc"])) == (("names", "index#a"), False)


def test_an_error_of_ours_has_our_code_and_our_words() -> None:
    (detail,) = errors({"names": {"no address": "a"}})
    assert detail["type"] == "bad-address"
    assert detail["msg"].startswith("invalid address")


def _all_models(model: type[Record] = Record) -> Iterator[type[Record]]:
    for kind in model.__subclasses__():
        if kind.__module__ == records.__name__:
            yield kind
            yield from _all_models(kind)


VALUES: list[Any] = ["", "a", "-", "99999999999", "9" * 5000, "nan", "a b", [], [""], ["a", "a b", {}], {}, {"a": "b"}]


@pytest.mark.parametrize("model", dict.fromkeys(_all_models()))
def test_every_error_of_every_field_is_a_problem_with_a_code_of_ours(model: type[Record]) -> None:
    """So that no text of pydantic's reaches an editor."""
    node, _ = load_yaml("x.yml", b"{}")
    assert isinstance(node, Node)
    for name, field in model.model_fields.items():
        for value in VALUES:
            values = [value] if not [*kinds_in(field.annotation)] else [value, [value]]
            for one in values:
                try:
                    model.model_validate({field.alias or name: one})
                except ValidationError as error:
                    for problem in translate_errors(model, node, error.errors(include_url=False), Known()):
                        assert problem.code in explanations(), (name, one, problem)


def test_private_attribute_is_read() -> None:
    node = Node(Span("x.yml"))
    assert read_private(Inner.located(node, {"text": "a"}), "_node") is node
    with pytest.raises(KeyError):
        read_private(Inner(text="a"), "_node")
