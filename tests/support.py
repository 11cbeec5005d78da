"""Run commands as tests do, build packages, serve sites."""

import base64
import contextlib
import copyreg
import hashlib
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import CodeType
from typing import Any
from unittest.mock import patch

import jinja2
from babel.support import NullTranslations
from briefing_folders import ROOT as ROOT
from briefing_folders import VASA as VASA
from briefing_folders import copy_briefing as copy_briefing
from click.testing import CliRunner
from jinja2.bccache import Bucket

from briefing.cli import main
from briefing.compile import Draft, Inputs, Outcome, compile
from briefing.problems import Problem, Severity

TODAY = "2026-11-24"  # no test depends on the clock

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Returns a value by name, made by the first of all test processes that requests it.
Shared = Callable[[str, Callable[[], object]], Any]
Once = Callable[[str, Callable[[Path], object]], Path]
# Returns the outcome for the briefing with this name, ``treaty`` or ``vasa``.
OutcomeOf = Callable[[str], Outcome]

# Test processes share outcomes as pickles. English, which has no translations, is the only language in them.
copyreg.pickle(NullTranslations, lambda _: (NullTranslations, ()))


def faults(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems that are not notes."""
    return [problem for problem in problems if problem.severity is not Severity.NOTE]


def compile_once(name: str, inputs: Inputs, shared: Shared) -> Outcome:
    """Compile a briefing without errors, or return the outcome with this name that another process has shared."""
    # A draft cannot be pickled, but it is quickly made again.
    made: Outcome = shared(name, lambda: replace(compile(inputs), draft=None))
    return replace(made, draft=Draft(made.briefing, made.problems, inputs))


def build_package(checkout: Path, target: str, to: Path) -> Path:
    """Build a ``wheel`` or ``sdist`` from a checkout and return its path."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(to)]
    subprocess.run(command, cwd=checkout, env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}, check=True)
    (built,) = to.glob({"wheel": "*.whl", "sdist": "*.tar.gz"}[target])
    return built


Done = subprocess.CompletedProcess[str]


class _Templates(jinja2.BytecodeCache):
    """Compile each template once in this process. That halves the time of a small build."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key, bucket.checksum] = bucket.code


def share_compiled_templates() -> None:
    """Let every later environment of Jinja in this process use one cache, for the theme and for pages."""
    cache, make = _Templates(), jinja2.Environment.__init__

    def make_with_cache(self: jinja2.Environment, *arguments: Any, **options: Any) -> None:
        make(self, *arguments, **{"bytecode_cache": cache, **options})

    jinja2.Environment.__init__ = make_with_cache  # type: ignore[method-assign]


def run_briefing(
    *arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None, answers: str = ""
) -> Done:
    """Run a command in this process and return what ``start_briefing`` would, in a tenth of its time.

    ``answers`` are typed at its questions. Variables of GitHub Actions are removed unless ``env`` sets them.
    """
    place = contextlib.chdir(cwd) if cwd else contextlib.nullcontext()
    with place, patch.dict(os.environ, _environment(env), clear=True):
        done = CliRunner().invoke(main, arguments, input=answers, prog_name="briefing")
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def start_briefing(*arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Done:
    """Run a command as a user would, in a separate process."""
    command = [sys.executable, "-m", "briefing", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=_environment(env), check=False)


def _environment(more: Mapping[str, str] | None) -> dict[str, str]:
    return {**{name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}, **(more or {})}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def served(sites: Mapping[str, Path]) -> Iterator[dict[str, str]]:
    """Serve each site on a local port and yield the addresses by name."""
    servers = {
        name: ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
        for name, site in sites.items()
    }
    for server in servers.values():
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {name: f"http://127.0.0.1:{server.server_port}" for name, server in servers.items()}
    for server in servers.values():
        server.shutdown()
        server.server_close()


def refused_scripts(html: str) -> list[str]:
    """Return the inline scripts that a page's Content Security Policy does not list; without a policy, return all."""
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', html)
    named = set(re.findall(r"'(sha256-[^']+)'", policy[1])) if policy else set()
    inline = re.findall(
        r'<script(?![^>]*\b(?:src=|type="application/(?:ld\+)?json"))[^>]*>(.*?)</script>', html, re.DOTALL
    )
    hashes = {f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}": text for text in inline}
    return [text for name, text in hashes.items() if name not in named]
