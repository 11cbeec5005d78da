"""The command ``briefing``, and ``python -m briefing``."""

import sys

from briefing.again import answer


def main() -> None:
    """Answer as the last time, or run the command."""
    if kept := answer(sys.argv[1:]):
        output, code = kept
        sys.stdout.write(output)
        sys.exit(code)
    from briefing.cli import main as commands  # here, since to load all that takes longer than the answer

    commands(prog_name="briefing")


if __name__ == "__main__":
    main()
