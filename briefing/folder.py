"""A briefing's folder on disk: ``facts/``, ``templates/`` and ``docs/`` under one root. The only reader of files, and
the only one that asks git.
"""

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

from briefing import __version__
from briefing.compile import Inputs
from briefing.edit import SETTINGS, Edit
from briefing.exports.edition import Revision
from briefing.load import span_at
from briefing.problems import Problem

FACTS, TEMPLATES, DOCS = "facts", "templates", "docs"


class UnreadableFile(Exception):
    """A file that cannot be read as text; ``problem`` says which and where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read_inputs(root: Path) -> Inputs:
    """Read all that a site is made of. A template in the briefing's own folder goes before the packaged one.

    Raises UnreadableFile.
    """
    return Inputs(
        facts={
            file.relative_to(root).as_posix(): file.read_bytes()
            for file in sorted((root / FACTS).rglob("*"))
            if file.is_file() and not file.name.startswith(".") and file.suffix in (".yml", ".yaml")
        },
        templates={
            file.name: _read_text(file, folder.parent)
            for folder in (packaged_templates(), root / TEMPLATES)
            for file in sorted(folder.glob("*.j2"))
            if file.is_file()
        },
        handwritten={
            file.relative_to(root / DOCS).as_posix(): _read_text(file, root)
            for file in sorted((root / DOCS).rglob("*.md"))
            if file.is_file()
        },
        assets=frozenset(
            file.relative_to(root / DOCS).as_posix()
            for file in (root / DOCS).rglob("*")
            if file.is_file() and file.suffix != ".md"
        ),
    )


def read_editable(root: Path) -> dict[str, bytes]:
    """Every file that an edit may change, as it stands on disk: facts, pages written by hand, and mkdocs.yml."""
    facts = (file for file in (root / FACTS).rglob("*") if not file.name.startswith("."))
    found = [*facts, *(root / DOCS).rglob("*.md"), root / SETTINGS]
    return {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in sorted(found)
        if file.is_file() and file.suffix in (".yml", ".yaml", ".md")
    }


def with_edit(root: Path, edit: Edit) -> Inputs:
    """What ``read_inputs`` would find once the edit is written. Raises UnreadableFile."""
    files = edit.applied(read_editable(root))
    inputs = read_inputs(root)
    facts = {path: data for path, data in files.items() if path.startswith(f"{FACTS}/")}
    pages = {path: files[f"{DOCS}/{path}"].decode("utf-8-sig") for path in inputs.handwritten}
    return replace(inputs, facts=facts, handwritten=pages)


def write_edit(root: Path, edit: Edit) -> None:
    """Write what an edit changes."""
    for path, data in edit.files.items():
        (root / path).write_bytes(data)
    for path in edit.moved:
        (root / path).unlink()


def write_starter(root: Path, title: str) -> list[str]:
    """Make a new briefing in the empty or missing folder ``root``; the paths of its files."""
    starter = Path(__file__).parent / "starter"
    written = []
    for file in sorted(file for file in starter.rglob("*") if file.is_file()):
        path = root / "/".join(part.replace("dot-", ".", 1) for part in file.relative_to(starter).parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        # a title in quotes is JSON, and so YAML, whatever stands in it
        text = file.read_text(encoding="utf-8").replace('"@TITLE@"', json.dumps(title, ensure_ascii=False))
        text = text.replace("@TITLE@", title).replace("@VERSION@", __version__)
        path.write_text(text, encoding="utf-8")
        written.append(path.relative_to(root).as_posix())
    return written


def read_revision(root: Path) -> Revision | None:
    """The last commit that touched the facts. None where there is no git, no repository, or no commit of them.

    In a clone that holds a part of the history it may be a later one: the oldest that is there.
    """
    commit, _, date = _git(root, "log", "-1", "--date=format-local:%Y-%m-%dT%H:%M:%SZ", "--format=%H %cd").partition(
        " "
    )
    if not date:
        return None
    return Revision(commit=commit, date=date, modified=bool(_git(root, "status", "--porcelain")))


def _git(root: Path, *arguments: str) -> str:
    """What git says of the facts; empty where it cannot say anything."""
    # git's times as UTC; and a question never writes to the repository
    environment = {**os.environ, "TZ": "UTC", "GIT_OPTIONAL_LOCKS": "0"}
    command = ["git", *arguments, "--", FACTS]
    try:
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def pin_path(root: Path, source: str) -> Path:
    """Where the pin of a source stands."""
    return root / FACTS / "pins" / f"{source}.yml"


def theme_folders(root: Path) -> list[Path]:
    """Where files of the theme are looked for, first come first served: a briefing's own go before the packaged."""
    folders = (root / TEMPLATES / "theme", packaged_templates() / "theme")
    return [folder for folder in dict.fromkeys(folder.resolve() for folder in folders) if folder.is_dir()]


def packaged_templates() -> Path:
    """The templates that come with the package: inside it when installed, beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / TEMPLATES
    return installed if installed.is_dir() else package.parent / TEMPLATES


def _read_text(file: Path, root: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        place = span_at(file.relative_to(root).as_posix(), before)
        raise UnreadableFile(Problem(place, "encoding", "the file is not UTF-8", "save it as UTF-8")) from None
