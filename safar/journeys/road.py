"""Where one contact stands on maps, and everything that ever happened with them, the newest first, a page at a time."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, cast

import psycopg
from psycopg.rows import dict_row

from safar.accounts.models import Workspace
from safar.contacts.ids import bucket
from safar.events.names import NOTE_ADDED, TOPIC_JOINED, TOPIC_LEFT
from safar.journeys.backtest.trace import STATUS, read_trace
from safar.journeys.compiler.version import Version as Compiled
from safar.journeys.living import Shown, shown_version
from safar.journeys.models import Version
from safar.lib.faults import Refused
from safar.lib.sqlfile import load_sql

EVENTS, MESSAGES, PASSAGES, CHANGES, NOTES = "events", "messages", "passages", "changes", "notes"
KINDS = (EVENTS, MESSAGES, PASSAGES, CHANGES, NOTES)
SIZE = 40
END = datetime.max.replace(tzinfo=UTC)
CHANGED = (
    "edit",
    "identify",
    "unsubscribed",
    TOPIC_JOINED,
    TOPIC_LEFT,
    "tag_added",
    "tag_removed",
    "trait_changed",
    "segment_joined",
    "segment_left",
)
# What a message says of itself in the history: among everything, the message stands there already.
ECHOES = ("message_sent", "message_skipped", "message_failed")

_PLACES = """
SELECT e.journey_id, e.version_id, e.one_per, e.state, e.place, e.since, e.wake_at, e.flip_at, e.entered_at, e.ended_at, e.reason, e.goal_at,
    e.goal_money, e.held_at
FROM enrollment e WHERE e.bucket = %(bucket)s AND e.contact_id = %(contact)s AND e.workspace_id = %(workspace)s
ORDER BY e.state <> 0, coalesce(e.ended_at, e.since) DESC
"""
_OF_VERSIONS = """
SELECT DISTINCT version_id FROM (SELECT version_id FROM enrollment WHERE bucket = %(bucket)s AND contact_id = %(contact)s
    UNION ALL SELECT version_id FROM enrollment_past WHERE bucket = %(bucket)s AND contact_id = %(contact)s) v
"""


@dataclass(frozen=True)
class Place:
    """One enrollment. status: as `STATUS` has them. point: where it stands or left, with its line in both languages; due:
    when time alone moves it on. version None: its definition cannot be read any more."""

    journey: str
    title: Mapping[str, str]
    version: int | None
    status: str
    point: str
    summary: Mapping[str, str]
    since: datetime
    due: datetime | None
    entered_at: datetime
    ended_at: datetime | None
    reason: str
    goal_at: datetime | None
    goal_money: Any
    held: bool


@dataclass(frozen=True)
class Item:
    """One line of the timeline. kind: events, messages, passages; what: the event's name, the channel, or the journey; more: the rest of it."""

    at: datetime
    kind: str
    id: str
    what: str
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Timeline:
    """after: give it to go on; empty at the end."""

    items: list[Item]
    after: str


def read_places(conn: psycopg.Connection[Any], workspace: Workspace, contact: int) -> list[Place]:
    """Every journey the contact is or was in, with the last trip of each; those they stand in first."""
    versions = _versions(conn, workspace, contact)
    found = []
    for row in _rows(conn, _PLACES, _key(workspace, contact)):
        known = versions.get(row["version_id"])
        if known is None:
            continue
        version, shown = known
        points = shown.definition.points if shown is not None else ()
        point = points[row["place"]] if row["place"] is not None and row["place"] < len(points) else None
        status = STATUS[row["state"]]
        times = [moment for moment in (row["wake_at"], row["flip_at"]) if moment is not None]
        found.append(
            Place(
                journey=version.journey.key,
                title=shown.definition.title if shown is not None else {},
                version=version.number if shown is not None else None,
                status=status,
                point=point.key if point is not None else "",
                summary={each: point.summary(each) for each in ("en", "fa")} if point is not None else {},
                since=row["since"],
                due=min(times, default=None) if status == "open" else None,
                entered_at=row["entered_at"],
                ended_at=row["ended_at"],
                reason=row["reason"] or "",
                goal_at=row["goal_at"],
                goal_money=row["goal_money"],
                held=row["held_at"] is not None,
            )
        )
    return found


