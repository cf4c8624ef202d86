import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=12, unique=True)),
                ("product", models.CharField(max_length=80)),
                ("language", models.CharField(max_length=20)),
                ("channel", models.CharField(max_length=12)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("ended", "Ended"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("sealed", models.TextField()),
                ("shown", models.PositiveSmallIntegerField(default=0)),
                ("application", models.CharField(blank=True, default="", max_length=60)),
                ("decision", models.CharField(blank=True, default="", max_length=60)),
                ("begun_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "changed_at"], name="drafts_old"),
                    models.Index(fields=["application"], name="drafts_application"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Access",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.BinaryField(unique=True)),
                ("channel", models.CharField(max_length=12)),
                ("made_at", models.DateTimeField()),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="drafts.draft"
                    ),
                ),
            ],
        ),
    ]
