"""Crowds: any number of people who stand at the first point, as like the one who came there by the engine as rows can be."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from safar.bench.house import START, TEMPLATE, make_workspace, publish_journey
from safar.bench.statements import statements_of
from safar.journeys.compiler.version import Version
from safar.journeys.engine.loop import Engine

JOURNEY = f"""
journey: six-points
title: {{en: Six points}}
start:
  came: {{kind: event, event: Came, next: first}}
points:
  first:  {{kind: delay, for: P1D, next: city}}
  city:   {{kind: if_else, condition: {{trait: city, is: Tehran}}, paths: {{yes: mark, no: lot}}}}
  mark:   {{kind: add_tag, tag: from-tehran, next: lot}}
  lot:    {{kind: split, shares: {{a: 50, b: 50}}, paths: {{a: letter, b: second}}}}
  letter: {{kind: send_email, template: {TEMPLATE}, next: second}}
  second: {{kind: delay, for: P1D}}
"""
# One person in two passes the tag, one in two the letter: 4 points a stretch from the first delay, 1 from the second.
WAVE = timedelta(hours=1)  # over which a crowd came in
DAY = timedelta(days=1)


@dataclass
class Stage:
    """A scratch database with the journey. url: its address; crowds are added by ``add``."""

    url: str
    connection: psycopg.Connection[Any]
    workspace: Any
    version: Version
    people: int = 1

    def add(self, count: int, came: datetime) -> tuple[int, int]:
        """``count`` people came in the hour from ``came`` on and stand at `first`, due a day later. Their numbers, from and to without."""
        low, high = self.people + 1, self.people + 1 + count
        self.people += count
        parameters = {"low": low, "high": high, "came": came, "wave": WAVE, "journey": self.version.journey_id}
        for statement in statements_of("safar.bench.engine", "crowd"):
            self.connection.execute(statement, parameters)
        return low, high

    def settle(self) -> None:
        """What a database that has been running for a while has: statistics, a visibility map, and no dirty pages where our role may ask for that."""
        for table in ("contact", "enrollment", "enrollment_entry", "timer", "outbox", "contact_tag"):
            self.connection.execute(f"VACUUM (ANALYZE) {table}")
        with suppress(psycopg.errors.InsufficientPrivilege):
            self.connection.execute("CHECKPOINT")


def make_stage(url: str, connection: psycopg.Connection[Any]) -> Stage:
    """The journey, published, with one person who came in by the engine and is the pattern of all others."""
    workspace = make_workspace()
    version = publish_journey(connection, workspace, JOURNEY)
    one = 1 << 10 | 617
    connection.execute(
        "INSERT INTO contact (bucket, id, workspace_id, key, external_id, email, traits) VALUES (%s, %s, %s, 'person-1', 'person-1',"
        ' \'person-1@example.org\', \'{"first_name": "Sara", "city": "Tehran"}\')',
        (one & 1023, one, workspace.pk),
    )
    connection.execute(
        "INSERT INTO inbox (lane, bucket, contact_id, workspace_id, received_at, timestamp, type, name)"
        " SELECT lane, bucket, %s, %s, %s, %s, 'track', 'Came' FROM bucket_lane WHERE bucket = %s",
        (one, workspace.pk, START, START, one & 1023),
    )
    engine = Engine(url, now=lambda: START)
    engine.run_once()
    engine.close()
    return Stage(url, connection, workspace, version)
