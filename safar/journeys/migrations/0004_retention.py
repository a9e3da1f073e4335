"""What retention has taken away."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("journeys", "0003_publishing")]
    operations = [migrations.RunSQL([load_sql("safar.journeys", "retention")], ["DROP TABLE retention_run"])]
