"""Run mutmut on modules, and print the results by module. Its settings are in pyproject.toml.

mutmut first runs the tests on the unchanged code, and stops if one fails. A change is caught if a test then fails.
Results that say nothing about the change, such as a crashed test process, are counted as `other`.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path

ENDS = {1: "caught", -24: "too long", 0: "survived", 33: "no test"}  # by the exit code that mutmut stores
COLUMNS = (*ENDS.values(), "other")


def results(patterns: list[str]) -> dict[str, str]:
    """Return the result of each change that was tried, by name."""
    codes: dict[str, int | None] = {}
    for file in sorted(Path("mutants").rglob("*.meta")):
        codes |= json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
    tried = sorted((name, code) for name, code in codes.items() if code is not None)
    return {
        name: ENDS.get(code, "other") for name, code in tried if any(fnmatch(name, pattern) for pattern in patterns)
    }


def table(ends: dict[str, str]) -> str:
    """Return a table of the number of each result, by module."""
    counts: dict[str, Counter[str]] = {}
    for name, end in ends.items():
        counts.setdefault(name.rpartition(".")[0], Counter())[end] += 1
    counts["all"] = sum(counts.values(), Counter())
    lines = ["".join(("module".ljust(28), "tried".rjust(9), *(end.rjust(9) for end in COLUMNS)))]
    for module, found in counts.items():
        numbers = (found.total(), *(found[end] for end in COLUMNS))
        lines.append("".join((module.ljust(28), *(str(number).rjust(9) for number in numbers))))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="mutation-test", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "names", nargs="*", default=["briefing"], metavar="MODULE", help="or a pattern, such as 'MODULE.*[37]'"
    )
    patterns = [name if "*" in name else f"{name}.*" for name in parser.parse_args().names]
    mutmut = Path(sys.executable).with_name("mutmut")
    done = subprocess.run([mutmut, "run", "--max-children", "2", *patterns], check=False)
    if done.returncode:
        return done.returncode
    ends = results(patterns)
    print("", table(ends), "", sep="\n")
    for name, end in ends.items():
        if end != "caught":
            print(f"{end}: {name}")
    print("\nto see a change: .venv/bin/mutmut show NAME")
    return 0


if __name__ == "__main__":
    sys.exit(main())
