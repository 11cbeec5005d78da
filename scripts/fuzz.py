"""Fuzz the core with atheris. Each target gets an equal share of the time, in a separate process.

A crash is an exception or a broken invariant: a problem has a place that exists and a code that is explained, and every
input gives pages or errors. A hang is an input that takes longer than the limit; it ends the target. The seed decides
which inputs are tried, the time how many.
"""

import argparse
import hashlib
import os
import random
import re
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
VASA = ROOT / "tests" / "briefings" / "vasa"
FOUND = ROOT / ".cache" / "fuzz"
TODAY = "2026-11-24"
TARGETS = ("dates", "words", "slips", "load", "parse", "walk")
FILES = ("briefing", "sources", "actors", "places", "glossary", "topics/loss", "pins/account")

Target = Callable[[bytes], object]


class Drawn(random.Random):
    """A random generator that reads an input's bytes, then zeros, so that coverage guides what is drawn."""

    def __init__(self, data: bytes) -> None:
        super().__init__(0)
        self._bits = int.from_bytes(data, "little")

    def getrandbits(self, count: int) -> int:
        drawn = self._bits & ((1 << count) - 1)
        self._bits >>= count
        return drawn


def targets() -> dict[str, Target]:
    """Return the functions to fuzz, by name."""
    sys.path.insert(0, str(ROOT / "tests"))
    from distort import answered, distorted, stands, with_every_field

    from briefing.model.parser import newer_format, parse
    from briefing.project.reader import read_inputs
    from briefing.text.characters import UNPRINTABLE
    from briefing.text.edtf import DateFault, meant_edtf, parse_edtf, printed_parts
    from briefing.text.language import ENGLISH
    from briefing.text.normalize import stems, words
    from briefing.text.yaml_reader import _first_fault, load_yaml
    from briefing.text.yaml_repair import find_slip

    vasa = read_inputs(VASA, TODAY)
    vasa = replace(vasa, facts=with_every_field(vasa.facts))

    def dates(data: bytes) -> None:
        text = data.decode(errors="replace")
        meant, _ = meant_edtf(text)
        if meant:
            parse_edtf(meant)
        try:
            date = parse_edtf(text)
        except DateFault:
            return
        assert date.earliest <= date.latest
        assert date.text == text
        assert ENGLISH.format_date(date)
        assert all(spellings and all(spellings) for spellings in printed_parts(date))

    def words_(data: bytes) -> None:
        text = data.decode(errors="replace")
        end = 0
        for word in words(text):
            assert word.start >= end
            assert word.forms
            assert all(word.forms)
            end = word.start + 1
        assert all(stems(text, "en"))

    def slips(data: bytes) -> None:
        text = UNPRINTABLE.sub("", data[2:].decode(errors="replace"))  # find_slip never gets text with these
        first, fault = (*data[:2], 0, 0)[:2]
        if slip := find_slip(text, first, fault, _first_fault):
            lines = text.splitlines()
            assert slip.down or slip.start <= slip.end
            assert 0 <= slip.start <= len(lines[slip.line])
            assert 0 <= slip.end <= len(lines[slip.line + slip.down])

    def load(data: bytes) -> None:
        for problem in load_yaml("facts/x.yml", data)[1]:
            stands(problem, data.decode("utf-8-sig", errors="replace"))

    def parse_(data: bytes) -> None:
        name = f"facts/{FILES[data[0] % len(FILES)] if data else 'briefing'}.yml"
        files = {**vasa.facts, name: data[1:]}
        newer_format(files)
        for problem in parse(files, frozenset())[1]:
            stands(problem, replace(vasa, facts=files).text(problem.place.file))

    def walk(data: bytes) -> None:
        answered(replace(vasa, facts=distorted(vasa.facts, Drawn(data))))

    return dict(zip(TARGETS, (dates, words_, slips, load, parse_, walk), strict=True))


