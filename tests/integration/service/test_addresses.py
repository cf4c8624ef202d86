"""Every address has a name of its own: of two with one name, a page would lead to the wrong one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver


def names(patterns: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Names of addresses, and what stands in each of them to be filled in. The API's stand in a
    space of their own, and nothing is looked up by them."""
    for each in patterns:
        if not hasattr(each, "url_patterns"):
            yield each.name or str(each.pattern), tuple(sorted(each.pattern.converters))
        elif not each.namespace:
            yield from names(each.url_patterns)


def test_no_two_addresses_have_one_name() -> None:
    count = Counter(names(get_resolver().url_patterns))
    assert len(count) > 60  # or not all of them were reached
    assert [name for name, times in count.items() if times > 1] == []
