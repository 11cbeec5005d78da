"""Generate briefings of any size, and time Briefing against other site generators. Run by ``scripts/bench``.

Every figure is for a new process, from start to exit. The contenders take turns in rounds. Memory is the peak of the
process or of any process that it waited for. ``docs/speed.md`` describes what is compared.
"""

import argparse
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench_peers import Peer, installed, staged
from bench_table import Series, table, write
from playwright.sync_api import sync_playwright

from briefing import __version__
from briefing.building.pdf import chromium

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from corpus import write_corpus  # noqa: E402

PYTHON = sys.executable
# The least that any check has to do: parse the same files.
COMPOSE = """
import sys
from pathlib import Path
import yaml
for file in sorted(Path(sys.argv[1]).rglob("*.yml")):
    yaml.compose(file.read_bytes(), yaml.CSafeLoader)
"""
# A new process inherits the peak memory of the one that started it, so measured commands need a small launcher.
LAUNCH = """
import os, subprocess, sys, time
start = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stderr=subprocess.STDOUT)
_, status, used = os.wait4(process.pid, 0)
print(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
"""
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")},
    "PYTHONPATH": str(ROOT),
    "NO_MKDOCS_2_WARNING": "1",
    "DISABLE_MKDOCS_2_WARNING": "true",
}


@dataclass(frozen=True)
class Contender:
    """A command to time, and a function to call before each run. ``site`` is the folder of its pages."""

    name: str
    command: Sequence[str]
    folder: Path
    before: Callable[[], None] = lambda: None
    site: Path | None = None


