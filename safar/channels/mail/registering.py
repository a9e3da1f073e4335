"""Telling a workspace's e-mail service by its API where to report what became of messages: what somebody would else set up on its pages by hand.

Asked for by a button, as often as one likes: a service that knows the address already stays as it is, and webhooks of others are never touched.
"""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from safar.channels.mail.service import MailService
from safar.channels.provider import providers
from safar.channels.services.api import CHANGED, NotRegistered, Registered
from safar.channels.services.own import opened, read_owns, set_service
from safar.channels.settings import Sending
from safar.channels.tokens import report_address
from safar.lib.calls import Caller

CHANNEL = "email"
_LOCK = "SELECT FROM service WHERE workspace_id = %s AND channel = %s FOR UPDATE"
SECONDS = 10.0  # of one answer: somebody waits


def register_webhook(conn: Connection[Any], *, workspace_id: int, sending: Sending) -> Registered | None:
    """None where the workspace has no service that can be told. What it gives to prove its calls with is kept with its account.

    Raises service_api.NotRegistered; ValueError where what the account is opened with cannot be unsealed. No transaction may be open: the service is waited for.
    """
    own = read_owns(conn, workspace_id).get(CHANNEL)
    kind = providers().get(own.provider) if own else None
    if own is None or not isinstance(kind, MailService) or not kind.registers:
        return None
    settings = opened(own, sending.secret_keys)
    caller = Caller(seconds=SECONDS)
    try:
        done = kind.register(caller, settings, report_address(sending, own))
    finally:
        caller.close()
    with conn.transaction():  # what somebody has changed while the service was asked is not put back
        conn.execute(_LOCK, (workspace_id, CHANNEL))
        still = read_owns(conn, workspace_id).get(CHANNEL)
        if still is None or still.version != own.version:
            raise NotRegistered(CHANGED)
        if done.settings:
            given = {**settings, **done.settings}
            set_service(
                conn,
                workspace_id=workspace_id,
                channel=CHANNEL,
                provider=own.provider,
                given=given,
                keys=sending.secret_keys,
            )
    return done
