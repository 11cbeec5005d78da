"""Schemas and settings for text editors, in ``.vscode``."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from briefing.problems import Problem, Span
from briefing.project.reader import UnreadableFile, read_text
from briefing.project.writer import write_whole


def write_schemas(root: Path, schemas: Mapping[str, bytes], patterns: Mapping[str, str], modelines: bool) -> list[Path]:
    """Write schemas, by name, and VS Code's settings that apply them to ``patterns``. Return the files that changed.

    Other settings stay. With ``modelines``, each facts file also names its schema in its first line, for editors that
    do not read VS Code's settings.

    Raises UnreadableFile if the settings are not plain JSON.
    """
    folder = root / ".vscode"
    texts = {folder / "schemas" / f"{name}.json": data.decode() for name, data in schemas.items()}
    settings = _read_json(folder / "settings.json", root)
    known = settings.get("yaml.schemas", {})
    if not isinstance(known, dict):
        raise _no_settings(".vscode/settings.json", "'yaml.schemas' must be an object")
    settings["yaml.schemas"] = {
        **known,
        **{f"./.vscode/schemas/{name}.json": patterns[name] for name in schemas},
    }
    extensions = _read_json(folder / "extensions.json", root)
    recommended = extensions.get("recommendations", [])
    if not isinstance(recommended, list) or not all(isinstance(name, str) for name in recommended):
        raise _no_settings(".vscode/extensions.json", "'recommendations' must be an array of strings")
    extensions["recommendations"] = sorted({*recommended, "redhat.vscode-yaml"})
    texts[folder / "settings.json"] = json.dumps(settings, ensure_ascii=False, indent=2) + "\n"
    texts[folder / "extensions.json"] = json.dumps(extensions, ensure_ascii=False, indent=2) + "\n"
    for name, pattern in patterns.items() if modelines else ():
        for file in sorted(root.glob(pattern)):
            text = read_text(file, root)
            if _MODELINE not in text:
                schema = os.path.relpath(folder / "schemas" / f"{name}.json", file.parent)
                texts[file] = f"{_MODELINE}{Path(schema).as_posix()}\n{text}"
    written = [file for file, text in texts.items() if not file.exists() or file.read_text(encoding="utf-8") != text]
    for file in written:
        if not file.resolve().is_relative_to(root.resolve()):
            message = "this link points outside the briefing's folder"
            raise UnreadableFile(
                Problem(Span(file.relative_to(root).as_posix()), "unreadable-file", message, "delete it")
            )
        file.parent.mkdir(parents=True, exist_ok=True)
    write_whole({file: texts[file].encode() for file in written})
    return written


_MODELINE = "# yaml-language-server: $schema="


def _read_json(file: Path, root: Path) -> dict[str, Any]:
    text = read_text(file, root) if file.exists() else "{}"
    name = file.relative_to(root).as_posix()
    try:
        read = json.loads(text)
    except RecursionError:
        raise _no_settings(name, "the file is nested too deeply") from None
    except json.JSONDecodeError as error:
        span = Span(name, error.lineno, error.colno, error.lineno, error.colno + 1)
        hint = "remove comments and trailing commas, or move the file out of the way"
        raise UnreadableFile(Problem(span, "json-syntax", f"invalid JSON: {error.msg}", hint)) from None
    if isinstance(read, dict):
        return read
    raise _no_settings(name, "the file must contain a JSON object")


def _no_settings(name: str, message: str) -> UnreadableFile:
    return UnreadableFile(Problem(Span(name), "json-syntax", message, "correct the file, or move it out of the way"))
