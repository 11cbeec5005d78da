"""Briefing: hand-curated facts in YAML become a site in which every sentence can be checked.

The pipeline: ``text`` (bytes to nodes with a position) -> ``model`` (records) -> ``rules`` (problems, with
``evidence``) -> ``views`` (what each page needs) -> ``pages`` (Markdown) and ``exports`` (files). ``compile`` runs all
of it; ``project``, ``building`` and ``cli`` are its edges.

The public API is the modules in ``__all__`` and the names in each module's own ``__all__``; see docs/api.md.
"""

__all__ = ["__version__", "compile", "folder", "problems"]

__version__ = "0.1.0"
