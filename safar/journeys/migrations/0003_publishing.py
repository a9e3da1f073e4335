"""Publishings are read for everybody by the engines, in slices that survive whoever does them."""

from __future__ import annotations

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("journeys", "0002_draft_revision")]
    operations = [
        migrations.RunSQL(
            [load_sql("safar.journeys", "publishing")],
            ["ALTER TABLE timer DROP COLUMN publishing_id", "DROP TABLE publishing, publishing_lane"],
        )
    ]
