"""One contact, whole, read across the rooms: what `safar contact show` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg.rows import dict_row

from safar.cli.failures import Failure

CONTACT = "SELECT * FROM contact WHERE bucket = %(bucket)s AND id = %(contact)s"
NAMES = "SELECT kind, value FROM identity WHERE contact_id = %(contact)s AND workspace_id = %(workspace)s ORDER BY kind, value"
FACTS = "SELECT * FROM contact_facts WHERE bucket = %(bucket)s AND contact_id = %(contact)s"
TAGS = "SELECT tag, at FROM contact_tag WHERE bucket = %(bucket)s AND contact_id = %(contact)s ORDER BY at, tag"
CONSENTS = """
SELECT channel, state, at, source FROM consent WHERE bucket = %(bucket)s AND contact_id = %(contact)s ORDER BY channel
"""
MESSAGES = """
SELECT decided_at AS at, channel, journey_key AS journey, point_key AS point, template, state, reason FROM message
WHERE bucket = %(bucket)s AND contact_id = %(contact)s ORDER BY decided_at DESC, id DESC LIMIT %(limit)s
"""
WAITING = """
SELECT decided_at AS at, channel, effect ->> 'journey' AS journey, effect ->> 'point' AS point, effect ->> 'template' AS template
FROM outbox WHERE bucket = %(bucket)s AND contact_id = %(contact)s ORDER BY decided_at DESC LIMIT %(limit)s
"""
EVENTS = """
SELECT timestamp, seq, type, name, properties, cause FROM event
WHERE bucket = %(bucket)s AND contact_id = %(contact)s ORDER BY timestamp DESC, seq DESC LIMIT %(limit)s
"""
FOUND = """
SELECT DISTINCT contact_id FROM identity
WHERE workspace_id = %(workspace)s AND (value = ANY (%(names)s) OR contact_id = %(number)s)
"""
KINDS = {1: "userId", 2: "anonymousId", 3: "e-mail", 4: "phone"}
BOOKKEEPING = frozenset({"bucket", "contact_id", "cart_folded_at", "cart", "latest_order"})


def find_person(conn: psycopg.Connection[Any], workspace: int, who: str) -> int:
    """The contact with this userId, anonymousId, e-mail, phone or number. Raises Failure where there is none, or several."""
    from safar.contacts.names import fold_email, fold_phone

    names = sorted({name for name in (who, fold_email(who), fold_phone(who)) if name})
    number = int(who) if who.isascii() and who.isdigit() and len(who) < 19 else None
    rows = conn.execute(FOUND, {"workspace": workspace, "names": names, "number": number}).fetchall()
    if not rows:
        raise Failure(f"Nobody is known as {who!r}.", "Give a userId, an anonymousId, an e-mail address or a phone.")
    if len(rows) > 1:
        numbers = ", ".join(str(contact) for (contact,) in rows)
        raise Failure(f"{len(rows)} contacts are known as {who!r}.", f"Say which by its number: {numbers}")
    return int(rows[0][0])


def read_person(conn: psycopg.Connection[Any], workspace: int, contact: int, limit: int) -> dict[str, Any]:
    """Everything kept about the contact; limit: events and messages, the newest first. Times are aware datetimes."""
    from safar.contacts.ids import bucket
    from safar.journeys.backtest.trace import read_trace
    from safar.journeys.engine.load import load_plan

    key = {"bucket": bucket(contact), "contact": contact, "workspace": workspace, "limit": limit}

    def rows(query: str) -> list[dict[str, Any]]:
        with conn.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query.encode(), key).fetchall()

    person = rows(CONTACT)[0]
    facts = (rows(FACTS) or [{}])[0]
    versions = load_plan(conn, [workspace]).versions
    return {
        "contact": contact,
        "key": person["key"],
        "names": [{"kind": KINDS[row["kind"]], "value": row["value"]} for row in rows(NAMES)],
        "created_at": person["created_at"],
        "merged_into": person["merged_into"],
        "erased_at": person["erased_at"],
        "zone": person["zone"],
        "traits": person["traits"],
        "tags": rows(TAGS),
        "consents": rows(CONSENTS),
        "facts": {name: value for name, value in facts.items() if name not in BOOKKEEPING},
        "cart": facts.get("cart"),
        "trips": list(read_trace(conn, versions, str, contact)),
        "waiting": rows(WAITING),
        "messages": rows(MESSAGES),
        "events": rows(EVENTS),
    }


def places(trips: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str, str, str]]:
    """(journey, point, since, status, way in) of each trip: where it stands, or where it ended."""
    found = []
    for trip in trips:
        last = trip["passages"][-1] if trip["passages"] else None
        status = trip["status"] + (f": {trip['reason']}" if trip["reason"] else "")
        name = trip["journey"] + (f" ({trip['one_per']})" if trip["one_per"] is not None else "")
        point, since = (last["point"], last["arrived_at"]) if last else ("–", trip["entered_at"])
        found.append((name, point, since, status, trip["starting_point"]))
    return found
