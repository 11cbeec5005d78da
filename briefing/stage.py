"""The site before any engine has built it: pages as Markdown, files, theme and settings, as a tree of files on disk.

What the plugin gives MkDocs by Python stands here in front matter and in the settings' ``extra``, so that an engine
without plugins makes the same pages. ``staged`` plans, ``write_tree`` writes; the settings are read here too.
"""

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import yaml
from yaml_env_tag import construct_env_tag

from briefing import paths
from briefing.compile import Inputs, Outcome
from briefing.exports.citing import page_box
from briefing.folder import DOCS, theme_folders
from briefing.git import CACHE
from briefing.views.status import status_strip

FOLDER = CACHE / "stage"
SETTINGS = "mkdocs.yml"  # MkDocs, ProperDocs and Zensical all read it
THEME = "theme"
MANIFEST = ".briefing.json"
TOPICS_IN_NAV = "facts/topics"  # this value in mkdocs.yml's `nav` stands for a page a topic

_BUILT_IN = ("toc", "tables", "fenced_code")  # what MkDocs puts before the extensions that are named
_OURS = {"briefing", "search"}  # the search is ours, whichever engine builds
_FRONT_MATTER = re.compile(r"^---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*\n", re.DOTALL)


class Unstageable(Exception):
    """The site cannot be staged; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Written:
    """What writing a tree came to, in files."""

    written: int
    unchanged: int
    removed: int


# ---- what an engine is told


class _Loader(yaml.Loader):
    """Reads settings as the engines do: ``!ENV`` and names of Python's things included."""


_Loader.add_constructor("!ENV", construct_env_tag)


def read_settings(root: Path) -> dict[str, Any]:
    """The settings in mkdocs.yml, with what they inherit. Raises Unstageable."""
    return _settings_in(root / SETTINGS)


def _settings_in(file: Path) -> dict[str, Any]:
    try:
        read = yaml.load(file.read_text(encoding="utf-8"), _Loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Unstageable(f"{file.name} cannot be read: {error}") from None
    if not isinstance(read, dict):
        raise Unstageable(f"{file.name} holds no settings")
    parent = read.pop("INHERIT", None)
    return _merged(_settings_in(file.parent / parent), read) if parent else read


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    both = {
        key: _merged(under[key], over[key])
        for key in under.keys() & over.keys()
        if isinstance(under[key], dict) and isinstance(over[key], dict)
    }
    return {**under, **over, **both}


def with_topics(nav: Any, topics: list[str]) -> Any:
    """``nav`` as in mkdocs.yml, with the topics' pages where it says ``facts/topics``."""
    if isinstance(nav, list):
        return [with_topics(item, topics) for item in nav]
    if isinstance(nav, dict):
        return {title: with_topics(item, topics) for title, item in nav.items()}
    return topics if nav == TOPICS_IN_NAV else nav


def _engine_settings(given: Mapping[str, Any], outcome: Outcome, as_of: str) -> dict[str, Any]:
    if others := [name for name, _ in _named(given.get("plugins")) if name.removeprefix("material/") not in _OURS]:
        raise Unstageable(f"{SETTINGS}: plugin '{others[0]}' runs inside MkDocs and ProperDocs only")
    for name in ("hooks", "edit_uri_template"):
        if given.get(name):
            raise Unstageable(f"{SETTINGS}: '{name}' works inside MkDocs and ProperDocs only")
    settings = {name: value for name, value in given.items() if name not in ("hooks", "watch", "strict")}
    theme = given.get("theme") or "mkdocs"
    theme = {"name": theme} if isinstance(theme, str) else dict(theme)
    # the look that the styles are written for; to MkDocs it says nothing
    settings["theme"] = {"variant": "classic", **theme, "custom_dir": THEME}
    settings |= {"docs_dir": DOCS, "site_dir": "site", "plugins": [], "edit_uri": ""}
    settings["nav"] = with_topics(given.get("nav"), [paths.topic(topic) for topic in outcome.briefing.topics])
    moved = [f"/{page.path}" for page in outcome.pages if page.leads_to]
    settings["not_in_nav"] = "\n".join([given.get("not_in_nav") or "", *moved])
    extensions = {**dict.fromkeys(_BUILT_IN), **dict(_named(given.get("markdown_extensions")))}
    settings["markdown_extensions"] = [{name: options} if options else name for name, options in extensions.items()]
    feed = next((file.path for file in outcome.files if file.path == paths.FEED), "")
    facts = {"briefing": _plain(asdict(status_strip(outcome.briefing))), "feed": feed, "as_of": as_of, "problems": []}
    settings["extra"] = {**(given.get("extra") or {}), **facts}
    return settings


def _named(items: Any) -> Iterator[tuple[str, Any]]:
    """Plugins or extensions with their options, which mkdocs.yml may list in either of three ways."""
    for item in items.items() if isinstance(items, dict) else items or ():
        if isinstance(item, dict):
            yield from item.items()
        else:
            yield item if isinstance(item, tuple) else (str(item), {})


def _plain(value: Any) -> Any:
    """A value as YAML has it."""
    return json.loads(json.dumps(value))


# ---- what stands in the tree


def staged(
    outcome: Outcome,
    inputs: Inputs,
    settings: Mapping[str, Any],
    assets: Mapping[str, bytes],
    theme: Mapping[str, bytes],
    as_of: str = "",
) -> dict[str, bytes]:
    """Every file of the tree by path, from what was made of ``inputs``; ``as_of`` is a day in words. ``assets`` and
    ``theme`` are files by path from ``docs/`` and from the theme's folder. Raises Unstageable.
    """
    assert outcome.edition
    told = _engine_settings(settings, outcome, as_of)
    edit = _edit_base(settings)
    titles = dict(_nav_titles(told["nav"]))
    pages = {}
    for page in outcome.pages:
        pages[page.path] = _with_meta(page.text, _edit_link(edit, page.edit_path))
    for path, text in inputs.handwritten.items():
        head, body = _front_matter(text)
        title = titles.get(path) or head.get("title") or _heading(body) or posixpath.basename(path)
        box = page_box(outcome.edition, str(title), path)
        pages[path] = _with_meta(text, {"cite": asdict(box), **_edit_link(edit, path)})
    return {
        SETTINGS: yaml.dump(told, Dumper=yaml.Dumper, allow_unicode=True, sort_keys=False).encode(),
        **{f"{DOCS}/{path}": data for path, data in assets.items()},
        **{f"{DOCS}/{path}": text.encode() for path, text in pages.items()},
        **{f"{DOCS}/{file.path}": file.data for file in outcome.files},
        **{f"{THEME}/{path}": data for path, data in theme.items()},
    }


def _edit_base(settings: Mapping[str, Any]) -> str:
    """What an edit link begins with; empty where there are none."""
    edit = settings.get("edit_uri") or ""
    repository = f"{str(settings['repo_url']).rstrip('/')}/" if settings.get("repo_url") else ""
    return urljoin(repository, edit if edit.endswith("/") else f"{edit}/") if edit else ""


def _nav_titles(nav: Any) -> Iterator[tuple[str, str]]:
    for item in nav or ():
        for title, value in item.items() if isinstance(item, dict) else ():
            if isinstance(value, str):
                yield value, str(title)
            else:
                yield from _nav_titles(value)


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    found = _FRONT_MATTER.match(text)
    head = yaml.safe_load(found[1]) if found else None
    return (head, text[found.end() :]) if found and isinstance(head, dict) else ({}, text)


def _heading(body: str) -> str:
    found = re.search(r"^# +(.+?)(?: *\{[^}]*\})? *#*$", body, re.MULTILINE)
    return found[1] if found else ""


def _edit_link(base: str, path: str) -> dict[str, Any]:
    return {"edit_url": base + path} if base and path else {}


def _with_meta(text: str, meta: Mapping[str, Any]) -> str:
    """The page with that in its front matter which it does not say itself."""
    head, body = _front_matter(text)
    added = {key: value for key, value in meta.items() if key not in head}
    lines = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in added.items())
    own = text[: len(text) - len(body)].partition("\n")[2] or "---\n\n"
    return f"---\n{lines}{own}{body}" if added else text


