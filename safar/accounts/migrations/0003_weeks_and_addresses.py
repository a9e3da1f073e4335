"""Weeks of workspaces, and addresses of members that are not confirmed yet. Workspaces that are there get their calendar's week."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WEEKS = """
    UPDATE accounts_workspace SET week_start = CASE calendar WHEN 'jalali' THEN 'sat' ELSE 'mon' END,
        weekend = CASE calendar WHEN 'jalali' THEN '["thu", "fri"]'::jsonb ELSE '["sat", "sun"]'::jsonb END"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_members")]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="week_start",
            field=models.CharField(db_default="mon", default="mon", max_length=3),
        ),
        migrations.AddField(
            model_name="workspace",
            name="weekend",
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.RunSQL(WEEKS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="workspace",
            constraint=models.CheckConstraint(
                condition=models.Q(("week_start__in", ("sat", "sun", "mon"))), name="workspace_week_start"
            ),
        ),
        migrations.CreateModel(
            name="EmailChange",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254)),
                ("hash", models.BinaryField(max_length=32, unique=True)),
                ("expires_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)), fields=("member",), name="email_change_open"
                    )
                ],
            },
        ),
    ]
