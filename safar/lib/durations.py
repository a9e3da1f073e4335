"""ISO 8601 durations and what they mean on a calendar, in a zone.

Hours, minutes and seconds are exact; years, months, weeks and days are calendar units. `safar_add` in
safar/postgres/functions.sql is `Duration.add` in SQL.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from safar.lib import jalali
from safar.lib.faults import said

CALENDARS = ("gregorian", "jalali")

_ISO = re.compile(
    r"(?P<sign>[+-])?P(?=.)(?:(?P<years>\d{1,9})Y)?(?:(?P<months>\d{1,9})M)?(?:(?P<weeks>\d{1,9})W)?(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9})(?:[.,](?P<fraction>\d{1,6}))?S)?)?",
    re.ASCII,
)
# A thousand years: far beyond any journey, and far enough inside PostgreSQL's range that moment + duration never overflows.
_MOST_MONTHS, _MOST_DAYS = 12_000, 366_000


@dataclass(frozen=True)
class Duration:
    """A length of time. The sign stands in every part: all parts are ≥ 0, or all are ≤ 0 (else ValueError)."""

    months: int = 0
    days: int = 0
    exact: timedelta = timedelta()

    def __post_init__(self) -> None:
        parts = (self.months, self.days, self.exact // timedelta(microseconds=1))
        if min(parts) < 0 < max(parts):
            raise ValueError(said("the sign of a duration goes for all its parts"))
        if abs(self.months) > _MOST_MONTHS or max(abs(self.days), abs(self.exact).days) > _MOST_DAYS:
            raise ValueError(said("a duration is at most a thousand years"))

    @property
    def calendar_part(self) -> bool:
        """Whether years, months or days take part, so that zone and calendar matter."""
        return bool(self.months or self.days)

    @property
    def positive(self) -> bool:
        return self.months > 0 or self.days > 0 or self.exact > timedelta()

    @property
    def at_most(self) -> timedelta:
        """An exact length that |moment + duration - moment| never exceeds, whatever zone and calendar (2 days for the zone's leaps)."""
        slack = timedelta(days=2) if self.calendar_part else timedelta()
        return timedelta(days=abs(self.months) * 31 + abs(self.days)) + abs(self.exact) + slack

    def add(self, at: datetime, zone: str, calendar: str) -> datetime:
        """The moment this long after `at`, in UTC.

        at: aware; zone: IANA name; calendar: gregorian or jalali. Years and months come first, on the zone's wall clock (a day past the
        month's end is its last), then days, then the exact part. A wall clock time that does not exist, or exists twice, means what
        PostgreSQL's AT TIME ZONE makes of it. ValueError for another calendar, ZoneInfoNotFoundError for an unknown
        zone, OverflowError outside the years 1 to 9999.
        """
        if calendar not in CALENDARS:
            raise ValueError(said("there is no calendar %(calendar)r", calendar=calendar))
        if self.calendar_part:
            info = ZoneInfo(zone)
            local = at.astimezone(info).replace(tzinfo=None, fold=0)
            day = add_months(local.date(), self.months, calendar) + timedelta(days=self.days)
            at = _instant(datetime.combine(day, local.time()), info)
        return at.astimezone(UTC) + self.exact

    def __str__(self) -> str:
        """ISO 8601 again: years, months, days, hours, minutes, seconds."""
        years, months = divmod(abs(self.months), 12)
        micros = abs(self.exact) // timedelta(microseconds=1)
        seconds, micros = divmod(micros, 1_000_000)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        tail = f"{seconds}.{micros:06}".rstrip("0") if micros else str(seconds)
        time = _parts((hours, "H"), (minutes, "M")) + (f"{tail}S" if seconds or micros else "")
        day = _parts((years, "Y"), (months, "M"), (abs(self.days), "D"))
        if not day and not time:
            return "PT0S"
        minus = "-" if min(self.months, self.days) < 0 or self.exact < timedelta() else ""
        return f"{minus}P{day}{'T' if time else ''}{time}"


def parse_duration(text: str) -> Duration:
    """From ISO 8601 such as P3D, P1Y2M, P2W, PT36H, PT0.5S, -P7D. ValueError, with words for people, for anything else."""
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError(
            said("'%(value)s' is no duration; write ISO 8601 such as P3D, P1M, PT36H or PT30M", value=text[:40])
        )
    part = {name: int(digits) for name, digits in match.groupdict("0").items() if name != "sign"}
    micros = int((match["fraction"] or "0").ljust(6, "0"))
    sign = -1 if match["sign"] == "-" else 1
    return Duration(
        months=sign * (part["years"] * 12 + part["months"]),
        days=sign * (part["weeks"] * 7 + part["days"]),
        exact=sign
        * timedelta(hours=part["hours"], minutes=part["minutes"], seconds=part["seconds"], microseconds=micros),
    )


def add_months(day: date, months: int, calendar: str) -> date:
    """The same day so many months on, by the calendar; a day past the month's end is its last."""
    if not months:
        return day
    if calendar == "jalali":
        return jalali.add_months(day, months)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("date value out of range")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _instant(local: datetime, info: ZoneInfo) -> datetime:
    """As AT TIME ZONE: a time that is skipped goes by the offset before the leap, one that comes twice by the offset after it."""
    before, after = local.replace(tzinfo=info).utcoffset(), local.replace(tzinfo=info, fold=1).utcoffset()
    if before is None or after is None:
        raise ValueError(said("%(info)s has no offset at %(local)s", info=info, local=local))
    return (local - min(before, after)).replace(tzinfo=UTC)


def _parts(*parts: tuple[int, str]) -> str:
    return "".join(f"{n}{unit}" for n, unit in parts if n)
