"""What each message point of a workspace earned: money of goal events after its message, each order counted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.sql import SQL

from safar.accounts.models import Workspace
from safar.journeys.reckoning.goals import Aim, slots
from safar.lib.sqlfile import load_sql
from safar.outbox.statements import without_comments


@dataclass(frozen=True)
class Earned:
    """orders: goal events; people: who brought them. money: in the workspace's currency; None where the goal names no amount.

    unpriced: orders whose amount cannot be read or has no rate; they count, their money does not.
    """

    orders: int = 0
    people: int = 0
    money: Decimal | None = Decimal(0)
    unpriced: int = 0


def read_earned(
    connection: psycopg.Connection[Any], workspace: Workspace, aims: Sequence[Aim]
) -> Mapping[tuple[int, str], Earned]:
    """By (journey, point). What is not in it earned nothing; journeys without a goal are not told of at all."""
    if not aims:
        return {}
    asked = {
        "workspace": workspace.pk,
        "journeys": [aim.journey_id for aim in aims],
        "names": sorted({aim.goal.event for aim in aims}),
        "late": timedelta(seconds=workspace.late_events),
    }
    with_money = {aim.journey_id for aim in aims if aim.goal.money is not None}
    text = without_comments(load_sql("safar.journeys.reckoning", "earned"))
    for slot, filling in slots(aims, workspace).items():
        text = text.replace("{" + slot + "}", filling.replace("%", "%%"))
    found = {}
    for journey, point, orders, people, money, unpriced in connection.execute(SQL(text), asked).fetchall():
        priced = journey in with_money
        found[journey, point] = Earned(
            orders, people, (money or Decimal(0)) if priced else None, unpriced if priced else 0
        )
    return found
