"""What a strategy says of an application. Whatever fails on the way, it ends with a person or with
nothing at all, never a yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from equipoise.errors import BadInput
from equipoise.service.contexts.decisions.record_format import (
    FORMAT,
    FORMATS,
    Parts,
    RecordFormat,
    referred,
    with_extras,
)
from equipoise.service.contexts.registry.reading import Unusable, loaded
from equipoise.service.platform.operations.logs import facts, log
from equipoise.texts.codes import NO_SCORE

if TYPE_CHECKING:
    from equipoise.strategy import Strategy

_log = log("decisions")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the facts, by which strategy (empty: the only one), and whose area it is."""

    application: Mapping[str, Any]
    strategy: str = ""
    branch: str = ""
    region: str = ""
    language: str = ""


def parts_by(digest: str, application: Mapping[str, Any], on: date) -> Parts:
    """What that version says; where it cannot be had, a person decides."""
    try:
        strategy = loaded(digest)
    except Unusable as error:
        _log.error("strategy cannot decide", exc_info=error, extra=facts(digest=digest))
        return referred("strategy unusable", digest, NO_SCORE, application, on)
    return decided(strategy, application, on)


def decided(
    strategy: Strategy,
    application: Mapping[str, Any],
    on: date,
    record_format: RecordFormat = FORMATS[FORMAT],
) -> Parts:
    """What the strategy says, ready to be recorded in a format; a fault of ours refers.

    Raises BadInput where the application's shape is wrong.
    """
    try:
        parts = record_format.split(strategy.decide(application, at=on), application)
        return with_extras(parts, strategy.compiled.intake.facts.extras(application))
    except BadInput:
        raise
    except Exception as error:
        _log.error("strategy failed", exc_info=error, extra=facts(digest=strategy.digest))
        return referred("strategy failed", strategy.digest, NO_SCORE, application, on)
