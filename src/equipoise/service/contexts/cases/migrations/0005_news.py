from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_officers_apart")]

    operations = [
        migrations.AddField(
            model_name="work",
            name="news",
            field=models.CharField(blank=True, default="", max_length=8),
        ),
    ]
