"""Cache the last results of a function."""

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
T = TypeVar("T")

# All rules of a check use the same briefing, and a comparison uses two in turn. More would only fill memory.
_KEPT = 2


def cache_last(make: Callable[[K], T]) -> Callable[[K], T]:
    """Return a version of ``make`` that caches its results for the last two objects."""
    last: list[tuple[K, T]] = []

    def cached(key: K) -> T:
        # Comparing two large briefings by value would take longer than making most results.
        for known, result in last:
            if known is key:
                return result
        last[:] = [(key, make(key)), *last[: _KEPT - 1]]
        return last[0][1]

    return cached
