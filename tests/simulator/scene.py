"""The scene of a generated case: its dice, its years and hours, and the small vocabulary that all its parts share.

Small, so that journeys and histories meet: an event that nobody waits for proves nothing.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from .durations import show

T = TypeVar("T")

TAGS = ["vip", "new", "hot"]
CITIES: list[Any] = ["Tehran", "تهران", "كرج", "کرج", "Qom", "tehran", "Tehran", 5, True, ["Tehran"]]
SCORES: list[Any] = [5, 5.0, "5", "۵", 10, -3, 0, 7.5, "abc", "٥", 12, False]
TOTALS: list[Any] = [100, 250.5, "۱۰۰", "250.50", " ٧٠ ", 40, 60, 0, "abc", True, "1e3", [5]]
CART_VALUES: list[Any] = [50, "۷۰", 30.5, 120, 0, "0", "x", -1, 50]
ORDER_IDS: list[Any] = ["o1", "o2", 1, "1", "۱", 1.0, "o1", "o3"]
TOPICS = ["news", "offers"]
TEMPLATES = ["welcome-1", "offer"]
WEEKDAYS = ["sat", "sun", "mon", "tue", "wed", "thu", "fri"]
ZONES = ["Asia/Tehran", "UTC", "Europe/Berlin", "America/New_York", "Asia/Tehran", "Australia/Lord_Howe"]
BAD_ZONES: list[Any] = ["Mars/Base", "", 5]
STARTS = [
    "2021-03-18T06:00:00+00:00",  # Nowruz, Tehran's summer time begins, Berlin's follows
    "2021-09-18T12:00:00+00:00",  # Tehran's summer time ends
    "2024-02-24T00:00:00+00:00",  # 29 February
    "2025-03-10T08:00:00+00:00",  # 30 Esfand 1403 on 20 March
    "2026-01-28T20:30:00+00:00",  # ends of months; 20:30Z is midnight in Tehran
    "2026-10-23T22:00:00+00:00",  # Berlin's winter time begins
]
SPANS: dict[str, tuple[timedelta, timedelta, list[str], list[str]]] = {  # length, grid of instants, durations
    "hours": (timedelta(hours=6), timedelta(minutes=5), ["PT10M", "PT30M", "PT1H", "PT30S"], ["PT90M", "PT2H"]),
    "days": (timedelta(days=8), timedelta(hours=1), ["PT3H", "PT12H", "P1D", "PT45S"], ["P1DT6H", "P2D", "P3D"]),
    "weeks": (timedelta(days=40), timedelta(hours=6), ["PT12H", "P1D", "P3D", "PT60S"], ["P1W", "P14D", "P1M"]),
    "months": (timedelta(days=150), timedelta(days=1), ["P2D", "P1W", "P14D"], ["P1M", "P30D", "P2M", "P3M"]),
    "years": (timedelta(days=800), timedelta(days=5), ["P1W", "P1M"], ["P3M", "P6M", "P1Y"]),
}
EVENT_NAMES = ["Clicked", "Viewed", "Ping", "Pong", "page_viewed", "identify"]
SHOP_NAMES = [
    "Order Completed",
    "Order Corrected",
    "Order Refunded",
    "Order Cancelled",
    "Product Added",
    "Cart Updated",
]
MESSAGE_NAMES = ["message_sent", "email_opened", "email_clicked", "sms_clicked", "message_bounced"]
LIVE_NAMES = [
    "form_submitted",
    "sms_received",
    "sms_clicked",
    "link_clicked",
    "Payment Failed",
    "webhook_received",
    "Order Updated",
]
CHECKOUT_NAMES = ["Checkout Started", "Checkout Step Viewed", "Payment Info Entered", "Product Viewed"]
PRODUCTS: list[Any] = [
    [{"product_id": 17, "category": "shoes"}],
    [{"product_id": "۱۷", "sku": "MUG"}, {"category": "Shoes"}],
    [{"sku": 17, "category": "mugs"}, {"sku": "MUG", "category": "shoes"}, 5],
    [{"product_id": True}],
    "MUG",
    [],
]


class Scene:
    """Dice and vocabulary of one case; everything in it follows from the seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        pace = self.weighted({"hours": 4, "days": 4, "weeks": 3, "months": 1, "years": 0.4})
        self.span, self.grid, short, self.long = SPANS[pace]
        self.durations = [*short, *self.long, "PT0S"]
        self.begin = datetime.fromisoformat(self.pick(STARTS)).astimezone(UTC)
        self.zone = self.pick(ZONES[:4])
        self.calendar = self.pick(["gregorian", "jalali"])
        self.late_events = self.weighted({"PT1H": 6, "PT0S": 1, "PT24H": 2})
        self.currency = self.weighted({"IRR": 3, "IRT": 1})
        names = self.random.sample(EVENT_NAMES, 2)
        shop = ["Order Completed", *self.random.sample(SHOP_NAMES[1:], self.roll(0, 2))] if self.chance(0.65) else []
        self.tags = self.random.sample(TAGS, 2)
        messages = ["message_sent", *self.random.sample(MESSAGE_NAMES[1:], 1)] if self.chance(0.35) else []
        messages += self.random.sample(CHECKOUT_NAMES, 2) if self.chance(0.3) else []
        live = self.random.sample(LIVE_NAMES, 2) if self.chance(0.4) else []
        self.names = names + shop + messages + live  # of events, in conditions and in histories
        self.topics = self.pick([[], TOPICS, TOPICS[:1]])  # what is said of the others is said of nothing
        self.segments: list[str] = []
        self.journeys: list[str] = []

    def rates(self) -> dict[str, dict[str, str]]:
        """What a euro is worth from which day on; none at all in half of the cases."""
        first = self.begin + self.random.random() * self.span
        days = {(first + part * self.span).date().isoformat(): self.pick(["2", "0.5", "12.25"]) for part in (-1, 0.2)}
        return {"EUR": days} if self.chance(0.5) else {}

    def quiet(self) -> dict[str, Any]:
        """Rules of quiet hours, long ones, so that they meet the few messages there are; none in some cases."""
        scopes = [("", ""), ("email", ""), ("sms", ""), ("", TOPICS[0]), ("email", TOPICS[0])]
        rules = []
        for channel, topic in self.random.sample(scopes, self.pick([0, 1, 1, 2, 3])):
            begins, ends = self.pick(
                [
                    (None, None),
                    ("22:00", "08:00"),
                    ("12:00", "11:00"),
                    ("01:30", "02:30"),
                    ("00:00", "23:00"),
                    ("23:00", "00:00"),
                ]
            )
            days = [(self.begin + self.span * self.random.random()).date().isoformat() for _ in range(self.roll(0, 3))]
            weekdays = sorted(self.random.sample(range(1, 8), self.pick([0, 0, 1, 2, 6])))
            rule = {"channel": channel, "topic": topic, "begins": begins, "ends": ends, "weekdays": weekdays}
            rules.append({**rule, "days_off": days, "spread": self.pick([0, 600, 1800, 7200])})
        return {"rules": rules, "topics": {TEMPLATES[0]: TOPICS[0]} if self.chance(0.5) else {}}

    def chance(self, likelihood: float) -> bool:
        return self.random.random() < likelihood

    def roll(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def pick(self, choices: Sequence[T]) -> T:
        return self.random.choice(choices)

    def weighted(self, weights: dict[str, float]) -> str:
        return self.random.choices(list(weights), list(weights.values()))[0]

    def duration(self, *, zero: bool = True) -> str:
        return self.pick([one for one in self.durations if zero or one != "PT0S"])

    def long_duration(self) -> str:
        """One that leaves the history time to do something."""
        return self.pick(self.long)

    def signed_duration(self) -> str:
        return self.pick(["", "-"]) + self.duration()

    def moment(self) -> datetime:
        """An instant of the history, on its grid so that instants meet."""
        return self.begin + self.grid * self.roll(0, int(self.span / self.grid))

    def moment_text(self) -> Any:
        """What stands in a trait that is a date: mostly readable, mostly near the history."""
        at = self.moment()
        return self.weighted_value(
            [
                (5, at.strftime("%Y-%m-%d")),
                (3, at.strftime("%Y-%m-%dT%H:%M:%SZ")),
                (2, at.strftime("%Y-%m-%dT%H:%M")),
                (2, at.strftime("%Y-%m-%dT%H:%M:%S+03:30")),
                (1, self.pick(["soon", "2026-02-30", 20260101, True])),
            ]
        )

    def birthday(self) -> Any:
        near = (self.begin + self.span * self.random.random()).strftime("-%m-%d")
        return self.weighted_value(
            [
                (4, "1990" + near.replace("02-29", "02-28")),
                (1, f"1988{near}T{self.pick(['00:30', '21:00', '20:30:00Z', '02:00:00+03:30'])}"),
                (1, self.pick(["1992-02-29", "1992-03-20"])),
                (1, self.pick(["no date", 19900321])),
            ]
        )

    def weighted_value(self, choices: list[tuple[float, Any]]) -> Any:
        return self.random.choices([value for _, value in choices], [weight for weight, _ in choices])[0]

    def trait_value(self, trait: str) -> Any:
        if self.chance(0.1):
            return None
        if trait == "renewal":
            return self.moment_text()
        if trait == "birthday":
            return self.birthday()
        if trait == "timezone":
            return self.pick(ZONES + BAD_ZONES[: self.roll(0, 3)])
        return self.pick(CITIES if trait == "city" else SCORES)

    def until(self) -> str:
        end = self.begin + self.span * self.pick([0.8, 1, 1.2, 1.5])
        return str(show(end))
