"""Values to text: problems, records, explanations and differences."""
