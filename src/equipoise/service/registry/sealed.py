"""Reading who a sealed strategy is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """A sealed strategy's name, the version its author gave it, and its digest."""

    strategy: str
    label: str
    digest: str


def identify(raw: bytes) -> Identity:
    """Read a sealed strategy's file. Raises BadInput where it is not one, or was altered."""
    from equipoise.strategy.sealing import unsealed

    sealed = unsealed(raw)
    document = sealed.content.strategy
    return Identity(document.name, str(document.version), sealed.digest)
