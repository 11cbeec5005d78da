"""The only reader of the clock."""

import os
import sys
from datetime import UTC, datetime


def clock() -> str:
    """Return today's date (ISO 8601, UTC), or that of SOURCE_DATE_EPOCH if it is set."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return (datetime.fromtimestamp(int(given), UTC) if given else datetime.now(UTC)).date().isoformat()
    except (ValueError, OverflowError, OSError):
        sys.exit(f"Error: SOURCE_DATE_EPOCH must be an integer Unix timestamp, not {given!a}")
