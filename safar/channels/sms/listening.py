"""Asks services that do not tell us, or not surely, what people have written to their lines: about once a minute, each account."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection

from safar.channels.provider import Provider
from safar.channels.services.http_line import HttpLine
from safar.channels.services.own import opened, read_owns
from safar.channels.settings import Sending
from safar.channels.sms.inbound import take_inbound
from safar.lib.calls import CallFault
from safar.outbox.statements import statement

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
AFTER_A_FAULT = timedelta(minutes=10)
AT_ONCE = 100  # accounts

_PUT_OFF = "UPDATE service SET listen_at = %s WHERE workspace_id = %s AND channel = %s"


def listen_once(conn: Connection[Any], *, kinds: Mapping[str, Provider], sending: Sending, now: datetime) -> int:
    """Ask the accounts that are due; how many texts were new. conn: autocommit. Any number may do it at once."""
    names = [key for key, kind in kinds.items() if kind.asks_inbound]
    asked = {"now": now, "kinds": names, "every": EVERY, "n": AT_ONCE}
    due = conn.execute(statement("listen_due", "safar.channels.sms"), asked).fetchall() if names else []
    new = 0
    for workspace_id, channel in due:
        own = read_owns(conn, workspace_id).get(channel)
        kind = kinds[own.provider].of(own.settings) if own and own.provider in kinds else None
        if own is None or kind is None or not kind.asks_inbound:
            continue
        try:
            line = kind.open_own(sending, own, opened(own, sending.secret_keys))
            assert isinstance(line, HttpLine)
            try:
                found = line.ask_inbound()
            finally:
                line.close()
        except (CallFault, ValueError) as fault:
            log.info("%s of workspace %s does not say what people wrote: %s", own.provider, workspace_id, fault)
            conn.execute(_PUT_OFF, (now + AFTER_A_FAULT, workspace_id, channel))
        else:
            new += take_inbound(conn, found, workspace_id=workspace_id, provider=own.provider, now=now)
    return new
