"""Lists that come in pages, one after the other as they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from .reading import read
from .transport import Sender

T = TypeVar("T")
Asked = Mapping[str, Any]


def listed(transport: Sender, kind: type[T], path: str, query: Asked | None = None) -> Iterator[T]:
    """Everything in the list, each page asked for when it is come to."""
    return _pages(kind, query or {}, lambda asked: transport.ask("GET", path, query=asked).json)


def searched(transport: Sender, kind: type[T], path: str, body: Asked) -> Iterator[T]:
    """The same where what is asked for stands in the body, and so in no address and no log."""
    return _pages(kind, body, lambda asked: transport.ask("POST", path, asked).json)


def _pages(kind: type[T], asked: Asked, ask: Callable[[Asked], Any]) -> Iterator[T]:
    after: str | None = ""
    while after is not None:
        page = ask({**asked, "after": after} if after else asked)
        for each in page["items"]:
            yield read(kind, each)
        after = page["next"]
