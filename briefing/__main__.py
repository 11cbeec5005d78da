"""The command ``briefing``, also as ``python -m briefing``."""

import signal
import sys


def run() -> None:
    """Run a command; to be interrupted is quiet also while its modules are loaded, and ended it still clears away."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        from briefing.cli import main

        main(prog_name="briefing")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    run()