# ---- disk


def read_tree(root: Path, inputs: Inputs, settings: Mapping[str, Any]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files beside the pages written by hand, and those of the theme; one that goes before another hides it."""
    assets = {path: (root / DOCS / path).read_bytes() for path in inputs.assets}
    own = settings.get("theme")
    custom = own.get("custom_dir") if isinstance(own, dict) else None
    folders = [*([root / custom] if custom else []), *theme_folders(root)]
    theme = {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for folder in reversed(folders)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    return assets, theme


def write_tree(to: Path, files: Mapping[str, bytes]) -> Written:
    """Make the folder hold the files: only those that differ are written, each in its place at once, so that an engine
    that watches sees neither half a file nor a file that did not change. What an earlier call wrote and is not among
    them any more is removed; what anybody else put there stays as it is. Raises Unstageable where it is in the way.
    """
    manifest = to / MANIFEST
    ours = set(json.loads(manifest.read_text(encoding="utf-8"))) if manifest.exists() else set()
    changed = [path for path, data in files.items() if _read(to / path) != data]
    if foreign := next((file for path in changed for file in _in_the_way(to, path) if file not in ours), None):
        raise Unstageable(f"{to / foreign} is not of an earlier stage; name another folder")
    gone = sorted(ours - files.keys())
    ours |= set(changed)
    if changed or gone:
        _write(to, MANIFEST, _manifest(ours))  # first: what is written is ours also when we are stopped midway
    for path in gone:
        (to / path).unlink(missing_ok=True)
        _remove_empty(to, (to / path).parent)
    for path in changed:
        _write(to, path, files[path])
    if gone:
        _write(to, MANIFEST, _manifest(ours & files.keys()))
    return Written(len(changed), len(files) - len(changed), len(gone))


def _in_the_way(to: Path, path: str) -> Iterator[str]:
    """The files that stand where one is to be written, or where a folder of its path is to be."""
    places = [to / path, *(to / folder for folder in Path(path).parents)]
    for file in [*places, *(to / path).rglob("*")]:
        if file.is_file():
            yield file.relative_to(to).as_posix()


def _manifest(ours: set[str]) -> bytes:
    return (json.dumps(sorted(ours), ensure_ascii=False, indent=0) + "\n").encode()


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _write(to: Path, path: str, data: bytes) -> None:
    (to / path).parent.mkdir(parents=True, exist_ok=True)
    aside = to / f"{MANIFEST}~"
    aside.write_bytes(data)
    aside.replace(to / path)


def _remove_empty(to: Path, folder: Path) -> None:
    while folder != to and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
