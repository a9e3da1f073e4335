"""Dates as people write them: Gregorian or Jalali, with the names of months and days in Persian or English."""

from __future__ import annotations

import re
from datetime import datetime

from safar.lib.jalali import to_jalali

MONTHS = {
    ("jalali", "fa"): [
        "فروردین",
        "اردیبهشت",
        "خرداد",
        "تیر",
        "مرداد",
        "شهریور",
        "مهر",
        "آبان",
        "آذر",
        "دی",
        "بهمن",
        "اسفند",
    ],
    ("jalali", "en"): [
        "Farvardin",
        "Ordibehesht",
        "Khordad",
        "Tir",
        "Mordad",
        "Shahrivar",
        "Mehr",
        "Aban",
        "Azar",
        "Dey",
        "Bahman",
        "Esfand",
    ],
    ("gregorian", "fa"): [
        "ژانویه",
        "فوریه",
        "مارس",
        "آوریل",
        "مه",
        "ژوئن",
        "ژوئیه",
        "اوت",
        "سپتامبر",
        "اکتبر",
        "نوامبر",
        "دسامبر",
    ],
    (
        "gregorian",
        "en",
    ): [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
DAYS = {  # from Monday, as datetime.weekday counts
    "fa": ["دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_DIRECTIVE = re.compile(r"%(-?)([a-zA-Z%])")


def write(moment: datetime, form: str, *, jalali: bool, language: str) -> str:
    """``moment`` by strftime's directives %Y %y %m %d %e %B %b %A %a %H %I %M %S %p %j %F %T %R %%; ``%-d`` without
    the leading zero.

    Year, month and day are of the calendar asked for. An unknown directive stays as it is, as in strftime.
    """
    year, month, day = to_jalali(moment.date()) if jalali else (moment.year, moment.month, moment.day)
    tongue = language if language in DAYS else "en"
    month_name = MONTHS["jalali" if jalali else "gregorian", tongue][month - 1]
    day_name = DAYS[tongue][moment.weekday()]
    parts = {
        "Y": f"{year:04d}",
        "y": f"{year % 100:02d}",
        "m": f"{month:02d}",
        "d": f"{day:02d}",
        "e": f"{day:2d}",
        "B": month_name,
        "b": month_name if tongue == "fa" else month_name[:3],
        "A": day_name,
        "a": day_name if tongue == "fa" else day_name[:3],
        "H": f"{moment.hour:02d}",
        "I": f"{moment.hour % 12 or 12:02d}",
        "M": f"{moment.minute:02d}",
        "S": f"{moment.second:02d}",
        "p": (("ق.ظ", "ب.ظ") if tongue == "fa" else ("AM", "PM"))[moment.hour >= 12],
        "F": f"{year:04d}-{month:02d}-{day:02d}",
        "T": f"{moment:%H:%M:%S}",
        "R": f"{moment:%H:%M}",
        "%": "%",
    }

    def fill(found: re.Match[str]) -> str:
        text = parts.get(found[2])
        if text is None:
            return found[0]
        return text.lstrip("0 ") or "0" if found[1] else text

    return _DIRECTIVE.sub(fill, form)
