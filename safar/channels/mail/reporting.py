"""What e-mail services call in of messages they had taken, written down: ``/reports/email/<token>``, many events a call, any of them again."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from psycopg import Connection

from safar.channels.consent.unsubscribing import unsubscribe
from safar.channels.mail.events import (
    BOUNCED,
    CLICKED,
    COMPLAINED,
    DELIVERED,
    FAILED,
    OPENED,
    UNSUBSCRIBED,
    MailEvent,
)
from safar.channels.mail.service import MailService
from safar.channels.provider import Own, Report
from safar.channels.reports.reporting import called, note_report
from safar.channels.services.own import opened
from safar.channels.settings import Sending
from safar.channels.tokens import Unsubscribe
from safar.channels.tracking.links import LONGEST_URL, KnownLinks, Link, keep_links
from safar.channels.tracking.machines import Hit
from safar.channels.tracking.reactions import note_hits
from safar.channels.tracking.tokens import OPENED as OPENED_LINK
from safar.channels.tracking.tokens import Tracked
from safar.contacts.suppressing import suppress
from safar.outbox.statements import statement

OLDEST, SOONEST = timedelta(days=30), timedelta(minutes=5)  # a moment of the service's beyond these is not believed
_TRACKED = re.compile(r"^https?://[^/?#]+/(c|o|u|s)/[\w-]+$")  # an address that we have put there
SERVICE = "service"  # the proof of an unsubscribing that the service tells of

_ABOUT = """
    SELECT contact_id, address, EXISTS (SELECT FROM bounce b WHERE b.bucket = m.bucket AND b.message_id = m.id AND b.kind = 'hard')
      FROM message m
     WHERE bucket = %s AND id = %s AND workspace_id = %s AND provider = %s AND message_id_header = %s AND channel = 'email'"""


def hear_mail(
    conn: Connection[Any], *, token: str, request: HttpRequest, sending: Sending, now: datetime | None = None
) -> int | None:
    """None where the token names nothing that calls so; else how many events said something new. Raises mail_events.NotProved; ValueError where the
    call makes no sense, or what the account is opened with cannot be unsealed; lib.calls.CallFault.
    """
    found = called(conn, "email", token, sending, "report")
    own, kind = found or (None, None)
    if own is None or not isinstance(kind, MailService):
        return None
    events = kind.hear_events(opened(own, sending.secret_keys), request)
    with conn.transaction():
        news = sum(note_mail(conn, event, own=own, now=now) for event in events)
        hits = [hit for event in events if (hit := _hit(conn, event, own=own, now=now or datetime.now(UTC)))]
        return news + (note_hits(conn, hits) if hits else 0)


def note_mail(conn: Connection[Any], event: MailEvent, *, own: Own, now: datetime | None = None) -> bool:
    """Write it down. False where it says nothing new, or is not about a message that went by this account."""
    about = conn.execute(_ABOUT, (event.bucket, event.id, own.workspace_id, own.provider, event.header)).fetchone()
    if about is None:
        return False
    where: dict[str, Any] = {
        "workspace_id": own.workspace_id,
        "provider": own.provider,
        "bucket": event.bucket,
        "id": event.id,
    }
    contact_id, address, came_back = about
    if event.kind == DELIVERED and came_back:  # what is told late was before
        return False
    if event.kind in (DELIVERED, FAILED):
        if event.listed in ("bounced", "complained") and address:
            suppress(conn, own.workspace_id, [("email", address, event.listed)])
        state = DELIVERED if event.kind == DELIVERED else "failed"
        return note_report(conn, Report(event.provider_id, state, event.reason, event.said), **where, now=now)
    # Whatever else it tells of, it was taken.
    note_report(conn, Report(event.provider_id, "taken", said=event.said), **where, now=now)
    if event.kind in (BOUNCED, COMPLAINED):
        kind = "complaint" if event.kind == COMPLAINED else "hard" if event.hard else "soft"
        given = {**where, "header": event.header, "kind": kind, "reason": event.reason or None, "now": now}
        return conn.execute(statement("note_bounce", "safar.channels.mail"), given).fetchone() is not None
    if event.kind == UNSUBSCRIBED:
        what = Unsubscribe(own.workspace_id, contact_id, event.bucket, event.id)
        return unsubscribe(conn.cursor(), what, proof={"method": SERVICE}, now=now)
    return False  # an opening or a click: hits are judged together


def _hit(conn: Connection[Any], event: MailEvent, *, own: Own, now: datetime) -> Hit | None:
    """An opening or a click that the service has seen. A click on an address of ours is heard there."""
    if event.kind not in (OPENED, CLICKED) or _TRACKED.search(event.url):
        return None
    if event.kind == CLICKED and (not event.url.startswith(("https://", "http://")) or len(event.url) > LONGEST_URL):
        return None
    where = (event.bucket, event.id, own.workspace_id, own.provider, event.header)
    about = conn.execute(_ABOUT, where).fetchone()
    if about is None:
        return None
    link = OPENED_LINK
    if event.kind == CLICKED:
        followed = Link(own.workspace_id, event.url, about[0])
        keep_links(conn, [followed], KnownLinks())
        link = followed.id
    at = event.at if event.at and now - OLDEST < event.at < now + SOONEST else now
    said = "machine" if event.machine else "" if event.agent else "person"
    return Hit(Tracked(own.workspace_id, event.bucket, event.id, link), at, event.agent, said=said)
