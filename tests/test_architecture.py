"""The page on architecture tells of the code as it is: every module in the order of the layers, and where things go."""

import re
from importlib import import_module

import pytest
from conftest import ROOT
from test_layers import EDGES, MODULES, ORDER, PACKAGE

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
TABLE = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE, re.MULTILINE))
PACKAGES = {
    name: re.findall(r"`(\w+)`", modules)
    for name, modules in re.findall(r"^- `(\w+)`: ((?:.|\n  )+)", PAGE, re.MULTILINE)
}


def test_the_modules_stand_in_the_order_of_the_layers() -> None:
    assert list(TABLE) == [*ORDER, *EDGES]
    assert [name for name, job in TABLE.items() if job.startswith("edge: ")] == EDGES


def test_the_packages_are_told_whole() -> None:
    found: dict[str, list[str]] = {}
    for file in MODULES:
        if file.parent != PACKAGE and file.stem != "__init__":
            found.setdefault(file.parent.name, []).append(file.stem)
    assert found == PACKAGES


@pytest.mark.parametrize(
    "name", sorted(set(re.findall(r"`(\w+(?:\.\w+)+)`", PAGE)) - {"CONTRIBUTING.md", "mkdocs.yml"})
)
def test_what_is_named_is_there(name: str) -> None:
    *modules, last = name.split(".")
    assert hasattr(import_module(".".join(["briefing", *modules])), last)


def test_the_picture_names_steps_in_their_order() -> None:
    (walk,) = re.findall(r"compile:(.+?)└", PAGE, re.DOTALL)
    steps = re.findall(r"\w+", walk)
    assert steps == sorted(steps, key=ORDER.index)
    (edges,) = re.findall(r"edges:(.+?)└", PAGE, re.DOTALL)
    assert {*re.findall(r"\w+", edges), "__main__"} == set(EDGES)


def test_each_thing_that_may_be_new_has_its_place() -> None:
    places = dict(
        re.findall(r"^\| ([a-z][^|`]*) \| (.+) \|$", PAGE.partition("## Where something new goes")[2], re.MULTILINE)
    )
    assert {"rule", "page", "export", "engine", "field", "command"} <= set(places)
    for path in re.findall(r"`((?:tests|templates)/\w+|[\w]+\.(?:md|yml))`", " ".join(places.values())):
        assert (ROOT / path).exists()
