"""``briefing new`` from an installed wheel, outside this repository, makes a briefing that builds at once."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import ROOT, run_briefing

from briefing.project.scaffold import DISTRIBUTION

pytestmark = pytest.mark.process

TITLE = 'Of "metres": a short story & more #1'


# Runs several commands in one process, which prints the output of the check.
COMMANDS = """if True:
    import json, sys
    from click.testing import CliRunner
    from briefing.cli import main
    for arguments in json.loads(sys.argv[1]):
        done = CliRunner().invoke(main, arguments, catch_exceptions=False)
        if done.exit_code or "WARNING" in done.stderr:
            sys.exit(done.output)
        if arguments[0] == "check":
            print(done.output)
"""


def _run(installed: dict[str, str], cwd: Path, *commands: list[str]) -> str:
    line = [sys.executable, "-P", "-c", COMMANDS, json.dumps(commands)]
    done = subprocess.run(line, cwd=cwd, env=installed, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def made(installed: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new briefing, after two renames, built by the installed wheel."""
    around = tmp_path_factory.mktemp("elsewhere")
    folder = around / "x"
    said = _run(installed, around, ["new", "x", "--title", TITLE], ["check", "--strict", "x"])
    assert "7 facts, 2 sources, 2 actors, 1 place, 2 terms: no problems" in said
    (folder / "templates" / "theme" / "partials").mkdir(parents=True)
    (folder / "templates" / "theme" / "partials" / "status.html").write_text("<p>a status of its own</p>")
    (folder / "templates" / "scales.md.j2").write_text("# Scales of its own\n")
    _run(
        installed,
        folder,
        ["rename", "france", "french-republic"],
        ["rename", "definitions", "by-what"],
        ["build", "--single-file"],
    )
    return folder


def test_program_comes_from_the_wheel(installed: dict[str, str], tmp_path: Path) -> None:
    code = "import briefing.project.layout as f; print(f.__file__, f.packaged_templates())"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, env=installed, capture_output=True, text=True
    )
    assert str(ROOT) not in done.stdout
    assert done.stdout.count(installed["PYTHONPATH"]) == 2


def test_site_has_pages_theme_and_search(made: Path) -> None:
    site = made / "site"
    for page in ("", "by-what", "timeline", "f/light-1983", "actors/french-republic", "sources/account", "data"):
        text = (site / page / "index.html").read_text(encoding="utf-8")
        assert "assets/briefing.css" in text
        assert "assets/search.js" in text
    for asset in ("briefing.css", "site.js", "search.js", "search-library.js", "mark.svg"):
        assert (site / "assets" / asset).is_file()
    assert "light-1983" in (site / "search" / "entries.js").read_text(encoding="utf-8")


def test_title_is_used_as_given(made: Path) -> None:
    assert yaml.safe_load((made / "facts" / "briefing.yml").read_text())["title"] == TITLE
    assert (made / "README.md").read_text().startswith(f"# {TITLE}\n")
    first = (made / "site" / "index.html").read_text(encoding="utf-8")
    heading = re.search(r"<h1[^>]*>(.*?)<a ", first)
    assert heading
    assert unescape(heading[1]) == TITLE
    shared = re.search(r'property="og:title" content="([^"]*)"', first)
    assert shared
    assert unescape(shared[1]) == TITLE


def test_own_template_replaces_packaged_one(made: Path) -> None:
    assert "Scales of its own" in (made / "site" / "scales" / "index.html").read_text(encoding="utf-8")
    assert "a status of its own" in (made / "site" / "index.html").read_text(encoding="utf-8")


def test_old_address_redirects_in_built_site(made: Path) -> None:
    old = (made / "site" / "actors" / "france" / "index.html").read_text(encoding="utf-8")
    assert '<meta http-equiv="refresh" content="0; url=../french-republic/">' in old
    assert '<link rel="canonical" href="https://briefing.example/actors/french-republic/">' in old
    assert '<a href="../french-republic/">France</a>' in old
    assert "<script" not in old
    assert "url=../by-what/" in (made / "site" / "definitions" / "index.html").read_text(encoding="utf-8")
    assert "This page has moved" not in (made / "site" / "briefing.html").read_text(encoding="utf-8")
    assert "actors/france/" not in (made / "site" / "search" / "entries.js").read_text(encoding="utf-8")
    assert not [
        page for page in (made / "site").rglob("*.html") if re.search(r'href="[^"]*actors/france/', page.read_text())
    ]


