"""From the first day on the database refuses to change what the record holds."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from equipoise.service.platform.record.guards import guard


def _guard(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    guard(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]
    operations = [migrations.RunPython(_guard, migrations.RunPython.noop)]
