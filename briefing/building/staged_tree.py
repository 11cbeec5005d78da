"""Write the source of a site (Markdown, files, theme and settings) as a tree that any engine can build.

The plugin passes data to MkDocs in Python. Here the same data are in front matter and in the settings' ``extra``, so
that an engine without plugins makes the same pages. Each page is the ``index.md`` of a folder, so its file has the same
path as its address. A relative link in its HTML then works whether an engine rewrites it (Zensical) or not (MkDocs).
``stage_files`` plans the tree, ``write_tree`` writes it, and ``read_settings`` reads the settings for both.
"""

import json
import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import yaml
from pathspec import GitIgnoreSpec
from yaml_env_tag import construct_env_tag

from briefing.compile import Inputs, Outcome
from briefing.editing.text_edits import SETTINGS
from briefing.exports.citation_box import markdown_page_meta
from briefing.model import routes
from briefing.project.cache import CACHE
from briefing.project.layout import DOCS, theme_folders
from briefing.text.markdown_source import find_links, format_front_matter, is_for_contributors, split_front_matter
from briefing.views.imprint import imprint
from briefing.views.status_bar import status_strip
from briefing.views.theme_texts import format_as_of, theme_texts, translate_navigation, translate_palette

FOLDER = CACHE / "stage"
THEME = "theme"
MANIFEST = ".briefing.json"
TOPICS_IN_NAV = "facts/topics"  # in mkdocs.yml's `nav`, replaced by one page per topic

