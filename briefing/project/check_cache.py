"""Replay the result of the last check if nothing has changed. Imported before the rest of the package."""

import json
import os
from hashlib import blake2b
from pathlib import Path

from briefing.project import cache
from briefing.project.clock import clock
from briefing.project.layout import DOCS, FACTS, TEMPLATES, packaged_templates

CHECK_RESULT = "check.json"
_LARGEST = 10_000_000  # bytes; every file that a check accepts is smaller
_READ = {".yml", ".yaml", ".j2", ".md"}  # a check reads these; for other files, only their existence matters


def check_key(root: Path, strict: bool) -> str:
    """Return the key of a check's result: a digest of the files it reads, the date and ``strict``.

    Empty if a file cannot be read.
    """
    digest = blake2b()
    try:
        for folder in (root / FACTS, root / TEMPLATES, root / DOCS, packaged_templates()):
            for file in cache.iter_files(folder):
                digest.update(f"\0{file}\0".encode(errors="surrogateescape"))
                if file.suffix not in _READ:
                    continue
                # A pipe would block here. The check reports pipes and files that are too large.
                if not file.is_file() or file.stat().st_size >= _LARGEST:
                    return ""
                digest.update(file.read_bytes())
    except OSError:
        return ""
    return cache.make_key(clock(), str(strict), digest.hexdigest())


def read_check_result(arguments: list[str]) -> tuple[str, int] | None:
    """Return the output and exit code of the last check with these arguments; None if the check has to run."""
    folders = [argument for argument in arguments[1:] if argument != "--strict"]
    is_plain_check = arguments[:1] == ["check"] and len(folders) < 2 and not any(one.startswith("-") for one in folders)
    # GitHub Actions gets another output format.
    if not is_plain_check or os.environ.get("GITHUB_ACTIONS") == "true":
        return None
    root = Path(*folders)
    return cache.read(root, CHECK_RESULT, check_key(root, "--strict" in arguments), _parse)


def write_check_result(root: Path, key: str, output: str, code: int) -> None:
    """Write a check's output and exit code for a later run with the same key."""
    cache.write(root, CHECK_RESULT, key, json.dumps([output, code]).encode())


def _parse(payload: bytes) -> tuple[str, int]:
    output, code = json.loads(payload)
    if not (isinstance(output, str) and isinstance(code, int)):
        raise ValueError
    return output, code
