"""Changes to the files of a briefing that preserve the author's layout."""
