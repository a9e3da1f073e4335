"""Products with the stock and the prices that a shop's own catalogue says."""

from django.db import migrations

from safar.lib.sqlfile import load_sql

UNDO = "ALTER TABLE product DROP COLUMN regular_price, DROP COLUMN stock, DROP COLUMN available, DROP COLUMN shop_at"


class Migration(migrations.Migration):
    dependencies = [("contacts", "0004_topics")]
    operations = [
        migrations.RunSQL([load_sql("safar.contacts", "stock")], [UNDO]),
    ]
