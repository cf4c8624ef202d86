"""The record's tables; from the first day on the database refuses to change what they hold."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from equipoise.service.platform.record.guards import guard


def _guard(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    guard(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Chain",
            fields=[
                ("chain", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("length", models.IntegerField()),
                ("hash", models.BinaryField()),
                ("version", models.PositiveSmallIntegerField(null=True)),
                ("master", models.PositiveSmallIntegerField(null=True)),
                ("wrapped", models.BinaryField(null=True)),
                ("blind", models.BinaryField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("blind__isnull", False)),
                        fields=["blind", "chain"],
                        name="record_chain_blind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("line", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Cursor",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("sequence", models.BigAutoField(primary_key=True, serialize=False)),
                ("chain", models.CharField(max_length=80)),
                ("place", models.IntegerField()),
                ("at", models.BigIntegerField()),
                ("kind", models.CharField(max_length=80)),
                ("body", models.BinaryField()),
                ("prev", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "place"), name="record_event_place")
                ],
            },
        ),
        migrations.CreateModel(
            name="BlindIndex",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.BinaryField()),
                (
                    "chain",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="record.chain",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["digest", "chain"], name="record_blind_digest")],
            },
        ),
        migrations.RunPython(_guard, migrations.RunPython.noop),
    ]
