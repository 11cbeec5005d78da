"""Imports run one way, from the edges down to ``problems``; only the edges touch disk, clock, git and the user."""

import ast
import sys
from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest
from support import ROOT

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
    "watchdog": {"project/watcher.py"},
    "subprocess": {"project/git.py", "building/pdf.py", "building/engines.py"},
}
# each holds what one library does not promise, with a contract test in the test file of the same name
ADAPTERS = {
    "building/mkdocs_compat.py",
    "model/pydantic_compat.py",
    "pages/jinja_compat.py",
    "text/yaml_compat.py",
}
DOCUMENTED = {"_asdict", "_replace"}  # of every named tuple
# parts of libraries that are not documented although their names have no underscore
UNDOCUMENTED = {"ascend_resolver", "descend_resolver", "root_render_func"}
NOT_CODE = {"data", "starter", "py.typed"}
# The core may use these and nothing else from outside the package, so that it depends on its arguments alone. A module
# that also reads the clock or the disk is here by the names that do not, and is imported by these alone.
PURE = {
    *("ast", "base64", "bisect", "calendar", "collections", "csv", "dataclasses", "difflib", "enum", "functools"),
    *("hashlib", "html", "itertools", "json", "math", "posixpath", "re", "textwrap", "typing", "unicodedata"),
    *("datetime.date", "datetime.timedelta", "io.StringIO", "pathlib.PurePosixPath", "traceback.walk_tb"),
    *("urllib.parse", "xml.etree.ElementTree"),
    *("lxml.html.HtmlElement", "lxml.html.fragment_fromstring", "lxml.html.tostring", "markdown.Markdown"),
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
    if _layer(file) in ORDER:
        assert _impure(source) == []


def _is_private(name: str) -> bool:
    return name in UNDOCUMENTED or (name.startswith("_") and not name.endswith("__") and name not in DOCUMENTED)


def _defined(source: str) -> set[str]:
    """The names that a module gives to its own functions, classes, variables and attributes."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            is_own = isinstance(node, ast.Name) or (isinstance(node.value, ast.Name) and node.value.id == "self")
            if is_own:
                found.add(node.id if isinstance(node, ast.Name) else node.attr)
    return found


def _private_names(source: str, own: Iterable[str]) -> set[str]:
    """The private names of libraries that a module uses: as part of a full name, or as an attribute of any value, where
    the package gives the name to nothing of its own.
    """
    found = {
        name
        for name in _used(source)
        if not _is_within(name, ["briefing"]) and any(map(_is_private, name.split(".")[1:]))
    }
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            name = node.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("attr"):
            name = "".join(
                part.value for part in node.args[1:2] if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )
        else:
            continue
        if _is_private(name) and name not in own:
            found.add(name)
    return found


def _overridden(file: Path) -> set[str]:
    """The private names of libraries that the classes of a module give a meaning of their own."""
    found = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            kind = getattr(import_module(_module(file)), node.name)
            theirs = {name for base in kind.__mro__ if _is_of_library(base) for name in vars(base)}
            own = _defined("\n".join(map(ast.unparse, node.body)))
            found |= {f"{node.name}.{name}" for name in theirs & own if _is_private(name)}
    return found


def _is_of_library(kind: type) -> bool:
    return kind.__module__.partition(".")[0] not in {"briefing", *sys.stdlib_module_names}


OWN = {name for file in MODULES for name in _defined(file.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_private_names_of_libraries_are_in_adapters_alone(file: Path) -> None:
    if file.relative_to(PACKAGE).as_posix() not in ADAPTERS:
        assert _private_names(file.read_text(encoding="utf-8"), OWN) == set()
        assert _overridden(file) == set()


def test_what_an_adapter_overrides_is_found() -> None:
    assert {"QuickPage._set_canonical_url", "LazyFile._content"} <= _overridden(PACKAGE / "building/mkdocs_compat.py")
    assert "_Loader.descend_resolver" in _overridden(PACKAGE / "text/yaml_compat.py")


def test_each_adapter_has_contract_tests() -> None:
    assert {path for path in ADAPTERS if not (PACKAGE / path).exists()} == set()
    assert {
        path for path in ADAPTERS if not (ROOT / "tests" / Path(path).parent / f"test_{Path(path).name}").exists()
    } == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from mkdocs.commands.build import _build_page", "mkdocs.commands.build._build_page"),
        ("import yaml._yaml", "yaml._yaml"),
        ("from pydantic import _internal", "pydantic._internal"),
        ("def show(page):\n    page._set_canonical_url('')", "_set_canonical_url"),
        ("def show(config):\n    config._current_page = None", "_current_page"),
        ("def share(template):\n    return template.root_render_func", "root_render_func"),
        ("def read(file):\n    return getattr(file, '_content')", "_content"),
        ("class Loader:\n    def read(self):\n        self.loader.descend_resolver(None, None)", "descend_resolver"),
    ],
)
def test_a_private_name_of_a_library_is_found(source: str, found: str) -> None:
    assert _private_names(source, _defined(source)) == {found}


@pytest.mark.parametrize(
    "source",
    [
        "class A:\n    def _made(self): ...\n    def make(self):\n        return self._made()",
        "class A:\n    def __init__(self, other):\n        self._b = other._b",
        "import mkdocs\nmkdocs.__version__",
        "from briefing.model import records\nrecords._listed",
    ],
)
def test_private_names_of_our_own_pass(source: str) -> None:
    assert _private_names(source, {*_defined(source), "_listed"}) == set()


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
