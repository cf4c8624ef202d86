"""Having the strategies in force ready before the first applicant waits for one."""

from __future__ import annotations

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.decisions.examples import example_application
from equipoise.service.contexts.registry.reading import in_force, loaded
from equipoise.service.platform.operations.logs import log

_log = log("decisions")


def warm_up() -> None:
    """Load every strategy in force and decide one application by it; a fault is only told."""
    for digest in in_force().values():
        try:
            strategy = loaded(digest)
            strategy.decide(example_application(strategy))
        except EquipoiseError as error:
            _log.error("strategy cannot be warmed up", exc_info=error)
