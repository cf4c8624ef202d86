"""Deciding many applications at once: each fails alone, and what one costs the database, all do."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field

from equipoise.service.accounts.permissions import Principal
from equipoise.service.decisions.deciding import Asked, decide
from equipoise.service.decisions.idempotency import Once
from equipoise.service.decisions.reading import Found


@dataclass(frozen=True, slots=True)
class Ask:
    """An application to decide, who asks, and by what the request is told from another.

    What is done for it alone is done in its `context`: log lines and spans are its request's.
    """

    by: Principal
    asked: Asked
    once: Once
    context: Context = field(default_factory=copy_context, compare=False, repr=False)


def decide_together(asks: Sequence[Ask]) -> list[Found | Exception]:
    """Each application's decision, durable, or the error that `deciding.decide` would raise for
    it; in order. A fault in one touches no other.

    Blocks on the database; one thread of a process at a time should call it, outside transactions.
    """
    return [_alone(ask) for ask in asks]


def _alone(ask: Ask) -> Found | Exception:
    try:
        return ask.context.run(decide, ask.asked, ask.by, ask.once)
    except Exception as error:
        return error
