"""The price of a part on each line of a workspace."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial")]
    operations = [
        migrations.RunSQL(
            ["ALTER TABLE sender ADD COLUMN part_price numeric CHECK (part_price >= 0)"],
            ["ALTER TABLE sender DROP COLUMN part_price"],
        )
    ]
