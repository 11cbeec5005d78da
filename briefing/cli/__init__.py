"""The command line: one function per command.

Exit codes: 0 success, 1 problems were found or the command failed, 2 the command line is invalid, 130 interrupted.
"""

from briefing.cli import build as building
from briefing.cli import edit as writing
from briefing.cli import inspect as reading
from briefing.cli.common import main

__all__ = ["building", "main", "reading", "writing"]
