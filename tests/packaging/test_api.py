"""The API page matches the public names in the code, and the installed wheel has types."""

import os
import re
import subprocess
import sys
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest
from support import ROOT, TODAY, VASA

import briefing
from briefing.cli import main
from briefing.exports.catalog import Download
from briefing.model.records import FORMAT
from briefing.pages.templates import Page
from briefing.problems import Problem, Span

pytestmark = pytest.mark.packaging

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
NAMED = dict(re.findall(r"^- `(briefing\.[\w.]+)` (.+(?:\n  .+)*)", PAGE, re.MULTILINE))
(EXAMPLE,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_every_public_name_is_on_the_page_and_no_other() -> None:
    public = {"briefing.__version__"}
    for name in set(briefing.__all__) - {"__version__"}:
        module = import_module(f"briefing.{name}")
        public |= {f"briefing.{name}.{one}" for one in module.__all__ if hasattr(module, one)}
    assert public == set(NAMED)


def test_documented_attributes_exist() -> None:
    def listed(name: str, within: str = "") -> set[str]:
        found = re.search(rf"`{within}`[^()]*\(([^)]*)\)", NAMED[name]) if within else None
        return set(re.findall(r"`(\w+)`", found[1] if found else NAMED[name]))

    assert listed("briefing.problems.Problem") == {field.name for field in fields(Problem)}
    assert listed("briefing.problems.Span") == {*Span._fields}
    assert listed("briefing.compile.Outcome", "pages") == {name for name in dir(Page) if not name.startswith("_")}
    assert listed("briefing.compile.Outcome", "files") == {field.name for field in fields(Download)}


def test_no_command_is_promised_that_is_not_there() -> None:
    for command in re.findall(r"`briefing (\w+)", PAGE):
        assert (command in main.commands) is (command != "migrate"), "the page announces only `migrate`"
    assert FORMAT == 1, "a new format needs `briefing migrate` and an update of the page"


def test_the_example_makes_pages() -> None:
    names: dict[str, object] = {}
    exec(EXAMPLE, names)
    pages = names["pages"]
    assert callable(pages)
    assert "index.md" in pages(VASA)
    assert TODAY in EXAMPLE


def test_the_example_has_types_where_the_wheel_is_installed(installed: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "example.py").write_text(f"{EXAMPLE}\n\nreveal_type(pages(Path())['index.md'])\npages('a folder')\n")
    # Half of the time would go into other packages, whose types the example does not use.
    skipped = (f"[mypy-{name}.*]\nfollow_imports = skip\n" for name in ("babel", "jinja2", "markdown", "pydantic"))
    (tmp_path / "mypy.ini").write_text("".join(["[mypy]\n", *skipped]))
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "example.py"]
    done = subprocess.run(command, cwd=tmp_path, env=installed, capture_output=True, text=True, check=False)
    messages = [line.partition(": ")[2] for line in done.stdout.splitlines()]
    assert messages[:2] == [
        'note: Revealed type is "str"',
        'error: Argument 1 to "pages" has incompatible type "str"; expected "Path"  [arg-type]',
    ], done.stdout
    assert len(messages) == 3
