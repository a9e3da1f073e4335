"""The hours at which contacts open and click."""

from __future__ import annotations

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("journeys", "0004_retention")]
    operations = [
        migrations.RunSQL(
            [load_sql("safar.journeys.hours", "moment"), load_sql("safar.journeys.hours", "tables")],
            ["DROP TABLE best_hour, workspace_hour; DROP FUNCTION safar_at_hour"],
        )
    ]
