"""The workflows pass two linters, and their shell steps are run unchanged with a fake ``gh``."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from packaging.version import Version
from scripted import LOSS, SOURCES, git
from support import PATIENCE, ROOT, VASA, copy_briefing, fork_briefing, fork_script, run_briefing

from briefing import __version__

pytestmark = pytest.mark.process

WORKFLOWS = ROOT / ".github" / "workflows"
SCRIPTS = Path(sys.executable).parent
SHA = "0123456789abcdef0123456789abcdef01234567"

# Answers each call of `gh` from answers.json, by address, through jq if --jq is given, as gh does.
GH = """#!{python}
import json, pathlib, subprocess, sys
arguments = sys.argv[2:]
options = dict(zip(arguments, arguments[1:]))
address = next(one for one in arguments if one.startswith("repos/"))
method = options.get("--method", "GET")
fields = [arguments[index + 1] for index, one in enumerate(arguments) if one in ("-f", "-F")]
fields = dict(field.split("=", 1) for field in fields)
if fields.get("body", "").startswith("@"):
    fields["body"] = pathlib.Path(fields["body"][1:]).read_text()
with open("calls.jsonl", "a") as calls:
    print(json.dumps([method, address, fields]), file=calls)
if method == "GET":
    answer = json.loads(pathlib.Path("answers.json").read_text())[address]
    if address.endswith("/zip"):
        sys.stdout.buffer.write(pathlib.Path(answer).read_bytes())
    elif "--jq" in options:
        subprocess.run(["jq", "-r", options["--jq"]], input=json.dumps(answer), text=True, check=True)
"""


def _steps(workflow: str) -> dict[str, Any]:
    """Return the named steps of a workflow's first job."""
    job, *_ = yaml.safe_load((WORKFLOWS / workflow).read_text())["jobs"].values()
    return {step["name"]: step for step in job["steps"] if "name" in step} | {"env": job.get("env", {})}


def _run(step: dict[str, Any], cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a step's script in the shell that GitHub uses. A variable that is not in `env` is an error."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=cwd,
        env={**env, "PATH": f"{cwd / 'bin'}:{os.environ['PATH']}", "HOME": str(cwd)},
        capture_output=True,
        text=True,
        check=False,
    )


def _calls(folder: Path) -> list[list[Any]]:
    return [json.loads(line) for line in (folder / "calls.jsonl").read_text().splitlines()]


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """A folder to run steps in, with a `gh` that records its calls."""
    if not all(map(shutil.which, ("jq", "unzip"))):
        if os.environ.get("CI") == "true":
            pytest.fail("no jq or no unzip on this machine")
        pytest.skip("no jq or no unzip on this machine")
    (tmp_path / "bin").mkdir()
    gh = tmp_path / "bin" / "gh"
    gh.write_text(GH.format(python=sys.executable))
    gh.chmod(0o755)
    return tmp_path


ZIZMOR = ["zizmor", "--offline", "--quiet", "--format", "plain"]


def _lint(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SCRIPTS / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)


def test_linters_find_nothing() -> None:
    for done in (_lint("actionlint", *sorted(WORKFLOWS.glob("*.yml"))), _lint(*ZIZMOR, ".github")):
        assert done.returncode == 0, done.stdout + done.stderr


def test_linters_find_nothing_in_a_new_briefing(tmp_path: Path) -> None:
    assert run_briefing("new", str(tmp_path / "x")).returncode == 0
    workflows = (tmp_path / "x" / ".github" / "workflows").glob("*.yml")
    for done in (_lint("actionlint", *workflows), _lint(*ZIZMOR, tmp_path / "x" / ".github")):
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("workflow", "old", "new", "found"),
    [
        ("change.yml", "steps.find", "steps.find", ""),
        ("change.yml", 'HEAD "$BASE"', 'HEAD "${{ github.event.pull_request.title }}"', "template-injection"),
        ("change.yml", "          persist-credentials: false\n", "", "artipacked"),
        ("change.yml", "@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2", "@v4", "unpinned-uses"),
        ("change.yml", "permissions:\n  contents: read\n", "", "excessive-permissions"),
        ("change.yml", "  pull_request:", "  pull_request_target:", "dangerous-triggers"),
        ("comment.yml", "steps.fetch.outputs.found", "steps.fetched.outputs.found", "fetched"),
    ],
)
def test_linters_find_introduced_faults(workflow: str, old: str, new: str, found: str, tmp_path: Path) -> None:
    text = (WORKFLOWS / workflow).read_text()
    assert not found or old in text
    copy = tmp_path / ".github" / "workflows" / workflow
    copy.parent.mkdir(parents=True)
    copy.write_text(text.replace(old, new))
    said = [done.stdout for done in (_lint("actionlint", copy), _lint(*ZIZMOR, tmp_path)) if done.returncode]
    assert found in "".join(said)
    assert bool(said) is bool(found)


