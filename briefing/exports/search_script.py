"""The script with the entries that the site's search looks through."""

import json
from collections.abc import Mapping
from dataclasses import asdict

from briefing.model.briefing import Briefing
from briefing.views.search_index import findables


def search_entries(briefing: Briefing, markdown_pages: Mapping[str, str]) -> bytes:
    """All that can be found, as a script: a page opened from disk may load no other kind of file.

    It sets ``searchEntries`` to ``entries``, in the order of the site and without empty values, and ``names``: by an
    entity's id, all its spellings. ``markdown_pages`` are pages by path.
    """
    entries = [
        {key: value for key, value in asdict(entry).items() if value} for entry in findables(briefing, markdown_pages)
    ]
    names = {entity.id: [entity.name, *entity.aliases] for entity in briefing.entities}
    data = json.dumps({"entries": entries, "names": names}, ensure_ascii=False, separators=(",", ":"))
    # The single file of the whole site embeds this script, and "</script>" in a text would end it there.
    escaped = data.replace("<", "\\u003c")
    return f"self.searchEntries={escaped};\n".encode()
