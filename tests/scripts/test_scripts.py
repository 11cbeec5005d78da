"""Each command in ``scripts/`` starts, and its program works on a small input."""

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from injection import PAGES, PAYLOADS
from scripted import git
from support import ROOT, fork_script, run_briefing

SCRIPTS = ROOT / "scripts"
COMMANDS = sorted(file.name for file in SCRIPTS.iterdir() if os.access(file, os.X_OK) and file.is_file())
# Commands without --help: they take no options, or need something that a test does not have.
NO_HELP = {
    "dist": "takes no options; tested below",
    "lock": "needs uv; tested below",
    "test": "runs these tests",
    "try-package": "tested below",
}
# Commands whose program, or its parts, another test runs on minimal input, so that only the command itself is left to
# test.
TESTED_PROGRAMS = set(
    """bench bench-history fuzz golden injection kill-test links measure-detection mutation-test page-heights
    page-speed sbom search-recall""".split()
)
# Commands that run a command of Briefing.
OF_BRIEFING = {"build", "check", "serve"}

pytestmark = pytest.mark.process


def _run(*command: str | Path, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **env}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout with an up-to-date environment, which is that of the tests."""
    folder = tmp_path_factory.mktemp("checkout")
    for entry in ROOT.iterdir():
        if entry.name not in {".git", ".venv", ".cache", "scripts"}:
            (folder / entry.name).symlink_to(entry)
    shutil.copytree(SCRIPTS, folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / ".venv").mkdir()
    for entry in Path(sys.prefix).iterdir():
        (folder / ".venv" / entry.name).symlink_to(entry)
    stamp = '{ "$(python_command)" --version; cat requirements/*.txt pyproject.toml | cksum; }'
    done = _run("bash", "-c", f"source scripts/environment; {stamp}", cwd=folder)
    assert done.returncode == 0, done.stderr
    for file in (ROOT / "requirements").glob("*.txt"):
        (folder / ".venv" / f"stamp-{file.name}").unlink(missing_ok=True)
        (folder / ".venv" / f"stamp-{file.name}").write_text(done.stdout)
    return folder


def test_every_command_can_be_executed() -> None:
    commands = {file.name for file in SCRIPTS.iterdir() if file.is_file() and not file.suffix}
    assert commands - {"environment"} == set(COMMANDS), "the other scripts read 'environment'"
    assert NO_HELP.keys() <= commands


@pytest.fixture(scope="module")
def echoing(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout whose programs print their arguments."""
    copy = shutil.copytree(checkout, tmp_path_factory.mktemp("echoing") / "checkout", symlinks=True)
    (copy / ".venv" / "bin").unlink()
    (copy / ".venv" / "bin").mkdir()
    for name in ("python", "briefing", "hatchling"):
        program = copy / ".venv" / "bin" / name
        program.write_text('#!/bin/sh\necho "$@" $SOURCE_DATE_EPOCH\n')
        program.chmod(0o755)
    return copy


@pytest.mark.parametrize("name", sorted(TESTED_PROGRAMS))
def test_commands_pass_their_arguments_to_the_program(name: str, echoing: Path) -> None:
    done = _run(f"./scripts/{name}", "--help", cwd=echoing, SOURCE_DATE_EPOCH="")
    program = f"scripts/{name.replace('-', '_')}.py"
    assert (done.stdout, done.stderr) == (f"{program} --help\n", "")
    assert (ROOT / program).exists()


@pytest.mark.parametrize("name", sorted(OF_BRIEFING))
def test_commands_pass_their_arguments_to_briefing(name: str, echoing: Path) -> None:
    done = _run(f"./scripts/{name}", "--help", cwd=echoing, SOURCE_DATE_EPOCH="")
    assert (done.stdout, done.stderr) == (f"{name} --help\n", "")
    assert run_briefing(name, "--help").returncode == 0


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - NO_HELP.keys() - TESTED_PROGRAMS - OF_BRIEFING))
def test_commands_start(name: str, checkout: Path) -> None:
    done = _run(f"./scripts/{name}", "--help", cwd=checkout)
    assert done.returncode == 0, done.stderr
    assert "usage" in done.stdout.lower()
    assert done.stderr == ""


def test_packages_are_built_anew_with_the_time_of_the_commit(echoing: Path) -> None:
    git(echoing, "init", "-q")
    git(echoing, "commit", "-q", "--allow-empty", "-m", "x", env={"GIT_COMMITTER_DATE": "1700000000 +0000"})
    (echoing / "dist").mkdir()
    (echoing / "dist" / "older.whl").touch()
    done = _run("./scripts/dist", cwd=echoing, SOURCE_DATE_EPOCH="")
    assert (done.stdout, done.stderr) == ("build -d dist 1700000000\n", "")
    assert not (echoing / "dist").exists()


