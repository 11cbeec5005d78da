"""Where a record is defined, what refers to it, and which pages and files show it."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from briefing.exports.catalog import Download
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import Citation
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

# the ids of topics are apart from all others
TOPIC_FIELDS = fields_that(lambda meaning: meaning.refers_to == "topic")
RECORD_FIELDS = fields_that(lambda meaning: meaning.refers_to) - TOPIC_FIELDS


@dataclass(frozen=True, slots=True)
class Use:
    """A place in ``facts/`` that names a record: the scalar's, the field that it stands in, and the nearest record
    around it (its id, or the file where it has none). ``field`` is ``id`` where the record itself stands.
    """

    place: Span
    field: str
    within: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A record that a word may mean, and the word that means it alone (``actors/…``, ``topics/…``)."""

    record: Named
    kind: str

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.record.id}"


def choices(briefing: Briefing, word: str) -> tuple[Choice, ...]:
    """The records that ``word`` means: an id, or an id behind its kind as ``Choice.name`` has it."""
    every = (Choice(record, _kind(record)) for record in (*briefing.records(), *briefing.topics))
    return tuple(choice for choice in every if word in (choice.record.id, choice.name))


def nearest_id(briefing: Briefing, word: str) -> str:
    """The id that is most like ``word``, or an empty text."""
    return nearest(word, {record.id for record in (*briefing.records(), *briefing.topics)})


def _kind(record: Named) -> str:
    return next(name for kind, name in _KINDS if isinstance(record, kind))


def addresses(briefing: Briefing, record: Named) -> tuple[str, ...]:
    """Where the site tells of a record, as ``moved`` of facts/briefing.yml writes it: its page, or page#id.

    A pinned source has two: its entry among the sources and its own page.
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
            paths = [f"{routes.BRIEF}#{record.id}"]
        case Question():
            paths = [f"{routes.DISPUTED}#{record.id}"]
        case ViewQuestion():
            paths = [f"{routes.VIEWS}#{record.id}"]
    return tuple(path.replace(".md", "", 1) for path in paths)


def uses(files: Mapping[str, bytes], record: Named) -> Iterator[Use]:
    """Every place in ``files`` (``facts/``, by path) that names the record, itself included, file by file.

    A topic is its file and has no place of its own.
    """
    fields = TOPIC_FIELDS if isinstance(record, Topic) else RECORD_FIELDS | {"id"}
    for file, data in sorted(files.items()):
        node, _ = load_yaml(file, data)
        if node is None:
            continue
        for use, text in _scalars(node, "", file):
            named = text.value
            if use.field == "cite":
                named = Citation(*named.split(":", 1)).source
            if use.field in fields and named == record.id:
                yield use


def _scalars(node: Node, field: str, within: str) -> Iterator[tuple[Use, Text]]:
    """Every scalar with the field that it stands in; ``moved`` is no field of ids."""
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
    """The paths of the pages, other than its own and those at old addresses, that lead to one of ``addresses``."""
    wanted = set(addresses)
    others = (page for page in pages if not page.leads_to and routes.address(page.path) not in wanted)
    # a link to an address has the name at its end; to find that takes a hundredth of the time that reading links does
    names = {re.split("[/#]", address)[-1] for address in addresses}
    return tuple(page.path for page in others if any(name in page.body for name in names) and wanted & _led_to(page))


def _led_to(page: Page) -> set[str]:
    found = set()
    for link in find_links(page.body):
        target, _, fragment = page.body[link.target_start : link.target_end].partition("#")
        # a Markdown link starts from the page's file, a raw one from the page's address
        start = routes.address(page.path) if link.kind == "tag" else posixpath.dirname(page.path)
        path = posixpath.normpath(posixpath.join(start, target)) if target else page.path
        address = path.removesuffix(".md").removeprefix("./")
        found |= {address, f"{address}#{fragment}"}
    return found


def files_naming(files: Iterable[Download], record_id: str) -> tuple[str, ...]:
    """Return the paths of the downloads in which the id is a word."""
    word = re.compile(rb"(?<![\w-])" + re.escape(record_id.encode()) + rb"(?![\w-])")
    return tuple(file.path for file in files if word.search(file.data))
