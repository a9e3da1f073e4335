"""The front door: journeys, segments and messages in; a trace, refusals and an explanation out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from . import durations
from .apply import NAMES, absorb, apply_message, properties_of
from .conditions import parts
from .identity import resolve
from .model import Contact, Event, Trip, World
from .timers import advance
from .values import Json, Money, sort_text

Row = dict[str, Any]
Case = dict[str, Any]


@dataclass
class Result:
    trace: list[Row]  # one row for each trip, sorted
    refusals: dict[str, dict[str, int]]  # journey -> reason -> how many
    steps: dict[str, list[str]] = field(default_factory=dict)  # contact -> what happened, if asked for
    counts: Counter[str] = field(default_factory=Counter)  # what the case touched, for coverage


def simulate(
    journeys: list[dict[str, Any]],
    segments: dict[str, Any],
    events: list[dict[str, Json]],
    *,
    until: str,
    zone: str = "UTC",
    calendar: str = "gregorian",
    late_events: str = "PT1H",
    currency: str | None = None,
    rates: dict[str, dict[str, str]] | None = None,
    topics: list[str] | None = None,
    quiet: dict[str, Any] | None = None,
    hours: dict[str, Any] | None = None,
    logging: bool = False,
) -> Result:
    """Walk all contacts through all journeys, up to an instant (events at it are applied, timers at it are not)."""
    world = _world(
        journeys,
        segments,
        zone,
        calendar,
        late_events,
        Money(currency or _first_currency(events), zone, rates or {}),
        logging,
    )
    world.topics = topics or []
    world.quiet = (quiet or {}).get("rules", [])
    world.hours = hours or {}
    world.template_topics = (quiet or {}).get("topics", {})
    end = durations.read_instant(until)
    assert end is not None, until
    clock = datetime.min.replace(tzinfo=UTC)
    known: set[str] = set()
    for message in events:
        message_id = message.get("messageId")
        if message_id in known:
            world.counts["messageId again"] += 1
            continue
        received = durations.read_instant(message.get("receivedAt") or message.get("timestamp")) or clock
        clock = max(clock, received)
        if clock > end:
            break
        if message_id:
            known.add(message_id)
        _accept(world, message, received, clock)
    for contact in world.contacts:
        advance(world, contact, end)
    return _result(world)


def run_case(case: Case, *, logging: bool = False) -> Result:
    """A case as `generate` and `cases` make it."""
    return simulate(
        case["journeys"],
        case.get("segments") or {},
        case["events"],
        until=case["until"],
        zone=case.get("zone", "UTC"),
        calendar=case.get("calendar", "gregorian"),
        late_events=case.get("late_events", "PT1H"),
        currency=case.get("currency"),
        rates=case.get("rates"),
        topics=case.get("topics"),
        quiet=case.get("quiet"),
        hours=case.get("hours"),
        logging=logging,
    )


def run(case: Case) -> list[Row]:
    """The trace of a case: what an engine's acceptance test has to equal."""
    return run_case(case).trace


def read_segments(given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """key -> condition, from `segments: {…}` or the mapping itself, each a condition or {condition: …}."""
    if set(given) == {"segments"}:
        given = given["segments"] or {}
    return {key: value.get("condition", value) for key, value in given.items()}


def _world(
    journeys: list[dict[str, Any]],
    segments: dict[str, Any],
    zone: str,
    calendar: str,
    late_events: str,
    money: Money,
    logging: bool,
) -> World:
    world = World(
        {journey["journey"]: journey for journey in journeys},
        read_segments(segments),
        zone,
        calendar,
        late_events,
        money,
        logging,
    )
    world.refusals = {key: Counter() for key in world.journeys}
    starts = [start for journey in journeys for start in journey["start"].values()]
    watched = {start["segment"] for start in starts if start["kind"] in ("segment_joined", "segment_left")}
    world.watched = [key for key in world.segments if key in watched]
    conditions: list[Any] = [world.segments[key] for key in world.watched]
    conditions += [{"segment": start["segment"]} for start in starts if start["kind"] == "segment_once"]
    conditions += [start["filter"] for start in starts if "filter" in start]
    for journey in journeys:
        conditions += [(journey.get("settings") or {}).get("exit_when")]
        for point in (journey.get("points") or {}).values():
            wanted = point.get("for")
            conditions += [point.get("condition"), wanted if isinstance(wanted, dict) else None]
            conditions += list((point.get("branches") or {}).values())
    for condition in conditions:
        if condition:
            world.told |= {part["journey"] for part in parts(condition, world) if "journey" in part}
    return world


def _first_currency(events: list[dict[str, Json]]) -> str:
    for message in events:
        properties = message.get("properties")
        if isinstance(properties, dict) and isinstance(properties.get("currency"), str):
            return str(properties["currency"])
    return "IRR"


def _accept(world: World, message: dict[str, Json], received: datetime, clock: datetime) -> None:
    resolved = resolve(world, message)
    if resolved is None:
        world.counts["message of nobody"] += 1
        return
    contact, losers = resolved
    for one in (contact, *losers):
        advance(world, one, clock)
        one.clock = clock
    for loser in losers:
        absorb(world, contact, loser, clock)
    timestamp = durations.read_instant(message.get("timestamp")) or received
    late = durations.add(timestamp, world.late_events, world.zone, world.calendar) < received
    name = message["event"] if message["type"] == "track" else NAMES[message["type"]]
    event = Event(name, properties_of(message), min(timestamp, received), late=late)
    apply_message(world, contact, message, event)


def _result(world: World) -> Result:
    rows = [
        (contact.number, number, row_of(contact, trip))
        for contact in world.contacts
        for number, trip in enumerate(contact.trips)
    ]
    rows.sort(key=lambda one: (*sort_key(one[2]), one[0], one[1]))
    return Result(
        trace=[row for _, _, row in rows],
        refusals={key: dict(counter) for key, counter in world.refusals.items() if counter},
        steps={f"{contact.label} #{contact.number}": contact.steps for contact in world.contacts},
        counts=world.counts,
    )


def sort_key(row: Row) -> tuple[str, ...]:
    return row["contact"], row["journey"], sort_text(row["one_per"]), row["entered_at"]


def row_of(contact: Contact, trip: Trip) -> Row:
    return {
        "contact": contact.label,
        "journey": trip.journey,
        "one_per": trip.one_per,
        "starting_point": trip.start,
        "entered_at": durations.show(trip.entered_at),
        "status": trip.status,
        "reason": trip.reason,
        "goal_at": durations.show(trip.goal_at),
        "passages": [
            {
                "point": passage.point,
                "arrived_at": durations.show(passage.arrived_at),
                "left_at": durations.show(passage.left_at),
                "path": passage.path,
            }
            for passage in trip.passages
        ],
    }
