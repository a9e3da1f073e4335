"""Messages are read newest first, of a workspace and of one journey; neither index has a column that changes after the hand-over began.

The second begins as message_point did, and serves whatever counted a journey's messages by it.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_costs")]
    operations = [
        migrations.RunSQL(
            [
                "CREATE INDEX message_newest ON message (workspace_id, decided_at DESC, id DESC)",
                "CREATE INDEX message_journey_newest ON message (journey_id, decided_at DESC, id DESC)",
                "DROP INDEX message_point",
            ],
            [
                "CREATE INDEX message_point ON message (journey_id, point)",
                "DROP INDEX message_newest, message_journey_newest",
            ],
        )
    ]
