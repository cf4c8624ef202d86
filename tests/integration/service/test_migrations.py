"""Migrations can be applied while the former version goes on: they add, and hold nothing up."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython
from django.db.migrations.state import ProjectState

# What breaks a running process of the former version, or keeps it waiting for a table's length.
HARMFUL = {
    "takes something away": r"\bDROP (TABLE|COLUMN)\b",
    "renames": r"\bRENAME\b",
    "rewrites a column": r"\bALTER COLUMN\b.*\bTYPE\b",
    "asks more of rows that are there": r"\bSET NOT NULL\b|ADD COLUMN (?!.*DEFAULT).*NOT NULL",
    "locks a table to index it": r"\bCREATE (UNIQUE )?INDEX (?!CONCURRENTLY)",
    "checks every row": r"\bADD CONSTRAINT\b(?!.*NOT VALID)",
}


def later() -> list[Any]:
    """Our migrations that meet a database in use."""
    result = MigrationLoader(None).disk_migrations.values()
    ours = [each for each in result if each.__module__.startswith("equipoise.")]
    assert ours
    return [each for each in ours if not each.initial]


def harm(sql: str) -> list[str]:
    """What the statements of a migration do that they should not."""
    made = set(re.findall(r'CREATE TABLE "(\w+)"', sql))
    collected = []
    for statement in sql.split(";"):
        on = re.search(r'(?:ALTER TABLE|ON) "(\w+)"', statement)
        if on and on[1] in made:  # nobody uses it yet
            continue
        collected += [what for what, sign in HARMFUL.items() if re.search(sign, statement, re.S)]
    return collected


@pytest.mark.usefixtures("postgresql_database")
def test_migrations_only_add() -> None:
    loader = MigrationLoader(connection, replace_migrations=False)
    for migration in later():
        plan = [(loader.graph.nodes[migration.app_label, migration.name], False)]
        sql = "\n".join(loader.collect_sql(plan))
        assert not harm(sql), sql
        assert not [each for each in migration.operations if isinstance(each, RunPython)], (
            "data are moved in pieces by a job, not under a migration's locks"
        )


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ('ALTER TABLE "a" DROP COLUMN "b" CASCADE', "takes something away"),
        ('DROP TABLE "a"', "takes something away"),
        ('ALTER TABLE "a" RENAME COLUMN "b" TO "c"', "renames"),
        ('ALTER TABLE "a" ALTER COLUMN "b" TYPE bigint USING "b"::bigint', "rewrites a column"),
        ('ALTER TABLE "a" ALTER COLUMN "b" SET NOT NULL', "asks more of rows that are there"),
        ('ALTER TABLE "a" ADD COLUMN "b" int NOT NULL', "asks more of rows that are there"),
        ('CREATE INDEX "i" ON "a" ("b")', "locks a table to index it"),
        ('ALTER TABLE "a" ADD CONSTRAINT "c" CHECK ("b" > 0)', "checks every row"),
    ],
)
def test_what_harms_is_seen(sql: str, what: str) -> None:
    assert harm(sql) == [what]


@pytest.mark.parametrize(
    "sql",
    [
        'ALTER TABLE "a" ADD COLUMN "b" int NULL',
        'ALTER TABLE "a" ADD COLUMN "b" int DEFAULT 0 NOT NULL',
        'CREATE INDEX CONCURRENTLY "i" ON "a" ("b")',
        'CREATE TABLE "a" ("b" int NOT NULL); CREATE INDEX "i" ON "a" ("b")',
    ],
)
def test_what_only_adds_is_let_through(sql: str) -> None:
    assert not harm(sql)


@pytest.mark.usefixtures("sqlite_database")
def test_no_model_is_without_its_migration() -> None:
    from django.apps import apps

    loader = MigrationLoader(connection)
    result = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    changes = result.changes(graph=loader.graph)
    assert not [app for app in changes if apps.get_app_config(app).name.startswith("equipoise.")]
