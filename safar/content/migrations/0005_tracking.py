from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [("content", "0004_topic")]
    operations = [
        migrations.AddField(
            model_name="template",
            name="tracking",
            field=models.JSONField(blank=True, db_default=Value({}, models.JSONField()), default=dict),
        ),
    ]
