"""Caps on what one contact gets, and a budget a day for SMS."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("channels", "0008_bounces")]
    operations = [
        migrations.RunSQL(
            [load_sql("safar.channels.pace", "tables")],
            ["DROP TABLE frequency_cap, send_turn, sms_budget, sms_spent"],
        )
    ]
