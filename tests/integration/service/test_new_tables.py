"""A new database's tables, made at once, are those that all migrations together come to."""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.db import connection

from conftest import Database
from equipoise.service.commands.tables import is_new, make_tables
from equipoise.service.platform.operations.migrated import applied, is_migrated

_TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


# Its migrations make it longer than its model has it; nothing of ours is ever put there.
_OF_DJANGO = ("auth_group_permissions", "id")


def test_a_new_database_is_as_the_migrations_make_it(database: Database) -> None:
    migrated, names = described(), applied()
    empty(database)
    assert is_new()
    assert not is_migrated()
    make_tables()
    assert described() == migrated
    assert applied() == names
    assert is_migrated()


def described() -> dict[str, Any]:
    """Every table's columns and constraints, the triggers, and what the rows of Django's own tables
    say of our models."""
    with connection.cursor() as cursor:
        look = connection.introspection
        tables = {
            table: (
                {
                    each.name: tuple(each)[1:]
                    for each in look.get_table_description(cursor, table)
                    if (table, each.name) != _OF_DJANGO
                },
                sorted(
                    repr({"name": _made_up(name), **each})
                    for name, each in look.get_constraints(cursor, table).items()
                ),
            )
            for table in look.table_names(cursor)
        }
        cursor.execute(_TRIGGERS[connection.vendor])
        triggers = sorted(cursor.fetchall())
    rights = apps.get_model("auth", "Permission").objects
    return {
        "tables": tables,
        "triggers": triggers,
        "rights": set(rights.values_list("content_type__model", "codename", "name")),
    }


def _made_up(name: str) -> str:
    """Numbers that SQLite gives to keys without a name tell nothing."""
    return "" if re.fullmatch(r"fk_\d+|sqlite_.*|__.*", name) else name


def empty(database: Database) -> None:
    if database.vendor == "postgresql":
        database.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        return
    database.execute("PRAGMA foreign_keys = OFF")
    for table in connection.introspection.table_names():
        database.execute(f'DROP TABLE "{table}"')
    database.execute("PRAGMA foreign_keys = ON")
