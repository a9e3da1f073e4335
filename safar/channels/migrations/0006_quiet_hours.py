"""Quiet hours, and what says when they end."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("channels", "0005_listening")]
    operations = [
        migrations.RunSQL(
            [load_sql("safar.channels.quiet", "until"), load_sql("safar.channels.quiet", "tables")],
            ["DROP TABLE quiet_hours; DROP FUNCTION safar_quiet_until, safar_is_quiet"],
        )
    ]
