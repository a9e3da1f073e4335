"""The demo's past messages: decided in the past, and so at their end since then. Nothing of them is left to a dispatcher, who would
send them all today.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from psycopg import Connection
from psycopg.rows import dict_row

from safar.channels.compose import Letter, compose, one_line, sender_address
from safar.channels.material import Workspace, read_templates, read_workspace
from safar.channels.desk import NOTICE, choose_variant
from safar.channels.settings import Sending
from safar.channels.tokens import Unsubscribe, make_token, message_id_header
from safar.content.render import render
from safar.demo.aside import LANE
from safar.outbox.rows import as_json
from safar.outbox.statements import statement

RECENT = timedelta(
    days=1
)  # what was decided since then is left to the dispatcher: so there is something to see it work
WHOLE = timedelta(days=30)  # younger messages are kept whole, of older ones subject and fate: 8 kB each would be 400 MB
FRESH = timedelta(hours=2)  # more than a workspace's late_events
CLICKS = 0.2  # of opens
BATCH = 500


def settle_past(conn: Connection[Any], workspaces: list[int], now: datetime, readers: Mapping[str, float]) -> int:
    """Bring every message that was decided more than a day before `now` to its end, at its own time; how many.

    What became of them goes into the inbox, received now, and so is history. On tables aside, which nobody else looks into.
    readers: a contact's key → how many of their e-mails they open, 0 to 1.
    """
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(statement("letters", "safar.demo"), {"before": now - RECENT}).fetchall()
    desks = {workspace: Desk(conn, workspace, now) for workspace in workspaces}
    settled = 0
    for first in range(0, len(rows), BATCH):
        batch = rows[first : first + BATCH]
        made = as_json(desks[row["workspace_id"]].settle(row, readers.get(row["key"], 0.0)) for row in batch)
        found = conn.execute(statement("settle", "safar.demo"), {"lane": LANE, "now": now, "rows": made}).fetchone()
        settled += found[0] if found else 0
    return settled


class Desk:
    """What the messages of one workspace have in common."""

    def __init__(self, conn: Connection[Any], workspace_id: int, now: datetime) -> None:
        found = read_workspace(conn, workspace_id, "email")
        assert found is not None
        self.workspace: Workspace = found
        self.sending = Sending(
            secret_key=settings.SECRET_KEY, public_url=settings.SAFAR.public_url, email_from=settings.SAFAR.email_from
        )
        self.now = now
        keys = [
            row[0] for row in conn.execute("SELECT key FROM content_template WHERE workspace_id = %s", (workspace_id,))
        ]
        self.templates = read_templates(conn, workspace_id, keys)

    def settle(self, row: Mapping[str, Any], open_rate: float) -> Mapping[str, Any]:
        """One row for settle.sql: the gate's answer of then, the message, and what its reader did."""
        notice = row["kind"] == "notice"
        draw = random.Random(row["id"] << 20 ^ row["contact_id"])
        at: datetime = row["decided_at"] + timedelta(seconds=1 + draw.random() * 3)
        address = (
            sender_address(self.sending.email_from)
            if notice
            else row["email" if row["channel"] == "email" else "phone"]
        )
        reason = None if notice else "no_address" if not address else None if row["consented"] else "no_consent"
        key = None if notice else choose_variant(row["effect"], row["key"])[0]
        whole = reason is None and at > self.now - WHOLE
        text = self._write(row, key, whole)
        sender = (self.templates[key]["sender"] if key else "") or self.workspace.sender or self.sending.email_from
        domain = sender_address(sender).rpartition("@")[2]
        header = message_id_header(row["bucket"], row["id"], at.isoformat(), domain, self.sending.secret_key)
        opened = clicked = None
        if reason is None and row["channel"] == "email" and draw.random() < open_rate:
            opened = self._known(at + timedelta(hours=0.05 + draw.expovariate(1 / 6)))
            if opened and draw.random() < CLICKS:
                clicked = self._known(opened + timedelta(seconds=15 + draw.random() * 90))
        return {
            **{name: row[name] for name in ("bucket", "enrollment_id", "entry_no", "trail_pos", "point")},
            "class": "notice" if notice else row["effect"].get("class", "marketing"),
            "template": key,
            "language": text["language"],
            "address": address,
            "state": "skipped" if reason else "accepted",
            "reason": reason,
            "message_id_header": header if row["channel"] != "sms" else f"{row['bucket']}-{row['id']}",
            "sender": one_line(sender),
            "subject": text["subject"] or None,
            "body_html": text["html"] if whole else None,
            "body_text": text["text"] if whole else None,
            "source": self._source(row, sender, header, address, text, at) if whole and address else None,
            "settled_at": at.isoformat(),
            "opened_at": opened and opened.isoformat(),
            "clicked_at": clicked and clicked.isoformat(),
        }

    def _write(self, row: Mapping[str, Any], key: str | None, whole: bool) -> Mapping[str, str]:
        """The rendered message; of one that is not kept whole only the subject is worth making."""
        workspace = self.workspace
        if key is None:
            subject = {"subject": "{{ workspace.name }}: {{ journey.key }}", "text": str(row["effect"].get("text", ""))}
            template: Mapping[str, Any] = {**NOTICE, "languages": {workspace.language: subject}}
        else:
            template = self.templates[key]
        if not whole and template["channel"] == "email":
            bare = {name: {**texts, "html": "", "text": "-"} for name, texts in template["languages"].items()}
            template = {**template, "languages": bare}
        traits = row["traits"] or {}
        data = {
            "contact": {**traits, "email": row["email"], "phone": row["phone"]},
            "facts": row["facts"] or {},
            "entry": row["entry"] or {},
            "journey": {"key": row["effect"].get("journey"), "point": row["effect"].get("point")},
            "cart": row["cart"] or {},
            "latest_order": row["latest_order"] or {},
            "workspace": {"name": workspace.name, "language": workspace.language, "currency": workspace.currency},
            "unsubscribe_url": self._unsubscribe_url(row),
            "now": row["decided_at"].isoformat(),
        }
        locale = {
            "language": workspace.language,
            "calendar": workspace.calendar,
            "zone": row["zone"] or workspace.zone,
            "currency": workspace.currency,
            "unit": workspace.currency_unit,
        }
        # In this process and not in a child: these templates are our own.
        job = {"template": template, "language": row["language"], "data": data, "locale": locale}
        return render({**job, "unsubscribe": whole and key is not None})

    def _known(self, moment: datetime) -> datetime | None:
        """The moment, unless it is to come, or so near that it would still wake somebody."""
        return moment if moment < self.now - FRESH else None

    def _unsubscribe_url(self, row: Mapping[str, Any]) -> str:
        what = Unsubscribe(row["workspace_id"], row["contact_id"], row["bucket"], row["id"])
        return f"{self.sending.public_url}/u/{make_token(what, self.sending.secret_key)}"

    def _source(
        self, row: Mapping[str, Any], sender: str, header: str, address: str, text: Mapping[str, str], at: datetime
    ) -> str:
        """What would have gone over the wire, in base64."""
        if row["channel"] == "sms":
            return base64.b64encode(text["text"].encode()).decode("ascii")
        letter = Letter(
            message_id=header,
            date=at.astimezone(UTC),
            sender=sender,
            to=(address,),
            subject=text["subject"],
            text=text["text"],
            html=text["html"],
            unsubscribe_url=None if row["kind"] == "notice" else self._unsubscribe_url(row),
            one_click=self.sending.secure,
        )
        return base64.b64encode(compose(letter)).decode("ascii")
