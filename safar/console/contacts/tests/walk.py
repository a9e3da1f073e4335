"""Who may come to the pages of this room (safar/console/tests/walking.py)."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from psycopg.types.json import Jsonb

from safar.console.contacts.tests.people import make_contact
from safar.console.tests.walking import Entry, Side
from safar.contacts.tags import rename_tag
from safar.contacts.topics import Topic, save_topic
from safar.events.edit import edit_of
from safar.events.editing import put_in
from safar.postgres.connections import connect

CONTACT = {"contact": "contact"}
JOB = {"job": "import"}
TOPIC = {"key": "topic"}
ENTRIES = {
    "contacts": Entry(),
    "contact_columns": Entry(write="viewer"),
    "export_contacts": Entry("analyst"),
    "import_contacts": Entry("editor"),
    "import_job": Entry("editor", ids=JOB),
    "drop_import": Entry("editor", ids=JOB),
    "import_refused": Entry("editor", ids=JOB),
    "contact": Entry(ids=CONTACT),
    "contact_timeline": Entry(ids=CONTACT),
    "contact_fields": Entry("editor", ids=CONTACT),
    "contact_tags": Entry("editor", ids=CONTACT),
    "contact_consent": Entry("editor", ids=CONTACT),
    "contact_topic": Entry("editor", ids=CONTACT),
    "contact_ids": Entry("editor", ids=CONTACT),
    "contact_notes": Entry("editor", ids=CONTACT),
    "merge_contact": Entry("editor", ids=CONTACT, body={"other": "contact"}),
    "erase_contact": Entry("admin", ids=CONTACT),
    "tags": Entry(),
    "call_tag": Entry("editor"),
    "remove_tag": Entry("editor"),
    "topics": Entry(),
    "new_topic": Entry("editor"),
    "topic": Entry("editor", ids=TOPIC),
    "move_topic": Entry("editor", ids=TOPIC),
    "delete_topic": Entry("editor", ids=TOPIC),
}


def fill(side: Side) -> None:
    from safar.events.jobs.queue import put_job, start_job

    marker = side.marker
    with connect(os.environ["SAFAR_DATABASE_URL"], application_name="safar tests") as conn:
        side.ids["contact"] = contact = make_contact(
            conn, side.workspace, user=f"{marker}-1", name=f"Sara {marker}", email=f"sara@{marker}.ir"
        )
        tagged = edit_of(by=f"ali@{marker}.ir", tags={"add": [marker]}, reason=marker)
        put_in(conn, side.workspace.pk, contact, tagged, wait=0)
        asked = {"file": f"{marker}.csv", "columns": [], "at": datetime.now(UTC).isoformat()}
        job = put_job(conn, workspace_id=side.workspace.pk, kind="import_contacts", by=f"ali@{marker}.ir", asked=asked)
        start_job(conn, workspace_id=side.workspace.pk, job=job, asked={})
        told = {
            "refusals": [{"line": 2, "place": "email", "message": f"'{marker}' is no e-mail address"}],
            "accepted": 1,
            "refused": 1,
        }
        conn.execute("UPDATE job SET state = 'finished', told = %s WHERE id = %s", (Jsonb(told), job))
        side.ids["import"] = job
        topic = Topic(f"news-{side.workspace.pk}", {"fa": f"خبرها {marker}", "en": f"News {marker}"})
        save_topic(conn, side.workspace.pk, topic, fresh=True)
        rename_tag(conn, side.workspace.pk, marker, f"called {marker}")
        side.ids["topic"] = topic.key
