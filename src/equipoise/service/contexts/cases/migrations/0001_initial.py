from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Override",
            fields=[
                ("decision", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("application", models.CharField(max_length=60)),
                ("answer", models.CharField(max_length=8)),
                ("reason", models.CharField(max_length=60)),
                ("officers", models.JSONField()),
                ("level", models.CharField(max_length=60)),
                ("signatures", models.PositiveSmallIntegerField()),
                ("complete", models.BooleanField()),
                ("signed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person", models.CharField(max_length=40)),
                ("level", models.CharField(max_length=60)),
                ("products", models.JSONField(null=True)),
                ("grades", models.JSONField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("in_force", "In Force"),
                            ("refused", "Refused"),
                            ("ended", "Ended"),
                        ],
                        default="asked",
                        max_length=12,
                    ),
                ),
                ("asked_by", models.CharField(max_length=40)),
                ("asked_at", models.DateTimeField()),
                ("settled_by", models.CharField(blank=True, default="", max_length=40)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("person",),
                        name="cases_one_asked",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_force")),
                        fields=("person",),
                        name="cases_one_in_force",
                    ),
                ],
            },
        ),
    ]
