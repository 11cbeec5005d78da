"""Another briefing: an installed wheel makes a folder that builds at once, far from this repository."""

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, run_briefing

TITLE = 'Of "metres": a short story & more #1'


def _run(installed: dict[str, str], cwd: Path, *arguments: str) -> str:
    command = [sys.executable, "-P", "-m", "briefing", *arguments]
    done = subprocess.run(command, cwd=cwd, env=installed, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def made(installed: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new briefing, after two renames, built by the installed wheel."""
    around = tmp_path_factory.mktemp("elsewhere")
    _run(installed, around, "new", "x", "--title", TITLE)
    folder = around / "x"
    assert "7 facts, 2 sources, 2 actors, 1 place, 2 terms: no problems" in _run(installed, folder, "check", "--strict")
    (folder / "templates" / "theme" / "partials").mkdir(parents=True)
    (folder / "templates" / "theme" / "partials" / "status.html").write_text("<p>a status of its own</p>")
    (folder / "templates" / "scales.md.j2").write_text("# Scales of its own\n")
    _run(installed, folder, "rename", "france", "french-republic")
    _run(installed, folder, "rename", "definitions", "by-what")
    _run(installed, folder, "build", "--single-file")
    return folder


def test_the_program_is_the_wheels(installed: dict[str, str], tmp_path: Path) -> None:
    code = "import briefing.project.layout as f; print(f.__file__, f.packaged_templates())"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, env=installed, capture_output=True, text=True
    )
    assert str(ROOT) not in done.stdout
    assert done.stdout.count(installed["PYTHONPATH"]) == 2


def test_pages_theme_and_search_are_there(made: Path) -> None:
    site = made / "site"
    for page in ("", "by-what", "timeline", "f/light-1983", "actors/french-republic", "sources/account", "data"):
        text = (site / page / "index.html").read_text(encoding="utf-8")
        assert "assets/briefing.css" in text
        assert "assets/search.js" in text
    for asset in ("briefing.css", "site.js", "search.js", "search-library.js", "mark.svg"):
        assert (site / "assets" / asset).is_file()
    assert "light-1983" in (site / "search" / "entries.js").read_text(encoding="utf-8")


def test_the_title_stands_as_given(made: Path) -> None:
    assert yaml.safe_load((made / "facts" / "briefing.yml").read_text())["title"] == TITLE
    assert (made / "README.md").read_text().startswith(f"# {TITLE}\n")
    first = (made / "site" / "index.html").read_text(encoding="utf-8")
    heading = re.search(r"<h1[^>]*>(.*?)<a ", first)
    assert heading
    assert unescape(heading[1]) == TITLE
    shared = re.search(r'property="og:title" content="([^"]*)"', first)
    assert shared
    assert unescape(shared[1]) == TITLE


def test_a_template_of_the_folder_goes_before_the_packaged_one(made: Path) -> None:
    assert "Scales of its own" in (made / "site" / "scales" / "index.html").read_text(encoding="utf-8")
    assert "a status of its own" in (made / "site" / "index.html").read_text(encoding="utf-8")


def test_an_old_address_leads_on_in_the_built_site(made: Path) -> None:
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


def test_the_workflow_and_the_settings_are_yaml(made: Path) -> None:
    jobs = yaml.safe_load((made / ".github" / "workflows" / "site.yml").read_text())["jobs"]
    assert [step["run"] for step in jobs["build"]["steps"] if "run" in step][1:] == [
        "briefing check --strict",
        "briefing build",
    ]
    assert "site/" in (made / ".gitignore").read_text().split()
    assert not [file for file in made.rglob("*") if "@TITLE@" in file.name or file.name.startswith("dot-")]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = run_briefing("new", str(tmp_path))
    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_the_starter_pins_its_own_source() -> None:
    starter = ROOT / "briefing" / "starter"
    done = run_briefing("pin", "account", str(starter / "sources" / "account.txt"), "--check", "--dir", str(starter))
    assert done.stdout.endswith("up to date\n"), done.stderr
