"""SMS accounts that will soon be out of money: the team is told while there is time to charge them. An account that is out of it opens a circuit.

Low is what would not last three days more as the past three went, and whatever is less than a hundred parts.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from psycopg import Connection

from safar.channels.provider import Provider
from safar.channels.sending.material import Workspace, read_workspace
from safar.channels.services.http_line import Credit
from safar.channels.services.trying_own import read_credit
from safar.channels.settings import Sending
from safar.content.filters import PERSIAN_DIGITS
from safar.outbox.rows import SENT
from safar.outbox.statements import statement

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
AT_ONCE = 20  # accounts
LASTS = timedelta(days=3)
LEAST = 100  # parts
MOST_DIGITS = 18  # of an amount: whatever is longer is no money
SUBJECT = "credit:sms"
_TOOK = """SELECT coalesce(sum(parts), 0) FROM message WHERE workspace_id = %s AND decided_at > %s AND channel = 'sms' AND provider <> 'mailbox'
    AND state = ANY (%s)"""
_LOW = """INSERT INTO team_notice (workspace_id, subject, words, at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (workspace_id, subject) WHERE over_at IS NULL DO UPDATE SET words = EXCLUDED.words"""
_OVER = "UPDATE team_notice SET over_at = %s WHERE workspace_id = %s AND subject = %s AND over_at IS NULL"
# Nobody will say that there is enough again: the account was taken away, or is of a service that does not tell.
_NOBODY_TELLS = """UPDATE team_notice n SET over_at = %s WHERE n.subject = %s AND n.over_at IS NULL
    AND NOT EXISTS (SELECT FROM service s WHERE s.workspace_id = n.workspace_id AND s.channel = 'sms' AND s.provider = ANY (%s))"""


def watch_credit(conn: Connection[Any], *, kinds: Mapping[str, Provider], sending: Sending, now: datetime) -> int:
    """Ask the accounts that are due; how many are low. conn: autocommit. Any number may do it at once."""
    names = [key for key, kind in kinds.items() if kind.tells_credit]
    conn.execute(_NOBODY_TELLS, (now, SUBJECT, names))
    asked = {"now": now, "kinds": names, "every": EVERY, "n": AT_ONCE}
    low = 0
    for (workspace_id,) in (
        conn.execute(statement("credit_due", "safar.channels.sms"), asked).fetchall() if names else []
    ):
        workspace = read_workspace(conn, workspace_id, "sms")
        try:
            credit = read_credit(conn, workspace_id, "sms", sending=sending)
        except ValueError as fault:
            log.info("the SMS service of workspace %s does not say what is left: %s", workspace_id, fault)
            continue
        left = parts_left(credit, workspace) if credit and workspace else None
        if left is None:  # what is not known any more cannot be called low either
            conn.execute(_OVER, (now, workspace_id, SUBJECT))
        else:
            low += _note(conn, workspace_id, left, now)
    return low


def parts_left(credit: Credit, workspace: Workspace) -> int | None:
    """For how many parts the money lasts; None where that cannot be known: no amount, no price of a part, or another currency than the workspace's."""
    try:
        amount = Decimal(credit.amount)
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount.adjusted() >= MOST_DIGITS:
        return None
    if credit.unit == "parts":
        return int(amount)
    rials = {"rial": amount, "toman": amount * 10}.get(credit.unit)
    money = rials if workspace.currency == "IRR" else amount if credit.unit == workspace.currency else None
    return int(money / workspace.part_price) if money is not None and workspace.part_price else None


def _note(conn: Connection[Any], workspace_id: int, left: int, now: datetime) -> bool:
    row = conn.execute(_TOOK, (workspace_id, now - LASTS, list(SENT))).fetchone()
    took = int(row[0]) if row else 0
    if left >= max(took, LEAST):
        conn.execute(_OVER, (now, workspace_id, SUBJECT))
        return False
    conn.execute(_LOW, (workspace_id, SUBJECT, json.dumps(_words(left, took)), now))
    return True


def _words(left: int, took: int) -> dict[str, str]:
    return {
        "en": f"The SMS service has credit for about {left:,} parts; the past three days took {took:,}. Charge the account before it is used up.",
        "fa": f"اعتبار سرویس پیامک حدود {left} بخش دیگر است؛ سه روز گذشته {took} بخش برده است. پیش از تمام شدن، حساب را شارژ کنید.".translate(
            PERSIAN_DIGITS
        ),
    }
