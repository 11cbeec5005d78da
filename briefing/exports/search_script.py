"""The script that contains the entries of the site's search."""

import json
from collections.abc import Mapping
from dataclasses import asdict

from briefing.model.briefing import Briefing
from briefing.views.search_index import findables


def search_entries(briefing: Briefing, markdown_pages: Mapping[str, str]) -> bytes:
    """Return all entries as a script, because a page opened from disk may not load any other kind of file.

    The script sets ``searchEntries`` to ``entries``, in the order of the site and without empty values, and
    ``names``: all spellings of each entity by its id. ``markdown_pages`` are hand-written pages by path.
    """
    entries = [
        {key: value for key, value in asdict(entry).items() if value} for entry in findables(briefing, markdown_pages)
    ]
    names = {entity.id: [entity.name, *entity.aliases] for entity in briefing.entities}
    data = json.dumps({"entries": entries, "names": names}, ensure_ascii=False, separators=(",", ":"))
    # The single file embeds this script, and "</script>" in a piece of text would end it.
    escaped = data.replace("<", "\\u003c")
    return f"self.searchEntries={escaped};\n".encode()
