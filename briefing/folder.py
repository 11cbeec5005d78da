"""A briefing's folder on disk: ``facts/``, ``templates/`` and ``docs/`` under one root. The only reader of files, and
the only one that asks git.
"""

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from briefing.compile import Inputs
from briefing.exports.edition import Revision
from briefing.load import span_at
from briefing.problems import Problem, Span

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


def saves(root: Path, pause: float = 0.3) -> Iterator[None]:
    """Yields at once, and then each time that a file of the facts, templates or hand-written pages has changed."""
    before = None
    while True:
        now = {
            file: (state.st_mtime_ns, state.st_size)
            for folder in (FACTS, TEMPLATES, DOCS)
            for file in (root / folder).rglob("*")
            if (state := _state(file)) and not file.name.startswith(".")
        }
        if now != before:
            before = now
            yield
        else:
            time.sleep(pause)


def _state(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except OSError:  # an editor's save may replace it just now
        return None


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


def write_schemas(root: Path, schemas: Mapping[str, bytes], patterns: Mapping[str, str], modelines: bool) -> list[Path]:
    """Write schemas, by name, where VS Code finds them for the files of ``patterns``; what was written, and only where
    it differs. Settings of other things stay. With ``modelines`` each of the files names its schema itself in its first
    line, for editors that do not read VS Code's settings.

    Raises UnreadableFile where the settings are no plain JSON.
    """
    folder = root / ".vscode"
    texts = {folder / "schemas" / f"{name}.json": data.decode() for name, data in schemas.items()}
    settings = _read_json(folder / "settings.json", root)
    settings["yaml.schemas"] = {
        **settings.get("yaml.schemas", {}),
        **{f"./.vscode/schemas/{name}.json": patterns[name] for name in schemas},
    }
    extensions = _read_json(folder / "extensions.json", root)
    extensions["recommendations"] = sorted({*extensions.get("recommendations", ()), "redhat.vscode-yaml"})
    texts[folder / "settings.json"] = json.dumps(settings, ensure_ascii=False, indent=2) + "\n"
    texts[folder / "extensions.json"] = json.dumps(extensions, ensure_ascii=False, indent=2) + "\n"
    for name, pattern in patterns.items() if modelines else ():
        for file in sorted(root.glob(pattern)):
            text = _read_text(file, root)
            if _MODELINE not in text:
                schema = os.path.relpath(folder / "schemas" / f"{name}.json", file.parent)
                texts[file] = f"{_MODELINE}{Path(schema).as_posix()}\n{text}"
    written = [file for file, text in texts.items() if not file.exists() or file.read_text(encoding="utf-8") != text]
    for file in written:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(texts[file], encoding="utf-8", newline="")
    return written


_MODELINE = "# yaml-language-server: $schema="


def _read_json(file: Path, root: Path) -> dict[str, Any]:
    text = _read_text(file, root) if file.exists() else "{}"
    name = file.relative_to(root).as_posix()
    try:
        read = json.loads(text)
    except json.JSONDecodeError as error:
        span = Span(name, error.lineno, error.colno, error.lineno, error.colno + 1)
        help = "take out comments and trailing commas, or move the file aside"
        raise UnreadableFile(Problem(span, "json-syntax", f"the file is no plain JSON: {error.msg}", help)) from None
    if isinstance(read, dict):
        return read
    raise UnreadableFile(Problem(Span(name), "json-syntax", "the file holds no settings", "move the file aside"))


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
