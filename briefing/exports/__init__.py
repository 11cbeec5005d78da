"""The briefing as data to take along: one module a format, all from the same records. Text and bytes out, no disk."""
