"""Products: what can be applied for, which of it fits, and a first idea of the answer."""

from __future__ import annotations

from collections.abc import Mapping

from .reading import read
from .results import Finder, Found, Product, Range
from .transport import Transport

_ALL = "/v1/products"


class Products:
    """Finding and first ideas need the scope applications.apply; nothing that is sent is kept."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, language: str = "en") -> tuple[Product, ...]:
        """What can be applied for, and what a person is asked for each, in a language. Needs the
        scope decisions.read."""
        answer = self._transport.ask("GET", _ALL, query={"language": language}).json
        return tuple(read(Product, each) for each in answer["products"])

    def finder(self, language: str = "") -> Finder:
        """The products side by side, and what can be said to find the one that fits."""
        query = {"language": language}
        return read(Finder, self._transport.ask("GET", f"{_ALL}/finder", query=query).json)

    def find(
        self, whom: str = "", need: str = "", amount: str = "", when: str = "", language: str = ""
    ) -> Found:
        """How each product fits what somebody looks for: codes of the finder, and the amount as it
        was typed."""
        body = {"whom": whom, "need": need, "amount": amount, "when": when, "language": language}
        return read(Found, self._transport.ask("POST", f"{_ALL}/finder", body).json)

    def asked_first(self, whom: str = "", language: str = "") -> Range:
        """What is asked for a first idea of every product's answer."""
        query = {"whom": whom, "language": language}
        return read(Range, self._transport.ask("GET", f"{_ALL}/range", query=query).json)

    def range(self, facts: Mapping[str, str], whom: str = "", language: str = "") -> Range:
        """A first idea of every product's answer, from what was typed, by the box of what is asked
        first."""
        body = {"facts": dict(facts), "whom": whom, "language": language}
        return read(Range, self._transport.ask("POST", f"{_ALL}/range", body).json)
