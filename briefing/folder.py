"""A briefing's folder on disk: ``facts/``, ``templates/`` and ``docs/`` under one root. What reads and writes these."""

import json
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from io import BytesIO, TextIOWrapper
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, NoReturn

from briefing import __version__
from briefing.again import CACHE, MARK, clock, is_kept_here
from briefing.compile import Inputs
from briefing.dates import parse_edtf
from briefing.edit import SETTINGS, Edit
from briefing.load import MOST_BYTES, MOST_BYTES_IN_ALL, UNPRINTABLE, span_at, too_large
from briefing.problems import Problem, Span

__all__ = ["UnreadableFile", "read_inputs"]

FACTS, TEMPLATES, DOCS = "facts", "templates", "docs"
_PAUSE = 0.15  # seconds between two looks for a save


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
        templates={
            file.name: _read_text(file, folder.parent)
            for folder in (packaged_templates(), root / TEMPLATES)
            for file in (sorted(folder.glob("*.j2")) if folder == packaged_templates() else _files(root, TEMPLATES))
            if file.parent == folder and file.suffix == ".j2"
        },
        handwritten={path: _read_text(file, root) for path, file in docs.items() if file.suffix == ".md"},
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


def _files(root: Path, folder: str) -> list[Path]:
    """The files below a folder of the briefing, in order. Raises UnreadableFile for what could be no such file: what
    lies outside of the briefing's folder, a device or a pipe, a broken link, and a name that cannot be written down.
    """
    found: list[Path] = []
    home = root.resolve()

    def refuse(file: Path, message: str, help: str) -> NoReturn:
        name = os.fsencode(file.relative_to(root).as_posix()).decode(errors="replace")
        raise UnreadableFile(Problem(Span(name), "unreadable-file", message, help))

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
    for parent, folders, names in os.walk(top, onerror=fail) if top.is_dir() else ():
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


def is_facts_file(path: str) -> bool:
    """Whether a file under ``facts/`` is one of the briefing's, by its name."""
    name = PurePosixPath(path).name
    return not name.startswith(".") and name.endswith((".yml", ".yaml"))


def saves(root: Path) -> Iterator[None]:
    """Yields at once, and then each time that a file of the facts, templates or hand-written pages has changed, once it
    changes no more: an editor may be in the middle of a save.
    """
    told = before = None
    while True:
        now = {
            file: (state.st_mtime_ns, state.st_size)
            for folder in (FACTS, TEMPLATES, DOCS)
            for file in (root / folder).rglob("*")
            if (state := _state(file)) and not file.name.startswith(".")
        }
        if now != told and (now == before or told is None):
            told = now
            yield
        else:
            time.sleep(_PAUSE)
        before = now


def _state(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except OSError:  # an editor's save may replace it just now
        return None


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
    pages = {path: files[f"{DOCS}/{path}"].decode("utf-8-sig") for path in inputs.handwritten}
    return replace(inputs, facts=facts, handwritten=pages)


def write_edit(root: Path, edit: Edit) -> None:
    """Write what an edit changes."""
    write_whole({root / path: data for path, data in edit.files.items()})
    for path in edit.moved:
        (root / path).unlink()


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write files, none of them by halves: the first takes its place once all of them are written aside it."""
    asides: dict[Path, Path] = {}
    try:
        for file, data in files.items():
            place = file.resolve()
            aside = place.with_name(f".{place.name}.briefing~")
            asides[aside] = place
            aside.write_bytes(data)
            if place.exists():
                shutil.copymode(place, aside)
        for aside, place in asides.items():
            aside.replace(place)
    except OSError as error:
        error.filename = str(asides.get(Path(str(error.filename)), error.filename or file))
        raise
    finally:
        for aside in asides:
            with suppress(OSError):
                aside.unlink()


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
    known = settings.get("yaml.schemas", {})
    if not isinstance(known, dict):
        raise _no_settings(".vscode/settings.json", "'yaml.schemas' holds no names with values")
    settings["yaml.schemas"] = {
        **known,
        **{f"./.vscode/schemas/{name}.json": patterns[name] for name in schemas},
    }
    extensions = _read_json(folder / "extensions.json", root)
    recommended = extensions.get("recommendations", [])
    if not isinstance(recommended, list) or not all(isinstance(name, str) for name in recommended):
        raise _no_settings(".vscode/extensions.json", "'recommendations' is no list of names")
    extensions["recommendations"] = sorted({*recommended, "redhat.vscode-yaml"})
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
        if not file.resolve().is_relative_to(root.resolve()):
            message = "the link leads out of the briefing's folder"
            raise UnreadableFile(
                Problem(Span(file.relative_to(root).as_posix()), "unreadable-file", message, "delete it")
            )
        file.parent.mkdir(parents=True, exist_ok=True)
    write_whole({file: texts[file].encode() for file in written})
    return written


_MODELINE = "# yaml-language-server: $schema="


def _read_json(file: Path, root: Path) -> dict[str, Any]:
    text = _read_text(file, root) if file.exists() else "{}"
    name = file.relative_to(root).as_posix()
    try:
        read = json.loads(text)
    except RecursionError:
        raise _no_settings(name, "the file nests without end") from None
    except json.JSONDecodeError as error:
        span = Span(name, error.lineno, error.colno, error.lineno, error.colno + 1)
        help = "take out comments and trailing commas, or move the file aside"
        raise UnreadableFile(Problem(span, "json-syntax", f"the file is no plain JSON: {error.msg}", help)) from None
    if isinstance(read, dict):
        return read
    raise _no_settings(name, "the file holds no settings")


def _no_settings(name: str, message: str) -> UnreadableFile:
    return UnreadableFile(Problem(Span(name), "json-syntax", message, "move the file aside"))


def read_cache(root: Path, name: str) -> bytes:
    """What was kept under a name; empty where nothing is."""
    try:
        return (root / CACHE / name).read_bytes() if is_kept_here(root, name) else b""
    except OSError:
        return b""


def make_cache(root: Path) -> bool:
    """Make the folder of what is kept, which git leaves alone; whether there is one, and no link to somewhere else."""
    folder = root / CACHE
    if folder.parent.is_symlink() or folder.is_symlink():
        return False
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError), (folder / MARK).open("x", encoding="utf-8") as mark:  # follows no link
            mark.write("*\n")
    return is_kept_here(root, MARK)


def write_cache(root: Path, name: str, data: bytes) -> None:
    """Keep a file for a later run, whole; where that cannot be, nothing is kept."""
    file = root / CACHE / name
    if not make_cache(root):
        return
    with suppress(OSError):
        for left in file.parent.glob(f"{name}.*~"):  # by a run that was killed; one at work keeps nothing, then
            left.unlink()
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f"{name}.", suffix="~", delete=False) as aside:
            try:
                aside.write(data)
                aside.flush()
                Path(aside.name).replace(file)
            except BaseException:
                Path(aside.name).unlink(missing_ok=True)
                raise


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
