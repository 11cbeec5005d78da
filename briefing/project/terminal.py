"""Colour in a terminal.

Reports are written without colour, and it is added as they are printed: an unchanged check prints the report of the
last run, which may have gone to a file.
"""

import os
import re
from typing import TextIO

_RESET = "\x1b[0m"
_BOLD = "\x1b[1m"
_DIM = "\x1b[2m"
_RED = "\x1b[1;31m"
_GREEN = "\x1b[32m"
_YELLOW = "\x1b[1;33m"

# What ``reporting.problems.format_problem`` writes: the line of the problem, the underlining, hint and fix.
_PROBLEM = re.compile(r"^(\S+:\d+:\d+): (error|warning) (\S+)", re.MULTILINE)
_UNDERLINING = re.compile(r"^( *\| *)(\^+)$", re.MULTILINE)
_FIX = re.compile(r"^( *= )(write: .*)$", re.MULTILINE)
_SOURCE = re.compile(r"^( *\d* \|)", re.MULTILINE)


def add_colour(text: str) -> str:
    """Return a report with its severities, places and fixes in colour, by the codes of ECMA-48."""

    def problem(found: re.Match[str]) -> str:
        severity = _RED if found[2] == "error" else _YELLOW
        return f"{_BOLD}{found[1]}{_RESET}: {severity}{found[2]}{_RESET} {_BOLD}{found[3]}{_RESET}"

    text = _PROBLEM.sub(problem, text)
    text = _UNDERLINING.sub(rf"\1{_RED}\2{_RESET}", text)
    text = _FIX.sub(rf"\1{_GREEN}\2{_RESET}", text)
    return _SOURCE.sub(rf"{_DIM}\1{_RESET}", text)


def for_stream(text: str, stream: TextIO) -> str:
    """Return a report in colour if the stream is a terminal that shows it and ``NO_COLOR`` is unset (no-color.org)."""
    if stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb":
        return add_colour(text)
    return text
