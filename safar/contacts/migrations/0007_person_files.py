"""Files of everything that is kept of one person."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("contacts", "0006_rights")]
    operations = [migrations.RunSQL([load_sql("safar.contacts", "person_files")], ["DROP TABLE person_file"])]
