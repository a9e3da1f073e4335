"""The job `export_person`: everything that is kept of one person into a ZIP, which is kept for whoever asked."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from psycopg import Connection

from safar.contacts.person import find_person
from safar.contacts.person_files import keep_file
from safar.events.jobs.queue import Claimed, put_job, renew, start_job
from safar.journeys.everything.collect import rows, tables, who_they_were
from safar.journeys.everything.readable import FOOT, Look, entry, head, section
from safar.lib.faults import Fault, Refused, said

KIND = "export_person"
BEAT = 500  # rows between two words of how far it has come
JSON, PAGE = "everything.json", "everything.html"
_HOUSE = "SELECT name, zone, calendar FROM accounts_workspace WHERE id = %s"


def begin_export(conn: Connection[Any], *, workspace_id: int, contact: int, language: str, by: str) -> int:
    """The number of the job that makes the file. language: of the readable page, fa | en."""
    asked = {"contact": contact, "language": language}
    job = put_job(conn, workspace_id=workspace_id, kind=KIND, by=by, asked=asked)
    start_job(conn, workspace_id=workspace_id, job=job, asked={})
    return job


def run(conn: Connection[Any], job: Claimed) -> dict[str, Any]:
    """Gives {rows: {table: how many}}. Whoever takes it up again begins anew. Raises Refused where the contact is gone, Lost."""
    contact = int(job.asked["contact"])
    person = find_person(conn, job.workspace_id, contact)
    if person is None or person.erased_at is not None:
        raise Refused([Fault("contact", said("the contact is not there any more"))])
    with tempfile.TemporaryDirectory(prefix="safar-person-") as folder:
        path = Path(folder) / "person.zip"
        counted = write_file(conn, job, contact, path)
        if not keep_file(conn, workspace_id=job.workspace_id, contact=contact, job=job.id, path=path):
            raise Refused([Fault("contact", said("the contact is not there any more"))])
    return {"rows": counted}


def write_file(conn: Connection[Any], job: Claimed, contact: int, path: Path) -> dict[str, int]:
    """The ZIP at ``path``; how many rows of each table are in it. The page lies beside it until the JSON is whole: a ZIP takes one at a time."""
    house = conn.execute(_HOUSE, (job.workspace_id,)).fetchone()
    assert house is not None
    look, now = Look(str(job.asked.get("language") or "en"), house[1], house[2]), datetime.now(UTC)
    people, names = who_they_were(conn, job.workspace_id, contact), tables(conn)
    counted: dict[str, int] = {}
    done, page = 0, path.with_name(PAGE)
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bag,
        page.open("w", encoding="utf-8") as readable,
    ):
        readable.write(head(look, house[0], now))
        with bag.open(JSON, "w", force_zip64=True) as raw, io.TextIOWrapper(raw, "utf-8") as out:
            out.write(
                f'{{"made_at": {json.dumps(now.isoformat())}, "workspace": {json.dumps(house[0], ensure_ascii=False)}'
            )
            for name in names:
                out.write(f', "{name}": [')
                for row in rows(conn, job.workspace_id, people, name):
                    if name not in counted:
                        readable.write(section(look, name))
                    out.write(("," if name in counted else "") + "\n" + json.dumps(row, ensure_ascii=False))
                    readable.write(entry(look, row))
                    counted[name], done = counted.get(name, 0) + 1, done + 1
                    if done % BEAT == 0:
                        renew(conn, job, done=done, total=None, told={})
                out.write("]")
            out.write("}\n")
        readable.write(FOOT)
        readable.flush()
        bag.write(page, PAGE)
    return counted
