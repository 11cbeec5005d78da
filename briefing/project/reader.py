"""Read a briefing's folder and the history of its facts."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import BinaryIO, NoReturn

from briefing.compile import Inputs
from briefing.editing.text_edits import SETTINGS, Edit
from briefing.model.history import History
from briefing.problems import Problem, Span
from briefing.project.clock import clock
from briefing.project.git import GitFailed, facts_at, read_history, read_revision
from briefing.project.layout import DOCS, FACTS, TEMPLATES, is_facts_file, packaged_templates
from briefing.text.characters import UNPRINTABLE, span_at
from briefing.text.edtf import parse_edtf
from briefing.text.yaml_reader import MOST_BYTES, MOST_BYTES_IN_ALL, too_large

__all__ = ["UnreadableFile", "read_inputs"]


class UnreadableFile(Exception):
    """A file cannot be read; ``problem`` has its path, the place and the reason."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read_inputs(root: Path, today: str = "") -> Inputs:
    """Return everything that a site is made from, except its history.

    A template in the briefing's own folder replaces the packaged one. ``today`` (ISO 8601) is the date to check the
    facts against; if empty, the clock's (UTC), or that of SOURCE_DATE_EPOCH. Raises UnreadableFile, and DateFault if
    ``today`` is not a date.
    """
    docs = {file.relative_to(root / DOCS).as_posix(): file for file in _files(root, DOCS)}
    return Inputs(
        today=parse_edtf(today or clock()),
        facts=_read_facts(root),
        ignored=frozenset(_ignored_files(root)),
        templates=_read_templates(root),
        markdown_pages={path: read_text(file, root) for path, file in docs.items() if file.suffix == ".md"},
        assets=frozenset(path for path, file in docs.items() if file.suffix != ".md"),
    )


def _read_facts(root: Path) -> dict[str, bytes]:
    """Return the bytes of each facts file. Reading stops one byte past the limit for a file, and past that for all."""
    facts: dict[str, bytes] = {}
    left = MOST_BYTES_IN_ALL
    for file in _files(root, FACTS):
        if is_facts_file(file.name):
            with _opened(file, root) as stream:
                data = stream.read(min(MOST_BYTES, max(0, left)) + 1)
            left -= len(data)
            facts[file.relative_to(root).as_posix()] = data
    return facts


def _ignored_files(root: Path) -> Iterator[str]:
    """Yield the files that an editor may take for facts but that are not read."""
    for folder in (FACTS, "topics", "pins"):
        for file in _files(root, folder):
            if not file.name.startswith(".") and (folder != FACTS) == is_facts_file(file.name):
                yield file.relative_to(root).as_posix()


def _read_templates(root: Path) -> dict[str, str]:
    """Return the templates by name. One in the briefing's own folder replaces the packaged one of the same name."""
    packaged, own = packaged_templates(), root / TEMPLATES
    files = sorted(packaged.glob("*.j2"))
    # The generator's own repository is a briefing whose templates are the packaged ones.
    if own != packaged:
        files += [file for file in _files(root, TEMPLATES) if file.parent == own and file.suffix == ".j2"]
    return {file.name: read_text(file, file.parent.parent) for file in files}


