"""When a person first opened a message, first clicked in it, and unsubscribed by it. NULL where nobody did, or nobody says.

None of them is in an index: writing them is a HOT update, as the answer is.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outbox", "0005_waits_for")]
    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE message ADD COLUMN opened_at timestamptz",
                "ALTER TABLE message ADD COLUMN clicked_at timestamptz",
                "ALTER TABLE message ADD COLUMN unsubscribed_at timestamptz",
            ],
            ["ALTER TABLE message DROP COLUMN opened_at, DROP COLUMN clicked_at, DROP COLUMN unsubscribed_at"],
        )
    ]
