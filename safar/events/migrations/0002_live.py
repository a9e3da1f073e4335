"""Names that came, requests that were refused, and a way to the last hour of the log."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunSQL([load_sql("safar.events", "live")])]
