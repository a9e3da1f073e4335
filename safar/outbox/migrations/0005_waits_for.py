"""What a message that was put off waits for."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outbox", "0004_delivery")]
    operations = [
        migrations.RunSQL(
            ["ALTER TABLE outbox ADD COLUMN waits_for text"],  # quiet, budget; null: for its turn
            ["ALTER TABLE outbox DROP COLUMN waits_for"],
        )
    ]
