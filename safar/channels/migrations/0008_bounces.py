"""What came back of e-mail, and the brakes that go by it."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("channels", "0007_tracking")]
    operations = [
        migrations.RunSQL([load_sql("safar.channels.reports", "bounces")], ["DROP TABLE brake, brake_check, bounce"]),
    ]
