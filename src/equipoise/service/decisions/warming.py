"""Having the strategies in force compiled before the first applicant waits for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from equipoise.errors import EquipoiseError
from equipoise.service.decisions.examples import example_application
from equipoise.service.decisions.loaded import loaded
from equipoise.service.operations.logs import log
from equipoise.service.registry.models import Pointer

if TYPE_CHECKING:
    from equipoise.strategy.live import Live

_log = log("decisions")


def warm_up() -> None:
    """Load every strategy in force and decide one application by it; a fault is only told."""
    for digest in Pointer.objects.values_list("version__digest", flat=True):
        try:
            strategy = loaded(digest)
            strategy.decide(example_application(strategy))
            _value_something(strategy.live)
        except EquipoiseError as error:
            _log.error("strategy cannot be warmed up", exc_info=error)


def _value_something(live: Live) -> None:
    """Load the compiled value formula, which the example may not have come to."""
    figures = (0.05, live.content.lgd, 1000.0, 12.0, 3000.0, 0.1)
    live.valuer.given(*figures, live.weights.base, 0)
    live.valuer.one(*figures, live.weights.base, live._everything)
