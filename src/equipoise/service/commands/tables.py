"""The tables of a new database, made at once: what all migrations together come to."""

from __future__ import annotations

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from equipoise.service.platform.operations.migrated import migrations
from equipoise.service.platform.record.guards import guard


def is_new() -> bool:
    """Whether the database holds no table at all."""
    return not connection.introspection.table_names()


def make_tables() -> None:
    """Make every table as its model tells it, and note all migrations as applied.

    To go through the migrations would come to the same (a test compares them), and take most of a
    first start. It is one transaction: whoever is cut off leaves an empty database.
    """
    recorder = MigrationRecorder(connection)
    with connection.schema_editor(atomic=True) as editor:
        recorder.ensure_schema()
        for model in apps.get_models():  # with them come the tables between two of them
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for app, name in sorted(migrations()):
            recorder.record_applied(app, name)
        guard(connection)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
