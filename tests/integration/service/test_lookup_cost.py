"""To look up what is in flight costs the same however much the caller asked before."""

from __future__ import annotations

from typing import Any

from django.db import connection
from lender import ask, facts

from equipoise.service.contexts.applications import in_flight as flights
from equipoise.service.contexts.applications.models import Application
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.platform.record.subjects import blind

MANY, ASKED = 3_000, 10


def much_asked(client: Any) -> str:
    """A caller who has asked much: their first decision, and as many rows more."""
    answer = ask(client, facts())
    first = Decision.objects.get(pk=answer.json()["id"])
    columns = {field.attname for field in Decision._meta.concrete_fields}
    same = {name: getattr(first, name) for name in columns} | {"request": None}
    Decision.objects.bulk_create(
        Decision(**same | {"id": f"decision-{n:032x}", "application": f"application-{n:032x}"})
        for n in range(MANY)
    )
    begun = Application.objects.get(pk=first.application)
    whole = {f.attname: getattr(begun, f.attname) for f in Application._meta.concrete_fields}
    Application.objects.bulk_create(
        Application(**whole | {"id": f"application-{n:032x}"}) for n in range(MANY)
    )
    return first.begun_by


def test_an_applicant_is_found_by_name_and_not_among_all_of_a_caller(client: Any) -> None:
    caller = much_asked(client)
    asked = [(blind("application_id", f"nobody-{n}"), caller) for n in range(ASKED)]
    if connection.vendor == "postgresql":
        assert "Seq Scan on applications_application" not in plan_of(asked)
    else:
        # About forty steps each; through all of the caller's it would be some for every row.
        assert steps_of(asked) < ASKED * 200
    assert flights.last(asked) == [None] * ASKED


def steps_of(asked: list[tuple[bytes, str]]) -> int:
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    connection.connection.set_progress_handler(count, 1)
    try:
        flights.last(asked)
    finally:
        connection.connection.set_progress_handler(None, 1)
    return steps[0]


def plan_of(asked: list[tuple[bytes, str]]) -> str:
    """Of a database that knows nothing of its tables yet, as in a service's first minutes."""
    blind_index, caller = asked[0]
    statement = flights._LAST.statement.format("%s", "%s", common="%s")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}", ["2000-01-01", blind_index, caller])
        return "\n".join(row[0] for row in cursor.fetchall())
