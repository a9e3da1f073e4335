"""The SQL functions that every room uses, and the tables of contacts. Plain SQL: the ORM never moves these rows."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    # A list of one: a text would be taken apart at its semicolons, and functions have some inside.
    operations = [
        migrations.RunSQL([load_sql("safar.postgres", "functions")]),
        migrations.RunSQL([load_sql("safar.contacts", "functions")]),
        migrations.RunSQL([load_sql("safar.contacts", "tables")]),
    ]
