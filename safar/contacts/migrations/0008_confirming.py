"""An index on consents that wait for a confirmation."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("contacts", "0007_person_files")]
    operations = [
        migrations.RunSQL([load_sql("safar.contacts", "confirming")], ["DROP INDEX consent_record_pending"]),
    ]
