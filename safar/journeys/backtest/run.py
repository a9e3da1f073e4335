"""The back-test: the engine's own statements and order over a file of events, on scratch tables, by a simulated clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from safar.contacts.rates import Rate, write_rates
from safar.journeys.backtest.figures import Figures, read_figures
from safar.journeys.backtest.hours import Hours, Known, asks_for_hours, moments, with_reactions
from safar.journeys.backtest.looking import Looking, sessions_of
from safar.journeys.backtest.messages import Cast, load_messages, open_lines
from safar.journeys.backtest.recorded import copy_rates, copy_topics, load_recorded, read_label
from safar.journeys.backtest.scratch import create_tables
from safar.journeys.backtest.trace import read_trace
from safar.journeys.backtest.wanted import wanted_by
from safar.journeys.definition.model import Definition
from safar.journeys.definition.parse import parse_definition
from safar.journeys.definition.yaml12 import load_yaml
from safar.journeys.engine.plan import JourneySource, Plan, VersionSource, WorkspaceSource, build_plan
from safar.journeys.engine.publishing import open_publishing, spread_everywhere
from safar.journeys.engine.session import Session
from safar.journeys.engine.tick import Limits, Tick
from safar.lib.faults import Fault, Faults, Refused, said
from safar.lib.occasions import Days
from safar.lib.quiet import NEVER_QUIET, Quiet
from safar.postgres.connections import connect
from safar.postgres.scratch import scratch_schema
from safar.segments.catalog import Catalog
from safar.segments.parse import parse_segments
from safar.segments.reading import Condition

EVERYTHING = Limits(events=10**9, each=10**9, subjects=10**9, whole=True)
LANES = 2
_MANY = 20_000  # events from which a second engine is worth its start


@dataclass(frozen=True)
class Setting:
    """The workspace that the file is read in."""

    zone: str
    calendar: str = "gregorian"
    currency: str | None = None
    late_events: timedelta = timedelta(hours=1)
    rates: Sequence[Rate] = ()  # over recorded history the workspace's own count
    quiet: Quiet = NEVER_QUIET
    occasions: Days | None = None  # None: those that everybody knows


@dataclass
class Backtest:
    """A finished back-test, while its scratch tables live. figures: journey → Figures; trace(): one mapping a trip. hours: what is known of best
    hours, None where no message asks for them.
    """

    connection: psycopg.Connection[Any]
    plan: Plan
    label: Callable[[int], str]
    events: int
    contacts: int
    figures: Mapping[str, Figures] = field(default_factory=dict)
    hours: Known | None = None

    def trace(self) -> Iterator[dict[str, Any]]:
        return read_trace(self.connection, self.plan.versions, self.label)


def read_drafts(
    journeys: Sequence[str | bytes | Mapping[str, Any]], segments: object
) -> tuple[list[Definition], dict[str, Condition]]:
    """Definitions and segments as written (segments: {key: {condition: …}} or {key: condition}). Raises Refused."""
    written = segments if isinstance(segments, Mapping) else {}
    if len(written) == 1 and isinstance(written.get("segments"), Mapping):
        written = written["segments"]
    plain = {key: s["condition"] if isinstance(s, Mapping) and "condition" in s else s for key, s in written.items()}
    faults = Faults("segments")
    conditions = parse_segments(plain, faults)
    if faults:
        raise Refused(faults)
    definitions = [parse_definition(journey, Catalog(segments=conditions)) for journey in journeys]
    keys = [definition.key for definition in definitions]
    double = next((key for key in keys if keys.count(key) > 1), None)
    if double:
        raise Refused([Fault("journey", said("two of the journeys are called '%(double)s'", double=double))])
    return definitions, conditions


@contextmanager
def backtest(
    url: str,
    definitions: Sequence[Definition],
    conditions: Mapping[str, Condition],
    lines: Iterator[bytes],
    setting: Setting,
    until: datetime,
    progress: Callable[[str], None] = lambda _: None,
    start: datetime | None = None,
) -> Iterator[Backtest]:
    """Replays the lines (JSON messages with receivedAt, in order of acceptance) up to ``until`` (included; timers before it).

    start: the drafts are published at this moment; what came before is history. None: from the first event on.
    """
    with _scratch(url) as connection:
        progress("reading events")
        cast = Cast()
        wanted = wanted_by(build_plan([workspace_of(definitions, conditions, setting, setting.currency or "")]))
        events = load_messages(connection, lines, until, cast, LANES, with_reactions(wanted, definitions))
        currency = setting.currency or cast.currency or ""
        write_rates(connection, 1, setting.rates)
        plan, known = _replay(
            url if events > _MANY else None,
            connection,
            definitions,
            conditions,
            setting,
            currency,
            start,
            until,
            progress,
            Hours(setting.zone),
        )
        yield _finished(connection, plan, lambda contact: cast.people[contact].label, events, known)


@contextmanager
def recorded_backtest(
    url: str,
    workspace_id: int,
    definitions: Sequence[Definition],
    conditions: Mapping[str, Condition],
    setting: Setting,
    until: datetime,
    progress: Callable[[str], None] = lambda _: None,
    start: datetime | None = None,
    looking: Looking = Looking(),
) -> Iterator[Backtest]:
    """The same over a workspace's recorded history. The main tables are only read."""
    with _scratch(url) as connection:
        progress("reading events")
        wanted = wanted_by(build_plan([workspace_of(definitions, conditions, setting, setting.currency or "")]))
        keys = [definition.key for definition in definitions]
        wanted = with_reactions(wanted, definitions)
        events = load_recorded(connection, workspace_id, until, keys, wanted, looking.contact)
        copy_rates(connection, workspace_id, setting.currency)
        copy_topics(connection, workspace_id)
        plan, known = _replay(
            url if events > _MANY else None,
            connection,
            definitions,
            conditions,
            setting,
            setting.currency or "",
            start,
            until,
            progress,
            Hours(setting.zone, workspace_id, keys),
            looking,
        )
        yield _finished(connection, plan, lambda contact: read_label(connection, contact), events, known)


