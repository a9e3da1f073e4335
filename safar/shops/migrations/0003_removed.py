"""Shops that were taken away stay known."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("shops", "0002_fetch")]
    operations = [
        migrations.RunSQL([load_sql("safar.shops", "removed")], ["ALTER TABLE shop DROP COLUMN removed_at"]),
    ]
