"""What forms bring."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("website", "0001_initial")]
    operations = [
        migrations.RunSQL([load_sql("safar.website", "figures")], ["DROP TABLE form_answer; DROP TABLE form_count"])
    ]