def _files(root: Path, folder: str) -> list[Path]:
    """Return the files below a folder of the briefing, in order.

    Raises UnreadableFile for a link that is broken or points outside the briefing, a device or a pipe, a folder that
    cannot be read, and a name with control characters.
    """
    found: list[Path] = []
    home = root.resolve()

    def refuse(file: Path, message: str, hint: str) -> NoReturn:
        name = os.fsencode(file.relative_to(root).as_posix()).decode(errors="replace")
        raise UnreadableFile(Problem(Span(name), "unreadable-file", message, hint))

    def fail(error: OSError) -> NoReturn:
        refuse(Path(error.filename), f"the folder cannot be read: {error.strerror}", "fix its permissions")

    def leads_out(file: Path) -> bool:
        try:
            return file.is_symlink() and not file.resolve().is_relative_to(home)
        except (OSError, RuntimeError):  # a link to itself; reported below as a file that cannot be read
            return False

    top = root / folder
    if leads_out(top):
        refuse(top, "this link points outside the briefing's folder", "replace it with a copy of its target")
    if not top.is_dir():
        return []
    for parent, folders, names in os.walk(top, onerror=fail):
        for name in (*folders, *names):
            file = Path(parent, name)
            if UNPRINTABLE.search(name) or re.search("[\t\n\r\x85]", name):
                refuse(file, "the file name contains control characters or is not UTF-8", "rename the file")
            if leads_out(file):
                refuse(file, "this link points outside the briefing's folder", "replace it with a copy of its target")
        for name in names:
            file = Path(parent, name)
            try:
                mode = file.stat().st_mode
            except OSError as error:
                refuse(file, f"the file cannot be read: {error.strerror}", "restore or delete it")
            if not stat.S_ISREG(mode):
                refuse(file, "not a regular file", "delete it")
            found.append(file)
    return sorted(found)


def _opened(file: Path, root: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        span = Span(file.relative_to(root).as_posix())
        message = f"the file cannot be read: {error.strerror}"
        raise UnreadableFile(Problem(span, "unreadable-file", message, "fix its permissions")) from None


def read_editable(root: Path) -> dict[str, bytes]:
    """Return every file that an edit may change: facts, handwritten pages and mkdocs.yml."""
    facts = (file for file in _files(root, FACTS) if not file.name.startswith("."))
    pages = (file for file in _files(root, DOCS) if file.suffix == ".md")
    return {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in sorted([*facts, *pages, root / SETTINGS])
        if file.is_file() and file.suffix in (".yml", ".yaml", ".md")
    }


def with_edit(root: Path, edit: Edit) -> Inputs:
    """Return what ``read_inputs`` would return after the edit is written. Raises UnreadableFile."""
    files = edit.applied(read_editable(root))
    inputs = read_inputs(root)
    facts = {path: data for path, data in files.items() if path.startswith(f"{FACTS}/")}
    pages = {path: files[f"{DOCS}/{path}"].decode("utf-8-sig") for path in inputs.markdown_pages}
    return replace(inputs, facts=facts, markdown_pages=pages)


def read_text(file: Path, root: Path) -> str:
    with _opened(file, root) as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        name = file.relative_to(root).as_posix()
        raise UnreadableFile(too_large(Span(name), f"the file has more than {MOST_BYTES:,} bytes"))
    try:
        return TextIOWrapper(BytesIO(data), encoding="utf-8-sig").read()  # converts line ends to \n
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        place = span_at(file.relative_to(root).as_posix(), before)
        raise UnreadableFile(Problem(place, "encoding", "the file is not UTF-8", "save it as UTF-8")) from None


def read_site(root: Path, address: str, today: str, as_of: tuple[str, str] | None) -> Inputs:
    """Return everything that a site is made from, including its history. ``address`` is the URL of the site.

    To read the facts of an earlier day, pass ``as_of``: that day (ISO 8601) and the last commit by the end of it.
    ``today`` is the date to check the facts against; if empty, the clock's. If git fails, the history is empty and its
    ``fault`` has the reason. Raises UnreadableFile, and GitFailed if the facts of ``as_of`` cannot be read.
    """
    inputs = replace(read_inputs(root, as_of[0] if as_of else today), address=address)
    if as_of:
        inputs = replace(inputs, facts=facts_at(root, as_of[1]) or {})
    try:
        history = read_history(root)
        revision = read_revision(root, as_of[1] if as_of else None)
    except GitFailed as error:
        return replace(inputs, history=History(fault=str(error)))
    return replace(inputs, history=history.until(as_of[0]) if as_of else history, revision=revision)
