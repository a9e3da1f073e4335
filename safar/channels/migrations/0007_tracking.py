"""What of messages is tracked, where links lead, and who reacted."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("channels", "0006_quiet_hours")]
    operations = [
        migrations.RunSQL(
            [load_sql("safar.channels.tracking", "tables")], ["DROP TABLE reaction, short_link, link, tracking"]
        )
    ]
