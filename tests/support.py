"""Run commands as tests do, build packages, serve sites."""

import base64
import contextlib
import copyreg
import functools
import gc
import hashlib
import logging
import os
import re
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import CodeType
from typing import IO, Any
from unittest.mock import patch

import jinja2
from babel.support import NullTranslations
from briefing_folders import ROOT as ROOT
from briefing_folders import SHORT as SHORT
from briefing_folders import VASA as VASA
from briefing_folders import copy_briefing as copy_briefing
from click import Command
from click.testing import CliRunner
from jinja2.bccache import Bucket
from mkdocs.__main__ import cli as mkdocs

from briefing.__main__ import main as program
from briefing.cli import main
from briefing.compile import Draft, Inputs, Outcome, compile
from briefing.exports.edition import Revision
from briefing.model.history import Change, History
from briefing.model.history import Revision as Changed
from briefing.problems import Problem, Severity
from briefing.text.language import Language

TODAY = "2026-11-24"  # no test depends on the clock
PATIENCE = 600  # seconds, for a slow machine; every wait ends as soon as its condition holds
PAGE_PATIENCE = 120  # seconds, for a state of a page
# Of a briefing that is published and in version control.
SITE = "https://briefing.test/x/"
REVISION = Revision(commit="0123abc", date="2026-11-23T10:11:12Z", modified=False)
HISTORY = History((Changed(REVISION.date, (Change("added", "fact", "sinking", "It sank.", when=REVISION.date),)),))

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Most scripts run once on a page, for too short a time to repay an optimising compiler or small steps of memory.
    "--js-flags=--no-opt --min-semi-space-size=16",
]


# Returns a value by name, made by the first of all test processes that requests it.
Shared = Callable[[str, Callable[[], object]], Any]
Once = Callable[[str, Callable[[Path], object]], Path]
# Returns the outcome for the briefing with this name, ``treaty`` or ``vasa``.
OutcomeOf = Callable[[str], Outcome]
# Returns the messages that the site of the briefing with this name shows.
MessagesOf = Callable[[str], frozenset[str]]

# Test processes share outcomes as pickles. English, which has no translations, is the only language in them.
copyreg.pickle(NullTranslations, lambda _: (NullTranslations, ()))


