"""The inbox, the log, lanes and partitions."""

from django.db import migrations
from django.utils import timezone

from safar.events.lanes import fill_lanes
from safar.events.partitions import ensure_partitions
from safar.lib.sqlfile import load_sql


def fill(apps, schema_editor):
    conn = schema_editor.connection.connection
    fill_lanes(conn)
    ensure_partitions(conn, timezone.now())


class Migration(migrations.Migration):
    initial = True
    dependencies = [("contacts", "0001_initial")]
    operations = [
        migrations.RunSQL([load_sql("safar.events", "tables")]),
        migrations.RunPython(fill),
    ]
