"""Add colour to reports in a terminal.

Reports are generated without colour, which is added when they are printed. The report of an unchanged check is replayed
from the cache, and may have been written for a file.
"""

import os
import re
from typing import TextIO

_RESET = "\x1b[0m"
_BOLD = "\x1b[1m"
_DIM = "\x1b[2m"
_RED = "\x1b[1;31m"
_GREEN = "\x1b[32m"
_CYAN = "\x1b[36m"
_YELLOW = "\x1b[1;33m"

# These match the output of ``reporting.problems.format_problem``.
_PROBLEM = re.compile(r"^(\S+:\d+:\d+): (error|warning|note) (\S+)", re.MULTILINE)
_UNDERLINING = re.compile(r"^( *\| *)(\^+)$", re.MULTILINE)
_FIX = re.compile(r"(?<= = corrected:\n)(?: *(?:\d+|\+) \|.*\n?)+")
_SOURCE = re.compile(r"^( *\d* \|)", re.MULTILINE)


def add_colour(text: str) -> str:
    """Return a report with its severities, places and fixes in colour (ECMA-48 escape sequences)."""

    def problem(found: re.Match[str]) -> str:
        severity = {"error": _RED, "warning": _YELLOW, "note": _CYAN}[found[2]]
        return f"{_BOLD}{found[1]}{_RESET}: {severity}{found[2]}{_RESET} {_BOLD}{found[3]}{_RESET}"

    text = _PROBLEM.sub(problem, text)
    text = _UNDERLINING.sub(rf"\1{_RED}\2{_RESET}", text)
    text = _FIX.sub(lambda lines: re.sub("(?<= [|]).+", rf"{_GREEN}\g<0>{_RESET}", lines[0]), text)
    return _SOURCE.sub(rf"{_DIM}\1{_RESET}", text)


def for_stream(text: str, stream: TextIO) -> str:
    """Return the report, in colour if the stream is a terminal with colours and NO_COLOR is unset (no-color.org)."""
    if stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb":
        return add_colour(text)
    return text
