"""The scripts that contain the entries of the site's search: one for readers, one for contributors."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache
from importlib.resources import files

from briefing.model.briefing import Briefing
from briefing.model.records import Entity, Place
from briefing.text.language import Language
from briefing.views.search_index import Findable, findables, guides


def search_entries(briefing: Briefing, markdown_pages: Mapping[str, str]) -> bytes:
    """Return all entries for readers as a script, because a page opened from disk may not load any other kind of file.

    The script sets ``searchEntries`` to ``entries``, in the order of the site and without empty values; ``names``: all
    spellings of each entity by its id; and ``synonyms``: lists of words and phrases that mean the same.
    ``markdown_pages`` are hand-written pages by path.
    """
    assert briefing.head
    names = {entity.id: [*entity.spellings, *_country(briefing, entity)] for entity in briefing.entities}
    synonyms = [*briefing.head.synonyms, *_general_synonyms(briefing.language)]
    return _script(findables(briefing, markdown_pages), names, synonyms)


def _country(briefing: Briefing, entity: Entity) -> tuple[str, ...]:
    """Return the name of a place's country: whatever is about the place is also about its country."""
    if isinstance(entity, Place) and entity.country:
        return (briefing.entity_by_id[entity.country].name,)
    return ()


def contributor_entries(briefing: Briefing, markdown_pages: Mapping[str, str]) -> bytes:
    """Return the entries of the pages for contributors in the same form."""
    return _script(guides(markdown_pages, briefing.language), {}, _general_synonyms(briefing.language))


def _script(found: Iterable[Findable], names: Mapping[str, list[str]], synonyms: Iterable[tuple[str, ...]]) -> bytes:
    entries = [{key: value for key, value in asdict(entry).items() if value} for entry in found]
    content = {"entries": entries, "names": names, "synonyms": list(synonyms)}
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    # The single file embeds this script, and "</script>" in a piece of text would end it.
    escaped = data.replace("<", "\\u003c")
    return f"self.searchEntries={escaped};\n".encode()


def _general_synonyms(language: Language) -> tuple[tuple[str, ...], ...]:
    return _read_synonyms(language.tag.partition("-")[0])


@cache
def _read_synonyms(language: str) -> tuple[tuple[str, ...], ...]:
    """Return the groups in the package's data for a language; the file describes its format."""
    file = files("briefing") / "data" / f"synonyms-{language}.txt"
    if not file.is_file():
        return ()
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return tuple(tuple(line.split(", ")) for line in lines if line and not line.startswith("#"))
