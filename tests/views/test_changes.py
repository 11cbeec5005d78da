"""History: earlier wordings of a fact, its first date, and facts that were superseded or retired."""

import json
import re
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browsing import broken_rules
from playwright.sync_api import Browser, Page, Route
from scripted import AFTERLIFE, LOSS, STEPS, git, scripted_repository
from support import ROOT, Once, run_briefing, run_mkdocs, served

from briefing.compile import Inputs, Outcome, check, compile
from briefing.evidence.change_classes import classify_change
from briefing.evidence.names import Names
from briefing.model import routes
from briefing.model.history import Change, Commit, FieldChange, History, Recorded, Revision, compare, read_records, walk
from briefing.problems import Severity
from briefing.project import cache
from briefing.project.cache import CACHE
from briefing.project.git import commit_at, facts_at, read_history
from briefing.project.reader import read_inputs, read_site
from briefing.reporting.difference import difference
from briefing.reporting.difference_text import format_difference
from briefing.views.changes import newest

pytestmark = pytest.mark.process

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import feedparser

GOLDEN = ROOT / "tests" / "history"
SITE = "https://vasa.example/"


def _edited(inputs: Inputs, file: str, *edits: tuple[str, str]) -> Inputs:
    text = inputs.facts[file].decode()
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return replace(inputs, facts={**inputs.facts, file: text.encode()})


def _pages(outcome: Outcome) -> dict[str, str]:
    assert outcome.problems == ()
    return {page.path: page.text for page in outcome.pages}


def test_superseded_fact_keeps_its_page_and_links_to_its_successor(vasa: Inputs) -> None:
    newer = (
        "      - id: wreck-found-again\n        says: In 1956 the wreck was found by Franzén.\n"
        "        about: [anders-franzen, wreck-site]\n        when: 1956\n        cite: account:9\n"
        "        supersedes: wreck-found\n      - id: raised\n"
    )
    outcome = compile(replace(_edited(vasa, AFTERLIFE, ("      - id: raised\n", newer)), address=SITE))
    pages = _pages(outcome)
    old = "Anders Franzén found the wreck in 1956."
    assert [path for path, text in pages.items() if old in text] == ["f/wreck-found.md", "f/wreck-found-again.md"]
    assert '!!! corrected "Superseded by a newer fact"\n    Now: In 1956 the wreck' in pages["f/wreck-found.md"]
    assert "## What it supersedes" in pages["f/wreck-found-again.md"]
    head = pages["f/wreck-found.md"].partition("\n---\n")[0]
    assert "We no longer stand by this fact: it has been withdrawn or superseded." in head, "pages that cite it"

    files = {file.path: file.data.decode() for file in outcome.files}
    facts = {fact["id"]: fact for fact in json.loads(files[routes.FACTS_JSON])["records"]["facts"]}
    assert facts["wreck-found"]["superseded_by"] == ["wreck-found-again"]
    assert json.loads(files["f/wreck-found.json"])["fact"] == facts["wreck-found"]
    nodes = {node["@id"]: node for node in json.loads(files[routes.FACTS_JSONLD])["@graph"]}
    states = [nodes[f"{SITE}f/{id}/"].get("creativeWorkStatus") for id in ("wreck-found", "wreck-found-again")]
    assert states == ["Obsolete", None]
    assert "f/wreck-found-again/" in files[routes.SEARCH]
    assert "f/wreck-found/" not in files[routes.SEARCH], "search finds only current facts"


def test_retired_fact_is_in_the_data_but_not_an_event(vasa: Inputs) -> None:
    edit = ("when: 1961-04-24\n", "when: 1961-04-24\n        retired: Told wrongly.\n")
    outcome = compile(_edited(vasa, AFTERLIFE, edit), past=True)
    files = {file.path: file.data.decode() for file in outcome.files}
    facts = {fact["id"]: fact for fact in json.loads(files[routes.FACTS_JSON])["records"]["facts"]}
    assert facts["raised"]["retired"] == "Told wrongly."
    assert "Told wrongly." in files[routes.FACTS_CSV]
    assert "UID:raised@" not in files[routes.EVENTS]
    assert "UID:sinking@" in files[routes.EVENTS]


