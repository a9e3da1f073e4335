"""The consent record, which begins with what was said before, as far as it is known; retention, requests and confirmations."""

from django.db import migrations

from safar.lib.sqlfile import load_sql

FILL = """
INSERT INTO consent_record (bucket, contact_id, workspace_id, at, channel, state, purpose, method)
SELECT k.bucket, k.contact_id, c.workspace_id, k.at, k.channel, k.state, CASE WHEN k.channel LIKE 'topic:%' THEN 'topic' ELSE 'marketing' END, k.source
FROM consent k JOIN contact c ON c.bucket = k.bucket AND c.id = k.contact_id ORDER BY k.at
"""

UNDO_RECORDS = "DROP TABLE consent_record; DROP SEQUENCE consent_record_number"
UNDO_RIGHTS = "DROP TABLE privacy, right_request, confirmation; DROP SEQUENCE confirmation_number; ALTER TABLE topic DROP COLUMN double_opt_in"


class Migration(migrations.Migration):
    dependencies = [("contacts", "0005_stock")]
    operations = [
        migrations.RunSQL([load_sql("safar.contacts", "records"), FILL], UNDO_RECORDS),
        migrations.RunSQL([load_sql("safar.contacts", "rights")], UNDO_RIGHTS),
    ]
