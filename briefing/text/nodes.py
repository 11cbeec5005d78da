"""Values with their line and column."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from briefing.problems import Span

# The steps from a node to one inside it: field names and list indexes.
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its position."""

    span: Span


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A scalar exactly as written; a missing value is an empty text."""

    value: str


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """A list."""

    items: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping(Node):
    """A map; ``keys`` has the position of each key."""

    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Span] = field(default_factory=dict)


def follow(node: Node, path: Path) -> Node:
    """Return the node at ``path``, or the innermost existing node around it.

    A list of one item may be written as that item, so 0 leads from an item to itself.
    """
    for step in path:
        if isinstance(node, Mapping) and step in node.entries:
            node = node.entries[str(step)]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        elif isinstance(node, Sequence) or step != 0:
            break
    return node


def place(node: Node, path: Path) -> Span:
    """Return the position of the node at ``path``, or of the innermost existing node around it."""
    return follow(node, path).span


def plain(node: Node) -> object:
    """Return the value without positions: str, list or dict."""
    match node:
        case Text():
            return node.value
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key: plain(value) for key, value in node.entries.items()}
    raise TypeError(node)  # pragma: no cover


def texts(node: Node) -> Iterator[Text]:
    """Yield every text in a value, in file order. Field names are not included."""
    if isinstance(node, Text):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from texts(item)
    elif isinstance(node, Mapping):
        for value in node.entries.values():
            yield from texts(value)


def mappings(node: Node) -> Iterator[Mapping]:
    """Yield every map in a value, the outer ones first."""
    if isinstance(node, Mapping):
        yield node
        for value in node.entries.values():
            yield from mappings(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from mappings(item)
