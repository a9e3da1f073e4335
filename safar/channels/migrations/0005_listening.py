"""When a service is asked next what people wrote to the workspace's lines."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("channels", "0004_reports")]
    operations = [
        migrations.RunSQL(
            ["ALTER TABLE service ADD COLUMN listen_at timestamptz NOT NULL DEFAULT '-infinity'"],
            ["ALTER TABLE service DROP COLUMN listen_at"],
        )
    ]