def test_messages_are_collected_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a project with three messages, one of them with a plural, which gets a German translation."""
    for folder in ("scripts", "templates", "briefing/locale"):
        (tmp_path / folder).mkdir(parents=True)
    script = shutil.copy(SCRIPTS / "messages.py", tmp_path / "scripts")
    code, german = tmp_path / "briefing" / "a.py", tmp_path / "briefing" / "locale" / "de.po"
    days = 'ngettext("%(num)s day", "%(num)s days", 2)\n'
    code.write_text(f'_("Yes, %(name)s")\n{days}')
    (tmp_path / "templates" / "a.md.j2").write_text('{{ _("No") }}')

    def run(*arguments: str) -> tuple[int, list[str]]:
        monkeypatch.setattr(sys, "argv", [str(script), *arguments])
        code = runpy.run_path(str(script))["main"]()
        return code, capsys.readouterr().out.splitlines()

    name = "briefing/locale/de.po"
    assert run("update", "--add", "de") == (0, [])
    assert run("check") == (1, [f"{name}: 3 of 3 messages are not translated"])
    text = german.read_text()
    for message, translation in (("No", "Nein"), ("Yes, %(name)s", "Ja, %(nam)s")):
        text = text.replace(f'msgid "{message}"\nmsgstr ""', f'msgid "{message}"\nmsgstr "{translation}"')
    german.write_text(text.replace("%(nam)s", "%(name)s"))
    assert run("check") == (1, [f"{name}: 1 of 3 messages are not translated"])
    for number, translation in enumerate(("%(num)s Tag", "%(num)s Tage")):
        text = text.replace(f'msgstr[{number}] ""', f'msgstr[{number}] "{translation}"')
    german.write_text(text)
    assert run("check") == (1, [f"{name}: 'Yes, %(name)s': unknown named placeholder 'nam'"])
    german.write_text(text.replace("%(nam)s", "%(name)s"))
    assert run("update", "--add", "de") == (0, []), "this keeps the translation"
    assert run("check") == (0, [])
    code.write_text(f'_("Yes")\n{days}')
    assert run("check") == (1, ["briefing/locale/messages.pot is out of date: run scripts/messages update"])
    assert run("update") == (0, [])
    assert run("check") == (1, [f"{name}: 1 of 3 messages are not translated"])


def test_benchmark_of_checks(tmp_path: Path) -> None:
    file = tmp_path / "measured.json"
    done = fork_script("bench.py", "check", "--facts", "10", "--rounds", "1", "--json", str(file))
    assert done.returncode == 0, done.stderr
    series = json.loads(file.read_text())["series"]
    assert any(one["contender"].startswith("briefing") and one["seconds"] for one in series)


def test_benchmark_of_history() -> None:
    done = fork_script("bench_history.py", "5")
    assert done.returncode == 0, done.stderr
    assert "for 5 commits, 5 revisions" in done.stdout


@pytest.mark.usefixtures("browser")
def test_table_of_injections() -> None:
    """tests/site/test_injection.py does what the script does in a round."""
    done = fork_script("injection.py", "--rounds", "0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"| {len(PAYLOADS)} | 0 | 0 | 0 | {len(PAGES)} | 0 | 0 | 0 | 0 |" in done.stdout


@pytest.mark.usefixtures("browser")
def test_page_speed(sites: dict[str, Path]) -> None:
    done = fork_script("page_speed.py", "--rounds", "1", "--site", str(sites["vasa"]), "loss/")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^/loss/ +\d+ ms", done.stdout, re.MULTILINE)


@pytest.mark.usefixtures("browser")
def test_page_heights(sites: dict[str, Path]) -> None:
    done = fork_script("page_heights.py", "--json", "--site", str(sites["vasa"]), "loss/")
    assert done.returncode == 0, done.stderr
    ((path, found),) = json.loads(done.stdout).items()
    assert path == "/loss/"
    assert found["phone"] > found["desktop"] > 0
    assert found["KB"] > 0


def test_outlines_of_one_island(tmp_path: Path) -> None:
    """Convert a world of one country, a square ten degrees wide."""
    world = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [[[10, 10], [10, 0], [0, 10], [-10, 0], [0, -10]]],
        "objects": {
            "countries": {
                "geometries": [{"type": "Polygon", "arcs": [[0]], "properties": {"name": "Southland"}}],
            }
        },
    }
    (tmp_path / "world.json").write_text(json.dumps(world))
    out = tmp_path / "outlines.txt"
    done = fork_script("outlines.py", str(tmp_path / "world.json"), str(out))
    assert done.returncode == 0, done.stderr
    assert "1 countries, 1 arcs, 5 points" in done.stdout
    assert out.read_text().endswith("\n\nSouthland:0\n")


def test_requirements_are_pinned_once() -> None:
    """Each file of requirements includes its base file, and pins none of the packages there again."""
    pins: dict[str, list[str]] = {}
    for file in sorted((ROOT / "requirements").glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        assert (ROOT / "requirements" / text.partition("\n")[0].removeprefix("-r ")).exists() or file.stem == "run"
        for name in set(re.findall(r"^([a-z0-9][\w.-]*)==", text, re.MULTILINE)):
            pins.setdefault(name, []).append(file.stem)
    assert {name: files for name, files in pins.items() if len(files) > 1} == {}


def test_lock_omits_packages_of_base_file(tmp_path: Path) -> None:
    """With a fake uv that records its arguments and pins one package, named after its group."""
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(
        '#!/usr/bin/env bash\necho "$*" >> "$ASKED"\nlast=run\nwhile [ $# -gt 0 ]; do\n'
        '  case $1 in --group) [ "$2" = build ] || last=$2; shift ;; -o) out=$2; shift ;; esac; shift\ndone\n'
        'if [ -n "$out" ]; then echo "$last==1" > "$out"; else echo "$last==1"; fi\n'
    )
    uv.chmod(0o755)
    folder = tmp_path / "checkout"
    folder.mkdir()
    shutil.copytree(SCRIPTS, folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    asked = tmp_path / "asked.txt"
    done = _run("./scripts/lock", cwd=folder, PATH=f"{uv.parent}:{os.environ['PATH']}", ASKED=str(asked))
    assert done.returncode == 0, done.stderr
    found = {file.name: file.read_text() for file in (folder / "requirements").iterdir()}
    assert found == {
        "run.txt": "run==1\n",
        "test.txt": "-r run.txt\ntest==1\n",
        "mutation.txt": "-r test.txt\nmutation==1\n",
        "fuzz.txt": "-r run.txt\nfuzz==1\n",
    }
    (mutation,) = [line for line in asked.read_text().splitlines() if line.endswith("--group mutation")]
    assert "--no-emit-package test" in mutation
    assert "--no-emit-package run" in mutation


# A package in place of Briefing, which tests/project/test_scaffold.py installs in the same way.
STAND_IN = """
import pathlib, sys
import click

