"""Topics, and what members call tags."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_rates")]
    operations = [
        migrations.RunSQL([load_sql("safar.contacts", "topics")], ["DROP TABLE topic, tag_title"]),
    ]
