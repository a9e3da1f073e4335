"""A workspace's own service for a channel; and messages whose delivery a service is asked about."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("channels", "0002_prices")]
    operations = [
        migrations.RunSQL([load_sql("safar.channels.services", "tables")], ["DROP TABLE service"]),
    ]
