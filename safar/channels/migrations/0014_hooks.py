"""Addresses at which other systems tell us something about a contact."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("channels", "0013_webhook_subscriptions")]
    operations = [migrations.RunSQL([load_sql("safar.channels.hooks", "tables")], ["DROP TABLE hook"])]
