"""Facts of an application that nobody types: whose it is, how it came, and what the lender's own
systems know.

`SOURCES` is the seam: each source is handed the contract, as far as its fields are wanted by now,
the product's name and the facts so far, and says what it knows, leaving out what it does not. Where
one fails nothing is decided: a strategy would take what is missing for something that nobody knows,
and might approve. The draft waits, and is sent on once the source answers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from equipoise.contract import Contract
from equipoise.errors import EquipoiseError
from equipoise.service.contexts.drafts.simulated import simulated
from equipoise.service.platform.operations.logs import facts as said
from equipoise.service.platform.operations.logs import log

Source = Callable[[Contract, str, Mapping[str, Any]], Mapping[str, Any]]
SOURCES: list[Source] = [simulated]
CHANNEL, _IN_FLIGHT = "channel", "in_flight"
_log = log("drafts")


class NotAnswered(EquipoiseError):
    """A source of facts failed: nothing is decided without what it knows."""

    def __init__(self) -> None:
        super().__init__("a source of facts did not answer", mend="see the log; it is asked again")


@dataclass(frozen=True, slots=True)
class Own:
    """What the service knows of the application by itself; `in_flight` are others of the same
    person (see `in_flight`)."""

    reference: str
    channel: str
    day: date
    in_flight: int = 0


def with_given(
    contract: Contract, product: str, typed: Mapping[str, Any], own: Own
) -> dict[str, Any]:
    """The facts typed and those that are given besides; what was typed is never written over.

    Raises NotAnswered where a source fails.
    """
    return also_given(contract, product, {}, {**_own(contract, own), **typed})


def also_given(
    contract: Contract, product: str, known: Mapping[str, Any], typed: Mapping[str, Any]
) -> dict[str, Any]:
    """Facts typed after those that are `known`, and what is given besides for the fields of the
    contract as it is handed over, which are those wanted now. Raises as `with_given`."""
    fresh = dict(typed)
    for source in SOURCES:
        fresh = {**_asked(source, contract, product, {**known, **fresh}), **fresh}
    names = {field.name for field in contract.fields} - known.keys()
    return {name: value for name, value in fresh.items() if name in names}


def refuse_lacking(needed: Collection[str], given: Mapping[str, Any], product: str) -> None:
    """Raise NotAnswered where a fact without which the strategy decides nothing is known to nobody:
    that is for the lender to mend, in its sources or its contract, and not for the applicant."""
    lacking = [name for name in needed if name not in given]
    if lacking:
        fields = ", ".join(lacking)
        _log.error("no source knows what is needed", extra=said(product=product, fields=fields))
        raise NotAnswered


def _own(contract: Contract, own: Own) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if contract.id is not None:
        facts[contract.id] = own.reference
    if contract.date is not None:
        facts[contract.date] = own.day.isoformat()
    for field in contract.fields:
        if field.name == CHANNEL and own.channel in field.values:
            facts[field.name] = own.channel
        if field.name == _IN_FLIGHT:
            facts[field.name] = own.in_flight
    return facts


def _asked(
    source: Source, contract: Contract, product: str, known: Mapping[str, Any]
) -> Mapping[str, Any]:
    try:
        return source(contract, product, known)
    except Exception as error:
        _log.error("a source of facts failed", exc_info=error, extra=said(product=product))
        raise NotAnswered from error
