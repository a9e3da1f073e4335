"""What a publisher does with the people on older versions: look who could move to the live one, and move them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import psycopg

from safar.accounts.models import Workspace
from safar.journeys.compiler.moving import compile_due
from safar.journeys.compiler.version import Layout, Version
from safar.journeys.definition.model import Definition
from safar.journeys.engine.load import load_plan
from safar.journeys.engine.moving import Standing, look_at_move, move_people
from safar.journeys.engine.plan import Plan
from safar.journeys.engine.session import Session
from safar.journeys.models import Version as Stored
from safar.journeys.services import find_journey
from safar.lib.faults import Fault, Refused, said


@dataclass(frozen=True)
class Older:
    """An older version that has people on the road. number: as the versions are counted; standing: by point, in the map's order."""

    number: int
    standing: list[Standing]

    @property
    def people(self) -> int:
        return sum(standing.people for standing in self.standing)

    @property
    def can(self) -> int:
        return sum(standing.can for standing in self.standing)


@dataclass(frozen=True)
class OlderThanDraft(Older):
    """As it would be after a publishing. at_once: point → people who would go on at once if their waiting were reckoned anew."""

    at_once: Mapping[str, int]


def look_at_moves(workspace: Workspace, key: str, *, connection: psycopg.Connection[Any]) -> list[Older]:
    """Who stands on older versions, who of them could move to the live one, and why the others cannot. Raises Refused."""
    plan, older, live = _versions(workspace, key, connection)
    found = [Older(number, look_at_move(connection, plan.versions, old, live)) for number, old in older]
    return [one for one in found if one.standing]


def move_to_live(
    workspace: Workspace,
    key: str,
    *,
    connection: psycopg.Connection[Any],
    now: Callable[[], datetime] | None = None,
    anew: bool = False,
) -> int:
    """Moves everybody who can to the live version; how many. Their wake-up time stays, or is reckoned anew by the live version.

    connection: autocommit, its session becomes an engine's. Raises Refused.
    """
    plan, older, live = _versions(workspace, key, connection)
    session, clock = Session(connection), now or (lambda: datetime.now(UTC))
    return sum(move_people(session, plan, old, live, clock, anew=anew) for _, old in older)


def look_at_moves_to(
    workspace: Workspace, key: str, definition: Definition, *, connection: psycopg.Connection[Any], now: datetime
) -> list[OlderThanDraft]:
    """Who stands on the versions that there are, the live one too, and what would become of them if this definition were the live one."""
    plan = load_plan(connection, [workspace.pk])
    journey = find_journey(workspace, key)
    known = plan.journeys.get(journey.pk)
    if known is None:
        return []
    numbers = dict(Stored.objects.filter(journey=journey).values_list("id", "number"))
    found = []
    for old in known.versions:
        new = replace(old, definition=definition, layout=Layout(definition), version_id=0, live=True)
        standing = look_at_move(connection, plan.versions, old, new)
        if standing:
            keys = {point.index: point.key for point in old.definition.points}
            due = connection.execute(compile_due(old, new), {"now": now}).fetchall()
            at_once = {keys[place]: people for place, people, _ in due if people}
            found.append(OlderThanDraft(numbers[old.version_id], standing, at_once))
    return found


def _versions(
    workspace: Workspace, key: str, connection: psycopg.Connection[Any]
) -> tuple[Plan, list[tuple[int, Version]], Version]:
    """The plan, the older versions with their numbers, and the live one."""
    journey = find_journey(workspace, key)
    plan = load_plan(connection, [workspace.pk])
    known = plan.journeys.get(journey.pk)
    if known is None or known.live is None:
        raise Refused([Fault("journey", said("'%(key)s' has no live version to move to", key=key))])
    numbers = dict(Stored.objects.filter(journey=journey).values_list("id", "number"))
    older = [(numbers[v.version_id], v) for v in known.versions if v.version_id != known.live.version_id]
    return plan, older, known.live
