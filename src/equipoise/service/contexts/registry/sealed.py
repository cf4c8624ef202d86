"""Reading who a sealed strategy is."""

from __future__ import annotations

import json
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


def as_sealed(raw: bytes) -> bytes:
    """The file as it was sealed, from any writing of its JSON; what is none is given back.

    Nothing is taken on trust: the digest is reckoned again from the canonical text.
    """
    from equipoise.strategy.sealing import canonical

    try:
        data = json.loads(raw)
        if not isinstance(data, dict) or set(data) != {"digest", "sealed"}:
            return raw
        text = f'{{"digest":{json.dumps(data["digest"])},"sealed":{canonical(data["sealed"])}}}\n'
        return text.encode()
    except (ValueError, RecursionError):
        return raw
