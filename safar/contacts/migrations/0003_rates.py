"""The workspace's exchange rates, and the functions that value money by them."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_desk")]
    operations = [
        migrations.RunSQL(
            [load_sql("safar.contacts", "rates")],
            [
                "DROP FUNCTION safar_worth, safar_rate, safar_foreign; DROP TABLE exchange_rate; DROP INDEX purchase_foreign;"
                " ALTER TABLE purchase DROP COLUMN currency"
            ],
        ),
    ]
