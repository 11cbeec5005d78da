"""Define the records of a briefing, the values of their fields, and the pages that show them."""
