"""The tables of tables.sql, as they are when an installation is made."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            [load_sql("safar.channels", "tables")],
            ["DROP TABLE mailbox, team_notice, circuit, sender; DROP SEQUENCE team_notice_number"],
        )
    ]
