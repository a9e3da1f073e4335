from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="template",
            name="document",
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(model_name="template", name="revision", field=models.IntegerField(db_default=0, default=0)),
    ]
