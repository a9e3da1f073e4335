from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Template",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("workspace_id", models.IntegerField()),
                ("key", models.CharField(max_length=128)),
                ("channel", models.CharField(max_length=16)),
                ("title", models.CharField(blank=True, default="", max_length=200)),
                ("languages", models.JSONField(default=dict)),
                ("fallbacks", models.JSONField(blank=True, default=dict)),
                ("strict", models.BooleanField(default=False)),
                ("once_more", models.BooleanField(default=False)),
                ("sender", models.CharField(blank=True, default="", max_length=320)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("workspace_id", "key"), name="template_key"),
                    models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="template_has_key"),
                ],
            },
        ),
    ]
