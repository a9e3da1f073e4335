"""What a message cost: its parts, and the price of one when it was handed over. NULL for those sent before, and without a price."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]
    operations = [
        migrations.RunSQL(
            ["ALTER TABLE message ADD COLUMN parts smallint", "ALTER TABLE message ADD COLUMN part_price numeric"],
            ["ALTER TABLE message DROP COLUMN parts, DROP COLUMN part_price"],
        )
    ]
