"""Start the command ``briefing``; an unchanged check is answered before the rest of the package is imported."""

import os
import signal
import sys
from io import TextIOWrapper


def main() -> None:
    """Answer as the last time, or run the command. To be interrupted is quiet also while that is loaded; who is told to
    end still clears away.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what its encoding has not is told by its number
            stream.reconfigure(errors="backslashreplace")
    try:
        from briefing.project.check_cache import answer

        if kept := answer(sys.argv[1:]):
            output, code = kept
            if sys.stdout:
                sys.stdout.write(output)
            sys.exit(code)
        from briefing.cli import main as commands

        commands(prog_name="briefing")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # the commands themselves answer for all that may be expected
        from briefing.pages.bug_reports import request_report

        request_report(error)
        raise
    finally:
        try:
            if sys.stdout:  # there is none where whoever started us closed it
                sys.stdout.flush()
        except OSError:  # nobody reads any more; Python would say so once more as it ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
