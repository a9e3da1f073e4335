"""The roads of second_purchase.yaml and win_back.yaml, as one would walk them with a finger on the page. See retail_trips.py."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from tests.acceptance.retail_customer import Customer, Instant, event_at, later, share, start_at, timer_at
from tests.acceptance.retail_rows import Event
from tests.acceptance.retail_trips import Trip, Walked, cut

SECOND, BACK = "second-purchase", "win-back"


def walk(events: Iterable[Event], until: datetime) -> Walked:
    """Everybody's trips, with events up to ``until`` and timers before it."""
    walked, horizon = Walked(), (until, 0, 1 << 30)
    by_customer: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_customer[event.customer].append(event)
    for key, mine in by_customer.items():
        customer = Customer(key, mine)
        repeat = _second_purchase(customer, walked, horizon)
        _win_back(customer, walked, horizon, repeat)
        walked.facts[key] = customer.facts(horizon)
    return walked


def _second_purchase(customer: Customer, walked: Walked, horizon: Instant) -> Instant | None:
    """Returns when it gave the tag `repeat`, if it did."""
    trip: Trip | None = None
    for number, event in enumerate(customer.events):
        here = event_at(event, number)
        if event.kind != "completed" or here > horizon or len(customer.facts(here).orders) != 1:
            continue
        if trip is not None:
            held = trip.over is None or trip.over >= here
            why = "left_by_this_event" if trip.over == here else "inside" if held else "reentry"
            walked.refused[SECOND][why] += 1
            continue
        trip = Trip(customer.key, SECOND, "first", here)
        walked.trips.append(trip)
        within = later(event.at, days=60)
        goal = customer.goal(here, min(within, horizon[0]), 100)
        trip.goal = goal and goal[1]
        if share(customer.key, SECOND, "control") * 100 < 10:
            trip.status, trip.over = "held_out", timer_at(within)
            continue
        _accompany(customer, trip)
        nothing_left = next(
            (
                event_at(e, n)
                for n, e in enumerate(customer.events)
                if n > number and not customer.facts(event_at(e, n)).orders
            ),
            None,
        )
        ways_out = [
            (at, why) for at, why in ((goal and goal[0], "goal"), (nothing_left, "exit_when")) if at is not None
        ]
        cut(trip, *min(ways_out, default=(None, None)), horizon)
    if trip is None or not trip.passages or trip.passages[-1].point != "mark":
        return None
    return trip.passages[-1].arrived


def _accompany(customer: Customer, trip: Trip) -> None:
    at = trip.pass_by("settle", trip.entered, timer_at(later(trip.entered[0], days=7)))
    trip.pass_by("thank", at)
    much = customer.facts(at).spent >= 300
    trip.pass_by("big", at, path="yes" if much else "no")
    trip.pass_by("fine" if much else "small", at)
    at, answered = _await_order(customer, trip, at, later(at[0], days=30))
    if not answered:
        at = trip.pass_by("later", at, timer_at(later(at[0], months=2)))
        answered = len(customer.facts(at).orders) >= 2
        trip.pass_by("again", at, path="yes" if answered else "no")
    trip.pass_by("mark" if answered else "once", at)


def _await_order(customer: Customer, trip: Trip, arrived: Instant, deadline: datetime) -> tuple[Instant, bool]:
    """The point `answer` of both: any order after the arrival, up to and including the deadline."""
    for at, event in customer.completions(arrived):
        if event.at <= deadline:
            return trip.pass_by("answer", arrived, at, "happened"), True
    return trip.pass_by("answer", arrived, timer_at(deadline), "timed_out"), False


def _win_back(customer: Customer, walked: Walked, horizon: Instant, repeat: Instant | None) -> None:
    last: Trip | None = None
    for bought in sorted({event.at for event in customer.events if event.kind == "completed"}):
        gone = start_at(later(bought, days=90))
        facts = customer.facts(gone)
        if gone > horizon or facts.last != bought or facts.spent < 100:
            continue  # bought again, or given back; or not worth it
        if last is not None and gone[0] < later(last.entered[0], days=120):
            walked.refused[BACK]["inside" if last.over is None or last.over > gone else "reentry"] += 1
            continue
        trip = last = Trip(customer.key, BACK, "gone", gone)
        walked.trips.append(trip)
        within = later(gone[0], days=60)
        goal = customer.goal(gone, min(within, horizon[0]), 150)
        trip.goal = goal and goal[1]
        if share(customer.key, BACK, "control") * 100 < 20:
            trip.status, trip.over = "held_out", timer_at(within)
            continue
        _ask_back(customer, trip, repeat)
        cut(trip, goal and goal[0], "goal", horizon)


def _ask_back(customer: Customer, trip: Trip, repeat: Instant | None) -> None:
    at = trip.entered
    way = "warm" if share(customer.key, BACK, "which") * 3 < 2 else "plain"
    trip.pass_by("which", at, path=way)
    trip.pass_by(way, at)
    friend = repeat is not None and repeat < at
    trip.pass_by("known", at, path="yes" if friend else "no")
    if friend:
        trip.pass_by("friend", at)
    at = trip.pass_by("settle", at, timer_at(later(at[0], days=10)))
    at, answered = _await_order(customer, trip, at, later(at[0], months=1))
    if answered:
        trip.pass_by("back", at)
        return
    facts = customer.facts(at)
    if facts.orders and facts.spent / len(facts.orders) >= 400:
        trip.pass_by("worth", at, path="big")
        trip.pass_by("call", at)
    elif len(facts.orders) >= 4:
        trip.pass_by("worth", at, path="often")
        trip.pass_by("last", at)
    else:
        trip.pass_by("worth", at, path="else")
    trip.pass_by("silent", at)
