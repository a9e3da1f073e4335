"""What goes by the clock: windows, moments, yearly days; and the moment at which time alone would change each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from safar.segments.tests.conftest import Ground, condition, moment

Case = tuple[dict[str, Any], dict[str, Any], str, bool, str | None]

BOUGHT = {"facts": {"last_order": "2026-04-01T09:00Z", "cart_since": "2026-05-05T09:00Z", "cart_value": 5}}
RENEWAL = {
    "traits": {"renewal": "2026-05-10", "at": "2026-05-05T12:30:00.5+02:00", "words": "soon", "number": 20260510}
}
VIEWS = {
    "events": [
        ("View", "2026-04-20T12:00Z"),
        ("View", "2026-05-01T12:00Z", {"kind": "shoes"}),
        ("View", "2026-05-04T12:00Z"),
    ]
}

MOMENTS: list[Case] = [
    # before: value + D ≤ now. 31 + 30 days after 1 April 09:00 UTC; Tehran's clock stands still since 2022.
    (BOUGHT, {"fact": "last_order", "before": "P90D"}, "2026-05-05T12:00Z", False, "2026-06-30T09:00Z"),
    (BOUGHT, {"fact": "last_order", "before": "P90D"}, "2026-06-30T08:59:59.999999Z", False, "2026-06-30T09:00Z"),
    (BOUGHT, {"fact": "last_order", "before": "P90D"}, "2026-06-30T09:00Z", True, None),
    (BOUGHT, {"fact": "last_order", "within": "P90D"}, "2026-06-30T08:59:59.999999Z", True, "2026-06-30T09:00Z"),
    (BOUGHT, {"fact": "last_order", "within": "P90D"}, "2026-06-30T09:00Z", False, None),
    # a Jalali month: 12 Farvardin 1405 12:30 in Tehran to 12 Ordibehesht
    (BOUGHT, {"fact": "last_order", "within": "P1M"}, "2026-05-01T00:00Z", True, "2026-05-02T09:00Z"),
    (BOUGHT, {"fact": "cart_since", "before": "PT4H"}, "2026-05-05T12:00Z", False, "2026-05-05T13:00Z"),
    (BOUGHT, {"fact": "last_open", "before": "P1D"}, "2026-05-05T12:00Z", False, None),
    (BOUGHT, {"fact": "last_open", "within": "P1D"}, "2026-05-05T12:00Z", False, None),
    (BOUGHT, {"fact": "cart_value", "at_least": 5}, "2026-05-05T12:00Z", True, None),
    # traits: a date is local midnight (20:30 UTC the day before); what is no date matches nothing and never flips
    (RENEWAL, {"trait": "renewal", "before": "P0D"}, "2026-05-05T12:00Z", False, "2026-05-09T20:30Z"),
    (RENEWAL, {"trait": "renewal", "before": "-P7D"}, "2026-05-05T12:00Z", True, None),
    (RENEWAL, {"trait": "renewal", "within": "-P2D"}, "2026-05-05T12:00Z", True, "2026-05-07T20:30Z"),
    ({**RENEWAL, "zone": "America/New_York"}, {"trait": "renewal", "before": "P0D"}, "2026-05-05T12:00Z", False, "2026-05-10T04:00Z"),
    (RENEWAL, {"trait": "at", "before": "PT2H"}, "2026-05-05T12:00Z", False, "2026-05-05T12:30:00.5Z"),
    (RENEWAL, {"trait": "words", "before": "P0D"}, "2026-05-05T12:00Z", False, None),
    (RENEWAL, {"trait": "number", "within": "P9Y"}, "2026-05-05T12:00Z", False, None),
    (RENEWAL, {"trait": "missing", "within": "P9Y"}, "2026-05-05T12:00Z", False, None),
    # several operators: the earlier of the two
    (RENEWAL, {"trait": "renewal", "before": "-P1M", "within": "P1D"}, "2026-05-05T12:00Z", True, "2026-05-10T20:30Z"),
    ({}, {"entry": "when", "within": "P1D"}, "2026-05-05T12:00Z", True, "2026-05-06T08:00Z"),
]  # fmt: skip

WINDOWS: list[Case] = [
    (VIEWS, {"event": "View", "within": "P7D"}, "2026-05-05T12:00Z", True, "2026-05-08T12:00Z"),
    (VIEWS, {"event": "View", "within": "P7D", "times": {"at_least": 2}}, "2026-05-05T12:00Z", True, "2026-05-08T12:00Z"),
    (VIEWS, {"event": "View", "within": "P7D", "times": {"is": 2}}, "2026-05-08T11:59:59Z", True, "2026-05-08T12:00Z"),
    (VIEWS, {"event": "View", "within": "P7D", "times": {"is": 2}}, "2026-05-08T12:00Z", False, "2026-05-11T12:00Z"),
    (VIEWS, {"event": "View", "within": "P7D"}, "2026-05-11T12:00Z", False, None),
    (VIEWS, {"event": "View", "within": "P15D", "times": {"at_least": 3}}, "2026-05-05T11:00Z", True, "2026-05-05T12:00Z"),
    (VIEWS, {"event": "View", "within": "PT96H", "where": {"kind": "shoes"}}, "2026-05-05T11:00Z", True, "2026-05-05T12:00Z"),
    (VIEWS, {"event": "View", "within": "PT96H", "where": {"kind": "shoes"}}, "2026-05-05T12:00Z", False, None),
    (VIEWS, {"event": "View", "within": "P1M", "where": {"kind": "bags"}}, "2026-05-05T12:00Z", False, None),
    (VIEWS, {"event": "View", "within": "P1M"}, "2026-05-05T12:00Z", True, "2026-05-21T12:00Z"),
    (VIEWS, {"event": "View", "within": "P1DT12H"}, "2026-05-05T12:00Z", True, "2026-05-06T00:00Z"),
    (VIEWS, {"event": "View"}, "2026-05-05T12:00Z", True, None),
    # composites: the least of the parts, NULLs aside
    (VIEWS, {"all": [{"event": "View", "within": "P7D"}, {"event": "View", "within": "P2D"}]}, "2026-05-05T12:00Z", True, "2026-05-06T12:00Z"),
    (VIEWS, {"any": [{"tag": "x"}, {"event": "No", "within": "P9D"}, {"not": {"event": "View", "within": "P7D"}}]}, "2026-05-05T12:00Z", False, "2026-05-08T12:00Z"),
    (VIEWS, {"all": [{"tag": "x"}, {"event": "View"}]}, "2026-05-05T12:00Z", False, None),
]  # fmt: skip


def born(day: str) -> dict[str, Any]:
    return {"traits": {"birthday": day}}


def coming(ahead: str, calendar: str = "gregorian") -> dict[str, Any]:
    return {"trait": "birthday", "anniversary_within": ahead, "calendar": calendar}


MIDNIGHT = "2026-05-05T20:30Z"
YEARLY: list[Case] = [
    # Today in Tehran is 5 May, from 20:30 UTC the day before on; both ends of the window belong to it.
    (born("1990-05-05"), coming("P7D"), "2026-05-05T12:00Z", True, MIDNIGHT),
    (born("1990-05-12"), coming("P7D"), "2026-05-05T12:00Z", True, MIDNIGHT),
    (born("1990-05-13"), coming("P7D"), "2026-05-05T12:00Z", False, MIDNIGHT),
    (born("1990-05-13"), coming("P7D"), "2026-05-05T20:30Z", True, "2026-05-06T20:30Z"),
    (born("1990-05-04"), coming("P7D"), "2026-05-05T12:00Z", False, MIDNIGHT),
    (born("1990-05-04"), coming("P1Y"), "2026-05-05T12:00Z", True, MIDNIGHT),
    (born("1990-05-05"), coming("P0D"), "2026-05-05T12:00Z", True, MIDNIGHT),
    (born("1990-05-05T01:00:00+03:30"), coming("P0D"), "2026-05-05T12:00Z", True, MIDNIGHT),
    (born("1990-01-02"), coming("P7D"), "2026-12-27T12:00Z", True, "2026-12-27T20:30Z"),
    # 29 February falls on the 28th in other years
    (born("2000-02-29"), coming("P0D"), "2027-02-28T12:00Z", True, "2027-02-28T20:30Z"),
    (born("2000-02-29"), coming("P0D"), "2028-02-28T12:00Z", False, "2028-02-28T20:30Z"),
    (born("2000-02-29"), coming("P0D"), "2028-02-29T12:00Z", True, "2028-02-29T20:30Z"),
    # 30 Esfand 1403 (20 March 2025): in 1404 on 29 Esfand, which is 20 March 2026; in 1408 on its own day, 20 March 2030
    (born("2025-03-20"), coming("P0D", "jalali"), "2026-03-20T12:00Z", True, "2026-03-20T20:30Z"),
    (born("2025-03-20"), coming("P0D", "jalali"), "2030-03-19T12:00Z", False, "2030-03-19T20:30Z"),
    (born("2025-03-20"), coming("P0D", "jalali"), "2030-03-20T12:00Z", True, "2030-03-20T20:30Z"),
    # 1 Farvardin 1370 was 21 March 1991; 1403 began on 20 March 2024
    (born("1991-03-21"), coming("P0D", "jalali"), "2024-03-20T12:00Z", True, "2024-03-20T20:30Z"),
    (born("1991-03-21"), coming("P3D", "jalali"), "2024-03-17T12:00Z", True, "2024-03-17T20:30Z"),
    (born("1991-03-21"), coming("P2D", "jalali"), "2024-03-17T12:00Z", False, "2024-03-17T20:30Z"),
    # the workspace's calendar (here Jalali) where none is named
    (born("1991-03-21"), {"trait": "birthday", "anniversary_within": "P0D"}, "2024-03-20T12:00Z", True, "2024-03-20T20:30Z"),
    (born("not yet known"), coming("P7D"), "2026-05-05T12:00Z", False, "2026-05-05T20:30Z"),
    (born("1990-02-30"), coming("P1Y"), "2026-05-05T12:00Z", False, "2026-05-05T20:30Z"),
    # a fact can come round too
    (BOUGHT, {"fact": "last_order", "anniversary_within": "P0D", "calendar": "gregorian"}, "2027-04-01T12:00Z", True, "2027-04-01T20:30Z"),
]  # fmt: skip


@pytest.mark.parametrize("case", [*MOMENTS, *WINDOWS, *YEARLY], ids=lambda case: f"{case[1]} at {case[2]}")
def test_truth_and_flip(ground: Ground, case: Case) -> None:
    state, data, at, truth, flip = case
    entry = ground.literal('{"when": "2026-05-05T11:30"}')
    assert ground.read(ground.contact(**state), condition(data), at, entry=entry) == (truth, flip and moment(flip))


@pytest.mark.parametrize("case", [*MOMENTS, *WINDOWS], ids=lambda case: f"{case[1]} at {case[2]}")
def test_nothing_changes_before_its_flip(ground: Ground, case: Case) -> None:
    """Whoever reads again at the flip, and not before, has missed nothing."""
    state, data, at, truth, _ = case
    id, read = ground.contact(**state), condition(data)
    entry = ground.literal('{"when": "2026-05-05T11:30"}')
    _, flip = ground.read(id, read, at, entry=entry)
    end = (flip or moment(at) + timedelta(days=4000)) - timedelta(microseconds=1)
    assert ground.read(id, read, end.isoformat(), entry=entry)[0] is truth


def test_a_window_follows_the_zone_through_its_leaps(ground: Ground) -> None:
    """A day in New York lasts 25 hours when clocks go back."""
    id = ground.contact(zone="America/New_York", events=[("View", "2026-10-31T16:00Z")])
    read = condition({"event": "View", "within": "P1D"})
    assert ground.read(id, read, "2026-11-01T16:30Z") == (True, datetime(2026, 11, 1, 17, tzinfo=UTC))
    assert ground.read(id, read, "2026-11-01T17:00Z") == (False, None)
    exact = condition({"event": "View", "within": "PT24H"})
    assert ground.read(id, exact, "2026-11-01T16:30Z") == (False, None)


def test_midnight_may_come_twice_or_late(ground: Ground) -> None:
    """In Havana clocks go back at 01:00 to 00:00, and forward at 00:00 to 01:00."""
    id = ground.contact(zone="America/Havana", traits={"birthday": "1990-11-01"})
    read = condition(coming("P0D"))
    assert ground.read(id, read, "2026-11-01T04:30Z") == (True, datetime(2026, 11, 1, 5, tzinfo=UTC))
    assert ground.read(id, read, "2026-11-01T05:00Z") == (True, datetime(2026, 11, 2, 5, tzinfo=UTC))
    assert ground.read(id, read, "2026-03-07T12:00Z") == (False, datetime(2026, 3, 8, 5, tzinfo=UTC))
