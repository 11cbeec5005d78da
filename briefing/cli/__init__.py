"""The command line: a function a command.

Exit codes: 0 nothing is wrong, 1 there are problems or the work could not be done, 2 the command was not understood,
130 it was interrupted.
"""

from briefing.cli import building, reading, writing  # each adds its commands
from briefing.cli.shared import main

__all__ = ["building", "main", "reading", "writing"]
