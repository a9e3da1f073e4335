"""Who may come to the pages of this room (safar/console/tests/walking.py)."""

from __future__ import annotations

import os

from psycopg.types.json import Jsonb

from safar.console.contacts.tests.people import make_contact
from safar.console.tests.walking import Entry, Side
from safar.contacts.requests import ask
from safar.events.jobs.queue import put_job
from safar.journeys.everything.job import KIND
from safar.postgres.connections import connect

PERSON = {"contact": "person"}
MADE = {"contact": "person", "job": "everything"}
ENTRIES = {
    "consents": Entry(),
    "consents_csv": Entry("analyst"),
    "requests": Entry(),
    "request_end": Entry("admin", ids={"number": "request"}),
    "request_new": Entry("editor", ids=PERSON),
    "everything": Entry("admin", ids=PERSON),
    "everything_job": Entry("admin", ids=MADE),
    "everything_file": Entry("admin", ids=MADE),
}
_RECORD = """
INSERT INTO consent_record (bucket, contact_id, workspace_id, at, channel, state, purpose, method, text_version, proof)
VALUES (%s, %s, %s, now(), 'email', 'given', 'marketing', 'form', %s, %s)
"""
_FILE = (
    "INSERT INTO person_file (workspace_id, bucket, contact_id, job_id, number, data) VALUES (%s, %s, %s, %s, 0, %s)"
)


def fill(side: Side) -> None:
    marker, workspace = side.marker, side.workspace.pk
    with connect(os.environ["SAFAR_DATABASE_URL"], application_name="safar tests") as conn:
        side.ids["person"] = mina = make_contact(
            conn, side.workspace, user=f"{marker}-m", name=f"Mina {marker}", email=f"mina@{marker}.ir"
        )
        conn.execute(_RECORD, (mina & 1023, mina, workspace, marker, Jsonb({"reason": marker, "ip": "192.0.2.7"})))
        ask(conn, workspace_id=workspace, contact=mina, kind="export", by=f"ali@{marker}.ir", reason=marker)
        (side.ids["request"],) = conn.execute(
            "SELECT max(id) FROM right_request WHERE workspace_id = %s", (workspace,)
        ).fetchone() or (0,)
        job = put_job(conn, workspace_id=workspace, kind=KIND, by=f"ali@{marker}.ir", asked={"contact": mina})
        conn.execute(
            "UPDATE job SET state = 'finished', told = %s WHERE id = %s",
            (Jsonb({"rows": {"event": 3, "contact": 1}}), job),
        )
        conn.execute(_FILE, (workspace, mina & 1023, mina, job, marker.encode()))
        side.ids["everything"] = job