def main():
    match sys.argv[1:]:
        case ["--version"]:
            print("a stand-in")
        case ["new", folder, "--title", title]:
            pathlib.Path(folder).mkdir()
            pathlib.Path(folder, "title").write_text(title)
        case ["check", "--strict", folder]:
            print(pathlib.Path(folder, "title").read_text(), "is checked in", sys.prefix)
        case ["build", folder]:
            for name in {files}:
                file = pathlib.Path(folder, "site", name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.touch()
        case other:
            sys.exit(f"unexpected arguments: {other}")
"""


def _stand_in(folder: Path, version: str, files: list[str]) -> Path:
    """Write a wheel with a command ``briefing`` that builds a site of these files."""
    wheel, info = folder / f"stand_in-{version}-py3-none-any.whl", f"stand_in-{version}.dist-info"
    with ZipFile(wheel, "w") as archive:
        archive.writestr("stand_in.py", STAND_IN.replace("{files}", repr(files)))
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: stand-in\nVersion: {version}\nRequires-Dist: click\n"
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/entry_points.txt", "[console_scripts]\nbriefing = stand_in:main\n")
        archive.writestr(f"{info}/RECORD", "")
    return wheel


def test_package_is_tried_in_empty_environment(tmp_path: Path) -> None:
    """Because there is no network, the script's environment gets pip and click from that of the tests."""
    python = tmp_path / "python"
    packages = Path(sys.prefix) / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    python.write_text(
        f'#!/usr/bin/env bash\n"{sys.executable}" "$@" --without-pip || exit\n'
        f'ln -s "{packages}"/{{pip,pip-*,click,click-*}} "${{@: -1}}"/lib/python*/site-packages/\n'
    )
    python.chmod(0o755)
    good = _stand_in(tmp_path, "1.0", ["assets/briefing.css", "search/entries.js"])
    bad = _stand_in(tmp_path, "2.0", ["assets/briefing.css"])
    command = (SCRIPTS / "try-package", "--newest", good, bad)
    done = _run(*command, PYTHON=str(python), PIP_NO_INDEX="1", PIP_CONFIG_FILE="")
    assert "Tried is checked in /" in done.stdout
    assert sys.prefix not in done.stdout
    assert f"{good.name} works on Python" in done.stdout
    assert f"{bad.name} works" not in done.stdout
    assert done.returncode == 1, done.stderr


def test_try_package_requires_dependency_option() -> None:
    done = _run(SCRIPTS / "try-package")
    assert (done.returncode, done.stderr) == (2, "scripts/try-package --newest|--lowest FILE...\n")
