"""What can be applied for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from equipoise.contract import Contract
from equipoise.service.contexts.drafts.asked import at_first
from equipoise.service.contexts.registry.reading import champions, loaded
from equipoise.strategy.offering import Portrait, portrait


@dataclass(frozen=True, slots=True)
class Product:
    """What a person can apply for: a strategy in force, the contract of what it asks, as far as
    everybody is asked at `first`, and what is told of it beforehand. `name` is the strategy's;
    people read the portrait's."""

    name: str
    digest: str
    contract: Contract
    first: Contract
    portrait: Portrait


def products() -> list[Product]:
    """Every product, in the order of their strategies' names."""
    return [_product(each.strategy, each.digest) for each in champions()]


def offered(name: str) -> Product | None:
    """The product of a strategy; None where it is not in force."""
    digests = (each.digest for each in champions() if each.strategy == name)
    return next((_product(name, each) for each in digests), None)


@lru_cache(maxsize=64)
def _product(strategy: str, digest: str) -> Product:
    content = loaded(digest).content
    first = at_first(digest).contract
    return Product(strategy, digest, content.contract, first, portrait(content))
