"""The one statement between a claim and a hand-over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from psycopg import Connection

from safar.lib.failpoints import failpoint
from safar.outbox.rows import SENDING_LEASE, Begun, Claimed, Key, as_json, printable
from safar.outbox.statements import statement, told


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed row with all that is frozen when its hand-over begins. fault: it cannot be rendered, and why."""

    row: Claimed
    mode: str  # the workspace's send mode it was made ready under; begin sends it back where that has changed
    provider: str
    klass: str  # marketing | transactional | notice
    address: str | None = None  # e-mail address or E.164 number; begin sends it back where the contact's has changed
    marks: tuple[
        str, ...
    ] = ()  # how else the address may stand on the suppression list: folded, or as a hash (contacts.suppressing)
    message_id_header: str | None = None
    template: str | None = None
    variant: str | None = None
    language: str | None = None
    topic: str | None = None
    once_more: bool = False
    sender: str | None = None
    subject: str | None = None
    body_html: str | None = None
    body_text: str | None = None
    pattern: Mapping[str, Any] | None = (
        None  # {code, values} of an SMS that goes by one; body_text is then what it makes
    )
    parts: int | None = None  # of an SMS; an e-mail is one
    part_price: Decimal | None = None  # in the workspace's currency; None: its line has none
    fault: str | None = None

    def columns(self) -> Mapping[str, Any]:
        return self.row.key.columns() | {
            "mode": self.mode,
            "address": self.address,
            "marks": list(self.marks),
            "provider": self.provider,
            "message_id_header": self.message_id_header,
            "class": self.klass,
            "topic": self.topic,
            "template": self.template,
            "variant": self.variant,
            "language": self.language,
            "once_more": self.once_more,
            "sender": self.sender,
            "subject": self.subject,
            "body_html": self.body_html,
            "body_text": self.body_text,
            "pattern": self.pattern,
            "parts": self.parts,
            "part_price": None if self.part_price is None else str(self.part_price),
            "fault": printable(self.fault),
        }


def begin(
    conn: Connection[Any],
    ready: Sequence[Ready],
    *,
    gate: str,
    quiet: str = "SELECT NULL::timestamptz AS until",
    now: datetime | None = None,
    lease: timedelta = SENDING_LEASE,
) -> list[Begun]:
    """Ask the gate and move each row: those with verdict None are to be handed over as soon as this is committed.

    gate: SQL over ``o`` (outbox), ``c`` (contact), ``w`` (workspace), ``said`` (Ready) and ``clock``, giving NULL or
    ``word:reason``; quiet: SQL over the same for ``until``, the end of quiet hours, which ``wait:quiet`` puts it off to. A row that is missing in the answer is no longer ours (its lease was over, or it is gone). Commit
    with synchronous_commit on.
    """
    begun: list[Begun] = []
    by_token: dict[str, list[Ready]] = {}
    for one in ready:
        by_token.setdefault(one.row.token, []).append(one)
    sql = statement("begin", gate=gate, quiet=quiet, told=told())
    for token, some in by_token.items():
        for wave in _waves(some):
            asked = {"token": token, "rows": as_json(one.columns() for one in wave), "now": now, "lease": lease}
            begun += [Begun(Key(*row[:5]), row[5], row[6]) for row in conn.execute(sql, asked).fetchall()]
    failpoint("outbox.begun")
    return begun


def _waves(some: Sequence[Ready]) -> list[list[Ready]]:
    """A contact's messages one after the other, each in a statement of its own: what counts a contact's messages sees those before."""
    waves: list[list[Ready]] = []
    times: Counter[int] = Counter()
    for one in some:
        number = times[one.row.contact_id]
        times[one.row.contact_id] += 1
        if number == len(waves):
            waves.append([])
        waves[number].append(one)
    return waves
