"""Contacts in a certain state, and conditions read about them in a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Composable, Literal
from psycopg.types.json import Jsonb

from safar.lib.faults import Faults
from safar.lib.sqlfile import load_sql
from safar.segments.parse import Catalog, parse_condition, parse_segments
from safar.segments.reading import Condition, Reading

NOW = "2026-05-05T12:00Z"  # 15:30 in Tehran, 15 Ordibehesht 1405, a Tuesday
JOURNEYS = {"welcome": 1, "winback": 2}
ENTRY_SEQ, ARRIVAL_SEQ = 100, 200


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def condition(data: object, segments: Mapping[str, object] | None = None) -> Condition:
    """Read where everything may be named; the faults if it is refused."""
    faults = Faults()
    known = parse_segments(segments or {}, faults)
    catalog = Catalog(segments=known, points=["greet"], entry=True, since=("entry", "arrival"))
    read = parse_condition(data, faults, catalog)
    assert read is not None, "\n".join(map(str, faults))
    assert not faults
    return read


class Ground:
    """A database with the tables that conditions read."""

    def __init__(self, conn: psycopg.Connection[Any]) -> None:
        self.conn = conn
        self.ids = count(1)

    def contact(
        self,
        traits: Mapping[str, Any] | None = None,
        zone: str | None = None,
        facts: Mapping[str, Any] | None = None,
        tags: Sequence[str] = (),
        consent: Mapping[str, str] | None = None,
        events: Sequence[Sequence[Any]] = (),
        enrollments: Sequence[tuple[str, str]] = (),
    ) -> int:
        """A contact. events: (name, timestamp[, properties[, seq]]); enrollments: (journey, state), past_… in the past table."""
        id = next(self.ids)
        key = {"bucket": id % 1024, "contact_id": id}
        self.insert(
            "contact", bucket=id % 1024, id=id, workspace_id=1, key=str(id), zone=zone, traits=Jsonb(traits or {})
        )
        if facts is not None:
            self.insert("contact_facts", **key, **facts)
        for tag in tags:
            self.insert("contact_tag", **key, tag=tag, at=NOW)
        for channel, state in (consent or {}).items():
            self.insert("consent", **key, channel=channel, state=state, at=NOW)
        for seq, (name, timestamp, *more) in enumerate(events, 1):
            self.insert(
                "event", **key, workspace_id=1, seq=more[1] if more[1:] else seq, applied_at=timestamp, timestamp=timestamp,
                type="track", name=name, properties=Jsonb(more[0] if more else {}),
            )  # fmt: skip
        states = ["open", "finished", "left", "set_aside", "held_out"]
        for n, (journey, state) in enumerate(enrollments):
            self.insert(
                "enrollment_past" if state.startswith("past_") else "enrollment", **key, journey_id=JOURNEYS[journey],
                one_per=str(n), id=n, workspace_id=1, version_id=1, entry_no=1, starting_point=0, entered_at=NOW,
                entry_seq=1, since=NOW, since_seq=1, state=states.index(state.removeprefix("past_")), hops=0, trail_moved=0, trail=[],
            )  # fmt: skip
        return id

    def insert(self, table: str, **columns: Any) -> None:
        names = SQL(", ").join([SQL(name) for name in columns])
        values = SQL(", ").join([SQL("%s")] * len(columns))
        self.conn.execute(
            SQL("INSERT INTO {} ({}) VALUES ({})").format(SQL(table), names, values), list(columns.values())
        )

    @staticmethod
    def literal(json: str) -> Composable:
        return SQL("{}::jsonb").format(Literal(json))

    def reading(self, at: str = NOW, **changed: Any) -> Reading:
        """As the engine has it: everything there to be read."""
        standing: dict[str, Any] = {
            "at": SQL("{}::timestamptz").format(Literal(at)),
            "zone": SQL("coalesce(c.zone, 'Asia/Tehran')"),
            "calendar": "jalali",
            "entry": self.literal('{"order_id": "۱۲", "total": 600000, "tags": [1], "nothing": null}'),
            "entry_seq": Literal(ENTRY_SEQ),
            "since_seq": Literal(ARRIVAL_SEQ),
            "journey": "welcome",
            "journeys": JOURNEYS,
        }
        return Reading(**{**standing, **changed})

    def read(self, id: int, of: Condition, at: str = NOW, **changed: Any) -> tuple[bool, datetime | None]:
        """(truth, flip) for one contact."""
        r = self.reading(at, **changed)
        truth, flip = self.select(id, of.holds(r), of.flip(r) or SQL("NULL::timestamptz"))
        assert isinstance(truth, bool)
        return truth, flip and flip.astimezone(UTC)

    def select(self, id: int, *values: Composable) -> tuple[Any, ...]:
        """Expressions over c and f. With a parameter, as the engine's statements have: a per cent sign must not disturb them."""
        query = SQL(
            "SELECT {} FROM contact c LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id WHERE c.id = %(id)s"
        ).format(SQL(", ").join(values))
        row = self.conn.execute(query, {"id": id}).fetchone()
        assert row is not None
        return tuple(row)


@pytest.fixture(scope="module")
def ground(empty_database_url: str) -> Iterator[Ground]:
    with psycopg.connect(empty_database_url, autocommit=True) as conn:
        conn.execute(load_sql("safar.postgres", "functions"))
        for room in ("contacts", "events", "journeys"):
            conn.execute(load_sql(f"safar.{room}", "tables"))
        yield Ground(conn)
