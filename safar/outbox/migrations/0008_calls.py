"""Calls of webhooks are listed newest first: in a workspace that sends much they would stand thinly among its messages. No column of it changes
after the hand-over began."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outbox", "0007_pattern")]
    operations = [
        migrations.RunSQL(
            ["CREATE INDEX message_calls ON message (workspace_id, decided_at DESC, id DESC) WHERE kind = 'webhook'"],
            ["DROP INDEX message_calls"],
        )
    ]
