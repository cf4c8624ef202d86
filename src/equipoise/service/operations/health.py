"""Is the process up, and can it do its work? Answered without a key, and saying little."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from equipoise.service.operations.catalogue import NOT_READY
from equipoise.service.operations.logs import log
from equipoise.service.operations.problems import problem

Note = Callable[[], str | None]
_log = log("health")
_migrated: set[str] = set()
_asked: list[Note] = []


def on_asking(note: Note) -> None:
    """Add something to look after; it returns what is amiss, in words that name nobody."""
    if note not in _asked:
        _asked.append(note)


@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 once the database answers and has every migration; else 503 with Retry-After.

    `notes` say what is amiss without keeping requests from being answered.
    """
    try:
        missing = faults()
    except DatabaseError:
        _log.warning("database does not answer", exc_info=True)
        connection.close()
        missing = ["the database does not answer"]
    if not missing:
        return JsonResponse({"status": "ready", "notes": _notes()})
    waiting = problem(request, NOT_READY, "; ".join(missing))
    waiting["Retry-After"] = "5"
    return waiting


def _notes() -> list[str]:
    try:
        return [told for note in _asked if (told := note())]
    except DatabaseError:
        return []  # it answered a moment ago; the next request will say so


def faults() -> list[str]:
    """What keeps the database from being used; raises DatabaseError where it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    name = str(connection.settings_dict["NAME"])
    if name not in _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return ["migrations are not applied"]
        _migrated.add(name)
    return []
