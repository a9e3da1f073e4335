"""Earned, cost, lift and stays as the map and the list of journeys show them: amounts in words, and why one is not known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from safar.console.access import ConsoleRequest
from safar.console.database import session
from safar.console.formats import Formats
from safar.journeys.living import Shown
from safar.journeys.reckoning.earned import Earned
from safar.journeys.reckoning.kept import Reckoned, kept_reckoning, kept_stays
from safar.journeys.reckoning.lift import LEAST, lift_of
from safar.outbox.costs import Cost

Json = dict[str, Any]
SECONDS = 900.0  # of one statement: nobody waits for it


def read_reckoned(request: ConsoleRequest) -> Reckoned | None:
    """Of the request's workspace; None while it is reckoned for the first time."""
    return kept_reckoning(request.workspace, lambda: session(SECONDS))


def add_reckoned(request: ConsoleRequest, found: Json, shown: Shown | None, journey: int) -> Json:
    """figures.json with what is reckoned beside the request: ``stay`` on points, ``earned`` and ``cost`` on points that send and on the whole, ``lift``."""
    if shown is None:
        return found
    reckoned, formats = read_reckoned(request), request.formats
    stays = kept_stays(shown, lambda: session(SECONDS))
    points = {}
    for key, point in found["points"].items():
        more: Json = {}
        if stays is None:
            more["stay"] = None
        elif key in stays:
            more["stay"] = {"seconds": stays[key].seconds, "people": stays[key].people}
        if "messages" in point:
            more["messages"] = {**point["messages"], **money_of(reckoned, formats, journey, key)}
        points[key] = {**point, **more}
    return {
        **found,
        "points": points,
        "whole": money_of(reckoned, formats, journey),
        "lift": lift_json(reckoned, journey),
    }


def money_of(reckoned: Reckoned | None, formats: Formats, journey: int, point: str | None = None) -> Json:
    """{earned, cost}, each with ``why`` where it is not known."""
    if reckoned is None:
        return {"earned": {"why": "reckoning"}, "cost": {"why": "reckoning"}}
    return {
        "earned": _earned(reckoned.earned_by(journey, point), formats),
        "cost": _cost(reckoned.costs_of(journey, point), formats),
    }


def _earned(earned: Earned | None, formats: Formats) -> Json:
    if earned is None:
        return {"why": "no_goal"}
    counted = {"orders": earned.orders, "people": earned.people, "unpriced": earned.unpriced}
    if earned.money is None:
        return {**counted, "why": "no_amount"}
    return {**counted, "money": formats.money(earned.money)}


def _cost(costs: Sequence[Cost], formats: Formats) -> Json:
    """money: what was paid; kept: what the mailbox kept would have cost; unpriced: messages that neither tells of."""
    if not costs:
        return {"why": "nothing_sent"}
    unpriced = sum(cost.unpriced + cost.kept_unpriced for cost in costs)
    if all(cost.known is None for cost in costs):
        return {"why": "no_price", "unpriced": unpriced}
    found: Json = {"unpriced": unpriced}
    if any(cost.messages > cost.unpriced for cost in costs):
        found["money"] = formats.money(sum(cost.cost for cost in costs))
    if any(cost.kept > cost.kept_unpriced for cost in costs):
        found["kept"] = formats.money(sum(cost.kept_cost for cost in costs))
    return found


def lift_json(reckoned: Reckoned | None, journey: int) -> Json | None:
    """None where the journey holds nobody out, or it is not reckoned yet; ``why: few`` where too few were held out to tell.

    points, low, high: of a hundred.
    """
    groups = reckoned.groups.get(journey) if reckoned else None
    if groups is None:
        return None
    let_in, held_out = groups
    counts = {
        "people": let_in.people,
        "reached": let_in.reached,
        "held": held_out.people,
        "held_reached": held_out.reached,
    }
    lift = lift_of(let_in, held_out)
    if lift is None:
        return {**counts, "why": "few", "least": LEAST}
    shares = {"share": let_in.share, "held_share": held_out.share}
    points = {"points": lift.difference * 100, "low": lift.low * 100, "high": lift.high * 100}
    return {**counts, **shares, **points, "sure": lift.sure}