def seeds(name: str) -> list[bytes]:
    """Return real inputs for a target to start from."""
    files = [file.read_bytes() for file in sorted((VASA / "facts").rglob("*.yml")) if file.parent.name != "pins"]
    text = b"\n".join(files)
    if name == "dates":
        kinds = rb"1971~ 198X 19XX 2025-01-XX 2001-21 -0043-03-15 Y12000 2015/.. /2015 2024-12?/2025-01-17%".split()
        habits = [b"1 May 1971", b"May 1971", b"the 1970s", b"1.5.1971"]
        return [*kinds, *set(re.findall(rb"\d{4}[-/\d~]*", text)), *habits]
    if name == "words":
        return [*re.findall(rb"says: (.+)", text), b"twenty-five per cent", "İstanbul’s 1,300 ﬁrst".encode()]
    if name == "walk":
        return [random.Random(number).randbytes(64) for number in range(64)]
    pieces = [piece for data in files for piece in re.split(rb"\n(?=- )|\n(?=      - )", data)]
    return [
        bytes([number % 256]) * {"slips": 2, "parse": 1}.get(name, 0) + piece for number, piece in enumerate(pieces)
    ]


def fuzz(name: str, arguments: list[str]) -> None:
    """Run one target in this process, which atheris ends. Save one input for each place in the code that crashes."""
    import atheris  # the parent process does not need it

    with atheris.instrument_imports(include=["briefing"]):
        target = targets()[name]
    met: set[tuple[str, object]] = set()

    def one(data: bytes) -> None:
        try:
            target(data)
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            where = (type(error).__name__, frames[-1].filename, frames[-1].lineno)
            if where not in met:
                met.add(where)
                (FOUND / f"{name}-crash-{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)
                traceback.print_exception(error, limit=-4)

    atheris.Setup([sys.argv[0], *arguments], one)
    atheris.Fuzz()


def run(name: str, seconds: int, seed: int, limit: int) -> tuple[int, int, int]:
    """Fuzz one target in another process. Return the numbers of inputs, crashes and hangs."""
    for old in FOUND.glob(f"{name}-*"):
        old.unlink()
    corpus = FOUND / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for old in corpus.iterdir():
        old.unlink()
    for number, data in enumerate(seeds(name)):
        (corpus / f"{number:03}").write_bytes(data)
    options = [f"-seed={seed}", f"-max_total_time={seconds}", f"-timeout={limit}"]
    options += ["-rss_limit_mb=3000", "-max_len=2048", f"-artifact_prefix={FOUND}/{name}-"]
    options += ["-print_final_stats=1", "-verbosity=0", str(corpus)]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [sys.executable, __file__, "--target", name, *options],
        capture_output=True,
        text=True,
        errors="replace",
        env=environment,
        check=False,
    )
    found = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    crashes = len(list(FOUND.glob(f"{name}-crash-*"))) + len(list(FOUND.glob(f"{name}-oom-*")))
    hangs = len(list(FOUND.glob(f"{name}-timeout-*")))
    if not found or (done.returncode and not crashes + hangs):
        sys.exit(f"{name} did not run:\n{done.stderr[-2000:]}")
    if crashes + hangs:
        print(done.stderr[-6000:], file=sys.stderr)
    return int(found[1]), crashes, hangs


def main() -> int:
    if sys.argv[1:2] == ["--target"]:
        fuzz(sys.argv[2], sys.argv[3:])
    parser = argparse.ArgumentParser(description="Fuzz the core; print inputs tried, crashes and hangs.")
    parser.add_argument("--minutes", type=float, default=5, help="total time (default: 5)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random generator (default: 1)")
    parser.add_argument("--limit", type=int, default=10, help="time limit per input, in seconds (default: 10)")
    asked = parser.parse_args()
    seconds = max(1, round(asked.minutes * 60 / len(TARGETS)))
    print(f"seed {asked.seed}, {seconds} s per target, at most {asked.limit} s per input")
    print(f"{'target':<8}{'inputs':>10}{'crashes':>9}{'hangs':>7}")
    totals = [0, 0, 0]
    for name in TARGETS:
        counts = run(name, seconds, asked.seed, asked.limit)
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        print(f"{name:<8}{counts[0]:>10}{counts[1]:>9}{counts[2]:>7}", flush=True)
    print(f"{'all':<8}{totals[0]:>10}{totals[1]:>9}{totals[2]:>7}")
    if totals[1] + totals[2]:
        print(f"inputs that crashed or hung are in {FOUND.relative_to(ROOT)}", file=sys.stderr)
    return int(bool(totals[1] + totals[2]))


if __name__ == "__main__":
    sys.exit(main())
