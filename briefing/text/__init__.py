"""Text as people write it: YAML, characters, dates and words."""
