"""Read the history of the facts from git. No other module calls git."""

import os
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter

from briefing.exports.edition import Revision
from briefing.model.history import Commit, History, walk
from briefing.project import cache
from briefing.project.layout import FACTS, is_facts_file
from briefing.text.characters import printable

_HISTORY = "history.json"
_AS_JSON = TypeAdapter(History)
_HERE = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"}  # a hook sets these for its own repository
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


class GitFailed(Exception):
    """Git cannot be run, or cannot read the repository; the message is one line with the reason."""


def read_history(root: Path) -> History:
    """Return the history of ``facts/`` in the folder up to the current commit, along first parents.

    It is cached until the next commit, except in a shallow clone, where more of it may be fetched. It is empty if there
    is no repository or no commit. Raises GitFailed.
    """
    head = _git(root, "log", "-1", "--no-show-signature", "--format=%H")
    if head is None:
        return History()
    commit = head.decode().strip()
    shallow = _git(root, "rev-parse", "--is-shallow-repository") == b"true\n"
    key = "" if shallow else cache.make_key(commit)
    if cached := cache.read(root, _HISTORY, key, _AS_JSON.validate_json):
        return cached
    commits = _log(root, commit)
    blobs = _blobs(root, {blob for one in commits for _, blob in one.files if blob})
    history = History(walk(commits, blobs.get), shallow)
    cache.write(root, _HISTORY, key, _AS_JSON.dump_json(history))
    return history


def read_revision(root: Path, commit: str | None = None) -> Revision | None:
    """Return the last commit that changed the facts, up to ``commit`` or the current one. None if there is none.

    It is marked as modified if the files differ from the current commit; with ``commit`` they are not compared. In a
    shallow clone it may be a later commit: the oldest one in the clone. Raises GitFailed.
    """
    arguments = ["-1", "--first-parent", "--no-show-signature", "--format=%H %ct"]
    if commit:
        arguments.append(commit)
    output = _git(root, "log", *arguments, "--", FACTS)
    if not output:
        return None
    commit_id, seconds = output.decode().split()
    modified = commit is None and bool(_git(root, "status", "--porcelain", "--", FACTS))
    return Revision(commit=commit_id, date=_time(seconds), modified=modified)


def facts_at(root: Path, revision: str) -> dict[str, bytes] | None:
    """Return the files of ``facts/`` at a revision, by path; None if there is no such revision.

    Raises GitFailed, also if the clone lacks one of the files. Without the error, its facts would seem to be removed.
    """
    if revision.startswith("-"):
        return None
    commit = _git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if not commit:
        return None
    listed = _git(root, "ls-tree", "-r", "-z", commit.decode().strip(), f"{FACTS}/")
    if listed is None:
        return None
    blobs = {}
    for entry in listed.decode(errors="replace").split("\0")[:-1]:
        meta, _, path = entry.partition("\t")
        if is_facts_file(path):
            blobs[path] = meta.split()[2]
    data = _blobs(root, set(blobs.values()))
    missing = sorted(path for path, blob in blobs.items() if blob not in data)
    if missing:
        raise GitFailed(f"the repository has no copy of {missing[0]} at {revision}")
    return {path: data[blob] for path, blob in sorted(blobs.items())}


def commit_at(root: Path, day: str) -> str | None:
    """Return the newest commit by the end of a day (ISO 8601, UTC), along first parents; None if there is none.

    Raises GitFailed.
    """
    until = f"--before={day}T23:59:59Z"
    output = _git(root, "log", "-1", "--first-parent", "--no-show-signature", until, "--format=%H")
    if not output:
        return None
    return output.decode().strip() or None


def commit_time(root: Path, revision: str) -> int | None:
    """Return the Unix time of a commit; None if there is no such commit or git fails."""
    with suppress(GitFailed):  # read_history reports it
        output = _git(root, "log", "-1", "--no-show-signature", "--format=%ct", revision, "--")
        return int(output) if output else None
    return None


def _log(root: Path, commit: str) -> list[Commit]:
    settings = ["-c", "log.showSignature=false", "-c", "log.follow=false", "-c", "color.ui=false"]
    what = ["--first-parent", "-m", "--raw", "-z", "--no-renames", "--no-abbrev", "--reverse", "--relative"]
    output = _git(root, *settings, "log", *what, "--format=%x01%ct", commit, "--", FACTS)
    commits: list[Commit] = []
    # A commit's line starts with \1. Its files follow: for each, the modes and blobs, then the path.
    parts = iter((output or b"").decode(errors="replace").split("\0"))
    for part in parts:
        part = part.lstrip("\n")
        if part.startswith("\1"):
            commits.append(Commit(_time(part[1:]), ()))
        elif part.startswith(":"):
            blob = part.split()[3]
            path = next(parts)
            if is_facts_file(path):
                last = commits[-1]
                file = (path, blob if blob.strip("0") else "")
                commits[-1] = Commit(last.when, (*last.files, file))
    return commits


_LAST = 253_402_300_799  # the last second of the year 9999


def _time(seconds: str) -> str:
    """Return a Unix time as date and time in UTC (RFC 3339), at most the end of the year 9999."""
    return datetime.fromtimestamp(min(int(seconds), _LAST), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _blobs(root: Path, ids: Iterable[str]) -> dict[str, bytes]:
    output = _git(root, "cat-file", "--batch", given="".join(f"{blob}\n" for blob in sorted(ids)).encode())
    found: dict[str, bytes] = {}
    at = 0
    while output and at < len(output):
        end = output.index(b"\n", at)
        blob, kind, *size = output[at:end].decode().split()
        at = end + 1
        if kind == "blob":
            found[blob] = output[at : at + int(size[0])]
        if size:
            at += int(size[0]) + 1
    return found


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes | None:
    """Return git's output; None if there is no repository, no commit yet, or no such object.

    Raises GitFailed for every other failure.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _HERE} | _QUIET
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, input=given, capture_output=True, env=environment, check=False)
    except OSError as error:
        if not _has_repository(root):
            return None
        missing = isinstance(error, FileNotFoundError)
        raise GitFailed("git is not installed" if missing else f"git cannot be run: {error.strerror}") from None
    if done.returncode == 0:
        return done.stdout
    lines = printable(done.stderr.decode(errors="replace")).splitlines() or [""]
    reason = lines[0].removeprefix("fatal: ").removeprefix("error: ")
    # With --verify --quiet, git prints nothing for a revision that does not exist.
    absent = not reason and done.returncode > 0
    # Git also reports a damaged .git folder as "not a git repository".
    outside = reason.startswith("not a git repository") and not _has_repository(root)
    if absent or outside or reason.endswith("does not have any commits yet"):
        return None
    if trust := next((line.strip() for line in lines if "--add safe.directory" in line), ""):
        reason += f"; if you trust its owner, run: {trust}"
    raise GitFailed(f"git failed: {reason or f'ended by signal {-done.returncode}'}")


def _has_repository(root: Path) -> bool:
    folder = root.resolve()
    return any(os.path.lexists(parent / ".git") for parent in (folder, *folder.parents))
