"""The briefing as data: one module per format, all from the same records. Text and bytes out, no disk."""
