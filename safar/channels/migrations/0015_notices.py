"""Where the team hears, what it is told, and in which digests."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("channels", "0014_hooks")]
    operations = [
        migrations.RunSQL(
            [load_sql("safar.channels.notices", "tables")],
            [
                "ALTER TABLE team_notice DROP COLUMN told_at",
                "DROP TABLE digest, telling, notice, destination; DROP SEQUENCE destination_number",
            ],
        ),
    ]
