"""Find where a record is defined, what refers to it, and which pages and files show it."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from briefing.exports.catalog import Download
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.parser import PUBLISHED
from briefing.model.records import (
    Actor,
    Entity,
    Fact,
    Judgment,
    Place,
    Question,
    Source,
    Term,
    Topic,
    ViewQuestion,
    fields_that,
)
from briefing.pages.templates import Page
from briefing.problems import Span, nearest
from briefing.text.markdown_source import find_links
from briefing.text.nodes import Mapping as Map
from briefing.text.nodes import Node, Sequence, Text
from briefing.text.yaml_reader import load_yaml

Named = Source | Entity | Fact | Judgment | Question | ViewQuestion | Topic

_KINDS: tuple[tuple[type[Named], str], ...] = (
    (Actor, "actors"),
    (Place, "places"),
    (Term, "glossary"),
    (Source, "sources"),
    (Fact, "facts"),
    (Judgment, "judgments"),
    (Question, "open_questions"),
    (ViewQuestion, "views"),
    (Topic, "topics"),
)

# Topics have a separate namespace of ids.
TOPIC_FIELDS = fields_that(lambda meaning: meaning.refers_to == "topic")
RECORD_FIELDS = fields_that(lambda meaning: meaning.refers_to) - TOPIC_FIELDS


@dataclass(frozen=True, slots=True)
class Use:
    """A reference to a record in ``facts/``, or its definition, in which case ``field`` is ``id``.

    ``place`` is the position of the scalar, and ``field`` the field that contains it. ``within`` is the id of the
    nearest record around it, or the file if there is none.
    """

    place: Span
    field: str
    within: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A record that a word may refer to. ``name`` is its unambiguous name (``actors/…``, ``topics/…``)."""

    record: Named
    kind: str

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.record.id}"


def choices(briefing: Briefing, word: str) -> tuple[Choice, ...]:
    """Return the records that ``word`` may refer to. It is an id, or a kind and an id as in ``Choice.name``."""
    every = (Choice(record, _kind(record)) for record in (*briefing.records(), *briefing.topics))
    return tuple(choice for choice in every if word in (choice.record.id, choice.name))


def nearest_id(briefing: Briefing, word: str) -> str:
    """Return the id that is most similar to ``word``, or an empty text."""
    return nearest(word, {record.id for record in (*briefing.records(), *briefing.topics)})


def _kind(record: Named) -> str:
    return next(name for kind, name in _KINDS if isinstance(record, kind))


def addresses(briefing: Briefing, record: Named) -> tuple[str, ...]:
    """Return the addresses of a record on the site, written as in ``moved`` of facts/briefing.yml: page or page#id.

    A pinned source has two: its entry on the page of sources, and its own page.
    """
    match record:
        case Topic():
            paths = [routes.topic(record)]
        case Fact():
            paths = [routes.fact(record)]
        case Entity():
            paths = [routes.entity(record)]
        case Source():
            paths = [routes.source(record.id)]
            if record.id in briefing.pin_of:
                paths.append(routes.coverage(record.id))
        case Judgment():
            paths = [routes.judgment(record.id), f"{routes.BRIEF}#{record.id}"]
        case Question():
            paths = [f"{routes.DISPUTED}#{record.id}"]
        case ViewQuestion():
            paths = [f"{routes.VIEWS}#{record.id}"]
    return tuple(path.replace(".md", "", 1) for path in paths)


def uses(files: Mapping[str, bytes], record: Named) -> Iterator[Use]:
    """Yield every reference to the record in ``files`` (``facts/``, by path), including its definition.

    The definition of a topic is its file, which has no reference to yield. The list of published ids has none either:
    an id that readers have seen stays on it.
    """
    fields = TOPIC_FIELDS if isinstance(record, Topic) else RECORD_FIELDS | {"id"}
    for file, data in sorted(files.items()):
        if file == PUBLISHED:
            continue
        node, _ = load_yaml(file, data)
        if node is None:
            continue
        for use, text in _scalars(node, "", file):
            named = text.value
            if use.field == "cite":
                named = named.partition(":")[0]
            if use.field in fields and named == record.id:
                yield use


def _scalars(node: Node, field: str, within: str) -> Iterator[tuple[Use, Text]]:
    """Yield every scalar with the field that contains it, except those in ``moved``, which are addresses."""
    match node:
        case Text():
            yield Use(node.span, field, within), node
        case Sequence():
            for item in node.items:
                yield from _scalars(item, field, within)
        case Map():
            own = node.entries.get("id")
            within = own.value if isinstance(own, Text) else within
            for key, value in node.entries.items():
                if key != "moved":
                    yield from _scalars(value, key, within)


def pages_linking(pages: Iterable[Page], addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Return the paths of the pages that link to one of ``addresses``, except these pages themselves and redirects."""
    wanted = set(addresses)
    others = (page for page in pages if not page.leads_to and routes.address(page.path) not in wanted)
    # Every link to an address ends with its name. Searching for the name is a hundred times faster than parsing links.
    names = {re.split("[/#]", address)[-1] for address in addresses}
    candidates = (page for page in others if any(name in page.body for name in names))
    return tuple(page.path for page in candidates if wanted & _link_addresses(page))


def _link_addresses(page: Page) -> set[str]:
    found = set()
    for link in find_links(page.body):
        target, _, fragment = page.body[link.target_start : link.target_end].partition("#")
        # A Markdown link is relative to the page's file, a link in raw HTML to the page's address.
        start = routes.address(page.path) if link.kind == "tag" else posixpath.dirname(page.path)
        path = posixpath.normpath(posixpath.join(start, target)) if target else page.path
        address = path.removesuffix(".md").removeprefix("./")
        found |= {address, f"{address}#{fragment}"}
    return found


def files_naming(files: Iterable[Download], record_id: str) -> tuple[str, ...]:
    """Return the paths of the downloads that contain the id as a whole word."""
    word = re.compile(rb"(?<![\w-])" + re.escape(record_id.encode()) + rb"(?![\w-])")
    return tuple(file.path for file in files if word.search(file.data))
