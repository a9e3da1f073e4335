"""When it is asked next how much money an SMS account has left."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("channels", "0015_notices")]
    operations = [
        migrations.RunSQL(
            ["ALTER TABLE service ADD COLUMN credit_at timestamptz NOT NULL DEFAULT now()"],
            ["ALTER TABLE service DROP COLUMN credit_at"],
        ),
    ]