def test_workflow_and_settings_are_valid_yaml(made: Path) -> None:
    jobs = yaml.safe_load((made / ".github" / "workflows" / "site.yml").read_text())["jobs"]
    assert [step["run"] for step in jobs["build"]["steps"] if "run" in step][1:] == [
        "briefing check --strict",
        "briefing build",
    ]
    assert "site/" in (made / ".gitignore").read_text().split()
    assert not [file for file in made.rglob("*") if "@TITLE@" in file.name or file.name.startswith("dot-")]


def test_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = run_briefing("new", str(tmp_path))
    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_the_starter_pins_its_own_source() -> None:
    starter = ROOT / "briefing" / "starter"
    done = run_briefing("pin", "account", str(starter / "sources" / "account.txt"), "--check", "--dir", str(starter))
    assert done.stdout.endswith("up to date\n"), done.stderr


def _checkout(briefing: Path, clone: Path, depth: int) -> None:
    """Commit the briefing and a change to it, and clone the last ``depth`` commits (0: all)."""
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    env = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    topic = briefing / "facts" / "topics" / "definitions.yml"
    text = topic.read_text()
    changed = text.replace("Light from krypton replaced the bar in 1960.", "In 1960 krypton light replaced the bar.")
    assert changed != text
    subprocess.run([*git, "init", "-q"], cwd=briefing, env=env, check=True)
    for day, content in (("2026-01-01", text), ("2026-01-02", changed)):
        topic.write_text(content)
        dates = {f"GIT_{who}_DATE": f"{day}T12:00:00Z" for who in ("AUTHOR", "COMMITTER")}
        subprocess.run([*git, "add", "."], cwd=briefing, env=env, check=True)
        subprocess.run([*git, "commit", "-q", "-m", day], cwd=briefing, env={**env, **dates}, check=True)
    limit = [f"--depth={depth}"] if depth else []
    subprocess.run([*git, "clone", "-q", *limit, briefing.as_uri(), clone], env=env, check=True)


def _runner(place: Path) -> dict[str, str]:
    """The environment of a new machine, with only Python and git on the path, and an empty home folder.

    The package index is not reachable. Instead, everything that the tests have installed is there already, including
    pip, but not Briefing. So pip finds the dependencies, and only the workflow can provide the command.
    """
    venv.create(place / "python")
    scheme = {"base": str(place / "python"), "platbase": str(place / "python")}
    packages = Path(sysconfig.get_path("purelib", "venv", scheme))
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        ours = entry.name.startswith(("briefing", DISTRIBUTION.replace("-", "_"), "_editable"))
        if not ours and entry.suffix != ".pth":
            (packages / entry.name).symlink_to(entry)
    for name in ("home", "bin"):
        (place / name).mkdir()
    git = shutil.which("git")
    assert git
    (place / "bin" / "git").symlink_to(git)
    return {
        "HOME": str(place / "home"),
        "PATH": f"{place / 'python' / 'bin'}:{place / 'bin'}",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "SITE_URL": "https://owner.example/name/",
        "EDIT_URI": "https://forge.example/owner/name/edit/main/",
    }


def _run_workflow(briefing: Path, place: Path) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Run the workflow's steps in order in a fresh clone. Return the clone and the result of the last step that ran."""
    workflow = yaml.safe_load((briefing / ".github" / "workflows" / "site.yml").read_text())
    steps: list[dict[str, Any]] = workflow["jobs"]["build"]["steps"]
    (checkout,) = (step for step in steps if step.get("uses", "").startswith("actions/checkout@"))
    clone = place / "clone"
    _checkout(briefing, clone, checkout["with"].get("fetch-depth", 1))
    env = _runner(place)
    bash = shutil.which("bash")
    assert bash
    for step in steps:
        if "run" in step:
            command = [bash, "--noprofile", "--norc", "-e", "-c", step["run"]]
            done = subprocess.run(command, cwd=clone, env=env, capture_output=True, text=True, check=False)
            if done.returncode:
                break
    return clone, done


