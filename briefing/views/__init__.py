"""The content of each kind of page in reading order: pure functions from a briefing to frozen values."""
