"""What workspaces make of the calendar of occasions."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_weeks_and_addresses")]
    operations = [
        migrations.RunSQL(
            [load_sql("safar.accounts", "occasions")], ["DROP TABLE occasion, occasion_day, blackout_day"]
        ),
    ]
