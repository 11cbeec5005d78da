"""A briefing's folder on disk: ``facts/``, ``templates/`` and ``docs/`` under one root. The only reader of files."""

import os
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from briefing.compile import Inputs
from briefing.dates import parse_edtf
from briefing.load import span_at
from briefing.problems import Problem

FACTS, TEMPLATES, DOCS = "facts", "templates", "docs"


class UnreadableFile(Exception):
    """A file that cannot be read as text; ``problem`` says which and where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read_inputs(root: Path, today: str = "") -> Inputs:
    """Read all that a site is made of. A template in the briefing's own folder goes before the packaged one.

    ``today`` (ISO 8601) is the day as of which facts are read; empty: that of the clock, in UTC, or the moment that
    SOURCE_DATE_EPOCH gives. Raises UnreadableFile.
    """
    return Inputs(
        today=parse_edtf(today or clock()),
        facts={
            file.relative_to(root).as_posix(): file.read_bytes()
            for file in sorted((root / FACTS).rglob("*"))
            if file.is_file() and is_facts_file(file.name)
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


def is_facts_file(path: str) -> bool:
    """Whether a file under ``facts/`` is one of the briefing's, by its name."""
    name = PurePosixPath(path).name
    return not name.startswith(".") and name.endswith((".yml", ".yaml"))


def pin_path(root: Path, source: str) -> Path:
    """Where the pin of a source stands."""
    return root / FACTS / "pins" / f"{source}.yml"


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


def clock() -> str:
    """Today (ISO 8601)."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    return (datetime.fromtimestamp(int(given), UTC) if given else datetime.now(UTC)).date().isoformat()
