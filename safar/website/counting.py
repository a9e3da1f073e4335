"""What is counted of forms while people see and answer them; read by `figures`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from safar.contacts.names import ANONYMOUS, EMAIL, PHONE, fold_email, fold_phone
from safar.website.coming import Coming
from safar.website.keeping import Kept

SEEN = SHOWN, CLOSED = "shown", "closed"
MOST_A_DAY = 500  # pages and sources of a form and day that are told apart: anybody may make up addresses
REST = "…"  # the page and the source of those beyond
_COUNT = SQL("""
WITH asked AS (
    SELECT w.id, (%(at)s::timestamptz AT TIME ZONE w.zone)::date AS day FROM accounts_workspace w WHERE w.id = %(workspace)s
), known AS (
    SELECT count(*) < {most} OR bool_or(n.page = %(page)s AND n.source = %(source)s) AS apart
    FROM form_count n, asked a WHERE n.workspace_id = a.id AND n.form = %(form)s AND n.day = a.day
)
INSERT INTO form_count AS n (workspace_id, form, day, page, source, {what})
SELECT a.id, %(form)s, a.day, CASE WHEN k.apart THEN %(page)s ELSE %(rest)s END, CASE WHEN k.apart THEN %(source)s ELSE %(rest)s END, 1
FROM asked a, known k
ON CONFLICT (workspace_id, form, day, page, source) DO UPDATE SET {what} = n.{what} + 1
""")
# Nobody knew any of their addresses, nor whose browser it is.
_FRESH = """
SELECT NOT EXISTS (SELECT FROM identity i WHERE i.workspace_id = %(workspace)s AND (i.kind = %(email_kind)s AND i.value = %(email)s OR i.kind = %(phone_kind)s AND i.value = %(phone)s))
    AND NOT EXISTS (SELECT FROM identity i JOIN identity o ON o.contact_id = i.contact_id AND o.kind <> i.kind
        WHERE i.workspace_id = %(workspace)s AND i.kind = %(kind)s AND i.value = %(who)s)
"""
_ANSWER = """
INSERT INTO form_answer (bucket, contact_id, workspace_id, form, at, page, source, fresh, asked)
SELECT i.contact_id & 1023, i.contact_id, i.workspace_id, %(form)s, %(at)s, %(page)s, %(source)s, %(fresh)s, %(asked)s
FROM identity i WHERE i.workspace_id = %(workspace)s AND i.kind = %(kind)s AND i.value = %(who)s
ON CONFLICT DO NOTHING
"""


def count_seen(conn: Connection[Any], kept: Kept, what: str, coming: Coming, now: datetime) -> None:
    """what: SHOWN or CLOSED."""
    assert what in SEEN
    given = {
        "workspace": kept.workspace_id,
        "form": kept.form.key,
        "at": now,
        "page": coming.page,
        "source": coming.source,
    }
    conn.execute(_COUNT.format(what=Identifier(what), most=MOST_A_DAY), {**given, "rest": REST})  # fmt: skip


def is_fresh(conn: Connection[Any], workspace_id: int, found: Mapping[str, str], who: str) -> bool:
    """Whether nobody by these fields was known yet. who: the anonymousId; before what they say is accepted."""
    given = {"workspace": workspace_id, "kind": ANONYMOUS, "who": who, "email_kind": EMAIL, "phone_kind": PHONE}
    email, phone = fold_email(found.get("email", "")), fold_phone(found.get("phone", ""))
    row = conn.execute(_FRESH, {**given, "email": email, "phone": phone}).fetchone()
    return bool(row and row[0])


def note_answer(
    conn: Connection[Any], kept: Kept, who: str, coming: Coming, *, now: datetime, fresh: bool, asked: bool
) -> None:
    """After what they said is accepted: the anonymousId is theirs then. In the caller's transaction."""
    given = {"workspace": kept.workspace_id, "kind": ANONYMOUS, "who": who, "form": kept.form.key, "at": now}
    told = {"page": coming.page, "source": coming.source, "fresh": fresh, "asked": asked}
    conn.execute(_ANSWER, {**given, **told})
