"""Time reading a history of synthetic commits, each to one fact. Run by ``scripts/bench-history [COUNT]``."""

import argparse
import re
import subprocess
import tempfile
import time
from pathlib import Path

from briefing.project.git import read_history

ROOT = Path(__file__).parent.parent
START = 1_500_000_000  # the time of the first commit; the others follow at intervals of a day
DAY = 86_400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=2000, help="how many commits (default: 2000)")
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as folder:
        _make(Path(folder), count)
        for name in ("cold", "warm"):
            start = time.perf_counter()
            history = read_history(Path(folder))
            seconds = time.perf_counter() - start
            print(f"{name}: {seconds:.2f} s for {count} commits, {len(history.revisions)} revisions")


def _make(folder: Path, count: int) -> None:
    """Create a repository in which each commit rewords one fact."""
    files = {path.relative_to(ROOT).as_posix(): path.read_text() for path in sorted((ROOT / "facts").rglob("*.yml"))}
    facts = [(file, m[1]) for file, text in files.items() for m in re.finditer(r"^ +- id: (\S+)\n +says:", text, re.M)]
    stream = []
    for number in range(count):
        if number:
            file, id = facts[number % len(facts)]
            files[file] = re.sub(rf"(- id: {id}\n(?: +)says: *(?:>-\s+)?)", rf"\g<1>Edit {number}, ", files[file])
            changed = {file: files[file]}
        else:
            changed = files
        stream.append(f"commit refs/heads/main\ncommitter Bench <bench@example> {START + DAY * number} +0000\n")
        stream.append("data 4\nEdit\n")
        for path, text in changed.items():
            stream.append(f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n")
    for command in (["init", "-q", "-b", "main"], ["fast-import", "--quiet"]):
        given = "".join(stream).encode() if command[0] == "fast-import" else b""
        subprocess.run(["git", "-C", str(folder), *command], input=given, check=True)


if __name__ == "__main__":
    main()
