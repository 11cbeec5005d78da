"""Imports run one way, from the edges down to ``problems``; only the edges touch disk, clock, git and the user."""

import ast
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "briefing"
# from the ground up: each may import only those before it
ORDER = [
    "problems",
    "dates",
    "words",
    "slips",
    "load",
    "model",
    "faults",
    "parse",
    "paths",
    "evidence",
    "freshness",
    "outlines",
    "history",
    "rules",
    "views",
    "exports",
    "pages",
    "render",
    "compile",
    "diff",
    "codes",
    "lookup",
    "edit",
    "book",
    "report",
    "diff_report",
]
EDGES = [
    *("again", "folder", "publish", "git", "pdf", "stage", "engines", "plugin", "workers", "kept", "site", "serve"),
    *("cli", "__main__"),
]
ONLY_IMPORTERS = {
    "yaml": {"load", "stage"},
    "jinja2": {"render"},
    "mkdocs": {"plugin", "kept", "site", "serve", "cli"},
    "click": {"cli"},
    "subprocess": {"git", "pdf", "engines"},
}
DISK_AND_CLOCK = {"pathlib.Path", "os", "time", "datetime", "subprocess", "tempfile", "shutil", "random"}

MODULES = sorted(PACKAGE.rglob("*.py"))


def _room(file: Path) -> str:
    part = file.relative_to(PACKAGE).parts[0]
    return part.removesuffix(".py")


def _imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_every_module_has_a_place_in_the_order() -> None:
    rooms = {_room(file) for file in MODULES} - {"__init__"}
    assert rooms == {*ORDER, *EDGES}


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_imports_run_one_way(file: Path) -> None:
    room = _room(file)
    if room == "__init__":
        return
    order = [*ORDER, *EDGES]
    for name in _imports(file):
        if name.startswith("briefing."):
            other = name.split(".")[1]
            if other in order and other != room:
                assert order.index(other) < order.index(room), f"{room} imports {other}"


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_who_may_import_what(file: Path) -> None:
    room = _room(file)
    imports = _imports(file)
    for library, rooms in ONLY_IMPORTERS.items():
        if any(name.split(".")[0] == library for name in imports):
            assert room in rooms, f"{room} imports {library}"
    if room in ORDER:
        assert not imports & DISK_AND_CLOCK, f"{room} touches the world outside"
        called = {
            node.func.id
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not called & {"print", "open", "input", "exit"}
