"""Briefing: hand-curated facts in YAML become a site in which every sentence can be checked.

The walk: ``load`` (bytes to located values) -> ``parse`` (to the model) -> ``rules`` (problems) -> ``views``
(what each page needs) -> ``render`` (Markdown pages). ``compile`` runs it whole; ``plugin`` and ``cli`` are its edges.
"""

__version__ = "0.1.0"
