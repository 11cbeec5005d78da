"""The command line: one function per command.

Exit codes: 0 nothing is wrong, 1 there are problems or the work could not be done, 2 the command was not understood,
130 it was interrupted.
"""

from briefing.cli import build as building
from briefing.cli import edit as writing
from briefing.cli import inspect as reading
from briefing.cli.common import main

__all__ = ["building", "main", "reading", "writing"]
