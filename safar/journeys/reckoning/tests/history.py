"""A random history of messages and orders, written straight into the tables: what came before is not what is tried here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import psycopg

from safar.accounts.models import Workspace
from safar.journeys.drafts import make_journey
from safar.journeys.models import Journey, Version

BEGIN = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Message:
    id: int
    contact: int
    journey: int
    point: str
    state: str
    at: datetime
    entry: dict[str, Any]


@dataclass(frozen=True)
class Happened:
    seq: int
    contact: int
    name: str
    at: datetime
    timestamp: datetime
    properties: dict[str, Any]
    hops: int = 0


@dataclass
class History:
    messages: list[Message] = field(default_factory=list)
    events: list[Happened] = field(default_factory=list)


def publish_goal(shop: Workspace, key: str, goal: dict[str, Any] | None, *, control_group: float = 0) -> Journey:
    """A journey that sends, live; nothing more of it is of use here."""
    settings = {"control_group": control_group, **({"goal": goal} if goal else {})}
    draft = {
        "title": key,
        "settings": settings,
        "start": {"came": {"kind": "event", "event": "Came", "next": "mail"}},
        "points": {
            "mail": {"kind": "send_email", "template": "hello", "next": "rest"},
            "rest": {"kind": "delay", "for": "P1D"},
        },
    }
    journey = make_journey(shop, draft, key=key, by="sara")
    Version.objects.create(journey=journey, number=1, definition=journey.draft)
    return journey


def people(conn: psycopg.Connection[Any], shop: Workspace, count: int) -> list[int]:
    found = [(shop.pk * 1000 + number) * 1024 + number for number in range(count)]
    for number, contact in enumerate(found):
        conn.execute(
            "INSERT INTO contact (bucket, id, workspace_id, key, zone, created_at) VALUES (%s, %s, %s, %s, %s, %s)",
            (contact & 1023, contact, shop.pk, f"p{number}", ("Asia/Tehran", "Europe/Berlin", None)[number % 3], BEGIN),
        )
    return found


def draw_history(random: Random, contacts: list[int], journeys: list[int], size: int) -> History:
    """Moments lie on whole hours, so that some coincide and some fall exactly on the end of a window."""
    found = History()
    for number in range(size):
        at = BEGIN + random.randrange(24 * 12) * HOUR
        contact = random.choice(contacts)
        order = f"o-{random.randrange(size // 3)}"
        if random.random() < 0.5:
            states = ("accepted", "accepted", "assumed_sent", "skipped", "in_doubt")
            message = Message(
                number + 1,
                contact,
                random.choice(journeys),
                random.choice(("first", "second")),
                random.choice(states),
                at,
                {"order_id": order},
            )
            found.messages.append(message)
            continue
        late = random.random() < 0.1
        properties: dict[str, Any] = {"total": random.choice((10, "20.5", None, "much", 7))}
        if random.random() < 0.7:
            properties["order_id"] = order
        if random.random() < 0.4:
            properties["city"] = random.choice(("Tehran", "Rasht"))
        name = random.choice(("Order Completed", "Order Completed", "Signed"))
        timestamp = at - 5 * HOUR if late else at
        found.events.append(Happened(number + 1, contact, name, at, timestamp, properties, random.choice((0, 0, 0, 9))))
    return found


def keep(conn: psycopg.Connection[Any], shop: Workspace, history: History) -> None:
    for one in history.messages:
        bucket = one.contact & 1023
        conn.execute(
            "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, point_key, kind, channel, class,"
            " state, decided_at, sending_at, accepted_at) VALUES (%s, %s, %s, %s, %s, %s, 1, 0, 0, %s, 'message', 'email', 'marketing', %s, %s, %s, %s)",
            (bucket, one.id, shop.pk, one.contact, one.journey, one.id, one.point, one.state, one.at - HOUR, one.at,
             one.at if one.state == "accepted" else None),
        )  # fmt: skip
        conn.execute(
            "INSERT INTO enrollment_entry (bucket, enrollment_id, entry_no, properties) VALUES (%s, %s, 1, %s)",
            (bucket, one.id, json.dumps(one.entry)),
        )
    for event in history.events:
        conn.execute(
            "INSERT INTO event (bucket, contact_id, workspace_id, seq, applied_at, timestamp, type, name, properties, hops, received_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, 'track', %s, %s, %s, %s)",
            (event.contact & 1023, event.contact, shop.pk, event.seq, event.at, event.timestamp, event.name,
             json.dumps(event.properties), event.hops, event.at),
        )  # fmt: skip
