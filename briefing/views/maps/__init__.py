"""Maps, drawn when the site is built."""
