"""Secrets of webhooks."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("channels", "0010_dkim")]
    operations = [
        migrations.RunSQL([load_sql("safar.channels.webhooks", "tables")], ["DROP TABLE webhook_secret"]),
    ]
