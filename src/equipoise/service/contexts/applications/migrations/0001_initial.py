from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("begun_by", models.CharField(max_length=40)),
                ("branch", models.CharField(max_length=60, null=True)),
                ("region", models.CharField(max_length=60, null=True)),
                ("language", models.CharField(max_length=20, null=True)),
                ("strategy", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64)),
                ("way", models.CharField(max_length=12)),
                ("propensity", models.FloatField()),
                ("state", models.CharField(max_length=10)),
                ("step", models.CharField(max_length=60)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
    ]
