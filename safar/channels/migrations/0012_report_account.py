"""Each account's messages that are asked about, oldest first."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("channels", "0011_webhooks")]
    operations = [
        migrations.RunSQL([load_sql("safar.channels.reports", "account")], ["DROP INDEX report_wait_account"])
    ]