def test_workflow_builds_fresh_clone_with_wheel(wheel: Path, tmp_path: Path) -> None:
    done = run_briefing("new", "x", "--wheel", str(wheel), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"x/vendor/{wheel.name}\n" in done.stdout
    assert run_briefing("mark-published", "x", "--today", "2025-12-31", cwd=tmp_path).returncode == 0
    clone, done = _run_workflow(tmp_path / "x", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (clone / "vendor" / wheel.name).read_bytes() == wheel.read_bytes()
    assert "light-1983" in (clone / "site" / "index.html").read_text(encoding="utf-8")
    changes = (clone / "site" / "changes" / "index.html").read_text(encoding="utf-8")
    assert "First published on 31 December 2025. Changes to the facts since then" in changes
    assert "Light from krypton replaced the bar in 1960." in changes


def test_workflow_reports_missing_wheel(tmp_path: Path) -> None:
    done = run_briefing("new", "x", cwd=tmp_path)
    assert "README.md" in done.stdout.splitlines()[-1]
    assert not list((tmp_path / "x").rglob("*.whl"))
    assert ".whl" not in (tmp_path / "x" / ".github" / "workflows" / "site.yml").read_text()
    _, done = _run_workflow(tmp_path / "x", tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith("::error file=requirements.txt::"), done.stdout + done.stderr
    assert "README.md" in done.stdout


def test_the_distribution_has_the_name_of_the_project() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"] == DISTRIBUTION


def _zip(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


GOOD_NAME = f"{DISTRIBUTION.replace('-', '_')}-1.0-py3-none-any.whl"
METADATA = f"{DISTRIBUTION.replace('-', '_')}-1.0.dist-info/METADATA"
WHOLE = _zip({METADATA: f"Metadata-Version: 2.4\nName: {DISTRIBUTION}\nVersion: 1.0\n", "module.py": "a = 1\n"})


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        (GOOD_NAME, b"", "is not an intact zip archive"),
        (GOOD_NAME, WHOLE[:-30], "is not an intact zip archive"),
        (GOOD_NAME, WHOLE.replace(b"a = 1", b"a = 2"), "is not an intact zip archive"),
        (GOOD_NAME, _zip({"module.py": ""}), f"has no {METADATA}"),
        (GOOD_NAME, _zip({METADATA: "Name: other\nVersion: 1.0\n"}), "is a wheel of 'other'"),
        (GOOD_NAME, _zip({METADATA: ""}), "is a wheel of ''"),
        (GOOD_NAME.replace("1.0", "2.0"), WHOLE, "has no "),
        ("other-1.0-py3-none-any.whl", WHOLE, "does not have the name of a wheel of Briefing"),
        (f"{DISTRIBUTION}-1.0.tar.gz", WHOLE, "does not have the name of a wheel of Briefing"),
        (GOOD_NAME.replace("1.0", "1.0 # x"), WHOLE, "does not have the name of a wheel of Briefing"),
    ],
    ids=range(10),
)
def test_other_wheels_are_rejected(name: str, data: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    _refused(tmp_path, name, message)


def test_non_files_are_rejected(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.whl")
    (tmp_path / "folder.whl").mkdir()
    for name in ("missing.whl", "pipe.whl", "folder.whl"):
        _refused(tmp_path, name, "is not a regular file")


def _refused(folder: Path, name: str, message: str) -> None:
    done = run_briefing("new", "x", "--wheel", name, cwd=folder)
    assert done.returncode == 2
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("Error: "))
    assert line.startswith(f"Error: {name} {message}")
    assert done.stdout == ""
    assert not (folder / "x").exists()
