"""Try every payload in every prose field. Count payloads that run in a browser, break the markup or get lost.

Each round builds a whole briefing in which each field starts with a different payload from the round before. The
browser ignores the Content Security Policy. `--rounds` limits the rounds; fewer than the default skip some payloads.
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
    PAGES,
    PAYLOADS,
    TOGETHER,
    attacked,
    broken_out,
    executed,
    harmless,
    lost,
    outputs,
    skeletons,
)
from support import CHROMIUM_FLAGS, served, share_compiled_templates  # noqa: E402

from briefing.building.pdf import chromium  # noqa: E402


def main() -> None:
    """Print the table. Exit with code 1 if a payload ran, broke out or was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    rounds = -(-len(PAYLOADS) // TOGETHER)
    parser.add_argument("--rounds", type=int, default=rounds, help=f"default: {rounds}, which tries all payloads")
    wanted = parser.parse_args().rounds
    logging.disable(logging.WARNING)
    share_compiled_templates()
    pairs: set[tuple[str, tuple[str, str]]] = set()
    ran: list[str] = []
    out: list[str] = []
    missed: list[str] = []
    pages = files = 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        for number in range(wanted):
            here, start = Path(folder, str(number)), number * TOGETHER
            attack, site = attacked(here / "attacked", start)
            made = skeletons(site)
            out += broken_out(made, skeletons(harmless(here / "plain", start)))
            for field, texts in attack.texts.items():
                pairs |= {(payload, field) for payload in PAYLOADS for text in texts if _holds(text, payload)}
            missed += lost(attack, site)
            with served({"site": site}) as addresses:
                ran += executed(browser, addresses["site"], PAGES)
            pages, files = len(made), len(outputs(site))
            found = f"{len(ran)} ran, {len(out)} broke out, {len(missed)} lost"
            print(f"round {number + 1} of {wanted}: {found}", flush=True)
        browser.close()
    fields = len({field for _, field in pairs})
    print("| payloads | fields | pairs tried | pages in each round | in Chromium | files | ran | broke out | lost |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    counts = (len(PAYLOADS), fields, len(pairs), pages, len(PAGES), files, len(ran), len(out), len(missed))
    print(f"| {' | '.join(f'{count:,}' for count in counts)} |")
    for line in (*ran, *out, *missed):
        print(line)
    sys.exit(1 if ran or out or missed else 0)


def _holds(text: str, payload: str) -> bool:
    return " ".join(payload.split()) in text


if __name__ == "__main__":
    main()
