"""The list of pages, and their Markdown."""
