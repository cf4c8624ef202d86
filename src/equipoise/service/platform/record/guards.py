"""Triggers by which the database itself refuses to change or remove what the record holds."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

KEPT = ("record_event", "record_checkpoint")
HEAD = "record_chain"
_MOVES = "chain, length, hash"  # what only grows; the applicant's key beside it may go
REFUSAL = "the record is append-only"


def guard(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place, where its table is there; does no harm when done again."""
    tables = set(connection.introspection.table_names())
    if not {*KEPT, HEAD} <= tables:
        return
    statements = _postgresql() if connection.vendor == "postgresql" else _sqlite()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    shrinks = "NEW.length <= OLD.length OR NEW.chain <> OLD.chain"
    made = [
        f"CREATE TRIGGER IF NOT EXISTS {table}_keeps_{change} BEFORE {change} ON {table} {refuse}"
        for table in KEPT
        for change in ("UPDATE", "DELETE")
    ]
    return [
        *made,
        f"CREATE TRIGGER IF NOT EXISTS {HEAD}_stays BEFORE DELETE ON {HEAD} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {HEAD}_grows BEFORE UPDATE OF {_MOVES} ON {HEAD} "
        f"WHEN {shrinks} {refuse}",
    ]


def _postgresql() -> list[str]:
    function = (
        "CREATE OR REPLACE FUNCTION record_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'insufficient_privilege'; END $$"
    )
    run = "EXECUTE FUNCTION record_refuse()"
    kept = [
        f"CREATE OR REPLACE TRIGGER {table}_keeps BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW {run}"
        for table in KEPT
    ]
    full = [
        f"CREATE OR REPLACE TRIGGER {table}_full BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT {run}"
        for table in (*KEPT, HEAD)
    ]
    grows = "NEW.length <= OLD.length OR NEW.chain <> OLD.chain"
    return [
        function,
        *kept,
        *full,
        f"CREATE OR REPLACE TRIGGER {HEAD}_stays BEFORE DELETE ON {HEAD} FOR EACH ROW {run}",
        f"CREATE OR REPLACE TRIGGER {HEAD}_grows BEFORE UPDATE OF {_MOVES} ON {HEAD} "
        f"FOR EACH ROW WHEN ({grows}) {run}",
    ]
