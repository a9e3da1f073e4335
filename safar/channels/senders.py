"""What a workspace sends as, and how much: the rows of `sender`, read and changed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from email.utils import parseaddr
from typing import Any

from psycopg import Connection

from safar.lib.faults import Faults, Refused, said

CHANNELS = ("email", "sms")
MOST = 1_000_000_000


@dataclass(frozen=True)
class Sender:
    """Of one channel. address: "Name <address>", empty for the installation's; the rates: None for no limit.

    part_price: of one part of an SMS, or of one e-mail, in the workspace's currency; None where nobody said it.
    """

    channel: str
    address: str = ""
    reply_to: str = ""
    per_second: int | None = None
    per_hour: int | None = None
    per_day: int | None = None
    part_price: Decimal | None = None


def read_senders(conn: Connection[Any], workspace_id: int) -> dict[str, Sender]:
    """By channel; one for each, with or without a row."""
    rows = conn.execute(
        "SELECT channel, address, reply_to, per_second, per_hour, per_day, part_price FROM sender WHERE workspace_id = %s",
        (workspace_id,),
    ).fetchall()
    return {channel: Sender(channel) for channel in CHANNELS} | {row[0]: Sender(*row) for row in rows}


def set_sender(conn: Connection[Any], workspace_id: int, sender: Sender) -> bool:
    """Keep it; what the rate's buckets hold begins anew. False where it is that already. Raises Refused with every fault."""
    faults = Faults()
    if sender.channel == "email":
        for name in ("address", "reply_to"):
            text = getattr(sender, name)
            if text and (not _is_address(text) or any(ord(letter) < 32 for letter in text)):
                faults.at(name).add(said("%(text)r is not an e-mail address", text=text))
    for name in ("per_second", "per_hour", "per_day"):
        rate = getattr(sender, name)
        if rate is not None and not 0 < rate <= MOST:
            faults.at(name).add(said("has to be a number above 0"))
    price = sender.part_price
    if price is not None and not (price.is_finite() and 0 <= price <= MOST):
        faults.at("part_price").add(said("has to be a number, 0 or above"))
    if faults:
        raise Refused(faults)
    if read_senders(conn, workspace_id).get(sender.channel) == sender:
        return False
    conn.execute(
        "INSERT INTO sender (workspace_id, channel, address, reply_to, per_second, per_hour, per_day, part_price)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (workspace_id, channel) DO UPDATE SET"
        " address = EXCLUDED.address, reply_to = EXCLUDED.reply_to, per_second = EXCLUDED.per_second,"
        " per_hour = EXCLUDED.per_hour, per_day = EXCLUDED.per_day, part_price = EXCLUDED.part_price,"
        " second_left = NULL, hour_left = NULL, day_left = NULL, filled_at = NULL",
        (
            workspace_id,
            sender.channel,
            sender.address,
            sender.reply_to,
            sender.per_second,
            sender.per_hour,
            sender.per_day,
            sender.part_price,
        ),
    )
    conn.execute("SELECT pg_notify('safar_outbox', '')")
    return True


def _is_address(text: str) -> bool:
    address = parseaddr(text)[1]
    local, _, domain = address.partition("@")
    return bool(local and domain and " " not in address) and address in text
