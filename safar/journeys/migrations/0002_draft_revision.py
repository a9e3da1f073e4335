"""Drafts have a revision, so that two people at once lose nothing."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0001_initial")]

    operations = [
        migrations.AddField("journey", "revision", models.IntegerField(default=1, db_default=1)),
        migrations.AddField(
            "journey", "drafted_by", models.CharField(max_length=200, blank=True, default="", db_default="")
        ),
        migrations.AddField("journey", "drafted_at", models.DateTimeField(null=True, blank=True)),
    ]
