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
    """What an engine said when it refused the site."""


def fault(engine: str) -> str:
    """Why an engine cannot be used; empty where it can."""
    if find_spec(engine):
        return ""
    return f"{engine} is not installed: pip install '{DISTRIBUTION}[{engine}]'"


def programs(engine: str) -> tuple[Callable[..., Any], tuple[type[Exception], ...]]:
    """Return what loads the settings of an engine that runs our plugin, and what it raises for a bad site.

    ProperDocs documents no way for a program to use it with plugins of MkDocs, so this does what its own command line
    does. It makes itself what ``import mkdocs`` finds, and so has to be loaded before anything that imports MkDocs:
    this module cannot be part of ``mkdocs_compat``.
    """
    if engine == "properdocs":
        import_module("properdocs.replacement")
        # A plugin's warning then counts as one of its own, and refuses a strict build.
        logging.getLogger("mkdocs").parent = logging.getLogger("properdocs")
    config, faults = (import_module(f"{engine}.{name}") for name in ("config", "exceptions"))
    return config.load_config, (faults.Abort, faults.MkDocsException)


def build_tree(engine: str, tree: Path, site: Path, *, strict: bool) -> str:
    """Build a staged tree into ``site``, which is not there yet; what the engine said. Raises BuildFailed, also where
    a page is missing.
    """
    command = [sys.executable, "-m", engine, "build", "--config-file", str(tree / "mkdocs.yml")]
    if strict:
        command.append("--strict")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    output = f"{done.stdout}{done.stderr}".partition("Traceback (most recent call last)")[0].strip()
    if done.returncode != 0:
        raise BuildFailed(f"{engine} refuses the site staged in {tree}:\n{output}")
    for file in (tree / "docs").rglob("[!.]*"):
        path = file.relative_to(tree / "docs")
        built = path
        if path.suffix == ".md":
            built = path.with_suffix(".html")
        if file.is_file() and not (tree / "site" / built).exists():
            raise BuildFailed(f"{engine} made nothing of {path}, and did not say why")
    shutil.copytree(tree / "site", site)
    return output
