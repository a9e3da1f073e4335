"""The approved pattern that an SMS went by: {code, values}. NULL: a free text. In no index: the answer stays a HOT update."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outbox", "0006_reactions")]
    operations = [
        migrations.RunSQL(
            ["ALTER TABLE message ADD COLUMN pattern jsonb"],
            ["ALTER TABLE message DROP COLUMN pattern"],
        )
    ]
