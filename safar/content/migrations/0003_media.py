from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0002_document")]
    operations = [
        migrations.CreateModel(
            name="Media",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("workspace_id", models.IntegerField()),
                ("hash", models.CharField(max_length=32)),
                ("extension", models.CharField(max_length=4)),
                ("content", models.BinaryField()),
                ("width", models.IntegerField()),
                ("height", models.IntegerField()),
                ("size", models.IntegerField()),
                ("name", models.CharField(blank=True, default="", max_length=200)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("workspace_id", "hash"), name="media_hash")],
            },
        ),
    ]