def test_only_workflow_without_foreign_code_has_write_access() -> None:
    found: dict[str, set[str]] = {"pull_request": set(), "workflow_run": set()}
    for file in WORKFLOWS.glob("*.yml"):
        workflow = yaml.safe_load(file.read_text())
        for trigger in found.keys() & workflow[True].keys():  # YAML 1.1 reads `on` as a boolean
            found[trigger].add(file.name)
        if "pull_request" in workflow[True]:
            assert workflow["permissions"] == {"contents": "read"}
            assert "secrets." not in file.read_text()
            for name, job in workflow["jobs"].items():
                if job.get("if") != "github.event_name == 'push'":
                    assert "write" not in str(job.get("permissions")), (file.name, name)
        if "workflow_run" in workflow[True]:
            assert "uses" not in str(workflow["jobs"])
    assert found == {"pull_request": {"change.yml", "site.yml"}, "workflow_run": {"comment.yml"}}


RELEASE = yaml.safe_load((WORKFLOWS / "release.yml").read_text())


def test_signing_and_publishing_jobs_run_no_repository_code() -> None:
    assert RELEASE["permissions"] == {}
    assert "secrets." not in (WORKFLOWS / "release.yml").read_text()
    for name, job in RELEASE["jobs"].items():
        used = {step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step}
        may_write = set(job["permissions"].values()) != {"read"}
        assert may_write is ("actions/checkout" not in used), name
        if "id-token" in job["permissions"]:
            assert not any("run" in step for step in job["steps"]), name
    order = {name: job.get("needs") for name, job in RELEASE["jobs"].items()}
    assert order == {"build": None, "try": "build", "attest": "try", "publish": "attest", "announce": "publish"}


def test_packages_are_tried_on_every_supported_python() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [line.rpartition(" ")[2] for line in project["classifiers"] if ":: Python :: 3." in line]
    assert project["requires-python"] == f">={named[0]}"
    versions = yaml.safe_load((WORKFLOWS / "site.yml").read_text())["jobs"]["versions"]
    for job in (RELEASE["jobs"]["try"], versions):
        assert job["strategy"]["matrix"]["python"] == named
    assert RELEASE["jobs"]["try"]["strategy"]["matrix"]["dependencies"] == ["--newest", "--lowest"]


def test_hooks_use_the_versions_of_the_tests() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    pins = (ROOT / "requirements" / "test.txt").read_text()
    versions = {hook["repo"].rpartition("/")[2].removesuffix("-pre-commit"): hook.get("rev", "") for hook in hooks}
    for name in ("ruff", "zizmor"):
        assert f"\n{name}=={versions[name].removeprefix('v')} " in pins


def test_lowest_dependencies_match_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = dict(re.findall(r"^([a-z0-9-]+)==([\d.]+)", (ROOT / "scripts" / "lowest.txt").read_text(), re.MULTILINE))
    for line in (*project["dependencies"], *project["optional-dependencies"]["pdf"]):
        name, least = line.partition(",")[0].split(">=")
        assert Version(pinned[name]) == Version(least), f"run scripts/lock to update {name}"