def test_retired_fact_shows_its_reason(vasa: Inputs) -> None:
    edit = ("cite: account:8\n", "cite: account:8\n        retired: The number was never counted.\n")
    inputs = _edited(vasa, AFTERLIFE, edit)
    assert [p.code for p in compile(inputs).problems] == ["uncited-paragraph"], "retired facts do not cover a paragraph"
    pages = _pages(compile(_edited(inputs, "facts/sources.yml", ("parts: 6", "parts: [6, 8]"))))
    assert [path for path, text in pages.items() if "More than 50 guns" in text] == ["f/guns-recovered.md"]
    assert "    The number was never counted.\n" in pages["f/guns-recovered.md"]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The scripted history, without the user's git settings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        yield scripted_repository(tmp_path_factory.mktemp("history") / "vasa")


@pytest.fixture(scope="module")
def outcome(repository: Path) -> Outcome:
    inputs = replace(read_inputs(repository), history=read_history(repository), address=SITE)
    outcome = compile(inputs)
    assert outcome.problems == ()
    return outcome


def _expect(name: str, text: str, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        (GOLDEN / name).parent.mkdir(exist_ok=True)
        (GOLDEN / name).write_text(text, encoding="utf-8")
    assert text == (GOLDEN / name).read_text(encoding="utf-8")


def test_changes_of_thirty_commits(repository: Path, request: pytest.FixtureRequest) -> None:
    """Changes of layout or order, unparsable files and what a day takes back are ignored. All others are listed."""
    history = read_history(repository)
    assert (len(STEPS), history.shallow) == (30, False)
    lines = []
    for revision in history.revisions:
        lines.append(revision.when)
        for change in revision.changes:
            was = f" (was {change.was})" if change.was else ""
            lines.append(f"  {change.what} {change.kind} {change.id}{was}: {change.says}")
            lines += [f"    {one.field}: {list(one.before)} -> {list(one.after)}" for one in change.fields]
    listed = {int(revision.day[-2:]) for revision in history.revisions}
    silent = [says for day, (says, _) in enumerate(STEPS, 1) if day not in listed]
    taken_back = ["Reword in the morning", "Take that back in the evening"]
    assert silent == ["Lay out anew", "Put in another order", "Break the file", *taken_back]
    _expect("changes.txt", "\n".join(lines) + "\n", request)


def test_changes_page(outcome: Outcome, request: pytest.FixtureRequest) -> None:
    _expect("changes.md", _pages(outcome)[routes.CHANGES], request)


def test_fact_pages_show_history(outcome: Outcome, request: pytest.FixtureRequest) -> None:
    parts = [
        f"{path}\n{found[0]}"
        for path, text in _pages(outcome).items()
        if (found := re.search(r"(?<=## History\n\n).*?(?=\n## |\Z)", text, re.DOTALL))
    ]
    assert len(parts) == len(outcome.briefing.facts)
    _expect("facts.md", re.sub(r"\n{2,}", "\n", "\n".join(parts)) + "\n", request)


def test_pages_count_their_changed_facts(outcome: Outcome) -> None:
    pages = _pages(outcome)
    assert 'changed: "4 facts on this page added or changed since 1 March 2026"' in pages["loss.md"]
    assert "2026-03-11T12:00:00Z*2 " in pages["loss.md"], "compared with the last visit"
    assert "2026-03-08" not in pages["loss.md"], "a new id is no change of substance"
    assert "\nchanged:" not in pages["f/deaths.md"] + pages[routes.CHANGES], "these pages show the full change"


def _feed(outcome: Outcome) -> bytes:
    return next(file.data for file in outcome.files if file.path == routes.FEED)


def test_feed_is_valid_atom(outcome: Outcome) -> None:
    feed = feedparser.parse(_feed(outcome))
    assert (feed.bozo, feed.version) == (False, "atom10")
    assert (feed.feed.id, feed.feed.title) == (f"{SITE}changes.xml", "The loss of the Vasa: changes")
    assert feed.feed.updated == feed.entries[0].updated == "2026-03-30T12:00:00Z"
    assert [link.href for link in feed.feed.links] == [f"{SITE}changes.xml", f"{SITE}changes/"]
    assert len(feed.entries) == len({entry.id for entry in feed.entries}) == 16
    assert all(re.fullmatch(r"tag:vasa\.example,2026-03-\d\d:changes", entry.id) for entry in feed.entries)
    split = next(entry for entry in feed.entries if entry.updated == "2026-03-11T12:00:00Z")
    assert split.title == "Withdrawn or superseded: 1 fact; Added: 2 facts"
    assert f'<a href="{SITE}f/deaths-place/">The Vasa took people with it off Stockholm.</a>' in split.content[0].value
    anchor = split.link.removeprefix(f"{SITE}changes/#")
    assert f"{{ #{anchor} }}" in _pages(outcome)[routes.CHANGES]


def test_feed_ids_stay_when_a_commit_is_added(repository: Path, outcome: Outcome) -> None:
    history = read_history(repository)
    inputs = replace(read_inputs(repository), history=replace(history, revisions=history.revisions[:-1]), address=SITE)
    before, after = (feedparser.parse(_feed(one)).entries for one in (compile(inputs), outcome))
    assert [entry.id for entry in before] == [entry.id for entry in after][1:]


def test_long_history_is_split_by_year(vasa: Inputs) -> None:
    def commit(number: int) -> Commit:
        return Commit(f"{2027 + number // 10}-01-{1 + number % 10:02}T00:00:00Z", ((LOSS, str(number)),))

    def read(blob: str) -> bytes:
        return vasa.facts[LOSS].replace(b"Water came in", f"Water {blob} came in".encode())

    long = History(walk([commit(number) for number in range(60)], read))
    pages = _pages(compile(replace(vasa, history=long)))
    made = [path for path in pages if path.startswith("changes/")]
    assert made == [routes.CHANGES, *(f"changes/{year}.md" for year in range(2032, 2026, -1))]
    assert [pages[path].count("{ #changes-") for path in made] == [40, *[10] * 6]
    assert "[2027](2027.md)" in pages[routes.CHANGES]


def test_hand_written_page_in_changes_is_a_conflict(vasa: Inputs) -> None:
    (problem,) = check(replace(vasa, markdown_pages={**vasa.markdown_pages, "changes/2026.md": "# Ours\n"})).problems
    assert (problem.code, problem.place.file) == ("page-path-conflict", "docs/changes/2026.md")


def test_subfolder_of_a_repository_has_its_own_history(repository: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    shutil.copytree(repository / "facts", outer / "briefings" / "vasa" / "facts")
    shutil.copytree(repository / "facts", outer / "facts")
    git(outer, "init", "-q", "-b", "main")
    git(outer, "add", ".")
    git(outer, "commit", "-q", "-m", "Both")
    shutil.rmtree(outer / "facts")
    git(outer, "commit", "-q", "-a", "-m", "One")
    inner = outer / "briefings" / "vasa"
    assert len(read_history(inner).revisions) == 1
    assert facts_at(inner, "HEAD") == read_inputs(inner).facts


def test_site_without_git_shows_a_notice(vasa: Inputs, tmp_path: Path) -> None:
    assert read_history(tmp_path) == History()
    outcome = compile(replace(vasa, address=SITE))
    assert "The history of the facts is not available" in _pages(outcome)[routes.CHANGES]
    assert routes.FEED not in {file.path for file in outcome.files}
    assert "## History" not in _pages(outcome)["f/deaths.md"]


def _not_ours(home: Path) -> dict[str, str]:
    """An environment in which git treats every repository as owned by another user."""
    home.mkdir()
    return {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1", "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}


NO_HISTORY = "the site will not show the history of its facts: "


@pytest.mark.parametrize("command", ["build", "stage", "mkdocs"])
def test_build_succeeds_and_reports_why_history_is_missing(command: str, repository: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(repository, tmp_path / "vasa")
    shutil.rmtree(copy / CACHE, ignore_errors=True)
    env = _not_ours(tmp_path / "home")
    if command == "mkdocs":
        done = run_mkdocs("build", "--strict", "--config-file", str(copy / "mkdocs.yml"), env=env)
    else:
        done = run_briefing(command, *(["--dir"] if command == "stage" else []), str(copy), env=env)
    assert done.returncode == 0, done.stderr
    (line,) = (line for line in done.stderr.splitlines() if NO_HISTORY in line)
    assert f"git failed: detected dubious ownership in repository at '{copy}'" in line
    assert line.endswith(f"run: git config --global --add safe.directory {copy}")
    changes = copy / (CACHE / "stage/docs/changes/index.md" if command == "stage" else "site/changes/index.html")
    assert "The history of the facts is not available" in changes.read_text()


@pytest.mark.parametrize("arguments", [["diff", "HEAD", "--dir"], ["build", "--as-of", "2026-03-05"]])
def test_commands_that_need_history_fail_with_the_message_from_git(
    arguments: list[str], repository: Path, tmp_path: Path
) -> None:
    done = run_briefing(*arguments, str(repository), env=_not_ours(tmp_path / "home"))
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert "git failed: detected dubious ownership in repository" in line
    assert "git config --global --add safe.directory" in line


def _write(path: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / path).write_text(text)


def _lose_commit(folder: Path) -> None:
    commit = git(folder, "commit-tree", "-m", "x", "HEAD^{tree}").strip()
    git(folder, "update-ref", "HEAD", commit)
    (folder / ".git" / "objects" / commit[:2] / commit[2:]).unlink()


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "HEAD": (_write(".git/HEAD", "junk"), "git failed: not a git repository"),
    "settings": (_write(".git/config", "["), "git failed: bad config line"),
    "index": (_write(".git/index", "junk"), "git failed: .git/index: index file smaller than expected"),
    "branch": (_write(".git/refs/heads/main", "junk"), "git failed: your current branch appears to be broken"),
    "commit": (_lose_commit, "git failed: bad object HEAD"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_repository_is_reported(name: str, repository: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(repository, tmp_path / "vasa")
    shutil.rmtree(copy / CACHE, ignore_errors=True)
    damage, fault = BROKEN[name]
    damage(copy)
    inputs = read_site(copy, "", "", None)
    assert inputs.history.fault.startswith(fault)
    assert (inputs.history.revisions, inputs.revision) == ((), None)


def test_git_is_needed_only_in_a_repository(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = shutil.copytree(repository, tmp_path / "vasa")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_site(copy, "", "", None).history == History(fault="git is not installed")
    done = run_briefing("diff", "HEAD", "--dir", str(copy))
    assert (done.returncode, "cannot be read as a revision: git is not installed" in done.stderr) == (1, True)
    (tmp_path / "git").write_text("")
    assert read_site(copy, "", "", None).history == History(fault="git cannot be run: Permission denied")
    shutil.rmtree(copy / ".git")
    assert read_site(copy, "", "", None).history == History()


def test_missing_repository_or_commit_is_not_reported(repository: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(repository, tmp_path / "vasa")
    shutil.rmtree(copy / ".git")
    for prepare in ([], ["init", "-q"]):
        if prepare:
            git(copy, *prepare)
        inputs = read_site(copy, "", "", None)
        assert (inputs.history, inputs.revision) == (History(), None)
        assert facts_at(copy, "HEAD") is None
        assert commit_at(copy, "2026-03-05") is None


def test_file_missing_from_a_partial_clone_is_not_reported_as_removed(repository: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(repository, tmp_path / "vasa")
    blob = git(copy, "rev-parse", f"HEAD:{LOSS}").strip()
    for pack in (copy / ".git" / "objects" / "pack").glob("*.pack"):
        data = pack.read_bytes()
        for file in pack.parent.glob(f"{pack.stem}.*"):
            file.unlink()
        subprocess.run(["git", "-C", str(copy), "unpack-objects", "-q"], input=data, check=True)
    (copy / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    done = run_briefing("diff", "HEAD", "--dir", str(copy))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"the repository has no copy of {LOSS} at HEAD" in done.stderr


def test_shallow_clone_is_not_treated_as_a_short_history(repository: Path, tmp_path: Path) -> None:
    git(repository, "clone", "-q", "--depth", "3", repository.as_uri(), str(tmp_path / "clone"))
    history = read_history(tmp_path / "clone")
    assert history.shallow
    pages = _pages(compile(replace(read_inputs(tmp_path / "clone"), history=history)))
    assert "changes up to 28 March 2026 are missing" in pages[routes.CHANGES]
    assert "Added: 16 facts" not in pages[routes.CHANGES]
    assert "Added on 28 March 2026 or earlier." in pages["f/order.md"]
    assert "Added on 30 March 2026." in pages["f/hull-measured.md"]


def test_cached_history_is_ignored_by_git_and_rebuilt_if_damaged(repository: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(repository, copy)
    shutil.rmtree(copy / CACHE, ignore_errors=True)  # independent of other tests
    history = read_history(copy)
    cached = copy / CACHE / "history.json"
    assert ".cache" not in git(copy, "status", "--porcelain")
    for damaged in (b"", b"{}", cached.read_bytes()[:-100], cached.read_bytes().replace(b"changed", b"renamed")):
        cached.write_bytes(damaged)
        assert read_history(copy) == history
    commit = git(copy, "rev-parse", "HEAD").strip()
    cache.write(copy, "history.json", cache.make_key(commit), b'{"fault":"from the cache"}')
    assert read_history(copy).fault == "from the cache", "git does not run again for the same commit"
    git(copy, "reset", "-q", "--hard", "HEAD~1")
    assert read_history(copy) == History(history.revisions[:-1])


def test_copied_folder_does_not_use_cached_history(repository: Path, tmp_path: Path) -> None:
    """Another user may have written it."""
    copy = tmp_path / "copy"
    shutil.copytree(repository, copy)
    history = read_history(copy)
    commit = git(copy, "rev-parse", "HEAD").strip()
    cache.write(copy, "history.json", cache.make_key(commit), b'{"fault":"by somebody else"}')
    shutil.copytree(copy, tmp_path / "clone")
    assert read_history(tmp_path / "clone") == history


def test_history_follows_first_parents(repository: Path, tmp_path: Path) -> None:
    """First parents are the states of the published site. Commits on a branch are not."""
    copy = tmp_path / "copy"
    shutil.copytree(repository, copy)
    git(copy, "checkout", "-q", "-b", "branch", "HEAD~1")
    (copy / LOSS).write_text((copy / LOSS).read_text().replace("Water came in", "Water ran in"))
    git(copy, "commit", "-q", "-a", "-m", "On a branch", env={"GIT_COMMITTER_DATE": "2026-04-01T12:00:00Z"})
    git(copy, "checkout", "-q", "main")
    merge = ["merge", "-q", "--no-ff", "-m", "Merge the branch", "branch"]
    git(copy, *merge, env={"GIT_COMMITTER_DATE": "2026-04-03T12:00:00Z"})
    last, merged = read_history(copy).revisions[-2:]
    assert (last.day, merged.when) == ("2026-03-30", "2026-04-03T12:00:00Z")
    assert [change.id for change in merged.changes] == ["water-through-gunports"]


def test_facts_of_a_revision(repository: Path) -> None:
    facts = facts_at(repository, "HEAD")
    assert facts == read_inputs(repository).facts
    for nothing in ("no-such-branch", "--help", ""):
        assert facts_at(repository, nothing) is None


def test_no_difference_to_itself(vasa: Inputs) -> None:
    records = [record for file, data in vasa.facts.items() for record in read_records(file, data) or ()]
    assert len(records) == 16 + 2 + 9 + 2 + 3 + 4
    assert compare(records, list(reversed(records))) == ()


def test_rename_is_not_a_change_of_its_references() -> None:
    def records(id: str) -> list[Recorded]:
        fact = Recorded("fact", id, {"says": ("It is so.",), "cite": ("report:1",)})
        judgment = Recorded("judgment", "j", {"says": ("So it is.",), "rests_on": tuple(sorted((id, "m")))})
        return [fact, judgment]

    (change,) = compare(records("a"), records("z"))
    assert (change.what, change.was, change.id, change.fields) == ("renamed", "a", "z", ())


def _commits(vasa: Inputs, *states: tuple[str, str]) -> History:
    """Return the history of one file: each state is a time, and a wording of the number of deaths."""
    text = vasa.facts[LOSS].decode()
    blobs = {says: text.replace("About 30 people", says).encode() for _, says in states}
    return History(walk([Commit(when, ((LOSS, says),)) for when, says in states], blobs.get))


def test_commits_of_a_day_are_one_revision(vasa: Inputs) -> None:
    first = ("2026-03-01T08:00:00Z", "About 30 people")
    history = _commits(
        vasa,
        first,
        ("2026-03-02T08:00:00Z", "Some 30 people"),
        ("2026-03-02T09:00:00Z", "Some 50 people"),
        ("2026-03-03T08:00:00Z", "Many people"),
        ("2026-03-03T09:00:00Z", "Some 50 people"),
    )
    assert [(revision.when, len(revision.changes)) for revision in history.revisions[1:]] == [
        ("2026-03-02T09:00:00Z", 1)
    ]
    (change,) = history.revisions[1].changes
    assert change.fields[0].before[0].startswith("About 30")
    assert change.fields[0].after[0].startswith("Some 50")


def test_commit_from_a_slow_clock_is_dated_like_its_parent(vasa: Inputs) -> None:
    history = _commits(vasa, ("2026-03-02T08:00:00Z", "About 30 people"), ("2020-01-01T08:00:00Z", "Some 50 people"))
    assert [revision.day for revision in history.revisions] == ["2026-03-02"]


def _deaths(vasa: Inputs, later: str, first: str = "2026-03-01") -> Outcome:
    history = _commits(vasa, ("2026-03-01T08:00:00Z", "About 30 people"), ("2026-03-02T08:00:00Z", later))
    facts = {**vasa.facts, "facts/published.yml": f"first: {first}\n".encode()}
    inputs = _edited(replace(vasa, facts=facts), LOSS, ("About 30 people", later))
    # The source does not have the other number.
    return compile(replace(inputs, history=history), past=True)


def test_other_wording_is_listed_but_not_counted(vasa: Inputs) -> None:
    pages = _pages(_deaths(vasa, "Around 30 people"))
    assert '??? facts "Wording and arrangement only: 1 fact"' in pages[routes.CHANGES]
    assert "Until 2 March 2026 <span" in pages["f/deaths.md"]
    assert not any("\nchanged:" in text or "\nchanges:" in text for text in pages.values())


def test_other_number_in_a_sentence_is_a_change_of_substance(vasa: Inputs) -> None:
    pages = _pages(_deaths(vasa, "About 50 people"))
    assert '<p class="fate">Changed: 1 fact</p>' in pages[routes.CHANGES]
    assert "1 fact on this page added or changed since 1 March 2026" in pages["loss.md"]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("2026-03-02", "First published on 2 March 2026. The facts have not changed since then."),
        ("2026-02-27", "First published on 27 February 2026. Changes to the facts since then"),
    ],
)
def test_changes_count_from_the_day_after_the_first_publication(first: str, expected: str, vasa: Inputs) -> None:
    pages = _pages(_deaths(vasa, "About 50 people", first))
    assert expected in pages[routes.CHANGES]
    assert ("Added: " in pages[routes.CHANGES]) == (first < "2026-03-01")
    has_later = first < "2026-03-02"
    assert ("\nchanged:" in pages["loss.md"]) == has_later
    assert ("was “About 30" in pages["f/deaths.md"]) == has_later


def test_unpublished_briefing_has_no_changes_and_no_feed(vasa: Inputs) -> None:
    history = _commits(vasa, ("2026-03-01T08:00:00Z", "About 50 people"), ("2026-03-02T08:00:00Z", "About 30 people"))
    facts = {path: data for path, data in vasa.facts.items() if path != "facts/published.yml"}
    outcome = compile(replace(vasa, facts=facts, history=history, address=SITE))
    pages = _pages(outcome)
    assert "This briefing has not been published yet." in pages[routes.CHANGES]
    assert "## History" not in pages["f/deaths.md"]
    assert not any("\nchanged:" in text for text in pages.values())
    assert routes.FEED not in {file.path for file in outcome.files}


def test_feed_of_an_unchanged_briefing_is_empty(vasa: Inputs) -> None:
    history = _commits(vasa, ("2026-03-01T08:00:00Z", "About 30 people"))
    feed = feedparser.parse(_feed(compile(replace(vasa, history=history, address=SITE))))
    assert (feed.bozo, feed.entries, feed.feed.updated) == (False, [], "2026-03-01T00:00:00Z")


def test_commit_subjects_are_not_published(outcome: Outcome) -> None:
    published = "".join(_pages(outcome).values()) + "".join(str(file.data) for file in outcome.files)
    assert [says for says, _ in STEPS if len(says.split()) > 2 and says in published] == []


@pytest.mark.parametrize(
    ("field", "before", "after", "expected"),
    [
        ("says", "Sweden lost 30 people", "Fifty people died for Sweden", ("number",)),
        ("says", "Sweden lost 30 people", "Thirty people died for Sweden", ("wording",)),
        ("says", "Sweden lost the ship", "The ship was lost by Sweden", ("wording",)),
        ("says", "Sweden lost the ship", "Fred Hocker lost the ship", ("party",)),
        ("says", "Sweden lost the ship", "Sweden never lost the ship", ("negation",)),
        ("title", "Loss of the ship", "No loss of the ship", ("wording",)),
        ("note", "Sweden lost it", "Sweden never lost it", ("wording",)),
        ("explains", "A ship of 1628", "A ship of 1629", ("date",)),
        ("about", "sweden", "", ("party",)),
        ("about", "", "sweden", ("wording",)),
        ("standing.how", "confirmed", "claimed", ("kind",)),
        ("position.from", "account", "museum", ("citation",)),
        ("roles", "says: King", "says: Queen", ("party",)),
        ("corrects", "", "raised", ("relation",)),
        ("confidence", "low", "high", ("certainty",)),
        ("likelihood", "likely", "unlikely", ("certainty",)),
        ("aliases", "Svea", "", ("wording",)),
        ("also", "", "loss", ("wording",)),
        ("note", "Seen in 2025", "Seen in 2026", ("wording",)),
    ],
)
def test_class_of_a_change(field: str, before: str, after: str, expected: tuple[str, ...], vasa: Inputs) -> None:
    briefing = check(vasa).briefing
    change = FieldChange(field, (before,) if before else (), (after,) if after else ())
    assert classify_change(Names((*briefing.actors, *briefing.places)), change, "en") == expected


def test_record_within_a_record_is_shown_in_words(vasa: Inputs) -> None:
    def shown(field: str, value: str) -> str:
        change = Change("changed", "actor", "sweden", "Sweden", fields=(FieldChange(field, (), (value,)),))
        history = History((Revision("2026-03-05T10:00:00Z", (change,)),))
        return newest(check(vasa).briefing, history)[0].groups[0].changes[0].details[0].text

    role = "says: Builder; since 1625; when: 1611/1632; cite: account:2, account:3"
    assert shown("roles", role) == "added: “Builder; since 1625”, 1611 to 1632, Harbour Papers, ¶2, Harbour Papers, ¶3"
    assert shown("not_used", "parts: 6; because: A note.") == "added: 6, “A note.”"
    assert shown("roles", "King") == "added: King"


def test_site_as_of_a_day(repository: Path, tmp_path: Path) -> None:
    """A site from before a correction does not contain it and shows its date. The current facts are unchanged."""
    copy = tmp_path / "vasa"
    shutil.copytree(repository, copy)
    done = run_briefing("build", str(copy), "--as-of", "2026-03-05")
    assert done.returncode == 0, done.stderr
    site = copy / "site"
    opened = (site / "f" / "museum-opened" / "index.html").read_text()
    assert "1991 (as given)" in opened
    assert "This is the briefing as of 5 March 2026." in opened
    assert "<b>Date:</b> was 1990" in opened
    assert "6 March 2026" not in (site / "changes" / "index.html").read_text()
    assert not (site / "f" / "deaths-number").exists()
    assert ".cache" not in git(copy, "status", "--porcelain", "--", "facts", "docs")
    first = {path.relative_to(site): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}
    assert run_briefing("build", str(copy), "--as-of", "2026-03-05").returncode == 0
    assert {path.relative_to(site): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()} == first
    early = run_briefing("build", str(copy), "--as-of", "2026-02-28")
    assert (early.returncode, "Git has no facts from 2026-02-28" in early.stderr) == (2, True)
    # MkDocs reuses the plugin for the next build of the same process.
    assert run_mkdocs("build", "--quiet", cwd=copy).returncode == 0
    assert "the briefing as of" not in (site / "f" / "museum-opened" / "index.html").read_text()


def test_every_readable_commit_can_be_built(repository: Path) -> None:
    """Old facts need not satisfy the current rules, except those that rendering depends on."""
    inputs = read_inputs(repository)
    unreadable = next(number for number, (says, _) in enumerate(reversed(STEPS)) if says == "Break the file")
    for number in (0, 8, unreadable, 20, len(STEPS) - 1):
        outcome = compile(replace(inputs, facts=facts_at(repository, f"HEAD~{number}") or {}), past=True)
        assert bool(outcome.pages) == (number != unreadable), outcome.problems


@pytest.fixture(scope="module")
def site(once: Once, repository: Path) -> Path:
    def build(place: Path) -> None:
        copy = shutil.copytree(repository, place / "vasa")
        assert run_briefing("build", str(copy)).returncode == 0

    return once("history", build) / "vasa" / "site"


@pytest.mark.parametrize("path", ["changes/", "loss/", "f/deaths/", "f/second-gun-deck/"])
def test_accessibility_of_history_pages(path: str, site: Path, page: Page) -> None:
    with served({"": site}) as addresses:
        found = broken_rules(f"{addresses['']}/{path}", page, frame=False)
    assert found == {}


def test_since_the_last_visit(site: Path, browser: Browser) -> None:
    """Only the reader's browser stores what they have seen. A change that was published late counts, too."""
    context = browser.new_context(base_url=SITE, timezone_id="UTC")  # days are those of the reader
    asked: list[str] = []
    published = ["2026-03-12T12:00:00Z"]

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        file = site / urlsplit(route.request.url).path.lstrip("/")
        if file.is_dir():
            page = (file / "index.html").read_text()
            newest = '<meta name="latest-change" content="{}">'
            assert newest.format("2026-03-30T12:00:00Z") in page
            page = page.replace(newest.format("2026-03-30T12:00:00Z"), newest.format(published[-1]))
            route.fulfill(body=page, content_type="text/html")
        else:
            route.fulfill(path=file) if file.is_file() else route.fulfill(status=404)

    context.route("**/*", answer)

    def seen(path: str, when: str) -> str:
        page = context.new_page()
        page.clock.set_fixed_time(datetime.fromisoformat(when))
        page.goto(path, wait_until="load")
        text = page.locator(".changed").inner_text()
        page.close()
        return text

    recent = "4 facts on this page added or changed since 1 March 2026"
    assert seen("loss/", "2026-03-20T12:00:00+00:00") == recent, "the first visit"
    assert seen("loss/", "2026-03-20T12:10:00+00:00") == recent, "the same visit"
    again = f"{recent} · 2 facts added or changed since your last visit on 20 March 2026"
    published.append("2026-03-30T12:00:00Z")
    assert seen("loss/", "2026-04-01T12:00:00+00:00") == again
    assert seen("loss/", "2026-04-01T12:20:00+00:00") == again, "until the visit ends"
    assert seen("loss/", "2026-04-02T12:00:00+00:00") == recent, "no change since the last visit"
    assert all(url.startswith(SITE) for url in asked)
    context.close()


def test_text_withdrawn_for_legal_reasons_is_shown_nowhere(vasa: Inputs) -> None:
    said, before = "The hull was sold to a scrap dealer.", "      - id: raised\n"
    fact = f"      - id: hull-sold\n        says: {said}\n        about: [wreck-site]\n        cite: account:9\n"
    states = [vasa.facts, _edited(vasa, AFTERLIFE, (before, fact + before)).facts]
    states.append({**states[1], AFTERLIFE: states[1][AFTERLIFE].replace(b"sold to a", b"sold to the")})
    blobs = {f"{number} {file}": data for number, facts in enumerate(states) for file, data in facts.items()}
    days = ["2026-01-01T12:00:00Z", "2026-01-02T12:00:00Z", "2026-01-03T12:00:00Z", "2026-01-04T12:00:00Z"]
    commits = [
        Commit(day, tuple((file, f"{number % 3} {file}") for file in vasa.facts)) for number, day in enumerate(days)
    ]
    history = History(walk(commits, blobs.get))
    assert said in str(history)
    entry = "withheld:\n  - {id: hull-sold, date: 2026-01-04, because: A court in Stockholm ordered it.}\n"
    head = vasa.facts["facts/briefing.yml"].replace(b"withheld:\n", entry.encode())
    published = "first: 2026-01-01\nrecords:\n  - {kind: fact, id: hull-sold, address: f/hull-sold}\n"
    facts = {**vasa.facts, "facts/briefing.yml": head}
    inputs = replace(vasa, facts={**facts, "facts/published.yml": published.encode()}, history=history, address=SITE)
    outcome = compile(inputs)
    pages = _pages(outcome)
    assert "On 4 January 2026 we withdrew the statement that was here." in pages["f/hull-sold.md"]
    assert "A court in Stockholm ordered it." in pages["f/hull-sold.md"]
    written = [*pages.values(), *(file.data.decode() for file in outcome.files)]
    assert [text for text in written if "scrap dealer" in text] == []

    found = difference(states[1], inputs)
    assert "scrap dealer" not in format_difference(found)
    assert "(withheld)" in format_difference(found)
    still = check(replace(inputs, facts={**inputs.facts, AFTERLIFE: states[1][AFTERLIFE]}))
    assert [one.code for one in still.problems if one.severity == Severity.ERROR] == ["withheld-fact"]
