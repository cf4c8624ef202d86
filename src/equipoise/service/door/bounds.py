"""How much may be on its way at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Full(Exception):
    """It is as much as may be."""


class Bound:
    """At most `most` in all, and `each` of one name."""

    def __init__(self, most: int, each: int) -> None:
        self._most, self._each = most, each
        self._held = 0
        self._by: Counter[str] = Counter()

    @contextmanager
    def held(self, amount: int, name: str) -> Iterator[Callable[[int], None]]:
        """Count it while the block lasts, and what is added meanwhile by calling what it gives.
        Raises Full where it would be too much, as adding does."""
        held = 0

        def add(more: int) -> None:
            nonlocal held
            if self._held + more > self._most or self._by[name] + more > self._each:
                raise Full
            self._held += more
            self._by[name] += more
            held += more

        try:
            add(amount)
            yield add
        finally:
            self._held -= held
            self._by[name] -= held
            if not self._by[name]:
                del self._by[name]
