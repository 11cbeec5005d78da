"""From pages to a site: the only code that knows MkDocs."""