def timed(contender: Contender) -> tuple[float, float, float]:
    """Run a contender once. Return its time in seconds, its CPU time on all cores, and its memory in megabytes."""
    contender.before()
    launched = (PYTHON, "-I", "-S", "-c", LAUNCH, *contender.command)
    done = subprocess.run(launched, cwd=contender.folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{contender.name} failed:\n{done.stdout[-4000:]}")
    seconds, work, most = done.stderr.split()
    return float(seconds), float(work), int(most) / (1024 if sys.platform == "linux" else 1024**2)


def rounds(measure: str, facts: int, contenders: Iterable[Contender], count: int) -> list[Series]:
    """Time the contenders in turn."""
    contenders = list(contenders)
    series = [Series(measure, facts, contender.name) for contender in contenders]
    for number in range(count):
        for one, contender in zip(series, contenders, strict=True):
            seconds, work, megabytes = timed(contender)
            one.seconds.append(seconds)
            one.work.append(work)
            one.megabytes.append(megabytes)
            print(f"  {measure}, {facts:,} facts, round {number + 1}: {one.contender} {seconds:.2f} s", file=sys.stderr)
    return series


def whole(pages: Iterable[str], site: Path, name: str) -> None:
    """Exit with an error if a contender's site lacks a page of the briefing."""
    for path in pages:
        made = site / path if path.endswith("index.md") else site / path.removesuffix(".md") / "index.md"
        if not made.with_suffix(".html").exists():
            sys.exit(f"{name} did not build {path}")


def forget(folder: Path) -> None:
    """Remove the results of earlier runs from a briefing's folder."""
    for made in (".cache", "site"):
        shutil.rmtree(folder / made, ignore_errors=True)


def edit(folder: Path) -> None:
    """Add a word to a fact in the middle of a briefing."""
    files = sorted((folder / "facts" / "topics").glob("*.yml"))
    file = files[len(files) // 2]
    text, found = re.subn(r"(    says:(?: >-\n +| ))", r"\1Lately ", file.read_text(), count=1)
    assert found
    file.write_text(text)


def briefing(*arguments: str) -> tuple[str, ...]:
    return (PYTHON, "-m", "briefing", *arguments)


def check(facts: int, count: int, folder: Path) -> list[Series]:
    """Time the check, with and without a cache, against composing the same files."""
    write_corpus(folder, facts)
    checked = briefing("check", str(folder))
    subprocess.run(checked, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)  # compile bytecode once

    def again() -> None:
        subprocess.run(checked, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)

    contenders = [
        Contender("yaml.compose", (PYTHON, "-c", COMPOSE, str(folder / "facts")), folder),
        Contender("import yaml", (PYTHON, "-c", "import yaml"), folder),
        Contender("briefing --version", briefing("--version"), folder),
        Contender("briefing check, cold", checked, folder, lambda: forget(folder)),
        Contender("briefing check, unchanged", checked, folder, again),
    ]
    return rounds("check", facts, contenders, count)


def build(facts: int, count: int, folder: Path, only: Sequence[str]) -> list[Series]:
    """Time builds of the same pages without a cache."""
    corpus = folder / "corpus"
    write_corpus(corpus, facts)
    contenders = [
        Contender("briefing", briefing("build", str(corpus)), corpus, lambda: forget(corpus), corpus / "site")
    ]
    pages: list[str] = []
    if list(only) != ["briefing"]:
        peers, pages = staged(corpus, folder / "peers", installed())
        contenders += [Contender(p.name, p.command, p.folder, p.clean, p.folder / p.site) for p in peers]
    contenders = [one for one in contenders if not only or any(name in one.name.lower() for name in only)]
    series = rounds("build", facts, contenders, count)
    for one in contenders:
        assert one.site
        whole(pages, one.site, one.name)
    return series


def change(facts: int, count: int, folder: Path) -> list[Series]:
    """Time a build after one changed fact, against a full build by Hugo and a one-page change by Zensical."""
    corpus = folder / "corpus"
    write_corpus(corpus, facts)
    peers, pages = staged(corpus, folder / "peers", installed())
    page = next(path for path in pages if path.startswith("f/") and path != "f/index.md")
    contenders = [Contender("briefing, one fact changed", briefing("build", str(corpus)), corpus, lambda: edit(corpus))]
    timed(contenders[0])
    for peer in peers:
        if peer.name == "Hugo":
            contenders.append(Contender("Hugo, everything", peer.command, peer.folder, peer.clean))
        if peer.name == "Zensical":

            def touch(peer: Peer = peer) -> None:
                file = peer.folder / "docs" / page
                file.write_text(file.read_text().replace("\n# ", "\n# Lately ", 1))

            contenders.append(Contender("Zensical, one page changed", peer.command, peer.folder, touch))
            timed(contenders[-1])
    return rounds("change", facts, contenders, count)


def serve(count: int, folder: Path) -> list[Series]:
    """Time from saving a fact until a browser with its page open shows the new sentence."""
    for name in ("facts", "docs", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}/f/signing-date/"
    file = folder / "facts" / "topics" / "treaty.yml"
    series = Series("serve", 0, "briefing serve")
    server = subprocess.Popen(
        briefing("serve", "--port", str(port)),
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until(address)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            page = browser.new_page(bypass_csp=True)
            page.goto(address)
            for number in range(count + 1):
                page.wait_for_timeout(1500)  # a pause like an editor's; the page reconnects to the server
                word = f"Edit{'abcdefghijklmnopqrstuvwxyz'[number % 26]} "
                text = re.sub(
                    r"(- id: signing-date\n +says:(?: >-\n +| ))(?:Edit\w )?", rf"\g<1>{word}", file.read_text()
                )
                start = time.perf_counter()
                file.write_text(text)
                page.wait_for_function(f"document.querySelector('h1')?.textContent.includes({word!r})", timeout=120_000)
                if number:  # the first round only warms up
                    series.seconds.append(time.perf_counter() - start)
                    print(f"  serve, round {number}: {series.seconds[-1]:.2f} s", file=sys.stderr)
            browser.close()
    finally:
        server.terminate()
        server.wait(10)
    return [series]


def _until(address: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(address, timeout=60).read()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    sys.exit("the server did not answer")


def about() -> dict[str, object]:
    """Return the date and the machine."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    cpu = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor())
    machine = f"{cpu}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    return {"date": datetime.now(UTC).date().isoformat(), "machine": machine, "cores": os.cpu_count()}


def save(file: Path | None, series: Sequence[Series], versions: Iterable[str], load: float) -> dict[str, object]:
    """Merge the results into those in ``file``, replacing earlier results of the same measures. Return all of them."""
    kept = {"series": [], "versions": [], "loads": {}}
    kept |= json.loads(file.read_text()) if file and file.exists() else {}
    now = {(one.measure, one.facts, one.contender) for one in series}
    old = [one for one in kept["series"] if (one["measure"], one["facts"], one["contender"]) not in now]
    measured = {
        **about(),
        "versions": sorted({*kept["versions"], *versions}),
        "loads": {**kept["loads"], f"{series[0].measure} {series[0].facts}": load},
        "series": [*old, *map(asdict, series)],
    }
    if file:
        file.write_text(json.dumps(measured, ensure_ascii=False, indent=1) + "\n")
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    made = commands.add_parser("corpus", help="write a generated briefing into a folder")
    made.add_argument("folder", type=Path)
    made.add_argument("--facts", type=int, default=1000)
    made.add_argument("--seed", type=int, default=1)
    helps = {
        "check": ("time the check against composing the same YAML", 10_000),
        "build": ("time full builds against other generators", 1_000),
        "change": ("time a build after one changed fact", 1_000),
        "serve": ("time from saving an edit until a browser shows it", 0),
        "all": ("run all of these with the numbers of facts in the targets", 0),
    }
    for name, (help, facts) in helps.items():
        command = commands.add_parser(name, help=help)
        command.add_argument("--rounds", type=int, help="default: 3; 5 below 1,000 facts; 10 for serve")
        command.add_argument("--json", type=Path, metavar="FILE", help="add the results to FILE")
        command.add_argument("--markdown", action="store_true", help="print the table of docs/speed.md")
        if facts:
            command.add_argument("--facts", type=int, default=facts)
        if name == "build":
            command.add_argument("--only", action="append", default=[], metavar="NAME", help="briefing, hugo, macros …")
    written = commands.add_parser("write", help="write the results in a --json FILE into docs/speed.md")
    written.add_argument("json", type=Path)
    options = parser.parse_args()
    if options.command == "corpus":
        write_corpus(options.folder, options.facts, options.seed)
    elif options.command == "write":
        write(json.loads(options.json.read_text()))
    else:
        run(options)


ALL: list[tuple[str, int, list[str]]] = [
    ("check", 10_000, []),
    ("build", 100, []),
    ("build", 1_000, []),
    ("change", 1_000, []),
    ("build", 10_000, ["briefing"]),
    ("serve", 0, []),
]


def run(options: argparse.Namespace) -> None:
    """Measure and print. Save the results after each step."""
    chosen = (options.command, getattr(options, "facts", 0), getattr(options, "only", []))
    steps = ALL if options.command == "all" else [chosen]
    versions = [f"briefing {__version__}", f"pyyaml {version('pyyaml')}"]
    if any(name in ("build", "change") and only != ["briefing"] for name, _, only in steps):
        versions += installed().values()
    measured: dict[str, object] = {}
    for name, facts, only in steps:
        count = options.rounds or (10 if name == "serve" else 3 if facts >= 1_000 else 5)
        load = os.getloadavg()[1]  # over the last five minutes
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            if name == "check":
                series = check(facts, count, folder)
            elif name == "build":
                series = build(facts, count, folder, only)
            elif name == "change":
                series = change(facts, count, folder)
            else:
                series = serve(count, folder)
        print(f"{name}{f', {facts:,} facts' if facts else ''}, {count} rounds: median (least–most)")
        for one in series:
            print(f"  {one}")
        measured = save(options.json, series, versions, load)
    if options.markdown:
        print(table(measured))


if __name__ == "__main__":
    main()
