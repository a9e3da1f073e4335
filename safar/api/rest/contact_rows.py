"""Contacts as the API shows them: short in lists, whole by themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import psycopg
from ninja import Schema
from psycopg.rows import dict_row
from pydantic import Field

from safar.accounts.models import Workspace
from safar.api.rest.sessions import unpacked
from safar.api.rest.shapes import example
from safar.contacts.ids import bucket
from safar.contacts.names import ANONYMOUS, EMAIL, PHONE, USER
from safar.contacts.topics import CHANNEL_PREFIX
from safar.journeys.definition.model import Definition
from safar.journeys.definition.parse import parse_definition
from safar.journeys.models import Version
from safar.journeys.services import catalog_of
from safar.lib.faults import Refused

_BRIEFS = """
SELECT c.id, c.key, c.external_id, c.email, c.phone, c.traits, c.created_at,
    (SELECT array_agg(t.tag ORDER BY t.tag) FROM contact_tag t WHERE t.bucket = c.bucket AND t.contact_id = c.id) AS tags
FROM unnest(%s::smallint[], %s::bigint[]) WITH ORDINALITY a (bucket, id, place)
JOIN contact c ON c.bucket = a.bucket AND c.id = a.id ORDER BY a.place
"""
_CONTACT = "SELECT * FROM contact WHERE bucket = %(bucket)s AND id = %(id)s AND workspace_id = %(workspace)s"
_NAMES = "SELECT kind, value FROM identity WHERE contact_id = %(id)s AND workspace_id = %(workspace)s ORDER BY kind, value LIMIT 500"
_FACTS = "SELECT * FROM contact_facts WHERE bucket = %(bucket)s AND contact_id = %(id)s"
_TAGS = "SELECT tag, at FROM contact_tag WHERE bucket = %(bucket)s AND contact_id = %(id)s ORDER BY at, tag"
_CONSENTS = (
    "SELECT channel, state, at, source FROM consent WHERE bucket = %(bucket)s AND contact_id = %(id)s ORDER BY channel"
)
_TRIPS = """
SELECT e.version_id, e.starting_point, e.entered_at, e.state, e.reason, e.place, e.since, e.wake_at, e.ended_at, e.goal_at
FROM enrollment e WHERE e.bucket = %(bucket)s AND e.contact_id = %(id)s ORDER BY e.entered_at DESC LIMIT 100
"""
STATES = ("open", "finished", "left", "set_aside", "held_out")
NOT_FACTS = frozenset({"bucket", "contact_id", "cart_folded_at", "latest_order"})
KINDS = {USER: "user_id", ANONYMOUS: "anonymous_id", EMAIL: "email", PHONE: "phone"}

ONE = {
    "id": 12288,
    "key": "sara",
    "user_id": "sara",
    "email": "sara@example.com",
    "phone": "+989121234567",
    "traits": {"first_name": "Sara", "city": "Tehran"},
    "tags": ["vip"],
    "created_at": "2026-03-21T06:30:00Z",
}


class Brief(Schema):
    """A contact in a list."""

    model_config = example(**ONE)

    id: int
    key: str = Field(description="The first name the contact was ever known by; it never changes.")
    user_id: str | None = None
    email: str | None = None
    phone: str | None = None
    traits: dict[str, Any]
    tags: list[str]
    created_at: datetime | None = None


class Consent(Schema):
    channel: str
    state: str = Field(description="given, pending, withdrawn; a channel that is not listed is unknown.")
    at: datetime
    source: str = ""


class Topic(Schema):
    topic: str
    state: str = Field(description="joined or left; a topic that is not listed is unknown.")
    at: datetime
    source: str = ""


class Enrollment(Schema):
    journey: str
    version: int
    starting_point: str | None = None
    entered_at: datetime
    state: str = Field(description=", ".join(STATES))
    point: str | None = Field(None, description="Where the contact stands, or stood last.")
    since: datetime
    due_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str | None = None
    goal_at: datetime | None = None


class Contact(Brief):
    """A contact, whole."""

    model_config = example(
        **ONE,
        identities={"user_id": ["sara"], "email": ["sara@example.com"], "phone": ["+989121234567"]},
        facts={"orders": 3, "spent": "1480000", "last_order": "2026-11-02T10:12:00Z", "cart_value": "0"},
        consents=[{"channel": "email", "state": "given", "at": "2026-03-21T06:30:00Z", "source": "form"}],
        topics=[{"topic": "news", "state": "left", "at": "2026-11-02T10:12:00Z", "source": "unsubscribe"}],
        enrollments=[
            {
                "journey": "abandoned-cart",
                "version": 2,
                "starting_point": "left_behind",
                "entered_at": "2026-11-20T09:00:00Z",
                "state": "open",
                "point": "wait_a_day",
                "since": "2026-11-20T09:00:00Z",
                "due_at": "2026-11-21T09:00:00Z",
            }
        ],
    )

    identities: dict[str, list[str]]
    facts: dict[str, Any] = Field(description="orders, spent, average_order, first_order, last_order, cart_value, …")
    consents: list[Consent]
    topics: list[Topic]
    enrollments: list[Enrollment] = Field(description="The open or latest trip through each journey, newest first.")


def read_briefs(conn: psycopg.Connection[Any], ids: Sequence[int]) -> list[dict[str, Any]]:
    """In the given order."""
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_BRIEFS, ([bucket(id) for id in ids], list(ids))).fetchall() if ids else []
    return [_brief(row, row["tags"] or []) for row in rows]


def read_contact(conn: psycopg.Connection[Any], workspace: Workspace, id: int) -> dict[str, Any] | None:
    """None where the workspace has no such contact, or it was merged or erased."""
    key = {"bucket": bucket(id), "id": id, "workspace": workspace.pk}

    def rows(query: str) -> list[dict[str, Any]]:
        with conn.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query.encode(), key).fetchall()

    found = rows(_CONTACT)
    if not found or found[0]["merged_into"] is not None or found[0]["erased_at"] is not None:
        return None
    identities: dict[str, list[str]] = defaultdict(list)
    for row in rows(_NAMES):
        identities[KINDS[row["kind"]]].append(row["value"])
    facts, said = (rows(_FACTS) or [{}])[0], rows(_CONSENTS)
    return {
        **_brief(found[0], [row["tag"] for row in rows(_TAGS)]),
        "identities": identities,
        "facts": {name: unpacked(value) for name, value in facts.items() if name not in NOT_FACTS},
        "consents": [row for row in said if not row["channel"].startswith(CHANNEL_PREFIX)],
        "topics": [
            {**row, "topic": row["channel"].removeprefix(CHANNEL_PREFIX)}
            for row in said
            if row["channel"].startswith(CHANNEL_PREFIX)
        ],
        "enrollments": [_enrollment(workspace, row) for row in rows(_TRIPS)],
    }


def _brief(row: dict[str, Any], tags: list[str]) -> dict[str, Any]:
    plain = {name: row[name] for name in ("id", "key", "email", "phone", "created_at")}
    return {**plain, "user_id": row["external_id"], "traits": unpacked(row["traits"]), "tags": tags}


def _enrollment(workspace: Workspace, row: dict[str, Any]) -> dict[str, Any]:
    version = _version(row["version_id"])
    definition = _definition(row["version_id"], workspace)
    starts = {start.index: start.key for start in definition.starts} if definition else {}
    points = {point.index: point.key for point in definition.points} if definition else {}
    return {
        "journey": version[0],
        "version": version[1],
        "starting_point": starts.get(row["starting_point"]),
        "state": STATES[row["state"]],
        "point": points.get(row["place"]),
        "due_at": row["wake_at"] if row["state"] == 0 else None,
        **{name: row[name] for name in ("entered_at", "since", "ended_at", "reason", "goal_at")},
    }


@lru_cache(maxsize=1024)
def _version(version_id: int) -> tuple[str, int]:
    found = Version.objects.select_related("journey").get(pk=version_id)
    return found.journey.key, found.number


@lru_cache(maxsize=256)
def _definition(version_id: int, workspace: Workspace) -> Definition | None:
    """A version never changes, so neither does this; None where it cannot be read any more."""
    try:
        return parse_definition(Version.objects.get(pk=version_id).definition, catalog_of(workspace))
    except Refused:
        return None
