"""Read a repository's history of the facts. The only user of git."""

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
_HERE = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"}  # set by a hook; we ask about another folder
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


class GitFailed(Exception):
    """Git cannot be run, or cannot read the repository; the message says why, in one line."""


def read_history(root: Path) -> History:
    """Return the history of ``facts/`` in the folder up to the current commit, along first parents.

    It takes one ``git log``, and is cached until the next commit; that of a shallow clone is not, because more of it
    may be fetched. Empty if there is no repository or no commit. Raises GitFailed.
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
    """The last commit that touched the facts, up to the one named or the one at hand. None where there is none.

    The files at hand are compared with the commit at hand only. In a clone that holds a part of the history it may be
    a later one: the oldest that is there. Raises GitFailed.
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
    """The files of ``facts/`` at a revision, by path from the folder; None where git knows no such revision.

    Raises GitFailed, also where the clone lacks one of the files: without it the facts would look removed.
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
    """The newest commit made by the end of a day (ISO 8601, UTC), along first parents; None where there is none.

    Raises GitFailed.
    """
    until = f"--before={day}T23:59:59Z"
    output = _git(root, "log", "-1", "--first-parent", "--no-show-signature", until, "--format=%H")
    if not output:
        return None
    return output.decode().strip() or None


def commit_time(root: Path, revision: str) -> int | None:
    """When a commit was made, in seconds since 1970; None where git does not know, or fails."""
    with suppress(GitFailed):  # reading the history reports it
        output = _git(root, "log", "-1", "--no-show-signature", "--format=%ct", revision, "--")
        return int(output) if output else None
    return None


def _log(root: Path, commit: str) -> list[Commit]:
    settings = ["-c", "log.showSignature=false", "-c", "log.follow=false", "-c", "color.ui=false"]
    what = ["--first-parent", "-m", "--raw", "-z", "--no-renames", "--no-abbrev", "--reverse", "--relative"]
    output = _git(root, *settings, "log", *what, "--encoding=UTF-8", "--format=%x01%H %ct %s", commit, "--", FACTS)
    commits: list[Commit] = []
    # a commit's line starts with \1; then, for each file, its modes and blobs, and its path
    parts = iter((output or b"").decode(errors="replace").split("\0"))
    for part in parts:
        part = part.lstrip("\n")
        if part.startswith("\1"):
            commit_id, seconds, says = part[1:].split(" ", 2)
            commits.append(Commit(commit_id, _time(seconds), printable(says).strip(), ()))
        elif part.startswith(":"):
            blob = part.split()[3]
            path = next(parts)
            if is_facts_file(path):
                last = commits[-1]
                file = (path, blob if blob.strip("0") else "")
                commits[-1] = Commit(last.id, last.when, last.says, (*last.files, file))
    return commits


_LAST = 253_402_300_799  # the year 9999 ends


def _time(seconds: str) -> str:
    """Seconds since 1970 as date and time in UTC (RFC 3339); of later years than it knows, its last moment."""
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
    """Return what git prints; None if there is no repository, no commit yet, or no such thing in it.

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
    # With --verify --quiet, git says of a revision that does not exist nothing at all.
    absent = not reason and done.returncode > 0
    # A damaged .git folder is also "not a git repository" to git.
    outside = reason.startswith("not a git repository") and not _has_repository(root)
    if absent or outside or reason.endswith("does not have any commits yet"):
        return None
    if trust := next((line.strip() for line in lines if "--add safe.directory" in line), ""):
        reason += f"; if you trust its owner, run: {trust}"
    raise GitFailed(f"git failed: {reason or f'ended by signal {-done.returncode}'}")


def _has_repository(root: Path) -> bool:
    folder = root.resolve()
    return any(os.path.lexists(parent / ".git") for parent in (folder, *folder.parents))
