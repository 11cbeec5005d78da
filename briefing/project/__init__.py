"""A briefing's folder on disk, and its git repository."""