@pytest.mark.parametrize(
    ("tag", "heading", "said"),
    [
        (f"v{__version__}", f"## [{__version__}] - 2026-12-01", ""),
        (f"v{__version__}.1", f"## [{__version__}] - 2026-12-01", "the tag is"),
        (f"v{__version__}", "## [Unreleased]", "has no heading"),
    ],
)
def test_tag_must_match_version_and_changelog(tag: str, heading: str, said: str, tmp_path: Path) -> None:
    (step,) = [step for step in RELEASE["jobs"]["build"]["steps"] if "changelog" in step.get("name", "")]
    (tmp_path / "briefing.py").write_text(f'__version__ = "{__version__}"\n')
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{heading}\n")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    done = _run(step, tmp_path, {"GITHUB_REF_NAME": tag})
    assert said in done.stdout
    assert done.returncode == bool(said)


def test_difference_of_a_change_includes_problems(tmp_path: Path) -> None:
    copy = copy_briefing(VASA, tmp_path / "vasa")
    briefing = copy / ".venv" / "bin" / "briefing"
    briefing.parent.mkdir(parents=True)
    briefing.symlink_to(SCRIPTS / "briefing")
    git(copy, "init", "-q", "-b", "main")

    def commit(message: str) -> str:
        git(copy, "add", "facts")
        git(copy, "commit", "-q", "-m", message)
        return git(copy, "rev-parse", "HEAD").strip()

    commit("Start")
    git(copy, "checkout", "-q", "-b", "change")
    topic = copy / LOSS
    start = topic.read_text()
    topic.write_text(start.replace("Water came in", "Water ran in"))
    commit("Reword")
    git(copy, "checkout", "-q", "main")
    topic.write_text(start.replace("about 1,300 metres", "about 1,400 metres"))
    base = commit("A commit on main that is not part of the change")
    git(copy, "checkout", "-q", "change")

    env = {"BASE": base, "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    step = _steps("change.yml")["List what changes for readers"]
    done = _run(step, copy, env)
    assert (done.returncode, done.stderr) == (0, "")
    said = (copy / "difference.md").read_text()
    assert "+ Water ran in" in said
    assert "metres" not in said
    assert (tmp_path / "summary.md").read_text() == said

    topic.write_text(start.replace("about 1,300 metres", "about 1,400 metres"))
    done = _run(step, copy, env)
    assert done.returncode == 1
    assert "unexplained-change" in (copy / "difference.md").read_text()


COMMENT = {
    "REPOSITORY": "owner/name",
    "RUN": "7",
    "RUN_URL": "https://example.org/run/7",
    "OWNER": "fork",
    "BRANCH": 'a"b$(touch owned)',
    "SHA": SHA,
    "MARKER": _steps("comment.yml")["env"]["MARKER"],
}
PULLS = "repos/owner/name/pulls"
ARTIFACTS = "repos/owner/name/actions/runs/7/artifacts"
COMMENTS = "repos/owner/name/issues/5/comments?per_page=100"


def _comment(
    runner: Path,
    difference: str | bytes,
    comments: list[Any],
    pulls: list[Any] | None = None,
    artifacts: list[Any] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run comment.yml from start to end, following its conditions."""
    with zipfile.ZipFile(runner / "artifact.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("difference.md", difference)
        archive.writestr("../outside.md", "must not be unpacked")
    whole = [{"id": 40, "name": "difference", "size_in_bytes": 900, "created_at": "2026-01-02"}]
    older = [{"id": 41, "name": "difference", "size_in_bytes": 900, "created_at": "2026-01-01"}]
    answers = {
        PULLS: [{"number": 4, "head": {"sha": SHA[::-1]}}, {"number": 5, "head": {"sha": SHA}}]
        if pulls is None
        else pulls,
        ARTIFACTS: {"artifacts": [*whole, *older] if artifacts is None else artifacts},
        "repos/owner/name/actions/artifacts/40/zip": "artifact.zip",
        COMMENTS: comments,
    }
    (runner / "answers.json").write_text(json.dumps(answers))
    (runner / "calls.jsonl").unlink(missing_ok=True)
    output = runner / "output"
    output.write_text("")
    env = {**COMMENT, "GITHUB_OUTPUT": str(output)}
    steps = _steps("comment.yml")
    done = _run(steps["Find the pull request"], runner, env)
    for name, needs in (("Fetch the difference", "number"), ("Post the comment", "found")):
        given = dict(line.split("=", 1) for line in output.read_text().splitlines())
        if done.returncode or not given.get(needs):
            return done
        done = _run(steps[name], runner, {**env, "NUMBER": given["number"]})
    return done


def test_one_comment_is_posted_and_updated(runner: Path) -> None:
    marker = COMMENT["MARKER"]
    theirs = {"id": 1, "user": {"login": "someone"}, "body": f"{marker}\nforged"}
    other = {"id": 2, "user": {"login": "github-actions[bot]"}, "body": "of another workflow"}
    ours = {"id": 3, "user": {"login": "github-actions[bot]"}, "body": f"{marker}\nold"}
    body = f"{marker}\n## What – “this” $(changes)\n"

    done = _comment(runner, "## What – “this” $(changes)\n", [theirs, other])
    assert (done.returncode, done.stderr) == (0, "")
    calls = _calls(runner)
    assert calls[0] == ["GET", PULLS, {"state": "open", "base": "main", "head": f"fork:{COMMENT['BRANCH']}"}]
    assert calls[-1] == ["POST", "repos/owner/name/issues/5/comments", {"body": body}]

    done = _comment(runner, "## What – “this” $(changes)\n", [theirs, other, ours, {**ours, "id": 9}])
    assert (done.returncode, done.stderr) == (0, "")
    assert _calls(runner)[-1] == ["PATCH", "repos/owner/name/issues/comments/3", {"body": body}]
    assert [call[0] for call in _calls(runner)].count("GET") == len(_calls(runner)) - 1
    assert not (runner / "owned").exists()
    assert not (runner.parent / "outside.md").exists()


def test_long_difference_is_cut_off(runner: Path) -> None:
    for difference in ("## Long\n" + "–" * 10_000_000, b"## Long\n" + b"\xff\x00" + b"a" * 10_000_000):
        done = _comment(runner, difference, [])
        assert (done.returncode, done.stderr) == (0, "")
        method, _, fields = _calls(runner)[-1]
        assert method == "POST"
        assert len(fields["body"]) < 65_536
        assert "**Cut off: too long for a comment.**" in fields["body"]
        assert "\n## Long\n" in fields["body"]
    huge = [{"id": 40, "name": "difference", "size_in_bytes": 1_000_001, "created_at": "2026-01-02"}]
    assert _comment(runner, "x", [], artifacts=huge).returncode == 1
    assert not [call for call in _calls(runner) if call[0] != "GET"]


@pytest.mark.parametrize(
    "given",
    [
        {"pulls": []},
        {"pulls": [{"number": 5, "head": {"sha": SHA[::-1]}}]},
        {"artifacts": []},
        {"artifacts": [{"id": 40, "name": "site", "size_in_bytes": 9, "created_at": "2026-01-02"}]},
        {"difference": ""},
    ],
)
def test_no_comment_without_difference_or_pull_request(given: dict[str, Any], runner: Path) -> None:
    done = _comment(runner, **{"difference": "## What\n", "comments": [], **given})
    assert (done.returncode, done.stderr) == (0, "")
    assert "::notice::" in done.stdout
    assert {call[0] for call in _calls(runner)} == {"GET"}


@pytest.mark.parametrize("exit_code", [0, 1])
def test_one_issue_lists_due_reviews_and_dead_links(exit_code: int, runner: Path) -> None:
    steps = _steps("weekly.yml")
    said = {"scripts/links": f"echo '## Links of sources'; exit {exit_code}", ".venv/bin/briefing": 'echo "due: $*"'}
    for name, script in said.items():
        file = runner / name
        file.parent.mkdir(parents=True)
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
    assert _run(steps["Check links and due reviews"], runner, {}).returncode == 0

    marker = steps["env"]["MARKER"]
    env = {"REPOSITORY": "owner/name", "MARKER": marker}
    body = f"{marker}\n\n## Reviews due\n\ndue: due --within 30d --format markdown\n\n## Links of sources\n\n"
    ours = {"number": 8, "user": {"login": "github-actions[bot]"}, "body": f"{marker}\nold"}
    theirs = {"number": 9, "user": {"login": "someone"}, "body": None}
    for issues, call in (
        ([theirs], ["POST", "repos/owner/name/issues", {"title": "Due reviews and dead links", "body": body}]),
        ([theirs, ours], ["PATCH", "repos/owner/name/issues/8", {"body": body}]),
    ):
        (runner / "answers.json").write_text(json.dumps({"repos/owner/name/issues?state=open&per_page=100": issues}))
        done = _run(steps["Update the issue"], runner, env)
        assert (done.returncode, done.stderr) == (0, "")
        assert _calls(runner)[-1] == call


def test_weekly_job_fails_without_network(runner: Path) -> None:
    (runner / "scripts").mkdir()
    links = runner / "scripts" / "links"
    links.write_text("#!/bin/sh\nexit 2\n")
    links.chmod(0o755)
    assert _run(_steps("weekly.yml")["Check links and due reviews"], runner, {}).returncode == 1


def test_pre_commit_hook(tmp_path: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert (hook["id"], hook["language"], hook["pass_filenames"]) == ("briefing-check", "python", False)
    for path, concerns in {
        "facts/topics/loss.yml": True,
        "briefings/vasa/facts/sources.yml": True,
        "docs/method.md": True,
        "artefacts/loss.yml": False,
        "README.md": False,
    }.items():
        assert bool(re.search(hook["files"], path)) is concerns
    copy = copy_briefing(VASA, tmp_path / "vasa")
    program, *arguments = hook["entry"].split()
    assert program == "briefing"
    for text, code in ((b"", 0), (b"- id: [", 1)):
        with (copy / SOURCES).open("ab") as file:
            file.write(text)
        assert fork_briefing(*arguments, cwd=copy).result().returncode == code


class _Web(BaseHTTPRequestHandler):
    """A web server with working and broken pages, and an archive with a copy of one of them."""

    asked: list[str]

    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        self.asked.append(self.path)
        archived = {}
        if where.path == "/archive" and parse_qs(where.query)["url"][0].endswith("/404"):
            archived = {
                "closest": {"available": True, "url": "http://archive.example/1", "timestamp": "20250203040506"}
            }
        self.send_response({"/404": 404, "/410": 410, "/403": 403, "/moved": 302}.get(where.path, 200))
        self.send_header("Location", "/")
        self.end_headers()
        if where.path == "/archive":
            self.wfile.write(json.dumps({"archived_snapshots": archived}).encode())


@pytest.fixture
def web() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Web", (_Web,), {"asked": asked}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def _links(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return fork_script("links.py", str(folder), "--timeout", str(PATIENCE), *arguments)


def test_dead_links_have_archived_copies(tmp_path: Path, web: tuple[str, list[str]]) -> None:
    address, asked = web
    copy = copy_briefing(VASA, tmp_path / "vasa")
    sources = [
        f"- {{id: {id}, title: T, publisher: P, date: 2025-02, url: '{address}{path}'}}\n"
        for id, path in (
            ("fine", "/page?q=ü"),
            ("lost", "/404"),
            ("gone", "/410"),
            ("shut", "/403"),
            ("front", "/moved"),
        )
    ]
    (copy / SOURCES).write_text("".join(sources))
    done = _links(copy, "--archive", f"{address}/archive")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == (
        "## Links of sources\n\n5 checked: 1 work, 2 are dead, 2 are unclear.\n\n### Dead\n\n"
        f"- `lost` <{address}/404>: 404 Not Found; copy of 2025-02-03: <http://archive.example/1>\n"
        f"- `gone` <{address}/410>: 410 Gone; no copy in the archive\n\n### Unclear\n\n"
        f"- `shut` <{address}/403>: 403 Forbidden\n- `front` <{address}/moved>: redirects to the home page\n"
    )
    assert asked.count("/404") == 2, "failed addresses are requested again"
    assert sum("timestamp=20250201" in one for one in asked) == 2

    (copy / SOURCES).write_text(sources[0])
    done = _links(copy)
    assert (done.returncode, done.stdout) == (
        0,
        "## Links of sources\n\n1 checked: 1 work, 0 are dead, 0 are unclear.\n",
    )


def test_no_link_is_dead_without_network(tmp_path: Path) -> None:
    copy = copy_briefing(VASA, tmp_path / "vasa")
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        free = server.server_port
    (copy / SOURCES).write_text(f"- {{id: fine, title: T, publisher: P, url: 'http://127.0.0.1:{free}/'}}\n")
    done = _links(copy)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is there a network?" in done.stderr
