"""When people come: which days are busy, and at what time of day. Local time throughout."""

from __future__ import annotations

from bisect import bisect
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from safar.demo.shops import Shop
from safar.lib.jalali import to_jalali

DAY = 86_400

# Weight of each hour from 0 to 23. In Tehran people shop late in the evening, in Berlin after work.
LATE = (5, 2, 1, 1, 1, 1, 2, 3, 5, 8, 11, 13, 12, 10, 9, 9, 10, 12, 15, 19, 24, 27, 24, 14)
EARLY = (2, 1, 1, 1, 1, 2, 4, 7, 9, 11, 12, 13, 15, 12, 10, 10, 11, 14, 18, 22, 21, 14, 8, 4)


class Season:
    """The days of a shop from `days` before `now` up to `now`. Moments are whole seconds since 1970."""

    def __init__(self, shop: Shop, now: datetime, days: int) -> None:
        zone = ZoneInfo(shop.zone)
        self.end = int(now.timestamp())
        self.start = self.end - days * DAY
        first = datetime.fromtimestamp(self.start, zone).date()
        dates = [first + timedelta(days=n) for n in range(days + 1)]
        self.dates = dates
        # Midnight of every day, by the zone's offset at its noon: a summer-time change at night moves nobody's evening.
        noons = [datetime(day.year, day.month, day.day, 12, tzinfo=zone) for day in dates]
        self.midnights = [int(noon.timestamp()) - 12 * 3600 for noon in noons]
        self.weights = [day_weight(shop, day) for day in dates]
        self._busiest = max(self.weights)
        self._hours = list(accumulate(LATE if shop.late_evening else EARLY))
        grown = [weight * (0.7 + 0.6 * n / days) for n, weight in enumerate(self.weights)]  # the shop grows
        self._births = list(accumulate(grown))

    def birth(self, rng: Random) -> int:
        """When a newcomer comes for the first time."""
        day = bisect(self._births, rng.random() * self._births[-1], hi=len(self._births) - 1)
        return max(self.start, min(self.at_hour(day, rng), self.end - int(rng.random() * 3600)))

    def visit(self, about: float, rng: Random) -> int:
        """A visit near a moment: on a busier day where that one is quiet, at a likely hour; never before `about`'s day."""
        day = max(0, int((about - self.midnights[0]) // DAY))
        last = len(self.weights) - 1
        for _ in range(3):
            if day >= last or rng.random() * self._busiest < self.weights[day]:
                break
            day += 1
        return self.at_hour(min(day, last), rng) if day <= last else int(about)

    def at_hour(self, day: int, rng: Random) -> int:
        hour = bisect(self._hours, rng.random() * self._hours[-1])
        return self.midnights[day] + hour * 3600 + int(rng.random() * 3600)


def day_weight(shop: Shop, day: date) -> float:
    """How busy a day is; 1 is an ordinary one."""
    weight = 1.12 if day.weekday() in shop.weekend else 1.0
    return weight * (_iranian(day) if shop.calendar == "jalali" else _western(day))


def _iranian(day: date) -> float:
    """Esfand is the month of the Nowruz rush, the first days of Farvardin are for visiting; Yalda is the last night of Azar."""
    _, month, dom = to_jalali(day)
    if month == 12:
        return 1.3 if dom < 8 else 2.1 if dom < 25 else 1.6
    if month == 1 and dom <= 13:
        return 0.4 if dom <= 4 else 0.65
    if month == 9 and dom >= 20:
        return 1.55
    return 1.0


def _western(day: date) -> float:
    """Black Friday's week and Advent; Christmas days are quiet."""
    if day.month == 11 and 22 <= day.day <= 30:
        return 1.8
    if day.month == 12:
        return 1.5 if day.day <= 20 else 0.4 if 24 <= day.day <= 26 else 0.8
    return 0.85 if day.month in (7, 8) else 1.0


def iso(moment: int) -> str:
    """ISO 8601 in UTC."""
    return datetime.fromtimestamp(moment, UTC).isoformat()