@contextmanager
def _scratch(url: str) -> Iterator[psycopg.Connection[Any]]:
    with scratch_schema(url, "backtest") as connection:
        connection.execute("SET synchronous_commit = off; SET work_mem = '128MB'")
        create_tables(connection, LANES)
        yield connection


def _replay(
    url: str | None,
    connection: psycopg.Connection[Any],
    definitions: Sequence[Definition],
    conditions: Mapping[str, Condition],
    setting: Setting,
    currency: str,
    start: datetime | None,
    until: datetime,
    progress: Callable[[str], None],
    hours: Hours,
    looking: Looking = Looking(),
) -> tuple[Plan, Known | None]:
    """url: for a second engine beside this connection's; None: one is enough."""
    plan = build_plan([workspace_of(definitions, conditions, setting, currency)])
    history = build_plan([workspace_of(definitions, conditions, setting, currency, entering=False)])
    with _sessions(connection, url, looking) as sessions:
        if start is not None:
            progress("history")
            walk(sessions, history, start)
            _publish(sessions[0], plan, start)
        progress("walking")
        known, reckoned = None, _reckoned(connection, definitions, start, until)
        for moment in sorted({*looking.stops, *reckoned}):
            walk(sessions, plan, moment)
            if moment in reckoned:
                known = hours.reckon(connection, moment)
            if looking.look is not None and moment in looking.stops:
                looking.look(connection, plan, moment)
        walk(sessions, plan, until)
    return plan, known


def _reckoned(
    connection: psycopg.Connection[Any], definitions: Sequence[Definition], start: datetime | None, until: datetime
) -> Sequence[datetime]:
    """When best hours are reckoned: never where no message asks for them."""
    if not asks_for_hours(definitions):
        return ()
    if start is None:
        row = connection.execute("SELECT min(applied_at) FROM inbox").fetchone()
        start = row[0] if row else None
    return tuple(moments(start, until)) if start is not None else ()


