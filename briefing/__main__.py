"""Start the command ``briefing``; replay an unchanged check before importing the rest of the package."""

import os
import signal
import sys
from io import TextIOWrapper


def main() -> None:
    """Replay the result of the last check, or run the command.

    Ctrl-C prints no traceback, even while modules are being imported. SIGTERM still removes temporary files.
    """
    # 128 and the number of the signal, as shells report it. An exit runs the `finally` clauses that remove temporary
    # files, which the default handler of the signal does not.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for stream in (sys.stdout, sys.stderr):
        # A terminal whose encoding lacks a character shows its number instead of a traceback.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        # Importing the commands takes longer than an unchanged check, which needs none of them.
        from briefing.project.check_cache import read_check_result

        cached = read_check_result(sys.argv[1:])
        if cached:
            output, code = cached
            if sys.stdout:
                from briefing.project.terminal import for_stream

                sys.stdout.write(for_stream(output, sys.stdout))
            sys.exit(code)
        from briefing.cli import main as commands

        commands(prog_name="briefing")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        # The commands report every user error themselves, so this is a bug of ours.
        from briefing.pages.bug_reports import request_report

        request_report(error)
        raise
    finally:
        try:
            # Python sets it to None if the process was started with it closed.
            if sys.stdout:
                sys.stdout.flush()
        except OSError:
            # The reader of the pipe has gone. Python would flush again at exit, and report the failure.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
