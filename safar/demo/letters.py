"""The demo's past messages: decided in the past, and so at their end since then. Nothing of them is left to a dispatcher, who would
send them all today.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from psycopg import Connection
from psycopg.rows import class_row

from safar.channels.mail.compose import one_line
from safar.channels.senders import read_senders
from safar.channels.sending.desk import Desk, choose_variant, klass_of, parts_of
from safar.channels.sending.material import Material, Workspace, read_templates, read_workspace
from safar.channels.settings import Sending
from safar.content.pool import Rendered
from safar.content.render import render
from safar.demo.aside import LANE
from safar.outbox.rows import Claimed, Key, as_json
from safar.outbox.statements import statement

RECENT = timedelta(days=1)  # what is younger is left to the dispatcher, so that there is something to see it work
WHOLE = timedelta(
    days=30
)  # younger messages are kept whole, of older ones subject and fate: at 4 kB each it would be 150 MB
FRESH = timedelta(hours=2)  # more than a workspace's late_events
CLICKS = 0.2  # of opens
BATCH = 500


@dataclass(frozen=True, slots=True)
class Decided(Material):
    """A row of letters.sql: the decision, and what its message is made from as it was then. consented: it was allowed."""

    id: int
    workspace_id: int
    contact_id: int
    journey_id: int
    kind: str
    channel: str
    effect: Mapping[str, Any]
    decided_at: datetime
    consented: bool

    def claimed(self) -> Claimed:
        """As a dispatcher would have had it."""
        return Claimed(
            Key(self.bucket, self.enrollment_id, self.entry_no, self.trail_pos, self.point),
            self.id, self.workspace_id, self.contact_id, self.journey_id, self.kind, self.channel, self.effect,
            self.decided_at, self.decided_at, None, 0, 0, "",
        )  # fmt: skip


def settle_past(conn: Connection[Any], workspaces: list[int], now: datetime, readers: Mapping[str, float]) -> int:
    """Bring every message that was decided more than a day before `now` to its end, at its own time; how many.

    What became of them goes into the inbox, received now, and so is history. On tables aside, which nobody else looks into.
    readers: a contact's key → how many of their e-mails they open, 0 to 1.
    """
    with conn.cursor(row_factory=class_row(Decided)) as cursor:
        rows = cursor.execute(statement("letters", "safar.demo"), {"before": now - RECENT}).fetchall()
    offices = {workspace: Office(conn, workspace, now) for workspace in workspaces}
    settled = 0
    for first in range(0, len(rows), BATCH):
        batch = rows[first : first + BATCH]
        made = as_json(offices[row.workspace_id].settle(row, readers.get(row.contact_key or "", 0.0)) for row in batch)
        found = conn.execute(statement("settle", "safar.demo"), {"lane": LANE, "now": now, "rows": made}).fetchone()
        settled += found[0] if found else 0
    return settled


class Office:
    """What the messages of one workspace have in common."""

    def __init__(self, conn: Connection[Any], workspace_id: int, now: datetime) -> None:
        found = read_workspace(conn, workspace_id, "email")
        assert found is not None
        self.workspace: Workspace = found
        self.now = now
        chosen = settings.SAFAR
        self.sending = Sending(settings.SECRET_KEY, public_url=chosen.public_url, email_from=chosen.email_from)
        self.prices = {channel: sender.part_price for channel, sender in read_senders(conn, workspace_id).items()}
        keys = conn.execute("SELECT key FROM content_template WHERE workspace_id = %s", (workspace_id,)).fetchall()
        self.templates = read_templates(conn, workspace_id, [key for (key,) in keys])
        self.bare = {key: _only_subject(template) for key, template in self.templates.items()}

    def settle(self, decided: Decided, open_rate: float) -> Mapping[str, Any]:
        """One row for settle.sql: the gate's answer of then, the message, and what its reader did."""
        row = decided.claimed()
        draw = Random(row.id << 20 ^ row.contact_id)
        at = row.decided_at + timedelta(seconds=1 + draw.random() * 3)
        whole = at > self.now - WHOLE
        templates = self.templates if whole else self.bare
        desk = Desk(self.workspace, sending=self.sending, now=at, templates=templates, outside={})
        addresses = desk.addresses(row, decided)
        reason = None if row.kind == "notice" or decided.consented else "no_consent"
        reason = reason if addresses or row.kind == "notice" else "no_address"
        key, variant = (None, None) if row.kind == "notice" else choose_variant(row.effect, decided.contact_key or "")
        job = desk.job(row, key, decided)
        # In this process and not in a child: these templates are our own.
        text = Rendered(**render({name: getattr(job, name) for name in job.__slots__}))
        sender, header, source = desk.sender(key, decided, row.channel), None, b""
        if whole and reason is None and row.kind != "notice":
            header, source = desk.source(row, sender=sender, material=decided, addresses=addresses, text=text)
        price = self.prices.get(row.channel)
        read = reason is None and row.channel == "email" and row.kind == "message" and draw.random() < open_rate
        opened = self._known(at + timedelta(hours=0.05 + draw.expovariate(1 / 6))) if read else None
        clicks = opened is not None and draw.random() < CLICKS
        clicked = self._known(opened + timedelta(seconds=15 + draw.random() * 90)) if opened and clicks else None
        return row.key.columns() | {
            "class": klass_of(row),
            "template": key,
            "variant": variant,
            "language": text.language,
            "address": addresses[0] if addresses else None,
            "state": "skipped" if reason else "accepted",
            "reason": reason,
            "message_id_header": header,
            "sender": one_line(sender),
            "subject": text.subject or None,
            "body_html": text.html if whole else None,
            "body_text": text.text if whole else None,
            "parts": None if reason else parts_of(row.channel, text.text),
            "part_price": None if reason or price is None else str(price),
            "source": base64.b64encode(source).decode("ascii") if whole and source else None,
            "settled_at": at.isoformat(),
            "opened_at": opened and opened.isoformat(),
            "clicked_at": clicked and clicked.isoformat(),
        }

    def _known(self, moment: datetime) -> datetime | None:
        """The moment, unless it is to come, or so near that it would still wake somebody."""
        return moment if moment < self.now - FRESH else None


def _only_subject(template: Mapping[str, Any]) -> Mapping[str, Any]:
    """The template without what takes long to make and is not kept."""
    if template["channel"] != "email":
        return template
    languages = {name: {**texts, "html": "", "text": "-"} for name, texts in template["languages"].items()}
    return {**template, "languages": languages}
