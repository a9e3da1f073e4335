"""How far the past of a shop has been fetched."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("shops", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [load_sql("safar.shops", "fetch")], ["DROP TABLE shop_fetch; ALTER TABLE shop DROP COLUMN fetching"]
        ),
    ]
