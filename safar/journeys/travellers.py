"""The people behind a figure of a map: one page of trips after another, by scans of one version that end early.

Where a trip went is read out of its trail, as the trace of a back-test is: there is no row a passage. Trips that were
followed by a later one of the same contact are not among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from safar.journeys.compiler.decode import decode_trail
from safar.journeys.living import Shown

FIGURES = ("entered", "standing", "path", "left", "set_aside")
SCAN = 5_000  # trips looked at for one page at most: the next page goes on behind them
_OPEN, _LEFT, _SET_ASIDE, _HELD_OUT = 0, 2, 3, 4

_TRIPS = """
SELECT e.bucket, e.contact_id, e.one_per, e.state, e.place, e.starting_point, e.entered_at, e.since, e.wake_at, e.ended_at, e.reason, e.trail,
    e.trail_moved, coalesce(c.email, c.phone, c.external_id, c.key), c.traits ->> 'first_name', c.traits ->> 'last_name'
FROM enrollment e JOIN contact c ON c.bucket = e.bucket AND c.id = e.contact_id
WHERE e.version_id = %(version)s AND (e.bucket, e.contact_id, e.one_per) > (%(bucket)s, %(contact)s, %(one_per)s)
ORDER BY e.bucket, e.contact_id, e.one_per LIMIT %(scan)s
"""


@dataclass(frozen=True)
class Traveller:
    """One trip. at: when they came to the point (or entered); due: when their time there is over, while they stand."""

    contact_id: int
    name: str
    known_as: str
    at: datetime
    due: datetime | None
    state: str
    reason: str


@dataclass(frozen=True)
class Page:
    """after: give it to have the next page; empty at the end."""

    people: list[Traveller]
    after: str


def list_travellers(
    connection: psycopg.Connection[Any],
    shown: Shown,
    *,
    point: str,
    figure: str,
    name: str = "",
    after: str = "",
    size: int = 50,
) -> Page:
    """Trips behind a figure. point: ``points.greet`` or ``start.signed_up``; name: of the path, or the reason of leaving.

    Raises ValueError for a figure, point or place to go on from that does not exist.
    """
    if figure not in FIGURES:
        raise ValueError(f"there is no figure '{figure}'")
    section, _, key = point.partition(".")
    listed = shown.definition.starts if section == "start" else shown.definition.points
    index = {each.key: each.index for each in listed}
    if key not in index:
        raise ValueError(f"there is no point '{point}'")
    bucket, contact, one_per = _cursor(after)
    asked = {"version": shown.version_id, "bucket": bucket, "contact": contact, "one_per": one_per, "scan": SCAN}
    people: list[Traveller] = []
    rows = connection.execute(_TRIPS, asked).fetchall()
    for row in rows:
        found = _start(row, index[key]) if section == "start" else _point(shown, row, index[key], figure, name)
        if found is not None:
            people.append(found)
        if len(people) == size:
            return Page(people, _place(row))
    return Page(people, _place(rows[-1]) if len(rows) == SCAN else "")


def _start(row: tuple[Any, ...], index: int) -> Traveller | None:
    return _traveller(row, row[6], None) if row[5] == index and row[3] != _HELD_OUT else None


def _point(shown: Shown, row: tuple[Any, ...], index: int, figure: str, name: str) -> Traveller | None:
    state, place = row[3], row[4]
    if figure == "standing":
        return _traveller(row, row[7], row[8]) if state == _OPEN and place == index else None
    if figure == "set_aside":
        return _traveller(row, row[9] or row[7], None) if state == _SET_ASIDE and place == index else None
    if figure == "left":
        here = state == _LEFT and place == index and name in ("", row[10])
        return _traveller(row, row[9] or row[7], None) if here else None
    if row[12] or state == _HELD_OUT:  # a trail so long that its beginning lies elsewhere
        return None
    key = shown.definition.points[index].key
    for passage in decode_trail([(shown.layout, row[11])], row[6], None):
        if passage.point == key and (figure == "entered" or passage.path == name):
            return _traveller(row, passage.arrived_at, None)
    return None


def _traveller(row: tuple[Any, ...], at: datetime, due: datetime | None) -> Traveller:
    words = {_OPEN: "on_the_road", 1: "finished", _LEFT: "left", _SET_ASIDE: "set_aside"}
    name = " ".join(each for each in (row[14], row[15]) if each)
    return Traveller(row[1], name, row[13], at, due, words.get(row[3], ""), row[10] or "")


def _place(row: tuple[Any, ...]) -> str:
    return f"{row[0]}.{row[1]}.{row[2]}"


def _cursor(after: str) -> tuple[int, int, str]:
    if not after:
        return -1, -1, ""
    bucket, contact, one_per = after.split(".", 2)
    return int(bucket), int(contact), one_per
