"""The key that e-mail is signed with where nobody signs after us."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("channels", "0009_pace")]
    operations = [migrations.RunSQL([load_sql("safar.channels.mail", "dkim")], ["DROP TABLE dkim_key"])]
