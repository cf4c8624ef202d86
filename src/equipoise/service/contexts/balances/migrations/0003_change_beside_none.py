"""A change that is only about loans already made is held beside no run."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("balances", "0002_changes")]

    operations = [
        migrations.AlterField("change", "base", models.BigIntegerField(null=True)),
    ]
