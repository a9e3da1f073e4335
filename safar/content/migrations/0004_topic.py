from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0003_media")]
    operations = [
        migrations.AddField(
            model_name="template",
            name="topic",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
