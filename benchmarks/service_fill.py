"""Store many decisions, each a true one: sealed under a key of its own, hashed, indexed (a process
of its own). They are copies of the last decision made, or of the last of an outcome that is named,
for applicants and keys of their own.

Written by the service's own functions, thousands to a transaction, from as many processes as there
are cores; only the fsyncs of single commits are spared.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from pathlib import Path
from typing import Any

from equipoise.service.commands.starting import make_ready

_TOGETHER = 2_000


def main(folder: Path, count: int, outcome: str = "", branch: str = "") -> float:
    """Seconds it took to store `count` more; of that outcome and branch, where they are named."""
    begun = time.perf_counter()
    # SQLite has one writer at a time, but making rows takes longer than writing them.
    processes = os.cpu_count() or 1
    shares = [count // processes + (n < count % processes) for n in range(processes)]
    context = multiprocessing.get_context("spawn")
    started = [
        context.Process(target=fill, args=(folder, share, name, outcome, branch))
        for name, share in enumerate(shares)
    ]
    for each in started:
        each.start()
    for each in started:
        each.join()
        assert each.exitcode == 0
    _settle(folder)
    return time.perf_counter() - begun


def fill(folder: Path, count: int, name: int, outcome: str, branch: str) -> None:
    """Store that many; `name` tells the processes apart."""
    make_ready(folder)
    from equipoise.service.contexts.applications.models import Application
    from equipoise.service.contexts.decisions.models import Decision
    from equipoise.service.contexts.decisions.reading import recorded
    from equipoise.service.contexts.decisions.record_format import Parts
    from equipoise.service.platform.record.subjects import open_sealed

    made = Decision.objects.filter(outcome=outcome) if outcome else Decision.objects
    result = recorded(made.latest("made_at"))
    pinned = Application.objects.get(pk=result.row.application)
    for row in (result.row, pinned):
        row.branch = branch or row.branch
    parts = Parts(dict(result.plain), open_sealed(result.sealed))
    stamp = f"{name}-{time.time_ns()}"
    for start in range(0, count, _TOGETHER):
        numbers = range(start, min(start + _TOGETHER, count))
        _write([_copied(result.row, pinned, parts, f"fill-{stamp}-{n}") for n in numbers])


def _copied(row: Any, pinned: Any, parts: Any, reference: str) -> tuple[tuple[Any, Any], Any]:
    """The rows of one more application and its decision, and the event."""
    from django.utils import timezone

    from equipoise.service.contexts.applications.models import Application
    from equipoise.service.contexts.decisions import idempotency
    from equipoise.service.contexts.decisions.events import DecisionMade
    from equipoise.service.contexts.decisions.models import Decision
    from equipoise.service.platform.record import subjects

    application = {**parts.sealed["application"], "application_id": reference}
    facts = {**parts.sealed, "id": reference, "application": application}
    chain = subjects.new_id("application")
    blind = subjects.keyring().blind("application_id", reference)
    sealed = subjects.seal_new(chain, facts, blind)
    kept = _values(row)
    asked = idempotency.once(row.begun_by, reference, {"application": application})
    made = Decision(**{
        **kept,
        "id": subjects.new_id("decision"),
        "application": chain,
        "request": asked.key,
        "sent": asked.body,
        "made_at": timezone.now(),
    })  # fmt: skip
    event = DecisionMade(
        decision=made.id,
        by=made.begun_by,
        strategy=made.strategy,
        way=made.way,
        propensity=pinned.propensity,
        made=parts.plain,
        facts=sealed.body,
        made_at=made.made_at.isoformat(),
        request=asked.key.hex(),
        branch=made.branch,
        region=made.region,
    )
    moved = {"id": chain, "step": made.id, "changed_at": made.made_at}
    return (Application(**{**_values(pinned), **moved}), made), sealed.event(event)


def _values(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _write(made: list[tuple[tuple[Any, Any], Any]]) -> None:
    from django.db import connection, transaction

    from equipoise.service.platform.record.bulk import many_rows, write_rows
    from equipoise.service.platform.record.store import write_events

    with transaction.atomic(), many_rows(connection) as into:
        write_rows(connection, into, [row for rows, _ in made for row in rows])
        write_events(connection, into, [event for _, event in made])


def _settle(folder: Path) -> None:
    """What a database that grew over years has behind it: checkpoints, figures of its tables."""
    make_ready(folder)
    from django.db import connection

    from equipoise.service.platform.record.signing import make_checkpoints

    make_checkpoints()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("ANALYZE")


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
