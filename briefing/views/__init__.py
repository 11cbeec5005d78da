"""What each kind of page needs, in reading order: pure functions from a briefing to frozen values."""
