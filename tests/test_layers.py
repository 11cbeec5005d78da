"""Imports run one way, from the edges down to ``problems``; only the edges touch disk, clock, git and the user."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "briefing"
# from the bottom up: each may import only those before it
ORDER = [
    "problems",
    "text",
    "model",
    "evidence",
    "rules",
    "views",
    "exports",
    "pages",
    "compile",
    "editing",
    "reporting",
]
EDGES = ["project", "folder", "building", "cli", "__main__"]
ONLY_IMPORTERS = {
    "yaml": {"text/yaml_reader.py", "building/staged_tree.py"},
    "jinja2": {"pages/templates.py"},
    "mkdocs": {"building"},
    "click": {"cli"},
    "subprocess": {"project/git.py", "building/pdf.py", "building/engines.py"},
}
NOT_CODE = {"data", "starter", "py.typed"}
DISK_AND_CLOCK = {"pathlib.Path", "os", "time", "datetime", "subprocess", "tempfile", "shutil", "random"}

MODULES = sorted(PACKAGE.rglob("*.py"))


def _layer(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _module(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_every_entry_of_the_package_has_its_place_in_the_order() -> None:
    entries = {file.name for file in PACKAGE.iterdir() if file.name not in ("__init__.py", "__pycache__")}
    layers = {name.removesuffix(".py") for name in entries - NOT_CODE}
    assert layers == {*ORDER, *EDGES}
    assert len(layers) <= 16


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_imports_run_one_way(file: Path) -> None:
    layer = _layer(file)
    if layer == "__init__":
        return
    order = [*ORDER, *EDGES]
    for name in _imports(file):
        if name.startswith("briefing."):
            other = name.split(".")[1]
            if other in order and other != layer:
                assert order.index(other) < order.index(layer), f"{layer} imports {other}"


def test_no_modules_import_each_other() -> None:
    modules = {_module(file) for file in MODULES}
    imports = {
        _module(file): {
            name if name in modules else name.rpartition(".")[0]
            for name in _imports(file)
            if name.startswith("briefing")
        }
        for file in MODULES
    }
    TopologicalSorter({module: found & modules for module, found in imports.items()}).prepare()


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_who_may_import_what(file: Path) -> None:
    path = file.relative_to(PACKAGE).as_posix()
    imports = _imports(file)
    for library, places in ONLY_IMPORTERS.items():
        if any(name.split(".")[0] == library for name in imports):
            assert places & {path, _layer(file)}, f"{path} imports {library}"
    if _layer(file) in ORDER:
        assert not imports & DISK_AND_CLOCK, f"{path} touches the world outside"
        called = {
            node.func.id
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not called & {"print", "open", "input", "exit"}
