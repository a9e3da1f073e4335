"""What pages of contacts need: a search, the newest first, columns a member chose. Whoever is there already is found at once."""

from django.db import migrations

from safar.lib.sqlfile import load_sql


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial")]
    operations = [
        migrations.RunSQL([load_sql("safar.contacts", "desk_functions")]),
        migrations.RunSQL(
            [load_sql("safar.contacts", "desk")],
            ["DROP TABLE contact_search, contact_columns; DROP INDEX contact_newest, contact_erased"],
        ),
        migrations.RunSQL(
            [
                "INSERT INTO contact_search (bucket, contact_id, workspace_id, words)"
                " SELECT bucket, id, workspace_id, safar_search_words(workspace_id, safar_searched(traits)) FROM contact"
                " WHERE erased_at IS NULL AND safar_searched(traits) <> '{}' ON CONFLICT DO NOTHING"
            ],
            [],
        ),
    ]
