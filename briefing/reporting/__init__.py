"""Format problems, records, explanations and differences as text."""
