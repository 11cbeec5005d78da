"""Briefing: hand-curated facts in YAML become a site in which every sentence can be checked.

The walk: ``load`` (bytes to located values) -> ``parse`` (to the model) -> ``rules`` (problems) -> ``views``
(what each page needs) -> ``render`` (Markdown pages). ``compile`` runs it whole; ``plugin`` and ``cli`` are its edges.

Public, for programs, are the modules in ``__all__`` and of each the names in its own; docs/api.md
says what holds for these.
"""

__all__ = ["__version__", "compile", "folder", "problems"]

__version__ = "0.1.0"
