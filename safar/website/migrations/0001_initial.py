"""Forms of websites."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL([load_sql("safar.website", "tables")], ["DROP TABLE form"])]
