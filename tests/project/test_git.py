"""What is read from a repository: the commit that readers see as the version of the facts."""

from pathlib import Path

import pytest
from scripted import git

from briefing.project.git import read_revision

pytestmark = pytest.mark.process


def test_revision_is_the_last_commit_that_changed_facts(tmp_path: Path) -> None:
    facts = tmp_path / "facts"
    facts.mkdir()
    (facts / "a.yml").write_text("a")
    assert read_revision(tmp_path) is None
    git(tmp_path, "init", "-q")
    assert read_revision(tmp_path) is None
    git(tmp_path, "add", "facts")
    git(tmp_path, "commit", "-q", "-m", "facts", env={"GIT_COMMITTER_DATE": "2026-01-02T03:04:05+02:00"})
    commit = git(tmp_path, "rev-parse", "HEAD").strip()
    (tmp_path / "other.txt").write_text("x")
    git(tmp_path, "add", "other.txt")
    git(tmp_path, "commit", "-q", "-m", "something else")
    revision = read_revision(tmp_path)
    assert revision
    assert (revision.commit, revision.modified) == (commit, False)
    assert revision.date == "2026-01-02T01:04:05Z"
    (facts / "b.yml").write_text("b")
    changed = read_revision(tmp_path)
    assert changed == revision.model_copy(update={"modified": True})
