"""Every payload in every field of prose: what ran in a browser, what broke out of its place, what a parser lost.

A round is a briefing built whole, in which each field begins with another payload than in the round before; in the
browser no policy holds anything back. `--rounds` tries fewer than it takes for all.
"""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from injection import (  # noqa: E402
    HELD,
    PAGES,
    PAYLOADS,
    TOGETHER,
    Attack,
    broken_out,
    build,
    executed,
    missing,
    outputs,
    skeletons,
)
from support import CHROMIUM_FLAGS, VASA, copy_briefing, served  # noqa: E402

from briefing.building.pdf import chromium  # noqa: E402


def main() -> None:
    """Print the table; the exit code is 1 where anything ran, broke out or was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    rounds = -(-len(PAYLOADS) // TOGETHER)
    parser.add_argument("--rounds", type=int, default=rounds, help=f"default: {rounds}, with which all are tried")
    wanted = parser.parse_args().rounds
    logging.disable(logging.WARNING)
    pairs: set[tuple[str, tuple[str, str]]] = set()
    ran: list[str] = []
    out: list[str] = []
    lost: list[str] = []
    pages = files = 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        twin = (Attack(harmless="plain words "), Attack(harmless="other words "))
        for number in range(wanted):
            here = Path(folder, str(number))
            attack = Attack(start=number * TOGETHER)
            site = build(copy_briefing(VASA, here / "attacked"), Attack(start=100), attack)
            # texts of another length are another layout: each round has a twin of its own
            before, after = (Attack(attack.start, one.harmless) for one in twin)
            plain = skeletons(build(copy_briefing(VASA, here / "plain"), before, after))
            made, found = skeletons(site), outputs(site)
            out += broken_out(made, plain)
            for field, texts in attack.texts.items():
                pairs |= {(payload, field) for payload in PAYLOADS for text in texts if _holds(text, payload)}
                for path, names in HELD.items():
                    lost += [f"{path}: {text}" for text in missing(texts, found[path]) if field[0] in names.split()]
            with served({"site": site}) as addresses:
                ran += executed(browser, addresses["site"], PAGES)
            pages, files = len(made), len(found)
            print(f"round {number + 1} of {wanted}: {len(ran)} ran, {len(out)} broke out, {len(lost)} lost", flush=True)
        browser.close()
    fields = len({field for _, field in pairs})
    print("| payloads | fields | pairs tried | pages in each round | in Chromium | files | ran | broke out | lost |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    counts = (len(PAYLOADS), fields, len(pairs), pages, len(PAGES), files, len(ran), len(out), len(lost))
    print(f"| {' | '.join(f'{count:,}' for count in counts)} |")
    for line in (*ran, *out, *lost):
        print(line)
    sys.exit(1 if ran or out or lost else 0)


def _holds(text: str, payload: str) -> bool:
    return " ".join(payload.split()) in text


if __name__ == "__main__":
    main()
