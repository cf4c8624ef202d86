from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_news")]

    operations = [
        migrations.AddField(
            model_name="override",
            name="begun_by",
            field=models.CharField(default="", max_length=40),
        ),
        migrations.AddField(
            model_name="override",
            name="branch",
            field=models.CharField(max_length=60, null=True),
        ),
        migrations.AddField(
            model_name="override",
            name="region",
            field=models.CharField(max_length=60, null=True),
        ),
    ]
