"""The architecture page lists every package and module, in the order of the layers."""

import re
from importlib import import_module

import pytest
from support import ROOT
from test_layers import EDGES, MODULES, ORDER, PACKAGE

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
TABLE = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE, re.MULTILINE))
LISTED = {
    name: re.findall(r"`(\w+)`", modules)
    for name, modules in re.findall(r"^- `([\w.]+)`: ((?:.|\n  )+)", PAGE, re.MULTILINE)
}


def test_packages_are_listed_in_layer_order() -> None:
    assert list(TABLE) == [*ORDER, *EDGES]
    assert [name for name, job in TABLE.items() if job.startswith("edge: ")] == EDGES


def test_every_module_is_listed() -> None:
    found: dict[str, set[str]] = {}
    for file in MODULES:
        parts = file.relative_to(PACKAGE).with_suffix("").parts
        for depth in range(1, len(parts)):
            found.setdefault(".".join(parts[:depth]), set()).add(parts[depth])
    assert {name: sorted(modules - {"__init__"}) for name, modules in found.items()} == LISTED


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(\w+(?:\.(?!(?:css|html|js|md|toml|yml)`)\w+)+)`", PAGE))))
def test_names_exist(name: str) -> None:
    *modules, last = name.split(".")
    try:
        module = import_module(".".join(["briefing", *modules]))
        if not hasattr(module, last):
            import_module(f"briefing.{name}")
    except ModuleNotFoundError:
        pytest.fail(f"briefing.{name} does not exist")


def test_diagram_lists_packages_in_pipeline_order() -> None:
    (walk,) = re.findall(r"compile:(.+?)└", PAGE, re.DOTALL)
    steps = re.findall(r"\w+", walk)
    assert steps == sorted(steps, key=ORDER.index)
    (edges,) = re.findall(r"edges:(.+?)└", PAGE, re.DOTALL)
    assert set(re.findall(r"\w+", edges)) == set(EDGES) - {"folder", "__main__"}


def test_each_kind_of_addition_is_described() -> None:
    places = dict(
        re.findall(r"^\| ([a-z][^|`]*) \| (.+) \|$", PAGE.partition("## Where something new")[2], re.MULTILINE)
    )
    assert {"rule", "page", "export", "engine", "field", "command"} <= set(places)
    for path in re.findall(r"`((?:tests|templates)/\w+|[\w]+\.(?:md|yml))`", " ".join(places.values())):
        assert (ROOT / path).exists()
