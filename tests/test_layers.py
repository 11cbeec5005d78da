"""Imports run one way, from the edges down to ``problems``; only the edges touch disk, clock, git and the user."""

import ast
from collections.abc import Iterable, Mapping
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
    "yaml": {"text/yaml_compat.py", "text/yaml_reader.py", "building/staged_tree.py"},
    "jinja2": {"pages/jinja_compat.py", "pages/templates.py"},
    "mkdocs": {"building"},
    "click": {"cli"},
    "subprocess": {"project/git.py", "building/pdf.py", "building/engines.py"},
}
PRIVATE_NAMES_OF_LIBRARIES = "building/mkdocs_compat.py"
NOT_CODE = {"data", "starter", "py.typed"}
# The core may use these and nothing else from outside the package, so that it depends on its arguments alone. A module
# that also reads the clock or the disk is here by the names that do not, and is imported by these alone.
PURE = {
    *("ast", "base64", "bisect", "calendar", "collections", "csv", "dataclasses", "difflib", "enum", "functools"),
    *("hashlib", "html", "itertools", "json", "math", "posixpath", "re", "textwrap", "typing", "unicodedata"),
    *("datetime.date", "datetime.timedelta", "io.StringIO", "pathlib.PurePosixPath", "traceback.walk_tb"),
    *("urllib.parse", "xml.etree.ElementTree"),
    *("jinja2", "markupsafe", "pydantic", "pydantic_core", "snowballstemmer", "yaml"),
    "importlib.resources.files",  # of our own data, which is as constant as the code
    "inspect.getsource",  # of our own functions, which is as constant as the code
    "warnings.warn",  # of an old name, which changes no answer
    "briefing",  # see test_imports_run_one_way
}
IMPURE = {
    *("datetime.date.today", "datetime.date.fromtimestamp", "xml.etree.ElementTree.parse"),
    *("jinja2.FileSystemLoader", "jinja2.ModuleLoader", "jinja2.PackageLoader"),
    *("posixpath.abspath", "posixpath.exists", "posixpath.expanduser", "posixpath.expandvars", "posixpath.isdir"),
    *("posixpath.isfile", "posixpath.realpath"),
}
IMPURE_BUILTINS = {
    *("__builtins__", "__import__", "breakpoint", "eval", "exec", "exit", "input", "open", "print", "quit"),
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def _layer(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _module(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _dotted(node: ast.expr, names: Mapping[str, str]) -> str:
    """The full name of what an expression such as ``a.b`` stands for; empty where it comes from no import."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute) and (owner := _dotted(node.value, names)):
        return f"{owner}.{node.attr}"
    return ""


def _used(source: str) -> set[str]:
    """The full names of all that a module imports, and of all that it uses of it, under whatever name it does so."""
    nodes = list(ast.walk(ast.parse(source)))
    names: dict[str, str] = {}
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                found.add(alias.name)
                first = alias.name.partition(".")[0]
                names |= {alias.asname: alias.name} if alias.asname else {first: first}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import"
            for alias in node.names:
                found.add(f"{node.module}.{alias.name}")
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in nodes:  # also what is given another name by an assignment
        if isinstance(node, ast.Assign) and (name := _dotted(node.value, names)):
            names |= {target.id: name for target in node.targets if isinstance(target, ast.Name)}
    owners = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    for node in nodes:
        if isinstance(node, ast.Name | ast.Attribute) and id(node) not in owners:
            found.add(_dotted(node, names))
    return found - {""}


def _is_within(name: str, others: Iterable[str]) -> bool:
    return any(name == other or name.startswith(f"{other}.") for other in others)


def _impure(source: str) -> list[str]:
    """What a module uses that may give another answer, or leave something behind, the next time."""
    builtins = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)} & IMPURE_BUILTINS
    outside = {name for name in _used(source) if not _is_within(name, PURE) or _is_within(name, IMPURE)}
    return sorted(outside | builtins)


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
    for name in _used(file.read_text(encoding="utf-8")):
        if name.startswith("briefing."):
            other = name.split(".")[1]
            if other in order and other != layer:
                assert order.index(other) < order.index(layer), f"{layer} imports {other}"


def test_no_modules_import_each_other() -> None:
    modules = {_module(file) for file in MODULES}

    def imported(name: str) -> str:
        """The module that a full name comes from."""
        while name and name not in modules:
            name = name.rpartition(".")[0]
        return name

    imports = {_module(file): set(map(imported, _used(file.read_text(encoding="utf-8")))) for file in MODULES}
    # the package itself only has its version; what it says of its parts is no import
    graph = {module: found - {module, "", "briefing"} for module, found in imports.items()}
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_who_may_import_what(file: Path) -> None:
    path, source = file.relative_to(PACKAGE).as_posix(), file.read_text(encoding="utf-8")
    used = _used(source)
    for library, places in ONLY_IMPORTERS.items():
        if any(_is_within(name, [library]) for name in used):
            assert places & {path, _layer(file)}, f"{path} imports {library}"
    if path != PRIVATE_NAMES_OF_LIBRARIES:
        assert [name for name in used if not name.startswith("briefing") and "._" in name.replace("__", "")] == []
    if _layer(file) in ORDER:
        assert _impure(source) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os", "os"),
        ("import os.path as where\nwhere.exists('a')", "os.path"),
        ("from os import environ", "os.environ"),
        ("from datetime import datetime", "datetime.datetime"),
        ("from datetime import datetime as moment\nmoment.now()", "datetime.datetime"),
        ("import datetime\ndatetime.datetime.now()", "datetime.datetime.now"),
        ("import datetime as d\nd.date.today()", "datetime.date.today"),
        ("from datetime import date\ndate.today()", "datetime.date.today"),
        ("from datetime import date\nday = date\nday.today()", "datetime.date.today"),
        ("from datetime import date\nday = date.today\nday()", "datetime.date.today"),
        ("import datetime\ngetattr(datetime, 'date' + 'time')", "datetime"),
        ("from time import time", "time.time"),
        ("from random import random", "random.random"),
        ("from shutil import rmtree", "shutil.rmtree"),
        ("from pathlib import Path", "pathlib.Path"),
        ("import pathlib\npathlib.Path('a').unlink()", "pathlib.Path"),
        ("from pathlib import *", "pathlib.*"),
        ("import pathlib, re", "pathlib"),
        ("def late():\n    from subprocess import run", "subprocess.run"),
        ("import urllib.request", "urllib.request"),
        ("from urllib import request", "urllib.request"),
        ("import urllib.parse, urllib.request\nurllib.request.urlopen('a')", "urllib.request.urlopen"),
        ("import importlib\nimportlib.import_module('os')", "importlib"),
        ("from importlib import import_module", "importlib.import_module"),
        ("__import__('pathlib')", "__import__"),
        ("open('a')", "open"),
        ("read = open", "open"),
        ("print('a')", "print"),
        ("input()", "input"),
        ("exec('import os')", "exec"),
        ("eval('1')", "eval"),
        ("import builtins\nbuiltins.open('a')", "builtins"),
        ("import io\nio.open('a')", "io.open"),
        ("from jinja2 import FileSystemLoader", "jinja2.FileSystemLoader"),
        ("import jinja2\njinja2.FileSystemLoader('.')", "jinja2.FileSystemLoader"),
        ("import xml.etree.ElementTree as tree\ntree.parse('a')", "xml.etree.ElementTree.parse"),
        ("import posixpath\nposixpath.exists('a')", "posixpath.exists"),
        ("from traceback import print_exc", "traceback.print_exc"),
        ("from sys import stdout", "sys.stdout"),
        ("import logging", "logging"),
        ("import httpx", "httpx"),
    ],
)
def test_what_touches_the_world_outside_is_found(source: str, found: str) -> None:
    assert found in _impure(source)


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import date, timedelta\ndate(2026, 1, 1) + timedelta(days=1)",
        "from datetime import date as day\nday.fromisoformat('2026-01-01')",
        "from pathlib import PurePosixPath as Path\nPath('a').name",
        "import urllib.parse\nurllib.parse.quote('a')",
        "import xml.etree.ElementTree as tree\ntree.Element('a')",
        "import re\nre.compile('a')",
        "import posixpath\nposixpath.join('a', 'b')",
        "from io import StringIO\nStringIO()",
        "from collections.abc import Mapping",
        "class Part:\n    def open(self):\n        return self.open()",
        "def of(briefing):\n    return briefing.today, briefing.time, briefing.os.environ",
    ],
)
def test_what_is_pure_passes(source: str) -> None:
    assert _impure(source) == []