def _publish(session: Session, plan: Plan, at: datetime) -> None:
    """All drafts at once. The members of segments are known from history."""
    for journey in plan.journeys.values():
        if journey.live is not None:
            open_publishing(
                session.connection,
                workspace_id=1,
                journey_id=journey.journey_id,
                version_id=journey.live.version_id,
                at=at,
                segments=(),
                already=False,
            )
    spread_everywhere(session)


@contextmanager
def _sessions(connection: psycopg.Connection[Any], url: str | None, looking: Looking) -> Iterator[list[Session]]:
    if url is None:
        yield sessions_of([connection], looking)
        return
    path = connection.execute("SELECT current_setting('search_path')").fetchone()
    assert path is not None
    settings = {"search_path": path[0], "synchronous_commit": "off", "work_mem": "128MB"}
    with connect(url, application_name="safar backtest", settings=settings) as second:
        yield sessions_of([connection, second], looking)


def _finished(
    connection: psycopg.Connection[Any], plan: Plan, label: Callable[[int], str], events: int, known: Known | None
) -> Backtest:
    connection.execute("ANALYZE enrollment")
    row = connection.execute("SELECT count(*) FROM contact").fetchone()
    figures = {v.definition.key: read_figures(connection, v) for v in plan.versions.values()}
    return Backtest(connection, plan, label, events, int(row[0]) if row else 0, figures, known)


def walk(sessions: Sequence[Session], plan: Plan, until: datetime, limits: Limits = EVERYTHING) -> None:
    """Ticks every lane until nothing is left up to ``until``, the sessions side by side. Nobody else has these tables, and nothing is
    resumed: every statement commits by itself, so that what a round leaves behind is cleared away as it goes (in one transaction each
    round would be slower than the one before)."""
    for session in sessions:
        session.settle(plan)
    lanes = [row[0] for row in sessions[0].run("SELECT id FROM lane ORDER BY id")]
    shares = [lanes[number :: len(sessions)] for number in range(len(sessions))]

    def work(session: Session, mine: Sequence[int]) -> int:
        return sum(_tick(session, plan, lane, until, limits) for lane in mine)

    with ThreadPoolExecutor(len(sessions)) as pool:
        while sum(pool.map(work, sessions, shares)):
            pass


def tick_lane(session: Session, plan: Plan, lane: int, until: datetime, limits: Limits) -> bool:
    """One tick of a lane in a transaction, as an engine does; False where nothing was done, or somebody else has it."""
    with session.connection.transaction():
        return _tick(session, plan, lane, until, limits)


def _tick(session: Session, plan: Plan, lane: int, until: datetime, limits: Limits) -> bool:
    row = session.connection.execute("SELECT clock FROM lane WHERE id = %s FOR UPDATE SKIP LOCKED", (lane,)).fetchone()
    if row is None:
        return False
    outcome = Tick(session, plan, limits).run(lane, row[0], until)
    return bool(outcome.events or outcome.subjects)


def workspace_of(
    definitions: Sequence[Definition],
    conditions: Mapping[str, Condition],
    setting: Setting,
    currency: str,
    *,
    entering: bool = True,
) -> WorkspaceSource:
    """The workspace of a back-test: number 1, journeys and segments numbered in the order given."""
    return WorkspaceSource(
        1,
        setting.zone,
        setting.calendar,
        currency,
        setting.late_events,
        [(number, key, condition) for number, (key, condition) in enumerate(conditions.items(), start=1)],
        [
            JourneySource(number, definition.key, [VersionSource(number, definition)], entering=entering)
            for number, definition in enumerate(definitions, start=1)
        ],
        setting.quiet,
        setting.occasions,
    )


def read_yaml_files(journeys: Sequence[Path], segments: Path | None) -> tuple[list[Definition], dict[str, Condition]]:
    """Raises Refused with the file's name before each place, OSError where one cannot be read."""
    texts = [path.read_bytes() for path in journeys]
    written = load_yaml(segments.read_bytes()).data if segments is not None else {}
    return read_drafts(texts, written)


def file_lines(path: Path) -> Iterator[bytes]:
    with open_lines(path) as lines:
        yield from lines
