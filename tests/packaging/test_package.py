"""The wheel and the source distribution have all the files they need and no others, and are reproducible."""

import json
import os
import re
import runpy
import subprocess
import tarfile
import tomllib
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from support import ROOT, build_package, fork_script

from briefing import __version__
from briefing.project.scaffold import DISTRIBUTION

pytestmark = pytest.mark.packaging

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAME = f"{DISTRIBUTION.replace('-', '_')}-{__version__}"
LICENCES = {"LICENSE", "LICENSE-CONTENT", "NOTICE"}


def _sources(*folders: str) -> set[str]:
    """Return the files in folders of the checkout, except those that git ignores."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return {file for file in listed if (ROOT / file).is_file()}


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_package(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))


def test_wheel_has_package_templates_and_licences(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        found = set(archive.namelist())
    info = {"METADATA", "WHEEL", "RECORD", "entry_points.txt", *(f"licenses/{name}" for name in LICENCES)}
    expected = _sources("briefing") | {f"briefing/{file}" for file in _sources("templates")}
    assert found == expected | {f"{NAME}.dist-info/{name}" for name in info}
    assert {"briefing/py.typed", "briefing/templates/fact.md.j2", "briefing/starter/facts/briefing.yml"} <= found


def test_sdist_has_sources_of_wheel(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        found = {member.name.removeprefix(f"{NAME}/") for member in archive.getmembers()}
    beside = {".gitignore", "CHANGELOG.md", "PKG-INFO", "README.md", "SECURITY.md", "pyproject.toml"}
    assert found == _sources("briefing", "templates") | beside | LICENCES


def test_build_is_reproducible(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    """File times, permissions, the path of the folder and unrelated files do not affect the result."""
    subprocess.run(["tar", "xzf", sdist, "-C", tmp_path], check=True)
    for file in (tmp_path / NAME).rglob("*"):
        if file.is_file():
            file.chmod(0o600)
            os.utime(file, (10**9, 10**9))
    for built in (wheel, sdist):
        target = "wheel" if built is wheel else "sdist"
        again = build_package(tmp_path / NAME, target, tmp_path / target)
        assert (again.name, again.read_bytes()) == (built.name, built.read_bytes())


def _metadata(wheel: Path) -> Message:
    with ZipFile(wheel) as archive:
        return message_from_bytes(archive.read(f"{NAME}.dist-info/METADATA"))


def test_wheel_metadata(wheel: Path) -> None:
    told = _metadata(wheel)
    assert (told["Version"], told["License-Expression"]) == (__version__, PROJECT["license"])
    assert told["Requires-Python"] == PROJECT["requires-python"]
    assert set(told.get_all("License-File", [])) == LICENCES
    needed = [line for line in told.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert len(needed) == len(PROJECT["dependencies"])


VENDORED = json.loads((ROOT / "vendored.cdx.json").read_text(encoding="utf-8"))["components"]
_MARKER = re.compile(
    r"see NOTICE|[Cc]opyright \(?[c©\d]|\([Cc]\) ?\d{4}|© ?\d{4}|@licen[cs]e|@preserve|/\*!|sourceMappingURL"
)
_MINIFIED = 1000  # a line with more characters is minified
_SPOKEN = {"MIT": "MIT licence", "ISC": "ISC licence", "public domain": "public domain"}


def _looks_copied(file: str) -> bool:
    try:
        text = (ROOT / file).read_text(encoding="utf-8")
    except UnicodeDecodeError:  # a font or a picture
        return True
    return bool(_MARKER.search(text)) or max(map(len, text.splitlines()), default=0) > _MINIFIED


def test_copied_files_are_listed() -> None:
    listed = {place["location"] for part in VENDORED for place in part["evidence"]["occurrences"]}
    assert listed == {file for file in _sources("briefing", "templates") if _looks_copied(file)}


@pytest.mark.parametrize("part", VENDORED, ids=lambda part: part["name"])
def test_notice_lists_copied_files_with_licences(part: dict[str, Any]) -> None:
    notice = " ".join((ROOT / "NOTICE").read_text(encoding="utf-8").split())
    name = {"minisearch": "MiniSearch", "mkdocs-material": "Material for MkDocs"}.get(part["name"], part["name"])
    assert re.search(rf"{name}\b.{{0,40}}?\b{re.escape(part['version'])}\b", notice)
    assert part.get("copyright", name) in notice
    for place in part["evidence"]["occurrences"]:
        assert f"({place['location']})" in notice
    (licence,) = part["licenses"]
    assert _SPOKEN[licence["license"].get("id") or licence["license"]["name"]] in notice


def test_addresses_in_bill_of_materials() -> None:
    is_reference = runpy.run_path(str(ROOT / "scripts" / "sbom.py"))["is_reference"]
    for good in ("https://a.example:80/b%20c?d=e/f#g", "//[::1]/ü", "mailto:a@b.example", "a/b:c", "?q", ""):
        assert is_reference(good), good
    for bad in ("a b", "https://a.example:8o/", "https://a.example/<b>", "1:2", "%2", "a#b#c", "[a]"):
        assert not is_reference(bad), bad


def test_bill_of_materials(tmp_path: Path) -> None:
    """It lists the dependencies and the copied files. The script validates it against the standard's schema."""
    made = tmp_path / "sbom.json"
    done = fork_script("sbom.py", str(made))
    assert done.returncode == 0, done.stderr
    bill = json.loads(made.read_text(encoding="utf-8"))
    root = bill["metadata"]["component"]
    assert (root["name"], root["version"], root["components"]) == (DISTRIBUTION, __version__, VENDORED)
    found = {part["name"].lower().replace("_", "-"): part for part in bill["components"]}
    needed = {re.split(r"[<>=\[]", line)[0] for line in PROJECT["dependencies"]}
    assert needed <= {name for name, part in found.items() if part["scope"] == "required"}
    assert found["pikepdf"]["scope"] == "optional"
    assert not {"pytest", "hatchling", "pip"} & set(found)
    assert all(part["licenses"] and part["version"] and part["purl"] for part in found.values())
    assert str(ROOT) not in made.read_text(encoding="utf-8")
