"""A day of the year: the same for everybody, or the anniversary of a date that each contact has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from psycopg.sql import Composable

from safar.journeys.kinds import Parameter, Params
from safar.journeys.words import before_or_after, choose, digits
from safar.journeys.yearly import Yearly, say_calendar, trait_date, yearly_parameters
from safar.lib.faults import Faults, said
from safar.segments.reading import Reading

_DAY = re.compile(r"(\d\d)-(\d\d)", re.ASCII)
_LONGEST = {
    "jalali": (31, 31, 31, 31, 31, 31, 30, 30, 30, 30, 30, 30),
    "gregorian": (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31),
}
_MONTHS = {
    "jalali": ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
    "gregorian": (
        *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
        *("November", "December"),
    ),
}


class YearlyDate(Yearly):
    key = "yearly_date"
    icon = "calendar-repeat"
    label = {"en": "Yearly date", "fa": "روزی از سال"}
    help = {
        "en": "A day that comes round: one for everybody, such as Yalda, or the anniversary of a date in a field.",
        "fa": "روزی که هر سال می‌آید: برای همه یکی، مانند شب یلدا، یا سالگرد تاریخی که در یک ویژگی است.",
    }
    parameters = (
        Parameter(
            "day",
            "text",
            {"en": "Day", "fa": "روز"},
            {"en": "Month and day for everybody, such as 09-30.", "fa": "ماه و روز برای همه، مانند 09-30."},
            required=False,
        ),
        Parameter(
            "trait",
            "trait",
            {"en": "Field", "fa": "ویژگی"},
            {
                "en": "Instead of a day: the field whose date comes round (ISO 8601).",
                "fa": "به‌جای روز: ویژگی‌ای که سالگرد تاریخش را می‌خواهید (ISO 8601).",
            },
            required=False,
        ),
        *yearly_parameters(),
    )
    example = {"day": "09-30", "calendar": "jalali", "offset": "-P2D"}

    def check(self, p: Params, faults: Faults) -> None:
        super().check(p, faults)
        if ("day" in p) == ("trait" in p):
            faults.add(said("a yearly date has exactly one of 'day' and 'trait'"))
        elif "day" in p:
            self._check_day(p, faults.at("day"))

    def _check_day(self, p: Params, faults: Faults) -> None:
        """Without a calendar it depends on the workspace how long the month is; the day then falls on its last at most."""
        found = _DAY.fullmatch(p["day"])
        if not found:
            faults.add(said("must be a month and a day such as 09-30, not '%(day)s'", day=p["day"][:40]))
            return
        month, day = int(found[1]), int(found[2])
        calendars = [p["calendar"]] if p.get("calendar") else list(_LONGEST)
        if not 1 <= month <= 12 or not 1 <= day <= max(_LONGEST[name][month - 1] for name in calendars):
            faults.add(said("there is no such day as %(day)s in any year", day=p["day"]))

    def reads(self, p: Params) -> frozenset[str]:
        """A day for everybody is armed with the contact's first event."""
        return frozenset({f"trait:{p['trait']}" if "trait" in p else "created"})

    def base(self, p: Params, r: Reading) -> Composable | None:
        return trait_date(p["trait"], r) if "trait" in p else None

    def month_day(self, p: Params) -> tuple[int, int]:
        month, day = p["day"].split("-")
        return int(month), int(day)

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        if p.get("trait") is not None:
            trait = str(p["trait"])
            what = choose(language, f"the anniversary of {trait}", f"سالگرد {trait}")
            return before_or_after(p.get("offset"), language, what) + say_calendar(p, language)
        found = _DAY.fullmatch(str(p.get("day")))
        calendar = p.get("calendar")
        what = choose(language, f"{p.get('day')}", f"روز {digits(p.get('day'), language)}")
        if found and calendar == ("jalali" if language == "fa" else "gregorian") and 1 <= int(found[1]) <= 12:
            what = f"{digits(int(found[2]), language)} {_MONTHS[calendar][int(found[1]) - 1]}"
            return before_or_after(p.get("offset"), language, what)
        return before_or_after(p.get("offset"), language, what) + say_calendar(p, language)
