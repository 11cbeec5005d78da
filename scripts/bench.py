"""Make briefings of any size and time them against what others make the same pages with. Run by ``scripts/bench``."""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from corpus import write_corpus  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    made = commands.add_parser("corpus", help="write a made-up briefing into a folder")
    made.add_argument("folder", type=Path)
    made.add_argument("--facts", type=int, default=1000)
    made.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write_corpus(options.folder, options.facts, options.seed)


if __name__ == "__main__":
    main()