# The theme does not escape these, nor `site_description` and `site_author`, when it writes them into attributes.
UNESCAPED = ("description", "author")
_BUILT_IN = ("toc", "tables", "fenced_code")  # MkDocs loads these before the extensions in the settings
_LEFT_OUT = (".*", "/templates/")  # MkDocs leaves these files of docs/ out, before it applies _PATTERNS
_PATTERNS = ("exclude_docs", "draft_docs")  # settings with patterns of files to leave out
_OURS = {"briefing", "search"}  # our own search replaces the engine's
# The start of a link that does not lead to a file of the site.
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|[?#]", re.IGNORECASE)


class Unstageable(Exception):
    """The site cannot be staged; the message has the reason."""


@dataclass(frozen=True, slots=True)
class Written:
    """The numbers of files written, unchanged and removed."""

    written: int
    unchanged: int
    removed: int


# ---- settings


class _Loader(yaml.Loader):
    """Reads settings like the engines do, including ``!ENV`` and Python tags."""


_Loader.add_constructor("!ENV", construct_env_tag)


def read_settings(root: Path) -> dict[str, Any]:
    """Return the settings in mkdocs.yml, including inherited ones; ``site_url`` ends in a slash. Raises Unstageable."""
    try:
        settings = _settings_in(root / SETTINGS)
        address = settings.get("site_url") or ""
        urlsplit(address)
    except RecursionError:
        raise Unstageable(f"{SETTINGS} is nested too deeply, or inherits from itself") from None
    except (ValueError, AttributeError):
        raise Unstageable(f"site_url in {SETTINGS} is not a valid URL") from None
    if address:
        settings["site_url"] = f"{address.rstrip('/')}/"
    return settings


def _settings_in(file: Path) -> dict[str, Any]:
    try:
        read = yaml.load(file.read_text(encoding="utf-8"), _Loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Unstageable(f"{file.name} cannot be read: {error}") from None
    if not isinstance(read, dict):
        raise Unstageable(f"{file.name} contains no settings")
    parent = read.pop("INHERIT", None)
    if parent:
        return _merged(_settings_in(file.parent / parent), read)
    return read


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    both = {
        key: _merged(under[key], over[key])
        for key in under.keys() & over.keys()
        if isinstance(under[key], dict) and isinstance(over[key], dict)
    }
    return {**under, **over, **both}


def with_topics(nav: Any, topics: list[str]) -> Any:
    """Return ``nav`` from mkdocs.yml with ``facts/topics`` replaced by the topics' pages."""
    if isinstance(nav, list):
        return [with_topics(item, topics) for item in nav]
    if isinstance(nav, dict):
        return {title: with_topics(item, topics) for title, item in nav.items()}
    return topics if nav == TOPICS_IN_NAV else nav


def separate_contributors(nav: Any, markdown_pages: Mapping[str, str], title: str) -> tuple[Any, bool]:
    """Return ``nav`` with the pages for contributors in one section at its end, and whether there are any.

    ``title`` is the section's title. In the theme, readers see the other entries, and contributors see this one.
    """
    theirs = {path for path, text in markdown_pages.items() if is_for_contributors(text)}
    readers = _select(nav, lambda path: path not in theirs)
    contributors = _select(nav, lambda path: path in theirs)
    if not readers or not contributors:
        return nav, False
    # Do not put a section that has all of them into another section.
    if len(contributors) == 1 and isinstance(contributors[0], dict):
        (content,) = contributors[0].values()
        if isinstance(content, list):
            contributors = content
    return [*readers, {title: contributors}], True


def _select(nav: Any, is_wanted: Callable[[str], bool]) -> Any:
    """Return a part of a navigation with only the wanted pages; empty if there are none."""
    if isinstance(nav, list):
        parts = [_select(item, is_wanted) for item in nav]
        return [part for part in parts if part]
    if isinstance(nav, dict):
        titled = {title: _select(item, is_wanted) for title, item in nav.items()}
        return {title: part for title, part in titled.items() if part}
    return nav if isinstance(nav, str) and is_wanted(nav) else ""


def _engine_settings(
    given: Mapping[str, Any], outcome: Outcome, markdown_pages: Mapping[str, str], as_of: str
) -> dict[str, Any]:
    for name, _ in _named(given.get("plugins")):
        if name.removeprefix("material/") not in _OURS:
            raise Unstageable(f"{SETTINGS}: plugin '{name}' works in MkDocs and ProperDocs only")
    if not given.get("nav"):
        raise Unstageable(f"{SETTINGS}: 'nav' is missing; without it, each engine builds the navigation differently")
    for name in ("hooks", "edit_uri_template"):
        if given.get(name):
            raise Unstageable(f"{SETTINGS}: '{name}' works in MkDocs and ProperDocs only")
    settings = {name: value for name, value in given.items() if name not in (*_PATTERNS, "watch", "strict")}
    theme = given.get("theme") or "mkdocs"
    if isinstance(theme, str):
        theme = {"name": theme}
    if theme.get("static_templates"):
        raise Unstageable(f"{SETTINGS}: 'static_templates' works in MkDocs and ProperDocs only")
    # Our styles are written for Zensical's classic variant. MkDocs ignores this setting.
    settings["theme"] = {"variant": "classic", **theme, "custom_dir": THEME}
    settings |= {"docs_dir": DOCS, "site_dir": "site", "plugins": [], "edit_uri": ""}
    language = outcome.briefing.language
    nav = with_topics(given.get("nav"), [routes.topic(topic) for topic in outcome.briefing.topics])
    contributors_title = language.gettext("For contributors")
    settings["nav"], has_contributors = separate_contributors(
        translate_navigation(nav, language), markdown_pages, contributors_title
    )
    if theme.get("palette"):
        settings["theme"]["palette"] = translate_palette(theme["palette"], language)
    settings["not_in_nav"] = "*"  # _nav_faults has checked the navigation
    extensions = {**dict.fromkeys(_BUILT_IN), **dict(_named(given.get("markdown_extensions")))}
    settings["markdown_extensions"] = [_as_listed(name, options) for name, options in extensions.items()]
    feed = next((file.path for file in outcome.files if file.path == routes.FEED), "")
    facts = {
        "briefing": _as_yaml(asdict(status_strip(outcome.briefing))),
        "imprint": _as_yaml(asdict(imprint(outcome.briefing))),
        "texts": theme_texts(language),
        "feed": feed,
        "latest_change": outcome.draft.latest_change if outcome.draft else "",
        "contributors": has_contributors,
        "as_of": format_as_of(language, as_of) if as_of else "",
        "problems": [],
    }
    settings["extra"] = {**(given.get("extra") or {}), **facts}
    for name in UNESCAPED:
        value = settings.get(f"site_{name}")
        if value:
            settings[f"site_{name}"] = escape(str(value))
    return settings


def _as_listed(name: str, options: Any) -> Any:
    """Return an extension as an item of a list in mkdocs.yml."""
    if options:
        return {name: options}
    return name


def _named(items: Any) -> Iterator[tuple[str, Any]]:
    """Yield plugins or extensions with their options. mkdocs.yml has a mapping, or a list of mappings and names."""
    if isinstance(items, dict):
        items = [items]
    for item in items or ():
        if isinstance(item, dict):
            yield from item.items()
        else:
            yield str(item), {}


def _as_yaml(value: Any) -> Any:
    """Return a value with only the types that YAML has."""
    return json.loads(json.dumps(value))


# ---- contents of the tree


def stage_files(
    outcome: Outcome,
    inputs: Inputs,
    settings: Mapping[str, Any],
    assets: Mapping[str, bytes],
    theme: Mapping[str, bytes],
    as_of: str = "",
) -> dict[str, bytes]:
    """Return every file of the tree by path. ``outcome`` is the result of compiling ``inputs``.

    ``assets`` and ``theme`` are files by path, relative to ``docs/`` and to the theme's folder. ``as_of`` is a day
    (ISO 8601). Raises Unstageable.
    """
    is_left_out = _left_out_by(settings)
    assets = {path: data for path, data in assets.items() if not is_left_out(path)}
    markdown_pages = {path: text for path, text in inputs.markdown_pages.items() if not is_left_out(path)}
    exported = {file.path: file.data for file in outcome.files}
    paths = {page.path for page in outcome.pages}
    redirects = {page.path for page in outcome.pages if page.leads_to}
    known = {*exported, *assets, *markdown_pages, *paths}

    staged = _engine_settings(settings, outcome, markdown_pages, as_of)
    faults = list(_nav_faults(staged["nav"], settings, known - redirects))
    # Read the titles before the navigation's paths, which are those in docs/, are changed to those in the tree.
    titles = {path: title for path, title in _nav_items(staged["nav"]) if title}
    edit = _edit_base(settings)
    pages = {}
    for page in outcome.pages:
        pages[page.path] = _staged_page(page.text, page.path, known, _edit_link(edit, page.edit_path), faults)
    for path, text in markdown_pages.items():
        added = _added_meta(path, text, titles, staged, outcome, edit)
        pages[path] = _staged_page(_with_escaped_head(text), path, known, added, faults)
    if faults:
        raise Unstageable("\n".join(faults))
    staged["nav"] = _staged_nav(staged["nav"])
    return {
        SETTINGS: yaml.dump(staged, Dumper=yaml.Dumper, allow_unicode=True, sort_keys=False).encode(),
        **{f"{DOCS}/{path}": data for path, data in assets.items()},
        **{f"{DOCS}/{_staged_path(path)}": text.encode() for path, text in pages.items()},
        **{f"{DOCS}/{path}": data for path, data in exported.items()},
        **{f"{THEME}/{path}": data for path, data in theme.items()},
    }


def _left_out_by(settings: Mapping[str, Any]) -> Callable[[str], bool]:
    """Return a function that tests whether a file of ``docs/`` is left out of the site."""
    patterns = [*_LEFT_OUT]
    for name in _PATTERNS:
        patterns += (settings.get(name) or "").splitlines()
    return GitIgnoreSpec.from_lines(patterns).match_file


def _added_meta(
    path: str, text: str, titles: Mapping[str, str], staged: Mapping[str, Any], outcome: Outcome, edit: str
) -> dict[str, Any]:
    """Return the front matter to add to that of a handwritten page. Raises Unstageable."""
    assert outcome.edition
    own = _own_meta(path, text)
    title = titles.get(path) or own.get("title")
    if not title:
        title = _title(path, text, dict(_named(staged["markdown_extensions"])))
    meta = markdown_page_meta(outcome.edition, outcome.briefing.language, str(title), path)
    meta |= _edit_link(edit, f"{DOCS}/{path}")
    if path not in titles:
        meta["title"] = title
    return {key: value for key, value in meta.items() if key not in own}


def _edit_base(settings: Mapping[str, Any]) -> str:
    """Return the start of all edit links; empty if there are none."""
    edit = str(settings.get("edit_uri") or "")
    if not edit:
        return ""
    if not edit.endswith("/"):
        edit += "/"
    repository = str(settings.get("repo_url") or "").rstrip("/")
    if repository:
        return urljoin(f"{repository}/", edit)
    return edit


def _nav_items(nav: Any) -> Iterator[tuple[str, str]]:
    """Yield each path of a navigation with its title there, which may be empty."""
    for item in nav or ():
        if not isinstance(item, dict):
            item = {"": item}
        for title, value in item.items():
            if isinstance(value, str):
                yield value, str(title)
            else:
                yield from _nav_items(value)


def _nav_faults(nav: Any, settings: Mapping[str, Any], known: Collection[str]) -> Iterator[str]:
    """Yield the problems in the navigation that MkDocs would report. Not every engine checks it."""
    listed = {path for path, _ in _nav_items(nav)}
    for path in sorted(path for path in listed if not _ELSEWHERE.match(path) and path not in known):
        yield f"{SETTINGS}: 'nav' lists '{path}', which does not exist"
    validation = settings.get("validation") or {}
    if (validation.get("nav") or validation).get("omitted_files") == "warn":
        outside = GitIgnoreSpec.from_lines((settings.get("not_in_nav") or "").splitlines())
        for path in sorted(path for path in known if path.endswith(".md") and path not in listed):
            if not outside.match_file(path):
                yield f"{SETTINGS}: '{path}' is in neither 'nav' nor 'not_in_nav'"


def _staged_path(path: str) -> str:
    """Return the path in the tree of the page at ``path`` in ``docs/``."""
    if posixpath.basename(path) in ("index.md", "README.md"):
        return path
    return f"{path.removesuffix('.md')}/index.md"


def _staged_nav(nav: Any) -> Any:
    if isinstance(nav, list):
        return [_staged_nav(item) for item in nav]
    if isinstance(nav, dict):
        return {title: _staged_nav(item) for title, item in nav.items()}
    if isinstance(nav, str) and nav.endswith(".md") and not _ELSEWHERE.match(nav):
        return _staged_path(nav)
    return nav


def _staged_page(text: str, path: str, known: Collection[str], meta: Mapping[str, Any], faults: list[str]) -> str:
    """Return the text of a page in the tree, with ``meta`` added to its front matter.

    Each broken link is added to ``faults``. Links in HTML are not changed, because they are relative to the page's
    address.
    """
    folder = posixpath.dirname(path)
    staged_folder = posixpath.dirname(_staged_path(path)) or "."
    parts = []
    end = 0
    for link in sorted(find_links(text), key=lambda link: link.target_start):
        target, mark, fragment = text[link.target_start : link.target_end].partition("#")
        if link.kind == "tag" or not target or _ELSEWHERE.match(target):
            continue
        to = posixpath.normpath(posixpath.join(folder, unquote(target)))
        if to not in known:
            line = text[: link.target_start].count("\n") + 1
            faults.append(f"{DOCS}/{path}:{line}: broken link to '{target}'")
            continue
        if to.endswith(".md"):
            to = _staged_path(to)
        parts += [text[end : link.target_start], quote(posixpath.relpath(to, staged_folder)), mark, fragment]
        end = link.target_end
    head, body = split_front_matter("".join([*parts, text[end:]]))
    rest = head.partition("\n")[2] or "---\n\n"
    return f"---\n{format_front_matter(meta)}{rest}{body}"


def _own_meta(path: str, text: str) -> dict[str, Any]:
    """Return the front matter of a handwritten page. Raises Unstageable."""
    # Not imported at the top: ProperDocs replaces MkDocs' modules, and must be loaded before them.
    from mkdocs.utils.meta import get_data

    head, _ = split_front_matter(text)
    if not head and get_data(text)[1]:  # only MkDocs reads such lines as front matter
        raise Unstageable(f"{DOCS}/{path}:1: put the front matter between two lines of ---")
    # The check has reported front matter that is no mapping or cannot be read.
    return yaml.safe_load(head.rstrip().removesuffix("---").removesuffix("...")) or {}


def _with_escaped_head(text: str) -> str:
    """Return a handwritten page with the ``UNESCAPED`` fields of its front matter escaped for HTML."""
    head, body = split_front_matter(text)
    root = yaml.compose(head.rstrip().removesuffix("---").removesuffix("..."), yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return text
    for key, value in reversed(root.value):
        if key.value in UNESCAPED and isinstance(value, yaml.ScalarNode) and escape(value.value) != value.value:
            start, end = value.start_mark.index, value.end_mark.index
            written = json.dumps(escape(value.value), ensure_ascii=False)
            # Keep the numbers of the lines below, because messages about links include them.
            line_breaks = "\n" * head.count("\n", start, end)
            head = f"{head[:start]}{written}{line_breaks}{head[end:]}"
    return head + body


def _title(path: str, text: str, extensions: Mapping[str, Any]) -> str:
    """Return the title that MkDocs gives a page without one: its first heading, otherwise the file's name.

    Raises Unstageable if a Markdown extension fails.
    """
    from briefing.building.mkdocs_compat import find_title  # not imported at the top, as in _own_meta

    try:
        title = find_title(split_front_matter(text)[1], extensions)
    except Exception as error:  # an extension may raise anything
        raise Unstageable(f"{SETTINGS}: an extension in 'markdown_extensions' failed: {error}") from None
    if title:
        return title
    name = re.sub(r"[-_]", " ", posixpath.basename(path).removesuffix(".md"))
    # Keep capitals that the author has chosen.
    if name == name.lower():
        return name.capitalize()
    return name


def _edit_link(base: str, path: str) -> dict[str, Any]:
    if base and path:
        return {"edit_url": base + path}
    return {}


# ---- disk


def read_tree(root: Path, inputs: Inputs, settings: Mapping[str, Any]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return the files of ``docs/`` other than pages, and the theme's files. An earlier theme folder has precedence."""
    assets = {path: (root / DOCS / path).read_bytes() for path in inputs.assets}
    folders = theme_folders(root)
    own = settings.get("theme")
    if isinstance(own, dict) and own.get("custom_dir"):
        folders = [root / own["custom_dir"], *folders]
    theme = {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for folder in reversed(folders)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    return assets, theme


def write_tree(to: Path, files: Mapping[str, bytes]) -> Written:
    """Update the folder to contain these files.

    Only files that differ are written, each in one step, so that an engine that watches the folder sees no partial
    file and no needless change. A file that an earlier call wrote and that is no longer needed is removed. Other files
    stay. Raises Unstageable if one of them is in the way.
    """
    manifest = to / MANIFEST
    (to / f"{MANIFEST}~").unlink(missing_ok=True)  # left by a call that was killed
    ours = set()
    try:
        if manifest.exists():
            ours = set(json.loads(manifest.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise Unstageable(
            f"{manifest} was not written by briefing stage; delete the folder, or choose another"
        ) from None
    changed = [path for path, data in files.items() if _read(to / path) != data]
    for path in changed:
        for file in _conflicting_files(to, path):
            if file not in ours:
                raise Unstageable(f"{to / file} was not written by briefing stage; choose another folder")
    gone = sorted(ours - files.keys())
    ours |= set(changed)
    if changed or gone:
        # Write the manifest first, so that it lists every file we write, even if we are killed halfway.
        _write(to, MANIFEST, _manifest(ours))
    for path in gone:
        (to / path).unlink(missing_ok=True)
        _remove_empty(to, (to / path).parent)
    for path in changed:
        _write(to, path, files[path])
    if gone:
        _write(to, MANIFEST, _manifest(ours & files.keys()))
    return Written(len(changed), len(files) - len(changed), len(gone))


def _conflicting_files(to: Path, path: str) -> Iterator[str]:
    """Yield the existing files at a path to be written, below it, or where one of its folders should be."""
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
    temporary = to / f"{MANIFEST}~"
    temporary.write_bytes(data)
    temporary.replace(to / path)


def _remove_empty(to: Path, folder: Path) -> None:
    while folder != to:
        try:
            folder.rmdir()
        except OSError:  # the folder is not empty
            return
        folder = folder.parent
