"""Addresses that are told of events, and those that do not answer."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("channels", "0012_report_account")]
    operations = [
        migrations.RunSQL(
            [load_sql("safar.channels.webhooks", "subscribing")],
            ["DROP TABLE webhook_subscription, webhook_failing"],
        )
    ]
