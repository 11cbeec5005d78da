"""Turn pages into a site: the only code that knows MkDocs."""
