# The worker's tables.

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Due",
            fields=[
                ("name", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("next", models.DateTimeField()),
                ("last", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Lease",
            fields=[
                ("task", models.UUIDField(primary_key=True, serialize=False)),
                ("worker", models.CharField(max_length=80)),
                ("until", models.DateTimeField(db_index=True, null=True)),
                ("attempt", models.IntegerField()),
                ("seconds", models.FloatField()),
            ],
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("seen", models.DateTimeField()),
                ("moved", models.FloatField(default=0.0)),
                ("moved_at", models.DateTimeField(null=True)),
                ("rests_until", models.DateTimeField(null=True)),
            ],
        ),
    ]
