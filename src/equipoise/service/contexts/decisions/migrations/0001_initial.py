from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Request",
            fields=[
                ("key", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("body", models.BinaryField()),
                ("answer_id", models.CharField(max_length=60)),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("application", models.CharField(max_length=60)),
                ("request", models.BinaryField(null=True)),
                ("sent", models.BinaryField(null=True)),
                ("begun_by", models.CharField(max_length=40)),
                ("branch", models.CharField(max_length=60, null=True)),
                ("region", models.CharField(max_length=60, null=True)),
                ("strategy", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64)),
                ("way", models.CharField(max_length=12)),
                ("outcome", models.CharField(max_length=16)),
                ("decided_on", models.DateField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("request__isnull", False)),
                        fields=("request",),
                        name="decisions_once",
                    )
                ],
                "indexes": [
                    models.Index(fields=["application", "id"], name="decisions_by_application"),
                    models.Index(fields=["begun_by", "id"], name="decisions_by_caller"),
                    models.Index(
                        condition=models.Q(("branch__isnull", False)),
                        fields=["branch", "id"],
                        name="decisions_by_branch",
                    ),
                    models.Index(
                        condition=models.Q(("region__isnull", False)),
                        fields=["region", "id"],
                        name="decisions_by_region",
                    ),
                    models.Index(fields=["digest", "id"], name="decisions_by_digest"),
                    models.Index(fields=["outcome", "id"], name="decisions_by_outcome"),
                    models.Index(
                        condition=models.Q(("way", "challenger")),
                        fields=["id"],
                        name="decisions_challengers",
                    ),
                ],
            },
        ),
    ]