def faults(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems that are not notes."""
    return [problem for problem in problems if problem.severity is not Severity.NOTE]


def compile_once(name: str, inputs: Inputs, shared: Shared) -> tuple[Outcome, frozenset[str]]:
    """Compile a briefing without errors, or return what another process has shared under this name.

    The second value has the messages that pages and files show, before they are translated.
    """
    made: Outcome
    # A draft cannot be pickled, but it is quickly made again.
    made, messages = shared(name, lambda: _compile_and_record(inputs))
    return replace(made, draft=Draft(made.briefing, made.problems, inputs)), messages


def _compile_and_record(inputs: Inputs) -> tuple[Outcome, frozenset[str]]:
    shown: set[str] = set()
    singular, plural = Language.template, Language.plural_template

    def record(language: Language, message: str, context: str = "") -> str:
        shown.add(message)
        return singular(language, message, context)

    def record_plural(language: Language, message: str, plural_message: str, number: int) -> str:
        shown.update((message, plural_message))
        return plural(language, message, plural_message, number)

    with patch.object(Language, "template", record), patch.object(Language, "plural_template", record_plural):
        return replace(compile(inputs), draft=None), frozenset(shown)


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


@functools.cache  # a second call would start with an empty cache
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
    return _run(main, "briefing", arguments, cwd, env, answers)


def run_mkdocs(*arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Done:
    """Run a command of MkDocs in this process, as a user would with our plugin enabled."""
    logger = logging.getLogger("mkdocs")
    level, propagates = logger.level, logger.propagate
    try:
        return _run(mkdocs, "mkdocs", arguments, cwd, env)
    finally:
        # The command changes these and leaves them so.
        logger.setLevel(level)
        logger.propagate = propagates


def _run(
    command: Command,
    name: str,
    arguments: Sequence[str],
    cwd: Path | None,
    env: Mapping[str, str] | None,
    answers: str = "",
) -> Done:
    place = contextlib.chdir(cwd) if cwd else contextlib.nullcontext()
    with place, patch.dict(os.environ, _environment(env), clear=True):
        done = CliRunner().invoke(command, arguments, input=answers, prog_name=name)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def start_briefing(*arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Done:
    """Run a command as a user would, in a separate process."""
    command = [sys.executable, "-m", "briefing", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=_environment(env), check=False)


@dataclass
class Forked:
    """A program that runs in a fork of this process. ``stderr`` can be read while it runs."""

    pid: int
    stdout: IO[str]
    stderr: IO[str]

    def runs(self) -> bool:
        """Return whether it has not ended."""
        return os.waitpid(self.pid, os.WNOHANG) == (0, 0)

    def result(self) -> Done:
        """Wait for its end, and return what it wrote that has not been read."""
        with self.stdout, self.stderr:
            said = self.stderr.read()
            _, status = os.waitpid(self.pid, 0)
            self.stdout.seek(0)
            return subprocess.CompletedProcess([], os.waitstatus_to_exitcode(status), self.stdout.read(), said)


def fork_briefing(
    *arguments: str,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    before: Callable[[], object] = lambda: None,
    start: Callable[[], object] = program,
    patience: int = PATIENCE,
) -> Forked:
    """Start a command as a user would, but in a fork of this process, which has imported and compiled everything.

    For what needs a process of its own, but not a new interpreter: signals, limits, exit codes, tracebacks, the replay
    of an unchanged check. ``before`` is called in that process, whose standard streams are set and not opened yet;
    ``start`` replaces the program. After ``patience`` seconds, a signal ends it.
    """
    stdout = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by Forked.result
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        # Python 3.12 warns if there are threads. Those of other tests only serve sites, and hold no lock of ours.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid:
        os.close(writer)
        return Forked(pid, stdout, os.fdopen(reader, encoding="utf-8"))
    code = 1
    try:
        gc.freeze()  # a garbage collection would write to all objects, and so copy the memory that processes share
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.alarm(patience)
        for opened, standard in ((os.open(os.devnull, os.O_RDONLY), 0), (stdout.fileno(), 1), (writer, 2)):
            os.dup2(opened, standard)
        environment = _environment(env)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(cwd or os.curdir)
        sys.argv = ["briefing", *arguments]
        before()
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
        code = _exit_code(start)
    finally:
        os._exit(code)  # whatever happens, this must not go on as a second process of the tests


def fork_script(name: str, *arguments: str, patience: int = PATIENCE) -> Done:
    """Run a program in ``scripts`` in a fork of this process, and return its result."""

    def start() -> None:
        sys.path.insert(0, str(ROOT / "scripts"))  # as Python does for a script
        runpy.run_path(str(ROOT / "scripts" / name), run_name="__main__")

    return fork_briefing(*arguments, start=start, patience=patience).result()


def _exit_code(start: Callable[[], object]) -> int:
    """Call a program's main function. Report errors and flush the output as an interpreter does at its end."""
    code: object = 1
    try:
        start()
        code = 0
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        sys.__excepthook__(*sys.exc_info())
    try:
        sys.stdout.flush()
    except OSError:
        sys.__excepthook__(*sys.exc_info())
        return 120
    return code if isinstance(code, int) else 1


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


def free_port() -> int:
    """Return the number of a local port on which no program listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def refused_scripts(html: str) -> list[str]:
    """Return the inline scripts that a page's Content Security Policy does not list; without a policy, return all."""
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', html)
    named = set(re.findall(r"'(sha256-[^']+)'", policy[1])) if policy else set()
    inline = re.findall(
        r'<script(?![^>]*\b(?:src=|type="application/(?:ld\+)?json"))[^>]*>(.*?)</script>', html, re.DOTALL
    )
    hashes = {f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}": text for text in inline}
    return [text for name, text in hashes.items() if name not in named]
