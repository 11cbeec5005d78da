"""Imports go one way, from the edges to ``problems``. Only the edges access the disk, the clock, git and the user."""

import ast
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest
from support import ROOT

PACKAGE = ROOT / "briefing"
# From the lowest layer up: a package may import only those before it.
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
# Each wraps the undocumented parts of one library. Its contract tests are in the test file of the same name.
ADAPTERS = {
    "building/mkdocs_compat.py",
    "model/pydantic_compat.py",
    "pages/jinja_compat.py",
    "text/yaml_compat.py",
}
DOCUMENTED = {"_asdict", "_replace"}  # methods of every named tuple
# Undocumented parts of libraries whose names have no underscore.
UNDOCUMENTED = {"ascend_resolver", "descend_resolver", "root_render_func"}
NOT_CODE = {"data", "locale", "starter", "py.typed"}
# The core may use only these names from outside the package, so that its results depend only on its arguments. If a
# module can also read the clock or the disk, only its pure functions and classes are listed.
PURE = {
    *("ast", "base64", "bisect", "calendar", "collections", "csv", "dataclasses", "difflib", "enum", "functools"),
    *("hashlib", "html", "itertools", "json", "math", "posixpath", "re", "textwrap", "typing", "unicodedata"),
    *(
        "babel",
        "datetime.date",
        "datetime.timedelta",
        "io.BytesIO",
        "io.StringIO",
        "pathlib.PurePosixPath",
        "traceback.walk_tb",
    ),
    *("urllib.parse", "xml.etree.ElementTree"),
    *("lxml.html.HtmlElement", "lxml.html.fragment_fromstring", "lxml.html.tostring", "markdown.Markdown"),
    "decimal.Decimal",
    "ftfy.fix_encoding",
    *("jinja2", "markupsafe", "pydantic", "pydantic_core", "snowballstemmer", "unicode_rbnf", "yaml"),
    "importlib.resources.files",  # reads our own data, which is as constant as the code
    "inspect.getsource",  # reads our own functions, which are as constant as the code
    "warnings.warn",  # warns about a deprecated name and does not affect results
    "briefing",  # checked by test_imports_go_one_way
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
    """Return the full name of an expression such as ``a.b``, or an empty string if it was not imported."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute) and (owner := _dotted(node.value, names)):
        return f"{owner}.{node.attr}"
    return ""


@cache
def _nodes(source: str) -> list[ast.AST]:
    return list(ast.walk(ast.parse(source)))


@cache
def _used(source: str) -> set[str]:
    """Return the full names of everything that a module imports or uses from an import, resolving aliases."""
    nodes = _nodes(source)
    names: dict[str, str] = {}
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                found.add(alias.name)
                first = alias.name.partition(".")[0]
                names |= {alias.asname: alias.name} if alias.asname else {first: first}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are not supported"
            for alias in node.names:
                found.add(f"{node.module}.{alias.name}")
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    # An assignment can also create an alias.
    for node in nodes:
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
    """Return the names used by a module that could have side effects or make results vary between runs."""
    builtins = {node.id for node in _nodes(source) if isinstance(node, ast.Name)} & IMPURE_BUILTINS
    outside = {name for name in _used(source) if not _is_within(name, PURE) or _is_within(name, IMPURE)}
    return sorted(outside | builtins)


def test_every_package_has_a_layer() -> None:
    entries = {file.name for file in PACKAGE.iterdir() if file.name not in ("__init__.py", "__pycache__")}
    layers = {name.removesuffix(".py") for name in entries - NOT_CODE}
    assert layers == {*ORDER, *EDGES}
    assert len(layers) <= 16


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_imports_go_one_way(file: Path) -> None:
    layer = _layer(file)
    if layer == "__init__":
        return
    order = [*ORDER, *EDGES]
    for name in _used(file.read_text(encoding="utf-8")):
        if name.startswith("briefing."):
            other = name.split(".")[1]
            if other in order and other != layer:
                assert order.index(other) < order.index(layer), f"{layer} imports {other}"


def test_no_circular_imports() -> None:
    modules = {_module(file) for file in MODULES}

    def imported(name: str) -> str:
        """Return the module that contains a full name."""
        while name and name not in modules:
            name = name.rpartition(".")[0]
        return name

    imports = {_module(file): set(map(imported, _used(file.read_text(encoding="utf-8")))) for file in MODULES}
    # Imports of the package itself are ignored, because it contains only the version.
    graph = {module: found - {module, "", "briefing"} for module, found in imports.items()}
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_restricted_imports(file: Path) -> None:
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
    """Return the names of the functions, classes, variables and attributes that a module defines."""
    found = set()
    for node in _nodes(source):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            is_own = isinstance(node, ast.Name) or (isinstance(node.value, ast.Name) and node.value.id == "self")
            if is_own:
                found.add(node.id if isinstance(node, ast.Name) else node.attr)
    return found


def _private_names(source: str, own: Iterable[str]) -> set[str]:
    """Return the private names of libraries that a module uses.

    These are parts of an imported name, and attributes of any value whose name the package does not define.
    """
    found = {
        name
        for name in _used(source)
        if not _is_within(name, ["briefing"]) and any(map(_is_private, name.split(".")[1:]))
    }
    for node in _nodes(source):
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
    """Return the private names of libraries that the classes in a module override."""
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


@cache
def _own_names() -> set[str]:
    """Return the names that the package defines."""
    return {name for file in MODULES for name in _defined(file.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_only_adapters_use_private_names_of_libraries(file: Path) -> None:
    if file.relative_to(PACKAGE).as_posix() not in ADAPTERS:
        assert _private_names(file.read_text(encoding="utf-8"), _own_names()) == set()
        assert _overridden(file) == set()


def test_overridden_private_names_are_detected() -> None:
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
def test_private_name_of_a_library_is_detected(source: str, found: str) -> None:
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
def test_own_private_names_are_allowed(source: str) -> None:
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
def test_side_effects_are_detected(source: str, found: str) -> None:
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
def test_pure_code_is_allowed(source: str) -> None:
    assert _impure(source) == []
