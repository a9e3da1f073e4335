"""Orders whose total was corrected."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("contacts", "0008_confirming")]
    operations = [
        migrations.RunSQL([load_sql("safar.contacts", "corrected")], ["ALTER TABLE purchase DROP COLUMN corrected"]),
    ]
