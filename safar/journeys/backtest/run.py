"""The back-test: the engine's own statements and order over a file of events, on scratch tables, by a simulated clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from safar.journeys.backtest.figures import Figures, read_figures
from safar.journeys.backtest.messages import Cast, load_messages, open_lines
from safar.journeys.backtest.scratch import create_tables
from safar.journeys.backtest.trace import read_trace
from safar.journeys.definition.model import Definition
from safar.journeys.definition.parse import parse_definition
from safar.journeys.definition.yaml12 import load_yaml
from safar.journeys.engine.plan import JourneySource, Plan, VersionSource, WorkspaceSource, build_plan
from safar.journeys.engine.session import Session
from safar.journeys.engine.tick import Limits, Tick
from safar.lib.faults import Fault, Faults, Refused
from safar.postgres.scratch import scratch_schema
from safar.segments.catalog import Catalog
from safar.segments.parse import parse_segments
from safar.segments.reading import Condition

EVERYTHING = Limits(events=10**9, each=10**9, subjects=10**9)


@dataclass(frozen=True)
class Setting:
    """The workspace that the file is read in."""

    zone: str
    calendar: str = "gregorian"
    currency: str | None = None
    late_events: timedelta = timedelta(hours=1)


@dataclass
class Backtest:
    """A finished back-test, while its scratch tables live. figures: journey → Figures; trace(): one mapping a trip."""

    connection: psycopg.Connection[Any]
    plan: Plan
    cast: Cast
    events: int
    figures: Mapping[str, Figures] = field(default_factory=dict)

    def trace(self) -> Iterator[dict[str, Any]]:
        return read_trace(self.connection, self.plan.versions, lambda contact: self.cast.people[contact].label)


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
        raise Refused([Fault("journey", f"two of the journeys are called '{double}'")])
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
) -> Iterator[Backtest]:
    """Replays the lines (JSON messages with receivedAt, in order of acceptance) up to ``until`` (included; timers before it)."""
    with scratch_schema(url, "backtest") as connection:
        connection.execute("SET synchronous_commit = off")
        create_tables(connection)
        progress("reading events")
        cast = Cast()
        events = load_messages(connection, lines, until, cast)
        plan = build_plan([workspace_of(definitions, conditions, setting, setting.currency or cast.currency or "")])
        session = Session(connection)
        session.settle(plan)
        progress("walking")
        walk(session, plan, until)
        connection.execute("ANALYZE enrollment")
        result = Backtest(connection, plan, cast, events)
        result.figures = {v.definition.key: read_figures(connection, v) for v in plan.versions.values()}
        yield result


def walk(session: Session, plan: Plan, until: datetime, limits: Limits = EVERYTHING) -> None:
    """Ticks every lane until nothing is left up to ``until``. Nobody else has these tables, and nothing is resumed: every statement
    commits by itself, so that what a round leaves behind is cleared away as it goes (in one transaction each round would be slower
    than the one before)."""
    lanes = [row[0] for row in session.run("SELECT id FROM lane ORDER BY id")]
    while any([_tick(session, plan, lane, until, limits) for lane in lanes]):
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
    definitions: Sequence[Definition], conditions: Mapping[str, Condition], setting: Setting, currency: str
) -> WorkspaceSource:
    return WorkspaceSource(
        1,
        setting.zone,
        setting.calendar,
        currency,
        setting.late_events,
        [(number, key, condition) for number, (key, condition) in enumerate(conditions.items(), start=1)],
        [
            JourneySource(number, definition.key, [VersionSource(number, definition)])
            for number, definition in enumerate(definitions, start=1)
        ],
    )


def read_yaml_files(journeys: Sequence[Path], segments: Path | None) -> tuple[list[Definition], dict[str, Condition]]:
    """Raises Refused with the file's name before each place, OSError where one cannot be read."""
    texts = [path.read_bytes() for path in journeys]
    written = load_yaml(segments.read_bytes()).data if segments is not None else {}
    return read_drafts(texts, written)


def file_lines(path: Path) -> Iterator[bytes]:
    with open_lines(path) as lines:
        yield from lines
