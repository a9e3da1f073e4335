"""Jobs that members start on a page."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("events", "0002_live")]
    operations = [
        migrations.RunSQL([load_sql("safar.events.jobs", "tables")], ["DROP TABLE job_file, job"]),
    ]
