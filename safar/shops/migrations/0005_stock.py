"""Stock by places."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("shops", "0004_total")]
    operations = [migrations.RunSQL([load_sql("safar.shops", "stock")], ["DROP TABLE shop_stock"])]
