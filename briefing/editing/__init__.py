"""Edit the files of a briefing and preserve the author's layout."""
