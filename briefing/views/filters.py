"""Filters of a long list: what a reader can narrow or sort it by. The site's script applies them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from briefing.text.language import Language
from briefing.views.statement import KIND_WORDS

# An actor's page with more facts than this is folded and has filters.
MANY = 30


@dataclass(frozen=True, slots=True)
class Option:
    """What a filter can be set to, and how many items it leaves; None for an order, which leaves all."""

    id: str
    name: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice between options. ``all`` is the label of the first one, which narrows nothing.

    ``id`` is the name of the attribute (``data-ID``) whose words an option is compared with. If ``sorts``, the list is
    ordered by the attribute that the option names.
    """

    id: str
    name: str
    all: str
    options: tuple[Option, ...]
    sorts: bool = False


def options(named: Iterable[tuple[str, str]], used: Iterable[str]) -> tuple[Option, ...]:
    """Return the options, as pairs of id and name, that at least one item has; ``used`` has the ids of every item."""
    count = Counter(used)
    return tuple(Option(option_id, name, count[option_id]) for option_id, name in named if count[option_id])


def topic_filter(language: Language, topics: Iterable[tuple[str, str]], used: Iterable[str]) -> Filter:
    """Return the filter by topic; ``topics`` are pairs of id and title."""
    return Filter("topic", language.gettext("Topic"), language.gettext("All topics"), options(topics, used))


def kind_filter(language: Language, used: Iterable[str]) -> Filter:
    """Return the filter by the kind of fact."""
    kinds = [(kind, language.gettext(word)) for kind, word in KIND_WORDS.items()]
    return Filter("kind", language.gettext("Kind"), language.gettext("All kinds"), options(kinds, used))
