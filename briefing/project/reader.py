"""Read a briefing's folder, and the history of its facts."""

import os
import re
import stat
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
    """A file that cannot be read; ``problem`` says which, where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read_inputs(root: Path, today: str = "") -> Inputs:
    """Read all that a site is made of. A template in the briefing's own folder goes before the packaged one.

    ``today`` (ISO 8601) is the day as of which facts are read; empty: that of the clock, in UTC, or the moment that
    SOURCE_DATE_EPOCH gives. Raises UnreadableFile, and DateFault where ``today`` is no day.
    """
    docs = {file.relative_to(root / DOCS).as_posix(): file for file in _files(root, DOCS)}
    return Inputs(
        today=parse_edtf(today or clock()),
        facts=_read_facts(root),
        templates=_read_templates(root),
        markdown_pages={path: read_text(file, root) for path, file in docs.items() if file.suffix == ".md"},
        assets=frozenset(path for path, file in docs.items() if file.suffix != ".md"),
    )


def _read_facts(root: Path) -> dict[str, bytes]:
    """The bytes of each file of facts: of one that is too large, and of all together, a byte more than may be."""
    facts: dict[str, bytes] = {}
    left = MOST_BYTES_IN_ALL
    for file in _files(root, FACTS):
        if is_facts_file(file.name):
            with _opened(file, root) as stream:
                data = stream.read(min(MOST_BYTES, max(0, left)) + 1)
            left -= len(data)
            facts[file.relative_to(root).as_posix()] = data
    return facts


def _read_templates(root: Path) -> dict[str, str]:
    """Return the templates by name. One in the briefing's own folder replaces the packaged one of the same name."""
    packaged, own = packaged_templates(), root / TEMPLATES
    files = sorted(packaged.glob("*.j2"))
    # The generator's own repository is a briefing whose templates are the packaged ones.
    if own != packaged:
        files += [file for file in _files(root, TEMPLATES) if file.parent == own and file.suffix == ".j2"]
    return {file.name: read_text(file, file.parent.parent) for file in files}


def _files(root: Path, folder: str) -> list[Path]:
    """The files below a folder of the briefing, in order. Raises UnreadableFile for what could be no such file: what
    lies outside of the briefing's folder, a device or a pipe, a broken link, and a name that cannot be written down.
    """
    found: list[Path] = []
    home = root.resolve()

    def refuse(file: Path, message: str, hint: str) -> NoReturn:
        name = os.fsencode(file.relative_to(root).as_posix()).decode(errors="replace")
        raise UnreadableFile(Problem(Span(name), "unreadable-file", message, hint))

    def fail(error: OSError) -> NoReturn:
        refuse(Path(error.filename), f"the folder cannot be read: {error.strerror}", "let yourself read it")

    def leads_out(file: Path) -> bool:
        try:
            return file.is_symlink() and not file.resolve().is_relative_to(home)
        except (OSError, RuntimeError):  # a link to itself leads nowhere, which is told as what cannot be read
            return False

    top = root / folder
    if leads_out(top):
        refuse(top, "the link leads out of the briefing's folder", "put what it leads to here")
    if not top.is_dir():
        return []
    for parent, folders, names in os.walk(top, onerror=fail):
        for name in (*folders, *names):
            file = Path(parent, name)
            if UNPRINTABLE.search(name) or re.search("[\t\n\r\x85]", name):
                refuse(file, "the name has characters that cannot be written down", "rename it")
            if leads_out(file):
                refuse(file, "the link leads out of the briefing's folder", "put what it leads to here")
        for name in names:
            file = Path(parent, name)
            try:
                mode = file.stat().st_mode
            except OSError as error:
                refuse(file, f"the file cannot be read: {error.strerror}", "put it back or delete it")
            if not stat.S_ISREG(mode):
                refuse(file, "this is no file with a content of its own", "delete it")
            found.append(file)
    return sorted(found)


def _opened(file: Path, root: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        span = Span(file.relative_to(root).as_posix())
        message = f"the file cannot be read: {error.strerror}"
        raise UnreadableFile(Problem(span, "unreadable-file", message, "let yourself read it")) from None


def read_editable(root: Path) -> dict[str, bytes]:
    """Every file that an edit may change, as it stands on disk: facts, pages written by hand, and mkdocs.yml."""
    facts = (file for file in _files(root, FACTS) if not file.name.startswith("."))
    pages = (file for file in _files(root, DOCS) if file.suffix == ".md")
    return {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in sorted([*facts, *pages, root / SETTINGS])
        if file.is_file() and file.suffix in (".yml", ".yaml", ".md")
    }


def with_edit(root: Path, edit: Edit) -> Inputs:
    """What ``read_inputs`` would find once the edit is written. Raises UnreadableFile."""
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
        return TextIOWrapper(BytesIO(data), encoding="utf-8").read()  # line ends as Python has them
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        place = span_at(file.relative_to(root).as_posix(), before)
        raise UnreadableFile(Problem(place, "encoding", "the file is not UTF-8", "save it as UTF-8")) from None


def read_site(root: Path, address: str, today: str, as_of: tuple[str, str] | None) -> Inputs:
    """All that a site is made of, its history included; ``address`` is where it is published.

    ``as_of`` is a day (ISO 8601) and the commit that was the newest then, where the facts are to be those of then;
    ``today`` the day as of which facts are read, empty for that of the clock. Where git fails there is no history, and
    its ``fault`` says why. Raises UnreadableFile, and GitFailed where facts of another day cannot be had.
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
