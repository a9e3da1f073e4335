"""A small house for tests: a shop, its people, and what the engine would have decided for them."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg import Connection

NOON = datetime(2026, 3, 21, 12, tzinfo=UTC)  # 1 Farvardin 1405
_numbers = itertools.count(1)

WELCOME = {
    "en": {"subject": "Hello {{ contact.first_name }}", "html": "<p>Welcome, <b>{{ contact.first_name }}</b>!</p>"},
    "fa": {"subject": "سلام {{ contact.first_name }}", "html": "<p>خوش آمدید، <b>{{ contact.first_name }}</b>!</p>"},
}


@dataclass
class Person:
    id: int
    bucket: int
    email: str
    enrollment_id: int


@dataclass
class Shop:
    """A workspace with templates and contacts, and a hand that decides messages as the engine does."""

    conn: Connection[Any]
    mode: str = "mailbox"
    language: str = "en"
    id: int = 0
    journey_id: int = 0
    decided: int = field(default=0)

    def __post_init__(self) -> None:
        number = next(_numbers)
        row = self.conn.execute(
            "INSERT INTO accounts_workspace (slug, name, zone, calendar, language, currency, currency_unit, late_events, send_mode,"
            " team_addresses, stopped, demo, created_at) VALUES (%s, 'Mug shop', 'Asia/Tehran', 'jalali', %s, 'IRR', 'IRT', 3600, %s,"
            " '[\"team@shop.example\"]', false, false, now()) RETURNING id",
            (f"shop-{number}-{id(self)}", self.language, self.mode),
        ).fetchone()
        assert row is not None
        self.id = row[0]
        self.journey_id = self.id * 10
        self.conn.execute(
            "INSERT INTO bucket_lane SELECT n, n % 16 FROM generate_series(0, 1023) n ON CONFLICT DO NOTHING"
        )
        # SMS at any hour: tests run when they run
        self.conn.execute("INSERT INTO quiet_hours (workspace_id, channel) VALUES (%s, 'sms')", (self.id,))
        self.template("welcome", WELCOME)

    def template(self, key: str, languages: Any, *, channel: str = "email", **columns: Any) -> None:
        given = {"strict": False, "once_more": False, "sender": "", "topic": "", "fallbacks": {}, **columns}
        self.conn.execute(
            "INSERT INTO content_template (workspace_id, key, channel, title, languages, fallbacks, strict, once_more, sender, topic, updated_at)"
            " VALUES (%s, %s, %s, '', %s, %s, %s, %s, %s, %s, now()) ON CONFLICT (workspace_id, key) DO UPDATE SET languages = EXCLUDED.languages,"
            " strict = EXCLUDED.strict, once_more = EXCLUDED.once_more, topic = EXCLUDED.topic",
            (
                self.id,
                key,
                channel,
                json.dumps(languages),
                json.dumps(given["fallbacks"]),
                given["strict"],
                given["once_more"],
                given["sender"],
                given["topic"],
            ),
        )

    def person(
        self,
        name: str = "Sara",
        *,
        consent: str | None = "given",
        language: str | None = "en",
        email: str | None = None,
    ) -> Person:
        number = next(_numbers)
        bucket = number % 1024
        person = Person(
            number * 1024 + bucket,
            bucket,
            f"{name.lower()}-{self.id}-{number}@people.example" if email is None else email,
            number * 1024 + bucket,
        )
        self.conn.execute(
            "INSERT INTO contact (bucket, id, workspace_id, key, email, traits, language, created_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            (
                bucket,
                person.id,
                self.id,
                f"{name}-{number}",
                person.email or None,
                json.dumps({"first_name": name}),
                language,
                NOON,
            ),
        )
        if consent:
            for channel in ("email", "sms"):
                self.conn.execute(
                    "INSERT INTO consent VALUES (%s, %s, %s, %s, %s, '')", (bucket, person.id, channel, consent, NOON)
                )
        self.conn.execute(
            "INSERT INTO enrollment (bucket, contact_id, journey_id, id, workspace_id, version_id, entry_no, starting_point, state, entered_at,"
            " entry_seq, since, since_seq) VALUES (%s, %s, %s, %s, %s, 1, 1, 0, 0, %s, 1, %s, 1)",
            (
                bucket,
                person.id,
                self.journey_id,
                person.enrollment_id,
                self.id,
                NOON - timedelta(days=1),
                NOON - timedelta(days=1),
            ),
        )
        return person

    def decide(
        self,
        person: Person,
        *,
        point: int = 0,
        at: datetime = NOON,
        kind: str = "message",
        not_after: datetime | None = None,
        **effect: Any,
    ) -> int:
        """Put a row into the outbox as the engine does; returns its number."""
        words = {
            "journey": "welcome",
            "point": f"greet-{point}",
            "version": 1,
            "channel": "email",
            "template": "welcome",
            "class": "marketing",
        }
        if kind == "notice":
            words = {"journey": "welcome", "point": f"call-{point}"}
        elif kind == "webhook":
            words = {"journey": "welcome", "point": f"hook-{point}", "class": "webhook"}
        row = self.conn.execute(
            "INSERT INTO outbox (bucket, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, effect,"
            " decided_at, due_at, not_after) VALUES (%s, %s, %s, %s, %s, 1, 1, %s, %s, %s, %s, %s, %s) RETURNING id",
            (
                person.bucket,
                self.id,
                person.id,
                self.journey_id,
                person.enrollment_id,
                point,
                kind,
                json.dumps({**words, **effect}),
                at,
                at,
                not_after,
            ),
        ).fetchone()
        assert row is not None
        self.decided += 1
        return int(row[0])

    def message(self, person: Person, point: int = 0) -> dict[str, Any]:
        cursor = self.conn.execute(
            "SELECT * FROM message WHERE bucket = %s AND enrollment_id = %s AND point = %s",
            (person.bucket, person.enrollment_id, point),
        )
        row = cursor.fetchone()
        assert row is not None, "no message"
        assert cursor.description is not None
        return dict(zip((column.name for column in cursor.description), row, strict=True))

    def outbox(self, person: Person, point: int = 0) -> dict[str, Any] | None:
        cursor = self.conn.execute(
            "SELECT * FROM outbox WHERE bucket = %s AND enrollment_id = %s AND point = %s",
            (person.bucket, person.enrollment_id, point),
        )
        row = cursor.fetchone()
        assert cursor.description is not None
        return None if row is None else dict(zip((column.name for column in cursor.description), row, strict=True))

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        return self.conn.execute(
            "SELECT name, properties FROM inbox WHERE workspace_id = %s AND type = 'feedback' ORDER BY id", (self.id,)
        ).fetchall()
