"""Definitions that hold every kind and every condition between them, and the statements that the compiler makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from safar.journeys.backtest.run import Setting, read_drafts, workspace_of
from safar.journeys.compiler.arming import Armed
from safar.journeys.compiler.moving import compile_moving
from safar.journeys.compiler.version import Version
from safar.journeys.definition.parse import parse_definition
from safar.journeys.engine.plan import JourneySource, Plan, VersionSource, WorkspaceSource, build_plan
from safar.journeys.tests.cases import ALL_KINDS, data_with, example_text
from safar.lib.faults import Faults
from safar.segments.catalog import Catalog
from safar.segments.kinds import condition_kinds
from safar.segments.parse import parse_segments
from tests.simulator.generate import generate

SEEDS = range(1, 16)
# What a statement is for. Each has to occur, or the guards would guard nothing.
SORTS = (
    *(
        "stretch",
        "concern",
        "taken",
        "past_goal",
        "wait",
        "exit_before",
        "exit_timer",
        "point_timer",
        "match",
        "already",
        "enter",
    ),
    *("start on_event", "start on_timer", "segment on_event", "segment on_timer", "moving"),
)


@dataclass(frozen=True)
class Compiled:
    """One statement. where: its workspace and journey, for whoever reads a fault."""

    sort: str
    where: str
    statement: str

    def __str__(self) -> str:
        return f"{self.where}: {self.sort}"


@cache
def all_compiled() -> tuple[Compiled, ...]:
    """Of every kind and condition by itself, of the example of docs/journeys.md, and of generated journeys."""
    plans = {"kinds": build_plan([_every_kind()])}
    for seed in SEEDS:
        plans[f"seed {seed}"] = build_plan([_generated(seed)])
    return tuple(one for name, plan in plans.items() for one in _of_plan(name, plan))


def _of_plan(name: str, plan: Plan) -> Iterator[Compiled]:
    for workspace in plan.workspaces.values():
        for number, armed in workspace.segments:
            yield from _armed("segment", f"{name}, segment {number}", armed)
        for journey in workspace.journeys:
            for version in journey.versions:
                yield from _of_version(f"{name}, {journey.key}", version)


def _of_version(where: str, version: Version) -> Iterator[Compiled]:
    for statement in version.stretches.values():
        yield Compiled("stretch", where, statement)
    for wait in version.waits:
        yield Compiled("wait", where, wait.statement)
    yield Compiled("taken", where, version.taken.statement)
    for sort in ("concern", "past_goal"):
        if (watched := getattr(version, sort)) is not None:
            yield Compiled(sort, where, watched.statement)
    for sort in ("exit_before", "exit_timer", "point_timer"):
        if statement := getattr(version, sort):
            yield Compiled(sort, where, statement)
    yield Compiled("match", where, version.entering.match)
    for statement in version.entering.already.values():
        if statement is not None:
            yield Compiled("already", where, statement)
    yield Compiled("enter", where, version.entering.enter)
    for armed in version.armed.values():
        yield from _armed("start", where, armed)
    yield Compiled("moving", where, compile_moving(version, version, anew=True))


def _armed(what: str, where: str, armed: Armed) -> Iterator[Compiled]:
    yield Compiled(f"{what} on_event", where, armed.on_event)
    yield Compiled(f"{what} on_timer", where, armed.on_timer)


def _every_kind() -> WorkspaceSource:
    conditions = {
        f"{key}-{number}": example
        for key, kind in condition_kinds().items()
        for number, example in enumerate(kind.examples)
    }
    segments = parse_segments({"big-spenders": {"fact": "spent", "at_least": 1000}, **conditions}, Faults())
    written: list[str | Mapping[str, Any]] = [example_text()]
    for key, kind in ALL_KINDS.items():
        written.append({**data_with(kind, kind.example), "journey": f"kind-{key}".replace("_", "-")})
    for number, (key, condition) in enumerate(conditions.items()):
        written.append(_reading(f"reads-{key}", condition, ranked=number % 2 == 1))
    written.append(_TWO_WAYS)
    for key in segments:
        starts = {word: {"kind": f"segment_{word}", "segment": key} for word in ("joined", "left")}
        written.append({"journey": f"watches-{key}", "start": starts})
    definitions = [parse_definition(one, Catalog(segments=segments)) for one in written]
    journeys = [
        JourneySource(number, definition.key, [VersionSource(number, definition)], paused=number % 5 == 0)
        for number, definition in enumerate(definitions, start=1)
    ]
    watched = [(number, key, condition) for number, (key, condition) in enumerate(segments.items(), start=1)]
    return WorkspaceSource(1, "Asia/Tehran", "jalali", "IRR", timedelta(hours=1), watched, journeys)


def _reading(key: str, condition: Mapping[str, Any], *, ranked: bool) -> dict[str, Any]:
    """A journey that reads one condition wherever a condition can stand."""
    entry = {"order_id": {"same_as": "entry.order_id"}}
    goal = {"event": "Order Completed", "within": "P14D", "money": "total", "where": entry}
    settings = {"reentry": "P1M" if ranked else "always", "goal": goal, "exit_when": condition, "control_group": 10}
    return {
        "journey": key,
        "settings": {**settings, "one_per": "order_id"} if ranked else settings,
        "start": {"bought": {"kind": "ordered", "filter": condition, "next": "asked"}},
        "points": {
            "asked": {"kind": "if_else", "condition": condition, "paths": {"yes": "waited", "no": "one_of"}},
            "waited": {"kind": "wait", "for": condition, "at_most": "P1M", "paths": {"happened": "marked"}},
            "one_of": {"kind": "branch", "branches": {"first": condition}, "paths": {"first": "named", "else": "told"}},
            "marked": {"kind": "add_tag", "tag": "vip", "next": "named"},
            "named": {"kind": "update_contact", "set": {"city": "Tehran", "timezone": None}, "next": "unmarked"},
            "unmarked": {"kind": "remove_tag", "tag": "vip", "next": "told"},
            "told": {"kind": "send_email", "template": "welcome-1", "next": "heard"},
            "heard": {"kind": "wait", "for": {"event": "Replied", "where": entry}, "at_most": "P7D"},
        },
    }


# Two changes of one table in one stretch, of different people.
_TWO_WAYS = {
    "journey": "two-ways",
    "start": {"bought": {"kind": "ordered", "next": "either"}},
    "points": {
        "either": {"kind": "split", "shares": {"a": 1, "b": 1}, "paths": {"a": "here", "b": "there"}},
        "here": {"kind": "update_contact", "set": {"city": "Tehran"}, "next": "marked"},
        "marked": {"kind": "add_tag", "tag": "vip"},
        "there": {"kind": "update_contact", "set": {"city": "Shiraz"}, "next": "unmarked"},
        "unmarked": {"kind": "remove_tag", "tag": "vip"},
    },
}


def _generated(seed: int) -> WorkspaceSource:
    case = generate(seed)
    definitions, conditions = read_drafts(case["journeys"], case["segments"])
    setting = Setting(case["zone"], case["calendar"], case.get("currency"))
    return workspace_of(definitions, conditions, setting, case.get("currency") or "")
