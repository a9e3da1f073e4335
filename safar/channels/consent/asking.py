"""Asks for confirmations that nobody asked for yet: of consents that a program or a form said to be pending, where the workspace wants sign-ups
confirmed, or the form does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection

from safar.channels.consent.confirming import ASKED, MOST, ask_confirmation

SECONDS = 5.0
AT_ONCE = 500
LOOK_BACK = timedelta(days=1)  # what was said earlier is not asked about any more
LOCK = 0x5AFA_A58E  # advisory: one asks at a time, else two would ask the same people
# By hand and from files nobody is asked: a member, or another system, has its own way. Who cannot be asked (no address, asked often enough today)
# is left out: they would come first every time, and hide those behind them.
_UNASKED = """
SELECT DISTINCT ON (r.bucket, r.contact_id, r.channel) r.workspace_id, r.contact_id, r.channel, r.proof, r.text_version, r.method
FROM consent_record r
LEFT JOIN privacy p ON p.workspace_id = r.workspace_id
JOIN consent n ON n.bucket = r.bucket AND n.contact_id = r.contact_id AND n.channel = r.channel AND n.state = 'pending'
JOIN contact c ON c.bucket = r.bucket AND c.id = r.contact_id AND c.erased_at IS NULL AND c.merged_into IS NULL
    AND btrim(CASE r.channel WHEN 'email' THEN c.email ELSE c.phone END) <> ''
WHERE r.state = 'pending' AND r.at > %(since)s AND r.channel IN ('email', 'sms') AND r.method NOT IN ('by_hand', 'import', 'journey')
    AND (p.double_opt_in OR r.proof ->> 'confirm' = 'yes')
    AND NOT EXISTS (SELECT FROM confirmation f WHERE f.bucket = r.bucket AND f.contact_id = r.contact_id AND f.channel = r.channel
        AND f.asked_at >= r.at - interval '1 hour' AND to_jsonb(f.topics) @> coalesce(r.proof -> 'topics', '[]'))
    AND %(most)s > (SELECT count(*) FROM confirmation f WHERE f.bucket = r.bucket AND f.contact_id = r.contact_id AND f.channel = r.channel
        AND f.asked_at > %(now)s::timestamptz - interval '1 day')
ORDER BY r.bucket, r.contact_id, r.channel, r.id DESC LIMIT %(n)s
"""
_KEPT = ("form", "ip", "user_agent", "page", "text")  # of the proof of the saying


def ask_unasked(conn: Connection[Any], now: datetime) -> int:
    """Returns how many were asked: nobody while another process does it. conn: autocommit."""
    row = conn.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
    if row is None or not row[0]:
        return 0
    try:
        return _ask(conn, now)
    finally:
        conn.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))


def _ask(conn: Connection[Any], now: datetime) -> int:
    asked, looked = 0, {"since": now - LOOK_BACK, "now": now, "most": MOST, "n": AT_ONCE}
    for workspace, contact, channel, proof, version, method in conn.execute(_UNASKED, looked).fetchall():
        said = {name: proof[name] for name in _KEPT if name in proof} | {"method": method}
        said |= {"text_version": version} if version else {}
        topics = [str(one) for one in proof.get("topics", ())]
        asked += (
            ask_confirmation(
                conn, workspace_id=workspace, contact=contact, channel=channel, topics=topics, proof=said, now=now
            )
            == ASKED
        )
    return asked
