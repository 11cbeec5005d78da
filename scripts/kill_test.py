"""Kill builds of a small briefing, and check what they leave behind.

The facts alternate between two states. Each build is killed (SIGKILL) at a random time or, every other time, before a
random file operation. Many of these happen within a few milliseconds, for example when the new site replaces the old
one, and a random time would hardly ever hit them. Half of the builds use worker processes, which may be the ones that
are killed. After each kill:

- if the published site is not byte for byte one of the two complete sites, it is broken;
- if the next build does not make the site of the current facts, pages are stale;
- if there are new files outside the site and the cache, they are leftovers.

Prints the counts, the seed and the distribution of the kills. Exits with code 1 if a count is not 0.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from support import SHORT, copy_briefing, run_briefing, share_compiled_templates  # noqa: E402

from briefing.building import process_pool  # noqa: E402
from briefing.cli import main as briefing  # noqa: E402

FACT, ONE, OTHER = "facts/topics/loss.yml", "About 30 people", "Around 30 people"
# Audit events of file operations. Opening a file to write is another one.
CHANGES = {"os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "ctypes.dlsym"}


class Kills:
    """A briefing whose builds are killed, and the faults found."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.said = folder.parent / "said"
        self.random = random.Random(seed)
        self.killed = self.ended = 0
        self.broken: list[str] = []
        self.stale: list[str] = []
        self.leftovers: list[str] = []
        self.moments: dict[str, list[float]] = {"time": [], "steps": []}
        copy_briefing(SHORT, folder)
        (folder / "site").mkdir()
        (folder / "site" / ".keep").write_text("somebody else's")
        self.sites = []
        for state in (0, 1):
            self.turn(state)
            shutil.rmtree(folder / ".cache", ignore_errors=True)
            began = time.monotonic()
            self.steps = [self.run(), self.run(forked=True)]
            self.seconds = (time.monotonic() - began) / 2
            self.sites.append(self.site())
        self.before = self.around()

    def turn(self, state: int) -> None:
        """Switch the facts to one of their two states."""
        file = self.folder / FACT
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(*((ONE, OTHER) if state else (OTHER, ONE))), encoding="utf-8")

    def start(self, last: int | None = None, *, forked: bool = False) -> int:
        """Start a build in a fork of this process, which has loaded the program already. Return the process id.

        With ``last``, the build is killed before that file operation. With ``forked``, worker processes build the
        pages.
        """
        if process := os.fork():
            return process
        process_pool.FORKED = 0 if forked else sys.maxsize
        said = os.open(self.said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        steps = 0

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal steps
            opened = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
            if opened or event in CHANGES:
                if steps == last:
                    os.kill(os.getpid(), signal.SIGKILL)
                steps += 1

        sys.addaudithook(hook)
        code: Any = 1
        try:
            briefing(["build", "--today", "2026-11-24", str(self.folder)], prog_name="briefing")
        except SystemExit as end:
            code = end.code
        finally:
            os.write(2, f"steps {steps}".encode())
            os._exit(code)

    def run(self, *, forked: bool = False) -> int:
        """Build without a kill. Return the number of file operations."""
        _, status = os.waitpid(self.start(forked=forked), 0)
        said = self.said.read_text(encoding="utf-8")
        if status:
            raise SystemExit(f"a build failed without being killed (status {status}):\n{said}")
        return int(said.split()[-1])

    def site(self) -> dict[str, bytes]:
        """Return the files of the published site, by path."""
        site = self.folder / "site"
        return {str(file.relative_to(site)): file.read_bytes() for file in site.rglob("*") if file.is_file()}

    def around(self) -> set[str]:
        """Return all files outside the site. A build must not add any."""
        site = self.folder / "site"
        return {str(file) for file in self.folder.parent.rglob("*") if site not in [file, *file.parents]}

    def kill(self, by_step: bool) -> None:
        """Start a build, kill it and check the result."""
        state = (self.killed + self.ended) % 2
        self.turn(state)
        began = time.monotonic()
        forked = self.random.random() < 0.5
        if by_step:
            step = self.random.randrange(self.steps[forked])
            process = self.start(step, forked=forked)
            moment = step / self.steps[forked]
        else:
            wait = self.random.uniform(0, self.seconds)
            process = self.start(forked=forked)
            time.sleep(wait)
            os.kill(process, signal.SIGKILL)
            moment = wait / self.seconds
        _, status = os.waitpid(process, 0)
        if status == 0:  # the build ended before the kill
            if not by_step:
                self.seconds = min(self.seconds, time.monotonic() - began)
            self.ended += 1
            return
        self.killed += 1
        what = f"{'step' if by_step else 'time'} {moment:.3f}{', forked' if forked else ''}"
        self.moments["steps" if by_step else "time"].append(moment)
        # A file that is not ours is missing for the moment in which it is moved.
        whole = [{path: data for path, data in site.items() if path != ".keep"} for site in self.sites]
        if {path: data for path, data in self.site().items() if path != ".keep"} not in whole:
            self.broken.append(what)
        self.run()
        if self.site() != self.sites[state]:
            self.stale.append(what)
        self.leftovers += [f"{what}: {path}" for path in sorted(self.around() - self.before)]
        self.before |= self.around()


def _spread(moments: list[float]) -> str:
    return " ".join(str(sum(int(moment * 10) == tenth for moment in moments)) for tenth in range(10))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    os.environ.pop("SOURCE_DATE_EPOCH", None)
    share_compiled_templates()
    with tempfile.TemporaryDirectory(prefix="kill-test-") as place:
        # Every build is a fork of this process, and so reuses the templates compiled here.
        done = run_briefing("build", str(copy_briefing(SHORT, Path(place) / "first")))
        assert done.returncode == 0, done.stderr
        kills = Kills(Path(place) / "briefing", given.seed)
        while kills.killed < given.kills:
            kills.kill(by_step=kills.killed % 2 == 1)
    found = {"broken sites": kills.broken, "stale pages": kills.stale, "leftovers": kills.leftovers}
    for name, items in found.items():
        for item in items:
            print(f"{name}: {item}", file=sys.stderr)
    print(f"kills {kills.killed}, " + ", ".join(f"{name} {len(items)}" for name, items in found.items()))
    steps = kills.steps[0]
    print(f"seed {given.seed}; {kills.ended} builds ended before the kill; a build has {steps} file operations")
    for name, moments in kills.moments.items():
        print(f"kills by tenth of a build's {name}: {_spread(moments)}")
    sys.exit(any(found.values()))


if __name__ == "__main__":
    main()
