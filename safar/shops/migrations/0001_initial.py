"""Connected shops, and what they have said."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    initial = True
    dependencies = [("contacts", "0005_stock")]
    operations = [
        migrations.RunSQL([load_sql("safar.shops", "tables")], ["DROP TABLE shop, shop_delivery, shop_said"]),
    ]
