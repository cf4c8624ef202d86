# Fingerprints of secrets, and what a first start made until it is handed over.

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Fingerprint",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="FirstCredentials",
            fields=[
                ("user", models.BigIntegerField(primary_key=True, serialize=False)),
                ("master", models.PositiveSmallIntegerField()),
                ("wrapped", models.BinaryField()),
            ],
        ),
    ]
