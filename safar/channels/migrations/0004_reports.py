"""Which messages a service is still asked about."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("channels", "0003_services")]
    operations = [migrations.RunSQL([load_sql("safar.channels.reports", "tables")], ["DROP TABLE report_wait"])]
