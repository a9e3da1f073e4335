"""Reads what the engine must know from the tables that people edit. Definitions are parsed once a process."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from typing import Any

import psycopg

from safar.accounts.occasions import read_days
from safar.channels.quiet.rules import read_quiet
from safar.channels.webhooks.subscriptions import read_listeners
from safar.journeys.definition.model import Definition
from safar.journeys.definition.parse import parse_definition
from safar.journeys.engine.plan import JourneySource, Plan, VersionSource, WorkspaceSource, build_plan
from safar.lib.faults import Faults
from safar.lib.quiet import NEVER_QUIET
from safar.segments.catalog import Catalog
from safar.segments.parse import parse_segments
from safar.segments.reading import Condition


def read_serial(connection: psycopg.Connection[Any]) -> str:
    """Another text whenever a plan that was loaded before is out of date: journeys, segments a workspace's settings or subscriptions changed."""
    row = connection.execute(
        "SELECT serial || ' ' || (SELECT coalesce(md5(string_agg(concat_ws(' ', id, zone, calendar, currency, late_events), ',' ORDER BY id)), '')"
        " FROM accounts_workspace) || ' ' || (SELECT coalesce(md5(string_agg(q::text, ',' ORDER BY workspace_id, channel, topic)), '')"
        " FROM quiet_hours q) || ' ' || (SELECT coalesce(md5(string_agg(o.said, ',' ORDER BY o.said)), '') FROM (SELECT d::text AS said FROM occasion_day d"
        " UNION ALL SELECT b::text FROM blackout_day b) o) || ' ' || (SELECT coalesce(md5(string_agg(s::text, ',' ORDER BY workspace_id, id)), '')"
        " FROM webhook_subscription s) FROM engine_plan"
    ).fetchone()
    return str(row[0]) if row else ""


def touch_plan(connection: psycopg.Connection[Any]) -> None:
    """Tells every engine to load its plan anew; in the transaction of the change."""
    connection.execute("UPDATE engine_plan SET serial = serial + 1")
    connection.execute("SELECT pg_notify('safar_inbox', '')")


def load_plan(connection: psycopg.Connection[Any], workspaces: Iterable[int] | None = None) -> Plan:
    """workspaces: only these; all of them otherwise."""
    chosen = None if workspaces is None else list(workspaces)
    segments: dict[int, dict[str, Any]] = defaultdict(dict)
    ids: dict[tuple[int, str], int] = {}
    for segment_id, workspace, key, condition in connection.execute(
        "SELECT id, workspace_id, key, condition FROM segments_segment ORDER BY id"
    ):
        segments[workspace][key] = json.loads(condition)
        ids[workspace, key] = segment_id
    journeys: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    versions: dict[int, list[tuple[int, str, bool]]] = defaultdict(list)
    for version_id, journey, definition, live in connection.execute(
        "SELECT id, journey_id, definition, live FROM journeys_version ORDER BY id"
    ):
        versions[journey].append((version_id, definition, live))
    for journey_id, workspace, key, state in connection.execute(
        "SELECT id, workspace_id, key, state FROM journeys_journey WHERE state <> 'archived' ORDER BY id"
    ):
        if versions[journey_id]:
            journeys[workspace].append((journey_id, key, state))
    quiet = read_quiet(connection, list(journeys))
    calendars = dict(connection.execute("SELECT id, calendar FROM accounts_workspace").fetchall())
    occasions = read_days(connection, {number: calendars[number] for number in journeys if number in calendars})
    listeners = read_listeners(connection)
    sources = []
    for workspace, zone, calendar, currency, late in connection.execute(
        "SELECT id, zone, calendar, currency, late_events FROM accounts_workspace WHERE %(ids)s::int[] IS NULL OR id = ANY (%(ids)s) ORDER BY id",
        {"ids": chosen},
    ):
        conditions = read_conditions(segments[workspace])
        frozen = tuple(conditions.items())
        sources.append(
            WorkspaceSource(
                workspace,
                zone,
                calendar,
                currency,
                timedelta(seconds=late),
                [
                    (ids[workspace, key], key, condition)
                    for key, condition in sorted(frozen, key=lambda s: ids[workspace, s[0]])
                ],
                [
                    JourneySource(
                        journey_id,
                        key,
                        [VersionSource(v, _definition(text, frozen), live) for v, text, live in versions[journey_id]],
                        paused=state == "paused",
                    )
                    for journey_id, key, state in journeys[workspace]
                ],
                quiet.get(workspace, NEVER_QUIET),
                occasions.get(workspace),
                listeners.get(workspace, ()),
            )
        )
    return build_plan(sources)


def read_conditions(written: dict[str, Any]) -> dict[str, Condition]:
    """Segments that cannot be read any more are left out; journeys that name them are refused when they are applied."""
    return parse_segments(written, Faults())


@lru_cache(maxsize=512)
def _definition(text: str, segments: tuple[tuple[str, Condition], ...]) -> Definition:
    return parse_definition(text, Catalog(segments=dict(segments)))
