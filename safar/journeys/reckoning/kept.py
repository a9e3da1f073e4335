"""The dear figures as pages get them: what is kept of them, while a thread reads them anew (``lib.beside``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connections

from safar.accounts.models import Workspace
from safar.journeys.living import Living, Shown, read_living, shown_version
from safar.journeys.models import Journey, Version
from safar.journeys.reckoning.compared import read_compared
from safar.journeys.reckoning.earned import Earned, read_earned
from safar.journeys.reckoning.goals import read_aims
from safar.journeys.reckoning.lift import Group
from safar.journeys.reckoning.stays import Stay, read_stays
from safar.lib.beside import Beside, in_a_thread
from safar.outbox.costs import Cost, read_costs

Opens = Callable[[], AbstractContextManager[psycopg.Connection[Any]]]


@dataclass(frozen=True)
class Reckoned:
    """Of all journeys of a workspace. aims: journey → whether its goal names an amount; journeys without a goal are not in it.

    earned, costs: by journey and point; groups: (let in, held out) of journeys with a control group.
    """

    aims: Mapping[int, bool]
    earned: Mapping[tuple[int, str], Earned]
    costs: Mapping[tuple[int, str], list[Cost]]
    groups: Mapping[int, tuple[Group, Group]]

    def earned_by(self, journey: int, point: str | None = None) -> Earned | None:
        """Of one point, or of the whole journey; None where it has no goal."""
        if journey not in self.aims:
            return None
        nothing = Earned(money=None if not self.aims[journey] else Earned().money)
        if point is not None:
            return self.earned.get((journey, point), nothing)
        total = nothing
        for (each, _), part in self.earned.items():
            if each == journey:
                money = None if part.money is None or total.money is None else total.money + part.money
                total = Earned(
                    total.orders + part.orders, total.people + part.people, money, total.unpriced + part.unpriced
                )
        return total

    def costs_of(self, journey: int, point: str | None = None) -> list[Cost]:
        """By channel; empty where nothing went out."""
        if point is not None:
            return self.costs.get((journey, point), [])
        return [cost for (each, _), costs in self.costs.items() if each == journey for cost in costs]


def _start(work: Callable[[], None]) -> None:
    """In a thread, whose sessions of Django's are closed behind it."""

    def whole() -> None:
        try:
            work()
        finally:
            connections.close_all()

    in_a_thread(whole)


# Together a request waits a tenth of a second for figures at most.
_living: Beside[Living] = Beside(least=1.0, most=120.0, patience=0.05, start=_start)
_reckoned: Beside[Reckoned] = Beside(least=2.0, most=600.0, patience=0.025, start=_start)
_stays: Beside[dict[str, Stay]] = Beside(least=2.0, most=300.0, patience=0.025, start=_start)


def kept_living(workspace: Workspace, journey: Journey, version: Version, opens: Opens) -> Living | None:
    """What ``living.living_figures`` gives, for whoever must not wait: counting 200,000 messages takes half a second. None at first
    where it takes long. Raises Refused where the version's definition cannot be read any more."""
    shown_version(workspace, version)

    def read() -> Living:
        with opens() as connection:
            return read_living(connection, workspace, journey, version)

    return _living.get(version.pk, read)


def kept_reckoning(workspace: Workspace, opens: Opens) -> Reckoned | None:
    """None until the first reading is over: a moment, or minutes where there are millions of messages."""
    return _reckoned.get(workspace.pk, lambda: _reckon(workspace, opens))


def kept_stays(shown: Shown, opens: Opens) -> Mapping[str, Stay] | None:
    """Of one version, by point (``stays.read_stays``). None until the first reading is over."""

    def read() -> dict[str, Stay]:
        with opens() as connection:
            return read_stays(connection, shown)

    return _stays.get(shown.version_id, read)


def _reckon(workspace: Workspace, opens: Opens) -> Reckoned:
    aims = read_aims(workspace)
    costs: dict[tuple[int, str], list[Cost]] = defaultdict(list)
    with opens() as connection:
        earned = read_earned(connection, workspace, aims)
        groups = read_compared(connection, workspace)
        for cost in read_costs(connection, workspace.pk):
            if cost.point is not None:
                costs[cost.journey_id, cost.point].append(cost)
    return Reckoned({aim.journey_id: aim.goal.money is not None for aim in aims}, earned, dict(costs), groups)
