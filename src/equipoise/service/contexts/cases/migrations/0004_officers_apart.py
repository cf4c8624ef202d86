from django.db import migrations


class Migration(migrations.Migration):
    """Appointments go to `officers`, with their table as it stands."""

    dependencies = [
        ("cases", "0003_rulings"),
        ("officers", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name="Appointment")]
        ),
    ]
