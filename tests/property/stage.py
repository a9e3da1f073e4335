"""A scratch schema that many cases are played on, one after the other, in several ways."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from safar.contacts.rates import Rate, write_rates
from safar.journeys.backtest.messages import Cast, load_messages, read_line
from safar.journeys.backtest.run import EVERYTHING, Setting, read_drafts, tick_lane, walk, workspace_of
from safar.journeys.backtest.scratch import create_tables
from safar.journeys.backtest.trace import read_trace
from safar.journeys.engine.plan import Plan, WorkspaceSource, build_plan
from safar.journeys.engine.session import Session
from safar.journeys.engine.tick import Limits
from safar.lib.durations import parse_duration
from safar.lib.faults import Refused
from safar.lib.quiet import Quiet
from safar.lib.sqlfile import load_sql
from safar.postgres.connections import connect
from safar.postgres.scratch import scratch_schema

Case = dict[str, Any]
LANES = 4
NEXT_DOOR = 1 << 40  # added to every number, a double's number
# Table, what numbers its rows in the order in which they came, and which columns are others next door.
_DOUBLED = (
    ("contact", "id << 20", {"id": f"id + {NEXT_DOOR}", "workspace_id": "2"}),
    (
        "inbox",
        "id",
        {
            "id": "nextval('inbox_number')",
            "contact_id": f"contact_id + {NEXT_DOOR}",
            "workspace_id": "2",
            "properties": "CASE WHEN type IN ('merge', 'absorb') THEN (SELECT jsonb_object_agg(key, value::bigint + "
            f"{NEXT_DOOR}) FROM jsonb_each_text(properties)) ELSE properties END",
        },
    ),
)


class Stage:
    """Plays cases; each play leaves its tables empty again. sessions: two, for two engines at once."""

    def __init__(self, sessions: list[Session]) -> None:
        self.sessions = sessions
        self.session = sessions[0]
        tables = self.session.run(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
        )
        self.tables = [name for (name,) in tables if name not in ("lane", "bucket_lane", "engine_plan")]

    def backtest(self, case: Case) -> list[dict[str, Any]]:
        """Everything at once, as a back-test does."""
        return self._play(case, lambda plan, cast: self._at_once(case, plan, cast))

    def live(self, case: Case) -> list[dict[str, Any]]:
        """As it comes, in batches cut at random, lanes in random order, few things a tick."""
        return self._play(case, lambda plan, cast: self._cut(case, plan, cast, engines=1))

    def two_engines(self, case: Case) -> list[dict[str, Any]]:
        """The same with two engines at once."""
        return self._play(case, lambda plan, cast: self._cut(case, plan, cast, engines=2))

    def neighbours(self, case: Case) -> list[dict[str, Any]]:
        """The same in two workspaces at once, everybody walking in the same ticks as their double next door; the trips of both."""
        return self._play(case, lambda plan, cast: self._cut(case, plan, cast, engines=1, doubles=True), doubles=True)

    def _play(self, case: Case, act: Any, *, doubles: bool = False) -> list[dict[str, Any]]:
        definitions, conditions = read_drafts(case["journeys"], case["segments"])
        setting = setting_of(case)
        own = workspace_of(definitions, conditions, setting, setting.currency or "")
        plan = build_plan([own, _next_door(own)] if doubles else [own])
        for session in self.sessions:
            session.settle(plan)
        for workspace in plan.workspaces:
            write_rates(self.session.connection, workspace, setting.rates)
            for key in case.get("topics", ()):
                self.session.run(
                    "INSERT INTO topic (workspace_id, key) VALUES (%(workspace)s, %(key)s)",
                    {"workspace": workspace, "key": key},
                )
            if case.get("hours"):
                self.session.run(
                    "INSERT INTO workspace_hour VALUES (%(workspace)s, %(hour)s, now())",
                    {"workspace": workspace, "hour": case["hours"]["house"]},
                )
        cast = Cast()

        def label(contact: int) -> str:
            return cast.people[contact % NEXT_DOOR].label

        try:
            act(plan, cast)
            return list(read_trace(self.session.connection, plan.versions, label))
        finally:
            for table in self.tables:
                self.session.connection.execute(f"DELETE FROM {table}")
            self.session.connection.execute("UPDATE lane SET clock = '1900-01-01Z'")

    def _at_once(self, case: Case, plan: Plan, cast: Cast) -> None:
        until = datetime.fromisoformat(case["until"])
        load_messages(self.session.connection, iter(_lines(case["events"])), until, cast, LANES)
        self._draw_hours(case)
        walk([self.session], plan, until, EVERYTHING)

    def _cut(self, case: Case, plan: Plan, cast: Cast, *, engines: int, doubles: bool = False) -> None:
        chance = random.Random(case["seed"] * 31 + engines)
        until, events, doubled = datetime.fromisoformat(case["until"]), list(case["events"]), 0
        while events:
            most = (
                1 if doubles else chance.randint(1, 12)
            )  # doubles come with the one they double: a lane's clock never goes back
            batch = [events.pop(0) for _ in range(min(len(events), most))]
            load_messages(self.session.connection, iter(_lines(batch)), until, cast, LANES)
            self.session.connection.execute("UPDATE inbox SET applied_at = NULL")  # as ingestion leaves it
            doubled = self._double(doubled) if doubles else 0
            self._draw_hours(case)
            now = max(datetime.fromisoformat(e.get("receivedAt") or e["timestamp"]) for e in batch)
            if chance.random() < 0.5:  # an outage: nobody works until the next batch
                continue
            self._drain(plan, min(now, until), chance, engines)
        self._drain(plan, until, chance, engines)

    def _draw_hours(self, case: Case) -> None:
        """Best hours by lot, of whoever is there by now (tests/simulator/best_hour.py)."""
        if case.get("hours"):
            self.session.run(
                "INSERT INTO best_hour SELECT bucket, id, workspace_id, hour FROM (SELECT bucket, id, workspace_id,"
                " floor(safar_share(key || '|' || %(salt)s) * 30) AS hour FROM contact) c WHERE hour < 24 ON CONFLICT DO NOTHING",
                {"salt": case["hours"]["salt"]},
            )

    def _double(self, after: int) -> int:
        """What came in since the inbox's row ``after`` comes in next door as well; the number of the last row."""
        for table, key, changed in _DOUBLED:
            names = self.session.run(
                "SELECT attname FROM pg_attribute WHERE attrelid = %(table)s::regclass AND attnum > 0 AND attgenerated = ''",
                {"table": table},
            )
            values = {name: changed.get(name, name) for (name,) in names}
            self.session.run(
                f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {table}"
                f" WHERE workspace_id = 1 AND {key} > {after} ORDER BY {key} ON CONFLICT DO NOTHING"
            )
        return int(self.session.run("SELECT coalesce(max(id), 0) FROM inbox")[0][0])

    def _drain(self, plan: Plan, now: datetime, chance: random.Random, engines: int) -> None:
        seeds = [chance.random() for _ in range(engines)]
        if engines == 1:
            _work(self.session, plan, now, seeds[0])
            return
        faults: list[BaseException] = []

        def work(session: Session, seed: float) -> None:
            try:
                _work(session, plan, now, seed)
            except BaseException as error:
                faults.append(error)

        threads = [threading.Thread(target=work, args=pair) for pair in zip(self.sessions, seeds, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if faults:
            raise faults[0]
        _work(self.session, plan, now, seeds[0])  # whatever one left because the other held the lane


def _work(session: Session, plan: Plan, now: datetime, seed: float) -> None:
    chance = random.Random(seed)
    lanes = list(range(LANES))
    busy = True
    while busy:
        chance.shuffle(lanes)
        limits = Limits(events=chance.randint(1, 9), each=chance.randint(1, 4), subjects=chance.randint(1, 5))
        busy = sum(tick_lane(session, plan, lane, now, limits) for lane in lanes) > 0


@contextmanager
def stage(url: str) -> Iterator[Stage]:
    """A new stage on the server; gone at the end."""
    with scratch_schema(url, "walks") as connection:
        create_tables(connection, LANES)
        # What pages need is no part of a back-test; an engine at work fills it.
        for name in ("desk_functions", "desk"):
            connection.execute(load_sql("safar.contacts", name), prepare=False)
        path = connection.execute("SELECT current_setting('search_path')").fetchone()
        assert path is not None
        with connect(url, application_name="safar walks", settings={"search_path": path[0]}) as second:
            yield Stage([Session(connection), Session(second)])


def setting_of(case: Case) -> Setting:
    late = parse_duration(case["late_events"])
    rates = [
        Rate(currency, date.fromisoformat(day), Decimal(rate))
        for currency, days in case.get("rates", {}).items()
        for day, rate in days.items()
    ]
    late_events = late.exact + timedelta(days=late.days)
    quiet = Quiet.from_json(case.get("quiet", {}))
    return Setting(case["zone"], case["calendar"], case.get("currency"), late_events, rates, quiet)


def accepted(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The messages that ingestion would accept; the others are no part of history."""
    return [event for event in events if _is_accepted(event)]


def _is_accepted(event: dict[str, Any]) -> bool:
    try:
        read_line(json.dumps(event).encode())
    except Refused:
        return False
    return True


def _next_door(own: WorkspaceSource) -> WorkspaceSource:
    """The same workspace once more, every number another."""
    journeys = [
        replace(
            journey,
            journey_id=journey.journey_id + 1000,
            versions=[replace(version, version_id=version.version_id + 1000) for version in journey.versions],
        )
        for journey in own.journeys
    ]
    segments = [(number + 1000, key, condition) for number, key, condition in own.segments]
    return replace(own, workspace_id=2, segments=segments, journeys=journeys)


def _lines(events: list[dict[str, Any]]) -> list[bytes]:
    return [json.dumps(event).encode() for event in events]
