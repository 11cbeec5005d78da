"""A cache of the last result."""

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
T = TypeVar("T")


def cache_last(make: Callable[[K], T]) -> Callable[[K], T]:
    """Return a function that remembers what ``make`` returned last, and for which argument."""
    # One entry is enough: the rules of a check all ask about the same briefing, and older ones would only fill memory.
    last: list[tuple[K, T]] = []

    def cached(key: K) -> T:
        if not last or last[0][0] != key:
            last[:] = [(key, make(key))]
        return last[0][1]

    return cached
