"""Briefing: hand-curated facts in YAML become a site in which every sentence can be checked.

The pipeline: ``text`` (bytes to nodes with a position) -> ``model`` (records) -> ``rules`` (problems) -> ``views``
(what each page needs) -> ``pages`` (Markdown). ``compile`` runs all of it; ``project``, ``building`` and ``cli`` are
its edges.

Public, for programs, are the modules in ``__all__`` and of each the names in its own; docs/api.md
says what holds for these.
"""

__all__ = ["__version__", "compile", "folder", "problems"]

__version__ = "0.1.0"
