"""The command line and ``mkdocs build``: output, exit codes, and files written."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from scripted import git
from support import ROOT, TODAY, VASA, copy_briefing, run_briefing, run_mkdocs, start_briefing

pytestmark = pytest.mark.process


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    copy = copy_briefing(VASA, tmp_path / "vasa")
    facts = copy / "facts" / "topics" / "loss.yml"
    facts.write_text(facts.read_text().replace("1628-08-10", "1628-02-31", 1))
    return copy


def test_check_counts_records() -> None:
    done = run_briefing("check", str(VASA))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "16 facts, 2 sources, 9 actors, 2 places, 3 terms: no problems\n"


_LINE = re.compile(r"(?<=\.yml:)\d+|^\d+(?= \|)|^\d+(?=  )", re.MULTILINE)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("unknown-source", {"cite: defence-talks:12": "cite: defense-talks:12"}),
        ("not-in-source", {"to 1971.": "to 1972.", "when: 1971": "when: 1972"}),
    ],
)
def test_messages_in_the_readme_are_those_of_the_check(code: str, changes: dict[str, str], tmp_path: Path) -> None:
    """Except the numbers of lines, which change with every fact that somebody adds above."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (shown,) = [block for block in re.findall(r"\n\n((?: {8}.*\n)+)", readme) if code in block]
    facts = copy_briefing(ROOT, tmp_path / "briefing") / "facts" / "topics" / "bases.yml"
    before, marker, rest = facts.read_text(encoding="utf-8").partition("- id: tartus-1971\n")
    for old, new in changes.items():
        assert old in rest
        rest = rest.replace(old, new, 1)
    facts.write_text(before + marker + rest, encoding="utf-8")
    printed = run_briefing("check", cwd=facts.parents[2]).stdout
    assert _LINE.sub("1", textwrap.dedent(shown)) in _LINE.sub("1", printed)


