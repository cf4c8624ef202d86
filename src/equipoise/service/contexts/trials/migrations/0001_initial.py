import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Trial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("strategy", models.CharField(max_length=80)),
                ("experiment", models.CharField(max_length=60, unique=True)),
                ("champion", models.CharField(max_length=64)),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Arm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version_id", models.BigIntegerField()),
                ("role", models.CharField(max_length=12)),
                ("place", models.PositiveIntegerField()),
                ("share", models.FloatField(default=0.0)),
                ("reached", models.CharField(default="", max_length=60)),
                (
                    "trial",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arms",
                        to="trials.trial",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Shadowed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("decision", models.CharField(max_length=60)),
                ("served", models.CharField(max_length=16)),
                ("outcome", models.CharField(blank=True, default="", max_length=16)),
                ("grade", models.CharField(blank=True, default="", max_length=20)),
                ("treatment", models.CharField(blank=True, default="", max_length=120)),
                ("failure", models.CharField(blank=True, default="", max_length=40)),
                (
                    "arm",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="trials.arm"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("arm", "decision"), name="trials_shadowed_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="arm",
            constraint=models.UniqueConstraint(
                fields=("trial", "version_id"), name="trials_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="arm",
            constraint=models.UniqueConstraint(fields=("trial", "place"), name="trials_place"),
        ),
    ]
