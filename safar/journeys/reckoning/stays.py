"""How long people stay at a point before they go on by one of its paths: the median of those who passed it last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

import psycopg

from safar.journeys.compiler.decode import decode_trail
from safar.journeys.kinds import Park
from safar.journeys.living import Shown
from safar.lib.sqlfile import load_sql

TRIPS = 5_000  # read of a version, the last that moved: 100 ms of decoding
MOST = 2_000  # passages of one point that the median is of, the latest

Trip = tuple[datetime, Sequence[int]]  # when it entered, and its trail


@dataclass(frozen=True)
class Stay:
    """seconds: the median; None where nobody has passed yet. people: of how many passages it is, MOST at most."""

    seconds: float | None
    people: int


def read_stays(connection: psycopg.Connection[Any], shown: Shown) -> dict[str, Stay]:
    """By point: every point where people can stand, and any other at which somebody stayed."""
    asked = {"version": shown.version_id, "trips": TRIPS}
    return median_stays(shown, connection.execute(load_sql("safar.journeys.reckoning", "stays"), asked).fetchall())


def median_stays(shown: Shown, trips: Iterable[Trip]) -> dict[str, Stay]:
    """Of trips in any order. Points are instant unless somebody was seen to stay."""
    passed: Mapping[str, list[tuple[datetime, float]]] = defaultdict(list)
    for entered_at, trail in trips:
        for passage in decode_trail([(shown.layout, trail)], entered_at, None):
            if passage.left_at is not None and passage.path is not None:
                stayed = (passage.left_at - passage.arrived_at).total_seconds()
                passed[passage.point].append((passage.left_at, stayed))
    found = {}
    for point in shown.definition.points:
        latest = sorted(passed.get(point.key, ()), reverse=True)[:MOST]
        if isinstance(point.kind, Park) or any(stayed > 0 for _, stayed in latest):
            found[point.key] = Stay(median(stayed for _, stayed in latest) if latest else None, len(latest))
    return found
