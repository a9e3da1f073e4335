"""Public keys are kept whole and may name the sites that send with them. Those that are there stay hashes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_occasions")]
    operations = [
        migrations.AddField(
            model_name="apikey",
            name="plain",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="apikey",
            name="sites",
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
