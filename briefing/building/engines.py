"""The programs that can build the site. Two run our plugin; the third builds the staged tree."""

import logging
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from briefing.project.scaffold import DISTRIBUTION

ENGINES = ("mkdocs", "properdocs", "zensical")
DEFAULT = "mkdocs"
WITH_PLUGIN = ("mkdocs", "properdocs")


class BuildFailed(Exception):
    """An engine failed to build the site; the message is its output."""


def fault(engine: str) -> str:
    """Return why an engine cannot be used; empty if it can."""
    if find_spec(engine):
        return ""
    return f"{engine} is not installed: pip install '{DISTRIBUTION}[{engine}]'"


def programs(engine: str) -> tuple[Callable[..., Any], tuple[type[Exception], ...]]:
    """Return the function that loads an engine's settings, and the exceptions that the engine raises for a bad site.

    ProperDocs documents no way to use it with MkDocs plugins from a program, so this does what its command line does.
    ProperDocs replaces the module ``mkdocs``, and so must be loaded before anything imports MkDocs. This function can
    therefore not be part of ``mkdocs_compat``.
    """
    if engine == "properdocs":
        import_module("properdocs.replacement")
        # Warnings from MkDocs plugins then count as ProperDocs' own, and fail a strict build.
        logging.getLogger("mkdocs").parent = logging.getLogger("properdocs")
    config, faults = (import_module(f"{engine}.{name}") for name in ("config", "exceptions"))
    return config.load_config, (faults.Abort, faults.MkDocsException)


def build_tree(engine: str, tree: Path, site: Path, *, strict: bool) -> str:
    """Build a staged tree into ``site``, which must not exist yet. Return the engine's output.

    Raises BuildFailed, also if the built site lacks a page.
    """
    command = [sys.executable, "-m", engine, "build", "--config-file", str(tree / "mkdocs.yml")]
    if strict:
        command.append("--strict")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    output = f"{done.stdout}{done.stderr}".partition("Traceback (most recent call last)")[0].strip()
    if done.returncode != 0:
        raise BuildFailed(f"{engine} failed to build the site staged in {tree}:\n{output}")
    for file in (tree / "docs").rglob("[!.]*"):
        path = file.relative_to(tree / "docs")
        built = path
        if path.suffix == ".md":
            built = path.with_suffix(".html")
        if file.is_file() and not (tree / "site" / built).exists():
            raise BuildFailed(f"{engine} left out {path} without reporting an error")
    shutil.copytree(tree / "site", site)
    return output
