"""Totals of orders as they were told at last."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("shops", "0003_removed")]
    operations = [migrations.RunSQL([load_sql("safar.shops", "total")], ["DROP TABLE shop_total"])]
