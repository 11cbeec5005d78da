"""Cache the last result of a function."""

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
T = TypeVar("T")


def cache_last(make: Callable[[K], T]) -> Callable[[K], T]:
    """Return a version of ``make`` that caches its last result."""
    # One entry is enough, because all rules of a check use the same briefing. More would only fill memory.
    last: list[tuple[K, T]] = []

    def cached(key: K) -> T:
        # Comparing two large briefings by value takes long, and most calls have the same one.
        if not last or (last[0][0] is not key and last[0][0] != key):
            last[:] = [(key, make(key))]
        return last[0][1]

    return cached
