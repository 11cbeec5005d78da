"""Parse what people write: YAML, Markdown, dates and words."""
