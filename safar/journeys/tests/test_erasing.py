"""Nothing is left of Mina: a marker is put into every place of every table that can hold one, and looked for everywhere afterwards."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier, Literal

from safar.channels.sending.dispatch import Dispatcher
from safar.channels.tests.settings import sending
from safar.contacts.suppressing import mark, suppress
from safar.contacts.whose import tables_of_contacts
from safar.journeys.erasing import erase_contact
from safar.outbox.tests.house import NOON, Person, Shop

MARKER = "zaferan-77"
KEY = "the installation's key"
# Columns that take a few words only, and what is put into them.
WORDS = {
    ("message", "state"): "accepted", ("message", "kind"): "message", ("message", "channel"): "email", ("message", "class"): "marketing",
    ("right_request", "state"): "done", ("right_request", "kind"): "export", ("outbox", "channel"): None, ("outbox", "state"): 0, ("outbox", "kind"): "message",
    ("inbox", "type"): "track", ("event", "type"): "track",
}  # fmt: skip
# What a point of a journey is called says nothing of a person; what is kept of the shell is a number.
OF_THE_HOUSE = {
    "message": {"journey_key", "point_key", "topic", "template", "variant", "language", "reason", "provider", "class", "undelivered"},
    "enrollment": {"reason"},
    "enrollment_past": {"reason"},
    "outbox": {"effect"},
    "right_request": {"by", "ended_by"},
}  # fmt: skip
_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, NULL), a.attgenerated <> '' OR a.attidentity <> '' FROM pg_attribute a
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""


@pytest.fixture
def shop(conn: psycopg.Connection[Any]) -> Shop:
    return Shop(conn)


def value(table: str, column: str, type: str, who: Person, shop: Shop) -> Any:
    named = {
        "bucket": who.bucket,
        "contact_id": who.id,
        "workspace_id": shop.id,
        "lane": 0,
        "id": who.id,
        "enrollment_id": who.enrollment_id,
    }
    if column in named:
        return Literal(named[column])
    if (table, column) in WORDS:
        return Literal(WORDS[table, column])
    if column in OF_THE_HOUSE.get(table, ()):
        return SQL("'{}'::jsonb") if type == "jsonb" else Literal("word")
    made = {
        "jsonb": SQL("jsonb_build_object('a', jsonb_build_array({}))").format(Literal(MARKER)),
        "text": Literal(MARKER), "character varying": Literal(MARKER), "text[]": SQL("ARRAY[{}]").format(Literal(MARKER)),
        "bytea": SQL("convert_to({}, 'UTF8')").format(Literal(MARKER)), "boolean": SQL("false"), "uuid": SQL("gen_random_uuid()"),
        "timestamp with time zone": SQL("now()"), "date": SQL("current_date"), "bigint[]": SQL("'{}'::bigint[]"),
        "interval": SQL("interval '1 day'"), "inet": SQL("'192.0.2.7'::inet"),
        "tsvector": SQL("to_tsvector('simple', {})").format(Literal(MARKER)),
    }  # fmt: skip
    return made.get(type, SQL("1"))


def seed(conn: psycopg.Connection[Any], table: str, who: Person, shop: Shop) -> None:
    columns = [(name, type) for name, type, generated in conn.execute(_COLUMNS, (table,)).fetchall() if not generated]
    insert = SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING").format(
        Identifier(table),
        SQL(", ").join(Identifier(name) for name, _ in columns),
        SQL(", ").join(value(table, name, type, who, shop) for name, type in columns),
    )
    conn.execute(insert)
    if "lane" in dict(columns):
        conn.execute(
            "UPDATE inbox i SET lane = b.lane FROM bucket_lane b WHERE i.contact_id = %s AND b.bucket = i.bucket",
            (who.id,),
        )


def found(conn: psycopg.Connection[Any]) -> dict[str, int]:
    """Table → rows in which the marker stands, as text or as bytes."""
    tables = conn.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = current_schema()::regnamespace"
    ).fetchall()
    left = {}
    for (name,) in tables:
        row = conn.execute(
            SQL("SELECT count(*) FROM {0} t WHERE t::text ILIKE %s OR t::text ILIKE %s").format(Identifier(name)),
            (f"%{MARKER}%", f"%{MARKER.encode().hex()}%"),
        ).fetchone()
        if row and row[0]:
            left[name] = row[0]
    return left


def test_a_marker_in_every_table_is_in_none_afterwards(conn: psycopg.Connection[Any], shop: Shop) -> None:
    mina = shop.person("Mina")
    address, phone = f"{MARKER}@people.example", "+989121234567"
    conn.execute(
        "UPDATE contact SET email = %s, phone = %s, external_id = %s, key = %s, traits = jsonb_build_object('first_name', %s::text), language = %s"
        " WHERE id = %s",
        (address, phone, MARKER, MARKER, MARKER, MARKER, mina.id),
    )  # fmt: skip
    conn.execute("DELETE FROM enrollment WHERE contact_id = %s", (mina.id,))
    for table in sorted(tables_of_contacts(conn)):
        seed(conn, table, mina, shop)
    conn.execute("UPDATE enrollment SET state = 1 WHERE contact_id = %s", (mina.id,))
    for kind, name in ((1, MARKER), (3, address), (4, phone)):
        conn.execute("INSERT INTO identity VALUES (%s, %s, %s, %s)", (shop.id, kind, name, mina.id))
    suppress(conn, shop.id, [("email", address, "unsubscribed")])
    for table in ("mailbox", "enrollment_entry", "report_wait"):
        seed(conn, table, mina, shop)
    conn.execute("UPDATE mailbox SET message_id = %s WHERE workspace_id = %s", (mina.id, shop.id))
    conn.execute("UPDATE report_wait SET message_id = %s WHERE workspace_id = %s", (mina.id, shop.id))
    refusal = f'[[2, "email", "\'{address}\' is no e-mail address"], [3, "", "of Ali"]]'
    conn.execute(
        "INSERT INTO import_progress (workspace_id, kind, file, line, accepted, repeated, refused, refusals, updated_at)"
        " VALUES (%s, 'contacts', 'a', 3, 0, 0, 2, %s, now())", (shop.id, refusal),
    )  # fmt: skip
    conn.execute(
        "INSERT INTO job (workspace_id, kind, state, by, told) VALUES (%s, 'import_contacts', 'finished', 'ali', jsonb_build_object('refusals', %s::jsonb))",
        (shop.id, refusal),
    )
    conn.execute(
        "INSERT INTO refusal (workspace_id, at, key, path, status, said, faults, body) VALUES (%s, now(), 'sk_', '/v1/track', 400, '', '[]', %s)",
        (shop.id, f'{{"userId": "{MARKER}"'),
    )
    before = found(conn)
    assert before.keys() >= {
        "contact",
        "event",
        "message",
        "mailbox",
        "consent_record",
        "person_file",
        "import_progress",
        "job",
        "refusal",
    }
    assert erase_contact(conn, workspace_id=shop.id, contact=mina.id, key=KEY) == 1
    assert found(conn) == {}
    kept = conn.execute("SELECT refusals FROM import_progress WHERE workspace_id = %s", (shop.id,)).fetchone()
    assert kept == ([[3, "", "of Ali"]],)
    assert conn.execute("SELECT address FROM suppression WHERE workspace_id = %s", (shop.id,)).fetchone() == (
        mark("email", address, KEY),
    )
    assert erase_contact(conn, workspace_id=shop.id, contact=mina.id, key=KEY) == 1
    assert conn.execute("SELECT count(*) FROM suppression WHERE workspace_id = %s", (shop.id,)).fetchone() == (1,)


@pytest.mark.parametrize(("keys", "old"), [("now", ()), ("newer", ("now",))])
def test_whoever_was_suppressed_gets_nothing_after_coming_back(
    conn: psycopg.Connection[Any], database_url: str, shop: Shop, keys: str, old: tuple[str, ...]
) -> None:
    address = f"mina-{shop.id}@people.example"
    mina = shop.person("Mina", email=address)
    suppress(conn, shop.id, [("email", address, "complained")])
    erase_contact(conn, workspace_id=shop.id, contact=mina.id, key="now")
    suppress(conn, shop.id, [])
    again, ali = shop.person("Mina", email=address.upper()), shop.person("Ali")
    for who in (again, ali):
        shop.decide(who)
    dispatcher = Dispatcher(database_url, "test", sending=sending(secret_key=keys, old_secret_keys=old))
    dispatcher.run_once(NOON)
    dispatcher.close()
    assert (shop.message(again)["state"], shop.message(again)["reason"]) == ("skipped", "suppressed")
    assert shop.message(ali)["state"] == "accepted"
