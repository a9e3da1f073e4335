"""The ready-made journeys played over a year of orders, all in one back-test, and weighed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from safar.content.filters import RIALS
from safar.journeys.backtest.answers import sends
from safar.journeys.backtest.run import Backtest, Setting, backtest, read_drafts, recorded_backtest
from safar.journeys.definition.model import Definition
from safar.journeys.lookback.orders import Order
from safar.journeys.lookback.reach import SHOWN, Reach, Weights, ranked, weigh
from safar.journeys.lookback.story import tell
from safar.journeys.readymade.shelf import KEYS, read_draft, read_segments, read_templates
from safar.lib.faults import Fault, Refused, said
from safar.segments.reading import Condition

YEAR, SECOND = timedelta(days=365), timedelta(seconds=1)
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Past:
    """What was looked back on: since, until; orders and contacts in the whole history; average: an order's money. All money is in `currency`."""

    since: datetime
    until: datetime
    orders: int
    contacts: int
    average: Decimal
    currency: str


@dataclass(frozen=True)
class LookBack:
    """journeys: those that somebody would have entered, the best first. idle: keys of the others; the history may just not hold what they begin
    with, as a file of orders knows nothing of carts."""

    past: Past
    journeys: Sequence[Reach]
    idle: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        past = {name: str(value) if not isinstance(value, int) else value for name, value in vars(self.past).items()}
        past |= {name: getattr(self.past, name).isoformat() for name in ("since", "until")}
        return {
            "past": past,
            "journeys": [each.as_json() for each in self.journeys],
            "idle": list(self.idle),
        }


def look_back_on_orders(
    url: str, orders: Sequence[Order], setting: Setting, weights: Weights, progress: Progress = lambda _: None
) -> LookBack:
    """Over a file's orders: its last 365 days; what came before is history. Amounts are in the currency that most orders name, else in the
    setting's (IRT, the toman, as well). Raises Refused where there is no order."""
    if not orders:
        raise Refused([Fault("file", said("there is no paid order in it"))])
    until = orders[-1].at + SECOND
    since = max(orders[0].at - SECOND, until - YEAR)  # what comes at that very moment would be history
    named = Counter(order.currency for order in orders if order.currency).most_common(1)
    unit = named[0][0] if named else setting.currency or ""
    if setting.currency not in (None, unit):
        weights = replace(weights, prices={})  # they are in another currency
    definitions, conditions = shelf(weights.language)
    own = replace(setting, currency="IRR" if unit in RIALS else unit)
    with backtest(url, definitions, conditions, tell(orders, unit), own, until, progress, since) as found:
        return _weighed(found, definitions, weights, since, until, unit, RIALS.get(unit, 1))


def look_back_on_recorded(
    url: str,
    workspace_id: int,
    setting: Setting,
    until: datetime,
    weights: Weights,
    progress: Progress = lambda _: None,
) -> LookBack:
    """Over the last 365 days that a workspace has recorded, with the consents of then."""
    definitions, conditions = shelf(weights.language)
    since = until - YEAR
    with recorded_backtest(url, workspace_id, definitions, conditions, setting, until, progress, since) as found:
        return _weighed(found, definitions, weights, since, until, setting.currency or "")


def shelf(language: str) -> tuple[list[Definition], dict[str, Condition]]:
    """The ready-made journeys that write to somebody, with nobody held out, and the segments that they name."""
    drafts, segments = [], dict[str, Any]()
    for key in KEYS:
        draft = read_draft(key, language)
        drafts.append({**draft, "settings": {**draft.get("settings", {}), "control_group": 0}})
        segments |= read_segments(key)
    definitions, conditions = read_drafts(drafts, segments)
    return [each for each in definitions if any(sends(point) for point in each.points)], conditions


def _weighed(
    found: Backtest,
    definitions: Sequence[Definition],
    weights: Weights,
    since: datetime,
    until: datetime,
    currency: str,
    scale: int = 1,
) -> LookBack:
    """scale: units of the history's money in one of `currency`."""
    orders, spent = found.connection.execute(
        "SELECT coalesce(sum(orders), 0)::bigint, coalesce(sum(spent), 0) FROM contact_facts"
    ).fetchone() or (0, 0)
    average = (Decimal(spent) / scale / orders).quantize(SHOWN) if orders else Decimal(0)
    people = _people(found)
    reached, idle = list[Reach](), list[str]()
    for definition in definitions:
        figures = found.figures[definition.key]
        if figures.entered:
            templates = read_templates(definition.key, [weights.language])
            there = people.get(definition.key, 0)
            reached.append(weigh(definition, figures, there, average, templates, weights, scale))
        else:
            idle.append(definition.key)
    return LookBack(Past(since, until, orders, found.contacts, average, currency), ranked(reached), idle)


def _people(found: Backtest) -> dict[str, int]:
    rows = found.connection.execute(
        "SELECT version_id, count(DISTINCT contact_id) FROM enrollment GROUP BY 1"
    ).fetchall()
    return {found.plan.versions[version].definition.key: n for version, n in rows if version in found.plan.versions}