def read_timeline(
    conn: psycopg.Connection[Any],
    workspace: Workspace,
    contact: int,
    *,
    kind: str = "",
    after: str = "",
    size: int = SIZE,
) -> Timeline:
    """kind: one of KINDS, empty for everything. Raises ValueError for another kind, or a place to go on from that is none."""
    if kind and kind not in KINDS:
        raise ValueError(f"there is no kind {kind!r}")
    before, last = _cursor(after)
    asked = {**_key(workspace, contact), "before": before, "size": size + 1}
    sources: list[Iterator[Item]] = []
    if kind in ("", EVENTS, CHANGES, NOTES):
        sources.append(_events(conn, {**asked, "below": _below(last, EVENTS)}, kind))
    if kind in ("", MESSAGES):
        sources.append(_messages(conn, {**asked, "below": _below(last, MESSAGES)}))
    if kind in ("", PASSAGES):
        sources.append(_passages(conn, workspace, contact))
    merged = heapq.merge(*sources, key=_order, reverse=True)
    rest = (item for item in merged if _order(item) < (before, last))
    items = list(islice(rest, size + 1))
    more = len(items) > size
    items = items[:size]
    return Timeline(items, f"{items[-1].at.isoformat()}~{items[-1].kind}.{items[-1].id}" if more else "")


def _order(item: Item) -> tuple[datetime, str]:
    return item.at, f"{item.kind}.{item.id}"


def _events(conn: psycopg.Connection[Any], asked: dict[str, Any], kind: str) -> Iterator[Item]:
    names = {NOTES: [NOTE_ADDED], CHANGES: list(CHANGED)}.get(kind)
    besides = [] if kind else list(ECHOES)
    rows = _rows(conn, load_sql("safar.journeys", "road_events"), {**asked, "names": names, "besides": besides})
    for row in rows:
        more = {name: row[name] for name in ("type", "properties", "traits", "context", "cause")}
        yield Item(row["timestamp"], EVENTS, f"{row['seq']:020}", row["name"], more)


def _messages(conn: psycopg.Connection[Any], asked: dict[str, Any]) -> Iterator[Item]:
    for row in _rows(conn, load_sql("safar.journeys", "road_messages"), asked):
        yield Item(row["at"], MESSAGES, f"{row['id']:020}", row["channel"], row)


def _passages(conn: psycopg.Connection[Any], workspace: Workspace, contact: int) -> Iterator[Item]:
    """All of them: a contact's trails are short, and lie packed in a few rows."""
    known = _versions(conn, workspace, contact)
    shown = {number: one for number, (_, one) in known.items() if one is not None}
    titles = {one.definition.key: one.definition for one in shown.values()}
    found = []
    # What reads a trail wants of a version no more than Shown has.
    for number, trip in enumerate(read_trace(conn, cast("Mapping[int, Compiled]", shown), str, contact)):
        definition = titles[trip["journey"]]
        for place, passage in enumerate(trip["passages"]):
            try:
                summary = {each: definition.point(passage["point"]).summary(each) for each in ("en", "fa")}
            except KeyError:  # of a version whose point a later one does not have
                summary = {}
            more = {**passage, "title": definition.title, "summary": summary, "starting_point": trip["starting_point"]}
            found.append(
                Item(
                    datetime.fromisoformat(passage["arrived_at"]),
                    PASSAGES,
                    f"{number:06}.{place:06}",
                    trip["journey"],
                    more,
                )
            )
    yield from sorted(found, key=_order, reverse=True)


def _versions(
    conn: psycopg.Connection[Any], workspace: Workspace, contact: int
) -> dict[int, tuple[Version, Shown | None]]:
    ids = [row["version_id"] for row in _rows(conn, _OF_VERSIONS, _key(workspace, contact))]
    found: dict[int, tuple[Version, Shown | None]] = {}
    if not ids:
        return found
    for version in Version.objects.filter(pk__in=ids, journey__workspace=workspace).select_related("journey"):
        try:
            found[version.pk] = (version, shown_version(workspace, version))
        except Refused:
            found[version.pk] = (version, None)
    return found


def _below(last: str, kind: str) -> int:
    """The number below which rows of the last page's moment are still to come: at one moment kinds come in turn (`_order`)."""
    ended, _, number = last.partition(".")
    if ended == kind:
        return int(number)
    return 2**63 - 1 if ended > kind else -1


def _cursor(after: str) -> tuple[datetime, str]:
    if not after:
        return END, "~"
    at, _, last = after.partition("~")
    before = datetime.fromisoformat(at)
    if before.tzinfo is None:
        raise ValueError("a moment has a zone")
    return before, last


def _key(workspace: Workspace, contact: int) -> dict[str, Any]:
    return {"bucket": bucket(contact), "contact": contact, "workspace": workspace.pk}


def _rows(conn: psycopg.Connection[Any], query: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode(), asked).fetchall()
