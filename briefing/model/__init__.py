"""The records of a briefing, what each field may hold, and where each record is shown."""
