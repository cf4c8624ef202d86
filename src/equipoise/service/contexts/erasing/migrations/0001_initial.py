from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("by", models.CharField(max_length=40)),
                ("reason", models.CharField(max_length=20)),
                ("subjects", models.JSONField(default=list)),
                ("needles", models.BinaryField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("done", "Done")],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("report", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
