"""How many messages one contact gets at most: a workspace's caps, read and changed. The gate holds them (``CAPPED``), and with them how often
the contact wants to hear from us (docs/semantics.md 59): at most one advertising message in 7 or in 30 days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from safar.channels.senders import CHANNELS
from safar.lib.faults import Faults, Refused, said

MOST_CAPS = 20
LONGEST = 366 * 24  # hours
MOST = 1000

# For the gate: a step over o, said and clock. What was begun counts, whatever came of it, unless it certainly did not go out.
CAPPED = """said.class = 'marketing' AND EXISTS (SELECT FROM (
        SELECT f.channel, f.topic, f.hours, f.most, f.transactional FROM frequency_cap f
         WHERE f.workspace_id = o.workspace_id AND f.channel IN ('', o.channel) AND f.topic IN ('', coalesce(said.topic, ''))
        UNION ALL
        SELECT '', '', CASE n.state WHEN 'weekly' THEN 168 ELSE 720 END, 1, false FROM consent n
         WHERE n.bucket = o.bucket AND n.contact_id = o.contact_id AND n.channel = 'frequency' AND n.state IN ('weekly', 'monthly')) k
         WHERE k.most <= (SELECT count(*) FROM message h
                           WHERE h.bucket = o.bucket AND h.contact_id = o.contact_id AND h.id <> o.id AND h.kind = 'message'
                             AND h.sending_at > clock.now - make_interval(hours => k.hours) AND h.state NOT IN ('failed', 'skipped')
                             AND (k.channel = '' OR h.channel = k.channel) AND (k.topic = '' OR h.topic = k.topic)
                             AND (k.transactional OR h.class = 'marketing') OFFSET 0) OFFSET 0)"""

# The same beforehand, for advertising by a channel now: over c; {channel} is a text. Caps of a topic are left out: which it is, is not asked.
WOULD_BE_CAPPED = """EXISTS (SELECT FROM (
        SELECT f.channel, f.hours, f.most, f.transactional FROM frequency_cap f
         WHERE f.workspace_id = c.workspace_id AND f.channel IN ('', {channel}) AND f.topic = ''
        UNION ALL
        SELECT '', CASE n.state WHEN 'weekly' THEN 168 ELSE 720 END, 1, false FROM consent n
         WHERE n.bucket = c.bucket AND n.contact_id = c.id AND n.channel = 'frequency' AND n.state IN ('weekly', 'monthly')) k
         WHERE k.most <= (SELECT count(*) FROM message h
                           WHERE h.bucket = c.bucket AND h.contact_id = c.id AND h.kind = 'message'
                             AND h.sending_at > statement_timestamp() - make_interval(hours => k.hours) AND h.state NOT IN ('failed', 'skipped')
                             AND (k.channel = '' OR h.channel = k.channel) AND (k.transactional OR h.class = 'marketing') OFFSET 0) OFFSET 0)"""


@dataclass(frozen=True)
class Cap:
    """At most ``most`` messages to a contact within ``hours``. channel, topic: empty for all together; transactional: those count as well."""

    channel: str
    topic: str
    hours: int
    most: int
    transactional: bool = False


def read_caps(conn: Connection[Any], workspace_id: int) -> list[Cap]:
    """The widest first."""
    rows = conn.execute(
        "SELECT channel, topic, hours, most, transactional FROM frequency_cap WHERE workspace_id = %s"
        " ORDER BY channel <> '', topic <> '', channel, topic, hours",
        (workspace_id,),
    ).fetchall()
    return [Cap(*row) for row in rows]


def set_cap(conn: Connection[Any], workspace_id: int, cap: Cap) -> bool:
    """Keep it in place of the one for the same channel, topic and time. False where it is that already. Raises Refused with every fault."""
    faults, caps = Faults(), read_caps(conn, workspace_id)
    if cap.channel and cap.channel not in CHANNELS:
        faults.at("channel").add(said("there is no channel %(channel)r", channel=cap.channel))
    if not 1 <= cap.hours <= LONGEST:
        faults.at("hours").add(said("has to be between 1 hour and 366 days"))
    if not 1 <= cap.most <= MOST:
        faults.at("most").add(said("has to be between 1 and %(most)s", most=MOST))
    same = next((one for one in caps if _key(one) == _key(cap)), None)
    if same is None and len(caps) >= MOST_CAPS:
        faults.add(said("there may be at most %(most)s caps", most=MOST_CAPS))
    if faults:
        raise Refused(faults)
    if same == cap:
        return False
    conn.execute(
        "INSERT INTO frequency_cap (workspace_id, channel, topic, hours, most, transactional) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (workspace_id, channel, topic, hours) DO UPDATE SET most = EXCLUDED.most, transactional = EXCLUDED.transactional",
        (workspace_id, cap.channel, cap.topic, cap.hours, cap.most, cap.transactional),
    )
    return True


def remove_cap(conn: Connection[Any], workspace_id: int, channel: str, topic: str, hours: int) -> bool:
    """False where there is none."""
    gone = conn.execute(
        "DELETE FROM frequency_cap WHERE workspace_id = %s AND channel = %s AND topic = %s AND hours = %s RETURNING 1",
        (workspace_id, channel, topic, hours),
    ).fetchone()
    return gone is not None


def _key(cap: Cap) -> tuple[str, str, int]:
    return cap.channel, cap.topic, cap.hours
