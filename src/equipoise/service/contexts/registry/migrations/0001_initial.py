import django.db.models.deletion
from django.db import migrations, models

import equipoise.service.platform.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("strategy", models.CharField(max_length=80)),
                ("number", models.PositiveIntegerField()),
                ("label", models.CharField(blank=True, default="", max_length=80)),
                ("digest", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("state", models.CharField(default="draft", max_length=12)),
                ("authors", models.JSONField(default=list)),
                (
                    "made_at",
                    models.DateTimeField(
                        default=equipoise.service.platform.clock.now, editable=False
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["digest"], name="registry_by_digest")],
                "constraints": [
                    models.UniqueConstraint(fields=("strategy", "number"), name="registry_number"),
                    models.UniqueConstraint(fields=("strategy", "digest"), name="registry_digest"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pointer",
            fields=[
                ("strategy", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("serial", models.PositiveIntegerField(default=1)),
                ("trial", models.BigIntegerField(null=True)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="registry.version"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("strategy", models.CharField(max_length=80)),
                ("serial", models.PositiveIntegerField()),
                (
                    "move",
                    models.CharField(
                        choices=[
                            ("publish", "publish"),
                            ("roll_back", "roll_back"),
                            ("withdraw", "withdraw"),
                        ],
                        max_length=12,
                    ),
                ),
                ("by", models.CharField(max_length=40)),
                ("reason", models.TextField(blank=True, default="")),
                ("gates", models.JSONField(default=list)),
                (
                    "at",
                    models.DateTimeField(
                        default=equipoise.service.platform.clock.now, editable=False
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="registry.version"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("strategy", "serial"), name="registry_serial")
                ],
            },
        ),
        migrations.CreateModel(
            name="Default",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("strategy", models.CharField(max_length=80)),
                ("by", models.CharField(max_length=40)),
                ("reason", models.TextField(blank=True, default="")),
                (
                    "at",
                    models.DateTimeField(
                        default=equipoise.service.platform.clock.now, editable=False
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="registry_one_default"
                    )
                ],
            },
        ),
    ]
