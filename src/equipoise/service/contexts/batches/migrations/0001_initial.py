from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("begun_by", models.CharField(max_length=40)),
                ("branch", models.CharField(blank=True, default="", max_length=60)),
                ("region", models.CharField(blank=True, default="", max_length=60)),
                ("strategy", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64)),
                ("decided_on", models.DateField()),
                ("given", models.CharField(max_length=8)),
                ("wanted", models.CharField(max_length=8)),
                ("identifier", models.CharField(blank=True, default="", max_length=200)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("job", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("rows", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(null=True)),
                ("outcomes", models.JSONField(default=dict)),
                ("result_size", models.BigIntegerField(null=True)),
                ("result_sha256", models.CharField(blank=True, default="", max_length=64)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("files_until", models.DateTimeField(db_index=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["begun_by", "state"], name="batches_by_caller")],
            },
        ),
    ]
