"""What a ready-made journey would have reached: people, messages, what they cost, and the money that lies within reach. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from safar.channels.estimate import cost_of_one
from safar.journeys.backtest.answers import find_unknown, sends
from safar.journeys.backtest.figures import Figures
from safar.journeys.definition.model import Definition, Point

SHARES = (
    3,
    5,
    8,
)  # per cent of those who did not come back by themselves: an assumption, and called one wherever it is shown
SHOWN = Decimal("0.01")


@dataclass(frozen=True)
class Weights:
    """language: of the messages, whose length an SMS is paid by; prices: channel → of a part, in the currency that is shown, None where it is not known."""

    language: str
    prices: Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Reach:
    """Of one journey. trips: entries, a person may have several; messages: by channel; cost: of those whose channel has a price, None where
    none has; unpriced: the others.

    returned, returned_money: reached the goal without any of these messages; missed: the other trips. within: per cent of `missed` → money, if so many
    had come back for an average order; both None where the goal is no order. guessed: some figures hang on answers nobody can know.
    """

    key: str
    people: int
    trips: int
    messages: Mapping[str, int]
    cost: Decimal | None
    unpriced: int
    returned: int | None
    returned_money: Decimal | None
    missed: int | None
    within: Mapping[int, Decimal] | None
    guessed: bool

    @property
    def gain(self) -> Decimal:
        """What ranks it: money at the middle share, less what the messages cost."""
        middle = (self.within or {}).get(SHARES[1], Decimal(0))
        return middle - (self.cost or 0)

    def as_json(self) -> dict[str, Any]:
        """Money as text."""
        said = asdict(self) | {
            "within": {str(share): str(m) for share, m in self.within.items()} if self.within else None
        }
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in said.items()}


def weigh(
    definition: Definition,
    figures: Figures,
    people: int,
    average: Decimal,
    templates: Mapping[str, Mapping[str, Any]],
    weights: Weights,
    scale: int = 1,
) -> Reach:
    """people: distinct ones who entered; average: an order of the shop; templates: key → as written, all that the journey sends; scale: units of
    the figures' money in one that is shown."""
    messages, cost, unpriced = _messages(definition, figures, templates, weights)
    trips, goal = sum(figures.entered.values()), definition.settings.goal
    missed = trips - figures.goals if goal and goal.money else None
    unknown = find_unknown(definition)
    return Reach(
        definition.key,
        people,
        trips,
        messages,
        cost,
        unpriced,
        figures.goals if goal else None,
        (figures.money / scale).quantize(SHOWN) if goal and goal.money else None,
        missed,
        None if missed is None else {share: (average * missed * share / 100).quantize(SHOWN) for share in SHARES},
        bool(unknown.reads or unknown.leaving),
    )


def ranked(found: list[Reach]) -> list[Reach]:
    """By gain; of equal ones by people, then by messages."""
    return sorted(found, key=lambda one: (-one.gain, -one.people, -sum(one.messages.values()), one.key))


def _messages(
    definition: Definition,
    figures: Figures,
    templates: Mapping[str, Mapping[str, Any]],
    weights: Weights,
) -> tuple[dict[str, int], Decimal | None, int]:
    counted: Counter[str] = Counter()
    cost, unpriced = Decimal(0), 0
    for point in definition.points:
        if not sends(point):
            continue
        sent = sum(figures.points[point.key].paths.values())
        template = templates[_template(point)]
        counted[template["channel"]] += sent
        each = cost_of_one(template, weights.language, weights.prices)
        cost += (each or 0) * sent
        unpriced += sent if each is None else 0
    sent = sum(counted.values())
    return (
        {channel: n for channel, n in counted.items() if n},
        cost.quantize(SHOWN) if unpriced < sent or not sent else None,
        unpriced,
    )


def _template(point: Point) -> str:
    return str(point.params["template"])
