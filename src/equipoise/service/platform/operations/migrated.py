"""Whether a database stands as this version needs it.

Told by the migrations' names alone: to import them all, as Django does to plan, takes a quarter of
a second and memory that a server would keep.
"""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

Name = tuple[str, str]  # app, migration


def migrations() -> set[Name]:
    """All that this version has."""
    return {
        (app.label, file.stem)
        for app in apps.get_app_configs()
        for file in (Path(app.path) / "migrations").glob("[!_]*.py")
    }


def applied() -> set[Name]:
    """All that were applied to the database."""
    return set(MigrationRecorder(connection).applied_migrations())


def is_migrated() -> bool:
    """Whether none is left to be applied."""
    return migrations() <= applied()
