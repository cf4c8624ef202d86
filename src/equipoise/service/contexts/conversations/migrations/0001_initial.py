from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="HandedOver",
            fields=[
                ("draft", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("product", models.CharField(max_length=80)),
                ("language", models.CharField(max_length=20)),
                ("why", models.CharField(max_length=20)),
                ("topic", models.CharField(blank=True, default="", max_length=20)),
                ("since", models.DateTimeField()),
            ],
        ),
    ]
