"""What services report of messages they had taken, written down: it arrived, or it did not, and why; and who calls us about what."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection

from safar.channels.provider import Accepted, Own, Provider, Report, providers
from safar.channels.sending.lines import Outcome
from safar.channels.services.own import opened, read_owns
from safar.channels.settings import Sending
from safar.channels.sms.inbound import take_inbound
from safar.channels.tokens import report_token
from safar.outbox.finish import Answer, finish
from safar.outbox.rows import Key, printable
from safar.outbox.statements import statement

FIRST_ASKED = timedelta(minutes=1)
ASKED_FOR = timedelta(hours=47)  # Kavenegar knows a message for 48

_AWAIT = """
    INSERT INTO report_wait (bucket, message_id, workspace_id, channel, provider, provider_id, ask_at, until)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (bucket, message_id) DO NOTHING"""
_DOUBTED = """
    SELECT enrollment_id, entry_no, trail_pos, point, attempt FROM message
     WHERE bucket = %s AND id = %s AND workspace_id = %s AND provider = %s AND state IN ('in_doubt', 'assumed_sent')"""


def await_reports(
    conn: Connection[Any], outcomes: Iterable[Outcome], *, kinds: Mapping[str, Provider], now: datetime
) -> None:
    """Of messages that were taken by services that have to be asked: ask from now on."""
    rows = []
    for outcome in outcomes:
        verdict, carrier, row = outcome.verdict, outcome.carrier, outcome.hand_over.prepared.ready.row
        own = carrier.own
        if isinstance(verdict, Accepted) and verdict.provider_id and own and kinds[own.provider].of(own.settings).polls:
            name = (row.key.bucket, row.id, row.workspace_id, row.channel, carrier.provider)
            rows.append((*name, printable(verdict.provider_id), now + FIRST_ASKED, now + ASKED_FOR))
    if rows:
        conn.cursor().executemany(_AWAIT, rows)


def note_report(
    conn: Connection[Any],
    report: Report,
    *,
    workspace_id: int,
    provider: str,
    bucket: int,
    id: int,
    now: datetime | None = None,
) -> bool:
    """Write it down; a message in doubt was taken, as it turns out. False where it says nothing new, or the message is not there."""
    if report.state == "waiting":
        return False
    with conn.transaction():
        about = (bucket, id, workspace_id, provider)
        doubted = conn.execute(_DOUBTED, about).fetchone()
        if doubted:
            key = Key(bucket, *doubted[:4])
            proof = Answer(key, doubted[4], "accepted", "evidence", report.said or None, report.provider_id or None)
            finish(conn, [proof], now=now)
        if report.state == "taken":
            return False
        asked = {
            "bucket": bucket,
            "id": id,
            "workspace_id": workspace_id,
            "provider": provider,
            "delivered": report.state == "delivered",
            "reason": report.reason or "undelivered",
            "now": now,
        }
        return conn.execute(statement("note_report", "safar.channels.reports"), asked).fetchone() is not None


def hear_report(
    conn: Connection[Any],
    *,
    channel: str,
    token: str,
    url: str,
    message: str,
    form: Mapping[str, str],
    headers: Mapping[str, str],
    sending: Sending,
) -> bool | None:
    """A service called ``/reports/<channel>/<token>``. None where the token names nothing, or the call is not proved to be the
    service's; else whether it said something new. message: ``bucket-number``, as we had asked for it.
    """
    found = called(conn, channel, token, sending, "report")
    if found is None or not found[1].hears:
        return None
    own, kind = found
    try:
        report = kind.hear(opened(own, sending.secret_keys), url, form, headers)
    except ValueError:  # what it is opened with cannot be unsealed
        return None
    bucket, _, id = message.partition("-")
    if report is None or not _is_number(bucket, 1024) or not _is_number(id, 2**63):
        return None
    return note_report(
        conn, report, workspace_id=own.workspace_id, provider=own.provider, bucket=int(bucket), id=int(id)
    )


def hear_inbound(
    conn: Connection[Any],
    *,
    channel: str,
    token: str,
    url: str,
    form: Mapping[str, str],
    headers: Mapping[str, str],
    sending: Sending,
) -> bool | None:
    """A service called ``/inbound/<channel>/<token>``: as ``hear_report``."""
    found = called(conn, channel, token, sending, "inbound")
    if found is None or not found[1].tells_inbound:
        return None
    own, kind = found
    try:
        said = kind.hear_inbound(opened(own, sending.secret_keys), url, form, headers)
    except ValueError:
        return None
    if said is None:
        return None
    return take_inbound(conn, [said], workspace_id=own.workspace_id, provider=own.provider) > 0


def called(
    conn: Connection[Any], channel: str, token: str, sending: Sending, about: str
) -> tuple[Own, Provider] | None:
    """Whose token it is: the account and its provider. None where it names nothing."""
    number = token.partition("-")[0]
    if not _is_number(number, 2**31):
        return None
    own = read_owns(conn, int(number)).get(channel)
    kind = providers().get(own.provider) if own else None
    if own is None or kind is None:
        return None
    known = [report_token(own.workspace_id, channel, own.provider, key, about) for key in sending.secret_keys]
    return (
        (own, kind.of(own.settings))
        if any(hmac.compare_digest(token.encode(), one.encode()) for one in known)
        else None
    )


def _is_number(text: str, below: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 20 and int(text) < below
