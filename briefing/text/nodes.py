"""Values that know their line and column."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from briefing.problems import Span

# From a node to one within it: names of fields and indexes of lists.
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands."""

    span: Span


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A scalar, just as written (an absent value is the empty text)."""

    value: str


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """A list."""

    items: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping(Node):
    """A map; ``keys`` has the place of each key."""

    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Span] = field(default_factory=dict)


def follow(node: Node, path: Path) -> Node:
    """The value at ``path``, or the nearest value around it that exists."""
    for step in path:
        if isinstance(node, Mapping) and step in node.entries:
            node = node.entries[str(step)]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            break
    return node


def place(node: Node, path: Path) -> Span:
    """Where the value at ``path`` stands, or the nearest value around it that exists."""
    return follow(node, path).span


def plain(node: Node) -> object:
    """The value without places: str, list or dict."""
    match node:
        case Text():
            return node.value
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key: plain(value) for key, value in node.entries.items()}
    raise TypeError(node)  # pragma: no cover


def texts(node: Node) -> Iterator[Text]:
    """Every text in a value, in the order of the file; names of fields are none."""
    if isinstance(node, Text):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from texts(item)
    elif isinstance(node, Mapping):
        for value in node.entries.values():
            yield from texts(value)
