"""The timeline: its chart and its list of events."""
