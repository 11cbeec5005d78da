"""The only reader of the clock."""

import os
import sys
from datetime import UTC, datetime


def clock() -> str:
    """Today (ISO 8601, UTC), or the moment that SOURCE_DATE_EPOCH gives."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return (datetime.fromtimestamp(int(given), UTC) if given else datetime.now(UTC)).date().isoformat()
    except (ValueError, OverflowError, OSError):
        sys.exit(f"Error: SOURCE_DATE_EPOCH must be whole seconds since 1970, not {given!a}")