def test_treaty_briefing_has_no_problems() -> None:
    done = run_briefing("check", "--strict", cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(": no problems\n")


def test_exit_codes(broken: Path, tmp_path: Path) -> None:
    assert start_briefing("check", str(broken)).returncode == 1
    assert run_briefing("check", str(tmp_path / "nowhere")).returncode == 2
    empty = tmp_path / "empty"
    empty.mkdir()
    done = run_briefing("check", str(empty))
    assert done.returncode == 2
    assert "no folder 'facts'" in done.stderr
    assert run_briefing("chekc").returncode == 2


def test_warnings_fail_only_a_strict_check(tmp_path: Path) -> None:
    copy = copy_briefing(VASA, tmp_path / "vasa")
    with (copy / "facts" / "places.yml").open("a") as places:
        places.write("- id: nowhere\n  name: Nowhere\n  kind: city\n")
    assert run_briefing("check", str(copy)).returncode == 0
    assert run_briefing("check", "--strict", str(copy)).returncode == 1
    assert run_briefing("build", str(copy)).returncode == 1


def test_failed_build_keeps_old_site(broken: Path) -> None:
    site = broken / "site"
    site.mkdir()
    (site / "index.html").write_text("the last good site")
    done = run_briefing("build", str(broken))
    assert done.returncode == 1
    assert "facts/topics/loss.yml:21:15: error impossible-date" in done.stderr
    assert (site / "index.html").read_text() == "the last good site"
    assert [path.name for path in broken.iterdir() if path.name.startswith(".")] == []


def test_mkdocs_reports_the_same_problem(broken: Path) -> None:
    done = run_mkdocs("build", "--strict", cwd=broken)
    assert done.returncode == 1
    assert "facts/topics/loss.yml:21:15: error impossible-date there is no day 31 in February 1628" in done.stderr
    assert not (broken / "site").exists()


def test_mkdocs_builds_the_same_site(tmp_path: Path, sites: dict[str, Path]) -> None:
    copy = copy_briefing(VASA, tmp_path / "vasa")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    done = subprocess.run(
        command, cwd=copy, capture_output=True, text=True, check=False, env={"NO_MKDOCS_2_WARNING": "1"}
    )
    assert done.returncode == 0, done.stderr

    def html(site: Path) -> dict[str, str]:
        return {str(file.relative_to(site)): file.read_text() for file in site.rglob("*.html")}

    assert html(copy / "site") == html(sites["vasa"])


@pytest.mark.parametrize("named", ["facts", "facts/site", ".", "..", "docs", ".git"])
def test_site_does_not_overwrite_briefing(named: str, tmp_path: Path) -> None:
    copy = copy_briefing(VASA, tmp_path / "vasa")
    with (copy / "mkdocs.yml").open("a") as settings:
        settings.write(f"\nsite_dir: {named}\n")
    before = sorted(file for file in copy.rglob("*") if file.is_file())
    done = run_briefing("build", str(copy))
    assert done.returncode == 1
    assert "site_dir" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(file for file in copy.rglob("*") if file.is_file() and ".cache" not in file.parts) == before


def test_site_does_not_overwrite_other_files(tmp_path: Path) -> None:
    copy = copy_briefing(VASA, tmp_path / "vasa")
    with (copy / "mkdocs.yml").open("a") as settings:
        settings.write("\nsite_dir: ../thesis\n")
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.txt").write_text("mine")
    done = run_briefing("build", str(copy))
    assert done.returncode == 1
    assert "contains files but no built site" in done.stderr
    assert [file.read_text() for file in (tmp_path / "thesis").iterdir()] == ["mine"]


def test_missing_plugin_is_reported(tmp_path: Path) -> None:
    copy = copy_briefing(VASA, tmp_path / "vasa")
    (copy / "mkdocs.yml").write_text("site_name: x\ntheme: material\n")
    done = run_briefing("build", str(copy))
    assert done.returncode == 1
    assert "Error: mkdocs.yml does not enable the plugin 'briefing'" in done.stderr


@pytest.mark.parametrize("moment", ["abc", "1e9", "99999999999999"])
def test_invalid_source_date_epoch_is_one_line(moment: str) -> None:
    done = start_briefing("check", str(VASA), env={"SOURCE_DATE_EPOCH": moment})
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "SOURCE_DATE_EPOCH" in done.stderr


def test_due_at_end_of_calendar() -> None:
    assert run_briefing("due", str(VASA), "--today", "9999-12-31").returncode == 0


def test_commit_after_year_9999(tmp_path: Path) -> None:
    copy = copy_briefing(VASA, tmp_path / "vasa")
    for what in (["init", "-q"], ["add", "facts"], ["commit", "-q", "-m", "facts"]):
        git(copy, *what, env={"GIT_COMMITTER_DATE": "@253402300800 +0000"})
    done = run_briefing("build", "--today", TODAY, str(copy))
    assert done.returncode == 0, done.stderr
    assert "31 December 9999" in (copy / "site" / "changes" / "index.html").read_text()


# On one line, each bracket would be compared with all before it.
_NESTED = "a:" + 2000 * "\n ["


@pytest.mark.parametrize("command", ["build", "stage"])
@pytest.mark.parametrize(
    "line", ['site_url: "https://[::1"', "INHERIT: mkdocs.yml", _NESTED, "site_url: 5"], ids=range(4)
)
def test_unreadable_settings_print_no_traceback(line: str, command: str, tmp_path: Path) -> None:
    copy = copy_briefing(VASA, tmp_path / "vasa")
    # As few settings as possible, because a file that inherits from itself is read until Python stops the recursion.
    (copy / "mkdocs.yml").write_text(f"site_name: Vasa\nplugins: [briefing]\n{line}\n")
    done = run_briefing("build", str(copy)) if command == "build" else run_briefing("stage", "--dir", str(copy))
    assert done.returncode == 1
    assert "mkdocs.yml" in done.stderr or "site_url" in done.stderr
    assert not (copy / "site").exists()


def test_deeply_nested_page_is_a_problem(tmp_path: Path) -> None:
    copy = copy_briefing(VASA, tmp_path / "vasa")
    (copy / "docs" / "deep.md").write_text("".join(f"{'    ' * depth}- x\n" for depth in range(300)))
    done = run_briefing("build", str(copy))
    assert done.returncode == 1
    assert "docs/deep.md:1:1: error template-error lists or quotations are nested too deeply" in done.stderr


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("settings.json", '{"yaml.schemas": []}'),
        ("settings.json", '{"yaml.schemas": null}'),
        ("settings.json", "[" * 100_000),
        ("extensions.json", '{"recommendations": [{}]}'),
    ],
    ids=range(4),
)
def test_invalid_editor_settings_are_kept(file: str, text: str, tmp_path: Path) -> None:
    copy = copy_briefing(VASA, tmp_path / "vasa")
    (copy / ".vscode").mkdir()
    (copy / ".vscode" / file).write_text(text)
    done = run_briefing("schema", str(copy))
    assert done.returncode == 1
    assert f".vscode/{file}:1:1: error json-syntax" in done.stderr
    assert (copy / ".vscode" / file).read_text() == text


def test_title_with_control_character_is_rejected(tmp_path: Path) -> None:
    done = run_briefing("new", str(tmp_path / "new"), "--title", "a\x1b[31m b")
    assert done.returncode == 2
    assert not (tmp_path / "new").exists()


def test_closed_output_prints_no_traceback() -> None:
    line = [sys.executable, "-c", "import os, sys; os.close(1); os.execv(sys.executable, sys.argv[1:])"]
    command = [sys.executable, "-m", "briefing", "check", str(VASA)]
    for _ in range(2):  # the second run is replayed
        done = subprocess.run([*line, *command], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
