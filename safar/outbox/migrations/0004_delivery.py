"""What a provider reported of a message it had taken: that it arrived, or that it did not, and why. NULL where nobody said.

None of them is in an index: the report is a HOT update, as the answer is.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outbox", "0003_newest")]
    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE message ADD COLUMN delivered_at timestamptz",
                "ALTER TABLE message ADD COLUMN undelivered_at timestamptz",
                "ALTER TABLE message ADD COLUMN undelivered text",  # a word: why not
            ],
            ["ALTER TABLE message DROP COLUMN delivered_at, DROP COLUMN undelivered_at, DROP COLUMN undelivered"],
        )
    ]
